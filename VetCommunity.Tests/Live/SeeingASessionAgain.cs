using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Learning;
using VetCommunity.Core.Live;
using VetCommunity.Core.Search;
using Xunit;

namespace VetCommunity.Tests.Live;

public class SeeingASessionAgain
{
    [Theory, OnBothDatabases]
    public async Task Every_moment_shows_what_stood_there_then(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var replays = Replays(live);
        await SayAsync(live, live.Bruno, "Before it begins");
        live.World.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Null(await replays.SeeAsync(live.Bruno, live.Slug, TimeSpan.Zero));

        await live.Stages.StartAsync(live.Anna, live.Slug);
        Assert.Null(await replays.SeeAsync(live.Bruno, live.Slug, TimeSpan.Zero));
        await After(60, () => live.TurnAsync(live.Anna));
        await After(10, () => SayAsync(live, live.Bruno, "What does **two** mean?"));
        await After(10, () => live.TurnAsync(live.Anna));
        await After(10, () => live.Stages.HandAsync(live.Bruno, live.Slug, up: true));
        await After(10, () => live.Stages.GiveFloorAsync(live.Anna, live.Slug, "bruno"));
        await After(10, () => live.Stages.TakeLeadAsync(live.Carla, live.Slug));
        // What is written anew is another one from here on.
        await After(10, () => live.WriteAsync(LiveWorld.Slides.Replace("Three", "The third", StringComparison.Ordinal).Replace("One", "The first", StringComparison.Ordinal)));
        await After(10, () => live.TurnAsync(live.Carla));
        await After(10, () => live.Stages.TakeFloorAsync(live.Carla, live.Slug));
        await After(10, () => live.Stages.EndAsync(live.Carla, live.Slug));
        await After(10, () => SayAsync(live, live.Bruno, "After the end"));
        // A deck of later is not that of the session.
        await After(10, () => live.WriteAsync("# Another session"));

        Assert.Equal(("One", 0, "anna", null, 0), await AtAsync(0));
        Assert.Equal(("One", 0, "anna", null, 0), await AtAsync(59.999));
        Assert.Equal(("Two", 0, "anna", null, 0), await AtAsync(60));
        Assert.Equal(("Two", 0, "anna", null, 1), await AtAsync(75));
        Assert.Equal(("Two", 1, "anna", null, 1), await AtAsync(80));
        Assert.Equal(("Two", 1, "anna", "Bruno Weiß", 1), await AtAsync(100));
        Assert.Equal(("Two", 1, "carla", "Bruno Weiß", 1), await AtAsync(119));
        Assert.Equal(("The third", 0, "carla", "Bruno Weiß", 1), await AtAsync(130));
        Assert.Equal(("The third", 0, "carla", null, 1), await AtAsync(1e6));
        Assert.Equal(("One", 0, "anna", null, 0), await AtAsync(-5));
        var moment = (await replays.SeeAsync(live.Carla, live.Slug, TimeSpan.FromHours(2)))!;
        Assert.Equal((150, 150, null), (moment.At.TotalSeconds, moment.Length.TotalSeconds, moment.Next));
        // From change to change nothing is left out and it comes to an end.
        List<double> changes = [];
        for (var at = (TimeSpan?)TimeSpan.Zero; at is { } here; at = (await replays.SeeAsync(live.Anna, live.Slug, here))!.Next)
            changes.Add(here.TotalSeconds);
        Assert.Equal([0, 60, 70, 80, 100, 110, 130, 140], changes);
        Assert.Equal([(1, 0.0, "The first"), (2, 60, "Two"), (3, 130, "The third")], (await replays.ChaptersAsync(live.Bruno, live.Slug)).Select(one => (one.Slide, one.At.TotalSeconds, one.Title)));

        async Task<(string Title, int Step, string? Lead, string? Floor, int Said)> AtAsync(double seconds)
        {
            var seen = (await replays.SeeAsync(live.Bruno, live.Slug, TimeSpan.FromSeconds(seconds)))!;
            Assert.All(seen.Said, one => Assert.Contains("two", one.Html, StringComparison.Ordinal));
            return (seen.Stage.SlideIn("en")!.Value.Slide.Title, seen.Stage.Step, seen.Stage.Lead, seen.Stage.FloorName, seen.Said.Count);
        }

        async Task After(int seconds, Func<Task> deed)
        {
            live.World.Clock.Advance(TimeSpan.FromSeconds(seconds));
            await deed();
        }
    }

