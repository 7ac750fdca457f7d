using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using SkiaSharp;
using VetCommunity.App.CommandLine;
using VetCommunity.Core;
using VetCommunity.Core.Bridging;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Documents;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Core.Members;
using VetCommunity.Core.OfficeHours;
using VetCommunity.Core.Webhooks;
using Xunit;

namespace VetCommunity.Tests.Authorisation;

/// <summary>The server in this process, with its routes to look at, and a caller of every role logged in through the real form.</summary>
public sealed partial class ServerWithEverybody : IAsyncLifetime
{
    readonly string _folder = Directory.CreateTempSubdirectory("vet-rights-").FullName;
    readonly Dictionary<string, Caller> _callers = new(StringComparer.Ordinal);
    WebApplication? _app;

    static readonly Dictionary<string, string> Emails = new(StringComparer.Ordinal)
    {
        ["member"] = "member@demo.example",
        ["counsellor"] = "counsellor@demo.example",
        ["trainer"] = "trainer@demo.example",
        ["editor"] = "editor@demo.example",
        ["policy maker"] = "policy@demo.example",
        ["coordinator"] = "coordinator@demo.example",
        ["moderator"] = "moderator@demo.example",
        ["administrator"] = "admin@demo.example",
    };

    /// <summary>The number of the direct conversation of member and member2.</summary>
    public string Direct { get; private set; } = "";

    /// <summary>A picture in the board.</summary>
    public string PostedFile { get; private set; } = "";

    /// <summary>The number of a webhook that listens to the board.</summary>
    public string Webhook { get; private set; } = "";
    /// <summary>A message of the member's own that waits for tomorrow.</summary>
    public string Scheduled { get; private set; } = "";
    /// <summary>A draft of a practice that the coordinator began in the board.</summary>
    public string Draft { get; private set; } = "";
    public string Begun { get; private set; } = "";
    public string Review { get; private set; } = "";
    public string DocumentFile { get; private set; } = "";
    /// <summary>A word that the moderator put into the glossary.</summary>
    public string Term { get; private set; } = "";
    /// <summary>A search of practices that the member keeps.</summary>
    public string Saved { get; private set; } = "";
    /// <summary>Leads into the session of the demo world.</summary>
    public string JoinCode { get; private set; } = "";
    /// <summary>A session that has ended and gave the member a certificate.</summary>
    public string Held { get; private set; } = "";
    public string Lesson { get; private set; } = "";
    /// <summary>Its code.</summary>
    public string Certificate { get; private set; } = "";
    /// <summary>The secret of the member's calendar.</summary>
    public string Calendar { get; private set; } = "";
    /// <summary>A collection that the coordinator made for members.</summary>
    public string Collection { get; private set; } = "";
    /// <summary>An enquiry that the coordinator left in the board.</summary>
    public string Enquiry { get; private set; } = "";
    /// <summary>What stops the member's digests.</summary>
    public string StopCode { get; private set; } = "";

    public string DatabaseFile => Path.Combine(_folder, "data", "community.db");

    public IEnumerable<RouteEndpoint> Endpoints => ((IEndpointRouteBuilder)_app!).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>();

    public Uri Address => new(_app!.Urls.First());

