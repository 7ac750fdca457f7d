using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Learning;
using VetCommunity.Core.Live;
using VetCommunity.Core.Noticing;
using VetCommunity.Core.Privacy;
using Xunit;

namespace VetCommunity.Tests.Live;

/// <summary>The minutes of a session, from its notes to their approval.</summary>
public class ApprovingMinutes
{
    static Minutes MinutesOf(LiveWorld live) => new(live.World.Db, live.World.Feed, live.World.Clock);

    static DateTimeOffset In(LiveWorld live, double days) => live.World.Clock.GetUtcNow().AddDays(days);

    static string Write(MinutesFacts facts) => $"{facts.Title}\n\n{facts.Notes}";

    static async Task<LiveWorld> EndedAsync(Database database)
    {
        var live = await LiveWorld.OpenAsync(database);
        await live.Stages.StartAsync(live.Anna, live.Slug);
        await new SharedNotes(live.World.Db, live.World.Feed, live.World.Clock).SaveAsync(live.Bruno, live.Slug, "Gloves", 0);
        await live.Stages.EndAsync(live.Anna, live.Slug);
        return live;
    }

    static async Task<LiveWorld> SentAsync(Database database)
    {
        var live = await EndedAsync(database);
        await MinutesOf(live).MakeAsync(live.Anna, live.Slug, Write);
        await MinutesOf(live).SendAsync(live.Anna, live.Slug, In(live, 14), 1);
        return live;
    }

    static async Task<MinutesPhase?> PhaseAsync(LiveWorld live) => (await MinutesOf(live).SeeAsync(live.Anna, live.Slug)).Phase;

    [Fact]
    public void How_far_they_are_follows_from_a_few_facts_and_time_alone_only_ever_approves()
    {
        var day = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        foreach (var asked in Enumerable.Range(0, 4))
        {
            foreach (var (approvals, objections) in from a in Enumerable.Range(0, asked + 1) from o in Enumerable.Range(0, asked - a + 1) select (a, o))
            {
                var written = new MinutesStanding(null, null, asked, approvals, objections);
                var (sent, closed) = (written with { Until = day }, written with { Until = day, ClosedAt = day.AddDays(-3) });
                Assert.Equal(MinutesPhase.Draft, written.PhaseAt(day.AddYears(9)));
                Assert.Equal(MinutesPhase.Approved, closed.PhaseAt(day.AddDays(-1)));
                var (before, after) = (sent.PhaseAt(day.AddTicks(-1)), sent.PhaseAt(day));
                Assert.Equal(after, sent.PhaseAt(day.AddYears(9)));
                // An objection is in the way of all; without one the end of the term approves, whoever was silent.
                Assert.Equal(objections > 0 ? (MinutesPhase.Objected, MinutesPhase.Objected) : (approvals == asked ? MinutesPhase.Agreed : MinutesPhase.Asked, MinutesPhase.Approved), (before, after));
                // One more approval never brings them further away.
                if (approvals + objections < asked)
                    Assert.True((sent with { Approvals = approvals + 1 }).PhaseAt(day.AddTicks(-1)) >= before);
            }
        }
    }

