using System.Globalization;
using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Live;
using VetCommunity.Core.Members;
using VetCommunity.Core.Privacy;
using VetCommunity.Core.Search;
using Xunit;

namespace VetCommunity.Tests.Live;

/// <summary>Questions from a session's audience: asked, voted for, taken up, answered.</summary>
public class HearingTheAudience
{
    static async Task<LiveWorld> OpenAsync(Database database)
    {
        var live = await LiveWorld.OpenAsync(database);
        await live.Sessions.RegisterAsync(live.Olga, live.Slug);
        return live;
    }

    static Task<int> AskAsync(LiveWorld live, Actor who, string text, bool anonymous = false) => live.Audience.AskAsync(who, live.Slug, text, anonymous);

    static async Task<string[]> OpenOnesAsync(LiveWorld live) => [.. (await live.Audience.SeeAsync(live.Bruno, live.Slug)).Open.Select(line => string.Create(CultureInfo.InvariantCulture, $"{line.Text} {line.Votes}"))];

    [Theory, OnBothDatabases]
    public async Task What_most_want_to_know_stands_first_and_what_is_being_answered_before_it(Database database)
    {
        await using var live = await OpenAsync(database);
        // While people wait they may ask and vote; nobody answers yet.
        var first = await AskAsync(live, live.Bruno, "  First\r\n of\tall ");
        Assert.Equal(Refusal.SessionNotBegun, await World.RefusalOfAsync(() => live.Audience.MarkAsync(live.Anna, live.Slug, first, AudienceState.Answering)));
        await live.Stages.StartAsync(live.Anna, live.Slug);
        var second = await AskAsync(live, live.Olga, "Second");
        var third = await AskAsync(live, live.Olga, "Third");
        Assert.Equal(["First of all 0", "Second 0", "Third 0"], await OpenOnesAsync(live));
        await live.Audience.VoteAsync(live.Bruno, live.Slug, third, on: true);
        await live.Audience.VoteAsync(live.Carla, live.Slug, third, on: true);
        await live.Audience.VoteAsync(live.Bruno, live.Slug, second, on: true);
        Assert.Equal(["Third 2", "Second 1", "First of all 0"], await OpenOnesAsync(live));
        await live.Audience.VoteAsync(live.Bruno, live.Slug, third, on: false);
        await live.Audience.VoteAsync(live.Bruno, live.Slug, third, on: false);
        // The older one of two that as many want.
        Assert.Equal(["Second 1", "Third 1", "First of all 0"], await OpenOnesAsync(live));
        Assert.Equal([second], (await live.Audience.MineAsync(live.Bruno, live.Slug)).Voted);

        await live.Audience.MarkAsync(live.Carla, live.Slug, first, AudienceState.Answering);
        await live.Audience.MarkAsync(live.Carla, live.Slug, first, AudienceState.Answering);
        Assert.Equal(["First of all 0", "Second 1", "Third 1"], await OpenOnesAsync(live));
        // Whoever takes up the next one is done with it.
        await live.Audience.MarkAsync(live.Anna, live.Slug, third, AudienceState.Answering);
        await live.Audience.MarkAsync(live.Anna, live.Slug, third, AudienceState.Answered);
        var seen = await live.Audience.SeeAsync(live.Olga, live.Slug);
        Assert.Equal(["Second"], seen.Open.Select(line => line.Text));
        Assert.Equal(["Third", "First of all"], seen.Answered.Select(line => line.Text));
        Assert.Equal(Refusal.AudienceAnswered, await World.RefusalOfAsync(() => live.Audience.VoteAsync(live.Bruno, live.Slug, third, on: true)));
        await live.Audience.MarkAsync(live.Anna, live.Slug, third, AudienceState.Open);
        await live.Audience.VoteAsync(live.Bruno, live.Slug, third, on: true);
        Assert.Equal(["Third 2", "Second 1"], await OpenOnesAsync(live));

        // Hidden, it is gone for all but those who lead, and comes back with its votes.
        await live.Audience.MarkAsync(live.Anna, live.Slug, third, AudienceState.Hidden);
        await live.Audience.MarkAsync(live.Anna, live.Slug, third, AudienceState.Answering);
        Assert.Equal(["Second 1"], await OpenOnesAsync(live));
        Assert.DoesNotContain((await live.Audience.PageAsync(live.Bruno, live.Slug, 1)).Lines, line => line.Number == third);
        Assert.Equal(["Third"], (await live.Audience.MineAsync(live.Olga, live.Slug)).Hidden);
        Assert.Equal((AudienceState.Hidden, 2), (await live.Audience.DeskAsync(live.Anna, live.Slug, 1)).Lines[^1] is { } hidden ? (hidden.State, hidden.Votes) : default);
        await Assert.ThrowsAsync<NotFoundException>(() => live.Audience.VoteAsync(live.Bruno, live.Slug, third, on: false));
        await live.Audience.MarkAsync(live.Anna, live.Slug, third, AudienceState.Open);
        Assert.Equal(["Third 2", "Second 1"], await OpenOnesAsync(live));

        // One's own is taken back while it is open, and its words with it.
        await live.Audience.MarkAsync(live.Anna, live.Slug, third, AudienceState.Answering);
        Assert.Equal(Refusal.AudienceTakenUp, await World.RefusalOfAsync(() => live.Audience.WithdrawAsync(live.Olga, live.Slug, third)));
        await live.Audience.WithdrawAsync(live.Olga, live.Slug, second);
        await live.Audience.WithdrawAsync(live.Olga, live.Slug, second);
        await live.Audience.MarkAsync(live.Anna, live.Slug, second, AudienceState.Open);
        Assert.Equal(["Third 2"], await OpenOnesAsync(live));
        Assert.Equal(("", 0), await live.World.InDbAsync(async db => (await db.AudienceQuestions.Where(q => q.Id == second).Select(q => q.Text).SingleAsync(), await db.AudienceVotes.CountAsync(v => v.QuestionId == second))));

        // After the end it is all there to read, and nothing else can be done but to hide.
        await live.Stages.EndAsync(live.Anna, live.Slug);
        Assert.Equal(["Third", "First of all"], (await live.Audience.PageAsync(live.Bruno, live.Slug, 1)).Lines.Select(line => line.Text));
        Assert.All((await live.Audience.PageAsync(live.Bruno, live.Slug, 1)).Lines, line => Assert.Equal(AudienceState.Answered, line.State));
        Assert.Equal(Refusal.SessionOver, await World.RefusalOfAsync(() => AskAsync(live, live.Bruno, "Late")));
        Assert.Equal(Refusal.SessionOver, await World.RefusalOfAsync(() => live.Audience.VoteAsync(live.Bruno, live.Slug, third, on: true)));
        Assert.Equal(Refusal.SessionOver, await World.RefusalOfAsync(() => live.Audience.MarkAsync(live.Anna, live.Slug, first, AudienceState.Open)));
        Assert.Equal(Refusal.SessionOver, await World.RefusalOfAsync(() => live.Audience.AllowAnonymousAsync(live.Anna, live.Slug, allowed: true)));
        await live.Audience.MarkAsync(live.Anna, live.Slug, first, AudienceState.Hidden);
        Assert.Equal(["Third"], (await live.Audience.PageAsync(live.Bruno, live.Slug, 1)).Lines.Select(line => line.Text));
        // What those who lead did is in the log, with its question.
        Assert.Equal(
            [(SessionEventKind.AudienceTakenUp, first), (SessionEventKind.AudienceTakenUp, third), (SessionEventKind.AudienceAnswered, third), (SessionEventKind.AudienceOpened, third), (SessionEventKind.AudienceHidden, third),
                (SessionEventKind.AudienceOpened, third), (SessionEventKind.AudienceTakenUp, third), (SessionEventKind.AudienceWithdrawn, second), (SessionEventKind.AudienceHidden, first)],
            (await live.LogAsync()).Where(one => one.AudienceQuestionId is not null).Select(one => (one.Kind, one.AudienceQuestionId!.Value)));
    }

