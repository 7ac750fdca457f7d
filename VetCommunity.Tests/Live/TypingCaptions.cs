using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Live;
using VetCommunity.Core.Privacy;
using VetCommunity.Core.Search;
using Xunit;

namespace VetCommunity.Tests.Live;

public class TypingCaptions
{
    [Theory, OnBothDatabases]
    public async Task Who_leads_or_was_named_types_and_all_in_the_session_read_the_newest_of_each_language(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var captions = Captions(live);
        await live.Stages.StartAsync(live.Anna, live.Slug);
        List<int> told = [];
        using var listening = live.World.Feed.Subscribe<CaptionsChanged>(fact =>
        {
            told.Add(fact.ConversationId);
            return ValueTask.CompletedTask;
        });
        Assert.Empty((await captions.SeeAsync(live.Bruno, live.Slug)).Lines);
        await Assert.ThrowsAsync<NotFoundException>(() => TypeAsync(captions, live.Bruno, live.Slug, "it", "Ciao"));
        await captions.NameAsync(live.Anna, live.Slug, "@Bruno", may: true);
        foreach (var line in (string[])["Buongiorno", "  Oggi\tsaldiamo\u202E ", "Uno tiene", "   "])
        {
            live.World.Clock.Advance(TimeSpan.FromSeconds(1));
            await TypeAsync(captions, live.Bruno, live.Slug, "it", line);
        }
        await TypeAsync(captions, live.Carla, live.Slug, "en", "Good morning");

        var seen = await captions.SeeAsync(live.Bruno, live.Slug);
        Assert.Equal([("en", "Good morning"), ("it", "Oggi saldiamo|Uno tiene")], seen.Lines.Select(one => (one.Language, string.Join('|', one.Lines.Select(line => line.Text)))));
        var room = (await live.StateAsync()).RoomId;
        Assert.Equivalent(seen, await captions.OfRoomAsync(Actor.Operator, room), strict: true);
        Assert.Equal([room, room, room, room], told);
        Assert.Equal(["Buongiorno", "Oggi saldiamo", "Uno tiene"], (await captions.DeskAsync(live.Bruno, live.Slug, "it"))!.Lines.Select(line => line.Text));
        Assert.Equal(["bruno"], (await captions.DeskAsync(live.Anna, live.Slug, "en"))!.Writers.Select(one => one.Handle));
        Assert.Empty((await captions.DeskAsync(live.Bruno, live.Slug, "en"))!.Writers);
        // A caption is no move of the stage.
        Assert.Equal(1, (await live.StateAsync()).Version);

        await captions.NameAsync(live.Carla, live.Slug, "bruno", may: false);
        await Assert.ThrowsAsync<NotFoundException>(() => TypeAsync(captions, live.Bruno, live.Slug, "it", "Ancora"));
        Assert.Null(await captions.DeskAsync(live.Bruno, live.Slug, "it"));
    }

    [Theory, OnBothDatabases]
    public async Task Nobody_else_reads_types_or_names(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var captions = Captions(live);
        await live.Stages.StartAsync(live.Anna, live.Slug);
        await TypeAsync(captions, live.Anna, live.Slug, "en", "Good morning");
        foreach (var who in (Actor[])[live.Olga, Actor.Visitor, live.World.Ada])
        {
            await Assert.ThrowsAsync<NotFoundException>(() => captions.SeeAsync(who, live.Slug));
            await Assert.ThrowsAsync<NotFoundException>(() => TypeAsync(captions, who, live.Slug, "en", "Hello"));
            await Assert.ThrowsAsync<NotFoundException>(() => captions.DeskAsync(who, live.Slug, "en"));
            await Assert.ThrowsAsync<NotFoundException>(() => captions.NameAsync(who, live.Slug, "bruno", may: true));
            await Assert.ThrowsAsync<NotFoundException>(() => captions.OfRoomAsync(who, 1));
        }
        await Assert.ThrowsAsync<NotFoundException>(() => captions.NameAsync(live.Bruno, live.Slug, "bruno", may: true));
        Assert.Null(await captions.DeskAsync(live.Bruno, live.Slug, "en"));
        Assert.Equal("Good morning", Assert.Single(Assert.Single((await captions.SeeAsync(live.Bruno, live.Slug)).Lines).Lines).Text);
    }

