using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;
using VetCommunity.Core.Moderation;
using VetCommunity.Core.Privacy;

namespace VetCommunity.Core.Live;

/// <summary>The newest captions in a language.</summary>
/// <param name="Language">Which.</param>
/// <param name="Lines">The newest last.</param>
public sealed record CaptionLines(string Language, IReadOnlyList<CaptionLine> Lines);

/// <summary>A caption.</summary>
/// <param name="Number">Its number; later ones have higher ones.</param>
/// <param name="At">When it was typed.</param>
/// <param name="Text">One line.</param>
public sealed record CaptionLine(int Number, DateTimeOffset At, string Text);

/// <summary>What stands under the stage of a session.</summary>
/// <param name="Slug">Of the session.</param>
/// <param name="Room">The address part of its room.</param>
/// <param name="Lines">By language; none while the session is not being held.</param>
public sealed record StageLines(string Slug, string Room, IReadOnlyList<CaptionLines> Lines);

/// <summary>Somebody who may type captions without leading the session.</summary>
public sealed record CaptionWriter(string Handle, string Name)
{
    /// <inheritdoc cref="FormerMember.Shown"/>
    public string Name { get => FormerMember.Shown(field); init; } = Name;
}

/// <summary>Where captions are typed.</summary>
/// <param name="Title">The session's.</param>
/// <param name="Phase">How far it is.</param>
/// <param name="Spoken">The language in which it is held.</param>
/// <param name="Leads">Whether the reader leads it.</param>
/// <param name="Lines">What was typed last in the language, at most <see cref="Captions.Recent"/>, the newest last.</param>
/// <param name="Writers">Who else may type; empty for who does not lead it.</param>
public sealed record CaptionDesk(string Title, SessionPhase Phase, string Spoken, bool Leads, IReadOnlyList<CaptionLine> Lines, IReadOnlyList<CaptionWriter> Writers);

/// <summary>
/// What is said in a session, typed as it is said: in its language for who does not hear it, in others for who does not understand it. A line stays as it was sent; it is no move of the session and raises no version.
/// </summary>
public sealed class Captions(CommunityDbFactory db, Feed feed, TimeProvider clock)
{
    /// <summary>Characters of a line.</summary>
    public const int Length = 300;

    internal const int KeyLength = 64;

    /// <summary>Lines of each language under the stage.</summary>
    public const int Shown = 2;

    /// <summary>Lines before the eyes of who types.</summary>
    public const int Recent = 30;

    /// <summary>Lines of a session: a day of six languages, a line every half minute in each.</summary>
    public const int MostLines = 20_000;

    /// <summary>Those who may type without leading.</summary>
    public const int MostWriters = 20;

    static readonly OftenAsked<int, string, DateTimeOffset, CaptionLine> Newest = new((context, session, language, at) => context.SessionCaptions
        .Where(c => c.SessionId == session && c.Language == language && c.At <= at).OrderByDescending(c => c.At).ThenByDescending(c => c.Id).Take(Shown).Select(c => new CaptionLine(c.Id, c.At, c.Text)));

    /// <summary>Adds a line. Nothing but blanks adds none.</summary>
    /// <param name="actor">Who leads the session, or was named to type captions.</param>
    /// <param name="slug">Which session.</param>
    /// <param name="language">One of the interface's.</param>
    /// <param name="text">What was said, at most <see cref="Length"/> characters.</param>
    /// <param name="key">1 to 64 characters that the page chose for this line: the same once more is the same line, which stands there already.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="NotFoundException">Absent, or the actor types no captions in it.</exception>
    /// <exception cref="RefusedException">It is not being held, the actor is muted in its room, there is no key, the line is too long, that is no language, or there are too many lines.</exception>
    public async Task TypeAsync(Actor actor, string slug, string? language, string? text, string? key, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var session = await LiveSessions.LockAsync(context, actor, slug, leads: false, cancel);
        if (await RightAsync(context, actor, session, cancel) is null)
            throw new NotFoundException("session");
        Stages.CheckRunning(session);
        await LiveSessions.CheckHeardAsync(context, actor, session, clock.GetUtcNow(), cancel);
        if (!Languages.All.Contains(language ?? "") || key is null or { Length: 0 or > KeyLength })
            throw new RefusedException(Refusal.BadChoice);
        var line = PlainText.Within(PlainText.Line(text), Length);
        if (line.Length == 0 || await context.SessionCaptions.AnyAsync(c => c.SessionId == session.Id && c.ById == actor.MemberId && c.Key == key, cancel))
            return;
        if (await context.SessionCaptions.CountAsync(c => c.SessionId == session.Id, cancel) >= MostLines)
            throw new RefusedException(Refusal.TooManyCaptions, MostLines);
        context.Add(new SessionCaption { SessionId = session.Id, Language = language!, At = clock.GetUtcNow(), ById = actor.MemberId, Key = key, Text = line, Folded = Folding.Fold(line) });
        await context.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        feed.Publish(new CaptionsChanged(session.ConversationId));
    }

