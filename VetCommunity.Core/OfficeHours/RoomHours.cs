namespace VetCommunity.Core.OfficeHours;

/// <summary>That a room has opening hours. Whoever changes something about them or about the queue raises the revision first, and so waits for whoever does so now.</summary>
public sealed class RoomHours
{
    /// <summary>Which room.</summary>
    public int ConversationId { get; set; }
    /// <summary>The IANA zone of its clock.</summary>
    public required string Zone { get; set; }
    /// <summary>The last day with opening hours; null for no end.</summary>
    public DateOnly? LastDay { get; set; }
    /// <summary>When it opens or closes next; null where that is not known.</summary>
    public DateTimeOffset? TurnsAt { get; set; }
    /// <summary>Counts the changes.</summary>
    public int Revision { get; set; }
}

/// <summary>A stored span: of every week, or of a single day.</summary>
public sealed class OpeningSpan
{
    /// <summary>Number.</summary>
    public int Id { get; set; }
    /// <summary>Which room.</summary>
    public int ConversationId { get; set; }
    /// <summary>The day of the week; null for a single day.</summary>
    public DayOfWeek? Weekday { get; set; }
    /// <summary>The single day.</summary>
    public DateOnly? Day { get; set; }
    /// <summary>The minute of the day at which it begins.</summary>
    public int From { get; set; }
    /// <summary>The minute at which it ends, up to 1440; the same minute: closed on that day.</summary>
    public int To { get; set; }
}

/// <summary>Who hosts a room: takes people from its queue and answers its enquiries. Whoever left the room is no host of it any more, also after coming back.</summary>
public sealed class RoomHost
{
    /// <summary>Which room.</summary>
    public int ConversationId { get; set; }
    /// <summary>Who.</summary>
    public int MemberId { get; set; }
    /// <summary>Since when.</summary>
    public DateTimeOffset Since { get; set; }
}

/// <summary>How far a place in the queue is.</summary>
public enum QueueState
{
    /// <summary>Waits.</summary>
    Waiting = 1,
    /// <summary>A host is with the member.</summary>
    Served = 2,
    /// <summary>The host is done.</summary>
    Done = 3,
    /// <summary>The member left, was taken out by a moderator, or did not want to ask for later.</summary>
    Left = 4,
    /// <summary>The room closed before; the line can be asked for later.</summary>
    Lapsed = 5,
    /// <summary>Became an enquiry after the room had closed.</summary>
    Asked = 6,
}

/// <summary>One member's place in a room's queue.</summary>
public sealed class QueuePlace
{
    /// <summary>Number.</summary>
    public int Id { get; set; }
    /// <summary>Which room.</summary>
    public int ConversationId { get; set; }
    /// <summary>Whose.</summary>
    public int MemberId { get; set; }
    /// <summary>What it is about, at most <see cref="Queues.Line"/> characters.</summary>
    public required string Line { get; set; }
    /// <summary>How far it is.</summary>
    public QueueState State { get; set; }
    /// <summary>Since when the member waits.</summary>
    public DateTimeOffset JoinedAt { get; set; }
    /// <summary>Which host took it.</summary>
    public int? HostId { get; set; }
    /// <summary>When.</summary>
    public DateTimeOffset? TakenAt { get; set; }
    /// <summary>The message with which the talk began.</summary>
    public long? Seq { get; set; }
    /// <summary>When it was neither waiting nor served any more.</summary>
    public DateTimeOffset? EndedAt { get; set; }
}

/// <summary>A message that is to be answered later. It is open until somebody marks it, or its topic is resolved as answered.</summary>
public sealed class Enquiry
{
    /// <summary>In which room.</summary>
    public int ConversationId { get; set; }
    /// <summary>Which message.</summary>
    public long Seq { get; set; }
    /// <summary>When it was asked.</summary>
    public DateTimeOffset AskedAt { get; set; }
    /// <summary>When it was marked as answered.</summary>
    public DateTimeOffset? AnsweredAt { get; set; }
    /// <summary>Who marked it.</summary>
    public int? AnsweredById { get; set; }
}

/// <summary>A room opened or closed, or its queue, its hosts or its enquiries are other ones.</summary>
public sealed record OfficeHoursChanged(int ConversationId);
