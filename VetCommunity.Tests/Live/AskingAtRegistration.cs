using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Learning;
using VetCommunity.Core.Live;
using VetCommunity.Core.Privacy;
using Xunit;

namespace VetCommunity.Tests.Live;

/// <summary>What trainers ask of whoever registers, who answers it and who reads it.</summary>
public class AskingAtRegistration
{
    const string Photos = "::: question single\nid: photos\nrequired: yes\n\nMay we take photos?\n\n- Yes\n- No\n:::";
    const string Trade = "::: question text\n\nWhich *trade*?\n:::";
    const string Fotos = "::: question single\nid: photos\n\nDürfen wir Fotos machen?\n\n- Ja\n- Nein\n:::";

    static RegistrationForms FormsOf(LiveWorld live) => new(live.World.Db, live.World.Clock);

    static Task<IReadOnlyList<QuestionFault>> SaveAsync(LiveWorld live, string text, int version, string language = "en") => FormsOf(live).SaveAsync(live.Anna, live.Slug, language, text, version);

    static async Task<Dictionary<int, int>> NumbersAsync(LiveWorld live) => (await FormsOf(live).AskedAsync(live.Olga, live.Slug)).ToDictionary(one => one.Place, one => one.Number);

    [Theory, OnBothDatabases]
    public async Task Nobody_registers_without_what_has_to_be_answered_by_the_page_or_by_code_and_waiting_is_no_exception(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        Assert.Empty(await SaveAsync(live, Photos + "\n\n" + Trade, 0));
        Assert.Empty(await SaveAsync(live, Fotos, 0, "de"));
        await live.Sessions.ChangeAsync(live.Anna, live.Slug, live.Plan with { Capacity = 1 }, revision: 0);
        var (forms, code, numbers) = (FormsOf(live), (await live.Sessions.FindAsync(live.Anna, live.Slug)).Session.JoinCode, await NumbersAsync(live));
        var asked = await forms.AskedAsync(live.Olga, live.Slug);
        Assert.Equal([(1, true, "de"), (2, false, "en")], asked.Select(one => (one.Place, one.Texts.Original.IsRequired, one.Texts.In("de").Language)));
        Assert.True(asked[0].Texts.In("de").Question.IsRequired);

        Assert.Equal(Refusal.FormAnswerMissing, await World.RefusalOfAsync(() => live.Sessions.RegisterAsync(live.Olga, live.Slug)));
        Assert.Equal(Refusal.FormAnswerMissing, await World.RefusalOfAsync(() => live.Sessions.JoinAsync(live.Olga, code)));
        Assert.Equal(Refusal.FormAnswerMissing, await World.RefusalOfAsync(() => live.Sessions.RegisterAsync(live.Olga, live.Slug, Answers((numbers[1], Answer.Written("  "))))));
        Assert.Equal(Refusal.AnswerUnknown, await World.RefusalOfAsync(() => live.Sessions.RegisterAsync(live.Olga, live.Slug, Answers((numbers[1], Answer.Of(3))))));
        Assert.Null((await live.Sessions.FindAsync(live.Olga, live.Slug)).Request);
        Assert.Equal(RequestState.Waits, (await live.Sessions.RegisterAsync(live.Olga, live.Slug, Answers((numbers[1], Answer.Of(2)), (numbers[2], Answer.Written("Joiner"))))).State);
        Assert.Equal(RequestState.Waits, (await live.Sessions.JoinAsync(live.World.Ada, code, Answers((numbers[1], Answer.Of(1))))).State);

        // Who registered before anything was asked is in the list too, with nothing.
        var sheet = await forms.ListAsync(live.Carla, live.Slug, 1);
        Assert.Equal([("ada", RequestState.Waits, "Yes", null), ("bruno", null, null, null), ("olga", RequestState.Waits, "No", "Joiner")],
            sheet.Lines.Select(line => (line.Handle, line.State, line.Answers.GetValueOrDefault(numbers[1]), line.Answers.GetValueOrDefault(numbers[2]))));
        Assert.Equal(3, (await forms.ListAsync(live.Anna, live.Slug, null)).Lines.Count);
        // A place is given with the answers that are there.
        await live.Sessions.LeaveAsync(live.Bruno, live.Slug);
        Assert.Equal((null, "No"), (await forms.ListAsync(live.Anna, live.Slug, 1)).Lines.Single(line => line.Handle == "olga") is var olga ? (olga.State, olga.Answers[numbers[1]]) : default);
    }

