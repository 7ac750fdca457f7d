using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Learning;
using VetCommunity.Core.Markdown;
using VetCommunity.Core.Moderation;

namespace VetCommunity.Core.Live;

/// <summary>
/// The questions of a session: those of its slides, opened one at a time by who leads, whichever slide is shown. What is opened stays as it was, whatever becomes of the slides. Each who is in the session answers
/// once and may change it until the question is closed; what was answered is seen by those who lead, and by all when they show it. What is right is never seen while somebody can still answer.
/// </summary>
public sealed class StageQuestions(CommunityDbFactory db, Feed feed, TimeProvider clock, Stages stages)
{
    /// <summary>Texts of a result.</summary>
    public const int MostTexts = 50;

    /// <summary>Lines of the list by points.</summary>
    public const int MostLines = 20;

    /// <summary>Ideas of a question that can be taken away.</summary>
    public const int MostTaken = 200;

    /// <summary>Opens a question of the slides, or one again that was closed: then it is as it was, and what was answered stays. Results of others go from the stage. A second time changes nothing.</summary>
    /// <param name="actor">Who leads the session.</param>
    /// <param name="slug">Which session.</param>
    /// <param name="key">Which question, see <see cref="DeckQuestion.Key"/>.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="NotFoundException">Absent, or the actor does not lead it.</exception>
    /// <exception cref="RefusedException">It is not being held, another question is open, or everybody has seen what is right.</exception>
    public Task OpenAsync(Actor actor, string slug, string key, CancellationToken cancel = default) => stages.MoveAsync(actor, slug, leads: true, async (context, session) =>
    {
        Stages.CheckRunning(session);
        var known = await context.SessionQuestions.SingleOrDefaultAsync(q => q.SessionId == session.Id && q.Key == key, cancel);
        if (known is { ClosedAt: null })
            return null;
        var decks = await stages.DecksAsync(context, session, cancel);
        var asked = decks.Count == 0 ? null : decks[0].Deck.Questions.FirstOrDefault(one => one.Key == key);
        if (known is null && asked is null)
            throw new NotFoundException("question");
        if (known is { IsRevealed: 1 })
            throw new RefusedException(Refusal.QuestionRevealed);
        await CheckNoneOpenAsync(context, session, cancel);
        await HideOthersAsync(context, session, key, cancel);
        // Answers belong to what was asked: with other words it is the same question only while nobody has answered.
        if (known is null)
            context.Add(known = new() { SessionId = session.Id, Key = key, Texts = QuestionTexts.Of(asked!, decks).Stored });
        else if (asked is not null && !await context.SessionAnswers.AnyAsync(a => a.QuestionId == known.Id, cancel))
            known.Texts = QuestionTexts.Of(asked, decks).Stored;
        (known.OpenedAt, known.ClosedAt, known.IsShown) = (clock.GetUtcNow(), null, 0);
        await context.SaveChangesAsync(cancel);
        return new() { Kind = SessionEventKind.QuestionOpened, QuestionId = known.Id };
    }, cancel);

    /// <summary>Closes an open question. A second time changes nothing.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor does not lead the session.</exception>
    /// <exception cref="RefusedException">The session is not being held.</exception>
    public Task CloseAsync(Actor actor, string slug, string key, CancellationToken cancel = default) => ChangeAsync(actor, slug, key, SessionEventKind.QuestionClosed, (_, question) =>
    {
        if (question.ClosedAt is not null)
            return Task.FromResult(false);
        question.ClosedAt = clock.GetUtcNow();
        return Task.FromResult(true);
    }, cancel);

    /// <summary>Shows all what was answered, also while the question is open; what is right is shown when it is closed. A second time changes nothing.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor does not lead the session.</exception>
    /// <exception cref="RefusedException">The session is not being held, or another question is open.</exception>
    public Task ShowResultsAsync(Actor actor, string slug, string key, CancellationToken cancel = default) => ChangeAsync(actor, slug, key, SessionEventKind.ResultsShown, async (context, question) =>
    {
        if (question.IsShown == 1)
            return false;
        if (question.ClosedAt is not null)
        {
            var session = await context.LiveSessions.SingleAsync(s => s.Id == question.SessionId, cancel);
            await CheckNoneOpenAsync(context, session, cancel);
            await HideOthersAsync(context, session, key, cancel);
        }
        question.IsShown = 1;
        return true;
    }, cancel);

    /// <summary>Takes what was answered from the stage. A second time changes nothing.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor does not lead the session.</exception>
    /// <exception cref="RefusedException">The session is not being held.</exception>
    public Task HideResultsAsync(Actor actor, string slug, string key, CancellationToken cancel = default) => ChangeAsync(actor, slug, key, SessionEventKind.ResultsHidden, (_, question) =>
    {
        var isShown = question.IsShown == 1;
        question.IsShown = 0;
        return Task.FromResult(isShown);
    }, cancel);

