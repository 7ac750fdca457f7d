using System.Net;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using VetCommunity.Core;
using VetCommunity.Core.Data;
using VetCommunity.Core.Demo;
using VetCommunity.Core.Members;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.Members;

/// <summary>Sessions of the running program: by its pages, and by another process.</summary>
public class EndingSessions(RunningCommunity community) : IClassFixture<RunningCommunity>
{
    async Task<Visitor> InAsync(string email)
    {
        var visitor = new Visitor(community);
        await visitor.LogInAsync(email, DemoWorld.Password);
        Assert.Equal("/", visitor.Address);
        return visitor;
    }

    [Fact]
    public async Task A_copied_cookie_is_worth_nothing_after_a_plain_log_out()
    {
        using var owner = await InAsync("member2@demo.example");
        using var thief = owner.Copy();
        using var elsewhere = await InAsync("member2@demo.example");
        Assert.True(await thief.IsInAsync());

        await owner.LogOutAsync();

        Assert.Equal("/", owner.Address);
        Assert.False(await owner.IsInAsync());
        Assert.False(await thief.IsInAsync());
        Assert.True(await elsewhere.IsInAsync());
    }

    [Fact]
    public async Task Only_who_opens_a_page_loses_the_cookie_of_a_session_that_has_ended()
    {
        using var owner = await InAsync("member@demo.example");
        using var late = owner.Copy();
        await owner.LogOutAsync();

        // The line of a page that is still open is answered late, when the browser may be in another session.
        Assert.False(await late.LosesCookieAsync("websocket"));
        Assert.False(await late.LosesCookieAsync("cors"));
        Assert.True(await late.LosesCookieAsync("navigate"));
    }

    [Fact]
    public async Task The_list_ends_one_browser_and_its_open_connection_and_then_all_others()
    {
        using var here = await InAsync("member5@demo.example");
        using var phone = await InAsync("member5@demo.example");
        using var third = await InAsync("member5@demo.example");
        var (hub, cut) = await ConnectAsync(phone);
        await using var connection = hub;
        await phone.OpenAsync("/Account/Sessions");
        await here.OpenAsync("/Account/Sessions");
        Assert.Equal(3, here.Page.QuerySelectorAll(".session").Length);
        Assert.Equal("This browser", Assert.Single(here.Page.QuerySelectorAll(".session .badge")).TextContent);
        // The two others can be ended; which of them is the phone says the list of the third.
        var others = Ends(here);
        var phones = Assert.Single(others.Intersect(Ends(await third.OpenAsync("/Account/Sessions"))));

        await here.SendAsync("end", ("Id", phones));

        Assert.Equal("/Account/Sessions?done=one", here.Address);
        Assert.Contains("That browser is logged out.", here.Says, StringComparison.Ordinal);
        await cut.Task.WaitAsync(Patience.Enough, TestContext.Current.CancellationToken);
        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => hub.StartAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.False(await phone.IsInAsync());
        await here.SendAsync("others");
        Assert.Contains("You are logged in nowhere else.", here.Says, StringComparison.Ordinal);
        Assert.False(await third.IsInAsync());
        Assert.True(await here.IsInAsync());
    }

    [Fact]
    public async Task What_another_process_ends_loses_its_open_connection()
    {
        using var member = await InAsync("member6@demo.example");
        using var second = await InAsync("member6@demo.example");
        var (hub, cut) = await ConnectAsync(member);
        await using var connection = hub;
        var db = Db;
        var sessions = new Sessions(db, new(NullLogger<Feed>.Instance), TimeProvider.System);
        var actor = await ActorAsync(db, "member6@demo.example");
        await second.OpenAsync("/Account/Sessions");
        var first = Guid.ParseExact(Assert.Single(Ends(second)), "N");

        await sessions.EndAsync(actor, first, TestContext.Current.CancellationToken);

        await cut.Task.WaitAsync(Patience.Enough, TestContext.Current.CancellationToken);
        Assert.False(await member.IsInAsync());
        Assert.True(await second.IsInAsync());
    }

    [Fact]
    public async Task Somebody_elses_session_cannot_be_ended_by_its_number()
    {
        using var victim = await InAsync("member7@demo.example");
        using var beside = await InAsync("member7@demo.example");
        await beside.OpenAsync("/Account/Sessions");
        var number = Assert.Single(Ends(beside));
        using var attacker = await InAsync("policy@demo.example");

        await (await attacker.OpenAsync("/Account/Sessions")).SendAsync("end", ("Id", number));

        Assert.True(await victim.IsInAsync());
    }

