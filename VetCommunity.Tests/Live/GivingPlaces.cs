using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Live;
using VetCommunity.Core.Noticing;
using VetCommunity.Core.Privacy;
using Xunit;

namespace VetCommunity.Tests.Live;

/// <summary>Who gets a place in a session: approval, the waiting list, and that there are never more people than places.</summary>
public class GivingPlaces
{
    [Theory, OnBothDatabases]
    public async Task Whoever_comes_when_it_is_full_waits_in_order_and_gets_what_becomes_free(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        await live.Sessions.ChangeAsync(live.Anna, live.Slug, live.Plan with { Capacity = 1 }, revision: 0);

        Assert.Equal(RequestState.Waits, (await live.Sessions.RegisterAsync(live.Olga, live.Slug)).State);
        Assert.Equal(RequestState.Waits, (await live.Sessions.RegisterAsync(live.World.Ada, live.Slug)).State);
        var seen = await live.Sessions.FindAsync(live.World.Ada, live.Slug);
        Assert.Equal((null, RequestState.Waits, 1, 2, 0), (seen.Role, seen.Request, seen.Before, seen.Waiting, seen.Asking));
        Assert.Equal(RequestState.Waits, (await live.Sessions.ListAsync(live.Olga, past: false, 1)).Rows.Single(row => row.Slug == live.Slug).Request);
        // Who waits is not in it: neither room nor stage.
        await Assert.ThrowsAsync<NotFoundException>(() => live.World.Conversations.FindAsync(live.Olga, seen.Room));
        await Assert.ThrowsAsync<NotFoundException>(() => live.Stages.SeeAsync(live.Olga, live.Slug));

        await live.Sessions.LeaveAsync(live.Bruno, live.Slug);
        Assert.Equal(SessionRole.Participant, (await live.Sessions.FindAsync(live.Olga, live.Slug)).Role);
        Assert.Equal((RequestState.Waits, 0), await live.Sessions.FindAsync(live.World.Ada, live.Slug) is var left ? (left.Request, left.Before) : default);
        await live.World.Conversations.PostAsync(live.Olga, new(seen.Room, "k", null, "Here"));
        var notice = Assert.Single(await BellAsync(live, live.Olga));
        Assert.Equal((NoticeKind.SessionPlaceGiven, "Welding in pairs", true), (notice.Kind, notice.Text, notice.IsUnread));
        Assert.Equal(seen.Session.StartsAt, notice.Begins);
        Assert.Equal(live.Slug, await live.Sessions.SlugOfAsync(live.Olga, int.Parse(notice.Address!.Split('/')[^1], System.Globalization.CultureInfo.InvariantCulture)));

        // Bruno comes back behind Ada; more places are given in that order, and who withdraws waits no more.
        await live.Sessions.RegisterAsync(live.Bruno, live.Slug);
        await live.Sessions.ChangeAsync(live.Anna, live.Slug, live.Plan with { Capacity = 2 }, revision: 1);
        Assert.Equal(SessionRole.Participant, (await live.Sessions.FindAsync(live.World.Ada, live.Slug)).Role);
        Assert.Equal(RequestState.Waits, (await live.Sessions.FindAsync(live.Bruno, live.Slug)).Request);
        await live.Sessions.LeaveAsync(live.Bruno, live.Slug);
        Assert.Null((await live.Sessions.FindAsync(live.Bruno, live.Slug)).Request);
        Assert.Equal(Refusal.CapacityTaken, await World.RefusalOfAsync(() => live.Sessions.ChangeAsync(live.Anna, live.Slug, live.Plan with { Capacity = 1 }, revision: 2)));
        Assert.Equal(2, (await live.Sessions.FindAsync(live.Anna, live.Slug)).Session.Capacity);
    }

    [Theory, OnBothDatabases]
    public async Task Who_leads_takes_no_place_and_who_leads_no_more_needs_one(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        await live.Sessions.ChangeAsync(live.Anna, live.Slug, live.Plan with { Capacity = 1 }, revision: 0);
        await live.Sessions.RegisterAsync(live.Olga, live.Slug);
        await live.Sessions.RegisterAsync(live.World.Ada, live.Slug);

        await live.Sessions.NameAsync(live.Anna, live.Slug, "ada", leads: true);
        Assert.Equal(1, await live.World.InDbAsync(db => db.SessionRequests.CountAsync()));
        await live.Sessions.NameAsync(live.Anna, live.Slug, "bruno", leads: true);
        Assert.Equal(SessionRole.Participant, (await live.Sessions.FindAsync(live.Olga, live.Slug)).Role);
        Assert.Equal(Refusal.SessionFull, await World.RefusalOfAsync(() => live.Sessions.NameAsync(live.Anna, live.Slug, "bruno", leads: false)));
    }

