using VetCommunity.Core.Privacy;

namespace VetCommunity.Core.Live;

/// <summary>What a trainer plans.</summary>
/// <param name="Title">1 to 100 characters.</param>
/// <param name="Description">Markdown, at most <see cref="LiveSessions.Text"/> characters; may be empty.</param>
/// <param name="Language">One of the interface's.</param>
/// <param name="StartsAt">When it is to begin.</param>
/// <param name="EndsAt">When it is to end, within a day of the beginning.</param>
/// <param name="Capacity">1 to <see cref="LiveSessions.MostPeople"/>; null for any number up to that.</param>
/// <param name="NeedsApproval">Whether the trainers let each one in who registers.</param>
/// <param name="Agenda">What comes when, in lines of minutes and a title; may be empty.</param>
/// <param name="CertificateMinutes">How many minutes in it give a certificate of attendance, no more than it has; null for none.</param>
/// <param name="AllowsGuests">Whether people without an account may come in by its code.</param>
/// <param name="CertificateAnswers">How many of a hundred questions one has to answer for a certificate; null for none.</param>
public sealed record SessionPlan(string? Title, string? Description, string? Language, DateTimeOffset StartsAt, DateTimeOffset EndsAt, int? Capacity, bool NeedsApproval = false, string? Agenda = null, int? CertificateMinutes = null, bool AllowsGuests = false,
    int? CertificateAnswers = null)
{
    /// <summary>Who is to have a certificate of attendance.</summary>
    public CertificateRule CertificateRule => new(CertificateMinutes, CertificateAnswers);
}

/// <summary>A session in a list.</summary>
/// <param name="Slug">The address part.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Language">In which language it is held.</param>
/// <param name="StartsAt">When it begins.</param>
/// <param name="EndsAt">When it ends.</param>
/// <param name="Phase">How far it is.</param>
/// <param name="Role">What the reader does in it; null for nothing.</param>
/// <param name="Request">Why the reader, who registered, has no place; null for who did not, or has one.</param>
public sealed record SessionRow(string Slug, string Title, string Language, DateTimeOffset StartsAt, DateTimeOffset EndsAt, SessionPhase Phase, SessionRole? Role, RequestState? Request);

/// <summary>Somebody who leads a session.</summary>
public sealed record SessionLeader(string Handle, string Name, string? Organisation, string? PictureVersion, SessionRole Role)
{
    /// <inheritdoc cref="FormerMember.Shown"/>
    public string Name { get => FormerMember.Shown(field); init; } = Name;
}

/// <summary>A session as its page shows it.</summary>
/// <param name="Session">The session.</param>
/// <param name="Room">The address part of its room.</param>
/// <param name="Role">What the reader does in it; null for nothing.</param>
/// <param name="Leaders">The trainer first.</param>
/// <param name="Registered">How many take part.</param>
/// <param name="Request">Why the reader, who registered, has no place; null for who did not, or has one.</param>
/// <param name="Before">How many get a place before the reader, who waits.</param>
/// <param name="Waiting">How many wait for a place.</param>
/// <param name="Asking">How many wait for an answer of the trainers.</param>
public sealed record SessionSeen(LiveSession Session, string Room, SessionRole? Role, IReadOnlyList<SessionLeader> Leaders, int Registered, RequestState? Request, int Before, int Waiting, int Asking)
{
    /// <summary>The address part of the session that it rehearses; null for a session itself.</summary>
    public string? RehearsalOf { get; init; }

    /// <summary>The address part of the room of those who lead it; null for all others, and while one leads alone.</summary>
    public string? TrainersRoom { get; init; }

    /// <summary>Whether the reader was named to type captions.</summary>
    public bool TypesCaptions { get; init; }

    /// <summary>Whether the reader leads it, alone or with others.</summary>
    public bool Leads => Role is SessionRole.Trainer or SessionRole.CoTrainer;

    /// <summary>Whether whoever registers now has to wait for a place.</summary>
    public bool IsFull => Registered >= (Session.Capacity ?? LiveSessions.MostPeople);
}

/// <summary>A hand that is up.</summary>
public sealed record HandUp(string Handle, string Name, DateTimeOffset At)
{
    /// <inheritdoc cref="FormerMember.Shown"/>
    public string Name { get => FormerMember.Shown(field); init; } = Name;
}

/// <summary>What everybody in a session sees at one version.</summary>
/// <param name="Slug">The address part.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Room">The address part of its room.</param>
/// <param name="RoomId">Its number.</param>
/// <param name="Phase">How far it is.</param>
/// <param name="Version">Of which version all this is.</param>
/// <param name="Slide">The slide on the stage, from 1.</param>
/// <param name="Step">The step of it.</param>
/// <param name="Turn">The version that a press names: that of the last move of the slides or the lead.</param>
/// <param name="Furthest">The furthest slide that was on the stage.</param>
/// <param name="FurthestStep">The furthest step of it.</param>
/// <param name="StartsAt">When it is to begin.</param>
/// <param name="Lead">The handle of whoever moves the slides; null before it begins.</param>
/// <param name="LeadName">Their name.</param>
/// <param name="FloorName">Who was given the floor; null for nobody.</param>
/// <param name="Hands">The speaker queue, at most <see cref="Stages.MostHands"/>.</param>
/// <param name="Decks">The newest deck in each language, the original first.</param>
/// <param name="Question">The question that is open, or whose results everybody sees; null for none.</param>
/// <param name="TimerUntil">When the countdown on the stage ends, or ended; null for none.</param>
public sealed record StageState(
    string Slug, string Title, string Room, int RoomId, SessionPhase Phase, long Version, int Slide, int Step, long Turn, int Furthest, int FurthestStep, DateTimeOffset StartsAt, string? Lead, string? LeadName, string? FloorName,
    IReadOnlyList<HandUp> Hands, IReadOnlyList<(string Language, Deck Deck)> Decks, StageQuestion? Question, DateTimeOffset? TimerUntil = null)
{
    /// <inheritdoc cref="FormerMember.Shown"/>
    public string? LeadName { get => field is null ? null : FormerMember.Shown(field); init; } = LeadName;

    /// <inheritdoc cref="FormerMember.Shown"/>
    public string? FloorName { get => field is null ? null : FormerMember.Shown(field); init; } = FloorName;

    /// <summary>The address part of the session that it rehearses, where its slides are written; null for a session itself.</summary>
    public string? RehearsalOf { get; init; }

    /// <summary>The deck by which the places are counted; empty where nobody has written one.</summary>
    public Deck Original => Decks.Count == 0 ? Deck.Empty : Decks[0].Deck;

    /// <summary>The slide of a place of the original deck, in a language where there is one, else as it was written; null where there is none.</summary>
    public (Slide Slide, string Language)? SlideIn(string language, int? place = null) => Deck.SlideIn(Decks, place ?? Slide, language);
}
