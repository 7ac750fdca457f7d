using VetCommunity.Core;
using VetCommunity.Core.Learning;
using VetCommunity.Core.Live;
using Xunit;

namespace VetCommunity.Tests.Live;

public class RehearsingASession
{
    const string Asking = LiveWorld.Slides + "\n\n::: question single\nid: gas\n\nWhich gas?\n\n- [x] Argon\n- Oxygen\n:::\n";

    static Rehearsals Of(LiveWorld live) => new(live.World.Db, live.World.Feed, live.World.Clock);

    [Theory, OnBothDatabases]
    public async Task Everything_can_be_tried_and_nothing_of_it_reaches_the_session(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        await live.WriteAsync(Asking);
        var before = await live.Stages.SeeAsync(live.Bruno, live.Slug);

        var slug = await Of(live).BeginAsync(live.Anna, live.Slug);
        var code = (await live.Sessions.FindAsync(live.Carla, slug)).Session.JoinCode;
        // Olga plays the audience: the code alone lets her in.
        await live.Sessions.JoinAsync(live.Olga, code);
        await live.Stages.StartAsync(live.Carla, slug);
        await live.Stages.TurnAsync(live.Carla, slug, (await live.Stages.SeeAsync(live.Carla, slug)).State.Turn, back: false);
        await live.Stages.HandAsync(live.Olga, slug, up: true);
        await live.Questions.OpenAsync(live.Carla, slug, "gas");
        var (seen, _) = await live.Stages.SeeAsync(live.Olga, slug);
        await live.Questions.AnswerAsync(live.Olga, slug, seen.Question!.Number, Answer.Of(1));
        Assert.Equal((SessionPhase.Running, 2, live.Slug), (seen.Phase, seen.Slide, seen.RehearsalOf));
        Assert.Equal(["olga"], seen.Hands.Select(hand => hand.Handle));
        // What is written meanwhile is on its stage too.
        await live.WriteAsync(Asking + "\n\n---\n\n# Four");
        Assert.Equal(4, (await live.Stages.SeeAsync(live.Olga, slug)).State.Original.Slides.Count);
        await live.Stages.EndAsync(live.Carla, slug);

        var (after, role) = await live.Stages.SeeAsync(live.Bruno, live.Slug);
        Assert.Equal((SessionRole.Participant, before.State.Version, SessionPhase.Planned, 1, null), (role, after.Version, after.Phase, after.Slide, after.RehearsalOf));
        Assert.Null(after.Question);
        Assert.Equal(1, (await live.Sessions.FindAsync(live.Bruno, live.Slug)).Registered);
        Assert.Equal([live.Slug], (await live.Sessions.ListAsync(live.Anna, past: false, 1)).Rows.Select(row => row.Slug));
        Assert.Empty((await live.Sessions.ListAsync(live.Anna, past: true, 1)).Rows);
        Assert.Equal([(slug, SessionPhase.Ended)], (await Of(live).ListAsync(live.Anna, live.Slug)).Select(row => (row.Slug, row.Phase)));
        // Over, the next one is a new one, and the session itself begins as ever.
        Assert.NotEqual(slug, await Of(live).BeginAsync(live.Anna, live.Slug));
        await live.Stages.StartAsync(live.Anna, live.Slug);
        await live.Questions.OpenAsync(live.Anna, live.Slug, "gas");
        Assert.Equal(0, (await live.Questions.DeskAsync(live.Anna, live.Slug)).Questions.Single().Answered);
    }

    [Theory, OnBothDatabases]
    public async Task Only_who_is_in_it_or_has_its_code_knows_of_it(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var slug = await Of(live).BeginAsync(live.Anna, live.Slug);

        // Bruno takes part in the session itself, Olga in nothing.
        foreach (var actor in (Actor[])[live.Bruno, live.Olga, Actor.Visitor])
        {
            foreach (var deed in (Func<Task>[])
            [
                () => live.Sessions.FindAsync(actor, slug), () => live.Sessions.RegisterAsync(actor, slug), () => live.Sessions.LeaveAsync(actor, slug), () => live.Stages.SeeAsync(actor, slug),
                () => live.Sessions.SlugOfAsync(actor, NumberOf(live, slug)), () => live.Stages.HandAsync(actor, slug, up: true), () => live.Stages.StartAsync(actor, slug),
                () => Of(live).BeginAsync(actor, live.Slug), () => Of(live).ListAsync(actor, live.Slug), () => live.Sessions.JoinAsync(actor, "ABCDEFGH"),
            ])
            {
                await Assert.ThrowsAsync<NotFoundException>(deed);
            }
        }
        Assert.Equal((SessionRole.CoTrainer, live.Slug), (await live.Sessions.FindAsync(live.Carla, slug)) is var seen ? (seen.Role, seen.RehearsalOf) : default);
        // A rehearsal is not rehearsed.
        await Assert.ThrowsAsync<NotFoundException>(() => Of(live).BeginAsync(live.Anna, slug));
    }

