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
        var quotes = Quotes(draft.Quotes, draft.RoomSlug, zone);
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

    /// <summary>Quotes as markdown, each with whose words it is and when they were said.</summary>
    /// <param name="quotes">What may be quoted.</param>
    /// <param name="room">The room to whose messages the dates lead; null for readers who may not go there.</param>
    /// <param name="zone">The reader's time zone.</param>
    public string Quotes(IEnumerable<TakenQuote> quotes, string? room, string zone) => string.Join('\n', quotes.Select(quote => One(quote, room, zone)));

    string One(TakenQuote quote, string? room, string zone)
    {
        var written = new StringBuilder();
        foreach (var line in quote.Text.ReplaceLineEndings("\n").Split('\n'))
            written.Append(line.Length == 0 ? ">" : "> ").Append(line).Append('\n');
        written.Append(">\n> — ");
        if (quote.Name is null)
            return written.Append(text["AMember"].Value).Append('\n').ToString();
        var said = quote.SaidAt?.In(zone, "d MMMM yyyy");
        written.Append(Escaped(quote.Name)).Append(", ");
        if (room is null)
            written.Append(said);
        else
            written.Append('[').Append(said).Append("](").Append(site.Address(string.Create(CultureInfo.InvariantCulture, $"/rooms/{room}/messages/{quote.Seq}"))).Append(')');
        if (quote.EditedAt is { } edited)
            written.Append(" (").Append(text["EditedSince", edited.In(zone, "d MMMM yyyy")].Value).Append(')');
        return written.Append('\n').ToString();
    }

    // Names and titles are no markdown.
    static string Escaped(string value) => string.Concat(value.Select(letter => char.IsAscii(letter) && (char.IsPunctuation(letter) || char.IsSymbol(letter)) && letter is not (',' or '.' or ':' or '?' or '\'' or '-')
        ? "\\" + letter : letter.ToString()));
}
