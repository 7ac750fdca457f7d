namespace VetCommunity.Core.GoodPractice;

/// <summary>A template that an administrator wrote. The one with the highest number is in use; none is ever changed.</summary>
public sealed class PracticeTemplate
{
    /// <summary>1, 2, 3 … without gaps.</summary>
    public int Number { get; set; }
    /// <summary>The language of its headings, ISO 639.</summary>
    public required string Language { get; set; }
    /// <summary>The document; null where the one that came with the program is in use again.</summary>
    public string? Markdown { get; set; }
    /// <summary>Who.</summary>
    public int ById { get; set; }
    /// <summary>When.</summary>
    public DateTimeOffset At { get; set; }
}
