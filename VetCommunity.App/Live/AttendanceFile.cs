using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Microsoft.Extensions.Localization;
using VetCommunity.App.Shell;
using VetCommunity.App.Texts;
using VetCommunity.Core.Live;

namespace VetCommunity.App.Live;

/// <summary>The attendance list of a session as a table that offices read (RFC 4180, UTF-8 with a byte order mark, without which some take accents for something else).</summary>
static class AttendanceFile
{
    // What begins like a formula must not become one where it is opened.
    static readonly CsvConfiguration Format = new(CultureInfo.InvariantCulture) { InjectionOptions = InjectionOptions.Escape };

    public static async Task<byte[]> OfAsync(IReadOnlyList<AttendanceLine> lines, int? rule, IStringLocalizer<LiveTexts> text, string timeZone)
    {
        using var file = new MemoryStream();
        await using (var writer = new StreamWriter(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true)))
        await using (var table = new CsvWriter(writer, Format))
        {
            foreach (var head in (string[])["Name", "Organisation", "Country", "Role", "Came", "Left", "MinutesThere", .. rule is null ? Array.Empty<string>() : ["Earned"]])
                table.WriteField(text[head].Value);
            await table.NextRecordAsync();
            foreach (var line in lines)
            {
                foreach (var field in (string[])[line.Name, line.Organisation ?? "", line.Country, text["Role_" + line.Role].Value, At(line.Came), At(line.Left), line.Minutes.ToString(CultureInfo.InvariantCulture),
                    .. rule is null ? Array.Empty<string>() : [text[Certificates.Fulfils(rule, line) ? "EarnedYes" : "EarnedNo"].Value]])
                    table.WriteField(field);
                await table.NextRecordAsync();
            }
        }
        return file.ToArray();

        string At(DateTimeOffset? at) => at?.In(timeZone, "yyyy-MM-dd HH:mm") ?? "";
    }
}
