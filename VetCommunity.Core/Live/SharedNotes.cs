using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Live;

/// <summary>The shared notes of a session.</summary>
/// <param name="Slug">The session's address part.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Room">The address part of its room.</param>
/// <param name="Language">In which language they are written: that of the session.</param>
/// <param name="Phase">How far the session is.</param>
/// <param name="Written">How they stand.</param>
public sealed record NotesSeen(string Slug, string Title, string Room, string Language, SessionPhase Phase, WrittenText Written)
{
    /// <summary>The address part of the session that it rehearses; null for a session itself.</summary>
    public string? RehearsalOf { get; init; }

    /// <summary>Whether the minutes have been made from them.</summary>
    public bool AreMinutes { get; init; }

    /// <summary>Whether the reader leads the session.</summary>
    public bool Leads { get; init; }

    /// <summary>Whether they can be written in.</summary>
    public bool IsOpen => Phase != SessionPhase.CalledOff && !AreMinutes;
}

/// <summary>States of shared notes that are kept, for those who lead the session.</summary>
/// <param name="States">All of them without their texts, the newest first.</param>
/// <param name="Shown">The one that was asked for, with its text; null for none.</param>
public sealed record EarlierNotes(IReadOnlyList<WrittenText> States, WrittenText? Shown);

/// <summary>How far shared notes are, without their text.</summary>
/// <param name="Room">The address part of the session's room.</param>
/// <param name="Number">The newest state; 0 before the first.</param>
/// <param name="IsClosed">Nobody writes in them any more.</param>
public sealed record NotesMove(string Room, int Number, bool IsClosed);

/// <summary>Somebody wrote in the shared notes of a session, or they were closed.</summary>
/// <param name="ConversationId">Its room.</param>
public sealed record NotesChanged(int ConversationId);

/// <summary>
/// One text of a session, in which all who have a place in it write, from the day it is planned until it is made into minutes. What two write at once is merged by lines; where they wrote the same line, whoever saves second
/// sees both. Writing is no move of the session and raises no version.
/// </summary>
public sealed class SharedNotes(CommunityDbFactory db, Feed feed, TimeProvider clock)
{
    /// <summary>Characters of the notes.</summary>
    public const int Length = 40_000;

    /// <summary>States that are kept.</summary>
    public const int KeptStates = SessionWriting.Kept;

    /// <summary>States of one member within a minute.</summary>
    public const int PerMinute = 12;

    /// <summary>How the notes stand.</summary>
    /// <exception cref="NotFoundException">No such session, or the actor is no member with a place in it.</exception>
    public async Task<NotesSeen> SeeAsync(Actor actor, string slug, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var snapshot = await db.BeginSnapshotAsync(context, cancel);
        return await SeenAsync(context, actor, WrittenBy(context, actor).Where(s => s.Slug == slug), cancel) ?? throw new NotFoundException("session");
    }

    /// <summary>How far they are, for those who watch a room; null where it is no session's.</summary>
    /// <exception cref="NotFoundException">Somebody else than the operator asks.</exception>
    public async Task<NotesMove?> OfRoomAsync(Actor actor, int conversation, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("session");
        await using var context = db.CreateDbContext();
        return await context.LiveSessions.Where(s => s.ConversationId == conversation).Select(s => new NotesMove(
            context.Conversations.Where(c => c.Id == s.ConversationId).Select(c => c.Slug!).Single(),
            context.SessionTexts.Where(t => t.SessionId == s.Id && t.Kind == SessionTextKind.Notes).Max(t => (int?)t.Number) ?? 0,
            s.Phase == SessionPhase.CalledOff || context.SessionMinutes.Any(m => m.SessionId == s.Id))).SingleOrDefaultAsync(cancel);
    }

    /// <summary>Saves the notes as the actor has written them, together with what others saved meanwhile. In a conflict nothing is saved.</summary>
    /// <param name="actor">Who has a place in the session.</param>
    /// <param name="slug">Which session.</param>
    /// <param name="text">Markdown, at most <see cref="Length"/> characters; may be empty.</param>
    /// <param name="seen">The state on which it was written; 0 for none.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="NotFoundException">No such session, or the actor is no member with a place in it.</exception>
    /// <exception cref="RefusedException">The session was called off, its minutes have been made, the actor is muted in its room, the text is too long or too deep, or the actor saved too often.</exception>
    public async Task<TextSaved> SaveAsync(Actor actor, string slug, string? text, int seen, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        // Read before anything is held: somebody else's text is not even measured.
        if (!await WrittenBy(context, actor).AnyAsync(s => s.Slug == slug, cancel))
            throw new NotFoundException("session");
        var mine = SessionWriting.Checked(text, Length);
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var session = await LiveSessions.LockAsync(context, actor, slug, leads: false, cancel);
        if (!await WrittenBy(context, actor).AnyAsync(s => s.Id == session.Id, cancel))
            throw new NotFoundException("session");
        if (session.Phase == SessionPhase.CalledOff)
            throw new RefusedException(Refusal.SessionOver);
        if (await context.SessionMinutes.AnyAsync(m => m.SessionId == session.Id, cancel))
            throw new RefusedException(Refusal.NotesAreMinutes);
        var now = clock.GetUtcNow();
        await LiveSessions.CheckHeardAsync(context, actor, session, now, cancel);
        var before = now.AddMinutes(-1);
        if (await context.SessionTexts.CountAsync(t => t.SessionId == session.Id && t.Kind == SessionTextKind.Notes && t.ById == actor.MemberId && t.At > before, cancel) >= PerMinute)
            throw new RefusedException(Refusal.SavedTooFast, PerMinute);
        var saved = await SessionWriting.SaveAsync(context, actor, session, SessionTextKind.Notes, mine, seen, Length, cancel);
        await transaction.CommitAsync(cancel);
        if (!saved.IsConflict)
            feed.Publish(new NotesChanged(session.ConversationId));
        return saved;
    }

