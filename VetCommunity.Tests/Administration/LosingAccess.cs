using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Playwright;
using VetCommunity.Core;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;
using VetCommunity.Tests.Browser;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.Administration;

/// <summary>Open pages and connections end when the access ends, whichever process ended it.</summary>
[Promise("AZ6")]
public sealed class LosingAccess(Chromium chromium) : IClassFixture<Chromium>
{
    // The test is a second process beside the server, on the same database.
    CommunityDbFactory Db => CommunityDbFactory.Sqlite(CommunityDbFactory.SqliteFile(chromium.Community.DatabaseFile));

    Accounts Accounts => new(Db, new(NullLogger<Feed>.Instance), TimeProvider.System);

    public static TheoryData<string> Causes() => ["suspended", "demoted", "logged out everywhere"];

    [Theory]
    [MemberData(nameof(Causes))]
    public async Task What_another_process_takes_ends_hub_circuit_and_pages(string cause)
    {
        var email = cause switch { "suspended" => "coordinator@demo.example", "demoted" => "trainer@demo.example", _ => "counsellor@demo.example" };
        var handle = await HandleAsync(email);
        var before = await Accounts.SignedInAsync(await IdAsync(email));
        await Accounts.SetRolesAsync(Actor.Operator, handle, before!.Actor.Roles | Roles.Moderator);
        var page = await chromium.LogInAsync(email);
        await page.GotoAsync("/admin");
        await Assertions.Expect(page.Locator(".admin-open").First).ToBeVisibleAsync();
        await using var hub = Connection(await CookieAsync(page));
        var cut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        hub.Closed += _ =>
        {
            cut.TrySetResult();
            return Task.CompletedTask;
        };
        await hub.StartAsync(TestContext.Current.CancellationToken);

        await EndAsync(cause, handle);

        await cut.Task.WaitAsync(Patience.Enough, TestContext.Current.CancellationToken);
        await Assertions.Expect(page.GetByRole(AriaRole.Dialog, new() { Name = "Your access to this page has ended" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".admin-open")).ToHaveCountAsync(0);
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => hub.StartAsync(TestContext.Current.CancellationToken));
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, refused.StatusCode);
        await page.GetByRole(AriaRole.Link, new() { Name = "Log in again" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("Password", new() { Exact = true })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_access_token_of_a_suspended_member_is_cut_off_and_refused()
    {
        await using var hub = await chromium.Community.ConnectAsync("cotrainer@demo.example");
        var cut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        hub.Closed += _ =>
        {
            cut.TrySetResult();
            return Task.CompletedTask;
        };

        await EndAsync("suspended", await HandleAsync("cotrainer@demo.example"));

        await cut.Task.WaitAsync(Patience.Enough, TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => hub.StartAsync(TestContext.Current.CancellationToken));
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task Connections_of_somebody_with_a_new_name_come_back_with_it()
    {
        await using var hub = await chromium.Community.ConnectAsync("policy@demo.example");
        var cut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        hub.Closed += _ =>
        {
            cut.TrySetResult();
            return Task.CompletedTask;
        };
        var profiles = new Profiles(Db, TimeProvider.System);
        var actor = (await Accounts.SignedInAsync(await IdAsync("policy@demo.example")))!.Actor;
        var own = await profiles.OwnAsync(actor);

        await profiles.SaveAsync(actor, own.Values with { Handle = "new-name", Name = "New Name" }, own.Stamp);

        await cut.Task.WaitAsync(Patience.Enough, TestContext.Current.CancellationToken);
        await hub.StartAsync(TestContext.Current.CancellationToken);
        var seq = await Calling.PostAsync(hub, "welcome", "renamed", "It is me");
        var said = (await hub.OpenAsync("welcome")).GetProperty("messages").EnumerateArray().Single(m => m.GetProperty("seq").GetInt64() == seq);
        Assert.Equal("new-name", said.GetProperty("author").GetProperty("handle").GetString());
    }

    [Fact]
    public async Task Logging_out_in_one_tab_ends_what_the_other_tabs_have_open()
    {
        var page = await chromium.LogInAsync("moderator@demo.example");
        await page.GotoAsync("/admin");
        await Assertions.Expect(page.Locator(".admin-open").First).ToBeVisibleAsync();
        var other = await page.Context.NewPageAsync();
        await other.GotoAsync("/people");

        await other.Locator(".menu-account summary").ClickAsync();
        await other.GetByRole(AriaRole.Button, new() { Name = "Log out" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Dialog, new() { Name = "Your access to this page has ended" })).ToBeVisibleAsync();
    }

    async Task EndAsync(string cause, string handle)
    {
        switch (cause)
        {
            case "suspended":
                await Accounts.SuspendAsync(Actor.Operator, handle, "Adverts", null);
                break;
            case "demoted":
                await Accounts.SetRolesAsync(Actor.Operator, handle, Roles.Member);
                break;
            default:
                await using (var db = Db.CreateDbContext())
                    await db.Users.Where(m => m.Handle == handle).ExecuteUpdateAsync(set => set.SetProperty(m => m.SecurityStamp, Guid.NewGuid().ToString("N")));
                break;
        }
    }

    HubConnection Connection(string cookie) => new HubConnectionBuilder()
        .WithUrl(new Uri(chromium.Community.Address, "/hubs/conversations"), options => options.Headers["Cookie"] = cookie).Build();

    static async Task<string> CookieAsync(IPage page) =>
        string.Join("; ", (await page.Context.CookiesAsync()).Select(cookie => $"{cookie.Name}={cookie.Value}"));

    async Task<int> IdAsync(string email)
    {
        await using var db = Db.CreateDbContext();
        return await db.Users.Where(m => m.Email == email).Select(m => m.Id).SingleAsync();
    }

    async Task<string> HandleAsync(string email)
    {
        await using var db = Db.CreateDbContext();
        return await db.Users.Where(m => m.Email == email).Select(m => m.Handle).SingleAsync();
    }
}
