using VetCommunity.Core.Conversations;

namespace VetCommunity.Core.Discussion;

/// <summary>A topic in a room's list.</summary>
/// <param name="Name">As members wrote it.</param>
/// <param name="Slug">Its address part.</param>
/// <param name="Messages">How many it has.</param>
/// <param name="Unread">How many the reader has not read; none in a muted one.</param>
/// <param name="Mine">Whether the reader follows or mutes it.</param>
/// <param name="Outcome">How it ended; null while it is open.</param>
public sealed record TopicRow(string Name, string Slug, int Messages, int Unread, InvolvementKind? Mine, Outcome? Outcome);

/// <summary>One topic as its reader finds it.</summary>
/// <param name="Name">As members wrote it.</param>
/// <param name="Slug">Its present address part.</param>
/// <param name="Messages">How many it has.</param>
/// <param name="Mine">Whether the reader follows or mutes it.</param>
/// <param name="MayFollow">Is in the room, so may follow and mute.</param>
/// <param name="MayKeep">May rename, resolve and reopen it.</param>
/// <param name="Resolved">How it ended; null while it is open.</param>
/// <param name="HasPast">It ended before, and was reopened.</param>
/// <param name="HasEnded">What it is about was taken away: it takes no more messages.</param>
public sealed record TopicState(string Name, string Slug, int Messages, InvolvementKind? Mine, bool MayFollow, bool MayKeep, Resolved? Resolved, bool HasPast = false, bool HasEnded = false);

/// <summary>How a topic ended, by whom and when, and how many messages were written in it since.</summary>
public sealed record Resolved(Outcome Outcome, string Sentence, string Handle, string Name, DateTimeOffset At, int Since)
{
    /// <inheritdoc cref="Privacy.FormerMember.HandleOf"/>
    public string Handle { get; init; } = Privacy.FormerMember.HandleOf(Handle);

    /// <inheritdoc cref="Privacy.FormerMember.Shown"/>
    public string Name { get => Privacy.FormerMember.Shown(field); init; } = Name;
}

/// <summary>What moves with a message.</summary>
public enum MoveExtent
{
    /// <summary>The message alone.</summary>
    Message,
    /// <summary>The message and all later ones of its topic.</summary>
    Later,
    /// <summary>All of its topic.</summary>
    Topic,
}

/// <summary>A message that the actor may move, and how many would go along; 0 where the actor may not move all of them.</summary>
public sealed record MovableMessages(PostedMessage Message, int Later, int All);

/// <summary>What a move did.</summary>
/// <param name="TopicSlug">Where the messages are now.</param>
/// <param name="Count">How many were moved; 0 where they were there already.</param>
/// <param name="Left">How many of the chosen ones wait for another step.</param>
/// <param name="Next">The first of these.</param>
public sealed record MovedMessages(string TopicSlug, int Count, int Left, long? Next);

/// <summary>Which outcomes are asked for; null for all.</summary>
/// <param name="Outcome">Of this kind.</param>
/// <param name="Room">In the room with this slug.</param>
/// <param name="From">Resolved at this time or later.</param>
/// <param name="Before">Resolved earlier than this.</param>
public sealed record OutcomeFilter(Outcome? Outcome = null, string? Room = null, DateTimeOffset? From = null, DateTimeOffset? Before = null);

/// <summary>One outcome in the feed; who is in the room and not muted may begin a practice from it.</summary>
public sealed record OutcomeRow(
    Outcome Outcome, string Sentence, string Room, string RoomTitle, string Language, string Topic, string TopicSlug, string Handle, string Name, DateTimeOffset At, bool MayWrite = false)
{
    /// <inheritdoc cref="Privacy.FormerMember.HandleOf"/>
    public string Handle { get; init; } = Privacy.FormerMember.HandleOf(Handle);

    /// <inheritdoc cref="Privacy.FormerMember.Shown"/>
    public string Name { get => Privacy.FormerMember.Shown(field); init; } = Name;
}

/// <summary>A page of outcomes, the newest first, with how many there are of each kind, whichever kind is shown.</summary>
/// <param name="Rows">At most <see cref="Outcomes.Page"/>.</param>
/// <param name="HasMore">Whether older ones follow.</param>
/// <param name="Counts">By kind; a kind without any is missing.</param>
/// <param name="Rooms">Rooms with outcomes that the actor may read, by title.</param>
public sealed record OutcomePage(
    IReadOnlyList<OutcomeRow> Rows, bool HasMore, IReadOnlyDictionary<Outcome, int> Counts, IReadOnlyList<(string Slug, string Title)> Rooms);
