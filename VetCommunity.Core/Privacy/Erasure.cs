namespace VetCommunity.Core.Privacy;

/// <summary>A member leaves for good: asked for, waited for, done. What is left of it in the end holds two dates and no name.</summary>
public sealed class Erasure
{
    /// <summary>Who leaves.</summary>
    public int MemberId { get; set; }
    /// <summary>When it was asked for.</summary>
    public DateTimeOffset AskedAt { get; set; }
    /// <summary>Who asked: the member, an administrator, or nobody with an account: the operator.</summary>
    public int? AskedById { get; set; }
    /// <summary>From when it is done. Until then the member can come back.</summary>
    public DateTimeOffset DueAt { get; set; }
    /// <summary>What was written in rooms goes as well; otherwise it stays without a name.</summary>
    public bool DeletesTexts { get; set; }
    /// <summary>When the account was emptied: from here on there is no way back.</summary>
    public DateTimeOffset? BegunAt { get; set; }
    /// <summary>The handles, present and former, by which texts of others may name the member, separated by blanks; empty once nothing is looked for any more.</summary>
    public string Handles { get; set; } = "";
    /// <summary>The name, for the mails that wait; empty as above.</summary>
    public string Name { get; set; } = "";
    /// <summary>The address, for the mails that wait; empty as above.</summary>
    public string Email { get; set; } = "";
    /// <summary>When everything was gone but what the law keeps for a time.</summary>
    public DateTimeOffset? DoneAt { get; set; }
    /// <summary>Until when decisions and reports about the member keep their words; null once they are empty.</summary>
    public DateTimeOffset? RecordsUntil { get; set; }
}

/// <summary>How long things are kept; the operator sets it.</summary>
/// <param name="WaitDays">Days between asking for an erasure and doing it.</param>
/// <param name="BackupDays">Days for which the operator keeps backups.</param>
/// <param name="ExportDays">Days for which a finished export can be fetched.</param>
/// <param name="Contact">Whom members ask about their data: an address or a sentence; empty where the operator set none.</param>
public sealed record PrivacyRules(int WaitDays = 14, int BackupDays = 30, int ExportDays = 7, string Contact = "")
{
    /// <summary>Months for which decisions keep the words they were made about: as long as they can be answered.</summary>
    public static int RecordMonths => Moderation.Decisions.AppealMonths;

    /// <summary>Until when a backup of the operator's can still hold what is gone now.</summary>
    public DateTimeOffset InBackupsUntil(DateTimeOffset gone) => gone.AddDays(BackupDays);
}

/// <summary>An erasure that is asked for and not begun.</summary>
/// <param name="AskedAt">When it was asked for.</param>
/// <param name="DueAt">From when it is done.</param>
/// <param name="DeletesTexts">What was written in rooms goes as well.</param>
/// <param name="ByOthers">Somebody else than the member asked.</param>
/// <param name="InBackupsUntil">Until when backups can hold what is gone.</param>
public sealed record PlannedErasure(DateTimeOffset AskedAt, DateTimeOffset DueAt, bool DeletesTexts, bool ByOthers, DateTimeOffset InBackupsUntil);

/// <summary>What a member should know before leaving.</summary>
/// <param name="Planned">What is asked for already; null for nothing.</param>
/// <param name="IsLastAdministrator">Nobody else administers the network: the account cannot go.</param>
/// <param name="InheritedRooms">Closed rooms that only this member moderates: somebody else in them will.</param>
/// <param name="RoomMessages">How many messages the member wrote in rooms.</param>
/// <param name="DueAt">When it would be done, asked for now.</param>
/// <param name="InBackupsUntil">Until when backups would hold it.</param>
public sealed record ErasureOutlook(
    PlannedErasure? Planned, bool IsLastAdministrator, IReadOnlyList<string> InheritedRooms, long RoomMessages, DateTimeOffset DueAt, DateTimeOffset InBackupsUntil);