    [Theory, OnBothDatabases]
    public async Task Made_once_from_what_there_was_and_the_notes_are_closed(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var minutes = MinutesOf(live);
        var notes = new SharedNotes(live.World.Db, live.World.Feed, live.World.Clock);
        await live.WriteAsync("# Which?\n\n::: question single\nid: which\nWhich?\n- One\n- Two\n:::\n");
        await Assert.ThrowsAsync<NotFoundException>(() => minutes.SeeAsync(live.Anna, live.Slug));
        await Assert.ThrowsAsync<NotFoundException>(() => minutes.MakeAsync(live.Anna, live.Slug, Write));
        await live.Stages.StartAsync(live.Anna, live.Slug);
        await notes.SaveAsync(live.Bruno, live.Slug, "Gloves", 0);
        await live.Questions.OpenAsync(live.Anna, live.Slug, "which");
        var number = (await live.StateAsync()).Question!.Number;
        await live.Questions.AnswerAsync(live.Bruno, live.Slug, number, new Answer([2], ""));
        await live.Questions.CloseAsync(live.Anna, live.Slug, "which");
        await live.Questions.ShowResultsAsync(live.Anna, live.Slug, "which");
        await live.Audience.AskAsync(live.Bruno, live.Slug, "Why in pairs?", anonymous: false);
        await live.Audience.MarkAsync(live.Anna, live.Slug, await live.Audience.AskAsync(live.Carla, live.Slug, "When?", anonymous: false), AudienceState.Answered);
        await live.Audience.MarkAsync(live.Anna, live.Slug, await live.Audience.AskAsync(live.Carla, live.Slug, "Hidden?", anonymous: false), AudienceState.Hidden);
        await live.Stages.EndAsync(live.Anna, live.Slug);
        Assert.Null((await minutes.SeeAsync(live.Anna, live.Slug)).Phase);

        MinutesFacts? facts = null;
        await minutes.MakeAsync(live.Carla, live.Slug, all => Write(facts = all));
        await minutes.MakeAsync(live.Anna, live.Slug, _ => "A second time");
        var (seen, his) = (await minutes.SeeAsync(live.Anna, live.Slug), await minutes.SeeAsync(live.Bruno, live.Slug));
        Assert.Equal((MinutesPhase.Draft, "Welding in pairs\n\nGloves", "carla", 1), (seen.Phase, seen.Written!.Text, seen.Written.Handle, seen.Written.Number));
        // Before they are sent they are for those who lead.
        Assert.Equal((MinutesPhase.Draft, null, false), (his.Phase, his.Written, his.IsAsked));
        Assert.Equal(new MinutesGlance(MinutesPhase.Draft, Waits: false), await minutes.GlanceAsync(live.Bruno, live.Slug));
        Assert.Equal(("Europe/Rome", "Anna Rossi, Carla Puig", 0), (facts!.TimeZone, string.Join(", ", facts.Leaders), facts.Came));
        Assert.Equal([("Why in pairs?", false), ("When?", true)], facts.Questions);
        Assert.Equal("0,1", string.Join(',', Assert.Single(facts.Results).Result!.Count.Lines.Select(line => line.Count)));

        Assert.Equal(Refusal.NotesAreMinutes, await World.RefusalOfAsync(() => notes.SaveAsync(live.Bruno, live.Slug, "Late", 1)));
        Assert.True((await notes.OfRoomAsync(Actor.Operator, (await live.StateAsync()).RoomId))!.IsClosed);
        Assert.Equal((false, true, "Gloves"), await notes.SeeAsync(live.Bruno, live.Slug) is var left ? (left.IsOpen, left.AreMinutes, left.Written.Text) : default);
    }

    [Theory, OnBothDatabases]
    public async Task All_who_took_part_are_told_and_say_something_and_those_who_lead_see_who(Database database)
    {
        await using var live = await SentAsync(database);
        var minutes = MinutesOf(live);
        foreach (var who in (Actor[])[live.Bruno, live.Carla])
        {
            Assert.Equal((NoticeKind.MinutesSent, "Welding in pairs"), Assert.Single(await GivingPlaces.BellAsync(live, who), row => row.Kind == NoticeKind.MinutesSent) is var row ? (row.Kind, row.Text) : default);
            Assert.True((await minutes.GlanceAsync(who, live.Slug)).Waits);
        }
        Assert.DoesNotContain(await GivingPlaces.BellAsync(live, live.Anna), row => row.Kind == NoticeKind.MinutesSent);
        // Who sent them has said so by that.
        await Assert.ThrowsAsync<NotFoundException>(() => minutes.AnswerAsync(live.Anna, live.Slug, 1, approves: true, null));
        foreach (var (bad, refusal) in (((string?, Refusal)[])[(null, Refusal.EmptyText), (" \n", Refusal.EmptyText), (new string('x', Minutes.ObjectionLength + 1), Refusal.TextTooLong)]))
            Assert.Equal(refusal, await World.RefusalOfAsync(() => minutes.AnswerAsync(live.Bruno, live.Slug, 1, approves: false, bad)));
        await minutes.AnswerAsync(live.Bruno, live.Slug, 1, approves: false, "  Masks\nare missing ");
        await minutes.AnswerAsync(live.Carla, live.Slug, 1, approves: true, "not read");

        var (hers, his) = (await minutes.SeeAsync(live.Anna, live.Slug), await minutes.SeeAsync(live.Bruno, live.Slug));
        Assert.Equal((MinutesPhase.Objected, 2, 1, 1), (hers.Phase, hers.Standing.Asked, hers.Standing.Approvals, hers.Standing.Objections));
        Assert.Equal([("bruno", false, "Masks are missing"), ("carla", true, "")], hers.Lines.Select(line => (line.Handle, line.Approves, line.Objection)));
        Assert.Equal(("Masks are missing", 0, 1), (his.Mine!.Objection, his.Lines.Count, his.Standing.Objections));
        Assert.Equal(Refusal.MinutesNotAgreed, await World.RefusalOfAsync(() => minutes.CloseAsync(live.Anna, live.Slug)));
        Assert.False((await minutes.GlanceAsync(live.Bruno, live.Slug)).Waits);
        // Given up, nothing is in the way any more.
        await minutes.AnswerAsync(live.Bruno, live.Slug, 1, approves: true, null);
        Assert.Equal(MinutesPhase.Agreed, await PhaseAsync(live));
        await Assert.ThrowsAsync<NotFoundException>(() => minutes.CloseAsync(live.Bruno, live.Slug));
        await minutes.CloseAsync(live.Carla, live.Slug);
        await minutes.CloseAsync(live.Anna, live.Slug);
        await StaysAsync(live);
    }

