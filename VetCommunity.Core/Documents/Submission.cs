namespace VetCommunity.Core.Documents;

/// <summary>How a review ended.</summary>
public enum ReviewOutcome
{
    /// <summary>A revision was published.</summary>
    Published = 1,
    /// <summary>It went back to its authors, with what is to be changed.</summary>
    Returned = 2,
    /// <summary>Its authors submitted a later revision.</summary>
    Replaced = 3,
    /// <summary>Its authors took it back.</summary>
    TakenBack = 4,
}

/// <summary>That a revision is to be reviewed and published. Of a language version one at most has not ended.</summary>
public sealed class Submission
{
    /// <summary>Number.</summary>
    public int Id { get; set; }
    /// <summary>Of which language version.</summary>
    public int VersionId { get; set; }
    /// <summary>Which revision.</summary>
    public int Number { get; set; }
    /// <summary>Who submitted it; null for the operator.</summary>
    public int? ById { get; set; }
    /// <summary>When.</summary>
    public DateTimeOffset At { get; set; }
    /// <summary>When it ended; null while it waits.</summary>
    public DateTimeOffset? EndedAt { get; set; }
    /// <summary>Who ended it.</summary>
    public int? EndedById { get; set; }
    /// <summary>How.</summary>
    public ReviewOutcome? Outcome { get; set; }
    /// <summary>What the authors are to change, at most <see cref="Submissions.Note"/> characters.</summary>
    public string Note { get; set; } = "";
}
