using VetCommunity.Core.Privacy;

namespace VetCommunity.Core.GoodPractice;

/// <summary>That somebody looked at a published practice again and found it still true. One a day.</summary>
public sealed class Recheck
{
    /// <summary>Number.</summary>
    public int Id { get; set; }
    /// <summary>Which practice.</summary>
    public int DocumentId { get; set; }
    /// <summary>The day, in UTC.</summary>
    public DateOnly Day { get; set; }
    /// <summary>Who; null for the operator.</summary>
    public int? ById { get; set; }
    /// <summary>When.</summary>
    public DateTimeOffset At { get; set; }
}

/// <summary>Such a look in a list.</summary>
/// <param name="By">Who; empty for the operator.</param>
/// <param name="At">When.</param>
public sealed record RecheckRow(string By, DateTimeOffset At)
{
    /// <inheritdoc cref="FormerMember.Shown"/>
    public string By { get => FormerMember.Shown(field); init; } = By;
}

/// <summary>A published practice for who looks after it.</summary>
/// <param name="Card">What readers see of it.</param>
/// <param name="MayConfirm">The actor may say that it is still true.</param>
/// <param name="Past">Who said so when, the last first.</param>
public sealed record RecheckedPractice(PracticeCard Card, bool MayConfirm, IReadOnlyList<RecheckRow> Past);
