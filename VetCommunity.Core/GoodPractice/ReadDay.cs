namespace VetCommunity.Core.GoodPractice;

/// <summary>How often a published practice was read on one day. By whom is nowhere written.</summary>
public sealed class ReadDay
{
    /// <summary>Which practice.</summary>
    public int DocumentId { get; set; }
    /// <summary>Which day, in UTC.</summary>
    public DateOnly Day { get; set; }
    /// <summary>How often.</summary>
    public int Count { get; set; }
}
