using System.Globalization;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using VetCommunity.App.Live;
using VetCommunity.App.Texts;
using VetCommunity.Core.Live;
using VetCommunity.Core.Markdown;
using Xunit;

namespace VetCommunity.Tests.Live;

/// <summary>The text with which the minutes of a session begin.</summary>
public class BeginningMinutes
{
    static readonly ResourceManagerStringLocalizerFactory Texts = new(new OptionsWrapper<LocalizationOptions>(new()), NullLoggerFactory.Instance);

    [Fact]
    public void In_the_sessions_language_whoever_makes_them_and_what_somebody_typed_is_no_markup()
    {
        var before = CultureInfo.CurrentUICulture;
        var facts = new MinutesFacts("Saldare <b>in *due*</b>", "it", new(2030, 3, 1, 9, 0, 0, TimeSpan.Zero), new(2030, 3, 1, 10, 30, 0, TimeSpan.Zero), "Europe/Rome", ["Anna Rossi"], 4,
            [new("IT", IsRest: false, 3, 1, 0, 0), new("", IsRest: true, 1, 1, 0, 0)], [], [new(0, 10, "Saluti"), new(10, 50, "Prova # 1")], "# Deciso\n\n- guanti\n\n```\n# codice\n```", [("Perché @tutti?", true), ("[x](y)", false)], []);
        var text = MinutesBeginning.Of(facts, new StringLocalizer<NotesTexts>(Texts), new StringLocalizer<MemberTexts>(Texts));

        foreach (var part in (string[])["**Saldare \\<b\\>in \\*due\\*\\</b\\>**\n\n", "1 marzo 2030 10:00 – 11:30 (Europe/Rome)\n\n", "Con: Anna Rossi\n\n", "Hanno partecipato 4 persone.\n\n", "Per Paese: Italia 3, altre 1\n\n",
            "# Programma\n\n- 10:00 Saluti\n- 10:10 Prova \\# 1\n\n", "# Appunti\n\n## Deciso\n\n- guanti\n\n```\n# codice\n```\n\n", "# Domande del pubblico\n\n- Perché \\@tutti? – con risposta\n- \\[x\\](y) – aperta"])
            Assert.Contains(part, text, StringComparison.Ordinal);
        Assert.DoesNotContain("Per organizzazione", text, StringComparison.Ordinal);
        var html = PersonsMarkdown.ToHtml(text);
        foreach (var bad in (string[])["<b>", "<a ", "<em>"])
            Assert.DoesNotContain(bad, html, StringComparison.Ordinal);
        Assert.Equal(before, CultureInfo.CurrentUICulture);
    }
}
