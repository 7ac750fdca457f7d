namespace VetCommunity.Core.Markdown;

/// <summary>A person's text, rendered once: what is shown, and what a search looks into.</summary>
/// <param name="Html">Sanitised.</param>
/// <param name="Plain">The words on one line, without markup.</param>
/// <param name="Has">What is in it besides words.</param>
/// <param name="Language">What it is written in, one of <see cref="Languages.All"/>; null where that is not clear.</param>
public sealed record PersonsText(string Html, string Plain, Contents Has, string? Language);

/// <summary>What a text may hold besides words. Its names are what one types after <c>has:</c>.</summary>
[Flags]
public enum Contents
{
    /// <summary>Nothing but words.</summary>
    None = 0,
    /// <summary>A link to somewhere.</summary>
    Link = 1,
    /// <summary>Program text, in a line or in a block.</summary>
    Code = 2,
    /// <summary>A table.</summary>
    Table = 4,
    /// <summary>An attached file, pictures among them.</summary>
    File = 8,
    /// <summary>An attached picture.</summary>
    Image = 16,
}