    [Theory]
    [InlineData("/Account/Security", "password")]
    [InlineData("/Account/Sessions", "others")]
    [InlineData("/Account/Delete", "delete")]
    [InlineData("/Account/Email", "email")]
    [InlineData("/Account/TwoFactor", "begin")]
    [InlineData("/Account/Passkeys", "add", "member9@demo.example")]
    public async Task What_opens_the_account_asks_for_a_proof_also_of_who_posts_to_it_directly(string page, string form, string email = "member8@demo.example")
    {
        using var owner = await InAsync(email);
        using var other = await InAsync(email);
        await owner.OpenAsync(page);
        Assert.Equal(page, owner.Address);
        using var thief = owner.Copy();
        await thief.OpenAsync(page);
        await GrowOldAsync(email);

        await thief.SendAsync(form, ("Input.Current", DemoWorld.Password), ("Input.Password", "stolen in the morning"), ("Input.Texts", "go"), ("Email", "thief@new.example"));

        Assert.StartsWith("/Account/Reconfirm?returnUrl=" + Uri.EscapeDataString(page), thief.Address, StringComparison.Ordinal);
        Assert.True(await other.IsInAsync());
        await owner.OpenAsync("/Account/Reconfirm?returnUrl=" + Uri.EscapeDataString(page));
        await owner.SendAsync("proof", ("Input.Password", "not the password"));
        Assert.StartsWith("/Account/Reconfirm", owner.Address, StringComparison.Ordinal);
        await owner.SendAsync("proof", ("Input.Password", DemoWorld.Password));
        Assert.Equal(page, owner.Address);
        Assert.NotEmpty(owner.Page.QuerySelectorAll($"main form:not([hidden]) input[name=_handler][value={form}], main form[data-passkey] input[name=_handler][value={form}]"));
        // The proof is the browser's that gave it: the copy of its cookie from before is worth nothing now.
        Assert.False(await thief.IsInAsync());
        Assert.True(await owner.IsInAsync());
    }

