using VetCommunity.Core.Privacy;

namespace VetCommunity.Core.Live;

/// <summary>A question from the audience.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Text">What is asked.</param>
/// <param name="Handle">Who asks; null where nobody is to see it.</param>
/// <param name="Name">Their name; null where nobody is to see it.</param>
/// <param name="State">How far it is.</param>
/// <param name="Votes">How many voted for it.</param>
/// <param name="AskedAt">When it was asked.</param>
public sealed record AudienceLine(int Number, string Text, string? Handle, string? Name, AudienceState State, int Votes, DateTimeOffset AskedAt)
{
    /// <inheritdoc cref="FormerMember.Shown"/>
    public string? Name { get => field is null ? null : FormerMember.Shown(field); init; } = Name;
}

/// <summary>What everybody in a session sees of its audience's questions.</summary>
/// <param name="Slug">The session's address part.</param>
/// <param name="Room">The address part of its room.</param>
/// <param name="RoomId">Its number.</param>
/// <param name="Phase">How far the session is.</param>
/// <param name="AllowsAnonymous">Whether one may ask without one's name.</param>
/// <param name="Open">The one being answered and those with most votes, at most <see cref="AudienceQuestions.MostOpen"/>.</param>
/// <param name="OpenCount">How many there are.</param>
/// <param name="Answered">Those answered, at most <see cref="AudienceQuestions.MostAnswered"/>.</param>
/// <param name="AnsweredCount">How many there are.</param>
public sealed record AudienceSeen(string Slug, string Room, int RoomId, SessionPhase Phase, bool AllowsAnonymous, IReadOnlyList<AudienceLine> Open, int OpenCount, IReadOnlyList<AudienceLine> Answered, int AnsweredCount)
{
    /// <summary>Whether one can still ask and vote.</summary>
    public bool TakesQuestions => Phase is SessionPhase.Planned or SessionPhase.Running;

    /// <summary>How many stand on the page of all questions only.</summary>
    public int Beyond => OpenCount - Open.Count + AnsweredCount - Answered.Count;
}

/// <summary>What of the questions is the reader's own.</summary>
/// <param name="Voted">For which they voted.</param>
/// <param name="Asked">Which they asked, as far as others see them.</param>
/// <param name="Hidden">What they asked and those who lead took away.</param>
public sealed record AudienceMine(IReadOnlyList<int> Voted, IReadOnlyList<int> Asked, IReadOnlyList<string> Hidden);

/// <summary>A page of all questions.</summary>
/// <param name="Title">What the session is called.</param>
/// <param name="Phase">How far it is.</param>
/// <param name="AllowsAnonymous">Whether one may ask without one's name.</param>
/// <param name="Lines">In the order of the stage.</param>
/// <param name="Count">How many there are in all.</param>
/// <param name="HasMore">Whether more follow.</param>
public sealed record AudiencePageSeen(string Title, SessionPhase Phase, bool AllowsAnonymous, IReadOnlyList<AudienceLine> Lines, int Count, bool HasMore)
{
    /// <inheritdoc cref="AudienceSeen.TakesQuestions"/>
    public bool TakesQuestions => Phase is SessionPhase.Planned or SessionPhase.Running;
}
