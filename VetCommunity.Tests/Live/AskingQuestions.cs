using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Learning;
using VetCommunity.Core.Live;
using Xunit;

namespace VetCommunity.Tests.Live;

public class AskingQuestions
{
    const string Hook = "::: question single\nid: hook\npoints: 2\nWhat keeps them?\n- [x] Somebody who asks\n- [ ] A contract\n- [ ] Pay\n> Always.\n:::\n";
    const string Why = "::: question text\nid: why\nWhy?\n:::\n";
    const string Which = "::: question multiple\nWhich?\n- a\n- b\n:::\n";
    const string Slides = $"# One\n\n---\n\n# Two\n{Which}\n---\n\n# Three\n{Hook}\n{Why}";

    static async Task<LiveWorld> OpenAsync(Database database, string slides = Slides)
    {
        var live = await LiveWorld.OpenAsync(database);
        await live.WriteAsync(slides);
        await live.Sessions.RegisterAsync(live.Olga, live.Slug);
        return live;
    }

    static async Task<int> AskAsync(LiveWorld live, string key = "hook")
    {
        await live.Questions.OpenAsync(live.Anna, live.Slug, key);
        return (await live.StateAsync()).Question!.Number;
    }

    static Task AnswerAsync(LiveWorld live, Actor who, int number, params int[] numbers) => live.Questions.AnswerAsync(who, live.Slug, number, Answer.Of(numbers));

    [Theory, OnBothDatabases]
    public async Task A_question_is_opened_answered_closed_and_its_result_shown_when_the_trainer_wants_it(Database database)
    {
        await using var live = await OpenAsync(database);
        Assert.Equal(Refusal.SessionNotBegun, await World.RefusalOfAsync(() => live.Questions.OpenAsync(live.Anna, live.Slug, "hook")));
        await live.Stages.StartAsync(live.Anna, live.Slug);

        // Its slide was not shown yet, and who opens it does not have the lead.
        await live.Questions.OpenAsync(live.Carla, live.Slug, "hook");
        await live.Questions.OpenAsync(live.Anna, live.Slug, "hook");
        Assert.Equal(Refusal.QuestionStillOpen, await World.RefusalOfAsync(() => live.Questions.OpenAsync(live.Anna, live.Slug, "why")));
        var number = (await live.StateAsync()).Question!.Number;
        await AnswerAsync(live, live.Bruno, number, 2);
        await AnswerAsync(live, live.Bruno, number, 1);
        await AnswerAsync(live, live.Olga, number, 3);

        var open = (await live.StateAsync()).Question!;
        Assert.Equal((true, 2, null, false), (open.IsOpen, open.Answered, open.Result, open.IsRevealed));
        Assert.Equal([1, 0, 1], (await live.Questions.DeskAsync(live.Anna, live.Slug)).Newest!.Result!.Count.Lines.Select(line => line.Count));
        // While one can still answer, the result says nothing of what is right, and points are nobody's yet.
        await live.Questions.ShowResultsAsync(live.Anna, live.Slug, "hook");
        var shown = (await live.StateAsync()).Question!;
        Assert.Equal((true, false, 2), (shown.IsOpen, shown.IsRevealed, shown.Result!.Count.Answered));
        Assert.Equal(new(number, "1", 0, 0), await live.Questions.MineAsync(live.Bruno, live.Slug));

        await live.Questions.CloseAsync(live.Anna, live.Slug, "hook");
        await live.Questions.CloseAsync(live.Anna, live.Slug, "hook");
        Assert.Equal((false, true), (await live.StateAsync()).Question is { } closed ? (closed.IsOpen, closed.IsRevealed) : default);
        Assert.Equal(new(number, "1", 2, 2), await live.Questions.MineAsync(live.Bruno, live.Slug));
        Assert.Equal(new(number, "3", 0, 2), await live.Questions.MineAsync(live.Olga, live.Slug));
        Assert.Equal(Refusal.QuestionClosed, await World.RefusalOfAsync(() => AnswerAsync(live, live.Olga, number, 1)));
        Assert.Equal(Refusal.QuestionRevealed, await World.RefusalOfAsync(() => live.Questions.OpenAsync(live.Anna, live.Slug, "hook")));
        await live.Questions.HideResultsAsync(live.Anna, live.Slug, "hook");
        await live.Questions.HideResultsAsync(live.Anna, live.Slug, "hook");
        Assert.Null((await live.StateAsync()).Question);
        await live.Questions.ShowResultsAsync(live.Anna, live.Slug, "hook");
        // Another question takes the place of a result.
        await AskAsync(live, "why");
        Assert.Equal("why", (await live.StateAsync()).Question!.Key);
        Assert.Equal(Refusal.QuestionStillOpen, await World.RefusalOfAsync(() => live.Questions.ShowResultsAsync(live.Anna, live.Slug, "hook")));

        Assert.Equal(
            [SessionEventKind.Started, SessionEventKind.QuestionOpened, SessionEventKind.ResultsShown, SessionEventKind.QuestionClosed, SessionEventKind.ResultsHidden, SessionEventKind.ResultsShown, SessionEventKind.QuestionOpened],
            (await live.LogAsync()).Select(one => one.Kind));
        Assert.Equal(Enumerable.Repeat(number, 5), (await live.LogAsync()).Skip(1).Take(5).Select(one => one.QuestionId ?? 0));
        // An answer is no change of what everybody sees.
        Assert.Equal(7, (await live.StateAsync()).Version);
    }

