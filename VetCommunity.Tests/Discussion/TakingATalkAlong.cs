using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using VetCommunity.App.Discussion;
using VetCommunity.App.Texts;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Mailing;
using VetCommunity.Core.Search;
using VetCommunity.Tests.Operation;
using VetCommunity.Tests.Search;
using Xunit;

namespace VetCommunity.Tests.Discussion;

public class TakingATalkAlong
{
    static RoomExport ExportOf(World world) => new(world.Db, world.Topics);

    static async Task<string> LinesAsync(World world, ExportWish wish)
    {
        using var lines = new MemoryStream();
        await RoomExport.WriteLinesAsync(await ExportOf(world).OpenAsync(world.Anna, wish), lines);
        return Encoding.UTF8.GetString(lines.ToArray());
    }

    static async Task<string> MarkdownAsync(World world, ExportWish wish)
    {
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (CultureInfo.GetCultureInfo("en"), CultureInfo.GetCultureInfo("en"));
        await using var services = new ServiceCollection().AddLogging().AddLocalization().BuildServiceProvider();
        var export = new MarkdownExport(new Site(() => "https://vet.example"), services.GetRequiredService<IStringLocalizer<TopicTexts>>(),
            services.GetRequiredService<IStringLocalizer<ModerationTexts>>(), services.GetRequiredService<IStringLocalizer<PollTexts>>(),
            services.GetRequiredService<IStringLocalizer<BridgeTexts>>());
        using var written = new MemoryStream();
        await export.WriteAsync(await ExportOf(world).OpenAsync(world.Anna, wish), (null, null), world.Clock.GetUtcNow(), "Europe/Rome", written, default);
        return Encoding.UTF8.GetString(written.ToArray());
    }

    static async Task<List<(DateTimeOffset, string, string)>> SaidAsync(World world, string room)
    {
        List<(DateTimeOffset, string, string)> said = [];
        for (long read = 0; ;)
        {
            var page = await world.Conversations.OpenAsync(world.Ada, room, read);
            said.AddRange(page.Messages.Where(m => m.DeletedAt is null).Select(m => (m.SentAt, m.Author.Name, m.Markdown)));
            if (!page.HasMore)
                return said;
            read = page.Messages[^1].Seq;
        }
    }

    /// <summary>The texts of a document as they were typed, by the number of their message.</summary>
    static Dictionary<long, string> ReadBack(string document)
    {
        Dictionary<long, string> texts = [];
        long seq = 0;
        foreach (var line in document.Split('\n'))
        {
            if (Regex.Match(line, "^## (?<seq>[0-9]+) · ", RegexOptions.NonBacktracking) is { Success: true } heading)
                seq = long.Parse(heading.Groups["seq"].Value, CultureInfo.InvariantCulture);
            else if (line is ['>', ..])
                texts[seq] = (texts.TryGetValue(seq, out var before) ? before + "\n" : "") + (line == ">" ? "" : line[2..]);
        }
        return texts;
    }

    [Theory, OnBothDatabases]
    public async Task The_office_hour_is_exported_and_read_back_word_for_word(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var import = new RoomImport(world.Db, world.Log, new Rooms(world.Db, world.Feed, world.Clock));
        await using (var file = File.OpenRead(await ImportingAFile.OfficeHourAsync()))
            await import.ImportAsync(world.Ada, "office-hour", file);
        var said = await SaidAsync(world, "office-hour");

        var lines = await LinesAsync(world, new("office-hour"));
        Assert.Equal(new(said.Count, said.Count, 0), await import.ImportAsync(world.Ada, "copy", new MemoryStream(Encoding.UTF8.GetBytes(lines))));

        Assert.True(said.Count > 300);
        Assert.Equal(said, await SaidAsync(world, "copy"));
        Assert.Equal(said.Select(s => s.Item3), ReadBack(await MarkdownAsync(world, new("office-hour"))).OrderBy(t => t.Key).Select(t => t.Value));
    }

    [Theory, OnBothDatabases]
    public async Task The_office_hour_is_split_by_days_searched_resolved_and_each_day_taken_along(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var import = new RoomImport(world.Db, world.Log, new Rooms(world.Db, world.Feed, world.Clock));
        await using (var file = File.OpenRead(await ImportingAFile.OfficeHourAsync()))
            await import.ImportAsync(world.Ada, "office-hour", file);
        var said = await SaidAsync(world, "office-hour");
        var days = said.Select((one, n) => (Seq: n + 1L, Said: one)).GroupBy(one => one.Said.Item1.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)).ToList();
        Assert.True(days.Count > 1);

