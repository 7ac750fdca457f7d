using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Members;
using Xunit;

namespace VetCommunity.Tests.Members;

public class BeingLoggedIn
{
    const string Firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0";

    static async Task<Session> BegunAsync(AccountsWorld accounts, Actor who, bool isRemembered = false) =>
        await accounts.Sessions.BeginAsync((await accounts.Accounts.SignedInAsync(who.MemberId))!, Firefox, isRemembered);

    [Theory]
    [OnBothDatabases]
    public async Task A_session_lets_its_member_in_until_it_is_ended_and_tells_whom_it_ended(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        var (bruno, olga) = (accounts.World.Bruno, accounts.World.Olga);
        var session = await BegunAsync(accounts, bruno);
        var other = await BegunAsync(accounts, bruno);
        var ended = new TaskCompletionSource<SessionsEnded>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listening = accounts.World.Feed.Subscribe<SessionsEnded>(fact => { ended.TrySetResult(fact); return ValueTask.CompletedTask; });
        Assert.Equal(bruno, (await accounts.Sessions.FindAsync(session.Id))!.SignedIn.Actor);

        await accounts.Sessions.EndAsync(olga, session.Id);
        await accounts.Sessions.EndOthersAsync(olga, Guid.NewGuid());
        await accounts.Sessions.EndAsync(Actor.Visitor, session.Id);
        Assert.NotNull(await accounts.Sessions.FindAsync(session.Id));
        await accounts.Sessions.EndAsync(bruno, session.Id);

        Assert.Null(await accounts.Sessions.FindAsync(session.Id));
        Assert.Equal([session.Id], (await ended.Task.WaitAsync(Patience.Enough, TestContext.Current.CancellationToken)).Ids);
        Assert.Equal([other.Id], (await accounts.Sessions.FindAsync([session.Id, other.Id, Guid.NewGuid()])).Keys);
        Assert.Null(await accounts.Sessions.FindAsync(Guid.NewGuid()));
    }

    [Theory]
    [OnBothDatabases]
    public async Task One_sees_ones_own_sessions_alone_and_ends_all_others(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        var (bruno, clock) = (accounts.World.Bruno, accounts.World.Clock);
        var first = await BegunAsync(accounts, bruno, isRemembered: true);
        clock.Advance(TimeSpan.FromMinutes(5));
        var second = await BegunAsync(accounts, bruno);
        var hers = await BegunAsync(accounts, accounts.World.Olga);

        var own = await accounts.Sessions.OwnAsync(bruno);
        Assert.Equal([second.Id, first.Id], own.Select(one => one.Id));
        Assert.Equal(("Firefox", "Windows", true), (own[1].Browser, own[1].Device, own[1].IsRemembered));
        await accounts.Sessions.EndOthersAsync(bruno, first.Id);

        Assert.Equal(first.Id, Assert.Single(await accounts.Sessions.OwnAsync(bruno)).Id);
        Assert.NotNull(await accounts.Sessions.FindAsync(hers.Id));
        Assert.Equal(1, await accounts.World.InDbAsync(db => db.Audit.CountAsync(a => a.What == "sessions.elsewhere" && a.Subject == "member:2")));
        await Assert.ThrowsAsync<NotFoundException>(() => accounts.Sessions.OwnAsync(Actor.Visitor));
    }

    [Theory]
    [OnBothDatabases]
    public async Task Nothing_of_before_goes_on_under_a_new_stamp_or_in_a_suspension(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        var (bruno, olga) = (accounts.World.Bruno, accounts.World.Olga);
        var stale = (await accounts.Accounts.SignedInAsync(bruno.MemberId))!;
        var (his, hers) = (await BegunAsync(accounts, bruno), await BegunAsync(accounts, olga));

        await accounts.Sessions.EndAllAsync(bruno);
        await accounts.Accounts.SuspendAsync(accounts.World.Carla, "olga", "Adverts", until: null);

        Assert.Null(await accounts.Sessions.FindAsync(his.Id));
        Assert.Null(await accounts.Sessions.FindAsync(hers.Id));
        var late = await accounts.Sessions.BeginAsync(stale, Firefox, isRemembered: false);
        Assert.Null(await accounts.Sessions.FindAsync(late.Id));
        Assert.Empty(await accounts.Sessions.OwnAsync(bruno));
        await accounts.Accounts.LiftAsync(accounts.World.Carla, "olga");
        Assert.Null(await accounts.Sessions.FindAsync(hers.Id));
        Assert.Equal(1, await accounts.Sessions.ForgetOverAsync(Actor.Operator));
        Assert.Equal(0, await accounts.World.InDbAsync(db => db.Sessions.CountAsync()));
    }

