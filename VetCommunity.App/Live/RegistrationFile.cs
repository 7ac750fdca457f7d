using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Microsoft.Extensions.Localization;
using VetCommunity.App.Learning;
using VetCommunity.App.Shell;
using VetCommunity.App.Texts;
using VetCommunity.Core.Live;

namespace VetCommunity.App.Live;

/// <summary>Who registered for a session and what they answered, as a table that offices read: see <see cref="AttendanceFile"/>.</summary>
static class RegistrationFile
{
    // What begins like a formula must not become one where it is opened.
    static readonly CsvConfiguration Format = new(CultureInfo.InvariantCulture) { InjectionOptions = InjectionOptions.Escape };

    public static async Task<byte[]> OfAsync(RegistrationSheet sheet, IStringLocalizer<LiveTexts> text, IStringLocalizer<PlanTexts> plan, string timeZone)
    {
        using var file = new MemoryStream();
        await using (var writer = new StreamWriter(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true)))
        await using (var table = new CsvWriter(writer, Format))
        {
            foreach (var head in (string[])[text["Name"].Value, text["Organisation"].Value, text["Country"].Value, plan["State"].Value, plan["Since"].Value,
                .. sheet.Questions.Select(question => QuestionHtml.Excerpt(question.Texts.Original.Text))])
                table.WriteField(head);
            await table.NextRecordAsync();
            foreach (var line in sheet.Lines)
            {
                foreach (var field in (string[])[line.Name, line.Organisation ?? "", line.Country, text[line.State is { } state ? "Request_" + state : "Role_Participant"].Value, line.At.In(timeZone, "yyyy-MM-dd HH:mm"),
                    .. sheet.Questions.Select(question => line.Answers.GetValueOrDefault(question.Number) ?? "")])
                    table.WriteField(field);
                await table.NextRecordAsync();
            }
        }
        return file.ToArray();
    }
}