    /// <summary>Takes an idea away from everybody who had it, with the votes for it, and for good: nobody can write it again there. Also when the session is over, as what was answered can be seen again. A second time changes nothing.</summary>
    /// <param name="actor">Who leads the session.</param>
    /// <param name="slug">Which session.</param>
    /// <param name="key">Which question, see <see cref="DeckQuestion.Key"/>.</param>
    /// <param name="idea">Which idea, see <see cref="IdeasQuestion.KeyOf"/>.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="NotFoundException">Absent, nobody had such an idea, or the actor does not lead the session.</exception>
    /// <exception cref="RefusedException">The session has not begun, or so many are taken away already.</exception>
    public Task TakeIdeaAsync(Actor actor, string slug, string key, string idea, CancellationToken cancel = default) => stages.MoveAsync(actor, slug, leads: true, async (context, session) =>
    {
        if (session.Phase != SessionPhase.Ended)
            Stages.CheckRunning(session);
        var question = await LockAsync(context, session, key, cancel);
        if (TakenOf(question).Contains(idea))
            return null;
        // As many as people are in a session at most.
        var answers = await context.SessionAnswers.Where(a => a.QuestionId == question.Id).ToListAsync(cancel);
        if (QuestionTexts.Of(question.Texts).Original is not IdeasQuestion || !answers.Exists(answer => IdeasQuestion.FirstOf(answer.Answer, [idea]) is not null))
            throw new NotFoundException("idea");
        if (TakenOf(question).Length >= MostTaken)
            throw new RefusedException(Refusal.TooManyTaken, MostTaken);
        // Who had nothing else has answered all the same: what a trainer removes takes no certificate away.
        foreach (var answer in answers)
            answer.Answer = IdeasQuestion.Without(answer.Answer, idea);
        question.TakenIdeas = string.Join(',', [.. TakenOf(question), idea]);
        return new() { Kind = SessionEventKind.IdeaTaken, QuestionId = question.Id };
    }, cancel);

    static string[] TakenOf(SessionQuestion question) => question.TakenIdeas?.Split(',') ?? [];

    // Nobody answers while it is changed: who was in time is counted.
    static async Task<SessionQuestion> LockAsync(CommunityDb context, LiveSession session, string key, CancellationToken cancel)
    {
        await context.SessionQuestions.Where(q => q.SessionId == session.Id && q.Key == key).ExecuteUpdateAsync(set => set.SetProperty(q => q.IsShown, q => q.IsShown), cancel);
        return await context.SessionQuestions.SingleOrDefaultAsync(q => q.SessionId == session.Id && q.Key == key, cancel) ?? throw new NotFoundException("question");
    }

    Task ChangeAsync(Actor actor, string slug, string key, SessionEventKind kind, Func<CommunityDb, SessionQuestion, Task<bool>> change, CancellationToken cancel) => stages.MoveAsync(actor, slug, leads: true, async (context, session) =>
    {
        Stages.CheckRunning(session);
        var question = await LockAsync(context, session, key, cancel);
        if (!await change(context, question))
            return null;
        if (question is { ClosedAt: not null, IsShown: 1 } && QuestionTexts.Of(question.Texts).Original.IsQuiz)
            question.IsRevealed = 1;
        return new() { Kind = kind, QuestionId = question.Id };
    }, cancel);

    static async Task CheckNoneOpenAsync(CommunityDb context, LiveSession session, CancellationToken cancel)
    {
        if (await context.SessionQuestions.AnyAsync(q => q.SessionId == session.Id && q.ClosedAt == null, cancel))
            throw new RefusedException(Refusal.QuestionStillOpen);
    }

    static Task<int> HideOthersAsync(CommunityDb context, LiveSession session, string key, CancellationToken cancel) =>
        context.SessionQuestions.Where(q => q.SessionId == session.Id && q.Key != key && q.IsShown == 1).ExecuteUpdateAsync(set => set.SetProperty(q => q.IsShown, 0), cancel);