    [Theory, OnBothDatabases]
    public async Task Words_lead_to_the_slide_and_to_what_was_said_in_the_session_only(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var replays = Replays(live);
        await live.WriteAsync("# Uno\n\nLa perché\n\n---\n\n# Due", "en");
        await SayAsync(live, live.Bruno, "A bevel before it begins");
        live.World.Clock.Advance(TimeSpan.FromMinutes(1));
        await live.Stages.StartAsync(live.Anna, live.Slug);
        live.World.Clock.Advance(TimeSpan.FromMinutes(1));
        await SayAsync(live, live.Bruno, "The bevel is round");
        await live.TurnAsync(live.Anna);
        await live.Stages.EndAsync(live.Anna, live.Slug);
        await live.World.Conversations.PostAsync(live.Anna, new("welding", "elsewhere", null, "A bevel in another room", null));

        var found = await replays.FindAsync(live.Bruno, live.Slug, "bevel");
        Assert.Empty(found.Slides);
        Assert.Equal([60], found.Said.Select(one => one.At.TotalSeconds));
        // Whatever somebody types, what was said elsewhere is not of this session.
        Assert.Single((await replays.FindAsync(live.Bruno, live.Slug, "room:welding bevel")).Said);
        Assert.Equal([1], (await replays.FindAsync(live.Bruno, live.Slug, "PERCHE")).Slides.Select(one => one.Slide));
        Assert.Equal(Refusal.SearchDateWrong, await World.RefusalOfAsync(() => replays.FindAsync(live.Bruno, live.Slug, "before:nonsense")));
    }

    [Theory, OnBothDatabases]
    public async Task Questions_are_there_while_they_were_open_and_their_results_while_they_were_shown(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var replays = Replays(live);
        await live.WriteAsync("# One\n\n::: question single\nid: first\nWhich one?\n\n- [x] This\n- [ ] That\n:::\n\n---\n\n# Two\n\n::: question single\nid: second\nAnd here?\n\n- [ ] Here\n- [ ] There\n:::\n");
        await live.Stages.StartAsync(live.Anna, live.Slug);
        await After(() => live.Questions.OpenAsync(live.Anna, live.Slug, "first"));
        await After(async () => await live.Questions.AnswerAsync(live.Bruno, live.Slug, (await live.StateAsync()).Question!.Number, Answer.Of([1])));
        await After(() => live.Questions.CloseAsync(live.Anna, live.Slug, "first"));
        await After(() => live.Questions.ShowResultsAsync(live.Anna, live.Slug, "first"));
        await After(() => live.Questions.HideResultsAsync(live.Anna, live.Slug, "first"));
        await After(() => live.Questions.ShowResultsAsync(live.Anna, live.Slug, "first"));
        await After(() => live.Questions.OpenAsync(live.Anna, live.Slug, "second"));
        await After(() => live.Questions.ShowResultsAsync(live.Anna, live.Slug, "second"));
        await After(() => live.Questions.CloseAsync(live.Anna, live.Slug, "second"));
        await live.Stages.EndAsync(live.Anna, live.Slug);

        List<(string? Key, bool IsOpen, int? Answered)> seen = [];
        for (var minute = 0; minute < 10; minute++)
        {
            var question = (await replays.SeeAsync(live.Bruno, live.Slug, TimeSpan.FromMinutes(minute)))!.Stage.Question;
            seen.Add((question?.Key, question?.IsOpen == true, question?.Result?.Count.Answered));
        }
        Assert.Equal([(null, false, null), ("first", true, null), ("first", true, null), (null, false, null), ("first", false, 1), (null, false, null), ("first", false, 1), ("second", true, null), ("second", true, 0), ("second", false, 0)], seen);

        async Task After(Func<Task> deed)
        {
            live.World.Clock.Advance(TimeSpan.FromMinutes(1));
            await deed();
        }
    }

