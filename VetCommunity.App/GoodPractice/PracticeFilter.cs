using System.Globalization;
using Microsoft.Extensions.Primitives;
using VetCommunity.Core.GoodPractice;

namespace VetCommunity.App.GoodPractice;

/// <summary>What an address says by which the practices are narrowed down: the same for the page, the feed and programs.</summary>
static class PracticeFilter
{
    public static string NameOf(PracticeFacet facet) => facet.ToString().ToLowerInvariant();

    /// <summary>The values of each facet that is named, as far as they make sense.</summary>
    public static Dictionary<PracticeFacet, IReadOnlyList<string>> Of(IQueryCollection query) => Of(name => query[name]);

    /// <summary>The same of fields that were sent, by their names.</summary>
    public static Dictionary<PracticeFacet, IReadOnlyList<string>> Of(Func<string, StringValues> sent) =>
        Enum.GetValues<PracticeFacet>().Select(facet => (Facet: facet, Values: sent(NameOf(facet)).OfType<string>().Where(value => value.Length is > 0 and <= PracticeRecord.Longest).Distinct(StringComparer.Ordinal).Take(PracticeRecord.Most).ToList()))
            .Where(one => one.Values.Count > 0).ToDictionary(one => one.Facet, one => (IReadOnlyList<string>)one.Values);

    /// <summary>In which language the practices are shown: the one that is named, else the first of those in which they are to be readable, else the reader's.</summary>
    public static string Shown(string? named, IReadOnlyDictionary<PracticeFacet, IReadOnlyList<string>> chosen) =>
        named is { Length: > 0 and <= PracticeRecord.Longest } ? named : chosen.GetValueOrDefault(PracticeFacet.Language)?[0] ?? CultureInfo.CurrentUICulture.TwoLetterISOLanguageName;

    /// <summary>The same as an address says it, in one order whoever asked.</summary>
    public static IEnumerable<KeyValuePair<string, string?>> Query(string? words, IReadOnlyDictionary<PracticeFacet, IReadOnlyList<string>> chosen)
    {
        var parts = chosen.OrderBy(one => one.Key).SelectMany(one => one.Value.Select(value => new KeyValuePair<string, string?>(NameOf(one.Key), value)));
        return string.IsNullOrWhiteSpace(words) ? parts : parts.Prepend(new("q", words));
    }
}