    [Fact]
    public async Task What_was_typed_while_the_proof_grew_old_is_there_again_after_the_next_one()
    {
        const string Email = "trainer@demo.example";
        using var owner = await InAsync(Email);
        async Task ProveAsync()
        {
            Assert.StartsWith("/Account/Reconfirm", owner.Address, StringComparison.Ordinal);
            Assert.DoesNotContain("new.example", Uri.UnescapeDataString(owner.Address), StringComparison.Ordinal);
            await owner.SendAsync("proof", ("Input.Password", "not the password"));
            await owner.SendAsync("proof", ("Input.Password", DemoWorld.Password));
        }
        string? ValueOf(string field) => owner.Page.QuerySelector("#" + field)!.GetAttribute("value");

        await owner.OpenAsync("/Account/Email");
        foreach (var typed in (string[])["paolo@new.example", "paolo.bressan@new.example"])
        {
            await GrowOldAsync(Email);
            await owner.SendAsync("email", ("Email", typed));
            await ProveAsync();
            Assert.Equal(typed, ValueOf("email"));
        }
        // Sealed for its member: nobody else is shown it, and what is no seal of ours shows nothing.
        using var other = await InAsync("member9@demo.example");
        foreach (var address in (string[])[owner.Address, "/Account/Email?typed=nonsense", "/Account/Email?typed=" + new string('A', 200)])
        {
            await other.OpenAsync(address);
            Assert.Equal((HttpStatusCode.OK, ""), (other.Status, other.Page.QuerySelector("#email")!.GetAttribute("value") ?? ""));
        }
        await owner.SendAsync("email", ("Email", ValueOf("email")!));
        Assert.Equal("/Account/Email?sent=true", owner.Address);

        await owner.OpenAsync("/Account/Passkeys");
        await GrowOldAsync(Email);
        await owner.SendAsync("add", ("New.Name", "Phone in the workshop"), ("New.Answer", "secret"));
        await ProveAsync();
        Assert.Equal(("Phone in the workshop", ""), (ValueOf("name"), owner.Page.QuerySelector("input[name='New.Answer']")!.GetAttribute("value") ?? ""));
        await owner.OpenAsync("/Account/Delete");
        await GrowOldAsync(Email);
        await owner.SendAsync("delete", ("Input.Texts", "go"));
        await ProveAsync();
        Assert.True(owner.Page.QuerySelector("input[value=go]")!.HasAttribute("checked"));
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    public async Task A_proof_leads_back_to_places_of_ours_alone(string back)
    {
        using var owner = await InAsync("editor@demo.example");

        await (await owner.OpenAsync("/Account/Reconfirm?returnUrl=" + Uri.EscapeDataString(back))).SendAsync("proof", ("Input.Password", DemoWorld.Password));

        Assert.Equal("/", owner.Address);
    }

    [Fact]
    public async Task The_address_changes_by_a_link_to_the_new_one_that_works_once_and_a_taken_one_looks_like_a_free_one()
    {
        using var owner = await InAsync("member3@demo.example");
        await (await owner.OpenAsync("/Account/Email")).SendAsync("email", ("Email", "member4@demo.example"));
        var (address, taken) = (owner.Address, owner.Says);
        await (await owner.OpenAsync("/Account/Email")).SendAsync("email", ("Email", "free@new.example"));
        Assert.Equal((address, taken), (owner.Address, owner.Says));
        Assert.Equal("This address has an account", (await community.MailsToAsync("member4@demo.example", 1))[^1].Subject);
        var link = (await community.MailsToAsync("free@new.example", 1))[0].Link();
        using var first = new Visitor(community);
        using var second = new Visitor(community);
        await first.OpenAsync(link);
        await second.OpenAsync(link);
        using var early = new Visitor(community);
        await early.LogInAsync("free@new.example", DemoWorld.Password);
        Assert.Contains("do not belong together", early.Says, StringComparison.Ordinal);

        await first.SendAsync("confirm");
        await second.SendAsync("confirm");

        Assert.Equal("/Account/NewEmail?done=true", first.Address);
        Assert.StartsWith("This link no longer works", second.Says, StringComparison.Ordinal);
        Assert.True(await owner.IsInAsync());
        await early.LogInAsync("free@new.example", DemoWorld.Password);
        Assert.Equal("/", early.Address);
        Assert.Equal("Your account has another address now", (await community.MailsToAsync("member3@demo.example", 3))[^1].Subject);
    }

    [Fact]
    public async Task A_link_to_a_new_address_is_worth_nothing_after_its_day()
    {
        using var owner = await InAsync("reviewer@demo.example");
        await (await owner.OpenAsync("/Account/Email")).SendAsync("email", ("Email", "late@new.example"));
        var link = (await community.MailsToAsync("late@new.example", 1))[0].Link();
        await owner.OpenAsync(link);
        await using (var db = Db.CreateDbContext())
            await db.AccountLinks.Where(l => l.Purpose == LinkPurpose.Email).ExecuteUpdateAsync(set => set.SetProperty(l => l.ExpiresAt, DateTimeOffset.UtcNow));

        await owner.SendAsync("confirm");

        Assert.StartsWith("This link no longer works", owner.Says, StringComparison.Ordinal);
    }

    CommunityDbFactory Db => CommunityDbFactory.Sqlite(CommunityDbFactory.SqliteFile(community.DatabaseFile));

    async Task GrowOldAsync(string email)
    {
        await using var db = Db.CreateDbContext();
        var old = DateTimeOffset.UtcNow - SessionRule.Usual.Proof;
        await db.Sessions.Where(s => db.Users.Any(m => m.Id == s.MemberId && m.Email == email)).ExecuteUpdateAsync(set => set.SetProperty(s => s.ProvenAt, old));
    }

    static List<string> Ends(Visitor visitor) => [.. visitor.Page.QuerySelectorAll("button[name=Id]").Select(button => button.GetAttribute("value")!)];

    static async Task<Actor> ActorAsync(CommunityDbFactory db, string email)
    {
        await using var context = db.CreateDbContext();
        return Accounts.ActorOf(context.Users.Single(member => member.Email == email));
    }

    async Task<(HubConnection Hub, TaskCompletionSource Cut)> ConnectAsync(Visitor visitor)
    {
        var hub = new HubConnectionBuilder()
            .WithUrl(new Uri(community.Address, "/hubs/conversations"), options => options.Headers["Cookie"] = visitor.CookieHeader).Build();
        var cut = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        hub.Closed += _ =>
        {
            cut.TrySetResult();
            return Task.CompletedTask;
        };
        await hub.StartAsync(TestContext.Current.CancellationToken);
        return (hub, cut);
    }
}
