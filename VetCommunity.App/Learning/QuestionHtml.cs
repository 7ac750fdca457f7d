using System.Globalization;
using Microsoft.Extensions.Primitives;
using VetCommunity.Core;
using VetCommunity.Core.Learning;
using VetCommunity.Core.Markdown;

namespace VetCommunity.App.Learning;

/// <summary>Questions on pages.</summary>
static class QuestionHtml
{
    /// <summary>What authors see as an example, in signs that need no language.</summary>
    public const string Example = "::: question single\nid: 1a\npoints: 2\n\n… ?\n\n- [x] …\n- [ ] …\n\n> …\n:::";

    /// <summary>A text of a question, sanitised. One that nobody could follow must not take the page from all.</summary>
    public static string Of(string markdown)
    {
        try
        {
            return PersonsMarkdown.PartToHtml(markdown);
        }
        catch (RefusedException)
        {
            return "";
        }
    }

    /// <summary>An answer to choose from, without marks.</summary>
    public static string Plain(string markdown) => PersonsMarkdown.Plain(markdown);

    /// <summary>The beginning of what is asked, without marks.</summary>
    public static string Excerpt(string markdown) => PersonsMarkdown.Excerpt(markdown, 200);

    /// <summary>What was sent in the fields of a question. A form that shows ideas to vote for sends a vote for nothing along, so that none is told from no question.</summary>
    public static Answer AnswerOf(StringValues values, StringValues votes = default) => new(
        [.. values.Where(value => !string.IsNullOrWhiteSpace(value)).Select(value => int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : int.MinValue)],
        values.Count == 0 ? null : string.Join('\n', values.AsEnumerable()))
    {
        Votes = votes.Count == 0 ? null : [.. votes.Select(vote => vote ?? "")],
    };
}