    /// <summary>The states that are kept.</summary>
    /// <param name="actor">Who leads the session.</param>
    /// <param name="slug">Which.</param>
    /// <param name="number">Whose text is asked for; 0 for none.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="NotFoundException">No such session, the actor does not lead it, or the state is not kept.</exception>
    public async Task<EarlierNotes> EarlierAsync(Actor actor, string slug, int number, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var snapshot = await db.BeginSnapshotAsync(context, cancel);
        var session = await WrittenBy(context, actor).Where(s => s.Slug == slug && LiveSessions.LedBy(context, actor).Any(one => one.Id == s.Id)).Select(s => (int?)s.Id).SingleOrDefaultAsync(cancel) ?? throw new NotFoundException("session");
        var states = context.SessionTexts.Where(t => t.SessionId == session && t.Kind == SessionTextKind.Notes).Join(context.Users, t => t.ById, u => u.Id, (t, u) => new { t, u });
        var shown = number == 0 ? null : await states.Where(one => one.t.Number == number).Select(one => new WrittenText(one.t.Number, one.t.Text, one.u.Handle, one.u.DisplayName, one.t.At)).SingleOrDefaultAsync(cancel) ?? throw new NotFoundException("state");
        return new(await states.OrderByDescending(one => one.t.Number).Take(SessionWriting.Kept).Select(one => new WrittenText(one.t.Number, "", one.u.Handle, one.u.DisplayName, one.t.At)).ToListAsync(cancel), shown);
    }

    /// <summary>Saves an earlier state as a new one, as though the actor had written it: what others saved since the state that was seen is put together with it.</summary>
    /// <param name="actor">Who leads the session.</param>
    /// <param name="slug">Which.</param>
    /// <param name="number">Which state.</param>
    /// <param name="seen">The newest state that the actor has seen.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="NotFoundException">No such session, the actor does not lead it, or the state is not kept.</exception>
    /// <exception cref="RefusedException">As for any save, or others wrote the same lines meanwhile.</exception>
    public async Task<TextSaved> BringBackAsync(Actor actor, string slug, int number, int seen, CancellationToken cancel = default)
    {
        if ((await EarlierAsync(actor, slug, number, cancel)).Shown is not { } state)
            throw new NotFoundException("state");
        var saved = await SaveAsync(actor, slug, state.Text, seen, cancel);
        return saved.IsConflict ? throw new RefusedException(Refusal.ChangedElsewhere) : saved;
    }

    // Guests have a place and are no members: what they write would have nobody who answers for it.
    static IQueryable<LiveSession> WrittenBy(CommunityDb context, Actor actor) => LiveSessions.SeenBy(context, actor).Where(_ => actor.IsMember);

    static async Task<NotesSeen?> SeenAsync(CommunityDb context, Actor actor, IQueryable<LiveSession> which, CancellationToken cancel) =>
        await which.Select(s => new { s.Id, s.Slug, s.Title, s.Language, s.Phase, Room = context.Conversations.Where(c => c.Id == s.ConversationId).Select(c => c.Slug!).Single(), RehearsalOf = context.LiveSessions.Where(one => one.Id == s.RehearsalOfId).Select(one => one.Slug).FirstOrDefault(), AreMinutes = context.SessionMinutes.Any(m => m.SessionId == s.Id), Leads = LiveSessions.LedBy(context, actor).Any(one => one.Id == s.Id) })
            .SingleOrDefaultAsync(cancel) is { } session
            ? new(session.Slug, session.Title, session.Room, session.Language, session.Phase, await SessionWriting.NewestAsync(context, session.Id, SessionTextKind.Notes, cancel)) { RehearsalOf = session.RehearsalOf, AreMinutes = session.AreMinutes, Leads = session.Leads } : null;
}