    [Theory, OnBothDatabases]
    public async Task A_change_takes_back_what_was_said_and_whoever_read_the_old_text_is_told(Database database)
    {
        await using var live = await SentAsync(database);
        var minutes = MinutesOf(live);
        await minutes.AnswerAsync(live.Bruno, live.Slug, 1, approves: true, null);
        // What says nothing new is no change.
        await minutes.SaveAsync(live.Anna, live.Slug, "Welding in pairs\n\nGloves\n", 1);
        Assert.Equal((MinutesPhase.Asked, 1), await minutes.SeeAsync(live.Anna, live.Slug) is var still ? (still.Phase, still.Standing.Approvals) : default);
        Assert.Equal(2, (await minutes.SaveAsync(live.Carla, live.Slug, "Welding in pairs\n\nGloves and masks", 1)).Number);
        Assert.Equal((MinutesPhase.Draft, 0), await minutes.SeeAsync(live.Anna, live.Slug) is var seen ? (seen.Phase, seen.Standing.Approvals) : default);
        Assert.DoesNotContain(await GivingPlaces.BellAsync(live, live.Bruno), row => row.Kind == NoticeKind.MinutesSent);
        Assert.Equal(Refusal.MinutesChanged, await World.RefusalOfAsync(() => minutes.AnswerAsync(live.Bruno, live.Slug, 1, approves: true, null)));
        // Two who lead and write the same line: nothing is lost.
        Assert.Equal("Welding in pairs\n\nGloves and masks", (await minutes.SaveAsync(live.Anna, live.Slug, "Welding in pairs\n\nGloves or masks", 1)).Theirs);
        Assert.Equal(Refusal.EmptyText, await World.RefusalOfAsync(() => minutes.SaveAsync(live.Anna, live.Slug, " \n", 2)));
        Assert.Equal(Refusal.TextTooLong, await World.RefusalOfAsync(() => minutes.SaveAsync(live.Anna, live.Slug, new string('x', Minutes.Length + 1), 2)));

        Assert.Equal(Refusal.ChangedElsewhere, await World.RefusalOfAsync(() => minutes.SendAsync(live.Anna, live.Slug, In(live, 14), 1)));
        foreach (var bad in (DateTimeOffset?[])[null, In(live, 0), In(live, 0.9), In(live, Minutes.MostDays + 2), In(live, -5)])
            Assert.Equal(Refusal.BadMinutesTerm, await World.RefusalOfAsync(() => minutes.SendAsync(live.Anna, live.Slug, bad, 2)));
        await minutes.SendAsync(live.Anna, live.Slug, In(live, 1), 2);
        // Two who send them: the same day is one press too many, another one is another opinion.
        await minutes.SendAsync(live.Carla, live.Slug, In(live, 1), 2);
        Assert.Equal(Refusal.ChangedElsewhere, await World.RefusalOfAsync(() => minutes.SendAsync(live.Carla, live.Slug, In(live, 50), 2)));
        Assert.Equal(Refusal.MinutesChanged, await World.RefusalOfAsync(() => minutes.AnswerAsync(live.Bruno, live.Slug, 1, approves: true, null)));
        live.World.Clock.Advance(TimeSpan.FromDays(1));
        // Nobody said anything: silence is consent.
        await StaysAsync(live);
    }