    [Theory, OnBothDatabases]
    public async Task Two_who_begin_at_once_are_in_one_and_who_leads_since_comes_along(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);

        var slugs = await Task.WhenAll(Enumerable.Range(0, 6).Select(number => Task.Run(() => Of(live).BeginAsync(number % 2 == 0 ? live.Anna : live.Carla, live.Slug))));
        Assert.Single(slugs.Distinct(StringComparer.Ordinal));
        await Assert.ThrowsAsync<NotFoundException>(() => live.Stages.SeeAsync(live.Olga, slugs[0]));
        await live.Sessions.NameAsync(live.Anna, live.Slug, "@olga", leads: true);
        Assert.Equal(slugs[0], await Of(live).BeginAsync(live.Olga, live.Slug));
        Assert.Equal(SessionRole.CoTrainer, (await live.Stages.SeeAsync(live.Olga, slugs[0])).Role);
    }

    [Theory, OnBothDatabases]
    public async Task What_has_begun_is_rehearsed_no_more(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var slug = await Of(live).BeginAsync(live.Anna, live.Slug);

        await live.Stages.StartAsync(live.Anna, live.Slug);
        Assert.Equal(Refusal.SessionBegun, await World.RefusalOfAsync(() => Of(live).BeginAsync(live.Anna, live.Slug)));
        // What is under way goes on to its end.
        await live.Stages.StartAsync(live.Carla, slug);
        await live.Stages.EndAsync(live.Carla, slug);
    }

    [Theory, OnBothDatabases]
    public async Task Who_leads_the_session_no_more_leads_its_rehearsal_no_more_and_its_plan_and_people_are_the_sessions(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var slug = await Of(live).BeginAsync(live.Anna, live.Slug);
        await live.Stages.StartAsync(live.Carla, slug);
        var rehearsal = await live.Sessions.FindAsync(live.Carla, slug);
        await live.World.Conversations.FindAsync(live.Carla, rehearsal.Room);

        await live.Sessions.NameAsync(live.Anna, live.Slug, "@carla", leads: false);
        foreach (var deed in (Func<Task>[])
        [
            () => live.Decks.OpenAsync(live.Carla, live.Slug, "en"), () => live.Sessions.FindAsync(live.Carla, slug), () => live.Stages.SeeAsync(live.Carla, slug), () => live.Stages.EndAsync(live.Carla, slug),
            () => live.World.Conversations.FindAsync(live.Carla, rehearsal.Room), () => live.World.Conversations.FindAsync(live.Carla, rehearsal.TrainersRoom!),
        ])
        {
            await Assert.ThrowsAsync<NotFoundException>(deed);
        }
        // Whoever remains takes the lead that she had.
        Assert.Null((await live.Stages.SeeAsync(live.Anna, slug)).State.Lead);
        await live.Stages.TakeLeadAsync(live.Anna, slug);
        Assert.Equal("anna", (await live.Stages.SeeAsync(live.Anna, slug)).State.Lead);
        foreach (var deed in (Func<Task>[])[() => live.Sessions.NameAsync(live.Anna, slug, "@olga", leads: true), () => live.Sessions.ChangeAsync(live.Anna, slug, live.Plan, 0), () => live.Sessions.CallOffAsync(live.Anna, slug)])
            await Assert.ThrowsAsync<NotFoundException>(deed);
        // By its own code she may play the audience again, and reads no notes.
        await live.Sessions.JoinAsync(live.Carla, rehearsal.Session.JoinCode);
        await Assert.ThrowsAsync<NotFoundException>(() => live.Decks.OpenAsync(live.Carla, live.Slug, "en"));
    }

    static int NumberOf(LiveWorld live, string slug)
    {
        using var context = live.World.Db.CreateDbContext();
        return context.LiveSessions.Where(s => s.Slug == slug).Select(s => s.Id).Single();
    }
}