    [Theory, OnBothDatabases]
    public async Task Answers_are_changed_until_it_begins_and_go_with_the_registration(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        await SaveAsync(live, Photos + "\n" + Trade, 0);
        var (forms, numbers) = (FormsOf(live), await NumbersAsync(live));

        await forms.AnswerAsync(live.Bruno, live.Slug, Answers((numbers[1], Answer.Of(1)), (numbers[2], Answer.Written("Welder"))));
        Assert.Equal(Refusal.FormAnswerMissing, await World.RefusalOfAsync(() => forms.AnswerAsync(live.Bruno, live.Slug, RegistrationForms.NoAnswers)));
        Assert.Equal(["1", "Welder"], (await forms.AskedAsync(live.Bruno, live.Slug)).Select(one => one.Mine));
        await forms.AnswerAsync(live.Bruno, live.Slug, Answers((numbers[1], Answer.Of(2))));
        Assert.Equal(["2", null], (await forms.AskedAsync(live.Bruno, live.Slug)).Select(one => one.Mine));
        Assert.All(await forms.AskedAsync(live.Olga, live.Slug), one => Assert.Null(one.Mine));
        // Who has not registered, leads it or is nobody answers nothing.
        foreach (var other in (Actor[])[live.Olga, live.Anna, live.Carla, Actor.Visitor, Actor.Operator])
            await Assert.ThrowsAsync<NotFoundException>(() => forms.AnswerAsync(other, live.Slug, Answers((numbers[1], Answer.Of(1)))));

        await live.Stages.StartAsync(live.Anna, live.Slug);
        Assert.Equal(Refusal.SessionBegun, await World.RefusalOfAsync(() => forms.AnswerAsync(live.Bruno, live.Slug, Answers((numbers[1], Answer.Of(1))))));
        // Who comes late answers when they register.
        Assert.Equal(Refusal.FormAnswerMissing, await World.RefusalOfAsync(() => live.Sessions.RegisterAsync(live.Olga, live.Slug)));
        Assert.True((await live.Sessions.RegisterAsync(live.Olga, live.Slug, Answers((numbers[1], Answer.Of(1))))).IsIn);
        await live.Sessions.LeaveAsync(live.Olga, live.Slug);
        Assert.Equal([live.Bruno.MemberId], await live.World.InDbAsync(db => db.RegistrationAnswers.Select(a => a.MemberId).ToListAsync()));
    }

    [Theory, OnBothDatabases]
    public async Task What_was_answered_stays_with_the_words_that_were_asked(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        await SaveAsync(live, Photos + "\n" + Trade, 0);
        var (forms, numbers) = (FormsOf(live), await NumbersAsync(live));
        await forms.AnswerAsync(live.Bruno, live.Slug, Answers((numbers[1], Answer.Of(1))));

        // Turned round, one without need of an answer any more, one in other words of which nobody has answered the first.
        await SaveAsync(live, "::: question text\nWhich craft?\n:::\n" + Photos.Replace("required: yes\n", "", StringComparison.Ordinal), 1);
        var asked = await forms.AskedAsync(live.Bruno, live.Slug);
        Assert.Equal([(1, null), (2, "1")], asked.Select(one => (one.Place, one.Mine)));
        Assert.Equal(numbers[1], asked[1].Number);
        Assert.Equal(2, await live.World.InDbAsync(db => db.RegistrationQuestions.CountAsync()));

        // With other words it is another one; the answer stays beside the old ones, and comes back with them.
        await SaveAsync(live, Photos.Replace("photos?", "films?", StringComparison.Ordinal), 2);
        asked = await forms.AskedAsync(live.Bruno, live.Slug);
        Assert.Equal([("May we take films?", null), ("May we take photos?", "1")], asked.Select(one => (one.Texts.Original.Text, one.Mine)));
        var sheet = await forms.ListAsync(live.Anna, live.Slug, 1);
        Assert.Equal([1, 0], sheet.Questions.Select(one => one.Place));
        Assert.Equal("Yes", sheet.Lines.Single().Answers[numbers[1]]);
        await SaveAsync(live, Photos, 3);
        Assert.Equal([(1, "1")], (await forms.AskedAsync(live.Bruno, live.Slug)).Select(one => (one.Place, one.Mine)));
        await SaveAsync(live, "", 4);
        Assert.DoesNotContain(await forms.AskedAsync(live.Olga, live.Slug), one => one.Place > 0);
        Assert.True((await live.Sessions.RegisterAsync(live.Olga, live.Slug)).IsIn);
    }

