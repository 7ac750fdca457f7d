using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Demo;
using VetCommunity.Core.Members;
using VetCommunity.Tests.Members;
using Xunit;

namespace VetCommunity.Tests.Running;

/// <summary>Fields that no form of ours has, and forms that a page no longer shows.</summary>
public sealed class SendingMoreThanAsked(RunningCommunity community) : IClassFixture<RunningCommunity>
{
    /// <summary>What somebody would like to be set, under the names that our own classes have.</summary>
    static readonly string[] Wished =
    [
        "Roles", "roles", "role", "isAdmin", "isAdministrator", "Id", "id", "MemberId", "memberId", "ownerId", "AuthorId", "authorId", "author", "Handle", "handle", "Email", "email", "EmailConfirmed", "emailConfirmed", "verified",
        "SecurityStamp", "PasswordHash", "TwoFactorEnabled", "LockoutEnabled", "LockoutEnd", "AccessFailedCount", "SuspendedUntil", "suspendedUntil", "JoinedAt", "OrganisationId", "organisationId", "tenantId", "CoordinatorOf", "UserName",
        "NormalizedEmail", "ErasedAt", "ConsentVersion", "PictureVersion", "ConcurrencyStamp", "PhoneNumber", "seq", "Seq", "version", "Version", "sentAt", "SentAt", "editedAt", "deletedAt", "HiddenAt", "hiddenAt", "pinned", "PinnedAt", "SearchId",
        "html", "reactions", "ImportedAuthor", "importedAuthor", "WebhookId", "webhook", "KeyId", "conversationId", "ConversationId", "TopicId", "isSystem", "permissions", "claims", "$type", "__proto__", "constructor",
    ];

    static readonly string[] Prefixes = ["", "Input.", "Member.", "Actor.", "Values.", "model.", "_"];

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    static IEnumerable<(string Field, string Value)> Fields(params string[] without) =>
        Prefixes.SelectMany(prefix => Wished.Select(name => prefix + name)).Where(name => !without.Contains(name, StringComparer.OrdinalIgnoreCase)).Select(name => (name, "15"));

    [Promise("AZ5")]
    [Fact]
    public async Task What_a_form_does_not_ask_for_sets_nothing()
    {
        var before = await MemberAsync("member6@demo.example");
        using var member = new Visitor(community);
        await member.LogInAsync("member6@demo.example", DemoWorld.Password);
        await member.OpenAsync("/Account/Profile");
        var form = member.Page.QuerySelectorAll("main form").Single(one => one.QuerySelector("textarea") is not null);
        var own = form.QuerySelectorAll("input[name]:not([type=hidden]):not([type=file]):not([type=checkbox]):not([type=radio]), textarea[name], select[name]").Select(field => (Name: field.GetAttribute("name")!, Value: ValueOf(field)))
            .Concat(form.QuerySelectorAll("input[checked]").Select(field => (Name: field.GetAttribute("name")!, Value: field.GetAttribute("value") ?? "on"))).ToList();

        await member.SendAsync(form.QuerySelector("input[name=_handler]")!.GetAttribute("value")!, [.. own, .. Fields([.. own.Select(field => field.Name)])]);

        Assert.StartsWith("/people/", member.Address, StringComparison.Ordinal);
        var after = await MemberAsync("member6@demo.example");
        Assert.Equal(
            (before.Id, before.Roles, before.Handle, before.EmailConfirmed, before.SecurityStamp, before.PasswordHash, before.TwoFactorEnabled, before.LockoutEnd, before.SuspendedUntil, before.JoinedAt),
            (after.Id, after.Roles, after.Handle, after.EmailConfirmed, after.SecurityStamp, after.PasswordHash, after.TwoFactorEnabled, after.LockoutEnd, after.SuspendedUntil, after.JoinedAt));

        using var newcomer = new Visitor(community);
        await newcomer.OpenAsync("/Account/Register");
        await newcomer.SendAsync("register", [("Input.Name", "Dora Conti"), ("Input.Email", "dora@example.org"), ("Input.Password", "a quiet long morning"), .. Fields("Input.Name", "Input.Email", "Input.Password")]);
        var made = await MemberAsync("dora@example.org");
        Assert.Equal((Roles.Member, false, null), (made.Roles, made.EmailConfirmed, made.SuspendedUntil));
        Assert.NotEqual(15, made.Id);
    }

