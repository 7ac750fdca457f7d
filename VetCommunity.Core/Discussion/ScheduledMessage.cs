using VetCommunity.Core.Conversations;

namespace VetCommunity.Core.Discussion;

/// <summary>A message that is sent later. Once it is sent there is no such row any more: it is a message then.</summary>
public sealed class ScheduledMessage
{
    /// <summary>Number; the message's client key is made of it, so that it is sent once.</summary>
    public int Id { get; set; }
    /// <summary>Whose.</summary>
    public int MemberId { get; set; }
    /// <summary>Where it goes.</summary>
    public int ConversationId { get; set; }
    /// <summary>The key of the form that made it; unique for its member.</summary>
    public required string FormKey { get; set; }
    /// <summary>What is to be sent.</summary>
    public required string Markdown { get; set; }
    /// <summary>The name of its topic; empty for the default one.</summary>
    public string Topic { get; set; } = "";
    /// <summary>The address part of the topic, by which it is found when it has another name by then; null for a topic that is yet to be made.</summary>
    public string? TopicSlug { get; set; }
    /// <summary>The message it answers.</summary>
    public long? ReplyToSeq { get; set; }
    /// <summary>When it is to be sent.</summary>
    public DateTimeOffset DueAt { get; set; }
    /// <summary>When it was scheduled.</summary>
    public DateTimeOffset MadeAt { get; set; }
    /// <summary>When sending began; from then on nobody changes it.</summary>
    public DateTimeOffset? BegunAt { get; set; }
    /// <summary>When it could not be sent; its member decides what becomes of it.</summary>
    public DateTimeOffset? RefusedAt { get; set; }
    /// <summary>Which rule refused it.</summary>
    public string? Refusal { get; set; }
    /// <summary>What the sentence of the refusal speaks of, as a JSON list.</summary>
    public string? RefusalArguments { get; set; }
}

/// <summary>What somebody wants to send later.</summary>
/// <param name="Conversation">Room slug or conversation id.</param>
/// <param name="FormKey">Chosen by the form: the same key again is the same wish.</param>
/// <param name="Topic">Topic name; null for the default topic.</param>
/// <param name="Markdown">1 to 10,000 characters.</param>
/// <param name="ReplyToSeq">The message it answers.</param>
/// <param name="DueAt">When; at most a year ahead.</param>
public sealed record NewScheduled(string Conversation, string FormKey, string? Topic, string Markdown, long? ReplyToSeq, DateTimeOffset DueAt);

/// <summary>A message of one's own that waits, or that could not be sent.</summary>
/// <param name="Id">Number.</param>
/// <param name="Conversation">Where it goes: a room's slug, otherwise the number.</param>
/// <param name="Kind">What the conversation is for.</param>
/// <param name="Title">A room's title, or the other person's name; null where the member can no longer read it.</param>
/// <param name="Markdown">What is to be sent.</param>
/// <param name="Topic">Topic name; empty for the default one.</param>
/// <param name="DueAt">When.</param>
/// <param name="RefusedAt">When it could not be sent.</param>
/// <param name="WhyNot">Why not.</param>
public sealed record ScheduledRow(
    int Id, string Conversation, ConversationKind Kind, string? Title, string Markdown, string Topic, DateTimeOffset DueAt, DateTimeOffset? RefusedAt, RefusedException? WhyNot);
