using VetCommunity.Core.Privacy;

namespace VetCommunity.Core.Documents;

/// <summary>A remark that is to be made.</summary>
/// <param name="Number">The revision that was read.</param>
/// <param name="Key">In which section the passage stands.</param>
/// <param name="Words">The passage as it stands on the page or as it is written; empty for the whole section.</param>
/// <param name="Text">What is remarked, at most <see cref="Comments.Longest"/> characters; may be empty beside a suggestion.</param>
/// <param name="Suggestion">What is to stand there instead, at most <see cref="Comments.LongestPassage"/> characters; null for nothing else.</param>
/// <param name="FormKey">1 to 64 characters: the same again is the same remark.</param>
public sealed record NewComment(int Number, string Key, string Words, string Text, string? Suggestion, string FormKey);

/// <summary>A remark as one reads it beside a revision.</summary>
/// <param name="Id">Number.</param>
/// <param name="Key">The section that it was made in.</param>
/// <param name="Heading">That section's heading; empty for the beginning.</param>
/// <param name="Quote">The passage as it was.</param>
/// <param name="Now">Where it stands in the revision that is read; null where it is gone.</param>
/// <param name="IsUnchanged">It says there what it said.</param>
/// <param name="Text">What is remarked.</param>
/// <param name="Suggestion">What is to stand there instead; null for nothing else.</param>
/// <param name="Handle">Whose handle; empty for who left.</param>
/// <param name="By">Whose name.</param>
/// <param name="At">When.</param>
/// <param name="Outcome">How it ended; null while it is open.</param>
/// <param name="EndedBy">Who ended it.</param>
/// <param name="MayEnd">The actor may say that it is done.</param>
/// <param name="Answers">What was answered, the first first.</param>
public sealed record ShownComment(
    int Id, string Key, string Heading, string Quote, Passage? Now, bool IsUnchanged, string Text, string? Suggestion, string Handle, string By, DateTimeOffset At, CommentOutcome? Outcome, string EndedBy, bool MayEnd,
    IReadOnlyList<CommentAnswer> Answers)
{
    /// <inheritdoc cref="FormerMember.HandleOf"/>
    public string Handle { get => FormerMember.HandleOf(field); init; } = Handle;
    /// <inheritdoc cref="FormerMember.Shown"/>
    public string By { get => FormerMember.Shown(field); init; } = By;
    /// <inheritdoc cref="FormerMember.Shown"/>
    public string EndedBy { get => FormerMember.Shown(field); init; } = EndedBy;
}

/// <summary>What was answered to a remark.</summary>
/// <param name="Text">What.</param>
/// <param name="By">By whom.</param>
/// <param name="At">When.</param>
public sealed record CommentAnswer(string Text, string By, DateTimeOffset At)
{
    /// <inheritdoc cref="FormerMember.Shown"/>
    public string By { get => FormerMember.Shown(field); init; } = By;
}
