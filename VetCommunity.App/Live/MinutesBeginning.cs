using System.Globalization;
using System.Text;
using Microsoft.Extensions.Localization;
using VetCommunity.App.Members;
using VetCommunity.App.Shell;
using VetCommunity.App.Texts;
using VetCommunity.Core;
using VetCommunity.Core.Learning;
using VetCommunity.Core.Live;
using VetCommunity.Core.Markdown;

namespace VetCommunity.App.Live;

/// <summary>The text with which the minutes of a session begin, in the session's language whoever makes them. Names of those who took part are not in it.</summary>
static class MinutesBeginning
{
    // Of words that many gave, the most frequent.
    const int MostLines = 20;

    public static string Of(MinutesFacts facts, IStringLocalizer<NotesTexts> text, IStringLocalizer<MemberTexts> names)
    {
        var (former, formerUi) = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (Languages.CultureOf(facts.Language), Languages.CultureOf(facts.Language));
        try
        {
            return Written(facts, text, names);
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (former, formerUi);
        }
    }

    static string Written(MinutesFacts facts, IStringLocalizer<NotesTexts> text, IStringLocalizer<MemberTexts> names)
    {
        var (begin, end) = (facts.Begin.In(facts.TimeZone, "f"), facts.End.In(facts.TimeZone, facts.Begin.In(facts.TimeZone, "yyyyMMdd") == facts.End.In(facts.TimeZone, "yyyyMMdd") ? "t" : "f"));
        var minutes = new StringBuilder();
        Paragraph($"**{Plain(facts.Title)}**");
        Paragraph(Plain($"{begin} – {end} ({facts.TimeZone.Replace('_', ' ')})"));
        if (facts.Leaders.Count > 0)
            Paragraph(Plain(text["MinutesLedBy", string.Join(", ", facts.Leaders)]));
        Paragraph(text.Count("MinutesCame", facts.Came));
        Groups("MinutesCountries", facts.Countries, name => names.NameOf("Country_", name));
        Groups("MinutesOrganisations", facts.Organisations, name => name);
        if (facts.Points.Count > 0)
        {
            Heading("MinutesAgenda");
            Lines(facts.Points.Select(point => $"{facts.Begin.AddMinutes(point.After).In(facts.TimeZone, "t")} {Plain(point.Title)}"));
        }
        Heading("MinutesNotes");
        Paragraph(facts.Notes.Length > 0 ? Below(facts.Notes) : text["MinutesNoNotes"]);
        if (facts.Questions.Count > 0)
        {
            Heading("MinutesQuestions");
            Lines(facts.Questions.Select(one => $"{Plain(one.Text)} – {text[one.IsAnswered ? "MinutesAnswered" : "MinutesOpen"]}"));
        }
        if (facts.Results.Count > 0)
        {
            Heading("MinutesResults");
            foreach (var one in facts.Results)
            {
                var asked = one.Texts.In(facts.Language).Question;
                Paragraph($"**{Plain(PersonsMarkdown.Excerpt(asked.Text, 300))}** ({text.Count("MinutesAnswers", one.Answered)})");
                // A word that nobody shared is what somebody wrote; ideas everybody has seen, and could vote for.
                Lines(one.Result!.Count.Lines.Where(line => asked is not WordsQuestion || line.Count > 1).Take(MostLines).Select(line => $"{Plain(NameOf(asked, line))}: {line.Count}"));
            }
        }
        return minutes.ToString().TrimEnd();

        void Paragraph(string words) => minutes.Append(words).Append("\n\n");

        void Heading(string key) => Paragraph("# " + text[key]);

        void Lines(IEnumerable<string> lines)
        {
            foreach (var line in lines)
                minutes.Append("- ").Append(line).Append('\n');
            minutes.Append('\n');
        }

        void Groups(string key, IReadOnlyList<VoiceLine> groups, Func<string, string> nameOf)
        {
            if (groups.Count > 0)
                Paragraph(Plain(text[key, string.Join(", ", groups.Select(group => $"{(group.IsRest ? text["MinutesOthers"].Value : group.Name.Length == 0 ? text["MinutesNotSaid"].Value : nameOf(group.Name))} {group.People.ToString(CultureInfo.CurrentCulture)}"))]));
        }
    }

    // An order is counted by what stood first.
    static string NameOf(Question asked, QuestionLine line) => asked is ScaleQuestion ? line.Number.ToString(CultureInfo.CurrentCulture) : line.Word.Length > 0 ? line.Word : asked.Choices.ElementAtOrDefault(line.Number - 1) ?? "";

    // Their headings stand one level below that under which they are.
    static string Below(string notes)
    {
        var lines = notes.Split('\n');
        var code = CodeLines.In(lines);
        return Closed(string.Join('\n', lines.Select((line, at) => !code[at] && LevelOf(line) is > 0 and < 6 ? line.Insert(line.IndexOf('#', StringComparison.Ordinal), "#") : line)));
    }

    static int LevelOf(string line)
    {
        var words = line.TrimStart(' ');
        var signs = words.Length - words.TrimStart('#').Length;
        return line.Length - words.Length < 4 && (signs == words.Length || words[signs] is ' ' or '\t') ? signs : 0;
    }

    // A block of code that the notes leave open would take in all that follows.
    static string Closed(string notes)
    {
        foreach (var sign in "`~")
        {
            if (IsClosed(notes))
                return notes;
            if (LongestOf(notes, sign) is >= 3 and var length && notes + "\n" + new string(sign, length) is var closed && IsClosed(closed))
                return closed;
        }
        return notes;
    }

    static bool IsClosed(string notes) => (!notes.Contains("```", StringComparison.Ordinal) && !notes.Contains("~~~", StringComparison.Ordinal)) || PersonsMarkdown.ToHtml(notes + "\n\n# x") is [.., '<', '/', 'h', _, '>'];

    static int LongestOf(string text, char sign)
    {
        var (longest, length) = (0, 0);
        foreach (var one in text)
        {
            length = one == sign ? length + 1 : 0;
            longest = Math.Max(longest, length);
        }
        return longest;
    }

    // What somebody typed as words is no markup here, and begins no list.
    static string Plain(string words)
    {
        var line = words.ReplaceLineEndings(" ").Trim();
        var plain = new StringBuilder(line.Length);
        var digits = line.Length - line.AsSpan().TrimStart("0123456789").Length;
        for (var at = 0; at < line.Length; at++)
        {
            if (line[at] is '\\' or '`' or '*' or '_' or '[' or ']' or '<' or '>' or '#' or '|' or '~' or '@' or '&'
                || (at == 0 && line[at] is '-' or '+') || (at == digits && at > 0 && line[at] is '.' or ')'))
                plain.Append('\\');
            plain.Append(line[at]);
        }
        return plain.ToString();
    }
}