    public async ValueTask InitializeAsync()
    {
        _app = Server.Build(["--Urls", "http://127.0.0.1:0", "--Demo:Seed", "true", "--Data:Folder", Path.Combine(_folder, "data"), "--RateLimits:Enabled", "false",
            "--Pdf:Chromium", Environment.GetEnvironmentVariable("VET_CHROMIUM") ?? "/usr/bin/chromium"]);
        Assert.True(await _app.PrepareAsync());
        Server.Map(_app);
        await _app.StartAsync();
        _callers["visitor"] = new(Address, "", await FormTokenAsync("/Account/Login", ""));
        foreach (var (role, email) in Emails)
            _callers[role] = await LogInAsync(email);
        var member = await ActorAsync("member");
        StopCode = Uri.EscapeDataString(_app.Services.GetRequiredService<Core.Noticing.StopCodes>().Of(member.MemberId));
        Direct = FormattableString.Invariant($"{await _app.Services.GetRequiredService<Rooms>().DirectAsync(member, (await ActorAsync("member2@demo.example")).Handle)}");
        var (profiles, moderator) = (_app.Services.GetRequiredService<Profiles>(), await ActorAsync("moderator"));
        var own = await profiles.OwnAsync(moderator);
        await profiles.SaveAsync(moderator, own.Values, own.Stamp, new(Picture()));
        var conversations = _app.Services.GetRequiredService<AllConversations>();
        await conversations.PostAsync(member, new(Direct, "first", null, "Between us"));
        // The first is what a row deletes.
        await conversations.PostAsync(member, new(Direct, "second", null, "And this"));
        PostedFile = await FreshUploadAsync("coordinator");
        await conversations.PostAsync(await ActorAsync("coordinator"), new("board", "picture", null, "", Attachments: [PostedFile]));
        await _app.Services.GetRequiredService<Bridgers>().SaveAsync(moderator, [new("en", "de")], agrees: null);
        Saved = FormattableString.Invariant($"{await _app.Services.GetRequiredService<SavedSearches>().SaveAsync(await ActorAsync("member"), "welding", new Dictionary<PracticeFacet, IReadOnlyList<string>>())}");
        Collection = await _app.Services.GetRequiredService<PracticeCollections>().CreateAsync(await ActorAsync("coordinator"), new("For members", "", IsPublic: false), "collection", "the-tenth-day-call");
        Term = FormattableString.Invariant($"{await _app.Services.GetRequiredService<Glossary>().AddAsync(moderator, new("en", "de", "welding", "Schweißen", ""))}");
        var webhooks = _app.Services.GetRequiredService<OutgoingWebhooks>();
        var webhook = (await webhooks.MakeAsync(moderator, "board", "Nobody", "https://there-is-none.invalid/", WebhookEvents.All)).Id;
        // So that nothing changes by itself while it is looked for changes.
        await webhooks.PauseAsync(moderator, "board", webhook);
        Webhook = FormattableString.Invariant($"{webhook}");
        var due = DateTimeOffset.UtcNow.AddDays(1);
        Scheduled = FormattableString.Invariant($"{await _app.Services.GetRequiredService<ScheduledMessages>().ScheduleAsync(member, new(Direct, "later", null, "Later, between us", null, due))}");
        Draft = FormattableString.Invariant($"{await _app.Services.GetRequiredService<PracticeDrafts>().BeginAsync(await ActorAsync("coordinator"), new("board", null, "For the board", [await FreshMessageAsync()], "draft"))}");
        Begun = await _app.Services.GetRequiredService<AllDocuments>().CreateAsync(await ActorAsync("coordinator"), new(DocumentKind.Practice, "Begun", "en", "begun"));
        await _app.Services.GetRequiredService<LanguageVersions>().AddAsync(await ActorAsync("coordinator"), new(DocumentKind.Practice, Begun, "en"), "it");
        JoinCode = (await _app.Services.GetRequiredService<Core.Live.LiveSessions>().FindAsync(await ActorAsync("trainer"), "the-first-hundred-days")).Session.JoinCode;
        await HoldASessionAsync(await ActorAsync("trainer"), member);
        Calendar = await _app.Services.GetRequiredService<Core.Live.CalendarFeeds>().MakeAsync(member);
        await using (var db = _app.Services.GetRequiredService<CommunityDbFactory>().CreateDbContext())
            Review = FormattableString.Invariant($"{await db.LanguageVersions.Where(v => v.Language == "en" && db.Documents.Any(d => d.Id == v.DocumentId && d.Slug == Begun)).Select(v => v.Id).SingleAsync()}");
        await using (var content = new MemoryStream("For the practice"u8.ToArray()))
            DocumentFile = (await _app.Services.GetRequiredService<DocumentFiles>().AddAsync(await ActorAsync("coordinator"), DocumentKind.Practice, Begun, content, "a.txt", null)).Split('/')[2];
        await KeepTheBoardClosedAsync(moderator, await ActorAsync("coordinator"));
    }

