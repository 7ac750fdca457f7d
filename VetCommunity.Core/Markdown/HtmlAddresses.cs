using System.Net;
using System.Text;

namespace VetCommunity.Core.Markdown;

/// <summary>The addresses in html that was sanitised. What only looks like one, in a text or in another attribute, is none.</summary>
public static class HtmlAddresses
{
    /// <summary>What that attribute says, in the order of the text.</summary>
    public static IEnumerable<string> Of(string html, string attribute) =>
        In(html).Where(one => html.AsSpan(one.Name).SequenceEqual(attribute)).Select(one => WebUtility.HtmlDecode(html[one.Value]));

    /// <summary>The html with other addresses.</summary>
    /// <param name="html">Sanitised.</param>
    /// <param name="attribute">Which attribute.</param>
    /// <param name="change">What it is to say instead of what it says.</param>
    public static string Changed(string html, string attribute, Func<string, string> change)
    {
        var changed = new StringBuilder(html.Length);
        var at = 0;
        foreach (var (_, value) in In(html).Where(one => html.AsSpan(one.Name).SequenceEqual(attribute)))
        {
            changed.Append(html, at, value.Start.Value - at).Append(WebUtility.HtmlEncode(change(WebUtility.HtmlDecode(html[value]))));
            at = value.End.Value;
        }
        return changed.Append(html, at, html.Length - at).ToString();
    }

    // The sanitiser writes no < but to begin a tag, and each value between quotation marks.
    static IEnumerable<(Range Name, Range Value)> In(string html)
    {
        for (var tag = html.IndexOf('<', StringComparison.Ordinal); tag >= 0; tag = html.IndexOf('<', tag))
        {
            tag++;
            while (tag < html.Length && html[tag] is not ('>' or ' '))
                tag++;
            while (tag < html.Length && html[tag] == ' ')
            {
                var name = ++tag;
                var equals = html.IndexOf("=\"", name, StringComparison.Ordinal);
                var end = equals < 0 ? -1 : html.IndexOf('"', equals + 2);
                if (end < 0)
                    yield break;
                yield return (name..equals, (equals + 2)..end);
                tag = end + 1;
            }
        }
    }
}
