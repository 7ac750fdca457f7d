using VetCommunity.Core.Conversations;

namespace VetCommunity.Core.Bridging;

/// <summary>A member translates from one language into another; the way back is another pair.</summary>
public sealed class BridgePair
{
    /// <summary>Who.</summary>
    public int MemberId { get; set; }
    /// <summary>One of <see cref="Languages.All"/>.</summary>
    public required string From { get; set; }
    /// <summary>Another one.</summary>
    public required string To { get; set; }
    /// <summary>When the bell last rang for this pair; whoever was left in peace longest is asked first.</summary>
    public DateTimeOffset? LastAskedAt { get; set; }
}

/// <summary>A member agrees that a machine may suggest translations of what they write.</summary>
public sealed class MachineConsent
{
    /// <summary>Who.</summary>
    public int MemberId { get; set; }
    /// <summary>Since when.</summary>
    public DateTimeOffset At { get; set; }
}

/// <summary>A message is to be translated into a language.</summary>
public sealed class BridgeRequest
{
    /// <summary>In which room.</summary>
    public int ConversationId { get; set; }
    /// <summary>Which message.</summary>
    public long Seq { get; set; }
    /// <summary>Into which language.</summary>
    public required string To { get; set; }
    /// <summary>When it was first asked for, since it last waited.</summary>
    public DateTimeOffset AskedAt { get; set; }
    /// <summary>When a translation was accepted, or nobody asked for it any more; null while it waits.</summary>
    public DateTimeOffset? DoneAt { get; set; }
}

/// <summary>Who asked for it.</summary>
public sealed class BridgeAsk
{
    /// <summary>In which room.</summary>
    public int ConversationId { get; set; }
    /// <summary>Which message.</summary>
    public long Seq { get; set; }
    /// <summary>Into which language.</summary>
    public required string To { get; set; }
    /// <summary>Who.</summary>
    public int MemberId { get; set; }
    /// <summary>When.</summary>
    public DateTimeOffset At { get; set; }
}

/// <summary>One member's translation of a message into a language: a proposal until it is accepted.</summary>
public sealed class Translation
{
    /// <summary>Number.</summary>
    public int Id { get; set; }
    /// <summary>In which room.</summary>
    public int ConversationId { get; set; }
    /// <summary>Of which message.</summary>
    public long Seq { get; set; }
    /// <summary>In which language the message was.</summary>
    public required string From { get; set; }
    /// <summary>In which language this is.</summary>
    public required string To { get; set; }
    /// <summary>Whose work it is.</summary>
    public int ById { get; set; }
    /// <summary>1, 2, 3 … with each text: what is accepted is what was read.</summary>
    public int Version { get; set; } = 1;
    /// <summary>What was typed.</summary>
    public required string Markdown { get; set; }
    /// <summary>The sanitised html of it.</summary>
    public required string Html { get; set; }
    /// <summary>The stamp of the text that was translated, see <see cref="BridgeRules.StampOf"/>.</summary>
    public required string OfText { get; set; }
    /// <summary>The machine that made most of it, such as Apertium; null where a person did.</summary>
    public string? Machine { get; set; }
    /// <summary>When it was written or last changed.</summary>
    public DateTimeOffset At { get; set; }
    /// <summary>Whether it stands under the message. (1: it does; a number, for the prepared commands of both databases.)</summary>
    public int IsAccepted { get; set; }
    /// <summary>Who accepted it.</summary>
    public int? AcceptedById { get; set; }
}

/// <summary>What a machine suggested to one translator; kept to know afterwards whether the translation is still the machine's.</summary>
public sealed class BridgeSuggestion
{
    /// <summary>In which room.</summary>
    public int ConversationId { get; set; }
    /// <summary>Of which message.</summary>
    public long Seq { get; set; }
    /// <summary>Into which language.</summary>
    public required string To { get; set; }
    /// <summary>To whom.</summary>
    public int MemberId { get; set; }
    /// <summary>The suggestion, as markdown.</summary>
    public required string Text { get; set; }
    /// <summary>The machine's name.</summary>
    public required string Machine { get; set; }
}

/// <summary>An accepted translation, as everybody who reads its message gets it.</summary>
/// <param name="Id">Number.</param>
/// <param name="Language">In which language it is.</param>
/// <param name="By">Whose work it is.</param>
/// <param name="Markdown">Its text.</param>
/// <param name="Html">The sanitised html of it.</param>
/// <param name="At">When it was written.</param>
/// <param name="IsOutdated">The message has another text by now.</param>
/// <param name="Machine">The machine that made most of it; null where a person did.</param>
public sealed record PostedTranslation(int Id, string Language, Author By, string Markdown, string Html, DateTimeOffset At, bool IsOutdated, string? Machine);

/// <summary>What is asked for, by how many.</summary>
/// <param name="To">Into which language.</param>
/// <param name="Askers">How many ask.</param>
/// <param name="IsMine">Whether the actor is one of them.</param>
/// <param name="IsDone">Whether a translation was accepted.</param>
public sealed record BridgeWish(string To, int Askers, bool IsMine, bool IsDone);

/// <summary>A translation of a message, with what the actor may do about it.</summary>
/// <param name="Posted">The translation.</param>
/// <param name="Version">Which of its texts.</param>
/// <param name="IsAccepted">It stands under the message.</param>
/// <param name="IsMine">It is the actor's.</param>
/// <param name="MayAccept">The actor may accept it.</param>
/// <param name="MayTakeAway">The actor may take it away.</param>
public sealed record ProposedTranslation(PostedTranslation Posted, int Version, bool IsAccepted, bool IsMine, bool MayAccept, bool MayTakeAway);

/// <summary>A message with all that is known of its translations.</summary>
/// <param name="Message">The message.</param>
/// <param name="Room">The room's address part.</param>
/// <param name="Title">The room's title.</param>
/// <param name="Language">In which language the message is.</param>
/// <param name="Stamp">Of its present text; comes back with a translation of it.</param>
/// <param name="Wishes">What is asked for.</param>
/// <param name="Translations">Accepted ones first, then by language.</param>
/// <param name="Targets">Into which languages the actor translates it.</param>
public sealed record BridgedMessage(
    PostedMessage Message, string Room, string Title, string Language, string Stamp, IReadOnlyList<BridgeWish> Wishes, IReadOnlyList<ProposedTranslation> Translations,
    IReadOnlyList<string> Targets);

/// <summary>A translation that is handed in.</summary>
/// <param name="To">Into which language.</param>
/// <param name="Markdown">1 to 10,000 characters.</param>
/// <param name="Stamp">Of the text that was translated.</param>
public sealed record NewTranslation(string To, string? Markdown, string? Stamp);
