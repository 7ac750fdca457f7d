using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Live;
using VetCommunity.Core.Markdown;
using VetCommunity.Core.Privacy;
using Xunit;

namespace VetCommunity.Tests.Live;

/// <summary>The shared notes of a session.</summary>
public class WritingNotesTogether
{
    static SharedNotes NotesOf(LiveWorld live) => new(live.World.Db, live.World.Feed, live.World.Clock);

    static async Task<string> TextAsync(LiveWorld live) => (await NotesOf(live).SeeAsync(live.Anna, live.Slug)).Written.Text;

    [Theory, OnBothDatabases]
    public async Task All_who_have_a_place_write_before_during_and_after_and_all_of_them_read_who_saved_last(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var notes = NotesOf(live);
        List<int> told = [];
        using var listening = live.World.Feed.Subscribe<NotesChanged>(fact =>
        {
            told.Add(fact.ConversationId);
            return ValueTask.CompletedTask;
        });
        var first = await notes.SeeAsync(live.Bruno, live.Slug);
        Assert.Equal(("Welding in pairs", "en", 0, "", null), (first.Title, first.Language, first.Written.Number, first.Written.Text, first.Written.At));

        Assert.Equal(new TextSaved(1, IsMerged: false, Theirs: null), await notes.SaveAsync(live.Bruno, live.Slug, "# Agreed\r\n\r\n- gloves\0  \n\n", 0));
        await live.Stages.StartAsync(live.Anna, live.Slug);
        Assert.Equal(2, (await notes.SaveAsync(live.Carla, live.Slug, "# Agreed\n\n- gloves\n- a mask", 1)).Number);
        // What says nothing new is nobody's.
        Assert.Equal(2, (await notes.SaveAsync(live.Bruno, live.Slug, "# Agreed\n\n- gloves\n- a mask\n", 2)).Number);
        await live.Stages.EndAsync(live.Anna, live.Slug);
        live.World.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(3, (await notes.SaveAsync(live.Anna, live.Slug, "# Agreed\n\n- gloves\n- a mask\n- next week", 2)).Number);

        var seen = await notes.SeeAsync(live.Bruno, live.Slug);
        Assert.Equal((3, "# Agreed\n\n- gloves\n- a mask\n- next week", "anna", "Anna Rossi", DateTimeOffset.FromUnixTimeMilliseconds(live.World.Clock.GetUtcNow().ToUnixTimeMilliseconds())),
            (seen.Written.Number, seen.Written.Text, seen.Written.Handle, seen.Written.Name, seen.Written.At));
        var room = (await live.StateAsync()).RoomId;
        Assert.Equal(new NotesMove(seen.Room, 3, IsClosed: false), await notes.OfRoomAsync(Actor.Operator, room));
        Assert.Equal([room, room, room, room], told);
        // Writing is no move of the session.
        Assert.Equal([SessionEventKind.Started, SessionEventKind.Ended], (await live.LogAsync()).Select(one => one.Kind));
    }

