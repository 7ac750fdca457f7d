using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Localization;
using VetCommunity.App.Shell;
using VetCommunity.App.Texts;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Core.Mailing;

namespace VetCommunity.App.GoodPractice;

/// <summary>Writes a draft as one markdown document with front matter. What it may say was decided before: it gets nothing else.</summary>
sealed class PracticeExport(Site site, IStringLocalizer<PracticeTexts> text)
{
    static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string Write(TakenDraft draft, string zone)
    {
        var written = new StringBuilder("---\n");
        Line("title", draft.Title);
        Line("language", draft.Language);
        Line("room", draft.Room);
        Line("topic", draft.Topic);
        Line("date", draft.At.In(zone, "yyyy-MM-dd"));
        Line("state", "draft");
        written.Append("license:\n---\n\n# ").Append(Escaped(draft.Title)).Append("\n\n");
        var quotes = string.Join('\n', draft.Quotes.Select(quote => One(draft, quote, zone)));
        var lines = draft.Body.Split('\n').ToList();
        var here = lines.FindIndex(PracticeQuotes.IsPlace);
        if (here < 0)
            return written.Append(draft.Body).Append("\n\n").Append(quotes).ToString().TrimEnd() + "\n";
        lines[here] = quotes.TrimEnd('\n');
        return written.AppendJoin('\n', lines).Append('\n').ToString();

        void Line(string name, string? value)
        {
            if (value is not null)
                written.Append(name).Append(": ").Append(JsonSerializer.Serialize(value, Json)).Append('\n');
        }
    }

    string One(TakenDraft draft, TakenQuote quote, string zone)
    {
        var written = new StringBuilder();
        foreach (var line in quote.Text.ReplaceLineEndings("\n").Split('\n'))
            written.Append(line.Length == 0 ? ">" : "> ").Append(line).Append('\n');
        written.Append(">\n> — ");
        if (quote.Name is null)
            return written.Append(text["AMember"].Value).Append('\n').ToString();
        var address = site.Address(string.Create(CultureInfo.InvariantCulture, $"/rooms/{draft.RoomSlug}/messages/{quote.Seq}"));
        written.Append(Escaped(quote.Name)).Append(", [").Append(quote.SaidAt?.In(zone, Times.LongDay)).Append("](").Append(address).Append(')');
        if (quote.EditedAt is { } edited)
            written.Append(" (").Append(text["EditedSince", edited.In(zone, Times.LongDay)].Value).Append(')');
        return written.Append('\n').ToString();
    }

    // Names and titles are no markdown.
    static string Escaped(string value) => string.Concat(value.Select(letter => char.IsAscii(letter) && (char.IsPunctuation(letter) || char.IsSymbol(letter)) && letter is not (',' or '.' or ':' or '?' or '\'' or '-')
        ? "\\" + letter : letter.ToString()));
}
