using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;
using VetCommunity.Core.Moderation;

namespace VetCommunity.Core.Live;

/// <summary>
/// Questions from a session's audience: who is in it asks, others vote, those who lead it take one up after the other. Asking and voting are no moves of the session, so 500 may do it at once; what those who lead do
/// with a question is one.
/// </summary>
public sealed class AudienceQuestions(CommunityDbFactory db, Feed feed, TimeProvider clock, Stages stages)
{
    /// <summary>Characters of a question.</summary>
    public const int Text = 300;

    /// <summary>Questions of one member within a minute.</summary>
    public const int PerMinute = 3;

    /// <summary>Questions of one member in a session.</summary>
    public const int PerMember = 20;

    /// <summary>Questions of a session.</summary>
    public const int PerSession = 500;

    /// <summary>Questions on the stage that are not answered yet.</summary>
    public const int MostOpen = 30;

    /// <summary>Answered questions on the stage.</summary>
    public const int MostAnswered = 10;

    /// <summary>Questions of one page.</summary>
    public const int Page = 50;

    /// <summary>Questions of one page at the desk.</summary>
    public const int DeskPage = 20;

    // 500 who vote at once wait for each other here, one after the other, and not at the lock of the database, where an unlucky one waits until it gives up.
    readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, 32).Select(_ => new SemaphoreSlim(1))];

    /// <summary>Asks. The same question of the same member once more is the same question while it is open.</summary>
    /// <param name="actor">Who is in the session.</param>
    /// <param name="slug">Which session.</param>
    /// <param name="text">What, at most <see cref="Text"/> characters.</param>
    /// <param name="anonymous">Nobody is to see who asks.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>Its number.</returns>
    /// <exception cref="NotFoundException">Absent, or the actor is not in it.</exception>
    /// <exception cref="RefusedException">The session is over, the actor is muted in its room, there is no text or too much of it, names are asked for, or the actor or all together have asked too much.</exception>
    public async Task<int> AskAsync(Actor actor, string slug, string? text, bool anonymous, CancellationToken cancel = default)
    {
        var clean = PlainText.Line(text);
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var session = await LiveSessions.LockAsync(context, actor, slug, leads: false, cancel);
        if (!await LiveSessions.SeenBy(context, actor).AnyAsync(s => s.Id == session.Id, cancel))
            throw new NotFoundException("session");
        LiveSessions.CheckOpen(session);
        await LiveSessions.CheckHeardAsync(context, actor, session, clock.GetUtcNow(), cancel);
        if (clean.Length == 0)
            throw new RefusedException(Refusal.EmptyText);
        if (clean.Length > Text)
            throw new RefusedException(Refusal.TextTooLong, clean.Length, Text);
        // Nobody is named against their wish.
        if (anonymous && !session.AllowsAnonymous)
            throw new RefusedException(Refusal.AnonymousNotAllowed);
        var mine = context.AudienceQuestions.Where(q => q.SessionId == session.Id && q.ById == actor.MemberId);
        if (await mine.Where(q => q.State == AudienceState.Open && q.Text == clean && q.IsAnonymous == anonymous).Select(q => (int?)q.Id).FirstOrDefaultAsync(cancel) is { } same)
            return same;
        var now = clock.GetUtcNow();
        var before = now.AddMinutes(-1);
        if (await mine.CountAsync(q => q.AskedAt > before, cancel) >= PerMinute)
            throw new RefusedException(Refusal.AskedTooFast, PerMinute);
        if (await mine.CountAsync(cancel) >= PerMember)
            throw new RefusedException(Refusal.AskedTooMuch, PerMember);
        if (await context.AudienceQuestions.CountAsync(q => q.SessionId == session.Id, cancel) >= PerSession)
            throw new RefusedException(Refusal.AudienceFull, PerSession);
        var question = new AudienceQuestion { SessionId = session.Id, ById = actor.MemberId, Text = clean, IsAnonymous = anonymous, State = AudienceState.Open, AskedAt = now };
        context.Add(question);
        await context.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        feed.Publish(new AudienceQuestionsChanged(session.ConversationId));
        return question.Id;
    }

    /// <summary>Votes for a question, or takes the own vote back. A second time changes nothing.</summary>
    /// <exception cref="NotFoundException">No such session or question, or the actor is not in it.</exception>
    /// <exception cref="RefusedException">The session is over, the question is answered, or it is the actor's own.</exception>
    public async Task VoteAsync(Actor actor, string slug, int number, bool on, CancellationToken cancel = default)
    {
        var turn = _turns[(uint)number % _turns.Length];
        await turn.WaitAsync(cancel);
        try
        {
            await CountAsync(actor, slug, number, on, cancel);
        }
        finally
        {
            turn.Release();
        }
    }

    async Task CountAsync(Actor actor, string slug, int number, bool on, CancellationToken cancel)
    {
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        // The question's row alone is held, so one member's votes come after each other.
        var isOpen = await context.AudienceQuestions.Where(q => q.Id == number && (q.State == AudienceState.Open || q.State == AudienceState.Answering)
                && context.SessionPlaces.Any(p => p.SessionId == q.SessionId && p.MemberId == actor.MemberId))
            .ExecuteUpdateAsync(set => set.SetProperty(q => q.AskedAt, q => q.AskedAt), cancel) == 1;
        var session = await LiveSessions.SeenBy(context, actor).AsNoTracking().SingleOrDefaultAsync(s => s.Slug == slug, cancel) ?? throw new NotFoundException("session");
        var asker = await context.AudienceQuestions.Where(q => q.Id == number && q.SessionId == session.Id && q.State != AudienceState.Hidden && q.State != AudienceState.Withdrawn)
            .Select(q => (int?)q.ById).SingleOrDefaultAsync(cancel) ?? throw new NotFoundException("question");
        LiveSessions.CheckOpen(session);
        if (asker == actor.MemberId)
            throw new RefusedException(Refusal.OwnQuestion);
        if (!isOpen)
            throw new RefusedException(Refusal.AudienceAnswered);
        var mine = context.AudienceVotes.Where(v => v.QuestionId == number && v.MemberId == actor.MemberId);
        if (await mine.AnyAsync(cancel) == on)
            return;
        if (on)
            context.Add(new AudienceVote { QuestionId = number, MemberId = actor.MemberId, At = clock.GetUtcNow() });
        else
            await mine.ExecuteDeleteAsync(cancel);
        await context.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        feed.Publish(new AudienceQuestionsChanged(session.ConversationId));
    }

    /// <summary>Takes the own question back while it is open: its text and its votes are gone. A second time changes nothing.</summary>
    /// <exception cref="NotFoundException">No such session or question, it is somebody else's, or the actor is not in it.</exception>
    /// <exception cref="RefusedException">It was taken up, answered or hidden.</exception>
    public Task WithdrawAsync(Actor actor, string slug, int number, CancellationToken cancel = default) => ChangeAsync(actor, slug, leads: false, number, async (context, session, question) =>
    {
        if (question.ById != actor.MemberId || !await context.SessionPlaces.AnyAsync(p => p.SessionId == session.Id && p.MemberId == actor.MemberId, cancel))
            throw new NotFoundException("question");
        if (question.State == AudienceState.Withdrawn)
            return null;
        if (question.State != AudienceState.Open)
            throw new RefusedException(Refusal.AudienceTakenUp);
        (question.State, question.Text) = (AudienceState.Withdrawn, "");
        await context.AudienceVotes.Where(v => v.QuestionId == number).ExecuteDeleteAsync(cancel);
        return SessionEventKind.AudienceWithdrawn;
    }, cancel);

    /// <summary>Takes a question up, marks it answered, opens it again, or hides it. What is the case already, and what was hidden or withdrawn meanwhile, changes nothing.</summary>
    /// <param name="actor">Who leads the session.</param>
    /// <param name="slug">Which session.</param>
    /// <param name="number">Which question.</param>
    /// <param name="to">How far it is to be; withdrawing is for whoever asked.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="NotFoundException">No such session or question, or the actor does not lead it.</exception>
    /// <exception cref="RefusedException">It is not being held. Hiding, and showing again, is possible at any time.</exception>
    public Task MarkAsync(Actor actor, string slug, int number, AudienceState to, CancellationToken cancel = default) => ChangeAsync(actor, slug, leads: true, number, async (context, session, question) =>
    {
        if (to is not (AudienceState.Open or AudienceState.Answering or AudienceState.Answered or AudienceState.Hidden))
            throw new NotFoundException("question");
        var from = question.State;
        if (from == to || from == AudienceState.Withdrawn || (from == AudienceState.Hidden && to != AudienceState.Open))
            return null;
        if (from != AudienceState.Hidden && to != AudienceState.Hidden)
            Stages.CheckRunning(session);
        // Whoever takes the next one up is done with the one before.
        if (to == AudienceState.Answering)
            await context.AudienceQuestions.Where(q => q.SessionId == session.Id && q.State == AudienceState.Answering).ExecuteUpdateAsync(set => set.SetProperty(q => q.State, AudienceState.Answered), cancel);
        question.State = to;
        return to switch
        {
            AudienceState.Answering => SessionEventKind.AudienceTakenUp,
            AudienceState.Answered => SessionEventKind.AudienceAnswered,
            AudienceState.Hidden => SessionEventKind.AudienceHidden,
            _ => SessionEventKind.AudienceOpened,
        };
    }, cancel);

    async Task ChangeAsync(Actor actor, string slug, bool leads, int number, Func<CommunityDb, LiveSession, AudienceQuestion, Task<SessionEventKind?>> change, CancellationToken cancel)
    {
        var room = 0;
        await stages.MoveAsync(actor, slug, leads, async (context, session) =>
        {
            // Nobody votes while it is changed.
            await context.AudienceQuestions.Where(q => q.Id == number && q.SessionId == session.Id).ExecuteUpdateAsync(set => set.SetProperty(q => q.AskedAt, q => q.AskedAt), cancel);
            var question = await context.AudienceQuestions.SingleOrDefaultAsync(q => q.Id == number && q.SessionId == session.Id, cancel) ?? throw new NotFoundException("question");
            if (await change(context, session, question) is not { } kind)
                return null;
            room = session.ConversationId;
            return new() { Kind = kind, AudienceQuestionId = question.Id };
        }, cancel);
        if (room != 0)
            feed.Publish(new AudienceQuestionsChanged(room));
    }

    /// <summary>Says whether questions without a name may be asked from now on; what was asked stays as it was.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor does not lead it.</exception>
    /// <exception cref="RefusedException">It is over.</exception>
    public async Task AllowAnonymousAsync(Actor actor, string slug, bool allowed, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var session = await LiveSessions.LockAsync(context, actor, slug, leads: true, cancel);
        if (!await LiveSessions.SeenBy(context, actor).AnyAsync(s => s.Id == session.Id, cancel))
            throw new NotFoundException("session");
        LiveSessions.CheckOpen(session);
        if (session.AllowsAnonymous == allowed)
            return;
        session.AllowsAnonymous = allowed;
        await context.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        feed.Publish(new AudienceQuestionsChanged(session.ConversationId));
    }

    /// <summary>What everybody in the session sees.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor is not in it.</exception>
    public async Task<AudienceSeen> SeeAsync(Actor actor, string slug, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var snapshot = await db.BeginSnapshotAsync(context, cancel);
        return await SeenAsync(context, await FindAsync(context, actor, slug, cancel), cancel);
    }

    /// <summary>The same for those who watch a room; null where it is no session's.</summary>
    /// <exception cref="NotFoundException">Somebody else than the operator asks.</exception>
    public async Task<AudienceSeen?> OfRoomAsync(Actor actor, int conversation, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("session");
        await using var context = db.CreateDbContext();
        await using var snapshot = await db.BeginSnapshotAsync(context, cancel);
        return await context.LiveSessions.AsNoTracking().SingleOrDefaultAsync(s => s.ConversationId == conversation, cancel) is { } session ? await SeenAsync(context, session, cancel) : null;
    }

    /// <summary>What of it is the actor's own.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor is not in it.</exception>
    public async Task<AudienceMine> MineAsync(Actor actor, string slug, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var snapshot = await db.BeginSnapshotAsync(context, cancel);
        var session = await FindAsync(context, actor, slug, cancel);
        var voted = await context.AudienceVotes.Where(v => v.MemberId == actor.MemberId && context.AudienceQuestions.Any(q => q.Id == v.QuestionId && q.SessionId == session.Id))
            .OrderBy(v => v.QuestionId).Select(v => v.QuestionId).Take(PerSession).ToListAsync(cancel);
        var asked = await context.AudienceQuestions.Where(q => q.SessionId == session.Id && q.ById == actor.MemberId && q.State != AudienceState.Withdrawn)
            .OrderBy(q => q.Id).Select(q => new { q.Id, q.Text, q.State }).Take(PerMember).ToListAsync(cancel);
        return new(voted, [.. asked.Where(one => one.State != AudienceState.Hidden).Select(one => one.Id)], [.. asked.Where(one => one.State == AudienceState.Hidden).Select(one => one.Text)]);
    }

    /// <summary>A page of all questions, also when the session is over.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor is not in it.</exception>
    public async Task<AudiencePageSeen> PageAsync(Actor actor, string slug, int page, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var snapshot = await db.BeginSnapshotAsync(context, cancel);
        return await PageAsync(context, await FindAsync(context, actor, slug, cancel), withHidden: false, page, Page, cancel);
    }

    /// <summary>The same for those who lead it, with what they hid at the end.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor does not lead it.</exception>
    public async Task<AudiencePageSeen> DeskAsync(Actor actor, string slug, int page, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var snapshot = await db.BeginSnapshotAsync(context, cancel);
        var session = await LiveSessions.LedBy(context, actor).AsNoTracking().SingleOrDefaultAsync(s => s.Slug == slug
            && !Bans.Now(context).Any(r => r.ConversationId == s.ConversationId && r.MemberId == actor.MemberId), cancel) ?? throw new NotFoundException("session");
        return await PageAsync(context, session, withHidden: true, page, DeskPage, cancel);
    }

    /// <summary>In the caller's transaction: with the session its last answer ends.</summary>
    internal static Task<int> EndAsync(CommunityDb context, LiveSession session, CancellationToken cancel) =>
        context.AudienceQuestions.Where(q => q.SessionId == session.Id && q.State == AudienceState.Answering).ExecuteUpdateAsync(set => set.SetProperty(q => q.State, AudienceState.Answered), cancel);

    /// <summary>The question that was being answered at a moment; null for none, and for one that was hidden or withdrawn since.</summary>
    internal static async Task<AudienceLine?> AnsweringAsync(CommunityDb context, int session, DateTimeOffset at, CancellationToken cancel)
    {
        var taken = await context.SessionEvents.AsNoTracking().Where(e => e.SessionId == session && e.Kind == SessionEventKind.AudienceTakenUp && e.At <= at)
            .OrderByDescending(e => e.At).ThenByDescending(e => e.Version).FirstOrDefaultAsync(cancel);
        if (taken?.AudienceQuestionId is not { } number
            || await context.SessionEvents.AnyAsync(e => e.AudienceQuestionId == number && e.SessionId == session && e.Version > taken.Version && e.At <= at, cancel))
            return null;
        return (await LinesAsync(context, context.AudienceQuestions.Where(q => q.Id == number && q.State != AudienceState.Hidden && q.State != AudienceState.Withdrawn), cancel)).SingleOrDefault();
    }

    static async Task<LiveSession> FindAsync(CommunityDb context, Actor actor, string slug, CancellationToken cancel) =>
        await LiveSessions.SeenBy(context, actor).AsNoTracking().SingleOrDefaultAsync(s => s.Slug == slug, cancel) ?? throw new NotFoundException("session");

    static async Task<AudienceSeen> SeenAsync(CommunityDb context, LiveSession session, CancellationToken cancel)
    {
        var open = context.AudienceQuestions.Where(q => q.SessionId == session.Id && (q.State == AudienceState.Open || q.State == AudienceState.Answering));
        var answered = context.AudienceQuestions.Where(q => q.SessionId == session.Id && q.State == AudienceState.Answered);
        var room = await context.Conversations.Where(c => c.Id == session.ConversationId).Select(c => c.Slug!).SingleAsync(cancel);
        return new(session.Slug, room, session.ConversationId, session.Phase, session.AllowsAnonymous,
            await LinesAsync(context, Sorted(context, open).Take(MostOpen), cancel), await open.CountAsync(cancel), await LinesAsync(context, Sorted(context, answered).Take(MostAnswered), cancel), await answered.CountAsync(cancel));
    }

    static async Task<AudiencePageSeen> PageAsync(CommunityDb context, LiveSession session, bool withHidden, int page, int size, CancellationToken cancel)
    {
        var all = context.AudienceQuestions.Where(q => q.SessionId == session.Id && q.State != AudienceState.Withdrawn && (withHidden || q.State != AudienceState.Hidden));
        var lines = await LinesAsync(context, Sorted(context, all).Skip((Math.Clamp(page, 1, PerSession) - 1) * size).Take(size + 1), cancel);
        return new(session.Title, session.Phase, session.AllowsAnonymous, [.. lines.Take(size)], await all.CountAsync(cancel), lines.Count > size);
    }

    // What is being answered first, what is answered at the end; by votes, then the older one first.
    static IOrderedQueryable<AudienceQuestion> Sorted(CommunityDb context, IQueryable<AudienceQuestion> questions) => questions
        .OrderBy(q => q.State == AudienceState.Answering ? 0 : q.State == AudienceState.Open ? 1 : q.State == AudienceState.Answered ? 2 : 3)
        .ThenByDescending(q => context.AudienceVotes.Count(v => v.QuestionId == q.Id)).ThenBy(q => q.Id);

    static async Task<List<AudienceLine>> LinesAsync(CommunityDb context, IQueryable<AudienceQuestion> questions, CancellationToken cancel)
    {
        var rows = await questions.Select(q => new
        {
            q.Id,
            q.Text,
            q.State,
            q.AskedAt,
            Votes = context.AudienceVotes.Count(v => v.QuestionId == q.Id),
            By = q.IsAnonymous ? null : context.Users.Where(u => u.Id == q.ById).Select(u => new { u.Handle, u.DisplayName }).FirstOrDefault(),
        }).ToListAsync(cancel);
        return rows.ConvertAll(one => new AudienceLine(one.Id, one.Text, one.By?.Handle, one.By?.DisplayName, one.State, one.Votes, one.AskedAt));
    }
}