    async Task HoldASessionAsync(Actor trainer, Actor member)
    {
        var (sessions, stages) = (_app!.Services.GetRequiredService<Core.Live.LiveSessions>(), _app.Services.GetRequiredService<Core.Live.Stages>());
        var now = DateTimeOffset.UtcNow;
        Held = await sessions.PlanAsync(trainer, new("Held already", "", "en", now.AddMinutes(5), now.AddHours(1), Capacity: null, CertificateMinutes: 10), "held");
        await sessions.RegisterAsync(member, Held);
        await stages.StartAsync(trainer, Held);
        await using (var db = _app.Services.GetRequiredService<CommunityDbFactory>().CreateDbContext())
        {
            db.Add(new Core.Live.SessionPresence { SessionId = await db.LiveSessions.Where(s => s.Slug == Held).Select(s => s.Id).SingleAsync(), MemberId = member.MemberId, From = now, Until = now.AddMinutes(12) });
            await db.SaveChangesAsync();
        }
        await stages.EndAsync(trainer, Held);
        var lessons = _app.Services.GetRequiredService<Core.Live.Lessons>();
        var made = await lessons.BeginAsync(trainer, Held, "Held already", "en", "Said.", place: null, "lesson");
        await lessons.PublishAsync(trainer, Lesson = made.Slug, "en", made.Number);
        Certificate = (await _app.Services.GetRequiredService<Core.Live.Certificates>().OwnAsync(member, Held)).Code;
    }

    // Hours at which it never opens: whatever the clock says when the rows are walked, nobody can wait there.
    async Task KeepTheBoardClosedAsync(Actor moderator, Actor host)
    {
        var (hours, enquiries) = (_app!.Services.GetRequiredService<HoursSettings>(), _app.Services.GetRequiredService<Enquiries>());
        await hours.AddDayAsync(moderator, "board", DateOnly.FromDateTime(DateTime.UtcNow.AddDays(7)), null, null);
        await hours.HostAsync(moderator, "board", host.Handle, hosts: true);
        Enquiry = FormattableString.Invariant($"{(await enquiries.AskAsync(host, "board", "enquiry", "When do we meet?", "")).Seq}");
    }

    /// <summary>What the server works with.</summary>
    public T Service<T>() where T : notnull => _app!.Services.GetRequiredService<T>();

    /// <summary>A session that the trainer leads and that takes guests, not begun.</summary>
    public async Task<(string Slug, string Code)> SessionForGuestsAsync(int? capacity = null)
    {
        var now = DateTimeOffset.UtcNow;
        var trainer = await ActorAsync("trainer");
        var slug = await Service<Core.Live.LiveSessions>().PlanAsync(trainer, new("Open to guests", "", "en", now.AddMinutes(5), now.AddHours(1), capacity, AllowsGuests: true), Guid.NewGuid().ToString("N"));
        return (slug, (await Service<Core.Live.LiveSessions>().FindAsync(trainer, slug)).Session.JoinCode);
    }

    /// <summary>Somebody who came in by a code through the real form.</summary>
    public async Task<Caller> GuestAsync(string code, string name, string cookie = "")
    {
        var page = $"/join/{code}/guest";
        var form = await FormTokenAsync(page, cookie);
        using var visitor = new Caller(Address, "", form);
        using var answer = await visitor.SendAsync(HttpMethod.Post, page, new() { ["_handler"] = "guest", ["name"] = name });
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        var guest = string.Join("; ", answer.Headers.GetValues("Set-Cookie").Select(line => line.Split(';')[0]).Where(part => part.StartsWith("vet-guest=", StringComparison.Ordinal)));
        Assert.NotEqual("", guest);
        return new(Address, "", await FormTokenAsync("/Account/Login", guest));
    }

    /// <summary>A line of the hub with these cookies.</summary>
    public async Task<HubConnection> ConnectAsync(Caller caller)
    {
        var connection = new HubConnectionBuilder().WithUrl(new Uri(Address, "/hubs/conversations"), options => options.Headers["Cookie"] = caller.Cookie).Build();
        await connection.StartAsync();
        return connection;
    }

    public Caller As(string role) => _callers[role];

    /// <summary>The same in another browser; null for the visitor, who is in none.</summary>
    public async Task<Caller?> OnceAsync(string role) => Emails.TryGetValue(role, out var email) ? await LogInAsync(email) : null;

    /// <summary>A message that the board's coordinator has just written.</summary>
    public async Task<long> FreshMessageAsync()
    {
        var receipt = await _app!.Services.GetRequiredService<AllConversations>()
            .PostAsync(await ActorAsync("coordinator"), new("board", Guid.NewGuid().ToString("N"), null, "For the board"));
        return receipt.Seq;
    }

    /// <summary>A poll that the board's coordinator has just posted.</summary>
    public async Task<long> FreshPollAsync()
    {
        var receipt = await _app!.Services.GetRequiredService<AllConversations>().PostAsync(await ActorAsync("coordinator"),
            new("board", Guid.NewGuid().ToString("N"), null, "Which day?", Poll: new(["Monday", "Friday"], Several: false, Secret: true, PollResults.AtOnce, EndsAt: null)));
        return receipt.Seq;
    }