    [Theory, OnBothDatabases]
    public async Task After_the_term_an_objection_stands_until_it_is_given_up(Database database)
    {
        await using var live = await SentAsync(database);
        var minutes = MinutesOf(live);
        await minutes.AnswerAsync(live.Bruno, live.Slug, 1, approves: false, "No");
        live.World.Clock.Advance(TimeSpan.FromDays(15));
        Assert.Equal(MinutesPhase.Objected, await PhaseAsync(live));
        Assert.Equal(Refusal.MinutesTermOver, await World.RefusalOfAsync(() => minutes.AnswerAsync(live.Carla, live.Slug, 1, approves: false, "Me too")));
        Assert.Equal(Refusal.MinutesTermOver, await World.RefusalOfAsync(() => minutes.AnswerAsync(live.Carla, live.Slug, 1, approves: true, null)));
        Assert.Equal(Refusal.MinutesTermOver, await World.RefusalOfAsync(() => minutes.AnswerAsync(live.Bruno, live.Slug, 1, approves: false, "Another reason")));
        Assert.Equal((true, false), ((await minutes.SeeAsync(live.Bruno, live.Slug)).TakesAnswer(live.World.Clock.GetUtcNow()), (await minutes.SeeAsync(live.Carla, live.Slug)).TakesAnswer(live.World.Clock.GetUtcNow())));
        await minutes.AnswerAsync(live.Bruno, live.Slug, 1, approves: true, null);
        await StaysAsync(live);
    }

    static Task<int> BanAsync(LiveWorld live, Actor who) => live.World.InDbAsync(async db =>
    {
        db.Add(new Core.Moderation.Restriction { ConversationId = await db.LiveSessions.Select(s => s.ConversationId).SingleAsync(), MemberId = who.MemberId, BannedUntil = live.World.Clock.GetUtcNow().AddYears(1) });
        return await db.SaveChangesAsync();
    });

    [Theory, OnBothDatabases]
    public async Task Who_is_banned_is_not_asked_and_what_they_objected_before_stands_until_the_text_is_sent_again(Database database)
    {
        await using var live = await SentAsync(database);
        var minutes = MinutesOf(live);
        await minutes.AnswerAsync(live.Bruno, live.Slug, 1, approves: false, "Masks are missing");
        await BanAsync(live, live.Bruno);
        await Assert.ThrowsAsync<NotFoundException>(() => minutes.AnswerAsync(live.Bruno, live.Slug, 1, approves: true, null));
        await minutes.AnswerAsync(live.Carla, live.Slug, 1, approves: true, null);
        // No ban makes an objection vanish.
        var seen = await minutes.SeeAsync(live.Anna, live.Slug);
        Assert.Equal((MinutesPhase.Objected, 1, 1, 1, "Masks are missing"), (seen.Phase, seen.Standing.Asked, seen.Standing.Approvals, seen.Standing.Objections, seen.Lines[0].Objection));
        Assert.Equal(Refusal.MinutesNotAgreed, await World.RefusalOfAsync(() => minutes.CloseAsync(live.Anna, live.Slug)));
        live.World.Clock.Advance(TimeSpan.FromDays(15));
        Assert.Equal(MinutesPhase.Objected, await PhaseAsync(live));

        await minutes.SaveAsync(live.Anna, live.Slug, "Welding in pairs\n\nGloves and masks", 1);
        await minutes.SendAsync(live.Anna, live.Slug, In(live, 14), 2);
        Assert.Equal([live.Carla.MemberId], await live.World.InDbAsync(db => db.SessionCalls.Where(call => call.Kind == NoticeKind.MinutesSent).Select(call => call.MemberId).ToListAsync()));
        await minutes.AnswerAsync(live.Carla, live.Slug, 2, approves: true, null);
        await minutes.CloseAsync(live.Anna, live.Slug);
        Assert.Equal(MinutesPhase.Approved, await PhaseAsync(live));
    }

    [Theory, OnBothDatabases]
    public async Task An_approval_of_somebody_who_is_banned_counts_no_more_and_nobody_waits_for_them(Database database)
    {
        await using var live = await SentAsync(database);
        var minutes = MinutesOf(live);
        await minutes.AnswerAsync(live.Bruno, live.Slug, 1, approves: true, null);
        await BanAsync(live, live.Bruno);
        Assert.Equal((MinutesPhase.Asked, 1, 0), await minutes.SeeAsync(live.Anna, live.Slug) is var seen ? (seen.Phase, seen.Standing.Asked, seen.Standing.Approvals) : default);
        await minutes.AnswerAsync(live.Carla, live.Slug, 1, approves: true, null);
        Assert.Equal(MinutesPhase.Agreed, await PhaseAsync(live));
    }

