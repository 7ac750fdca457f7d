using System.Globalization;
using System.Text;

namespace VetCommunity.Core;

/// <summary>Makes spellings that a reader takes for the same equal: case, accents, final sigma, ß and the Catalan l·l.</summary>
public static class Folding
{
    /// <summary>The folded text, for comparing and indexing; never shown.</summary>
    public static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (var letter in text.Trim().Normalize(NormalizationForm.FormKD).ToLowerInvariant())
        {
            if (CharUnicodeInfo.GetUnicodeCategory(letter) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format or UnicodeCategory.Control || letter is '·')
                continue;
            _ = letter switch
            {
                'ß' => folded.Append("ss"),
                'æ' => folded.Append("ae"),
                'ς' => folded.Append('σ'),
                'ø' => folded.Append('o'),
                _ => folded.Append(letter),
            };
        }
        return folded.ToString().Normalize(NormalizationForm.FormC);
    }

    /// <summary>An address part made of the folded text's letters and digits, joined by hyphens; at most 60 characters.</summary>
    public static string Slug(string text)
    {
        var slug = new StringBuilder();
        foreach (var letter in Fold(text))
        {
            if (char.IsLetterOrDigit(letter))
                slug.Append(letter);
            else if (slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
            if (slug.Length == 60)
                break;
        }
        return slug.ToString().Trim('-');
    }
}
