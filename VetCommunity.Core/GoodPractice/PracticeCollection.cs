using VetCommunity.Core.Members;
using VetCommunity.Core.Privacy;

namespace VetCommunity.Core.GoodPractice;

/// <summary>Published practices that somebody put together for others, in an order of their own.</summary>
public sealed class PracticeCollection
{
    /// <summary>Number.</summary>
    public int Id { get; set; }
    /// <summary>Its address part, which stays when it gets another title.</summary>
    public required string Slug { get; set; }
    /// <summary>What it is called.</summary>
    public required string Title { get; set; }
    /// <summary>For whom it is and why; may be empty.</summary>
    public string Text { get; set; } = "";
    /// <summary>Everybody reads it, not members alone.</summary>
    public bool IsPublic { get; set; }
    /// <summary>Who made it.</summary>
    public int ById { get; set; }
    /// <summary>When it was made.</summary>
    public DateTimeOffset At { get; set; }
    /// <summary>When it was last changed, its practices included.</summary>
    public DateTimeOffset ChangedAt { get; set; }
    /// <summary>How often title, text and readers were changed.</summary>
    public int Version { get; set; }
    /// <summary>The form that made it: the same one makes no second.</summary>
    public required string FormKey { get; set; }
}

/// <summary>A practice in a collection.</summary>
public sealed class CollectedPractice
{
    /// <summary>Which collection.</summary>
    public int CollectionId { get; set; }
    /// <summary>Which practice.</summary>
    public int DocumentId { get; set; }
    /// <summary>Its place: lower ones come first.</summary>
    public int Position { get; set; }
    /// <summary>When it was put in.</summary>
    public DateTimeOffset At { get; set; }
}

/// <summary>What a collection is to be.</summary>
/// <param name="Title">What it is called.</param>
/// <param name="Text">For whom it is and why.</param>
/// <param name="IsPublic">Everybody reads it, not members alone.</param>
public sealed record WrittenCollection(string Title, string Text, bool IsPublic);

/// <summary>A collection in a list.</summary>
/// <param name="Slug">Its address part.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Text">For whom it is and why.</param>
/// <param name="IsPublic">Everybody reads it.</param>
/// <param name="By">Who made it; empty for visitors.</param>
/// <param name="Practices">How many of its practices readers have.</param>
/// <param name="ChangedAt">When it was last changed.</param>
public sealed record CollectionRow(string Slug, string Title, string Text, bool IsPublic, string By, int Practices, DateTimeOffset ChangedAt)
{
    /// <inheritdoc cref="FormerMember.Shown"/>
    public string By { get => FormerMember.Shown(field); init; } = By;
    // Three lines of a list.
    const int Longest = 240;

    /// <summary>How its text begins, as a list shows it.</summary>
    public string Beginning => Text.Length <= Longest ? Text : PlainText.Beginning(Text, Longest).TrimEnd() + "…";
    /// <summary>In which language it is written; null where that is not clear.</summary>
    public string? Language { get; } = SpokenLanguage.Of($"{Title}. {Text}");
}

/// <summary>A collection as one reads it.</summary>
/// <param name="Row">What its row says.</param>
/// <param name="Handle">The handle of who made it; empty for nobody and for visitors.</param>
/// <param name="Version">How often title, text and readers were changed.</param>
/// <param name="MayChange">The actor may.</param>
/// <param name="Practices">What is in it, in its order, also what readers do not have at the moment.</param>
public sealed record ReadCollection(CollectionRow Row, string Handle, int Version, bool MayChange, IReadOnlyList<CollectedRow> Practices)
{
    /// <inheritdoc cref="FormerMember.HandleOf"/>
    public string Handle { get => FormerMember.HandleOf(field); init; } = Handle;
}

/// <summary>A practice in a collection.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Card">What readers see of it; null while it is not published.</param>
public sealed record CollectedRow(int Id, PracticeCard? Card);

/// <summary>A collection by its name.</summary>
/// <param name="Slug">Its address part.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Holds">The practice that is asked about is in it.</param>
public sealed record CollectionName(string Slug, string Title, bool Holds)
{
    /// <summary>In which language it is written; null where that is not clear.</summary>
    public string? Language { get; } = SpokenLanguage.Of(Title);
}
