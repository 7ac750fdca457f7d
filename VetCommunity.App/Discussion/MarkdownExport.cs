using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Localization;
using VetCommunity.App.Shell;
using VetCommunity.App.Texts;
using VetCommunity.Core.Bridging;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Mailing;

namespace VetCommunity.App.Discussion;

/// <summary>
/// Writes a talk as one markdown document: front matter, a heading for each message, the person's own markdown as a block quote, the outcomes at the end.
/// A quote keeps headings, lists and code of people apart from ours, and without its first two characters each line is what was typed.
/// </summary>
sealed class MarkdownExport(
    Site site, IStringLocalizer<TopicTexts> text, IStringLocalizer<ModerationTexts> moderation, IStringLocalizer<PollTexts> pollText, IStringLocalizer<BridgeTexts> bridgeText)
{
    const string At = "yyyy-MM-dd HH:mm:ss zzz";
    static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public async Task WriteAsync(ExportedTalk talk, (string? From, string? To) days, DateTimeOffset now, string zone, Stream into, CancellationToken cancel)
    {
        await using var writer = new StreamWriter(into, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true) { NewLine = "\n" };
        await writer.WriteAsync(Front(talk, days, now, zone));
        await foreach (var message in talk.Messages.WithCancellation(cancel))
            await writer.WriteAsync(One(message, talk.Topic is null, zone));
        if (talk.Resolutions.Count > 0)
            await writer.WriteAsync(Ends(talk, zone));
    }

    string Front(ExportedTalk talk, (string? From, string? To) days, DateTimeOffset now, string zone)
    {
        var front = new StringBuilder("---\n");
        Line("room", talk.Room.Title);
        Line("topic", talk.Topic?.Name);
        Line("practice", talk.About is { } about ? site.Address($"/practices/{about.Practice}") : null);
        Line("language", talk.About?.Language);
        Line("section", talk.About?.Section);
        Line("address", site.Address($"/rooms/{talk.Room.Address}" + (talk.Topic is null ? "" : "/" + talk.Topic.Slug)));
        Line("exported_at", now.In(zone, At));
        Line("from", days.From);
        Line("to", days.To);
        front.Append("written_by:\n");
        foreach (var author in talk.Authors)
            front.Append("  - ").Append(Quoted(author)).Append('\n');
        return front.Append("---\n\n# ").Append(Plain(talk.Topic is null ? talk.Room.Title : $"{talk.Room.Title}: {talk.Topic.Name}")).Append('\n').ToString();

        void Line(string name, string? value)
        {
            if (value is not null)
                front.Append(name).Append(": ").Append(Quoted(value)).Append('\n');
        }
    }

    string One(PostedMessage message, bool withTopic, string zone)
    {
        var written = new StringBuilder();
        written.Append(CultureInfo.InvariantCulture, $"\n## {message.Seq} · {Plain(message.Author.Name)} · {message.SentAt.In(zone, At)}\n\n");
        if (withTopic)
            Fact(text["InTopic", Plain(message.Topic)]);
        if (message.ReplyTo is { } answered)
            Fact(text["Answers", answered.Seq, Plain(answered.AuthorName), Plain(answered.Text)]);
        if (message.EditedAt is { } edited)
            Fact(text["EditedAt", edited.In(zone, At)]);
        if (message.DeletedAt is { } deleted)
        {
            Fact(text["DeletedAt", deleted.In(zone, At)]);
            return written.ToString();
        }
        if (message.HiddenAt is not null)
        {
            Fact(moderation["HiddenMessage"]);
            return written.ToString();
        }
        if (written[^2] != '\n')
            written.Append('\n');
        foreach (var line in message.Markdown.Split('\n'))
            written.Append(line.Length == 0 ? ">" : "> ").Append(line).Append('\n');
        foreach (var translation in message.Translations ?? [])
            written.Append(Translated(translation));
        if (message.Poll is { } poll)
            written.Append(Asked(poll, zone));
        return written.ToString();

        void Fact(LocalizedString fact) => written.Append("- ").Append(fact.Value).Append('\n');
    }

    string Translated(PostedTranslation translation)
    {
        var written = new StringBuilder("\n");
        string?[] facts =
        [
            $"**{Plain(bridgeText["In_" + translation.Language, translation.By.Name].Value)}**",
            translation.Machine is { } machine ? Plain(bridgeText["MachineBy", machine, translation.By.Name].Value) : null,
            translation.IsOutdated ? bridgeText["Outdated"].Value : null,
        ];
        written.AppendJoin(" · ", facts.Where(fact => fact is not null)).Append("\n\n");
        foreach (var line in translation.Markdown.Split('\n'))
            written.Append(line.Length == 0 ? ">" : "> ").Append(line).Append('\n');
        return written.ToString();
    }

    // What everybody in the room may see of it now, and no more.
    string Asked(PostedPoll poll, string zone)
    {
        var written = new StringBuilder("\n");
        string?[] facts =
        [
            $"**{pollText["Poll"].Value}**",
            pollText[poll.Secret ? "Secret" : "Named"],
            pollText[poll.Several ? "Several" : "One"],
            poll.Voters > 0 ? pollText.Count("Voted", poll.Voters) : pollText["NobodyYet"],
            (poll.EndedAt ?? poll.EndsAt) is { } end ? $"{pollText[poll.EndedAt is null ? "Ends" : "Ended"].Value} {end.In(zone, At)}" : null,
        ];
        written.AppendJoin(" · ", facts.Where(fact => fact is not null)).Append("\n\n");
        foreach (var option in poll.Options)
        {
            written.Append(CultureInfo.InvariantCulture, $"{option.Number}. {Plain(option.Text)}: ")
                .Append(option.Votes is { } votes ? pollText.Count("Votes", votes) : pollText["NotShownYet"])
                .Append(option.Voters.Count > 0 ? $" ({string.Join(", ", option.Voters.Select(voter => Plain(voter.Name)))})" : "").Append('\n');
        }
        return written.ToString();
    }

    string Ends(ExportedTalk talk, string zone)
    {
        var written = new StringBuilder($"\n# {text["Outcomes"].Value}\n\n");
        foreach (var end in talk.Resolutions)
        {
            string?[] parts =
            [
                $"**{text[end.Outcome.ToString()].Value}**",
                talk.Topic is null ? text["InTopic", Plain(end.Topic)].Value : null,
                Plain(end.Sentence),
                text["ResolvedBy", Plain(end.Name), end.At.In(zone, At)].Value,
                end.ReopenedAt is { } reopened ? text["ReopenedAt", reopened.In(zone, At)].Value : null,
            ];
            written.Append("- ").AppendJoin(" · ", parts.Where(part => !string.IsNullOrEmpty(part))).Append('\n');
        }
        return written.ToString();
    }

    static string Quoted(string value) => JsonSerializer.Serialize(value, Json);

    // Names and excerpts are no markdown.
    static string Plain(string value)
    {
        var plain = new StringBuilder(value.Length);
        foreach (var letter in value)
        {
            if (char.IsAsciiLetterOrDigit(letter) || letter is ' ' or ',' or '.' or ':' or '?' or '\'' or '-' || !char.IsAscii(letter))
                plain.Append(letter);
            else if (!char.IsControl(letter))
                plain.Append('\\').Append(letter);
        }
        return plain.ToString();
    }
}