        // The last day first: then each move takes one day along.
        foreach (var day in days.AsEnumerable().Reverse())
        {
            for (long? next = day.First().Seq; next is { } seq;)
                next = (await world.Topics.MoveAsync(world.Carla, "office-hour", seq, day.Key, MoveExtent.Later)).Next;
        }
        var topics = (await world.Topics.ListAsync(world.Ada, "office-hour")).Where(topic => topic.Messages > 0).ToDictionary(topic => topic.Slug, topic => topic.Messages, StringComparer.Ordinal);
        Assert.Equal(days.ToDictionary(day => day.Key, day => day.Count(), StringComparer.Ordinal), topics);

        var most = days.MaxBy(day => day.Count())!;
        await world.Topics.ResolveAsync(world.Carla, "office-hour", most.Key, Outcome.Answered, "All of it was answered");
        var outcome = Assert.Single((await new Outcomes(world.Db).ListAsync(world.Ada, new(Outcome.Answered, "office-hour"), 1)).Rows);
        Assert.Equal((most.Key, "All of it was answered"), (outcome.TopicSlug, outcome.Sentence));

        // What is written in an address is no word of a sentence.
        var sentences = most.Where(one => !one.Said.Item3.Contains("://", StringComparison.Ordinal)).ToList();
        var word = sentences.SelectMany(one => Regex.Matches(one.Said.Item3, @"\b[a-z]{7,}\b", RegexOptions.NonBacktracking).Select(match => match.Value).Distinct(StringComparer.Ordinal))
            .GroupBy(found => found, StringComparer.Ordinal).MaxBy(found => found.Count())!.Key;
        var having = sentences.Where(one => Regex.IsMatch(one.Said.Item3, $@"\b{word}\b", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)).Select(one => one.Seq).ToHashSet();
        HashSet<long> found = [];
        for (FoundMessages? page = null; page is null or { Next: not null };)
        {
            page = await world.FindAsync(world.Ada, $"room:office-hour topic:\"{most.Key}\" \"{word}\"", SearchOrder.Newest, page?.Next);
            found.UnionWith(page.Messages.Select(message => message.Seq));
        }
        Assert.Subset(found, having);
        Assert.All(found, seq => Assert.Contains(word, said[(int)seq - 1].Item3, StringComparison.OrdinalIgnoreCase));