    [Theory, OnBothDatabases]
    public async Task Only_who_is_in_it_asks_and_votes_and_only_who_leads_it_decides(Database database)
    {
        await using var live = await OpenAsync(database);
        await live.Stages.StartAsync(live.Anna, live.Slug);
        var number = await AskAsync(live, live.Bruno, "Why?");

        foreach (var other in (Actor[])[live.World.Ada, Actor.Visitor, Actor.Operator])
        {
            await Assert.ThrowsAsync<NotFoundException>(() => AskAsync(live, other, "Me too"));
            await Assert.ThrowsAsync<NotFoundException>(() => live.Audience.VoteAsync(other, live.Slug, number, on: true));
            await Assert.ThrowsAsync<NotFoundException>(() => live.Audience.WithdrawAsync(other, live.Slug, number));
            await Assert.ThrowsAsync<NotFoundException>(() => live.Audience.SeeAsync(other, live.Slug));
            await Assert.ThrowsAsync<NotFoundException>(() => live.Audience.MineAsync(other, live.Slug));
            await Assert.ThrowsAsync<NotFoundException>(() => live.Audience.PageAsync(other, live.Slug, 1));
        }
        foreach (var other in (Actor[])[live.Bruno, live.World.Ada, Actor.Visitor, Actor.Operator])
        {
            await Assert.ThrowsAsync<NotFoundException>(() => live.Audience.MarkAsync(other, live.Slug, number, AudienceState.Hidden));
            await Assert.ThrowsAsync<NotFoundException>(() => live.Audience.AllowAnonymousAsync(other, live.Slug, allowed: true));
            await Assert.ThrowsAsync<NotFoundException>(() => live.Audience.DeskAsync(other, live.Slug, 1));
        }
        foreach (var other in (Actor[])[live.Anna, live.Bruno, Actor.Visitor])
            await Assert.ThrowsAsync<NotFoundException>(() => live.Audience.OfRoomAsync(other, 1));
        await Assert.ThrowsAsync<NotFoundException>(() => live.Audience.WithdrawAsync(live.Olga, live.Slug, number));
        await Assert.ThrowsAsync<NotFoundException>(() => live.Audience.WithdrawAsync(live.Anna, live.Slug, number));
        await Assert.ThrowsAsync<NotFoundException>(() => live.Audience.VoteAsync(live.Olga, live.Slug, number + 1, on: true));
        await Assert.ThrowsAsync<NotFoundException>(() => live.Audience.MarkAsync(live.Anna, live.Slug, number + 1, AudienceState.Hidden));
        await Assert.ThrowsAsync<NotFoundException>(() => live.Audience.MarkAsync(live.Anna, live.Slug, number, AudienceState.Withdrawn));
        await Assert.ThrowsAsync<NotFoundException>(() => live.Audience.MarkAsync(live.Anna, live.Slug, number, (AudienceState)9));
        Assert.Equal(Refusal.OwnQuestion, await World.RefusalOfAsync(() => live.Audience.VoteAsync(live.Bruno, live.Slug, number, on: true)));
        // A question of another session is none of this one, for whoever is in both.
        var second = await live.Sessions.PlanAsync(live.Anna, live.Plan with { Title = "Other" }, "second");
        await live.Stages.StartAsync(live.Anna, second);
        await Assert.ThrowsAsync<NotFoundException>(() => live.Audience.VoteAsync(live.Anna, second, number, on: true));
        await Assert.ThrowsAsync<NotFoundException>(() => live.Audience.MarkAsync(live.Anna, second, number, AudienceState.Hidden));
        var room = (await live.StateAsync()).RoomId;
        await live.World.InDbAsync(async db =>
        {
            db.Restrictions.Add(new() { ConversationId = room, MemberId = live.Bruno.MemberId, BannedUntil = live.World.Clock.GetUtcNow().AddDays(1) });
            return await db.SaveChangesAsync();
        });
        await Assert.ThrowsAsync<NotFoundException>(() => AskAsync(live, live.Bruno, "Still?"));
        await Assert.ThrowsAsync<NotFoundException>(() => live.Audience.WithdrawAsync(live.Bruno, live.Slug, number));
        await Assert.ThrowsAsync<NotFoundException>(() => live.Audience.PageAsync(live.Bruno, live.Slug, 1));
        var line = Assert.Single((await live.Audience.DeskAsync(live.Anna, live.Slug, 1)).Lines);
        Assert.Equal(("Why?", 0, AudienceState.Open), (line.Text, line.Votes, line.State));
    }

