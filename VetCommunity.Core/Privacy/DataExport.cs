namespace VetCommunity.Core.Privacy;

/// <summary>Everything that is one member's, as one file: asked for, made, waiting to be fetched. One a member; it goes when its time is over.</summary>
public sealed class DataExport
{
    /// <summary>Whose.</summary>
    public int MemberId { get; set; }
    /// <summary>When it was asked for.</summary>
    public DateTimeOffset AskedAt { get; set; }
    /// <summary>How many of <see cref="All"/> things are in it.</summary>
    public long Done { get; set; }
    /// <summary>How many things there were when it began; 0 as long as it waits.</summary>
    public long All { get; set; }
    /// <summary>When it was whole; null while it is made.</summary>
    public DateTimeOffset? ReadyAt { get; set; }
    /// <summary>Until when it can be fetched.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }
    /// <summary>The length of the file.</summary>
    public long Bytes { get; set; }
    /// <summary>128 random bits, under which the file lies.</summary>
    public required string File { get; set; }
    /// <summary>How often making it was begun; a file that cannot be made is given up.</summary>
    public int Attempts { get; set; }
}
