namespace VetCommunity.Core.Members;

/// <summary>A browser in which a member is logged in. Its cookie names this row, and is worth nothing without it.</summary>
public sealed class Session
{
    /// <summary>Random.</summary>
    public Guid Id { get; set; }
    /// <summary>Whose.</summary>
    public int MemberId { get; set; }
    /// <summary>The cookie carries it as well. It changes when the member proves again who they are: a copy of the former cookie gains nothing by that.</summary>
    public Guid Key { get; set; }
    /// <summary>The member's security stamp when the session began; under another one it is over.</summary>
    public required string Stamp { get; set; }
    /// <summary>When it began.</summary>
    public DateTimeOffset At { get; set; }
    /// <summary>When the browser was last heard of, to the minute or two.</summary>
    public DateTimeOffset SeenAt { get; set; }
    /// <summary>When the member last gave the password, and the code where there is one, or showed a passkey.</summary>
    public DateTimeOffset ProvenAt { get; set; }
    /// <summary>Whether the member has shown a passkey in it: that counts as the second step.</summary>
    public bool ByPasskey { get; set; }
    /// <summary>Whether the browser keeps the cookie when it is closed.</summary>
    public bool IsRemembered { get; set; }
    /// <summary>Which browser it said to be, one of a few names; empty where it is none of them.</summary>
    public string Browser { get; set; } = "";
    /// <summary>On what it said to run, one of a few names; empty where it is none of them.</summary>
    public string Device { get; set; } = "";
}

/// <summary>A member in one of their sessions.</summary>
/// <param name="SignedIn">Who.</param>
/// <param name="Session">In which.</param>
public sealed record InSession(SignedIn SignedIn, Session Session);

/// <summary>When sessions end by themselves.</summary>
/// <param name="Idle">Without a sign of life, in a browser that was not to remember the member.</param>
/// <param name="IdleRemembered">The same in one that was.</param>
/// <param name="Longest">After log-in, whatever happens.</param>
/// <param name="Proof">For how long who proved who they are may change what opens the account.</param>
public sealed record SessionRule(TimeSpan Idle, TimeSpan IdleRemembered, TimeSpan Longest, TimeSpan Proof)
{
    /// <summary>As it is where nothing else is set.</summary>
    public static SessionRule Usual { get; } = new(TimeSpan.FromHours(12), TimeSpan.FromDays(14), TimeSpan.FromDays(90), TimeSpan.FromMinutes(10));

    /// <summary>Whether the proof of this moment still counts.</summary>
    public bool IsFresh(DateTimeOffset provenAt, DateTimeOffset now) => now - provenAt < Proof;
}

/// <summary>Sessions were ended by hand; what they have open ends with them.</summary>
public sealed record SessionsEnded(IReadOnlyCollection<Guid> Ids);