    [Theory, OnBothDatabases]
    public async Task Without_a_name_nobody_sees_who_asks_and_it_goes_with_the_account_all_the_same(Database database)
    {
        await using var live = await OpenAsync(database);
        await live.Stages.StartAsync(live.Anna, live.Slug);
        // Nobody is named against their wish.
        Assert.Equal(Refusal.AnonymousNotAllowed, await World.RefusalOfAsync(() => AskAsync(live, live.Bruno, "Am I right?", anonymous: true)));
        await live.Audience.AllowAnonymousAsync(live.Carla, live.Slug, allowed: true);
        var secret = await AskAsync(live, live.Bruno, "Am I right?", anonymous: true);
        var named = await AskAsync(live, live.Bruno, "Am I right?");
        Assert.NotEqual(secret, named);
        Assert.Equal(secret, await AskAsync(live, live.Bruno, " Am I  right?", anonymous: true));
        await live.Audience.AllowAnonymousAsync(live.Anna, live.Slug, allowed: false);
        foreach (var lines in new[] { (await live.Audience.SeeAsync(live.Olga, live.Slug)).Open, (await live.Audience.DeskAsync(live.Anna, live.Slug, 1)).Lines, (await live.Audience.PageAsync(live.Anna, live.Slug, 1)).Lines })
            Assert.Equal([(secret, null, null), (named, "bruno", "Bruno Weiß")], lines.Select(line => (line.Number, line.Handle, line.Name)));
        Assert.Equal([secret, named], (await live.Audience.MineAsync(live.Bruno, live.Slug)).Asked);
        Assert.Equal(Refusal.OwnQuestion, await World.RefusalOfAsync(() => live.Audience.VoteAsync(live.Bruno, live.Slug, secret, on: true)));

        await live.Audience.VoteAsync(live.Olga, live.Slug, secret, on: true);
        var hers = await AskAsync(live, live.Olga, "And me?");
        await live.Audience.VoteAsync(live.Bruno, live.Slug, hers, on: true);
        await live.Audience.MarkAsync(live.Anna, live.Slug, secret, AudienceState.Answering);
        var before = (await live.LogAsync()).Count;
        await live.World.InDbAsync(async db =>
        {
            foreach (var (table, count) in new[] { (typeof(AudienceVote), 1), (typeof(AudienceQuestion), 2) })
            {
                var holding = Holdings.All.Single(one => one.Table == table);
                Assert.Equal(count, (await holding.Mine!(db, live.Bruno.MemberId).ToListAsync()).Count);
                await holding.EraseAsync!(db, live.Bruno.MemberId, CancellationToken.None);
            }
            return 0;
        });
        // The log stays, without the question; others' votes for it went along, and the own vote is counted no more.
        Assert.Equal(before, (await live.LogAsync()).Count);
        Assert.All(await live.LogAsync(), one => Assert.Null(one.AudienceQuestionId));
        Assert.Equal(0, await live.World.InDbAsync(db => db.AudienceVotes.CountAsync()));
        Assert.Equal(["And me? 0"], await OpenOnesAsync(live));
    }

