using System.Globalization;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using VetCommunity.App.Live;
using VetCommunity.App.Texts;
using VetCommunity.Core.Learning;
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

    static string TextOf(string notes, IReadOnlyList<(string, bool)> questions, params IReadOnlyList<StageQuestion> results)
    {
        var day = new DateTimeOffset(2030, 3, 1, 9, 0, 0, TimeSpan.Zero);
        return MinutesBeginning.Of(new("- Welding", "en", day, day.AddHours(1), "Europe/Rome", ["Anna Rossi"], 4, [], [], [], notes, questions, results), new StringLocalizer<NotesTexts>(Texts), new StringLocalizer<MemberTexts>(Texts));
    }

    static StageQuestion Ideas(params IReadOnlyList<(string Idea, int Votes)> ideas) =>
        new(1, "ideas", IsOpen: false, 3, new([("en", new IdeasQuestion("ideas", "+ What next?", "", 3, 3))]), new(new(3, [.. ideas.Select((one, at) => new QuestionLine(at + 1, one.Idea, one.Votes, 0, 0))], 0), []));

    [Theory]
    [InlineData("-", "\\-")]
    [InlineData("+", "\\+")]
    [InlineData("1.", "1\\.")]
    [InlineData("27)", "27\\)")]
    [InlineData("*", "\\*")]
    public void What_somebody_asked_or_proposed_begins_no_list(string sign, string escaped)
    {
        var deep = string.Join(' ', Enumerable.Repeat(sign, 40)) + " a";
        var text = TextOf("Gloves", [(deep, false), ("   " + deep, true)], Ideas((deep, 2)));
        // Minutes can be made of it.
        var html = PersonsMarkdown.ToHtml(SessionWriting.Checked(text, Minutes.Length));
        Assert.Contains($"- {escaped} ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("<ol", html, StringComparison.Ordinal);
        Assert.Equal(2, html.Split("<ul").Length - 1);
        Assert.Equal(3, html.Split($"<li>{sign} {sign} ").Length - 1);
    }

    [Fact]
    public void Ideas_stand_in_it_as_all_saw_them_and_of_words_those_that_several_chose()
    {
        Assert.EndsWith("- Shared: 2\n- Alone: 0", TextOf("", [], Ideas(("Shared", 2), ("Alone", 0))), StringComparison.Ordinal);
        var words = TextOf("", [], new StageQuestion(1, "words", IsOpen: false, 3, new([("en", new WordsQuestion("words", "What?", "", 3))]), new(new(3, [new(0, "shared", 2, 1, 0), new(0, "alone", 1, 0.5, 0)], 0), [])));
        Assert.EndsWith("- shared: 2", words, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("# A\n\n  ## B\n\n###### F\n\n#no\n\n    # code", "## A\n\n  ### B\n\n###### F\n\n#no\n\n    # code")]
    [InlineData("````\n```\n# code\n````\n# A", "````\n```\n# code\n````\n## A")]
    [InlineData("Before\n\n~~~~ sh\n```\nopen", "Before\n\n~~~~ sh\n```\nopen\n~~~~")]
    [InlineData("```\nopen", "```\nopen\n```")]
    [InlineData("- one\n  ```\n  open", "- one\n  ```\n  open")]
    [InlineData("> ~~~\n> open", "> ~~~\n> open")]
    public void The_notes_stand_below_their_heading_and_swallow_nothing(string notes, string expected)
    {
        var text = TextOf(notes, [("Why?", false)]);
        Assert.Contains("\n\n" + expected + "\n\n# Questions", text, StringComparison.Ordinal);
        Assert.Contains("Why? – open</li>", PersonsMarkdown.ToHtml(text), StringComparison.Ordinal);
    }
}
