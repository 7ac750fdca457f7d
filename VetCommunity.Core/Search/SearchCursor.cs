using System.Globalization;

namespace VetCommunity.Core.Search;

/// <summary>Where a page of results begins. It names messages and not a count, so that what is posted or deleted meanwhile moves nothing.</summary>
/// <param name="Newest">Nothing newer than this.</param>
/// <param name="Oldest">Within the messages that were ranked together: their oldest.</param>
/// <param name="Score">The rank of the last one shown.</param>
/// <param name="Last">The last one shown.</param>
sealed record SearchCursor(long Newest, long? Oldest = null, int Score = 0, long Last = 0)
{
    /// <exception cref="NotFoundException">It is none of ours.</exception>
    public static SearchCursor? Read(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        long[] numbers = [.. text.Split('.').Select(part =>
            long.TryParse(part, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : throw new NotFoundException("page"))];
        return numbers switch
        {
            [var newest] => new(newest),
            [var newest, var oldest, var score and >= 0 and < 1000, var last] => new(newest, oldest, (int)score, last),
            _ => throw new NotFoundException("page"),
        };
    }

    public override string ToString() => Oldest is { } oldest
        ? string.Create(CultureInfo.InvariantCulture, $"{Newest}.{oldest}.{Score}.{Last}")
        : Newest.ToString(CultureInfo.InvariantCulture);
}
