using VetCommunity.Core.Conversations;

namespace VetCommunity.Core.GoodPractice;

/// <summary>What begins a draft.</summary>
/// <param name="Room">The room's slug.</param>
/// <param name="Topic">The topic's address part; null for none.</param>
/// <param name="Title">1 to 100 characters.</param>
/// <param name="Messages">1 to 30 messages of the room, in the order in which they are to be quoted.</param>
/// <param name="FormKey">1 to 64 characters: the same again is the same draft.</param>
public sealed record NewPracticeDraft(string Room, string? Topic, string Title, IReadOnlyList<long> Messages, string FormKey);

/// <summary>Messages to choose from, oldest first, and whether there are earlier ones.</summary>
public sealed record QuotableMessages(FoundConversation Room, string? Topic, string? TopicSlug, IReadOnlyList<PostedMessage> Messages, bool HasOlder);

/// <summary>A draft in a list.</summary>
/// <param name="Id">Number.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Room">The room's slug.</param>
/// <param name="RoomTitle">The room's title.</param>
/// <param name="Language">The room's language.</param>
/// <param name="TopicSlug">The topic's address part.</param>
/// <param name="Maker">Who makes it.</param>
/// <param name="IsMine">The reader does.</param>
/// <param name="ChangedAt">When title or body changed last.</param>
/// <param name="Quotes">How many quotes it has.</param>
/// <param name="Allowed">How many of them may be quoted.</param>
/// <param name="Waiting">How many wait for an answer.</param>
/// <param name="Practice">The address part of the practice that it has become; null before.</param>
/// <param name="Published">What that is called where everybody reads it; null where it is not published.</param>
public sealed record DraftRow(
    int Id, string Title, string Room, string RoomTitle, string Language, string? TopicSlug, string Maker, bool IsMine, DateTimeOffset ChangedAt, int Quotes, int Allowed, int Waiting, string? Practice, string? Published);

/// <summary>A draft as the reader may see it.</summary>
/// <param name="Id">Number.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Body">Markdown.</param>
/// <param name="Version">With which changes are sent.</param>
/// <param name="Room">The room.</param>
/// <param name="Topic">The topic's name; null for none.</param>
/// <param name="TopicSlug">The topic's address part.</param>
/// <param name="Maker">Who makes it.</param>
/// <param name="At">When it was begun.</param>
/// <param name="ChangedBy">Who changed title or body last.</param>
/// <param name="ChangedAt">When.</param>
/// <param name="IsMaker">The reader makes it.</param>
/// <param name="MayDelete">The maker, and who moderates the room.</param>
/// <param name="MayAskAgain">Somebody was asked long enough ago, and only once.</param>
/// <param name="Quotes">In their order.</param>
/// <param name="Practice">The address part of the practice that it has become; null before. Whether the reader may read that is asked there.</param>
public sealed record DraftView(
    int Id, string Title, string Body, int Version, FoundConversation Room, string? Topic, string? TopicSlug, Author Maker, DateTimeOffset At, string ChangedBy, DateTimeOffset ChangedAt,
    bool IsMaker, bool MayDelete, bool MayAskAgain, IReadOnlyList<DraftQuote> Quotes, string? Practice);

/// <summary>A quote as the reader of its draft may see it: what is not theirs to see is null.</summary>
/// <param name="Id">Number.</param>
/// <param name="Answer">What its author says.</param>
/// <param name="Text">Its words as they would be taken along; as written while only its asker reads them.</param>
/// <param name="Author">Who wrote it.</param>
/// <param name="Seq">Which message.</param>
/// <param name="SaidAt">When it was said.</param>
/// <param name="EditedAt">When the message got other words than these.</param>
/// <param name="AskedAt">When its author was asked last.</param>
public sealed record DraftQuote(
    int Id, QuoteAnswer Answer, string? Text, Author? Author, long? Seq, DateTimeOffset? SaidAt, DateTimeOffset? EditedAt, DateTimeOffset AskedAt);

/// <summary>A draft to be taken along: nobody is in it who did not agree.</summary>
/// <param name="Title">What it is called.</param>
/// <param name="Room">The room's title.</param>
/// <param name="RoomSlug">The room's address part.</param>
/// <param name="Language">The room's language.</param>
/// <param name="Topic">The topic's name.</param>
/// <param name="At">When it was begun.</param>
/// <param name="Body">Markdown.</param>
/// <param name="Quotes">Those that may be quoted, in their order.</param>
public sealed record TakenDraft(string Title, string Room, string RoomSlug, string Language, string? Topic, DateTimeOffset At, string Body, IReadOnlyList<TakenQuote> Quotes);

/// <summary>A quote to be taken along. Without a name there is no way back to the message either: it would tell the name.</summary>
/// <param name="Text">Markdown.</param>
/// <param name="Name">Whose words; null without a name.</param>
/// <param name="Seq">Which message.</param>
/// <param name="SaidAt">When it was said.</param>
/// <param name="EditedAt">When the message got other words than these.</param>
public sealed record TakenQuote(string Text, string? Name, long? Seq, DateTimeOffset? SaidAt, DateTimeOffset? EditedAt);

/// <summary>One of the actor's own messages in somebody's draft.</summary>
/// <param name="Id">Number.</param>
/// <param name="DraftId">In which draft.</param>
/// <param name="Draft">What the draft is called.</param>
/// <param name="Asker">Who asks.</param>
/// <param name="RoomTitle">Out of which room.</param>
/// <param name="Language">The room's language.</param>
/// <param name="Address">The message's address; null where the actor may no longer read the room.</param>
/// <param name="Text">The words.</param>
/// <param name="SaidAt">When they were said.</param>
/// <param name="EditedAt">When the message got other words than these.</param>
/// <param name="Answer">What the actor said to it.</param>
/// <param name="Practice">The address part of the published practice that may quote it; null while none may.</param>
public sealed record QuoteOfMine(
    int Id, int DraftId, string Draft, Author Asker, string RoomTitle, string Language, string? Address, string Text, DateTimeOffset SaidAt, DateTimeOffset? EditedAt, QuoteAnswer Answer, string? Practice);

/// <summary>A page of them, the newest draft first, and in how many drafts something waits for an answer.</summary>
public sealed record QuotesOfMine(IReadOnlyList<QuoteOfMine> Rows, bool HasMore);
