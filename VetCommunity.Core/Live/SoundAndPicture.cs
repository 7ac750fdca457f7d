using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Privacy;

namespace VetCommunity.Core.Live;

/// <summary>How the people of a session hear and see each other.</summary>
public enum SessionMedia
{
    /// <summary>Not here: slides, questions and chat are all of it.</summary>
    None = 0,
    /// <summary>Browser to browser, a few of them.</summary>
    Mesh = 1,
    /// <summary>Somewhere else, at an address.</summary>
    Outside = 2,
}

/// <summary>Sound and picture of a session, as somebody who is in it sees them.</summary>
/// <param name="Title">What the session is called.</param>
/// <param name="Room">The address part of its room.</param>
/// <param name="Phase">How far it is.</param>
/// <param name="Role">What the reader does in it.</param>
/// <param name="Media">How people hear and see each other.</param>
/// <param name="Address">Where, if somewhere else.</param>
public sealed record MediaSeen(string Title, string Room, SessionPhase Phase, SessionRole Role, SessionMedia Media, string? Address)
{
    /// <summary>Whether the reader leads it.</summary>
    public bool Leads => Role != SessionRole.Participant;
}

/// <summary>Somebody who may have sound and picture in a session at this moment.</summary>
/// <param name="SessionId">Which.</param>
/// <param name="ConversationId">Its room.</param>
/// <param name="Handle">Who.</param>
/// <param name="Name">As others see them.</param>
/// <param name="Leads">Whether they lead it.</param>
public sealed record MediaPerson(int SessionId, int ConversationId, string Handle, string Name, bool Leads)
{
    /// <inheritdoc cref="FormerMember.Shown"/>
    public string Name { get => FormerMember.Shown(field); init; } = Name;
}

/// <summary>Whether a session has sound and picture, and who may have them. What goes from browser to browser passes nobody here and is not stored.</summary>
public sealed class SoundAndPicture(CommunityDbFactory db, Feed feed)
{
    /// <summary>People with sound and picture in one session: each sends to each of the others.</summary>
    public const int MostPeople = 6;

    /// <summary>Characters of an outside address.</summary>
    public const int AddressLength = 500;

    /// <summary>What somebody who is in the session sees.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor is not in it.</exception>
    public async Task<MediaSeen> SeeAsync(Actor actor, string slug, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var me = actor.MemberId;
        return await (
            from s in LiveSessions.SeenBy(context, actor)
            where s.Slug == slug
            join p in context.SessionPlaces on new { SessionId = s.Id, MemberId = me } equals new { p.SessionId, p.MemberId }
            join c in context.Conversations on s.ConversationId equals c.Id
            select new MediaSeen(s.Title, c.Slug!, s.Phase, p.Role, s.Media, s.MediaAddress)).AsNoTracking().SingleOrDefaultAsync(cancel) ?? throw new NotFoundException("session");
    }

    /// <summary>Chooses how people hear and see each other. Of two who choose at once the second one's choice stands.</summary>
    /// <param name="actor">Who leads the session.</param>
    /// <param name="slug">Which.</param>
    /// <param name="media">How.</param>
    /// <param name="address">Where, if somewhere else; otherwise it is not looked at.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="NotFoundException">Absent, or the actor does not lead it.</exception>
    /// <exception cref="RefusedException">No such choice, no https address, or the session is over.</exception>
    public async Task ChooseAsync(Actor actor, string slug, SessionMedia media, string? address, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var session = await LiveSessions.LockAsync(context, actor, slug, leads: true, cancel);
        LiveSessions.CheckOpen(session);
        if (!Enum.IsDefined(media))
            throw new RefusedException(Refusal.BadChoice);
        (session.Media, session.MediaAddress) = (media, media == SessionMedia.Outside ? Checked(address) : null);
        await context.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        feed.Publish(new SessionChanged(session.ConversationId));
    }

    /// <summary>The right of this moment to sound and picture.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor is not in it.</exception>
    /// <exception cref="RefusedException">It is not being held, or has no sound and picture here.</exception>
    public async Task<MediaPerson> EnterAsync(Actor actor, string slug, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var me = actor.MemberId;
        var found = await (
            from s in LiveSessions.SeenBy(context, actor)
            where s.Slug == slug
            join p in context.SessionPlaces on new { SessionId = s.Id, MemberId = me } equals new { p.SessionId, p.MemberId }
            join u in context.Users on p.MemberId equals u.Id
            select new { s.Id, s.ConversationId, s.Phase, s.Media, u.Handle, u.DisplayName, p.Role }).AsNoTracking().SingleOrDefaultAsync(cancel) ?? throw new NotFoundException("session");
        if (found.Phase != SessionPhase.Running)
            throw new RefusedException(found.Phase == SessionPhase.Planned ? Refusal.SessionNotBegun : Refusal.SessionOver);
        if (found.Media != SessionMedia.Mesh)
            throw new RefusedException(Refusal.NoSoundAndPicture);
        return new(found.Id, found.ConversationId, found.Handle, found.DisplayName, found.Role != SessionRole.Participant);
    }

    /// <summary>Whether the session of a room is being held with sound and picture, browser to browser.</summary>
    /// <exception cref="NotFoundException">Somebody else than the operator asks.</exception>
    public async Task<bool> IsOnAsync(Actor actor, int conversation, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("session");
        await using var context = db.CreateDbContext();
        return await context.LiveSessions.AnyAsync(s => s.ConversationId == conversation && s.Phase == SessionPhase.Running && s.Media == SessionMedia.Mesh, cancel);
    }

    // What is shown as a link leads to a site, encrypted, and names nobody and no password.
    static string Checked(string? address)
    {
        var typed = (address ?? "").Trim();
        return typed.Length <= AddressLength && Uri.TryCreate(typed, UriKind.Absolute, out var there) && there.Scheme == Uri.UriSchemeHttps && there.UserInfo.Length == 0 && there.Host.Length > 0 && there.AbsoluteUri.Length <= AddressLength
            ? there.AbsoluteUri
            : throw new RefusedException(Refusal.BadMeetingAddress, AddressLength);
    }
}
