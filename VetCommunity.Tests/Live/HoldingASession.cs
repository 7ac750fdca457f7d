using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Live;
using Xunit;

namespace VetCommunity.Tests.Live;

public class HoldingASession
{
    [Theory, OnBothDatabases]
    public async Task One_press_is_one_step_and_everything_is_in_the_log(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        Assert.Equal(Refusal.SessionNotBegun, await World.RefusalOfAsync(() => live.TurnAsync(live.Anna)));

        await live.Stages.StartAsync(live.Anna, live.Slug);
        await live.Stages.StartAsync(live.Carla, live.Slug);
        for (var press = 0; press < 5; press++)
            await live.TurnAsync(live.Anna);
        await live.TurnAsync(live.Anna, back: true);

        var state = await live.StateAsync();
        // The last press found nothing to turn to, and the one back goes to the end of the slide before.
        Assert.Equal((SessionPhase.Running, 2, 1, 3, "anna"), (state.Phase, state.Slide, state.Step, state.Furthest, state.Lead));
        var log = await live.LogAsync();
        Assert.Equal([(1, 0), (2, 0), (2, 1), (3, 0), (2, 1)], log.Select(one => (one.Slide, one.Step)));
        Assert.Equal(Enumerable.Range(1, 5).Select(number => (long)number), log.Select(one => one.Version));
        Assert.Equal(5, state.Version);
        await live.Stages.ShowSlideAsync(live.Anna, live.Slug, state.Turn, 99);
        Assert.Equal((3, 0), await live.StateAsync() is var shown ? (shown.Slide, shown.Step) : default);
        await live.Stages.EndAsync(live.Carla, live.Slug);
        await live.Stages.EndAsync(live.Carla, live.Slug);
        Assert.Equal(SessionEventKind.Ended, (await live.LogAsync())[^1].Kind);
        Assert.Equal(Refusal.SessionOver, await World.RefusalOfAsync(() => live.TurnAsync(live.Anna)));
        Assert.Equal(Refusal.SessionOver, await World.RefusalOfAsync(() => live.Stages.StartAsync(live.Anna, live.Slug)));
    }