    [Theory, OnBothDatabases]
    public async Task Two_at_once_are_merged_and_a_conflict_loses_nothing(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var notes = NotesOf(live);
        await notes.SaveAsync(live.Anna, live.Slug, "One\n\nTwo\n\nThree", 0);
        Assert.Equal(new TextSaved(2, IsMerged: false, Theirs: null), await notes.SaveAsync(live.Bruno, live.Slug, "One, said Bruno\n\nTwo\n\nThree", 1));
        Assert.Equal(new TextSaved(3, IsMerged: true, Theirs: null), await notes.SaveAsync(live.Carla, live.Slug, "One\n\nTwo\n\nThree, said Carla", 1));
        Assert.Equal("One, said Bruno\n\nTwo\n\nThree, said Carla", await TextAsync(live));

        // The same line twice: nothing is saved, and whoever is second has both texts.
        var conflict = await notes.SaveAsync(live.Anna, live.Slug, "One, said Anna\n\nTwo\n\nThree", 1);
        Assert.Equal(new TextSaved(3, IsMerged: false, "One, said Bruno\n\nTwo\n\nThree, said Carla"), conflict);
        Assert.Equal("One, said Bruno\n\nTwo\n\nThree, said Carla", await TextAsync(live));
        await notes.SaveAsync(live.Anna, live.Slug, "One, said both\n\nTwo\n\nThree, said Carla", conflict.Number);
        Assert.Equal("One, said both\n\nTwo\n\nThree, said Carla", await TextAsync(live));
        // A number that never was, and two who begin, are conflicts too.
        Assert.True((await notes.SaveAsync(live.Bruno, live.Slug, "Mine", 4711)).IsConflict);
        Assert.True((await notes.SaveAsync(live.Bruno, live.Slug, "Mine", 0)).IsConflict);
        // Emptied by one, a line added by another.
        Assert.True((await notes.SaveAsync(live.Bruno, live.Slug, "", 1)).IsConflict);
    }

    [Theory, OnBothDatabases]
    public async Task Of_many_who_save_in_the_same_moment_every_line_stands_in_the_end(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var notes = NotesOf(live);
        await live.Sessions.RegisterAsync(live.Olga, live.Slug);
        await notes.SaveAsync(live.Anna, live.Slug, "a\n\nb\n\nc\n\nd\n", 0);
        await Task.WhenAll(new (Actor Who, string Line)[] { (live.Anna, "a"), (live.Bruno, "b"), (live.Carla, "c"), (live.Olga, "d") }
            .Select(one => Task.Run(async () => Assert.False((await notes.SaveAsync(one.Who, live.Slug, "a\n\nb\n\nc\n\nd".Replace(one.Line, one.Line + " " + one.Who.Handle, StringComparison.Ordinal), 1)).IsConflict))));
        Assert.Equal("a anna\n\nb bruno\n\nc carla\n\nd olga", await TextAsync(live));
        Assert.Equal(5, await live.World.InDbAsync(db => db.SessionTexts.CountAsync()));
    }

    [Theory, OnBothDatabases]
    public async Task Nobody_else_reads_or_writes_and_it_looks_as_if_nothing_were_there(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var notes = NotesOf(live);
        var plan = await live.Sessions.FindAsync(live.Anna, live.Slug);
        await live.Sessions.ChangeAsync(live.Anna, live.Slug, live.Plan with { AllowsGuests = true }, plan.Session.Revision);
        var guest = (await new Guests(live.World.Db, live.World.Feed, live.World.Clock).JoinAsync(Actor.Visitor, plan.Session.JoinCode, "Gero", "de")).Actor;
        await notes.SaveAsync(live.Anna, live.Slug, "Secret", 0);
        foreach (var who in (Actor[])[live.Olga, live.World.Ada, Actor.Visitor, guest])
        {
            await Assert.ThrowsAsync<NotFoundException>(() => notes.SeeAsync(who, live.Slug));
            await Assert.ThrowsAsync<NotFoundException>(() => notes.SaveAsync(who, live.Slug, "Mine", 1));
            await Assert.ThrowsAsync<NotFoundException>(() => notes.SaveAsync(who, live.Slug, new string('x', SharedNotes.Length + 1), 1));
            await Assert.ThrowsAsync<NotFoundException>(() => notes.OfRoomAsync(who, 1));
        }
        await Assert.ThrowsAsync<NotFoundException>(() => notes.SeeAsync(live.Anna, "no-such-session"));
        await live.Sessions.LeaveAsync(live.Bruno, live.Slug);
        await Assert.ThrowsAsync<NotFoundException>(() => notes.SaveAsync(live.Bruno, live.Slug, "Mine", 1));
        Assert.Equal("Secret", await TextAsync(live));
        // A rehearsal has notes of its own, for its cast.
        var rehearsal = await new Rehearsals(live.World.Db, live.World.Feed, live.World.Clock).BeginAsync(live.Anna, live.Slug);
        await notes.SaveAsync(live.Carla, rehearsal, "Louder", 0);
        Assert.Equal((live.Slug, "Louder"), await notes.SeeAsync(live.Anna, rehearsal) is var seen ? (seen.RehearsalOf, seen.Written.Text) : default);
        await Assert.ThrowsAsync<NotFoundException>(() => notes.SeeAsync(live.Bruno, rehearsal));
        Assert.Equal("Secret", await TextAsync(live));
    }