    [Theory, OnBothDatabases]
    public async Task A_flood_is_refused_with_its_number_and_others_ask_on(Database database)
    {
        await using var live = await OpenAsync(database);
        await live.Stages.StartAsync(live.Anna, live.Slug);
        Assert.Equal(Refusal.EmptyText, await World.RefusalOfAsync(() => AskAsync(live, live.Bruno, " \u200b\n")));
        Assert.Equal(Refusal.EmptyText, await World.RefusalOfAsync(() => AskAsync(live, live.Bruno, null!)));
        Assert.Equal(Refusal.TextTooLong, await World.RefusalOfAsync(() => AskAsync(live, live.Bruno, new string('x', AudienceQuestions.Text + 1))));
        await AskAsync(live, live.Bruno, new string('x', AudienceQuestions.Text));

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Task.Run(async () =>
        {
            try
            {
                await AskAsync(live, live.Olga, string.Create(CultureInfo.InvariantCulture, $"Question {n}"));
                return (Refusal?)null;
            }
            catch (RefusedException refused)
            {
                return refused.Refusal;
            }
        })));
        Assert.Equal((AudienceQuestions.PerMinute, 8 - AudienceQuestions.PerMinute), (answers.Count(one => one is null), answers.Count(one => one == Refusal.AskedTooFast)));
        await AskAsync(live, live.Bruno, "Others ask on");
        live.World.Clock.Advance(TimeSpan.FromSeconds(61));
        // Taken back does not make room for more.
        await live.Audience.WithdrawAsync(live.Olga, live.Slug, await AskAsync(live, live.Olga, "Back"));
        for (var n = AudienceQuestions.PerMinute + 1; n < AudienceQuestions.PerMember; n++)
        {
            live.World.Clock.Advance(TimeSpan.FromSeconds(30));
            await AskAsync(live, live.Olga, string.Create(CultureInfo.InvariantCulture, $"More {n}"));
        }
        live.World.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(Refusal.AskedTooMuch, await World.RefusalOfAsync(() => AskAsync(live, live.Olga, "One more")));

        var there = await live.World.InDbAsync(db => db.AudienceQuestions.CountAsync());
        await live.World.InDbAsync(async db =>
        {
            var session = await db.LiveSessions.Select(s => s.Id).SingleAsync();
            db.AudienceQuestions.AddRange(Enumerable.Range(there, AudienceQuestions.PerSession - there - 1).Select(n => new AudienceQuestion
            {
                SessionId = session,
                ById = live.Carla.MemberId,
                Text = string.Create(CultureInfo.InvariantCulture, $"{n}"),
                State = n % 10 == 0 ? AudienceState.Answered : AudienceState.Open,
                AskedAt = live.World.Clock.GetUtcNow().AddHours(-1),
            }));
            return await db.SaveChangesAsync();
        });
        await AskAsync(live, live.Bruno, "The last one");
        Assert.Equal(Refusal.AudienceFull, await World.RefusalOfAsync(() => AskAsync(live, live.Anna, "Behind it")));
        // The stage shows some, says how many there are, and the pages together are all of them once.
        var seen = await live.Audience.SeeAsync(live.Bruno, live.Slug);
        Assert.Equal((AudienceQuestions.MostOpen, AudienceQuestions.MostAnswered, AudienceQuestions.PerSession - 1 - 40), (seen.Open.Count, seen.Answered.Count, seen.Beyond));
        List<int> all = [];
        for (var page = 1; ; page++)
        {
            var part = await live.Audience.PageAsync(live.Bruno, live.Slug, page);
            all.AddRange(part.Lines.Select(line => line.Number));
            if (!part.HasMore)
                break;
        }
        Assert.Equal((AudienceQuestions.PerSession - 1, AudienceQuestions.PerSession - 1), (all.Count, all.Distinct().Count()));
        Assert.Equal(seen.Open.Select(line => line.Number), all.Take(AudienceQuestions.MostOpen));
    }

    [Theory, OnBothDatabases]
    public async Task Five_hundred_votes_are_counted_once_each_however_often_they_are_pressed(Database database)
    {
        await using var live = await OpenAsync(database);
        await live.Stages.StartAsync(live.Anna, live.Slug);
        var number = await AskAsync(live, live.Bruno, "Who wants to know?");
        var people = await live.World.InDbAsync(async db =>
        {
            List<Member> some = [.. Enumerable.Range(0, 500).Select(n => string.Create(CultureInfo.InvariantCulture, $"m-{n}")).Select(name => new Member
            {
                Handle = name,
                DisplayName = name,
                UserName = name,
                NormalizedUserName = name.ToUpperInvariant(),
                Email = name + "@example.org",
                NormalizedEmail = name.ToUpperInvariant() + "@EXAMPLE.ORG",
                EmailConfirmed = true,
            })];
            db.Users.AddRange(some);
            await db.SaveChangesAsync();
            var session = await db.LiveSessions.Select(s => s.Id).SingleAsync();
            db.SessionPlaces.AddRange(some.Select(one => new SessionPlace { SessionId = session, MemberId = one.Id, Role = SessionRole.Participant, Since = live.World.Clock.GetUtcNow() }));
            await db.SaveChangesAsync();
            return some.ConvertAll(one => new Actor(one.Id, one.Handle, one.DisplayName, Roles.Member, "en", "Europe/Vienna"));
        });
        var before = (await live.StateAsync()).Version;

        await Parallel.ForEachAsync(people.Concat(people.Take(100)), new ParallelOptions { MaxDegreeOfParallelism = 24 }, async (who, cancel) => await live.Audience.VoteAsync(who, live.Slug, number, on: true, cancel));

        var line = Assert.Single((await live.Audience.SeeAsync(live.Bruno, live.Slug)).Open);
        Assert.Equal((500, 500), (line.Votes, await live.World.InDbAsync(db => db.AudienceVotes.CountAsync())));
        // A vote is no move.
        Assert.Equal(before, (await live.StateAsync()).Version);
        // One and the same, on and off at once: in the end it is counted or not, once.
        await Task.WhenAll(Enumerable.Range(0, 12).Select(n => Task.Run(() => live.Audience.VoteAsync(live.Olga, live.Slug, number, on: n % 2 == 0))));
        var mine = (await live.Audience.MineAsync(live.Olga, live.Slug)).Voted.Count;
        Assert.Equal(500 + mine, (await live.Audience.SeeAsync(live.Bruno, live.Slug)).Open.Single().Votes);
        Assert.InRange(mine, 0, 1);
    }

    // Whatever all do in whatever order: it stands as a simple list in memory would have it.
    [Theory, OnBothDatabases]
    public async Task Whatever_is_done_the_order_is_that_of_the_rule(Database database)
    {
        await using var live = await OpenAsync(database);
        await live.Stages.StartAsync(live.Anna, live.Slug);
        var random = new Random(44);
        Actor[] people = [live.Anna, live.Bruno, live.Carla, live.Olga];
        Dictionary<int, (Actor By, AudienceState State, HashSet<int> Votes)> model = [];
        for (var n = 0; n < 10; n++)
        {
            live.World.Clock.Advance(TimeSpan.FromSeconds(25));
            var who = people[random.Next(people.Length)];
            model[await AskAsync(live, who, string.Create(CultureInfo.InvariantCulture, $"{n}"))] = (who, AudienceState.Open, []);
        }
        for (var n = 0; n < 120 && model.Count > 0; n++)
        {
            var (number, who) = (model.Keys.ElementAt(random.Next(model.Count)), people[random.Next(people.Length)]);
            var (by, state, votes) = model[number];
            switch (random.Next(8))
            {
                case 0:
                    if (by != who || state != AudienceState.Open)
                        break;
                    await live.Audience.WithdrawAsync(who, live.Slug, number);
                    model.Remove(number);
                    break;
                case 1 or 2:
                    var to = (AudienceState)random.Next(1, 5);
                    await live.Audience.MarkAsync(live.Anna, live.Slug, number, to);
                    if (state == AudienceState.Hidden && to != AudienceState.Open)
                        break;
                    if (to == AudienceState.Answering)
                    {
                        foreach (var other in model.Where(one => one.Value.State == AudienceState.Answering).Select(one => one.Key).ToList())
                            model[other] = model[other] with { State = AudienceState.Answered };
                    }
                    model[number] = model[number] with { State = to };
                    break;
                default:
                    var on = random.Next(3) > 0;
                    if (by == who || state is not (AudienceState.Open or AudienceState.Answering))
                    {
                        await Assert.ThrowsAnyAsync<Exception>(() => live.Audience.VoteAsync(who, live.Slug, number, on));
                        break;
                    }
                    await live.Audience.VoteAsync(who, live.Slug, number, on);
                    _ = on ? votes.Add(who.MemberId) : votes.Remove(who.MemberId);
                    break;
            }
            var rule = model.OrderBy(one => one.Value.State switch { AudienceState.Answering => 0, AudienceState.Open => 1, AudienceState.Answered => 2, _ => 3 }).ThenByDescending(one => one.Value.Votes.Count).ThenBy(one => one.Key)
                .Select(one => (one.Key, one.Value.State, one.Value.Votes.Count));
            Assert.Equal(rule, (await live.Audience.DeskAsync(live.Anna, live.Slug, 1)).Lines.Select(line => (line.Number, line.State, line.Votes)));
            Assert.InRange(model.Values.Count(one => one.State == AudienceState.Answering), 0, 1);
        }
    }

    [Theory, OnBothDatabases]
    public async Task The_replay_shows_which_question_was_being_answered(Database database)
    {
        await using var live = await OpenAsync(database);
        await live.Stages.StartAsync(live.Anna, live.Slug);
        var (first, second, hidden) = (await AskAsync(live, live.Bruno, "First"), await AskAsync(live, live.Bruno, "Second"), await AskAsync(live, live.Bruno, "Never mind"));
        foreach (var (number, to) in new[] { (first, AudienceState.Answering), (second, AudienceState.Answered), (first, AudienceState.Open), (second, AudienceState.Answering), (hidden, AudienceState.Answering), (hidden, AudienceState.Hidden), (first, AudienceState.Answering) })
        {
            live.World.Clock.Advance(TimeSpan.FromSeconds(10));
            await live.Audience.MarkAsync(live.Anna, live.Slug, number, to);
        }
        live.World.Clock.Advance(TimeSpan.FromSeconds(10));
        await live.Stages.EndAsync(live.Anna, live.Slug);

        var replays = new Replays(live.World.Db, live.Stages, new MessageSearch(live.World.Db, live.World.Log));
        List<string?> shown = [];
        for (var at = 5; at < 80; at += 10)
            shown.Add((await replays.SeeAsync(live.Olga, live.Slug, TimeSpan.FromSeconds(at)))!.Answering?.Text);
        // What was hidden since is not shown where it stood, either.
        Assert.Equal([null, "First", "First", null, "Second", null, null, "First"], shown);
        Assert.Equal(10, (await replays.SeeAsync(live.Olga, live.Slug, TimeSpan.Zero))!.Next!.Value.TotalSeconds);
    }

    [Theory, OnBothDatabases]
    public async Task Those_who_watch_hear_of_what_is_new_and_of_nothing_else(Database database)
    {
        await using var live = await OpenAsync(database);
        await live.Stages.StartAsync(live.Anna, live.Slug);
        var told = Channel.CreateUnbounded<int>();
        using var listening = live.World.Feed.Subscribe<AudienceQuestionsChanged>(fact => told.Writer.WriteAsync(fact.ConversationId));

        var number = await AskAsync(live, live.Bruno, "Why?");
        await AskAsync(live, live.Bruno, "Why?");
        await live.Audience.VoteAsync(live.Olga, live.Slug, number, on: true);
        await live.Audience.VoteAsync(live.Olga, live.Slug, number, on: true);
        await Assert.ThrowsAsync<RefusedException>(() => live.Audience.VoteAsync(live.Bruno, live.Slug, number, on: true));
        await live.Audience.MarkAsync(live.Anna, live.Slug, number, AudienceState.Answered);
        await live.Audience.MarkAsync(live.Anna, live.Slug, number, AudienceState.Answered);
        await live.Audience.AllowAnonymousAsync(live.Anna, live.Slug, allowed: true);
        await live.Audience.AllowAnonymousAsync(live.Anna, live.Slug, allowed: true);
        live.World.Feed.Publish(new AudienceQuestionsChanged(-1));

        List<int> heard = [];
        do
            heard.Add(await told.Reader.ReadAsync().AsTask().WaitAsync(Patience.Enough));
        while (heard[^1] != -1);
        var room = (await live.StateAsync()).RoomId;
        Assert.Equal([room, room, room, room, -1], heard);
    }
}