        var wish = new ExportWish("office-hour", most.Key);
        await import.ImportAsync(world.Ada, "one-day", new MemoryStream(Encoding.UTF8.GetBytes(await LinesAsync(world, wish))));
        Assert.Equal(most.Select(one => one.Said), await SaidAsync(world, "one-day"));
        var document = await MarkdownAsync(world, wish);
        Assert.Contains("All of it was answered", document, StringComparison.Ordinal);
        Assert.Equal(most.ToDictionary(one => one.Seq, one => one.Said.Item3), ReadBack(document));
    }

    [Theory, OnBothDatabases]
    public async Task Whatever_people_type_comes_back_as_they_typed_it(Database database)
    {
        await using var world = await World.OpenAsync(database);
        string[] texts =
        [
            "# A heading\n\n## 7 · Nobody · 2026-01-01\n\n---\nroom: \"x\"\n---", "```\n> code\n```\nafter", "> quoted\n>\n> twice", "  two spaces\n\ttab\n\n\nthree lines", "<div>\n\nhtml",
            "- list\n  - in it\n\n1. one", "Ελληνικά, Straße, l·l 🎉 \u2028 \"quotes\" \\ back", "| a | b |\n|---|---|\n| 1 | 2 |", "```\nnever closed", "line\\\nbreak  ", "> ",
        ];
        foreach (var text in texts)
            await world.SayAsync(world.Anna, text, topic: "Gas");

        var stored = (await SaidAsync(world, "welding")).Select(s => s.Item3).ToList();
        Assert.Equal(stored, ReadBack(await MarkdownAsync(world, new("welding", "gas"))).OrderBy(t => t.Key).Select(t => t.Value));
        var import = new RoomImport(world.Db, world.Log, new Rooms(world.Db, world.Feed, world.Clock));
        await import.ImportAsync(world.Ada, "copy", new MemoryStream(Encoding.UTF8.GetBytes(await LinesAsync(world, new("welding", "gas")))));
        Assert.Equal(await SaidAsync(world, "welding"), await SaidAsync(world, "copy"));
    }

    [Theory, OnBothDatabases]
    public async Task A_document_tells_who_and_when_and_what_became_of_it(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Bruno, "Which *gas*?", topic: "Gas [new]");
        await world.SayAsync(world.Anna, "Argon", topic: "Gas [new]", replyTo: 1);
        await world.SayAsync(world.Anna, "Sorry", topic: "Gas [new]");
        await world.SayAsync(world.Anna, "Not this", topic: "Masks");
        world.Clock.Advance(TimeSpan.FromMinutes(1));
        await world.Conversations.EditAsync(world.Anna, "welding", 2, "Argon, always");
        await world.Conversations.DeleteAsync(world.Anna, "welding", 3);
        await world.Topics.ResolveAsync(world.Bruno, "welding", "gas-new", Outcome.Answered, "Argon it is");
        await world.Topics.ReopenAsync(world.Anna, "welding", "gas-new");
        await world.Topics.ResolveAsync(world.Anna, "welding", "gas-new", Outcome.None, null);

        Assert.Equal("""
            ---
            room: "Welding"
            topic: "Gas [new]"
            address: "https://vet.example/rooms/welding/gas-new"
            exported_at: "2026-03-02 09:01:00 +01:00"
            written_by:
              - "Bruno Weiß"
              - "Anna Rossi"
            ---

            # Welding: Gas \[new\]

            ## 1 · Bruno Weiß · 2026-03-02 09:00:00 +01:00

            > Which *gas*?

            ## 2 · Anna Rossi · 2026-03-02 09:00:00 +01:00

            - Answer to message 1 of Bruno Weiß: Which gas?
            - Edited: 2026-03-02 09:01:00 +01:00

            > Argon, always

            ## 3 · Anna Rossi · 2026-03-02 09:00:00 +01:00

            - This message was deleted: 2026-03-02 09:01:00 +01:00

            # Outcomes

            - **Answered** · Argon it is · Resolved by Bruno Weiß, 2026-03-02 09:01:00 +01:00 · reopened 2026-03-02 09:01:00 +01:00
            - **No outcome** · Resolved by Anna Rossi, 2026-03-02 09:01:00 +01:00

            """, await MarkdownAsync(world, new("welding", "gas-new")), ignoreLineEndingDifferences: true);
        Assert.Contains("- Topic: Masks\n\n> Not this\n", await MarkdownAsync(world, new("welding")), StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Only_the_days_that_were_asked_for_and_only_for_who_may_read(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Anna, "Monday", "board");
        world.Clock.Advance(TimeSpan.FromDays(1));
        var day = world.Clock.GetUtcNow();
        await world.SayAsync(world.Ada, "Tuesday", "board");
        world.Clock.Advance(TimeSpan.FromDays(1));
        await world.SayAsync(world.Anna, "Wednesday", "board");

        var talk = await ExportOf(world).OpenAsync(world.Anna, new("board", null, day.AddHours(-1), day.AddHours(1)));
        Assert.Equal(["Ada Klein"], talk.Authors);
        Assert.Equal(["Tuesday"], (await ReadAsync(talk)).Select(m => m.Markdown));
        await Assert.ThrowsAsync<NotFoundException>(() => ExportOf(world).OpenAsync(world.Anna, new("board", "none")));
        await Assert.ThrowsAsync<NotFoundException>(() => ExportOf(world).OpenAsync(world.Anna, new(world.Direct)));

        var open = await ExportOf(world).OpenAsync(world.Ada, new("board"));
        await new Rooms(world.Db, world.Feed, world.Clock).LeaveAsync(world.Ada, "board");
        await Assert.ThrowsAsync<NotFoundException>(() => ReadAsync(open));

        static async Task<List<PostedMessage>> ReadAsync(ExportedTalk talk)
        {
            List<PostedMessage> read = [];
            await foreach (var message in talk.Messages)
                read.Add(message);
            return read;
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_poll_is_taken_along_with_what_everybody_may_see_of_it(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var named = await world.AskAsync(world.Anna, ["*Monday*", "Friday"], text: "Which day?");
        var hidden = await world.AskAsync(world.Anna, ["Yes", "No"], secret: true, results: PollResults.AfterEnd, text: "Again?");
        await world.Polls.VoteAsync(world.Bruno, "welding", named, [1]);
        await world.Polls.VoteAsync(world.Bruno, "welding", hidden, [1]);

        var document = await MarkdownAsync(world, new("welding"));
        Assert.Contains("**Poll** · Named vote · One option · 1 person has voted\n\n1. \\*Monday\\*: 1 vote (Bruno Weiß)\n2. Friday: 0 votes\n", document, StringComparison.Ordinal);
        Assert.Contains("1. Yes: not shown yet\n2. No: not shown yet\n", document, StringComparison.Ordinal);

        await world.Polls.EndAsync(world.Anna, "welding", hidden);
        Assert.Contains("1. Yes: 1 vote\n2. No: 0 votes\n", await MarkdownAsync(world, new("welding")), StringComparison.Ordinal);
    }
}
