namespace VetCommunity.Core.Mailing;

/// <summary>A mail that waits to be sent. It is stored with what it tells of, and deleted when it was sent: its link opens an account.</summary>
public sealed class QueuedMail
{
    /// <summary>Number.</summary>
    public long Id { get; set; }
    /// <summary>The address it goes to.</summary>
    public required string Address { get; set; }
    /// <summary>The name of the person it goes to; empty where it is not known.</summary>
    public string Name { get; set; } = "";
    /// <summary>ISO 639-1, the language it is written in.</summary>
    public required string Language { get; set; }
    /// <summary>One line.</summary>
    public required string Subject { get; set; }
    /// <summary>The mail as plain text.</summary>
    public required string Text { get; set; }
    /// <summary>The same as html.</summary>
    public required string Html { get; set; }
    /// <summary>The address that stops mails of this sort at one click, without a login; null for mails that nobody can stop.</summary>
    public string? StopAddress { get; set; }
    /// <summary>When it was written.</summary>
    public DateTimeOffset At { get; set; }
    /// <summary>Not to be tried before.</summary>
    public DateTimeOffset DueAt { get; set; }
    /// <summary>When it is worth nothing any more and is given up.</summary>
    public DateTimeOffset ExpiresAt { get; set; }
    /// <summary>How often it was tried.</summary>
    public int Attempts { get; set; }
}

/// <summary>Mails wait in the queue: the sender need not wait for its next round.</summary>
public sealed record MailsQueued;