    [Theory]
    [OnBothDatabases]
    public async Task A_sign_of_life_is_written_down_once_a_minute_and_only_by_the_program(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        var (bruno, clock) = (accounts.World.Bruno, accounts.World.Clock);
        var session = await BegunAsync(accounts, bruno);
        async Task<TimeSpan> SeenAfterAsync() => (await accounts.Sessions.FindAsync(session.Id))!.Session is var now ? now.SeenAt - now.At : default;

        clock.Advance(TimeSpan.FromSeconds(50));
        await accounts.Sessions.SeenAsync(Actor.Operator, [session.Id]);
        Assert.Equal(TimeSpan.Zero, await SeenAfterAsync());
        clock.Advance(TimeSpan.FromSeconds(10));
        await accounts.Sessions.SeenAsync(Actor.Operator, [session.Id, Guid.NewGuid()]);

        Assert.Equal(TimeSpan.FromMinutes(1), await SeenAfterAsync());
        await Assert.ThrowsAsync<NotFoundException>(() => accounts.Sessions.SeenAsync(bruno, [session.Id]));
        await Assert.ThrowsAsync<NotFoundException>(() => accounts.Sessions.ForgetOverAsync(accounts.World.Ada));
    }

    // Sessions begin, are heard of, are ended and grow old in any order; a plain list says which must still open.
    [Theory]
    [OnBothDatabases]
    public async Task Whatever_happens_a_session_opens_as_long_as_the_rule_says(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        var (clock, random, ends) = (accounts.World.Clock, new Random(25), SessionRule.Usual);
        var model = new List<(Guid Id, Actor Who, bool Remembered, DateTimeOffset At, DateTimeOffset Seen)>();
        bool Opens((Guid Id, Actor Who, bool Remembered, DateTimeOffset At, DateTimeOffset Seen) one) =>
            clock.GetUtcNow() - one.At < ends.Longest && clock.GetUtcNow() - one.Seen < (one.Remembered ? ends.IdleRemembered : ends.Idle);

        for (var step = 0; step < 120; step++)
        {
            var what = random.Next(10);
            var index = model.Count == 0 ? -1 : random.Next(model.Count);
            if (what < 3 || index < 0)
            {
                var (who, remembered) = (random.Next(2) == 0 ? accounts.World.Bruno : accounts.World.Olga, random.Next(2) == 0);
                model.Add(((await BegunAsync(accounts, who, remembered)).Id, who, remembered, clock.GetUtcNow(), clock.GetUtcNow()));
            }
            else if (what < 6)
            {
                await accounts.Sessions.SeenAsync(Actor.Operator, [model[index].Id]);
                if (Opens(model[index]) && clock.GetUtcNow() - model[index].Seen >= TimeSpan.FromMinutes(1))
                    model[index] = model[index] with { Seen = clock.GetUtcNow() };
            }
            else if (what == 6)
            {
                await accounts.Sessions.EndAsync(model[index].Who, model[index].Id);
                model.RemoveAt(index);
            }
            else if (what == 7)
            {
                await accounts.Sessions.ForgetOverAsync(Actor.Operator);
                model.RemoveAll(one => !Opens(one));
            }
            else
            {
                clock.Advance(TimeSpan.FromHours(random.Next(1, 300)));
            }

            var open = await accounts.Sessions.FindAsync([.. model.Select(one => one.Id)]);
            Assert.Equal(model.Where(Opens).Select(one => one.Id).Order(), open.Keys.Order());
        }
    }

    [Theory]
    [OnBothDatabases]
    public async Task Who_logs_in_too_often_loses_what_was_silent_for_longest(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        var sessions = new List<Session>();
        for (var count = 0; count <= Sessions.Most; count++)
        {
            sessions.Add(await BegunAsync(accounts, accounts.World.Bruno));
            accounts.World.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        var own = await accounts.Sessions.OwnAsync(accounts.World.Bruno);

        Assert.Equal(sessions.Skip(1).Select(one => one.Id).Reverse(), own.Select(one => one.Id));
    }

    [Theory]
    [InlineData(Firefox, "Firefox", "Windows")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36", "Chrome", "Linux")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0", "Edge", "Windows")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15", "Safari", "Mac")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/141.0 Mobile/15E148 Safari/604.1", "Chrome", "iPhone")]
    [InlineData("Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36", "Samsung Internet", "Android")]
    [InlineData("<script>alert(1)</script>", "", "")]
    [InlineData(null, "", "")]
    public void A_browser_is_known_by_a_name_of_ours_alone(string? userAgent, string browser, string device) =>
        Assert.Equal((browser, device), BrowserNames.Of(userAgent));
}