    /// <summary>Lets somebody who takes part type captions, or no more. A second time changes nothing.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor does not lead it.</exception>
    /// <exception cref="RefusedException">It is over, nobody of that name takes part in it, or too many may already.</exception>
    public async Task NameAsync(Actor actor, string slug, string? handle, bool may, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var session = await LiveSessions.LockAsync(context, actor, slug, leads: true, cancel);
        if (await RightAsync(context, actor, session, cancel) is not { } role || role == SessionRole.Participant)
            throw new NotFoundException("session");
        LiveSessions.CheckOpen(session);
        var name = PlainText.Handle(handle);
        var place = await context.SessionPlaces.SingleOrDefaultAsync(p => p.SessionId == session.Id && p.Role == SessionRole.Participant && context.Users.WithAccount().Any(u => u.Id == p.MemberId && u.Handle == name), cancel)
            ?? throw new RefusedException(Refusal.NotInSession, PlainText.Line(handle));
        if (may && !place.Captions && await context.SessionPlaces.CountAsync(p => p.SessionId == session.Id && p.Captions, cancel) >= MostWriters)
            throw new RefusedException(Refusal.TooManyWriters, MostWriters);
        place.Captions = may;
        await context.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>What who types sees; null where the actor is in the session and types none.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor is not in it.</exception>
    public async Task<CaptionDesk?> DeskAsync(Actor actor, string slug, string language, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var snapshot = await db.BeginSnapshotAsync(context, cancel);
        var session = await LiveSessions.SeenBy(context, actor).AsNoTracking().SingleOrDefaultAsync(s => s.Slug == slug, cancel) ?? throw new NotFoundException("session");
        if (await RightAsync(context, actor, session, cancel) is not { } role)
            return null;
        var lines = await context.SessionCaptions.Where(c => c.SessionId == session.Id && c.Language == language).OrderByDescending(c => c.At).ThenByDescending(c => c.Id).Take(Recent)
            .Select(c => new CaptionLine(c.Id, c.At, c.Text)).ToListAsync(cancel);
        lines.Reverse();
        var leads = role != SessionRole.Participant;
        List<CaptionWriter> writers = !leads ? [] : await (
            from p in context.SessionPlaces
            where p.SessionId == session.Id && p.Captions && p.Role == SessionRole.Participant
            join u in context.Users on p.MemberId equals u.Id
            orderby u.DisplayName
            select new CaptionWriter(u.Handle, u.DisplayName)).ToListAsync(cancel);
        return new(session.Title, session.Phase, session.Language, leads, lines, writers);
    }

    /// <summary>The newest lines of each language in which there are any.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor is not in it.</exception>
    public async Task<StageLines> SeeAsync(Actor actor, string slug, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var snapshot = await db.BeginSnapshotAsync(context, cancel);
        return await NowAsync(context, LiveSessions.SeenBy(context, actor).Where(s => s.Slug == slug), cancel) ?? throw new NotFoundException("session");
    }

    /// <summary>The same for those who watch a room; null where it is no session's.</summary>
    /// <exception cref="NotFoundException">Somebody else than the operator asks.</exception>
    public async Task<StageLines?> OfRoomAsync(Actor actor, int conversation, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("session");
        await using var context = db.CreateDbContext();
        await using var snapshot = await db.BeginSnapshotAsync(context, cancel);
        return await NowAsync(context, context.LiveSessions.Where(s => s.ConversationId == conversation), cancel);
    }

    static async Task<StageLines?> NowAsync(CommunityDb context, IQueryable<LiveSession> which, CancellationToken cancel)
    {
        if (await which.Select(s => new { s.Id, s.Slug, s.Phase, Room = context.Conversations.Where(c => c.Id == s.ConversationId).Select(c => c.Slug!).Single() }).SingleOrDefaultAsync(cancel) is not { } session)
            return null;
        return new(session.Slug, session.Room, session.Phase == SessionPhase.Running ? await AtAsync(context, session.Id, DateTimeOffset.MaxValue, cancel) : []);
    }

    /// <summary>The newest lines of each language up to a moment.</summary>
    internal static async Task<IReadOnlyList<CaptionLines>> AtAsync(CommunityDb context, int session, DateTimeOffset at, CancellationToken cancel)
    {
        List<CaptionLines> all = [];
        foreach (var language in Languages.All)
        {
            if (await Newest.AskAsync(context, session, language, at, cancel) is { Count: > 0 } lines)
                all.Add(new(language, [.. lines.AsEnumerable().Reverse()]));
        }
        return all;
    }

    // As what the actor types in it; null for who does not.
    static async Task<SessionRole?> RightAsync(CommunityDb context, Actor actor, LiveSession session, CancellationToken cancel) =>
        await context.SessionPlaces.AsNoTracking().SingleOrDefaultAsync(p => p.SessionId == session.Id && p.MemberId == actor.MemberId, cancel) is { } place && (place.Captions || place.Role != SessionRole.Participant)
        && !await Bans.Now(context).AnyAsync(r => r.ConversationId == session.ConversationId && r.MemberId == actor.MemberId, cancel) ? place.Role : null;
}
