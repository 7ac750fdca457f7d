namespace VetCommunity.Core.Live;

/// <summary>How the parts of a slide stand to each other; which, a line <c>&lt;!-- layout: NAME --&gt;</c> of it says.</summary>
public enum SlideLayout
{
    /// <summary>One below the other.</summary>
    Plain,
    /// <summary><c>title</c>: large, and in the middle.</summary>
    Title,
    /// <summary><c>two-columns</c>: what stands behind a line <c>+++</c> is beside what stands before it. A heading at the beginning is above both.</summary>
    TwoColumns,
    /// <summary><c>picture</c>: a picture takes what place there is, words are its caption.</summary>
    Picture,
    /// <summary><c>quote</c>: large words of somebody, and below them whose they are.</summary>
    Quote,
}

/// <summary>What of a layout cannot be meant.</summary>
public enum LayoutFaultKind
{
    /// <summary>There is no layout {0}.</summary>
    UnknownLayout = 1,
    /// <summary>A slide names its layout twice: the first one counts.</summary>
    LayoutTwice,
    /// <summary>A second line <c>+++</c>, which would begin a third column: it is shown as it was written.</summary>
    ThirdColumn,
}

/// <summary>Why a slide does not look as its text says.</summary>
/// <param name="Line">Where, from 1.</param>
/// <param name="Kind">Why.</param>
/// <param name="Detail">What the sentence speaks of.</param>
public sealed record LayoutFault(int Line, LayoutFaultKind Kind, string Detail = "");

/// <summary>The names of the layouts, as decks write them and as pages call them.</summary>
public static class SlideLayouts
{
    /// <summary>The line between two columns.</summary>
    public const string Divider = "+++";

    /// <summary>As a deck names them.</summary>
    public static IReadOnlyList<(string Name, SlideLayout Layout)> All { get; } =
        [("title", SlideLayout.Title), ("two-columns", SlideLayout.TwoColumns), ("picture", SlideLayout.Picture), ("quote", SlideLayout.Quote)];

    /// <summary>The layout of a name; null where there is none.</summary>
    public static SlideLayout? Of(string name)
    {
        foreach (var (known, layout) in All)
        {
            if (known.Equals(name, StringComparison.OrdinalIgnoreCase))
                return layout;
        }
        return null;
    }

    /// <summary>What pages call it: a class of this closed set, never a word of a deck.</summary>
    public static string? ClassOf(SlideLayout layout)
    {
        foreach (var (name, known) in All)
        {
            if (known == layout)
                return "slide-" + name;
        }
        return null;
    }
}