    [Theory, OnBothDatabases]
    public async Task Trainers_let_in_and_decline_and_until_then_nobody_is_in(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        await live.Sessions.ChangeAsync(live.Anna, live.Slug, live.Plan with { Capacity = 2, NeedsApproval = true }, revision: 0);
        var code = (await live.Sessions.FindAsync(live.Anna, live.Slug)).Session.JoinCode;

        // Joining by code follows the same rules.
        Assert.Equal(RequestState.Asks, (await live.Sessions.JoinAsync(live.Olga, code)).State);
        Assert.Equal(RequestState.Asks, (await live.Sessions.RegisterAsync(live.World.Ada, live.Slug)).State);
        await Assert.ThrowsAsync<NotFoundException>(() => live.Stages.SeeAsync(live.Olga, live.Slug));
        Assert.Equal([("olga", RequestState.Asks), ("ada", RequestState.Asks)], (await live.Registrations.ListAsync(live.Carla, live.Slug, 1)).Rows.Select(row => (row.Handle, row.State)));
        foreach (var other in (Actor[])[live.Bruno, live.Olga, live.World.Ada, Actor.Visitor, Actor.Operator])
        {
            await Assert.ThrowsAsync<NotFoundException>(() => live.Registrations.ListAsync(other, live.Slug, 1));
            await Assert.ThrowsAsync<NotFoundException>(() => live.Registrations.ApproveAsync(other, live.Slug, "olga"));
            await Assert.ThrowsAsync<NotFoundException>(() => live.Registrations.DeclineAsync(other, live.Slug, "olga"));
        }

        await live.Registrations.DeclineAsync(live.Carla, live.Slug, "olga");
        await live.Registrations.DeclineAsync(live.Carla, live.Slug, "olga");
        await live.Registrations.DeclineAsync(live.Carla, live.Slug, "bruno");
        await live.Registrations.ApproveAsync(live.Anna, live.Slug, "ada");
        Assert.Equal(NoticeKind.SessionDeclined, Assert.Single(await BellAsync(live, live.Olga)).Kind);
        Assert.Equal(Refusal.RegistrationDeclined, await World.RefusalOfAsync(() => live.Sessions.RegisterAsync(live.Olga, live.Slug)));
        await live.Sessions.LeaveAsync(live.Olga, live.Slug);
        Assert.Equal(RequestState.Declined, (await live.Sessions.FindAsync(live.Olga, live.Slug)).Request);
        Assert.Equal((SessionRole.Participant, SessionRole.Participant), ((await live.Sessions.FindAsync(live.World.Ada, live.Slug)).Role, (await live.Sessions.FindAsync(live.Bruno, live.Slug)).Role));

        // They think better of it when it is full: she is the first to get a place.
        await live.Registrations.ApproveAsync(live.Anna, live.Slug, "olga");
        Assert.Equal(RequestState.Waits, (await live.Sessions.FindAsync(live.Olga, live.Slug)).Request);
        await live.Sessions.LeaveAsync(live.Bruno, live.Slug);
        Assert.Equal(SessionRole.Participant, (await live.Sessions.FindAsync(live.Olga, live.Slug)).Role);
        // Without approval who asked gets what there is.
        await live.Sessions.RegisterAsync(live.Bruno, live.Slug);
        await live.Sessions.ChangeAsync(live.Anna, live.Slug, live.Plan with { Capacity = 3 }, revision: 1);
        Assert.Equal(SessionRole.Participant, (await live.Sessions.FindAsync(live.Bruno, live.Slug)).Role);
    }

    /// <summary>Whatever comes together: registering, leaving, letting in, other capacities. Never more than places, and nobody waits beside a free one.</summary>
    [Theory, OnBothDatabases]
    public async Task Many_at_once_never_exceed_the_places(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        await live.Sessions.ChangeAsync(live.Anna, live.Slug, live.Plan with { Capacity = 2 }, revision: 0);
        Actor[] people = [live.Bruno, live.Olga, live.World.Ada];

        for (var round = 0; round < 4; round++)
        {
            await Task.WhenAll(people.SelectMany((one, at) => (Func<Task>[])[
                () => live.Sessions.RegisterAsync(one, live.Slug),
                () => (at + round) % 3 == 0 ? live.Sessions.LeaveAsync(one, live.Slug) : live.Sessions.RegisterAsync(one, live.Slug),
                () => live.Registrations.FillAsync(Actor.Operator)]).Select(Task.Run));
            var (places, waiting) = await live.World.InDbAsync(async db => (await db.SessionPlaces.CountAsync(p => p.Role == SessionRole.Participant), await db.SessionRequests.CountAsync()));
            Assert.InRange(places, 1, 2);
            Assert.True(places == 2 || waiting == 0);
            Assert.Equal(places + 2, await live.World.InDbAsync(db => db.Memberships.CountAsync(m => db.LiveSessions.Any(s => s.ConversationId == m.ConversationId))));
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_place_that_nobody_gave_up_here_is_given_on_too(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        await live.Sessions.ChangeAsync(live.Anna, live.Slug, live.Plan with { Capacity = 1 }, revision: 0);
        await live.Sessions.RegisterAsync(live.Olga, live.Slug);
        Assert.Equal(0, await live.Registrations.FillAsync(Actor.Operator));

        await live.World.InDbAsync(async db =>
        {
            await Holdings.All.Single(one => one.Table == typeof(SessionPlace)).EraseAsync!(db, live.Bruno.MemberId, CancellationToken.None);
            return 0;
        });

        Assert.Equal(1, await live.Registrations.FillAsync(Actor.Operator));
        Assert.Equal(SessionRole.Participant, (await live.Sessions.FindAsync(live.Olga, live.Slug)).Role);
        await Assert.ThrowsAsync<NotFoundException>(() => live.Registrations.FillAsync(live.Anna));
    }

    internal static async Task<IReadOnlyList<NoticeRow>> BellAsync(LiveWorld live, Actor who) =>
        [.. (await new Notices(live.World.Db, live.World.Feed, live.World.Clock).ListAsync(who)).Rows.Where(row => row.Kind >= NoticeKind.SessionPlaceGiven)];
}