    [Theory, OnBothDatabases]
    public async Task Each_refusal_says_why(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var captions = Captions(live);
        Assert.Equal(Refusal.SessionNotBegun, await World.RefusalOfAsync(() => TypeAsync(captions, live.Anna, live.Slug, "en", "Early")));
        Assert.Equal(Refusal.NotInSession, await World.RefusalOfAsync(() => captions.NameAsync(live.Anna, live.Slug, "olga", may: true)));
        Assert.Equal(Refusal.NotInSession, await World.RefusalOfAsync(() => captions.NameAsync(live.Anna, live.Slug, "carla", may: true)));
        await live.Stages.StartAsync(live.Anna, live.Slug);
        await TypeAsync(captions, live.Anna, live.Slug, "en", new string('w', Core.Live.Captions.Length));
        Assert.Equal(Refusal.TextTooLong, await World.RefusalOfAsync(() => TypeAsync(captions, live.Anna, live.Slug, "en", new string('w', Core.Live.Captions.Length + 1))));
        Assert.Equal(Refusal.BadChoice, await World.RefusalOfAsync(() => TypeAsync(captions, live.Anna, live.Slug, "xx", "Hello")));
        Assert.Equal(Refusal.BadChoice, await World.RefusalOfAsync(() => TypeAsync(captions, live.Anna, live.Slug, null, "Hello")));
        await live.World.InDbAsync(async db =>
        {
            var session = await db.LiveSessions.SingleAsync(s => s.Slug == live.Slug);
            for (var i = 1; i < Core.Live.Captions.MostLines; i++)
                db.Add(new SessionCaption { SessionId = session.Id, Language = "en", At = live.World.Clock.GetUtcNow(), ById = live.Anna.MemberId, Key = $"{i}", Text = "w", Folded = "w" });
            return await db.SaveChangesAsync();
        });
        Assert.Equal(Refusal.TooManyCaptions, await World.RefusalOfAsync(() => TypeAsync(captions, live.Anna, live.Slug, "en", "One more")));
        await live.Stages.EndAsync(live.Anna, live.Slug);
        Assert.Equal(Refusal.SessionOver, await World.RefusalOfAsync(() => TypeAsync(captions, live.Anna, live.Slug, "en", "Late")));
        Assert.Equal(Refusal.SessionOver, await World.RefusalOfAsync(() => captions.NameAsync(live.Anna, live.Slug, "bruno", may: true)));
        Assert.Empty((await captions.SeeAsync(live.Bruno, live.Slug)).Lines);
    }

    [Theory, OnBothDatabases]
    public async Task A_replay_shows_and_finds_them_at_their_moment(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var captions = Captions(live);
        var replays = new Replays(live.World.Db, live.Stages, new MessageSearch(live.World.Db, live.World.Log));
        await live.Stages.StartAsync(live.Anna, live.Slug);
        foreach (var (language, line) in (((string, string)[])[("el", "Καλημέρα σας"), ("en", "Good morning"), ("en", "Now we WELD"), ("en", "in pairs, 100 %")]))
        {
            live.World.Clock.Advance(TimeSpan.FromSeconds(10));
            await TypeAsync(captions, live.Anna, live.Slug, language, line);
        }
        live.World.Clock.Advance(TimeSpan.FromSeconds(10));
        await live.Stages.EndAsync(live.Anna, live.Slug);

        Assert.Equal("", await AtAsync(9.9));
        Assert.Equal("el:Καλημέρα σας", await AtAsync(10));
        Assert.Equal("en:Good morning/Now we WELD el:Καλημέρα σας", await AtAsync(39));
        Assert.Equal("en:Now we WELD/in pairs, 100 % el:Καλημέρα σας", await AtAsync(100));
        List<double> changes = [];
        for (var at = (TimeSpan?)TimeSpan.Zero; at is { } here; at = (await replays.SeeAsync(live.Bruno, live.Slug, here))!.Next)
            changes.Add(here.TotalSeconds);
        Assert.Equal([0, 10, 20, 30, 40], changes);
        Assert.Equal([(30.0, "en", "Now we WELD")], await FoundAsync("weld we"));
        Assert.Equal([(10.0, "el", "Καλημέρα σας")], await FoundAsync("καλημερα"));
        Assert.Equal([(40.0, "en", "in pairs, 100 %")], await FoundAsync("100 %"));
        Assert.Empty(await FoundAsync("welding"));

        async Task<string> AtAsync(double seconds) =>
            string.Join(' ', (await replays.SeeAsync(live.Bruno, live.Slug, TimeSpan.FromSeconds(seconds)))!.Captions.Select(one => one.Language + ":" + string.Join('/', one.Lines.Select(line => line.Text))));

        async Task<IEnumerable<(double, string, string)>> FoundAsync(string words) => (await replays.FindAsync(live.Bruno, live.Slug, words)).Captions.Select(one => (one.At.TotalSeconds, one.Language, one.Text));
    }

    [Theory, OnBothDatabases]
    public async Task What_was_typed_stays_and_is_in_the_export_of_who_typed_it(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var captions = Captions(live);
        await live.Stages.StartAsync(live.Anna, live.Slug);
        await captions.NameAsync(live.Anna, live.Slug, "bruno", may: true);
        await TypeAsync(captions, live.Bruno, live.Slug, "it", "Buongiorno");
        await TypeAsync(captions, live.Anna, live.Slug, "en", "Good morning");
        var holding = Holdings.All.Single(one => one.Table == typeof(SessionCaption));

        await live.World.InDbAsync(async db =>
        {
            Assert.Equal(["Buongiorno"], (await holding.Mine!(db, live.Bruno.MemberId).Cast<SessionCaption>().ToListAsync()).ConvertAll(one => one.Text));
            return 0;
        });
        Assert.Equal(Leaving.Stays, holding.Leaving);
    }