    [Theory, OnBothDatabases]
    public async Task Only_who_leads_moves_questions_and_only_who_is_in_it_answers(Database database)
    {
        await using var live = await OpenAsync(database);
        await live.Stages.StartAsync(live.Anna, live.Slug);
        var number = await AskAsync(live);
        var before = await live.StateAsync();

        foreach (var other in (Actor[])[live.Bruno, live.World.Ada, Actor.Visitor, Actor.Operator])
        {
            await Assert.ThrowsAsync<NotFoundException>(() => live.Questions.OpenAsync(other, live.Slug, "why"));
            await Assert.ThrowsAsync<NotFoundException>(() => live.Questions.CloseAsync(other, live.Slug, "hook"));
            await Assert.ThrowsAsync<NotFoundException>(() => live.Questions.ShowResultsAsync(other, live.Slug, "hook"));
            await Assert.ThrowsAsync<NotFoundException>(() => live.Questions.HideResultsAsync(other, live.Slug, "hook"));
            await Assert.ThrowsAsync<NotFoundException>(() => live.Questions.DeskAsync(other, live.Slug));
        }
        foreach (var other in (Actor[])[live.World.Ada, Actor.Visitor, Actor.Operator])
        {
            await Assert.ThrowsAsync<NotFoundException>(() => AnswerAsync(live, other, number, 1));
            await Assert.ThrowsAsync<NotFoundException>(() => live.Questions.MineAsync(other, live.Slug));
        }
        foreach (var key in (string[])["", "nosuch", ".0", "HOOK"])
        {
            await Assert.ThrowsAsync<NotFoundException>(() => live.Questions.OpenAsync(live.Anna, live.Slug, key));
            await Assert.ThrowsAsync<NotFoundException>(() => live.Questions.CloseAsync(live.Anna, live.Slug, key));
        }
        await Assert.ThrowsAsync<NotFoundException>(() => AnswerAsync(live, live.Bruno, number + 1, 1));
        await Assert.ThrowsAsync<NotFoundException>(() => live.Questions.AnswerAsync(live.Bruno, "nosuch", number, Answer.Of(1)));
        Assert.Equal(Refusal.AnswerUnknown, await World.RefusalOfAsync(() => AnswerAsync(live, live.Bruno, number, 4)));
        Assert.Equal(Refusal.AnswerMissing, await World.RefusalOfAsync(() => AnswerAsync(live, live.Bruno, number)));
        Assert.Equal(Refusal.PollOneChoice, await World.RefusalOfAsync(() => AnswerAsync(live, live.Bruno, number, 1, 2)));
        // A question of another session is none of this one, for whoever is in both.
        var other2 = await live.Sessions.PlanAsync(live.Anna, live.Plan with { Title = "Other" }, "second");
        await live.Stages.StartAsync(live.Anna, other2);
        await Assert.ThrowsAsync<NotFoundException>(() => live.Questions.AnswerAsync(live.Anna, other2, number, Answer.Of(1)));
        await live.World.InDbAsync(async db =>
        {
            db.Restrictions.Add(new() { ConversationId = before.RoomId, MemberId = live.Bruno.MemberId, BannedUntil = live.World.Clock.GetUtcNow().AddDays(1) });
            return await db.SaveChangesAsync();
        });
        await Assert.ThrowsAsync<NotFoundException>(() => AnswerAsync(live, live.Bruno, number, 1));
        await Assert.ThrowsAsync<NotFoundException>(() => live.Questions.MineAsync(live.Bruno, live.Slug));
        var after = await live.StateAsync(live.Anna);
        Assert.Equal((before.Version, 0), (after.Version, after.Question!.Answered));
        // With the session its question ends.
        await live.Stages.EndAsync(live.Anna, live.Slug);
        Assert.Null((await live.StateAsync(live.Anna)).Question);
        Assert.Equal(Refusal.SessionOver, await World.RefusalOfAsync(() => AnswerAsync(live, live.Olga, number, 1)));
        Assert.Equal(Refusal.SessionOver, await World.RefusalOfAsync(() => live.Questions.OpenAsync(live.Anna, live.Slug, "why")));
        Assert.Equal(DeskQuestionState.Closed, (await live.Questions.DeskAsync(live.Anna, live.Slug)).Questions.Single(one => one.Key == "hook").State);
    }

