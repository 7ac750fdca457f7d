namespace VetCommunity.Core.Live;

/// <summary>How far the minutes of a session are.</summary>
public enum MinutesPhase
{
    /// <summary>Those who lead write them; nobody else reads them yet.</summary>
    Draft = 1,
    /// <summary>Those who took part are asked.</summary>
    Asked = 2,
    /// <summary>Somebody objected: they are approved neither by the end of the term nor by all others.</summary>
    Objected = 3,
    /// <summary>Everybody who was asked has approved, before the term is over; those who lead may close them.</summary>
    Agreed = 4,
    /// <summary>They are the minutes of the session and stay as they are.</summary>
    Approved = 5,
}

/// <summary>From what it follows how far minutes are.</summary>
/// <param name="Until">The end of the term; null while they are written.</param>
/// <param name="ClosedAt">When those who lead closed them; null before.</param>
/// <param name="Asked">How many are asked.</param>
/// <param name="Approvals">How many of them have approved.</param>
/// <param name="Objections">How many of them object.</param>
public sealed record MinutesStanding(DateTimeOffset? Until, DateTimeOffset? ClosedAt, int Asked, int Approvals, int Objections)
{
    /// <summary>How far they are at a moment. At the end of the term silence is consent; an objection is in the way of everything but a closing that was.</summary>
    public MinutesPhase PhaseAt(DateTimeOffset now) =>
        ClosedAt is not null ? MinutesPhase.Approved
        : Until is not { } until ? MinutesPhase.Draft
        : Objections > 0 ? MinutesPhase.Objected
        : now >= until ? MinutesPhase.Approved
        : Approvals >= Asked ? MinutesPhase.Agreed
        : MinutesPhase.Asked;
}

/// <summary>The minutes of a session; their text is the newest <see cref="SessionText"/> of that kind.</summary>
public sealed class SessionMinutes
{
    /// <summary>Of which session.</summary>
    public int SessionId { get; set; }
    /// <summary>Who made them out of the notes.</summary>
    public int MadeById { get; set; }
    /// <summary>When.</summary>
    public DateTimeOffset MadeAt { get; set; }
    /// <summary>Who sent them for approval; null while they are written.</summary>
    public int? SentById { get; set; }
    /// <summary>When they were sent.</summary>
    public DateTimeOffset? SentAt { get; set; }
    /// <summary>Until when those who took part can say something.</summary>
    public DateTimeOffset? Until { get; set; }
    /// <summary>When they were closed before the end of the term.</summary>
    public DateTimeOffset? ClosedAt { get; set; }
}

/// <summary>What somebody who took part says about the minutes that were sent.</summary>
public sealed class MinutesAnswer
{
    /// <summary>Of which session.</summary>
    public int SessionId { get; set; }
    /// <summary>Who.</summary>
    public int MemberId { get; set; }
    /// <summary>Whether they approve; else they object.</summary>
    public bool Approves { get; set; }
    /// <summary>Why they object, in a sentence; empty where they approve.</summary>
    public required string Objection { get; set; }
    /// <summary>When.</summary>
    public DateTimeOffset At { get; set; }
}