    [Theory, OnBothDatabases]
    public async Task A_countdown_is_a_move_of_who_leads(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        Assert.Equal(Refusal.SessionNotBegun, await World.RefusalOfAsync(() => live.Stages.SetTimerAsync(live.Anna, live.Slug, 5)));
        await live.Stages.StartAsync(live.Anna, live.Slug);
        await Assert.ThrowsAsync<NotFoundException>(() => live.Stages.SetTimerAsync(live.Bruno, live.Slug, 5));
        await Assert.ThrowsAsync<NotFoundException>(() => live.Stages.TakeTimerAsync(live.Olga, live.Slug));
        foreach (var minutes in (int[])[0, -1, Stages.MostMinutes + 1])
            Assert.Equal(Refusal.BadTimer, await World.RefusalOfAsync(() => live.Stages.SetTimerAsync(live.Anna, live.Slug, minutes)));
        // Also without the lead; a later one replaces it, and taking it away twice is taking it away once.
        live.World.Clock.Advance(TimeSpan.FromSeconds(10));
        await live.Stages.SetTimerAsync(live.Carla, live.Slug, 5);
        Assert.Equal(Kept(live.World.Clock.GetUtcNow().AddMinutes(5)), (await live.StateAsync()).TimerUntil);
        var turn = (await live.StateAsync()).Turn;
        live.World.Clock.Advance(TimeSpan.FromSeconds(10));
        await live.Stages.SetTimerAsync(live.Anna, live.Slug, 1);
        var until = Kept(live.World.Clock.GetUtcNow().AddMinutes(1));
        Assert.Equal((until, turn), ((await live.StateAsync()).TimerUntil, (await live.StateAsync()).Turn));
        live.World.Clock.Advance(TimeSpan.FromSeconds(10));
        await live.Stages.TakeTimerAsync(live.Anna, live.Slug);
        await live.Stages.TakeTimerAsync(live.Anna, live.Slug);
        Assert.Null((await live.StateAsync()).TimerUntil);
        Assert.Equal([SessionEventKind.Started, SessionEventKind.TimerSet, SessionEventKind.TimerSet, SessionEventKind.TimerTaken], (await live.LogAsync()).Select(one => one.Kind));
        live.World.Clock.Advance(TimeSpan.FromSeconds(10));
        await live.Stages.SetTimerAsync(live.Anna, live.Slug, 30);
        await live.Stages.EndAsync(live.Anna, live.Slug);
        Assert.Null((await live.StateAsync()).TimerUntil);

        var replays = new Replays(live.World.Db, live.Stages, new MessageSearch(live.World.Db, live.World.Log));
        Assert.Equal([null, until, until, null], [await AtAsync(9), await AtAsync(25), await AtAsync(29.999), await AtAsync(30)]);

        async Task<DateTimeOffset?> AtAsync(double seconds) => (await replays.SeeAsync(live.Bruno, live.Slug, TimeSpan.FromSeconds(seconds)))!.Stage.TimerUntil;
    }

    static Task TypeAsync(Captions captions, Actor who, string slug, string? language, string text) => captions.TypeAsync(who, slug, language, text, Guid.NewGuid().ToString("N"));

    [Theory, OnBothDatabases]
    public async Task A_line_that_is_sent_once_more_is_the_same_line_and_who_is_muted_types_none(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var captions = Captions(live);
        await live.Stages.StartAsync(live.Anna, live.Slug);
        await captions.NameAsync(live.Anna, live.Slug, "bruno", may: true);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => captions.TypeAsync(live.Bruno, live.Slug, "it", "Si salda", "one"))));
        await captions.TypeAsync(live.Anna, live.Slug, "it", "Si salda", "one");
        Assert.Equal(["Si salda", "Si salda"], (await captions.DeskAsync(live.Anna, live.Slug, "it"))!.Lines.Select(line => line.Text));
        foreach (var key in (string?[])[null, "", new string('k', 65)])
            Assert.Equal(Refusal.BadChoice, await World.RefusalOfAsync(() => captions.TypeAsync(live.Bruno, live.Slug, "it", "In due", key)));
        await live.World.InDbAsync(async db =>
        {
            var room = await db.LiveSessions.Select(s => s.ConversationId).SingleAsync();
            db.Add(new Core.Moderation.Restriction { ConversationId = room, MemberId = live.Bruno.MemberId, MutedUntil = live.World.Clock.GetUtcNow().AddHours(1) });
            return await db.SaveChangesAsync();
        });
        Assert.Equal(Refusal.Muted, await World.RefusalOfAsync(() => captions.TypeAsync(live.Bruno, live.Slug, "it", "In due", "two")));
        var questions = new AudienceQuestions(live.World.Db, live.World.Feed, live.World.Clock, live.Stages);
        Assert.Equal(Refusal.Muted, await World.RefusalOfAsync(() => questions.AskAsync(live.Bruno, live.Slug, "Why in pairs?", anonymous: false)));
    }

    // To the millisecond, as it is stored.
    static DateTimeOffset Kept(DateTimeOffset at) => DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());

    static Captions Captions(LiveWorld live) => new(live.World.Db, live.World.Feed, live.World.Clock);
}