    [Theory, OnBothDatabases]
    public async Task Each_refusal_says_why_and_old_states_go(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var notes = NotesOf(live);
        Assert.Equal(Refusal.TextTooLong, await World.RefusalOfAsync(() => notes.SaveAsync(live.Bruno, live.Slug, new string('x', SharedNotes.Length + 1), 0)));
        Assert.Equal(Refusal.TextTooDeep, await World.RefusalOfAsync(() => notes.SaveAsync(live.Bruno, live.Slug, new string('>', 500) + " x", 0)));
        Assert.Equal("", await TextAsync(live));
        var half = new string('x', SharedNotes.Length / 2 - 10);
        await notes.SaveAsync(live.Anna, live.Slug, "\n\nmiddle\n\n", 0);
        await notes.SaveAsync(live.Anna, live.Slug, half + "\n\nmiddle\n\n", 1);
        // Each of them is short enough, and both together are not.
        Assert.Equal(Refusal.TextTooLong, await World.RefusalOfAsync(() => notes.SaveAsync(live.Bruno, live.Slug, "\n\nmiddle\n\n" + half + half[..100], 1)));

        for (var n = 0; n < SharedNotes.PerMinute; n++)
            await notes.SaveAsync(live.Bruno, live.Slug, $"State {n}", (await notes.SeeAsync(live.Bruno, live.Slug)).Written.Number);
        Assert.Equal(Refusal.SavedTooFast, await World.RefusalOfAsync(() => notes.SaveAsync(live.Bruno, live.Slug, "One more", 99)));
        await notes.SaveAsync(live.Carla, live.Slug, "Others go on", (await notes.SeeAsync(live.Carla, live.Slug)).Written.Number);
        live.World.Clock.Advance(TimeSpan.FromMinutes(2));
        for (var n = 0; n < SessionWriting.Kept; n++)
        {
            live.World.Clock.Advance(TimeSpan.FromSeconds(30));
            await notes.SaveAsync(live.Bruno, live.Slug, $"Later {n}", (await notes.SeeAsync(live.Bruno, live.Slug)).Written.Number);
        }
        Assert.Equal(SessionWriting.Kept, await live.World.InDbAsync(db => db.SessionTexts.CountAsync()));
        Assert.True((await notes.SaveAsync(live.Carla, live.Slug, "On something that is gone", 1)).IsConflict);

        live.World.Clock.Advance(TimeSpan.FromMinutes(2));
        await live.World.InDbAsync(async db =>
        {
            db.Add(new Core.Moderation.Restriction { ConversationId = await db.LiveSessions.Select(s => s.ConversationId).SingleAsync(), MemberId = live.Bruno.MemberId, MutedUntil = live.World.Clock.GetUtcNow().AddHours(1) });
            return await db.SaveChangesAsync();
        });
        Assert.Equal(Refusal.Muted, await World.RefusalOfAsync(() => notes.SaveAsync(live.Bruno, live.Slug, "Muted", 0)));
        await live.Sessions.CallOffAsync(live.Anna, live.Slug);
        Assert.Equal(Refusal.SessionOver, await World.RefusalOfAsync(() => notes.SaveAsync(live.Anna, live.Slug, "Too late", 0)));
        Assert.False((await notes.SeeAsync(live.Anna, live.Slug)).IsOpen);
    }

