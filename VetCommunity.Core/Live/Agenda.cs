using System.Globalization;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Live;

/// <summary>A point of a session's agenda.</summary>
/// <param name="After">Minutes from the beginning of the session.</param>
/// <param name="Minutes">How long it takes.</param>
/// <param name="Title">What it is.</param>
public sealed record AgendaPoint(int After, int Minutes, string Title);

/// <summary>What comes when in a session. Written as lines of minutes and a title, such as <c>10 Welcome</c>: each point begins where the one before ends.</summary>
public static class Agenda
{
    /// <summary>Points of one session.</summary>
    public const int Most = 40;

    /// <summary>Characters of a point's title.</summary>
    public const int TitleLength = 120;

    /// <summary>Characters of all lines together: what <see cref="Most"/> points need.</summary>
    public const int Text = 5200;

    /// <summary>The points of lines as they are stored.</summary>
    public static IReadOnlyList<AgendaPoint> Of(string lines)
    {
        List<AgendaPoint> points = [];
        var after = 0;
        foreach (var line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Read(line) is not { } point)
                continue;
            points.Add(new(after, point.Minutes, point.Title));
            after += point.Minutes;
        }
        return points;
    }

    /// <summary>The point that is due at an instant, by its place from 0; null before the first and after the last.</summary>
    public static int? Due(IReadOnlyList<AgendaPoint> points, DateTimeOffset begin, DateTimeOffset at)
    {
        var minutes = (at - begin).TotalMinutes;
        for (var place = 0; place < points.Count; place++)
        {
            if (minutes >= points[place].After && minutes < points[place].After + points[place].Minutes)
                return place;
        }
        return null;
    }

    /// <summary>The lines as they are stored: without what stands around them.</summary>
    /// <exception cref="RefusedException">A line without minutes or title, too long a title, too many lines, or more minutes than the session has.</exception>
    internal static string Checked(string? sent, TimeSpan length)
    {
        List<string> lines = [];
        var (number, sum) = (0, 0);
        foreach (var line in PlainText.Whole((sent ?? "").Replace("\0", "", StringComparison.Ordinal)).ReplaceLineEndings("\n").Split('\n'))
        {
            number++;
            if (string.IsNullOrWhiteSpace(line))
                continue;
            var (minutes, title) = Read(line) ?? throw new RefusedException(Refusal.AgendaLine, number);
            if (title.Length > TitleLength)
                throw new RefusedException(Refusal.AgendaTitle, number, TitleLength);
            if (lines.Count == Most)
                throw new RefusedException(Refusal.TooManyPoints, Most);
            sum += minutes;
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"{minutes} {title}"));
        }
        return sum <= Math.Ceiling(length.TotalMinutes) ? string.Join('\n', lines) : throw new RefusedException(Refusal.AgendaTooLong, sum, (int)Math.Ceiling(length.TotalMinutes));
    }

    static (int Minutes, string Title)? Read(string line)
    {
        var clean = PlainText.Line(line);
        var end = 0;
        while (end < clean.Length && char.IsAsciiDigit(clean[end]))
            end++;
        return end is > 0 and <= 4 && end < clean.Length && clean[end] == ' ' && int.Parse(clean[..end], CultureInfo.InvariantCulture) is > 0 and <= 1440 and var minutes && clean[end..].Trim() is { Length: > 0 } title
            ? (minutes, title) : null;
    }
}
