namespace VetCommunity.Core.Members;

/// <summary>What can be chosen for people and organisations: codes, their names lie with the pages.</summary>
public static class Choices
{
    /// <summary>Countries, ISO 3166-1 alpha-2 (XK for Kosovo).</summary>
    public static readonly IReadOnlyList<string> Countries = Words(
        "AL AD AT BE BA BG CH CY CZ DE DK EE ES FI FR GB GE GR HR HU IE IS IT LI LT LU LV MC MD ME MK MT NL NO PL PT RO RS SE SI SK SM TR UA XK");

    /// <summary>Languages that people speak, ISO 639-1.</summary>
    public static readonly IReadOnlyList<string> Spoken = Words(
        "ar bg bs ca cs da de el en es et eu fi fr ga gl hr hu is it lb lt lv mk mt nl no pl pt ro ru sk sl sq sr sv tr uk");

    /// <summary>NACE Rev. 2 sections.</summary>
    public static readonly IReadOnlyList<string> Sectors = Words("A B C D E F G H I J K L M N O P Q R S T U");

    /// <summary>The parts of the world in which <see cref="TimeZones"/> lie, Europe first.</summary>
    public static readonly IReadOnlyList<string> ZoneRegions = Words("Europe Africa America Asia Atlantic Australia Indian Pacific");

    /// <summary>IANA time zones that this machine knows, by name; UTC is always among them.</summary>
    public static readonly IReadOnlyList<string> TimeZones =
    [
        "UTC",
        .. TimeZoneInfo.GetSystemTimeZones().Select(zone => zone.Id)
            .Where(zone => zone.IndexOf('/', StringComparison.Ordinal) is > 0 and var end && ZoneRegions.Contains(zone[..end], StringComparer.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The chosen codes as they are stored: in the order of the list, each once, separated by blanks.</summary>
    /// <exception cref="RefusedException">One is not in the list.</exception>
    internal static string Stored(IReadOnlyList<string> list, IEnumerable<string> chosen)
    {
        var wanted = chosen.ToHashSet(StringComparer.Ordinal);
        var found = list.Where(wanted.Contains).ToList();
        return found.Count == wanted.Count ? string.Join(' ', found) : throw new RefusedException(Refusal.BadChoice);
    }

    internal static string[] Words(string stored) => stored.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
