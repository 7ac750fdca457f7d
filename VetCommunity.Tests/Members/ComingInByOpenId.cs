using System.Net;
using AngleSharp.Html.Parser;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Demo;
using VetCommunity.Core.Members;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.Members;

/// <summary>Log-in by OpenID Connect, with the forms of both sides.</summary>
public partial class ComingInByOpenId(CommunityWithProviders both) : IClassFixture<CommunityWithProviders>
{
    const string Start = "/Account/OpenId/school";
    const string Failed = "Logging in by the other service did not work.";

    RunningCommunity Community => both.Community;

    CommunityDbFactory Db => CommunityDbFactory.Sqlite(CommunityDbFactory.SqliteFile(Community.DatabaseFile));

    /// <summary>Goes to the provider and through its forms, up to the address that leads back; that one is not called.</summary>
    async Task<Uri> ThroughAsync(CookieContainer cookies, string name, string start = Start, Func<string, string>? change = null)
    {
        using var client = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies, AllowAutoRedirect = false });
        var answer = await client.GetAsync(new Uri(Community.Address, start));
        for (var step = 0; step < 20; step++)
        {
            using var here = answer;
            if (answer.Headers.Location is { } next)
            {
                next = new(answer.RequestMessage!.RequestUri!, next);
                if (step == 0 && change is not null)
                    next = new(change(next.AbsoluteUri));
                if (next.Port == Community.Address.Port)
                    return next;
                answer = await client.GetAsync(next);
                continue;
            }
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            using var page = await new HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStringAsync());
            var form = page.QuerySelector("form")!;
            var fields = form.QuerySelectorAll("input[name]").Select(field => KeyValuePair.Create(field.GetAttribute("name")!, field.GetAttribute("name") switch
            {
                "login" => name,
                "password" => "any",
                _ => field.GetAttribute("value") ?? "",
            }));
            using var content = new FormUrlEncodedContent(fields);
            answer = await client.PostAsync(new Uri(form.GetAttribute("action")!), content);
        }
        throw new InvalidOperationException("The provider does not lead back.");
    }

    /// <summary>A browser that has just come back from the provider.</summary>
    async Task<(Visitor Visitor, CookieContainer Cookies)> BackAsync(string name, string start = Start, CookieContainer? cookies = null)
    {
        cookies ??= new();
        var visitor = new Visitor(Community, cookies: cookies);
        await visitor.OpenAsync((await ThroughAsync(cookies, name, start)).PathAndQuery);
        return (visitor, cookies);
    }

    [Fact]
    public async Task A_new_member_registers_comes_again_and_cannot_let_go_of_the_only_way_in()
    {
        var (first, _) = await BackAsync("dora", Start + "?returnUrl=%2Frooms");
        Assert.Contains("School & Co says that you are dora@school.example.", first.Says, StringComparison.Ordinal);
        Assert.Equal("Pupil dora", first.Page.QuerySelector("#name")!.GetAttribute("value"));
        Assert.False(await first.Copy().IsInAsync());
        await first.SendAsync("join", ("Name", " "));
        Assert.Equal("true", first.Page.QuerySelector("#name")!.GetAttribute("aria-invalid"));

        await first.SendAsync("join", ("Name", "Dora Conti"));

        Assert.Equal("/rooms", first.Address);
        Assert.Contains("Dora Conti", first.Page.Body!.TextContent, StringComparison.Ordinal);
        var (again, _) = await BackAsync("dora", Start + "?returnUrl=%2Fpeople");
        Assert.Equal("/people", again.Address);
        await again.OpenAsync("/Account/Providers");
        Assert.Contains("Connected as dora@school.example", again.Says, StringComparison.Ordinal);
        await again.SendAsync("unlink", ("Provider", both.Authority));
        Assert.Contains("Nothing else would let you in any more.", again.Says, StringComparison.Ordinal);
        Assert.True(await again.IsInAsync());
        using var byPassword = new Visitor(Community);
        await byPassword.LogInAsync("dora@school.example", "");
        Assert.Contains("do not belong together", byPassword.Says, StringComparison.Ordinal);
        await using var db = Db.CreateDbContext();
        var member = await db.Users.SingleAsync(m => m.Email == "dora@school.example", TestContext.Current.CancellationToken);
        Assert.Equal((true, null), (member.EmailConfirmed, member.PasswordHash));
        Assert.Equal(1, await db.Acceptances.CountAsync(a => a.MemberId == member.Id, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Without_a_password_it_is_the_provider_that_proves_who_one_is_and_it_has_to_ask_anew()
    {
        var (visitor, cookies) = await BackAsync("emil");
        await visitor.SendAsync("join", ("Name", "Emil Gruber"));
        await AgeProofAsync("emil@school.example");
        await visitor.OpenAsync("/Account/Sessions");
        Assert.StartsWith("/Account/Reconfirm", visitor.Address, StringComparison.Ordinal);
        Assert.Empty(visitor.Page.QuerySelectorAll("main form:not([hidden])"));
        var link = visitor.Page.QuerySelector("main a[href^='/Account/OpenId/school']")!.GetAttribute("href")!;

        // The provider's own session goes on; it is asked for its form all the same.
        var asked = await AskedAsync(cookies, link);
        Assert.Contains("prompt=login", asked.Query, StringComparison.Ordinal);
        Assert.Contains("max_age=0", asked.Query, StringComparison.Ordinal);
        // Who takes that out of the address on the way comes back without a form, and without a proof.
        await visitor.OpenAsync((await ThroughAsync(cookies, "emil", link, asks => asks.Replace("prompt=login", "", StringComparison.Ordinal).Replace("max_age=0", "", StringComparison.Ordinal))).PathAndQuery);
        Assert.StartsWith("/Account/Reconfirm", visitor.Address, StringComparison.Ordinal);
        await visitor.OpenAsync("/Account/Sessions");
        Assert.StartsWith("/Account/Reconfirm", visitor.Address, StringComparison.Ordinal);
        await BackAsync("emil", link, cookies);

        await visitor.OpenAsync("/Account/Sessions");
        Assert.Equal("/Account/Sessions", visitor.Address);
    }

    // Time goes by until the proof in all sessions of this member is too old.
    async Task AgeProofAsync(string email)
    {
        await using var db = Db.CreateDbContext();
        var old = DateTimeOffset.UtcNow - SessionRule.Usual.Proof;
        await db.Sessions.Where(s => db.Users.Any(m => m.Id == s.MemberId && m.Email == email)).ExecuteUpdateAsync(set => set.SetProperty(s => s.ProvenAt, old), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task An_account_that_is_there_opens_only_after_its_own_log_in_and_then_by_both_until_it_is_disconnected()
    {
        await RenameAsync("member2@demo.example", "bruno@school.example");
        var (visitor, _) = await BackAsync("bruno");
        Assert.Contains("There already is an account with the address bruno@school.example here.", visitor.Says, StringComparison.Ordinal);
        Assert.Empty(visitor.Page.QuerySelectorAll("main form:not([hidden])"));
        Assert.False(await visitor.IsInAsync());
        await visitor.OpenAsync("/Account/Login?ReturnUrl=%2FAccount%2FOpenId");

        await visitor.SendAsync("login", ("Input.Email", "bruno@school.example"), ("Input.Password", DemoWorld.Password));
        Assert.Equal("/Account/OpenId", visitor.Address);
        await AgeProofAsync("bruno@school.example");
        await visitor.SendAsync("link");
        Assert.StartsWith("/Account/Reconfirm", visitor.Address, StringComparison.Ordinal);
        await visitor.SendAsync("proof", ("Input.Password", DemoWorld.Password));
        Assert.Equal("/Account/OpenId", visitor.Address);
        await visitor.SendAsync("link");

        Assert.Equal("/Account/Providers?done=linked", visitor.Address);
        var (other, _) = await BackAsync("bruno");
        Assert.Equal("/", other.Address);
        Assert.True(await other.IsInAsync());
        // Somebody else's account there leads into no account here, and nobody out of theirs.
        var (stranger, theirs) = await BackAsync("carla");
        await stranger.SendAsync("join", ("Name", "Carla Roca"));
        await BackAsync("bruno", cookies: theirs);
        await stranger.OpenAsync("/Account/Profile");
        Assert.Contains("Carla Roca", stranger.Page.Body!.TextContent, StringComparison.Ordinal);
        await visitor.OpenAsync("/Account/Providers");
        await visitor.SendAsync("unlink", ("Provider", both.Authority));
        Assert.Equal("/Account/Providers?done=unlinked", visitor.Address);
        Assert.False(await other.IsInAsync());
        var (after, _) = await BackAsync("bruno");
        Assert.Contains("There already is an account", after.Says, StringComparison.Ordinal);
        Assert.Equal(["An account of another service was connected", "An account of another service was disconnected"],
            (await Community.MailsToAsync("bruno@school.example", 2)).Select(mail => mail.Subject));
    }

    [Fact]
    public async Task An_address_that_the_provider_has_not_looked_at_opens_and_makes_nothing()
    {
        await RenameAsync("member3@demo.example", "unverified-olga@school.example");

        var (visitor, _) = await BackAsync("unverified-olga");

        Assert.Contains("has not confirmed an e-mail address of yours", visitor.Says, StringComparison.Ordinal);
        Assert.DoesNotContain("There already is an account", visitor.Says, StringComparison.Ordinal);
        Assert.Empty(visitor.Page.QuerySelectorAll("main form:not([hidden])"));
        await visitor.SendAsync("join", ("Name", "Olga"));
        Assert.False(await visitor.IsInAsync());
    }

    [Fact]
    public async Task A_code_is_asked_for_after_it_and_a_suspended_member_reads_why()
    {
        var (visitor, _) = await BackAsync("paul");
        await visitor.SendAsync("join", ("Name", "Paul Weber"));
        await (await visitor.OpenAsync("/Account/TwoFactor")).SendAsync("begin");
        var key = visitor.Page.QuerySelector(".factor-key")!.TextContent.Replace(" ", "", StringComparison.Ordinal);
        await visitor.SendAsync("confirm", ("Code", TimeCodes.CodeAt(key, DateTimeOffset.UtcNow)));
        var paper = visitor.Page.QuerySelectorAll(".recovery-codes code").Select(code => code.TextContent).ToList();

        var (again, _) = await BackAsync("paul", Start + "?returnUrl=%2Frooms");

        Assert.Equal("/Account/SecondStep?ReturnUrl=%2Frooms", again.Address);
        Assert.False(await again.Copy().IsInAsync());
        await again.SendAsync("code", ("Code", paper[0]));
        Assert.Equal("/rooms", again.Address);
        await using (var db = Db.CreateDbContext())
            await db.Users.Where(m => m.Email == "paul@school.example").ExecuteUpdateAsync(set => set.SetProperty(m => m.SuspendedUntil, DateTimeOffset.MaxValue), TestContext.Current.CancellationToken);
        var (shut, _) = await BackAsync("paul");
        Assert.Contains("This account is suspended.", shut.Says, StringComparison.Ordinal);
        Assert.False(await shut.IsInAsync());
    }

    [Fact]
    public async Task It_asks_with_PKCE_nonce_and_state_and_leads_only_inside()
    {
        var asked = System.Web.HttpUtility.ParseQueryString((await AskedAsync(new(), Start)).Query);
        Assert.Equal(("S256", "code"), (asked["code_challenge_method"], asked["response_type"]));
        Assert.All((string[])["code_challenge", "nonce", "state"], name => Assert.NotEmpty(asked[name] ?? ""));

        var (visitor, _) = await BackAsync("greta", Start + "?returnUrl=https%3A%2F%2Fevil.example%2F");
        await visitor.SendAsync("join", ("Name", "Greta Neri"));

        Assert.Equal("/", visitor.Address);
        using var unknown = new Visitor(Community);
        Assert.Equal(HttpStatusCode.NotFound, (await unknown.OpenAsync("/Account/OpenId/none")).Status);
    }

    async Task<Uri> AskedAsync(CookieContainer cookies, string start)
    {
        using var client = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies, AllowAutoRedirect = false }) { BaseAddress = Community.Address };
        using var answer = await client.GetAsync(new Uri(start, UriKind.Relative), TestContext.Current.CancellationToken);
        return answer.Headers.Location!;
    }

    async Task RenameAsync(string email, string to)
    {
        await using var db = Db.CreateDbContext();
        var normalized = to.ToUpperInvariant();
        await db.Users.Where(m => m.Email == email).ExecuteUpdateAsync(set => set
            .SetProperty(m => m.Email, to).SetProperty(m => m.NormalizedEmail, normalized).SetProperty(m => m.UserName, to).SetProperty(m => m.NormalizedUserName, normalized));
    }
}
