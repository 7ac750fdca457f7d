using System.Globalization;

namespace VetCommunity.Core.Search;

/// <summary>
/// A span of the index. PostgreSQL's inverted index gathers every hit before it sorts the first, so a common word would cost more the
/// more is stored. Therefore each message carries marks of the spans of time it lies in, and a search goes back through spans, each
/// eight times as long as the one before, until it has enough.
/// </summary>
/// <param name="First">The lowest number in it.</param>
/// <param name="Last">The highest.</param>
/// <param name="Clause">The marks of the span; null for all that is older.</param>
readonly record struct TimeWindow(long First, long Last, Clause? Clause)
{
    /// <summary>Binary digits of a millisecond that a span leaves out: from 19 hours to 9 years.</summary>
    public static readonly IReadOnlyList<int> Levels = [26, 29, 32, 35, 38];

    public static string Mark(int level, long span) => string.Create(CultureInfo.InvariantCulture, $"{Marks.Sign}k{level}x{span}");

    /// <summary>The spans between two numbers, the newest first, without a gap.</summary>
    public static IEnumerable<TimeWindow> Back(long first, long last)
    {
        foreach (var level in Levels)
        {
            if (last < first)
                yield break;
            var span = SearchId.Millisecond(last) >> level;
            // The span before as well: the last one may have begun only now.
            var from = Math.Max(first, SearchId.First((span - 1) << level));
            yield return new(from, last, Search.Clause.Any([Mark(level, span), Mark(level, span - 1)]));
            last = from - 1;
        }
        if (last >= first)
            yield return new(first, last, null);
    }
}
