using System.Globalization;
using Microsoft.Extensions.Localization;
using VetCommunity.App.Shell;
using VetCommunity.App.Texts;
using VetCommunity.Core.Live;

namespace VetCommunity.App.Live;

/// <summary>The attendance list of a session as a table, see <see cref="TableFile"/>.</summary>
static class AttendanceFile
{
    public static Task<byte[]> OfAsync(IReadOnlyList<AttendanceLine> lines, int? rule, IStringLocalizer<LiveTexts> text, string timeZone)
    {
        return TableFile.OfAsync(
            [.. ((string[])["Name", "Organisation", "Country", "Role", "Came", "Left", "MinutesThere", .. rule is null ? Array.Empty<string>() : ["Earned"]]).Select(head => text[head].Value)],
            lines.Select(line => (string[])[line.Name, line.Organisation ?? "", line.Country, text["Role_" + line.Role].Value, At(line.Came), At(line.Left), line.Minutes.ToString(CultureInfo.InvariantCulture),
                .. rule is null ? Array.Empty<string>() : [text[Certificates.Fulfils(rule, line) ? "EarnedYes" : "EarnedNo"].Value]]));

        string At(DateTimeOffset? at) => at?.In(timeZone, "yyyy-MM-dd HH:mm") ?? "";
    }
}