    [Theory, OnBothDatabases]
    public async Task Nobody_else_reads_writes_or_says_anything(Database database)
    {
        await using var live = await SentAsync(database);
        var minutes = MinutesOf(live);
        foreach (var who in (Actor[])[live.Olga, live.World.Ada, Actor.Visitor])
        {
            await Assert.ThrowsAsync<NotFoundException>(() => minutes.SeeAsync(who, live.Slug));
            await Assert.ThrowsAsync<NotFoundException>(() => minutes.AnswerAsync(who, live.Slug, 1, approves: true, null));
            Assert.Equal(new MinutesGlance(null, Waits: false), await minutes.GlanceAsync(who, live.Slug));
        }
        foreach (var who in (Actor[])[live.Bruno, live.Olga, Actor.Visitor])
        {
            await Assert.ThrowsAsync<NotFoundException>(() => minutes.MakeAsync(who, live.Slug, Write));
            await Assert.ThrowsAsync<NotFoundException>(() => minutes.SaveAsync(who, live.Slug, "Mine", 1));
            await Assert.ThrowsAsync<NotFoundException>(() => minutes.SaveAsync(who, live.Slug, new string('x', Minutes.Length + 1), 1));
            await Assert.ThrowsAsync<NotFoundException>(() => minutes.SendAsync(who, live.Slug, In(live, 14), 1));
            await Assert.ThrowsAsync<NotFoundException>(() => minutes.CloseAsync(who, live.Slug));
        }
        Assert.Equal("Welding in pairs\n\nGloves", (await minutes.SeeAsync(live.Bruno, live.Slug)).Written!.Text);
    }

    [Theory, OnBothDatabases]
    public async Task Who_leaves_takes_along_what_they_said_and_the_text_stays(Database database)
    {
        await using var live = await SentAsync(database);
        var minutes = MinutesOf(live);
        await minutes.AnswerAsync(live.Carla, live.Slug, 1, approves: true, null);
        await minutes.AnswerAsync(live.Bruno, live.Slug, 1, approves: false, "No");
        await live.World.InDbAsync(async db =>
        {
            var holding = Holdings.All.Single(one => one.Table == typeof(MinutesAnswer));
            Assert.Equal("No", Assert.Single(await holding.Mine!(db, live.Bruno.MemberId).Cast<MinutesAnswer>().ToListAsync()).Objection);
            foreach (var table in (Type[])[typeof(MinutesAnswer), typeof(SessionPlace)])
                await Holdings.All.Single(one => one.Table == table).EraseAsync!(db, live.Bruno.MemberId, CancellationToken.None);
            return 0;
        });
        var seen = await minutes.SeeAsync(live.Anna, live.Slug);
        Assert.Equal((MinutesPhase.Agreed, 1, 1, 0, "Welding in pairs\n\nGloves"), (seen.Phase, seen.Standing.Asked, seen.Standing.Approvals, seen.Standing.Objections, seen.Written!.Text));
    }

    [Theory, OnBothDatabases]
    public async Task A_change_and_an_approval_in_the_same_moment_are_never_an_approval_of_the_new_text(Database database)
    {
        await using var live = await SentAsync(database);
        var minutes = MinutesOf(live);
        await Task.WhenAll(
            Task.Run(() => minutes.SaveAsync(live.Carla, live.Slug, "Another text", 1)),
            Task.Run(async () =>
            {
                try
                {
                    await minutes.AnswerAsync(live.Bruno, live.Slug, 1, approves: true, null);
                }
                catch (RefusedException refused)
                {
                    Assert.Equal(Refusal.MinutesChanged, refused.Refusal);
                }
            }));
        Assert.Equal(MinutesPhase.Draft, await PhaseAsync(live));
        Assert.Equal(0, await live.World.InDbAsync(db => db.MinutesAnswers.CountAsync()));
    }

    static async Task StaysAsync(LiveWorld live)
    {
        var minutes = MinutesOf(live);
        var seen = await minutes.SeeAsync(live.Bruno, live.Slug);
        Assert.Equal(MinutesPhase.Approved, seen.Phase);
        Assert.Equal(Refusal.MinutesApproved, await World.RefusalOfAsync(() => minutes.SaveAsync(live.Anna, live.Slug, "Another text", seen.Written!.Number)));
        Assert.Equal(Refusal.MinutesApproved, await World.RefusalOfAsync(() => minutes.SendAsync(live.Anna, live.Slug, In(live, 14), seen.Written!.Number)));
        Assert.Equal(Refusal.MinutesApproved, await World.RefusalOfAsync(() => minutes.AnswerAsync(live.Bruno, live.Slug, seen.Written!.Number, approves: false, "Too late")));
        await minutes.CloseAsync(live.Anna, live.Slug);
        Assert.Equal(MinutesPhase.Approved, await PhaseAsync(live));
    }
}
