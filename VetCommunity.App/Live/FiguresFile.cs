using System.Globalization;
using Microsoft.Extensions.Localization;
using VetCommunity.App.Texts;
using VetCommunity.Core.Live;

namespace VetCommunity.App.Live;

/// <summary>What each did in a session as a table, see <see cref="TableFile"/>.</summary>
static class FiguresFile
{
    public static Task<byte[]> OfAsync(SessionFigures figures, IStringLocalizer<LiveTexts> text, IStringLocalizer<PlanTexts> plan) => TableFile.OfAsync(
        [text["Name"], text["Organisation"], text["Country"], text["Role"], text["MinutesThere"], plan["MessagesSaid"], plan["Answers"], plan["Points"], plan["HandsRaised"], plan["FloorGiven"]],
        figures.Lines.Select(line => (string[])[line.Name, line.Organisation ?? "", line.Country, text["Role_" + line.Role],
            .. ((int[])[line.Minutes, line.Messages, line.Answers, line.Points, line.Hands, line.Floor]).Select(number => number.ToString(CultureInfo.InvariantCulture))]));
}