    [Theory, OnBothDatabases]
    public async Task An_answer_counts_once_however_often_it_is_pressed_at_once(Database database)
    {
        await using var live = await OpenAsync(database);
        await live.Stages.StartAsync(live.Anna, live.Slug);
        var number = await AskAsync(live);

        await Task.WhenAll(((Actor[])[live.Bruno, live.Olga, live.Carla]).SelectMany(who => Enumerable.Range(0, 5).Select(press => Task.Run(() => AnswerAsync(live, who, number, press % 3 + 1)))));

        Assert.Equal(3, (await live.StateAsync()).Question!.Answered);
        var answers = await live.World.InDbAsync(db => db.SessionAnswers.AsNoTracking().ToListAsync());
        Assert.Equal(3, answers.Count);
        // Who presses while it is closed is counted or refused, and what is counted stays.
        var late = Enumerable.Range(0, 6).Select(press => Task.Run(async () =>
        {
            try
            {
                await AnswerAsync(live, live.Bruno, number, press % 3 + 1);
            }
            catch (RefusedException refused) when (refused.Refusal == Refusal.QuestionClosed)
            {
                // Too late.
            }
        })).ToList();
        await live.Questions.CloseAsync(live.Anna, live.Slug, "hook");
        var closed = await live.World.InDbAsync(db => db.SessionAnswers.AsNoTracking().Where(a => a.MemberId == live.Bruno.MemberId).Select(a => a.Answer).SingleAsync());
        await Task.WhenAll(late);
        Assert.Equal(closed, await live.World.InDbAsync(db => db.SessionAnswers.AsNoTracking().Where(a => a.MemberId == live.Bruno.MemberId).Select(a => a.Answer).SingleAsync()));
    }

    [Theory, OnBothDatabases]
    public async Task What_is_open_stays_as_it_was_opened_and_answers_of_all_languages_are_counted_together(Database database)
    {
        await using var live = await OpenAsync(database);
        await live.Decks.AddLanguageAsync(live.Anna, live.Slug, "it");
        await live.WriteAsync("# Uno\n\n::: question single\nid: hook\nChe cosa li fa restare?\n- Chi chiede\n- Un contratto\n- La paga\n:::", "it");
        await live.Stages.StartAsync(live.Anna, live.Slug);
        var number = await AskAsync(live);
        await AnswerAsync(live, live.Bruno, number, 1);

        await live.WriteAsync(Slides.Replace("What keeps them?", "Anew?", StringComparison.Ordinal).Replace("- [ ] Pay\n", "", StringComparison.Ordinal));
        await live.WriteAsync("# Uno", "it");
        var question = (await live.StateAsync()).Question!;
        Assert.Equal(("What keeps them?", "en"), (question.Texts.In("el").Question.Text, question.Texts.In("el").Language));
        Assert.Equal(("Che cosa li fa restare?", "it"), (question.Texts.In("it").Question.Text, question.Texts.In("it").Language));
        await AnswerAsync(live, live.Olga, number, 3);
        await live.Questions.CloseAsync(live.Anna, live.Slug, "hook");
        await live.Questions.OpenAsync(live.Anna, live.Slug, "hook");
        Assert.Equal((number, 2, "What keeps them?"), await live.StateAsync() is { Question: { } again } ? (again.Number, again.Answered, again.Texts.Original.Text) : default);
        // The right answers are those of the original: a translation marks none.
        Assert.Equal([2, 0], await live.World.InDbAsync(db => db.SessionAnswers.OrderBy(a => a.MemberId).Select(a => a.Points).ToListAsync()));
    }

    [Theory, OnBothDatabases]
    public async Task A_question_that_nobody_answered_is_opened_with_its_new_words_and_one_that_left_the_slides_can_still_be_shown(Database database)
    {
        await using var live = await OpenAsync(database);
        await live.Stages.StartAsync(live.Anna, live.Slug);
        var number = await AskAsync(live);
        await live.Questions.CloseAsync(live.Anna, live.Slug, "hook");
        await live.WriteAsync(Slides.Replace("What keeps them?", "Anew?", StringComparison.Ordinal));
        await AskAsync(live);
        Assert.Equal((number, "Anew?"), await live.StateAsync() is { Question: { } again } ? (again.Number, again.Texts.Original.Text) : default);
        await AnswerAsync(live, live.Bruno, number, 1);
        await live.Questions.CloseAsync(live.Anna, live.Slug, "hook");

        await live.WriteAsync("# Nothing");
        var gone = Assert.Single((await live.Questions.DeskAsync(live.Anna, live.Slug)).Questions);
        Assert.Equal(("hook", null, "Anew?", DeskQuestionState.Closed, 1), (gone.Key, gone.Slide, gone.Title, gone.State, gone.Answered));
        await live.Questions.ShowResultsAsync(live.Anna, live.Slug, "hook");
        Assert.Equal("hook", (await live.StateAsync()).Question!.Key);
    }

