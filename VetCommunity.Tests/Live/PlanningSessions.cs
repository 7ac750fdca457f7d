using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Live;
using Xunit;

namespace VetCommunity.Tests.Live;

public class PlanningSessions
{
    [Theory, OnBothDatabases]
    public async Task A_session_comes_with_its_room_and_slides_and_the_same_form_again_is_the_same(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);

        Assert.Equal("welding-in-pairs", live.Slug);
        Assert.Equal(live.Slug, await live.Sessions.PlanAsync(live.Anna, live.Plan, "first"));
        Assert.Equal("welding-in-pairs-2", await live.Sessions.PlanAsync(live.Anna, live.Plan, "second"));
        var seen = await live.Sessions.FindAsync(live.Bruno, live.Slug);
        Assert.Equal((SessionRole.Participant, 1, false, ""), (seen.Role, seen.Registered, seen.Leads, seen.Session.JoinCode));
        Assert.Equal([("anna", SessionRole.Trainer), ("carla", SessionRole.CoTrainer)], seen.Leaders.Select(one => (one.Handle, one.Role)));
        // Whoever is in it talks in its room, and nobody else.
        await live.World.Conversations.PostAsync(live.Bruno, new(seen.Room, "k", null, "Which gas?"));
        await Assert.ThrowsAsync<NotFoundException>(() => live.World.Conversations.FindAsync(live.Olga, seen.Room));
        Assert.True((await live.World.Conversations.FindAsync(live.Carla, seen.Room)).Standing.IsModerator);
        Assert.Equal(["welding-in-pairs", "welding-in-pairs-2"], (await live.Sessions.ListAsync(live.Olga, past: false, 1)).Rows.Select(row => row.Slug));
    }

    [Theory, OnBothDatabases]
    public async Task What_makes_no_sense_is_refused_and_who_may_not_plan_finds_nothing(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var plan = live.Plan;
        Task<Refusal> RefusalOf(SessionPlan wish) => World.RefusalOfAsync(() => live.Sessions.PlanAsync(live.Anna, wish, "other"));

        Assert.Equal(Refusal.BadTitle, await RefusalOf(plan with { Title = " " }));
        Assert.Equal(Refusal.BadChoice, await RefusalOf(plan with { Language = "xx" }));
        Assert.Equal(Refusal.TextTooLong, await RefusalOf(plan with { Description = new string('x', LiveSessions.Text + 1) }));
        Assert.Equal(Refusal.BadSessionTime, await RefusalOf(plan with { EndsAt = plan.StartsAt }));
        Assert.Equal(Refusal.BadSessionTime, await RefusalOf(plan with { EndsAt = plan.StartsAt.AddHours(25) }));
        Assert.Equal(Refusal.SessionInThePast, await RefusalOf(plan with { StartsAt = plan.StartsAt.AddDays(-3), EndsAt = plan.EndsAt.AddDays(-3) }));
        Assert.Equal(Refusal.BadCapacity, await RefusalOf(plan with { Capacity = 0 }));
        Assert.Equal(Refusal.BadCapacity, await RefusalOf(plan with { Capacity = LiveSessions.MostPeople + 1 }));
        foreach (var other in (Actor[])[live.Bruno, live.Olga, Actor.Visitor, Actor.Operator])
            await Assert.ThrowsAsync<NotFoundException>(() => live.Sessions.PlanAsync(other, plan, "other"));
        await Assert.ThrowsAsync<NotFoundException>(() => live.Sessions.ListAsync(Actor.Visitor, past: false, 1));
        await Assert.ThrowsAsync<NotFoundException>(() => live.Sessions.FindAsync(Actor.Visitor, live.Slug));
    }

    [Theory, OnBothDatabases]
    public async Task Two_who_change_the_plan_at_once_do_not_overwrite_each_other(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);

        await live.Sessions.ChangeAsync(live.Carla, live.Slug, live.Plan with { Title = "Welding, together" }, revision: 0);
        Assert.Equal(Refusal.ChangedElsewhere, await World.RefusalOfAsync(() => live.Sessions.ChangeAsync(live.Anna, live.Slug, live.Plan with { Title = "Mine" }, revision: 0)));
        var seen = await live.Sessions.FindAsync(live.Anna, live.Slug);
        Assert.Equal(("Welding, together", 1), (seen.Session.Title, seen.Session.Revision));
        Assert.Equal("Welding, together", (await live.World.Conversations.FindAsync(live.Anna, seen.Room)).Title);
        foreach (var other in (Actor[])[live.Bruno, live.Olga, Actor.Visitor])
            await Assert.ThrowsAsync<NotFoundException>(() => live.Sessions.ChangeAsync(other, live.Slug, live.Plan, revision: 1));
    }

    [Theory, OnBothDatabases]
    public async Task The_last_place_is_given_once_however_many_want_it(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        await live.Sessions.ChangeAsync(live.Anna, live.Slug, live.Plan with { Capacity = 2 }, revision: 0);

        var came = await Task.WhenAll(((Actor[])[live.Olga, live.World.Ada, live.Olga, live.World.Ada]).Select(one => Task.Run(async () => (await live.Sessions.RegisterAsync(one, live.Slug)).IsIn)));

        // Twice each: who got the place comes again, and who waits waits once.
        Assert.Equal(2, came.Count(one => one));
        Assert.Equal((2, true), await SeenAsync());
        Assert.Equal(1, await live.World.InDbAsync(db => db.SessionRequests.CountAsync()));
        // Who is in it comes again, and a place that is given up is that of who waits.
        Assert.True((await live.Sessions.RegisterAsync(live.Bruno, live.Slug)).IsIn);
        await live.Sessions.LeaveAsync(live.Bruno, live.Slug);
        await live.Sessions.LeaveAsync(live.Bruno, live.Slug);
        Assert.Equal((2, true), await SeenAsync());
        Assert.Equal(0, await live.World.InDbAsync(db => db.SessionRequests.CountAsync()));
        var room = (await live.Sessions.FindAsync(live.Anna, live.Slug)).Room;
        await Assert.ThrowsAsync<NotFoundException>(() => live.World.Conversations.FindAsync(live.Bruno, room));

        async Task<(int, bool)> SeenAsync() => await live.Sessions.FindAsync(live.Anna, live.Slug) is var seen ? (seen.Registered, seen.IsFull) : default;
    }

    [Theory, OnBothDatabases]
    public async Task A_code_leads_in_and_is_shown_to_those_who_lead(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var code = (await live.Sessions.FindAsync(live.Carla, live.Slug)).Session.JoinCode;

        Assert.Equal(8, code.Length);
        Assert.Null((await live.Sessions.OfCodeAsync(live.Olga, code)).Role);
        Assert.Equal(new SessionRegistration(live.Slug, State: null), await live.Sessions.JoinAsync(live.Olga, $" {code[..4].ToLowerInvariant()}-{code[4..]} "));
        Assert.Equal(SessionRole.Participant, (await live.Sessions.OfCodeAsync(live.Olga, code)).Role);
        foreach (var (who, wrong) in ((Actor, string?)[])[(live.Olga, "NOSUCHCO"), (live.Olga, ""), (live.Olga, null), (Actor.Visitor, code)])
            await Assert.ThrowsAsync<NotFoundException>(() => live.Sessions.JoinAsync(who, wrong));
    }

    [Theory, OnBothDatabases]
    public async Task Trainers_are_named_and_the_one_who_planned_it_stays(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);

        Assert.Equal(Refusal.UnknownMember, await World.RefusalOfAsync(() => live.Sessions.NameAsync(live.Anna, live.Slug, "nobody", leads: true)));
        Assert.Equal(Refusal.BadChoice, await World.RefusalOfAsync(() => live.Sessions.NameAsync(live.Carla, live.Slug, "anna", leads: false)));
        Assert.Equal(Refusal.TrainerStays, await World.RefusalOfAsync(() => live.Sessions.LeaveAsync(live.Anna, live.Slug)));
        await live.Sessions.NameAsync(live.Anna, live.Slug, "bruno", leads: true);
        Assert.True((await live.Sessions.FindAsync(live.Bruno, live.Slug)).Leads);
        await live.Sessions.NameAsync(live.Anna, live.Slug, "bruno", leads: false);
        await Assert.ThrowsAsync<NotFoundException>(() => live.Sessions.NameAsync(live.Bruno, live.Slug, "olga", leads: true));
        await Assert.ThrowsAsync<NotFoundException>(() => live.Decks.OpenAsync(live.Bruno, live.Slug, "en"));
    }

    [Theory, OnBothDatabases]
    public async Task What_is_called_off_is_over_for_all(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        await Assert.ThrowsAsync<NotFoundException>(() => live.Sessions.CallOffAsync(live.Bruno, live.Slug));

        await live.Sessions.CallOffAsync(live.Carla, live.Slug);
        await live.Sessions.CallOffAsync(live.Carla, live.Slug);

        Assert.Equal(Refusal.SessionOver, await World.RefusalOfAsync(() => live.Stages.StartAsync(live.Anna, live.Slug)));
        Assert.Equal(Refusal.SessionOver, await World.RefusalOfAsync(() => live.Sessions.RegisterAsync(live.Olga, live.Slug)));
        Assert.Equal(Refusal.SessionOver, await World.RefusalOfAsync(() => live.Sessions.ChangeAsync(live.Anna, live.Slug, live.Plan, 1)));
        Assert.Equal([SessionEventKind.CalledOff], (await live.LogAsync()).Select(one => one.Kind));
        Assert.Equal(SessionPhase.CalledOff, Assert.Single((await live.Sessions.ListAsync(live.Olga, past: true, 1)).Rows).Phase);
    }

    [Theory, OnBothDatabases]
    public async Task Slides_of_two_who_write_are_merged_or_both_shown_and_what_cannot_be_shown_is_refused(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var mine = await live.Decks.OpenAsync(live.Anna, live.Slug, "en");
        var hers = await live.Decks.OpenAsync(live.Carla, live.Slug, "en");

        Assert.Null(await live.Decks.SaveAsync(live.Carla, live.Slug, "en", hers.Markdown.Replace("# Three", "# Third", StringComparison.Ordinal), new(hers.Base, hers.Version), "a"));
        // Another place: both are there.
        Assert.Null(await live.Decks.SaveAsync(live.Anna, live.Slug, "en", mine.Markdown.Replace("# One", "# First", StringComparison.Ordinal), new(mine.Base, mine.Version), "b"));
        Assert.Equal(["First", "Two", "Third"], (await live.StateAsync()).Original.Slides.Select(slide => slide.Title));
        // Sent twice it is stored once.
        Assert.Null(await live.Decks.SaveAsync(live.Anna, live.Slug, "en", mine.Markdown.Replace("# One", "# First", StringComparison.Ordinal), new(mine.Base, mine.Version), "b"));
        Assert.Equal(3, await live.World.InDbAsync(db => db.Revisions.CountAsync()));

        var late = await live.Decks.SaveAsync(live.Carla, live.Slug, "en", hers.Markdown.Replace("# One", "# Otherwise", StringComparison.Ordinal), new(hers.Base, 0), "c");
        Assert.Contains("# First", late!.Value.Theirs, StringComparison.Ordinal);
        Assert.Equal(3, await live.World.InDbAsync(db => db.Revisions.CountAsync()));

        Assert.Equal(Refusal.BadSlide, await RefusalOf("# One\n\n---\n\n" + new string('x', 200_000)));
        Assert.Equal(Refusal.BadSlide, await RefusalOf("# One\n\n---\n\n" + new string('>', 500)));
        Assert.Equal(Refusal.TooManySlides, await RefusalOf(string.Join("\n\n---\n\n", Enumerable.Range(1, Deck.Most + 1))));
        Assert.Equal(Refusal.TextTooLong, await RefusalOf(new string('x', 2_000_000)));
        foreach (var other in (Actor[])[live.Bruno, live.Olga, Actor.Visitor])
            await Assert.ThrowsAsync<NotFoundException>(() => live.Decks.SaveAsync(other, live.Slug, "en", "# Mine", new(3, 0), "x"));

        Task<Refusal> RefusalOf(string text) => World.RefusalOfAsync(() => live.Decks.SaveAsync(live.Anna, live.Slug, "en", text, new(3, 0), "d"));
    }
}