    /// <summary>Answers, or changes the own answer.</summary>
    /// <param name="actor">Who is in the session.</param>
    /// <param name="slug">Which session.</param>
    /// <param name="number">Which question, see <see cref="StageQuestion.Number"/>.</param>
    /// <param name="answer">What.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="NotFoundException">No such session or question, or the actor is not in it.</exception>
    /// <exception cref="RefusedException">It is closed, the session is not being held, that is no answer to it, or an idea in it was taken away.</exception>
    public async Task AnswerAsync(Actor actor, string slug, int number, Answer answer, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        // The question's row alone is held: 500 who answer at once neither wait for the slides nor the slides for them.
        var isOpen = await context.SessionQuestions.Where(q => q.Id == number && q.ClosedAt == null && context.SessionPlaces.Any(p => p.SessionId == q.SessionId && p.MemberId == actor.MemberId))
            .ExecuteUpdateAsync(set => set.SetProperty(q => q.OpenedAt, q => q.OpenedAt), cancel) == 1;
        var session = await context.LiveSessions.AsNoTracking().SingleOrDefaultAsync(s => s.Slug == slug, cancel) ?? throw new NotFoundException("session");
        if (!await context.SessionPlaces.AnyAsync(p => p.SessionId == session.Id && p.MemberId == actor.MemberId, cancel)
            || await Bans.Now(context).AnyAsync(r => r.ConversationId == session.ConversationId && r.MemberId == actor.MemberId, cancel)
            || await context.SessionQuestions.AsNoTracking().SingleOrDefaultAsync(q => q.Id == number && q.SessionId == session.Id, cancel) is not { } question)
            throw new NotFoundException("question");
        Stages.CheckRunning(session);
        if (!isOpen)
            throw new RefusedException(Refusal.QuestionClosed);
        var asked = QuestionTexts.Of(question.Texts).Original;
        var mine = await context.SessionAnswers.SingleOrDefaultAsync(a => a.QuestionId == number && a.MemberId == actor.MemberId, cancel);
        if (mine is not null)
            answer = asked.Onto(mine.Answer, answer);
        // An idea can be taken back, and with the last one and all votes the answer is none.
        if (mine is not null && mine.Answer != IdeasQuestion.Emptied && asked is IdeasQuestion && IdeasQuestion.IsNothing(answer))
        {
            context.Remove(mine);
        }
        else
        {
            var kept = asked.Keep(answer);
            if (asked is IdeasQuestion && IdeasQuestion.FirstOf(kept, TakenOf(question)) is { } taken)
                throw new RefusedException(Refusal.IdeaTaken, taken);
            if (mine?.Answer == kept)
                return;
            if (mine is null)
                context.Add(mine = new() { QuestionId = number, MemberId = actor.MemberId, Answer = kept });
            (mine.Answer, mine.Points, mine.At) = (kept, asked.Grade(kept), clock.GetUtcNow());
        }
        await context.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        feed.Publish(new QuestionAnswered(session.ConversationId));
    }

    /// <summary>What the actor answered to the question on the stage, and the own points.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor is not in it.</exception>
    public async Task<MyAnswers> MineAsync(Actor actor, string slug, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var snapshot = await db.BeginSnapshotAsync(context, cancel);
        var session = await LiveSessions.SeenBy(context, actor).AsNoTracking().SingleOrDefaultAsync(s => s.Slug == slug, cancel) ?? throw new NotFoundException("session");
        var number = session.Phase == SessionPhase.Running ? (await Asked.AskAsync(context, session.Id, cancel)).FirstOrDefault()?.Id ?? 0 : 0;
        var kept = await context.SessionAnswers.Where(a => a.QuestionId == number && a.MemberId == actor.MemberId).Select(a => a.Answer).SingleOrDefaultAsync(cancel);
        var revealed = context.SessionQuestions.Where(q => q.SessionId == session.Id && q.IsRevealed == 1);
        var points = await context.SessionAnswers.Where(a => a.MemberId == actor.MemberId && revealed.Any(q => q.Id == a.QuestionId)).SumAsync(a => a.Points, cancel);
        // Of which everything was removed: its author reads no word of it.
        return new(number, kept == IdeasQuestion.Emptied ? null : kept, points, (await revealed.Select(q => q.Texts).ToListAsync(cancel)).Sum(texts => QuestionTexts.Of(texts).Original.Points));
    }