    [Theory, OnBothDatabases]
    public async Task The_desk_lists_questions_in_their_order_and_people_by_their_points(Database database)
    {
        await using var live = await OpenAsync(database);
        await live.Stages.StartAsync(live.Anna, live.Slug);
        var desk = await live.Questions.DeskAsync(live.Anna, live.Slug);
        Assert.Equal([(2, QuestionKind.Multiple, false, "Which?"), (3, QuestionKind.Single, true, "What keeps them?"), (3, QuestionKind.Text, false, "Why?")], desk.Questions.Select(one => (one.Slide ?? 0, one.Kind, one.IsQuiz, one.Title)));
        Assert.Null(desk.Newest);

        var number = await AskAsync(live);
        foreach (var who in (Actor[])[live.Anna, live.Olga, live.Bruno])
            await AnswerAsync(live, who, number, 1);
        await live.Questions.CloseAsync(live.Anna, live.Slug, "hook");
        var why = await AskAsync(live, "why");
        await live.Questions.AnswerAsync(live.Bruno, live.Slug, why, Answer.Written(" Because\r\nof\0 them "));
        await live.Questions.AnswerAsync(live.Olga, live.Slug, why, Answer.Written("Γιατί <b>"));

        desk = await live.Questions.DeskAsync(live.Carla, live.Slug);
        // Who leads is in no list by points.
        Assert.Equal([("Bruno Weiß", 2), ("Όλγα Νικολάου", 2)], desk.Best.Select(one => (one.Name, one.Points)));
        Assert.Equal((2, "why"), (desk.Of, desk.Newest!.Key));
        Assert.Equal(["Because\nof them", "Γιατί <b>"], desk.Newest.Result!.Written.Order(StringComparer.Ordinal));
        Assert.Equal([(DeskQuestionState.Ready, 0), (DeskQuestionState.Closed, 3), (DeskQuestionState.Open, 2)], desk.Questions.Select(one => (one.State, one.Answered)));
        Assert.Null((await live.StateAsync()).Question!.Result);
    }

    [Theory, OnBothDatabases]
    public async Task A_new_server_finds_the_open_question_and_every_answer(Database database)
    {
        await using var live = await OpenAsync(database);
        await live.Stages.StartAsync(live.Anna, live.Slug);
        var number = await AskAsync(live);
        await AnswerAsync(live, live.Bruno, number, 1);

        var stages = new Stages(live.World.Db, new Feed(Microsoft.Extensions.Logging.Abstractions.NullLogger<Feed>.Instance), live.World.Clock);
        var questions = new StageQuestions(live.World.Db, live.World.Feed, live.World.Clock, stages);
        Assert.Equal((number, true, 1), (await stages.SeeAsync(live.Olga, live.Slug)).State.Question is { } open ? (open.Number, open.IsOpen, open.Answered) : default);
        Assert.Equal("1", (await questions.MineAsync(live.Bruno, live.Slug)).Kept);
        await questions.AnswerAsync(live.Olga, live.Slug, number, Answer.Of(2));
        Assert.Equal(2, (await live.StateAsync()).Question!.Answered);
    }

    [Theory, OnBothDatabases]
    public async Task Those_who_watch_hear_of_answers_that_are_new(Database database)
    {
        await using var live = await OpenAsync(database);
        await live.Stages.StartAsync(live.Anna, live.Slug);
        var number = await AskAsync(live);
        var told = System.Threading.Channels.Channel.CreateUnbounded<int>();
        using var listening = live.World.Feed.Subscribe<QuestionAnswered>(fact => told.Writer.WriteAsync(fact.ConversationId));

        await AnswerAsync(live, live.Bruno, number, 1);
        await AnswerAsync(live, live.Bruno, number, 1);
        await Assert.ThrowsAsync<RefusedException>(() => AnswerAsync(live, live.Bruno, number, 9));
        await AnswerAsync(live, live.Bruno, number, 2);
        live.World.Feed.Publish(new QuestionAnswered(-1));

        List<int> heard = [];
        do
            heard.Add(await told.Reader.ReadAsync().AsTask().WaitAsync(Patience.Enough));
        while (heard[^1] != -1);
        var room = (await live.StateAsync()).RoomId;
        Assert.Equal([room, room, -1], heard);
    }
}