    [Promise("AZ5")]
    [Fact]
    public async Task What_a_call_does_not_have_sets_nothing()
    {
        var more = Fields("clientKey", "markdown", "conversation").Where(field => !field.Field.Contains('.', StringComparison.Ordinal)).ToDictionary(field => field.Field, field => (object?)15);
        await using var hub = await community.ConnectAsync("member6@demo.example");
        var last = (await hub.OpenAsync("welcome")).GetProperty("lastSeq").GetInt64();
        var handle = (await MemberAsync("member6@demo.example")).Handle;

        await hub.InvokeAsync<JsonElement>("Post", new Dictionary<string, object?>(more)
        {
            ["conversation"] = "welcome",
            ["clientKey"] = "more-hub",
            ["topic"] = null,
            ["markdown"] = "More by the hub",
            ["replyToSeq"] = null,
            ["attachments"] = null,
        }, Cancel);
        using var program = new HttpClient { BaseAddress = community.Address };
        program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await community.TokenAsync("member6@demo.example"));
        using var answer = await program.PostAsJsonAsync("/api/v1/rooms/welcome/messages", new Dictionary<string, object?>(more) { ["clientKey"] = "more-api", ["markdown"] = "More by the API" }, Cancel);

        var posted = (await hub.OpenAsync("welcome")).GetProperty("messages").EnumerateArray().Where(message => message.GetProperty("seq").GetInt64() > last).ToList();
        Assert.Equal(answer.IsSuccessStatusCode ? ["More by the hub", "More by the API"] : ["More by the hub"], posted.Select(message => message.GetProperty("markdown").GetString()));
        Assert.All(posted, message =>
        {
            Assert.Equal(handle, message.GetProperty("author").GetProperty("handle").GetString());
            Assert.NotEqual(15, message.GetProperty("seq").GetInt64());
            Assert.Equal(JsonValueKind.Null, message.GetProperty("editedAt").ValueKind);
            Assert.Empty(message.GetProperty("reactions").EnumerateArray());
            Assert.Contains("More by", message.GetProperty("html").GetString(), StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A_form_that_its_page_no_longer_shows_gives_back_what_was_typed()
    {
        using var http = await community.LogInAsync("member7@demo.example");
        var token = LoggingIn.FormToken(await http.GetStringAsync(new Uri("/Account/Profile", UriKind.Relative), Cancel));
        foreach (var name in (string[])["there-was-such-a-form", ""])
        {
            using var form = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["__RequestVerificationToken"] = token,
                ["_handler"] = name,
                ["text"] = "Long thought, and typed with care <b>",
            });

            using var answer = await http.PostAsync(new Uri("/Account/Profile", UriKind.Relative), form, Cancel);

            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Equal("text/html", answer.Content.Headers.ContentType?.MediaType);
            var page = await answer.Content.ReadAsStringAsync(Cancel);
            Assert.Contains("<main", page, StringComparison.Ordinal);
            Assert.Contains("Long thought, and typed with care &lt;b&gt;", page, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/Account/Security", "password", "Input.Current")]
    [InlineData("/Account/Reconfirm", "prove", "Input.Password")]
    [InlineData("/Account/Reconfirm", "prove", "Input.Code")]
    [InlineData("/Account/TwoFactor", "confirm", "Code")]
    [InlineData("/Account/Login", "login", "Input.Password")]
    public async Task What_opens_an_account_is_given_back_by_no_form(string address, string name, string field)
    {
        using var http = await community.LogInAsync("member8@demo.example");
        var token = LoggingIn.FormToken(await http.GetStringAsync(new Uri("/Account/Profile", UriKind.Relative), Cancel));
        foreach (var (handler, proof) in ((string, string)[])[(name, "too old"), ("there-was-such-a-form", token)])
        {
            using var form = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["__RequestVerificationToken"] = proof,
                ["_handler"] = handler,
                [field] = "my secret pass phrase",
                ["other"] = "A harmless sentence",
            });

            using var answer = await http.PostAsync(new Uri(address, UriKind.Relative), form, Cancel);

            var page = await answer.Content.ReadAsStringAsync(Cancel);
            Assert.Contains("<main", page, StringComparison.Ordinal);
            Assert.DoesNotContain("my secret pass phrase", page, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("email", "email")]
    [InlineData("there-was-such-a-form", "email")]
    public async Task Who_names_two_forms_at_once_gets_the_text_back(string first, string second)
    {
        using var http = await community.LogInAsync("member8@demo.example");
        var token = LoggingIn.FormToken(await http.GetStringAsync(new Uri("/Account/Profile", UriKind.Relative), Cancel));
        using var form = new FormUrlEncodedContent([new("__RequestVerificationToken", token), new("_handler", first), new("_handler", second), new("Email", "a sentence of somebody")]);

        using var answer = await http.PostAsync(new Uri("/Account/Email", UriKind.Relative), form, Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("a sentence of somebody", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    // A copy of the cookie must not become fresh by the owner's proof while its form is on the way.
    [Promise("AZ6")]
    [Theory]
    [InlineData("/Account/Security", "sessions")]
    [InlineData("/Account/Reconfirm", "proof")]
    public async Task A_form_that_comes_slowly_does_nothing_once_its_session_has_ended_or_another_key(string page, string form)
    {
        var cookies = new CookieContainer();
        using var slow = new Visitor(community, cookies: cookies);
        await slow.LogInAsync("member7@demo.example", DemoWorld.Password);
        await slow.OpenAsync("/rooms/welcome");
        var body = $"__RequestVerificationToken={Uri.EscapeDataString(slow.Page.QuerySelector("main form input[name=__RequestVerificationToken]")!.GetAttribute("value")!)}&_handler=post&markdown=Too+late+by+now";
        using var line = new TcpClient();
        await line.ConnectAsync(community.Address.Host, community.Address.Port, Cancel);
        var stream = line.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /rooms/welcome HTTP/1.1\r\nHost: {community.Address.Authority}\r\nCookie: {cookies.GetCookieHeader(community.Address)}\r\n" +
            $"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {body.Length}\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"), Cancel);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        // Said when the form is about to be read, so after the server has looked who asks.
        Assert.Contains("100 Continue", await reader.ReadLineAsync(Cancel), StringComparison.Ordinal);
        await slow.OpenAsync(page);
        await slow.SendAsync(form, ("Input.Password", DemoWorld.Password));

        await stream.WriteAsync(Encoding.ASCII.GetBytes(body), Cancel);
        var answer = await reader.ReadToEndAsync(Cancel);

        Assert.Contains("HTTP/1.1 401", answer, StringComparison.Ordinal);
        Assert.Contains("Too late by now", answer, StringComparison.Ordinal);
        using var member = await community.LogInAsync("member8@demo.example");
        Assert.DoesNotContain("Too late by now", await member.GetStringAsync(new Uri("/rooms/welcome", UriKind.Relative), Cancel), StringComparison.Ordinal);
    }

    static string ValueOf(AngleSharp.Dom.IElement field) => field switch
    {
        AngleSharp.Html.Dom.IHtmlTextAreaElement text => text.Value,
        AngleSharp.Html.Dom.IHtmlSelectElement choice => choice.Value ?? "",
        _ => field.GetAttribute("value") ?? "",
    };

    async Task<Member> MemberAsync(string email)
    {
        await using var db = CommunityDbFactory.Sqlite(CommunityDbFactory.SqliteFile(community.DatabaseFile)).CreateDbContext();
        return await db.Users.AsNoTracking().SingleAsync(member => member.Email == email, Cancel);
    }
}
