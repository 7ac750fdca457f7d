using VetCommunity.Core.Privacy;

namespace VetCommunity.Core.Live;

/// <summary>What somebody said about the minutes.</summary>
/// <param name="Handle">Whose handle.</param>
/// <param name="Name">Whose name.</param>
/// <param name="Approves">Whether they approve.</param>
/// <param name="Objection">Why they object.</param>
/// <param name="At">When.</param>
public sealed record MinutesLine(string Handle, string Name, bool Approves, string Objection, DateTimeOffset At)
{
    /// <inheritdoc cref="FormerMember.Shown"/>
    public string Name { get => FormerMember.Shown(field); init; } = Name;
}

/// <summary>The minutes of a session.</summary>
/// <param name="SessionId">The session's number.</param>
/// <param name="Slug">Its address part.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Language">In which language they are written: that of the session.</param>
/// <param name="Leads">Whether the reader leads it.</param>
/// <param name="Phase">How far they are; null where none are made.</param>
/// <param name="Standing">From what that follows.</param>
/// <param name="Written">Their text; null where none are made, or the reader does not lead and they were not sent.</param>
/// <param name="IsAsked">Whether the reader is one of those who are asked.</param>
/// <param name="Mine">What the reader said; null for nothing.</param>
/// <param name="Lines">What all said, for those who lead; empty for others.</param>
public sealed record MinutesSeen(int SessionId, string Slug, string Title, string Language, bool Leads, MinutesPhase? Phase, MinutesStanding Standing, WrittenText? Written, bool IsAsked, MinutesLine? Mine, IReadOnlyList<MinutesLine> Lines)
{
    /// <summary>Whether the reader can say something now. After the end of the term whoever objected can only give it up.</summary>
    public bool TakesAnswer(DateTimeOffset now) => IsAsked && Phase is MinutesPhase.Asked or MinutesPhase.Agreed or MinutesPhase.Objected && (now < Standing.Until || Mine is { Approves: false });
}

/// <summary>What the page of a session says about its minutes.</summary>
/// <param name="Phase">How far they are; null where none are made.</param>
/// <param name="Waits">Whether they wait for the reader.</param>
public sealed record MinutesGlance(MinutesPhase? Phase, bool Waits)
{
    /// <summary>Whether those who took part can read them.</summary>
    public bool IsSent => Phase is not (null or MinutesPhase.Draft);
}

/// <summary>Out of what the text of minutes is begun.</summary>
/// <param name="Title">What the session is called.</param>
/// <param name="Language">In which language they are written.</param>
/// <param name="Begin">When it began.</param>
/// <param name="End">When it ended.</param>
/// <param name="TimeZone">The trainer's clock.</param>
/// <param name="Leaders">Who led it, the trainer first.</param>
/// <param name="Came">How many took part.</param>
/// <param name="Countries">From which countries, as <see cref="Figures"/> shows them: nobody alone.</param>
/// <param name="Organisations">For which organisations they work, the same.</param>
/// <param name="Points">Its agenda.</param>
/// <param name="Notes">The shared notes.</param>
/// <param name="Questions">Questions from the audience that all see, and whether they were answered.</param>
/// <param name="Results">Questions of the slides whose results everybody saw.</param>
public sealed record MinutesFacts(
    string Title, string Language, DateTimeOffset Begin, DateTimeOffset End, string TimeZone, IReadOnlyList<string> Leaders, int Came, IReadOnlyList<VoiceLine> Countries, IReadOnlyList<VoiceLine> Organisations,
    IReadOnlyList<AgendaPoint> Points, string Notes, IReadOnlyList<(string Text, bool IsAnswered)> Questions, IReadOnlyList<StageQuestion> Results);
