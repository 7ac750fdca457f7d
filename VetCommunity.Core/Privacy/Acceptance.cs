namespace VetCommunity.Core.Privacy;

/// <summary>To what a member says yes. A later feature that needs a consent of its own adds a value here and its words.</summary>
public enum ConsentPurpose
{
    /// <summary>What the network stores and why, as <c>/privacy</c> says it: nobody takes part without.</summary>
    Privacy = 1,
}

/// <summary>A member's yes to one version of one text, and when it was taken back.</summary>
public sealed class Acceptance
{
    /// <summary>Whose.</summary>
    public int MemberId { get; set; }
    /// <summary>To what.</summary>
    public ConsentPurpose Purpose { get; set; }
    /// <summary>The version that was read.</summary>
    public int Version { get; set; }
    /// <summary>When it was given.</summary>
    public DateTimeOffset At { get; set; }
    /// <summary>When it was withdrawn; null while it stands.</summary>
    public DateTimeOffset? WithdrawnAt { get; set; }
}
