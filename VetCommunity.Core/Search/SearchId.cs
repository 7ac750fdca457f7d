namespace VetCommunity.Core.Search;

/// <summary>
/// The number by which the index knows a message: the millisecond in which it was sent and, in the lower bits, its turn within it. So the
/// newest comes first by going down the index, and a span of time is a range of it.
/// </summary>
static class SearchId
{
    const int TurnBits = 20;
    const long EarliestMillisecond = long.MinValue >> TurnBits;
    const long LatestMillisecond = (long.MaxValue >> TurnBits) - 1;

    /// <summary>The first one of an instant; files may bring years that no calendar of ours reaches.</summary>
    public static long First(DateTimeOffset at) => First(at.ToUnixTimeMilliseconds());

    public static long First(long millisecond) => Math.Clamp(millisecond, EarliestMillisecond, LatestMillisecond) << TurnBits;

    public static long Millisecond(long id) => id >> TurnBits;
}
