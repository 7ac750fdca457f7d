using System.Globalization;
using VetCommunity.Core;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Texts;

namespace VetCommunity.App.GoodPractice;

/// <summary>What a text that is still being written will look like; a text that cannot be shown says why instead.</summary>
static class PracticePreview
{
    public static string Of(string markdown) => string.Concat(PartsOf(markdown).Select(part => part.Html));

    /// <summary>The same section by section; where it cannot be shown, the sentence is all there is.</summary>
    public static IReadOnlyList<RenderedSection> PartsOf(string markdown)
    {
        try
        {
            return RenderedDocument.PartsOf(markdown);
        }
        catch (RefusedException refused)
        {
            return [new(Sections.BeginningKey, "", $"<p>{System.Net.WebUtility.HtmlEncode(Sentences.For(refused, CultureInfo.CurrentUICulture))}</p>")];
        }
    }
}