    [Theory, OnBothDatabases]
    public async Task Who_was_not_in_it_and_who_was_banned_find_no_replay_and_what_was_deleted_is_gone(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var replays = Replays(live);
        await live.Stages.StartAsync(live.Anna, live.Slug);
        var room = (await live.StateAsync()).Room;
        var gone = await SayAsync(live, live.Bruno, "Not to stay");
        await SayAsync(live, live.Bruno, "To stay");
        await live.Stages.EndAsync(live.Anna, live.Slug);
        await live.World.Conversations.DeleteAsync(live.Bruno, room, gone);

        Assert.Equal(["To stay"], (await replays.SeeAsync(live.Bruno, live.Slug, TimeSpan.FromHours(1)))!.Said.Select(one => one.Markdown));
        foreach (var other in (Actor[])[live.Olga, live.World.Ada, Actor.Visitor])
        {
            await Assert.ThrowsAsync<NotFoundException>(() => replays.SeeAsync(other, live.Slug, TimeSpan.Zero));
            await Assert.ThrowsAsync<NotFoundException>(() => replays.ChaptersAsync(other, live.Slug));
            await Assert.ThrowsAsync<NotFoundException>(() => replays.FindAsync(other, live.Slug, "stay"));
        }
        await live.World.InDbAsync(async db =>
        {
            db.Restrictions.Add(new() { ConversationId = await db.LiveSessions.Select(s => s.ConversationId).SingleAsync(), MemberId = live.Bruno.MemberId, BannedUntil = live.World.Clock.GetUtcNow().AddDays(1) });
            return await db.SaveChangesAsync();
        });
        await Assert.ThrowsAsync<NotFoundException>(() => replays.SeeAsync(live.Bruno, live.Slug, TimeSpan.Zero));
    }

    // Any log: a moment found down the index is the one that reading the whole log finds.
    [Theory, OnBothDatabases]
    public async Task Any_moment_of_any_log_is_that_of_the_last_move_before_it(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var replays = Replays(live);
        await live.Stages.StartAsync(live.Anna, live.Slug);
        var begin = live.World.Clock.GetUtcNow();
        var random = new Random(7);
        List<(double At, int Slide, int Step)> moves = [(0, 1, 0)];
        var session = await live.World.InDbAsync(db => db.LiveSessions.AsNoTracking().SingleAsync());
        await live.World.InDbAsync(async db =>
        {
            for (var version = session.Version + 1; version < 120; version++)
            {
                var (at, slide, step) = (moves[^1].At + random.Next(0, 3), random.Next(1, 4), random.Next(0, 2));
                moves.Add((at, slide, step));
                db.Add(new SessionEvent { SessionId = session.Id, Version = version, At = begin.AddSeconds(at), ById = live.Anna.MemberId, Kind = SessionEventKind.Shown, Slide = slide, Step = step });
            }
            return await db.SaveChangesAsync();
        });
        live.World.Clock.Advance(TimeSpan.FromSeconds(moves[^1].At + 10));
        await live.World.InDbAsync(db => db.LiveSessions.ExecuteUpdateAsync(set => set.SetProperty(s => s.Version, 200)));
        await live.Stages.EndAsync(live.Anna, live.Slug);

        for (var at = 0.0; at < moves[^1].At + 5; at += 0.5)
        {
            var expected = moves.Last(one => one.At <= at);
            var seen = (await replays.SeeAsync(live.Bruno, live.Slug, TimeSpan.FromSeconds(at)))!;
            Assert.Equal((at, expected.Slide, expected.Step), (at, seen.Stage.Slide, seen.Stage.Step));
            var next = moves.Select(one => (double?)one.At).FirstOrDefault(one => one > at);
            Assert.Equal((at, next), (at, seen.Next?.TotalSeconds));
        }
        Assert.Equal(moves.GroupBy(one => one.Slide).Select(one => (one.Key, one.Min(first => first.At))).OrderBy(one => one.Item2).ThenBy(one => one.Key),
            (await replays.ChaptersAsync(live.Bruno, live.Slug)).Select(one => (one.Slide, one.At.TotalSeconds)));
    }

    static Replays Replays(LiveWorld live) => new(live.World.Db, live.Stages, new MessageSearch(live.World.Db, live.World.Log));

    static async Task<long> SayAsync(LiveWorld live, Actor who, string text) =>
        (await live.World.Conversations.PostAsync(who, new((await live.StateAsync()).Room, Guid.NewGuid().ToString("N"), null, text, null))).Seq;
}
