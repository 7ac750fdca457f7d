using System.Globalization;
using VetCommunity.Core;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Texts;

namespace VetCommunity.App.GoodPractice;

/// <summary>What a text that is still being written will look like; a text that cannot be shown says why instead.</summary>
static class PracticePreview
{
    public static string Of(string markdown)
    {
        try
        {
            return RenderedDocument.Of(markdown).Html;
        }
        catch (RefusedException refused)
        {
            return $"<p>{System.Net.WebUtility.HtmlEncode(Sentences.For(refused, CultureInfo.CurrentUICulture))}</p>";
        }
    }
}