    [Theory, OnBothDatabases]
    public async Task Who_presses_on_what_is_no_more_there_moves_nothing_and_gets_no_error(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        await live.Stages.StartAsync(live.Anna, live.Slug);
        var seen = (await live.StateAsync()).Turn;

        // Ten presses of the same page at once: one step.
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => live.Stages.TurnAsync(live.Anna, live.Slug, seen, back: false))));
        await live.Stages.TurnAsync(live.Anna, live.Slug, seen + 5, back: false);

        var state = await live.StateAsync();
        Assert.Equal((2, 0, seen + 1), (state.Slide, state.Step, state.Version));
        Assert.Equal(2, (await live.LogAsync()).Count);
        // Hands that go up between the look and the press are not in its way.
        await live.Stages.HandAsync(live.Bruno, live.Slug, up: true);
        await live.Stages.TurnAsync(live.Anna, live.Slug, state.Turn, back: false);
        Assert.Equal((2, 1, state.Version + 2), await live.StateAsync() is var after ? (after.Slide, after.Step, after.Version) : default);
    }

    [Theory, OnBothDatabases]
    public async Task The_lead_is_taken_openly_and_nobody_else_moves_the_slides(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        await live.Stages.StartAsync(live.Anna, live.Slug);

        Assert.Equal(Refusal.NotInTheLead, await World.RefusalOfAsync(() => live.TurnAsync(live.Carla)));
        await live.Stages.TakeLeadAsync(live.Carla, live.Slug);
        await live.Stages.TakeLeadAsync(live.Carla, live.Slug);
        Assert.Equal(Refusal.NotInTheLead, await World.RefusalOfAsync(() => live.TurnAsync(live.Anna)));
        await live.TurnAsync(live.Carla);
        Assert.Equal("carla", (await live.StateAsync()).Lead);
        Assert.Equal(Refusal.TrainerStays, await World.RefusalOfAsync(() => live.Sessions.LeaveAsync(live.Carla, live.Slug)));
        Assert.Equal([(SessionEventKind.Started, 1), (SessionEventKind.LeadTaken, 3), (SessionEventKind.Shown, 3)], (await live.LogAsync()).Select(one => (one.Kind, one.ById)));
    }

    [Theory, OnBothDatabases]
    public async Task Participants_and_outsiders_move_nothing_and_see_what_is_theirs(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        await live.Stages.StartAsync(live.Anna, live.Slug);
        var before = await live.StateAsync();

        foreach (var other in (Actor[])[live.Bruno, live.Olga, Actor.Visitor, Actor.Operator])
        {
            await Assert.ThrowsAsync<NotFoundException>(() => live.Stages.StartAsync(other, live.Slug));
            await Assert.ThrowsAsync<NotFoundException>(() => live.Stages.TurnAsync(other, live.Slug, before.Turn, back: false));
            await Assert.ThrowsAsync<NotFoundException>(() => live.Stages.ShowSlideAsync(other, live.Slug, before.Turn, 2));
            await Assert.ThrowsAsync<NotFoundException>(() => live.Stages.TakeLeadAsync(other, live.Slug));
            await Assert.ThrowsAsync<NotFoundException>(() => live.Stages.GiveFloorAsync(other, live.Slug, "bruno"));
            await Assert.ThrowsAsync<NotFoundException>(() => live.Stages.EndAsync(other, live.Slug));
        }
        foreach (var other in (Actor[])[live.Olga, Actor.Visitor, Actor.Operator])
        {
            await Assert.ThrowsAsync<NotFoundException>(() => live.Stages.SeeAsync(other, live.Slug));
            await Assert.ThrowsAsync<NotFoundException>(() => live.Stages.HandAsync(other, live.Slug, up: true));
        }
        Assert.Equal(before.Version, (await live.StateAsync()).Version);
        Assert.Single(await live.LogAsync());
    }

    [Theory, OnBothDatabases]
    public async Task Hands_stand_in_the_order_in_which_they_went_up(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        Assert.Equal(Refusal.SessionNotBegun, await World.RefusalOfAsync(() => live.Stages.HandAsync(live.Bruno, live.Slug, up: true)));
        await live.Sessions.RegisterAsync(live.Olga, live.Slug);
        await live.Stages.StartAsync(live.Anna, live.Slug);

        foreach (var one in (Actor[])[live.Olga, live.Bruno, live.Olga, live.Carla])
            await live.Stages.HandAsync(one, live.Slug, up: true);
        Assert.Equal(["olga", "bruno", "carla"], (await live.StateAsync()).Hands.Select(hand => hand.Handle));
        await live.Stages.HandAsync(live.Bruno, live.Slug, up: false);
        await live.Stages.HandAsync(live.Bruno, live.Slug, up: false);
        await live.Stages.GiveFloorAsync(live.Carla, live.Slug, "olga");
        Assert.Equal("Όλγα Νικολάου", (await live.StateAsync()).FloorName);
        await live.Stages.GiveFloorAsync(live.Anna, live.Slug, "olga");
        await live.Stages.GiveFloorAsync(live.Anna, live.Slug, "nobody");
        await live.Stages.TakeFloorAsync(live.Anna, live.Slug);
        await live.Stages.TakeFloorAsync(live.Anna, live.Slug);
        Assert.Null((await live.StateAsync()).FloorName);
        await live.Stages.HandAsync(live.Bruno, live.Slug, up: true);
        Assert.Equal(["carla", "bruno"], (await live.StateAsync()).Hands.Select(hand => hand.Handle));
        Assert.Equal(
            [SessionEventKind.Started, SessionEventKind.HandRaised, SessionEventKind.HandRaised, SessionEventKind.HandRaised, SessionEventKind.HandLowered, SessionEventKind.FloorGiven, SessionEventKind.FloorGiven, SessionEventKind.HandRaised],
            (await live.LogAsync()).Select(one => one.Kind));
        // Whoever leaves takes the hand along.
        await live.Sessions.LeaveAsync(live.Bruno, live.Slug);
        Assert.Equal(["carla"], (await live.StateAsync(live.Anna)).Hands.Select(hand => hand.Handle));
        await live.Stages.EndAsync(live.Anna, live.Slug);
        Assert.Empty((await live.StateAsync(live.Anna)).Hands);
    }

    [Theory, OnBothDatabases]
    public async Task Who_is_banned_from_its_room_or_leaves_it_is_in_the_session_no_more(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        await live.Sessions.RegisterAsync(live.Olga, live.Slug);
        await live.Stages.StartAsync(live.Anna, live.Slug);
        await live.Stages.HandAsync(live.Olga, live.Slug, up: true);
        var rooms = new Core.Discussion.Rooms(live.World.Db, live.World.Feed, live.World.Clock);
        var room = (await live.StateAsync()).Room;

        await rooms.LeaveAsync(live.Olga, room);
        await Assert.ThrowsAsync<NotFoundException>(() => live.Stages.SeeAsync(live.Olga, live.Slug));
        Assert.Empty((await live.StateAsync()).Hands);
        Assert.Equal(Refusal.TrainerStays, await World.RefusalOfAsync(() => rooms.LeaveAsync(live.Carla, room)));
        await live.Sessions.RegisterAsync(live.Olga, live.Slug);
        Assert.True((await live.World.Conversations.FindAsync(live.Olga, room)).Standing.IsMember);

        var id = (await live.StateAsync()).RoomId;
        await live.World.InDbAsync(async db =>
        {
            db.Restrictions.Add(new() { ConversationId = id, MemberId = live.Bruno.MemberId, BannedUntil = live.World.Clock.GetUtcNow().AddDays(1) });
            return await db.SaveChangesAsync();
        });
        await Assert.ThrowsAsync<NotFoundException>(() => live.Stages.SeeAsync(live.Bruno, live.Slug));
        await Assert.ThrowsAsync<NotFoundException>(() => live.Stages.HandAsync(live.Bruno, live.Slug, up: true));
    }

    [Theory, OnBothDatabases]
    public async Task Whoever_administers_ends_what_nobody_leads_any_more_and_nothing_else(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        await live.Stages.StartAsync(live.Anna, live.Slug);

        await Assert.ThrowsAsync<NotFoundException>(() => live.Stages.TakeLeadAsync(live.World.Ada, live.Slug));
        await Assert.ThrowsAsync<NotFoundException>(() => live.Stages.HandAsync(live.World.Ada, live.Slug, up: true));
        await live.Stages.EndAsync(live.World.Ada, live.Slug);
        Assert.Equal(SessionPhase.Ended, (await live.StateAsync()).Phase);
    }

    [Theory, OnBothDatabases]
    public async Task What_was_not_shown_yet_is_not_found_by_looking_around(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        await live.Stages.StartAsync(live.Anna, live.Slug);
        await live.TurnAsync(live.Anna);
        Assert.Equal((2, 0), await live.StateAsync() is var there ? (there.Furthest, there.FurthestStep) : default);
        await live.TurnAsync(live.Anna);
        await live.TurnAsync(live.Anna, back: true);
        await live.TurnAsync(live.Anna, back: true);
        Assert.Equal((1, 2, 1), await live.StateAsync() is var back ? (back.Slide, back.Furthest, back.FurthestStep) : default);
    }

    [Theory, OnBothDatabases]
    public async Task Each_reads_the_slide_in_their_language_where_there_is_one(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        await live.Decks.AddLanguageAsync(live.Anna, live.Slug, "it");
        Assert.Equal(Refusal.BadChoice, await World.RefusalOfAsync(() => live.Decks.AddLanguageAsync(live.Anna, live.Slug, "xx")));
        await live.WriteAsync("# Uno\n\n---\n\n# Due", "it");
        await live.Stages.StartAsync(live.Anna, live.Slug);
        await live.TurnAsync(live.Anna);

        var state = await live.StateAsync();
        Assert.Equal(("Due", "it"), state.SlideIn("it") is { } italian ? (italian.Slide.Title, italian.Language) : default);
        Assert.Equal(("Two", "en"), state.SlideIn("el") is { } other ? (other.Slide.Title, other.Language) : default);
        // What is written anew is on the stage at once.
        await live.WriteAsync(LiveWorld.Slides.Replace("Two", "Deux", StringComparison.Ordinal));
        Assert.Equal("Deux", (await live.StateAsync()).SlideIn("en")!.Value.Slide.Title);
    }

    [Theory, OnBothDatabases]
    public async Task Those_who_watch_hear_of_each_change_once_it_is_stored(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var told = System.Threading.Channels.Channel.CreateUnbounded<SessionChanged>();
        using var listening = live.World.Feed.Subscribe<SessionChanged>(fact => told.Writer.WriteAsync(fact));
        await live.Stages.StartAsync(live.Anna, live.Slug);
        await live.Stages.StartAsync(live.Anna, live.Slug);
        await live.TurnAsync(live.Anna);
        await live.WriteAsync("# Anew");
        live.World.Feed.Publish(new SessionChanged(-1));

        var room = (await live.StateAsync()).RoomId;
        List<int> heard = [];
        do
            heard.Add((await told.Reader.ReadAsync().AsTask().WaitAsync(Patience.Enough)).ConversationId);
        while (heard[^1] != -1);
        Assert.Equal([room, room, room, -1], heard);
        Assert.Equal(live.Slug, (await live.Stages.OfRoomAsync(Actor.Operator, room))!.Slug);
        Assert.Null(await live.Stages.OfRoomAsync(Actor.Operator, -1));
        await Assert.ThrowsAsync<NotFoundException>(() => live.Stages.OfRoomAsync(live.Anna, room));
    }
}
