using System.Globalization;

namespace VetCommunity.Core.Noticing;

/// <summary>Why a member is told. A new kind is one value here, one line in <see cref="NoticeKinds"/>, its texts, and whoever calls <see cref="NoticeWriting"/>.</summary>
[Flags]
public enum NoticeKind
{
    /// <summary>None.</summary>
    None = 0,
    /// <summary>Named in a message.</summary>
    Mention = 1,
    /// <summary>Somebody answered the member's own message.</summary>
    Reply = 2,
    /// <summary>Somebody wrote to the member alone: the first message after each reading.</summary>
    Direct = 4,
    /// <summary>The first new message in a followed topic after each reading.</summary>
    Follow = 8,
    /// <summary>A new message in a room of which the member wants to hear each one.</summary>
    Room = 16,
    /// <summary>A followed topic was resolved.</summary>
    Outcome = 32,
    /// <summary>Somebody took the member into a room.</summary>
    Invitation = 64,
    /// <summary>The moderators decided in something that concerns the member.</summary>
    Moderation = 128,
    /// <summary>A host takes the member from a room's queue.</summary>
    YourTurn = 256,
    /// <summary>Somebody asked for later in a room that the member hosts.</summary>
    Enquiry = 512,
    /// <summary>Somebody wants to quote the member in a practice.</summary>
    QuoteAsked = 1024,
    /// <summary>Somebody whom the member wants to quote has answered.</summary>
    QuoteAnswered = 2048,
    /// <summary>A message waits to be translated between languages that the member translates.</summary>
    BridgeAsked = 4096,
    /// <summary>What the member asked to be translated has a translation.</summary>
    BridgeAnswered = 8192,
    /// <summary>The export of what is the member's own can be fetched.</summary>
    ExportReady = 16384,
    /// <summary>A document waits for its review.</summary>
    ReviewAsked = 32768,
    /// <summary>A reviewer approved, published or returned what the member wrote.</summary>
    Reviewed = 65536,
    /// <summary>Somebody remarked on what the member wrote, or answered a remark that they made or answered.</summary>
    Remarked = 131072,
    /// <summary>A practice was published that answers a saved search of the member's.</summary>
    FoundPractice = 262144,
    /// <summary>A practice that the member wrote, or looks after as an editor, is to be looked at again.</summary>
    ReviewDue = 524288,
    /// <summary>The member got a place in a session: it became free, or the trainers let them in.</summary>
    SessionPlaceGiven = 1048576,
    /// <summary>The trainers of a session did not let the member in.</summary>
    SessionDeclined = 2097152,
    /// <summary>A session for which the member registered is held at another time.</summary>
    SessionMoved = 4194304,
    /// <summary>A session for which the member registered is not held.</summary>
    SessionCalledOff = 8388608,
    /// <summary>A session that the member is in begins soon.</summary>
    SessionSoon = 16777216,
    /// <summary>The minutes of a session in which the member took part are sent for approval.</summary>
    MinutesSent = 33554432,
}

/// <summary>What is true of each kind.</summary>
public static class NoticeKinds
{
    /// <summary>All kinds, in the order in which one wants to be asked about them. By mail comes, where nothing else was chosen, what is meant for the member alone.</summary>
    public static readonly IReadOnlyList<(NoticeKind Kind, bool Mails)> All =
    [
        (NoticeKind.Mention, true),
        (NoticeKind.Reply, true),
        (NoticeKind.Direct, true),
        (NoticeKind.Invitation, true),
        (NoticeKind.Follow, false),
        (NoticeKind.Outcome, false),
        (NoticeKind.Room, false),
        (NoticeKind.Moderation, true),
        // A mail about it comes when it is over.
        (NoticeKind.YourTurn, false),
        (NoticeKind.Enquiry, true),
        (NoticeKind.QuoteAsked, true),
        (NoticeKind.QuoteAnswered, false),
        // The queue has it for whoever has time; who asked waits for the answer.
        (NoticeKind.BridgeAsked, false),
        (NoticeKind.BridgeAnswered, true),
        (NoticeKind.ReviewAsked, true),
        (NoticeKind.Reviewed, true),
        (NoticeKind.Remarked, false),
        (NoticeKind.ReviewDue, true),
        // Who saves a search asks to be told.
        (NoticeKind.FoundPractice, true),
        (NoticeKind.SessionPlaceGiven, true),
        (NoticeKind.SessionDeclined, true),
        (NoticeKind.SessionMoved, true),
        (NoticeKind.SessionCalledOff, true),
        (NoticeKind.SessionSoon, true),
        (NoticeKind.MinutesSent, true),
        (NoticeKind.ExportReady, true),
    ];