    /// <summary>A picture that somebody has just uploaded and not posted.</summary>
    public async Task<string> FreshUploadAsync(string role) =>
        (await _app!.Services.GetRequiredService<Attachments>().UploadAsync(await ActorAsync(role), Picture(), "picture.png")).Id;

    public async Task<HubConnection> ConnectAsync(string role)
    {
        var connection = new HubConnectionBuilder().WithUrl(new Uri(Address, "/hubs/conversations"), options => options.Headers["Cookie"] = As(role).Cookie).Build();
        await connection.StartAsync();
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var caller in _callers.Values)
            caller.Dispose();
        await _app!.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    static MemoryStream Picture()
    {
        using var bitmap = new SKBitmap(32, 32);
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return new(png.ToArray());
    }

    public async Task<Actor> ActorAsync(string roleOrEmail)
    {
        await using var db = _app!.Services.GetRequiredService<Core.Data.CommunityDbFactory>().CreateDbContext();
        var email = Emails.GetValueOrDefault(roleOrEmail, roleOrEmail);
        return Accounts.ActorOf(db.Users.Single(member => member.Email == email));
    }

    async Task<Caller> LogInAsync(string email)
    {
        var (token, cookie) = await FormTokenAsync("/Account/Login", "");
        using var visitor = new Caller(Address, cookie, (token, cookie));
        using var answer = await visitor.SendAsync(HttpMethod.Post, "/Account/Login", new()
        {
            ["_handler"] = "login",
            ["Input.Email"] = email,
            ["Input.Password"] = Core.Demo.DemoWorld.Password,
        });
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        var signedIn = string.Join("; ", answer.Headers.GetValues("Set-Cookie").Select(line => line.Split(';')[0]));
        return new(Address, signedIn, await FormTokenAsync("/", signedIn));
    }

    async Task<(string Token, string Cookie)> FormTokenAsync(string page, string cookie)
    {
        using var client = new Caller(Address, cookie, default);
        using var answer = await client.SendAsync(HttpMethod.Get, page);
        var token = TokenPattern().Match(await answer.Content.ReadAsStringAsync()).Groups["token"].Value;
        Assert.NotEqual("", token);
        var added = answer.Headers.TryGetValues("Set-Cookie", out var lines) ? lines.Select(line => line.Split(';')[0]) : [];
        return (token, string.Join("; ", added.Prepend(cookie).Where(part => part.Length > 0)));
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"", RegexOptions.NonBacktracking)]
    private static partial Regex TokenPattern();
}

/// <summary>Somebody with a browser's cookies, which no answer changes, and a valid token for forms.</summary>
public sealed class Caller : IDisposable
{
    readonly HttpClient _client;

    public Caller(Uri address, string cookie, (string Token, string Cookie) form)
    {
        Cookie = form.Cookie ?? cookie;
        FormToken = form.Token ?? "";
        _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = address };
    }

    public string Cookie { get; }

    public string FormToken { get; }

    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string address, Dictionary<string, string>? form = null, string? host = null)
    {
        using var request = new HttpRequestMessage(method, address);
        request.Headers.Add("Accept-Language", "en");
        request.Headers.Host = host;
        if (Cookie.Length > 0)
            request.Headers.Add("Cookie", Cookie);
        if (method != HttpMethod.Get)
            request.Headers.Add("RequestVerificationToken", FormToken);
        if (method == HttpMethod.Put)
            request.Content = JsonContent.Create(new { alt = "Words", open = true, numbers = new[] { 1 } });
        if ((address.StartsWith("/api/v1/rooms/", StringComparison.Ordinal) || address.StartsWith("/api/v1/sessions/", StringComparison.Ordinal)) && (method == HttpMethod.Post || method == HttpMethod.Patch))
            request.Content = JsonContent.Create(new { markdown = "x", seq = 1, seen = 1, line = "x", state = "done" });
        else if (method == HttpMethod.Post)
            request.Content = new FormUrlEncodedContent(new Dictionary<string, string>(form ?? []) { ["__RequestVerificationToken"] = FormToken });
        return await _client.SendAsync(request);
    }

    public void Dispose() => _client.Dispose();
}
