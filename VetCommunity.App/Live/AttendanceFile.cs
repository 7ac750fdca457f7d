using System.Globalization;
using Microsoft.Extensions.Localization;
using VetCommunity.App.Shell;
using VetCommunity.App.Texts;
using VetCommunity.Core.Live;

namespace VetCommunity.App.Live;

/// <summary>The attendance list of a session as a table, see <see cref="TableFile"/>.</summary>
static class AttendanceFile
{
    public static Task<byte[]> OfAsync(AttendanceList list, IStringLocalizer<LiveTexts> text, string timeZone)
    {
        return TableFile.OfAsync(
            [.. ((string[])["Name", "Organisation", "Country", "Role", "Came", "Left", "MinutesThere", "AnsweredQuestions", .. list.Rule.IsThere ? ["Earned"] : Array.Empty<string>()]).Select(head => text[head].Value)],
            list.Lines.Select(line => (string[])[line.Name, line.Organisation ?? "", line.Country, text["Role_" + line.Role].Value, At(line.Came), At(line.Left), line.Minutes.ToString(CultureInfo.InvariantCulture),
                line.Answered.ToString(CultureInfo.InvariantCulture), .. list.Rule.IsThere ? [text[line.Earns ? "EarnedYes" : "EarnedNo"].Value] : Array.Empty<string>()]));

        string At(DateTimeOffset? at) => at?.In(timeZone, "yyyy-MM-dd HH:mm") ?? "";
    }
}