    /// <summary>All questions with what was answered so far.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor does not lead it.</exception>
    public async Task<DeskQuestions> DeskAsync(Actor actor, string slug, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var snapshot = await db.BeginSnapshotAsync(context, cancel);
        var session = await LiveSessions.LedBy(context, actor).AsNoTracking().SingleOrDefaultAsync(s => s.Slug == slug
            && !Bans.Now(context).Any(r => r.ConversationId == s.ConversationId && r.MemberId == actor.MemberId), cancel) ?? throw new NotFoundException("session");
        var decks = await stages.DecksAsync(context, session, cancel);
        var deck = decks.Count == 0 ? Deck.Empty : decks[0].Deck;
        var opened = await context.SessionQuestions.AsNoTracking().Where(q => q.SessionId == session.Id).OrderByDescending(q => q.OpenedAt).ThenByDescending(q => q.Id).Take(Deck.MostQuestions * 2).ToListAsync(cancel);
        var answered = await context.SessionAnswers.Where(a => context.SessionQuestions.Any(q => q.Id == a.QuestionId && q.SessionId == session.Id)).GroupBy(a => a.QuestionId)
            .Select(same => new { same.Key, Count = same.Count() }).ToDictionaryAsync(one => one.Key, one => one.Count, cancel);
        var texts = opened.ToDictionary(one => one.Id, one => QuestionTexts.Of(one.Texts));
        var known = opened.ToDictionary(one => one.Key, StringComparer.Ordinal);
        List<DeskQuestion> questions = [.. deck.Questions.Select(one => Of(one.Key, one.Slide, one.Question, known.GetValueOrDefault(one.Key)))];
        questions.AddRange(opened.Where(one => !deck.Questions.Any(other => other.Key == one.Key)).Reverse().Select(one => Of(one.Key, null, texts[one.Id].Original, one)));
        var best = await context.SessionAnswers.Where(a => a.Points > 0 && context.SessionQuestions.Any(q => q.Id == a.QuestionId && q.SessionId == session.Id)
            && context.SessionPlaces.Any(p => p.SessionId == session.Id && p.MemberId == a.MemberId && p.Role == SessionRole.Participant))
            .GroupBy(a => a.MemberId).Select(mine => new { mine.Key, Points = mine.Sum(a => a.Points) }).OrderByDescending(one => one.Points).ThenBy(one => one.Key).Take(MostLines).ToListAsync(cancel);
        var ids = best.ConvertAll(one => one.Key);
        var people = await context.Users.Where(u => ids.Contains(u.Id)).Select(u => new { u.Id, u.Handle, u.DisplayName }).ToDictionaryAsync(u => u.Id, cancel);
        return new(questions, opened.Count == 0 ? null : await OfAsync(context, opened[0], isSeen: true, cancel),
            [.. best.Select(one => new PointsLine(people[one.Key].Handle, people[one.Key].DisplayName, one.Points))], texts.Values.Sum(one => one.Original.Points));

        DeskQuestion Of(string key, int? slide, Question question, SessionQuestion? row) => new(key, slide, row is null ? question.Kind : texts[row.Id].Original.Kind, question.IsQuiz, PersonsMarkdown.Excerpt(question.Text, 100),
            row switch
            {
                null => DeskQuestionState.Ready,
                { ClosedAt: null } => DeskQuestionState.Open,
                { IsRevealed: 1 } => DeskQuestionState.Revealed,
                _ => DeskQuestionState.Closed,
            }, row?.IsShown == 1, row is null ? 0 : answered.GetValueOrDefault(row.Id));
    }

    /// <summary>The question that everybody sees; null for none.</summary>
    internal static async Task<StageQuestion?> OnStageAsync(CommunityDb context, LiveSession session, CancellationToken cancel) =>
        session.Phase == SessionPhase.Running && await Asked.AskAsync(context, session.Id, cancel) is [var question] ? await OfAsync(context, question, question.IsShown == 1, cancel) : null;

    static readonly OftenAsked<int, SessionQuestion> Asked = new((context, session) =>
        context.SessionQuestions.AsNoTracking().Where(q => q.SessionId == session && (q.ClosedAt == null || q.IsShown == 1)).OrderBy(q => q.ClosedAt != null).ThenByDescending(q => q.Id).Take(1));

    /// <summary>A question as everybody sees it, or before they may see what was answered.</summary>
    internal static async Task<StageQuestion> OfAsync(CommunityDb context, SessionQuestion question, bool isSeen, CancellationToken cancel)
    {
        var texts = QuestionTexts.Of(question.Texts);
        var answers = context.SessionAnswers.Where(a => a.QuestionId == question.Id);
        if (!isSeen)
            return new(question.Id, question.Key, question.ClosedAt is null, await answers.CountAsync(cancel), texts, null);
        if (texts.Original.Kind == QuestionKind.Text)
        {
            var count = await answers.CountAsync(cancel);
            var newest = await answers.OrderByDescending(a => a.At).ThenByDescending(a => a.MemberId).Take(MostTexts).Select(a => a.Answer).ToListAsync(cancel);
            return new(question.Id, question.Key, question.ClosedAt is null, count, texts, new(new(count, [], 0), newest));
        }
        // As many as people are in a session at most.
        var kept = await answers.GroupBy(a => a.Answer).Select(same => new { same.Key, Count = same.Count() }).ToListAsync(cancel);
        var result = texts.Original.Count([.. kept.Select(one => (one.Key, one.Count))]);
        return new(question.Id, question.Key, question.ClosedAt is null, result.Answered, texts, new(result, []));
    }
}