    /// <summary>The number of these is a message's: they end with it, and reading it reads them.</summary>
    internal const NoticeKind OfMessages = NoticeKind.Mention | NoticeKind.Reply | NoticeKind.Direct | NoticeKind.Follow | NoticeKind.Room | NoticeKind.Enquiry;

    /// <summary>These too end with the message of their number, but who read the message has not done what they ask for.</summary>
    internal const NoticeKind AboutMessages = NoticeKind.BridgeAsked | NoticeKind.BridgeAnswered;

    /// <summary>Who looks at the room has heard of these.</summary>
    internal const NoticeKind OfTheRoom = NoticeKind.Invitation | NoticeKind.YourTurn;

    /// <summary>The number of these is a document's language version.</summary>
    internal const NoticeKind OfDocuments = NoticeKind.ReviewAsked | NoticeKind.Reviewed | NoticeKind.Remarked;

    /// <summary>The number of these is a language version as well, and its title is said with them.</summary>
    internal const NoticeKind Titled = OfDocuments | NoticeKind.ReviewDue;

    /// <summary>The number of these is a session's. Their mails do not wait for the digest.</summary>
    internal const NoticeKind OfSessions = NoticeKind.SessionPlaceGiven | NoticeKind.SessionDeclined | NoticeKind.SessionMoved | NoticeKind.SessionCalledOff | NoticeKind.SessionSoon | NoticeKind.MinutesSent;

    /// <summary>These stand in no conversation, or outlast the right to read it: they are about the member.</summary>
    internal const NoticeKind OfTheMember = NoticeKind.Moderation | NoticeKind.QuoteAsked | NoticeKind.QuoteAnswered | NoticeKind.ExportReady | NoticeKind.FoundPractice | Titled | OfSessions;

    /// <summary>What comes by mail where nothing else was chosen.</summary>
    public static readonly NoticeKind Mailed = All.Where(one => one.Mails).Aggregate(NoticeKind.None, (kinds, one) => kinds | one.Kind);

    /// <summary>Whether it is one kind, and one that exists.</summary>
    public static bool IsOne(NoticeKind kind) => All.Any(one => one.Kind == kind);

    /// <summary>Whether it is about a live session.</summary>
    public static bool IsOfSession(NoticeKind kind) => (kind & OfSessions) != NoticeKind.None;

    /// <summary>Where a notice leads that is of no conversation; null for the others.</summary>
    /// <param name="kind">Which kind.</param>
    /// <param name="seq">What it is about.</param>
    public static string? AddressOf(NoticeKind kind, long seq) => kind switch
    {
        NoticeKind.Moderation => string.Create(CultureInfo.InvariantCulture, $"/decisions/{Math.Abs(seq)}"),
        NoticeKind.QuoteAsked => string.Create(CultureInfo.InvariantCulture, $"/quotes#draft-{seq}"),
        NoticeKind.QuoteAnswered => string.Create(CultureInfo.InvariantCulture, $"/practice-drafts/{seq}"),
        NoticeKind.ExportReady => "/Account/Export",
        NoticeKind.FoundPractice => string.Create(CultureInfo.InvariantCulture, $"/practices/saved/{seq}"),
        NoticeKind.ReviewDue => string.Create(CultureInfo.InvariantCulture, $"/practice-checks/{seq}"),
        NoticeKind.MinutesSent => string.Create(CultureInfo.InvariantCulture, $"/session-calls/{seq}?to=minutes"),
        _ when IsOfSession(kind) => string.Create(CultureInfo.InvariantCulture, $"/session-calls/{seq}"),
        _ when (kind & OfDocuments) != NoticeKind.None => string.Create(CultureInfo.InvariantCulture, $"/practice-reviews/{seq}"),
        _ => null,
    };
}

/// <summary>Of what in a room a member wants to hear.</summary>
public enum RoomCalls
{
    /// <summary>Of nothing, not even when named.</summary>
    Nothing = 1,
    /// <summary>When named or answered, and of followed topics. So it is where nothing was chosen.</summary>
    Mentions = 2,
    /// <summary>Of each new message.</summary>
    All = 3,
}
