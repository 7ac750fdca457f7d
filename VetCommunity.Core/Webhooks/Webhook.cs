namespace VetCommunity.Core.Webhooks;

/// <summary>An address by which a program posts into one room, under the webhook's own name.</summary>
public sealed class IncomingWebhook
{
    /// <summary>Number.</summary>
    public int Id { get; set; }
    /// <summary>Into which room.</summary>
    public int ConversationId { get; set; }
    /// <summary>Under which name its messages stand; unique among the room's living ones.</summary>
    public required string Name { get; set; }
    /// <summary>SHA-256 of the secret part of its address; the part itself is never stored.</summary>
    public required byte[] Hash { get; set; }
    /// <summary>The sealed secret with which the program must sign; null where the address alone is enough.</summary>
    public string? SealedSecret { get; set; }
    /// <summary>Who made it.</summary>
    public int MadeById { get; set; }
    /// <summary>When.</summary>
    public DateTimeOffset MadeAt { get; set; }
    /// <summary>Who ended it.</summary>
    public int? EndedById { get; set; }
    /// <summary>When; null while it lives.</summary>
    public DateTimeOffset? EndedAt { get; set; }
}

/// <summary>A program elsewhere that hears what happens in one room.</summary>
public sealed class OutgoingWebhook
{
    /// <summary>Number.</summary>
    public int Id { get; set; }
    /// <summary>Of which room.</summary>
    public int ConversationId { get; set; }
    /// <summary>What its moderators call it; unique among the room's living ones.</summary>
    public required string Name { get; set; }
    /// <summary>The address that is called.</summary>
    public required string Target { get; set; }
    /// <summary>What it hears of.</summary>
    public WebhookEvents Events { get; set; }
    /// <summary>The sealed secret that signs each call.</summary>
    public required string SealedSecret { get; set; }
    /// <summary>The room's version up to which everything is delivered or stands among the deliveries.</summary>
    public long ToldVersion { get; set; }
    /// <summary>Who made it.</summary>
    public int MadeById { get; set; }
    /// <summary>When.</summary>
    public DateTimeOffset MadeAt { get; set; }
    /// <summary>Since when it rests; null while it is called.</summary>
    public DateTimeOffset? PausedAt { get; set; }
    /// <summary>Who paused it; null where the program itself gave up.</summary>
    public int? PausedById { get; set; }
    /// <summary>Who ended it.</summary>
    public int? EndedById { get; set; }
    /// <summary>When; null while it lives.</summary>
    public DateTimeOffset? EndedAt { get; set; }
}

/// <summary>What an outgoing webhook hears of.</summary>
[Flags]
public enum WebhookEvents
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>A new message.</summary>
    MessagePosted = 1,
    /// <summary>A message got another text.</summary>
    MessageEdited = 2,
    /// <summary>A message was deleted.</summary>
    MessageDeleted = 4,
    /// <summary>A topic was resolved.</summary>
    TopicResolved = 8,
    /// <summary>All of it.</summary>
    All = MessagePosted | MessageEdited | MessageDeleted | TopicResolved,
}

/// <summary>One thing to tell one outgoing webhook, and how the last attempt went. It names what happened and holds no text of anybody.</summary>
public sealed class WebhookDelivery
{
    /// <summary>Number.</summary>
    public long Id { get; set; }
    /// <summary>Whom to tell.</summary>
    public int WebhookId { get; set; }
    /// <summary>What the receiver tells doubles by: the same at every attempt.</summary>
    public required string MessageId { get; set; }
    /// <summary>What happened; <see cref="WebhookEvents.None"/> is a test.</summary>
    public WebhookEvents Event { get; set; }
    /// <summary>The room's version at which, or after which, it happened: the order of the deliveries.</summary>
    public long Version { get; set; }
    /// <summary>To which message.</summary>
    public long? Seq { get; set; }
    /// <summary>Which resolution.</summary>
    public int? ResolutionId { get; set; }
    /// <summary>Which resolution.</summary>
    public Discussion.Resolution? Resolution { get; set; }
    /// <summary>When it happened.</summary>
    public DateTimeOffset At { get; set; }
    /// <summary>Not to be tried before; null once it is over.</summary>
    public DateTimeOffset? DueAt { get; set; }
    /// <summary>When a moderator asked for an attempt out of turn; null once it was made.</summary>
    public DateTimeOffset? AskedAt { get; set; }
    /// <summary>How often it was tried.</summary>
    public int Attempts { get; set; }
    /// <summary>When it was last tried.</summary>
    public DateTimeOffset? TriedAt { get; set; }
    /// <summary>When the receiver took it.</summary>
    public DateTimeOffset? DeliveredAt { get; set; }
    /// <summary>Why the last attempt failed.</summary>
    public CallFailure Failure { get; set; }
    /// <summary>The receiver's HTTP status, where it answered.</summary>
    public int? Status { get; set; }
    /// <summary>How long the last attempt took, in milliseconds.</summary>
    public int? Milliseconds { get; set; }
    /// <summary>The beginning of what the receiver said against it.</summary>
    public string? Error { get; set; }
}

/// <summary>Why a call of a webhook's target failed.</summary>
public enum CallFailure
{
    /// <summary>It did not fail.</summary>
    None = 0,
    /// <summary>The receiver answered with something else than success.</summary>
    Answer = 1,
    /// <summary>The receiver wants to hear nothing any more (410).</summary>
    Gone = 2,
    /// <summary>The receiver sent on to another address.</summary>
    SentOn = 3,
    /// <summary>No answer in time.</summary>
    TooSlow = 4,
    /// <summary>There is no host of that name.</summary>
    NoSuchHost = 5,
    /// <summary>The host lies in a network that is not called from here.</summary>
    NotCalled = 6,
    /// <summary>Nobody takes the connection.</summary>
    Unreachable = 7,
    /// <summary>The certificate is not to be trusted, or the two found no common encryption.</summary>
    NotSecure = 8,
    /// <summary>The connection ended before the answer did.</summary>
    BrokenOff = 9,
    /// <summary>The keys with which the secret was sealed are lost: the webhook must be made anew.</summary>
    SecretLost = 10,
}
