namespace VetCommunity.Core.Discussion;

/// <summary>A question to a room with options to choose from. It belongs to one message, whose text is the question.</summary>
public sealed class Poll
{
    /// <summary>Where.</summary>
    public int ConversationId { get; set; }
    /// <summary>To which message it belongs.</summary>
    public long Seq { get; set; }
    /// <summary>The options in their order, one a line; they never change.</summary>
    public required string Options { get; set; }
    /// <summary>1: each voter chooses as many as they like. (A number, for the prepared commands of both databases.)</summary>
    public int Several { get; set; }
    /// <summary>1: nobody sees who chose what.</summary>
    public int Secret { get; set; }
    /// <summary>From when on the result is seen.</summary>
    public PollResults Results { get; set; }
    /// <summary>When voting ends by itself; null where somebody ends it.</summary>
    public DateTimeOffset? EndsAt { get; set; }
    /// <summary>When it ended; null while it is open.</summary>
    public DateTimeOffset? EndedAt { get; set; }
    /// <summary>Who ended it; null where its time was over.</summary>
    public int? EndedById { get; set; }
}

/// <summary>What one member chose in a poll. A member has one vote in it, or none.</summary>
public sealed class Vote
{
    /// <summary>Where.</summary>
    public int ConversationId { get; set; }
    /// <summary>In the poll of which message.</summary>
    public long Seq { get; set; }
    /// <summary>Whose.</summary>
    public int MemberId { get; set; }
    /// <summary>One bit an option, the first one the lowest.</summary>
    public int Choices { get; set; }
    /// <summary>When it was last changed.</summary>
    public DateTimeOffset At { get; set; }
}

/// <summary>From when on the result of a poll is seen. At the end everybody sees it.</summary>
public enum PollResults
{
    /// <summary>By everybody, all the time.</summary>
    AtOnce = 1,
    /// <summary>By who has voted.</summary>
    AfterVote = 2,
    /// <summary>By nobody before the end.</summary>
    AfterEnd = 3,
}

/// <summary>The poll that somebody wants to post with a message.</summary>
/// <param name="Options">2 to 10, each of at most 200 characters; empty ones are left out.</param>
/// <param name="Several">Whether one may choose several.</param>
/// <param name="Secret">Whether nobody sees who chose what.</param>
/// <param name="Results">From when on the result is seen.</param>
/// <param name="EndsAt">When it ends by itself; null for never.</param>
public sealed record NewPoll(IReadOnlyList<string?> Options, bool Several, bool Secret, PollResults Results, DateTimeOffset? EndsAt);

/// <summary>A poll as everybody who reads its message gets it: what only some may see already is not in it.</summary>
/// <param name="Several">Whether one may choose several.</param>
/// <param name="Secret">Whether nobody sees who chose what.</param>
/// <param name="Results">From when on the result is seen.</param>
/// <param name="EndsAt">When it ends by itself.</param>
/// <param name="EndedAt">When it ended; null while it is open.</param>
/// <param name="Voters">How many have voted.</param>
/// <param name="Options">In their order.</param>
public sealed record PostedPoll(
    bool Several, bool Secret, PollResults Results, DateTimeOffset? EndsAt, DateTimeOffset? EndedAt, int Voters, IReadOnlyList<PollOption> Options)
{
    /// <summary>Whether the result is not in it.</summary>
    public bool IsHidden => Options[0].Votes is null;
}

/// <summary>One option.</summary>
/// <param name="Number">1, 2, 3 … in its poll.</param>
/// <param name="Text">What one chooses.</param>
/// <param name="Votes">How many chose it; null while the result is hidden.</param>
/// <param name="Voters">Who chose it, the first to vote first; nobody where the vote is secret.</param>
public sealed record PollOption(int Number, string Text, int? Votes, IReadOnlyList<PollVoter> Voters);

/// <summary>Who chose an option of a named poll.</summary>
public sealed record PollVoter(string Handle, string Name)
{
    /// <inheritdoc cref="Privacy.FormerMember.HandleOf"/>
    public string Handle { get; init; } = Privacy.FormerMember.HandleOf(Handle);

    /// <inheritdoc cref="Privacy.FormerMember.Shown"/>
    public string Name { get => Privacy.FormerMember.Shown(field); init; } = Name;
}

/// <summary>A poll as one reader may see it, and the numbers of the options this reader chose; none where the reader has not voted.</summary>
public sealed record MyPoll(IReadOnlyList<int> Chosen, PostedPoll Poll);

/// <summary>A poll with its question, for one reader.</summary>
public sealed record AskedPoll(string Room, long Seq, string QuestionHtml, MyPoll Mine);