    [Theory, OnBothDatabases]
    public async Task Those_who_lead_bring_back_what_somebody_emptied_and_nobody_else_sees_it(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var notes = NotesOf(live);
        await notes.SaveAsync(live.Anna, live.Slug, "One\n\nTwo\n\nThree", 0);
        await notes.SaveAsync(live.Bruno, live.Slug, "", 1);
        var earlier = await notes.EarlierAsync(live.Carla, live.Slug, 1);
        Assert.Equal([(2, "bruno", ""), (1, "anna", "")], earlier.States.Select(state => (state.Number, state.Handle, state.Text)));
        Assert.Equal((1, "One\n\nTwo\n\nThree", "anna"), (earlier.Shown!.Number, earlier.Shown.Text, earlier.Shown.Handle));
        Assert.Null((await notes.EarlierAsync(live.Carla, live.Slug, 0)).Shown);
        Assert.Equal((true, false), ((await notes.SeeAsync(live.Carla, live.Slug)).Leads, (await notes.SeeAsync(live.Bruno, live.Slug)).Leads));
        foreach (var who in (Actor[])[live.Bruno, live.Olga, live.World.Ada, Actor.Visitor])
        {
            await Assert.ThrowsAsync<NotFoundException>(() => notes.EarlierAsync(who, live.Slug, 1));
            await Assert.ThrowsAsync<NotFoundException>(() => notes.BringBackAsync(who, live.Slug, 1, 2));
        }
        foreach (var number in (int[])[-1, 0, 3])
            await Assert.ThrowsAsync<NotFoundException>(() => notes.BringBackAsync(live.Carla, live.Slug, number, 2));

        Assert.Equal(new TextSaved(3, IsMerged: false, Theirs: null), await notes.BringBackAsync(live.Carla, live.Slug, 1, 2));
        Assert.Equal("One\n\nTwo\n\nThree", await TextAsync(live));
        // Somebody wrote meanwhile: nothing of theirs is lost.
        await notes.SaveAsync(live.Anna, live.Slug, "One\n\nTwo\n\nThree, said Anna", 3);
        Assert.Equal(Refusal.ChangedElsewhere, await World.RefusalOfAsync(() => notes.BringBackAsync(live.Carla, live.Slug, 2, 3)));
        Assert.Equal("One\n\nTwo\n\nThree, said Anna", await TextAsync(live));
        await live.Sessions.CallOffAsync(live.Anna, live.Slug);
        Assert.Equal(Refusal.SessionOver, await World.RefusalOfAsync(() => notes.BringBackAsync(live.Carla, live.Slug, 1, 4)));
    }

    [Theory, OnBothDatabases]
    public async Task What_was_written_stays_and_is_in_the_export_of_who_saved_it(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var notes = NotesOf(live);
        await notes.SaveAsync(live.Bruno, live.Slug, "One", 0);
        await notes.SaveAsync(live.Anna, live.Slug, "One\nTwo", 1);
        var holding = Holdings.All.Single(one => one.Table == typeof(SessionText));
        await live.World.InDbAsync(async db =>
        {
            Assert.Equal(["One"], (await holding.Mine!(db, live.Bruno.MemberId).Cast<SessionText>().ToListAsync()).ConvertAll(one => one.Text));
            return 0;
        });
        Assert.Equal(Leaving.Stays, holding.Leaving);
    }

    [Fact]
    public void Hostile_markdown_is_shown_by_the_one_way_that_sanitises()
    {
        var text = SessionWriting.Checked("<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>\n\n[x](javascript:alert(1)) ![p](https://elsewhere.example/p.png)", SharedNotes.Length);
        var html = PersonsMarkdown.ToHtml(text);
        foreach (var bad in (string[])["<script", "<img", "href=\"javascript"])
            Assert.DoesNotContain(bad, html, StringComparison.OrdinalIgnoreCase);
    }
}
