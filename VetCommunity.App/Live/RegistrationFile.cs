using Microsoft.Extensions.Localization;
using VetCommunity.App.Learning;
using VetCommunity.App.Shell;
using VetCommunity.App.Texts;
using VetCommunity.Core.Live;

namespace VetCommunity.App.Live;

/// <summary>Who registered for a session and what they answered, as a table, see <see cref="TableFile"/>.</summary>
static class RegistrationFile
{
    public static Task<byte[]> OfAsync(RegistrationSheet sheet, IStringLocalizer<LiveTexts> text, IStringLocalizer<PlanTexts> plan, string timeZone) => TableFile.OfAsync(
        [text["Name"].Value, text["Organisation"].Value, text["Country"].Value, plan["State"].Value, plan["Since"].Value, .. sheet.Questions.Select(question => QuestionHtml.Excerpt(question.Texts.Original.Text))],
        sheet.Lines.Select(line => (string[])[line.Name, line.Organisation ?? "", line.Country, text[line.State is { } state ? "Request_" + state : "Role_Participant"].Value, line.At.In(timeZone, "yyyy-MM-dd HH:mm"),
            .. sheet.Questions.Select(question => line.Answers.GetValueOrDefault(question.Number) ?? "")]));
}