    [Theory, OnBothDatabases]
    public async Task What_cannot_be_asked_is_not_stored_and_two_who_write_do_not_overwrite_each_other(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);

        Assert.Equal([(1, QuestionFaultKind.TooFewChoices)], (await SaveAsync(live, "::: question single\nWhat?\n- a\n:::", 0)).Select(one => (one.Line, one.Kind)));
        Assert.Equal([(2, QuestionFaultKind.UnknownField)], (await SaveAsync(live, "::: question text\nrequired: perhaps\n\nWhat?\n:::", 0)).Select(one => (one.Line, one.Kind)));
        Assert.Equal([(5, QuestionFaultKind.OnlyOnStage)], (await SaveAsync(live, "::: question text\nWhat?\n:::\n\n::: question ideas\nWhat next?\n:::", 0)).Select(one => (one.Line, one.Kind)));
        Assert.Equal([QuestionFaultKind.NameTwice], (await SaveAsync(live, Photos + "\n" + Photos, 0)).Select(one => one.Kind));
        Assert.Equal(Refusal.FormOnlyQuestions, await RefusalOf("Hello\n" + Photos));
        Assert.Equal(Refusal.FormTooMany, await RefusalOf(string.Join('\n', Enumerable.Range(1, RegistrationForms.Most + 1).Select(number => $"::: question text\n{number}?\n:::"))));
        Assert.Equal(Refusal.FormNoQuiz, await RefusalOf("::: question single\nWhat?\n- [x] a\n- b\n:::"));
        Assert.Equal(Refusal.TextTooLong, await RefusalOf(new string('\n', 0) + "::: question text\n" + new string('x', RegistrationForms.Text) + "\n:::"));
        Assert.Empty(await FormsOf(live).AskedAsync(live.Olga, live.Slug));
        // In slides it is no field: there everything may be left out.
        Assert.Equal(QuestionFaultKind.UnknownField, QuestionBlocks.In(Photos)[0].Fault?.Kind);

        Assert.Empty(await SaveAsync(live, Photos, 0));
        Assert.Empty(await SaveAsync(live, Photos, 0));
        Assert.Equal(Refusal.ChangedElsewhere, await RefusalOf(Trade));
        foreach (var other in (Actor[])[live.Bruno, live.Olga, Actor.Visitor, Actor.Operator])
        {
            await Assert.ThrowsAsync<NotFoundException>(() => FormsOf(live).SaveAsync(other, live.Slug, "en", Trade, 2));
            await Assert.ThrowsAsync<NotFoundException>(() => FormsOf(live).OpenAsync(other, live.Slug, "en"));
            await Assert.ThrowsAsync<NotFoundException>(() => FormsOf(live).ListAsync(other, live.Slug, 1));
        }
        await Assert.ThrowsAsync<NotFoundException>(() => FormsOf(live).AskedAsync(Actor.Visitor, live.Slug));
        await live.Sessions.CallOffAsync(live.Anna, live.Slug);
        Assert.Equal(Refusal.SessionOver, await RefusalOf(Trade));

        Task<Refusal> RefusalOf(string text) => World.RefusalOfAsync(() => FormsOf(live).SaveAsync(live.Anna, live.Slug, "en", text, 0));
    }

    [Theory, OnBothDatabases]
    public async Task Answers_go_with_the_account_and_are_taken_along(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        await SaveAsync(live, Trade, 0);
        var numbers = await NumbersAsync(live);
        await live.Sessions.RegisterAsync(live.Olga, live.Slug, Answers((numbers[1], Answer.Written("=Joiner"))));
        await FormsOf(live).AnswerAsync(live.Bruno, live.Slug, Answers((numbers[1], Answer.Written("Welder"))));
        var holding = Holdings.All.Single(one => one.Table == typeof(RegistrationAnswer));

        Assert.Equal("registration-answers", holding.File);
        await live.World.InDbAsync(async db =>
        {
            await holding.EraseAsync!(db, live.Bruno.MemberId, CancellationToken.None);
            return 0;
        });

        Assert.Equal([live.Olga.MemberId], await live.World.InDbAsync(db => db.RegistrationAnswers.Select(a => a.MemberId).ToListAsync()));
    }

    static Dictionary<int, Answer> Answers(params (int Number, Answer Answer)[] all) => all.ToDictionary(one => one.Number, one => one.Answer);
}
