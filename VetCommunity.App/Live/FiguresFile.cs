using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Microsoft.Extensions.Localization;
using VetCommunity.App.Texts;
using VetCommunity.Core.Live;

namespace VetCommunity.App.Live;

/// <summary>What each did in a session as a table that offices read: see <see cref="AttendanceFile"/>.</summary>
static class FiguresFile
{
    // What begins like a formula must not become one where it is opened.
    static readonly CsvConfiguration Format = new(CultureInfo.InvariantCulture) { InjectionOptions = InjectionOptions.Escape };

    public static async Task<byte[]> OfAsync(SessionFigures figures, IStringLocalizer<LiveTexts> text, IStringLocalizer<PlanTexts> plan)
    {
        using var file = new MemoryStream();
        await using (var writer = new StreamWriter(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true)))
        await using (var table = new CsvWriter(writer, Format))
        {
            foreach (var head in (string[])[text["Name"], text["Organisation"], text["Country"], text["Role"], text["MinutesThere"], plan["MessagesSaid"], plan["Answers"], plan["Points"], plan["HandsRaised"], plan["FloorGiven"]])
                table.WriteField(head);
            await table.NextRecordAsync();
            foreach (var line in figures.Lines)
            {
                foreach (var field in (string[])[line.Name, line.Organisation ?? "", line.Country, text["Role_" + line.Role]])
                    table.WriteField(field);
                foreach (var number in (int[])[line.Minutes, line.Messages, line.Answers, line.Points, line.Hands, line.Floor])
                    table.WriteField(number.ToString(CultureInfo.InvariantCulture));
                await table.NextRecordAsync();
            }
        }
        return file.ToArray();
    }
}
