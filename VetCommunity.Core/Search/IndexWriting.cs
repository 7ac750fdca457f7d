using VetCommunity.Core.Conversations;
using VetCommunity.Core.Files;
using static VetCommunity.Core.Conversations.Value;

namespace VetCommunity.Core.Search;

/// <summary>The index, written by the log's writer in its transactions.</summary>
static class IndexWriting
{
    const int KnownWordsKept = 100_000;

    /// <summary>A number that no message has yet.</summary>
    public static async Task<long> NextSearchIdAsync(this LogConnection connection, DateTimeOffset at)
    {
        for (var millisecond = SearchId.Millisecond(SearchId.First(at)); ; millisecond++)
        {
            var (first, end) = (SearchId.First(millisecond), SearchId.First(millisecond + 1));
            var last = await connection.RowAsync("""
                SELECT "SearchId" FROM "Messages" WHERE "SearchId" >= @first AND "SearchId" < @end ORDER BY "SearchId" DESC LIMIT 1
                """, Long("first", first), Long("end", end));
            // A file of a million lines may give all of them one time.
            if (last is null || last[0].Long() + 1 < end)
            {
                var id = last is null ? first : last[0].Long() + 1;
                connection.LastSearchId = id;
                return id;
            }
        }
    }

    public static async Task IndexAsync(this LogConnection connection, long searchId, IndexedText text, IReadOnlyList<string> marks)
    {
        var all = connection.Dialect.TimeMarks(searchId) is [_, ..] times ? [.. marks, .. times] : marks;
        await connection.DoAsync(connection.Dialect.Insert, Long("id", searchId), Text("tokens", connection.Dialect.Document(text.Words, all)));
        if (connection.KnownWords.Count > KnownWordsKept)
            connection.KnownWords.Clear();
        foreach (var word in text.Words)
        {
            if (word.Length >= Prefixes.Shortest && connection.KnownWords.Add(word))
                await connection.DoAsync("""INSERT INTO "IndexedWords" ("Word") VALUES (@word) ON CONFLICT DO NOTHING""", Text("word", word));
        }
    }

    /// <summary>A number for a message that is written now; asks only once a millisecond.</summary>
    public static async Task<long> NewSearchIdAsync(this LogConnection connection, DateTimeOffset now)
    {
        if (connection.LastSearchId is not { } last || SearchId.Millisecond(last + 1) != SearchId.Millisecond(SearchId.First(now)))
            return await connection.NextSearchIdAsync(now);
        connection.LastSearchId = last + 1;
        return last + 1;
    }

    const string Stored = """
        SELECT m."ConversationId", m."Seq", m."AuthorId", m."TopicId", m."Markdown", m."KeyId", m."SentAt", COALESCE(m."DeletedAt", m."HiddenAt"), c."Kind", c."IsOpen", COALESCE(m."Language", c."Language"), m."SearchId",
            (SELECT COUNT(*) FROM "Attachments" a WHERE a."ConversationId" = m."ConversationId" AND a."Seq" = m."Seq"),
            (SELECT COUNT(*) FROM "Attachments" a WHERE a."ConversationId" = m."ConversationId" AND a."Seq" = m."Seq" AND a."Kind" = @image), p."Options"
        FROM "Messages" m JOIN "Conversations" c ON c."Id" = m."ConversationId"
        LEFT JOIN "Polls" p ON p."ConversationId" = m."ConversationId" AND p."Seq" = m."Seq"

        """;

    /// <summary>Indexes some stored messages that have no number yet. Answers how many there were.</summary>
    public static async Task<int> IndexUnnumberedAsync(this LogConnection connection, int most)
    {
        var rows = await connection.RowsAsync($"""{Stored} WHERE m."SearchId" IS NULL LIMIT @most {connection.Dialect.Claim}""",
            Int("image", (int)FileKind.Image), Int("most", most));
        foreach (var row in rows)
        {
            var id = await connection.NextSearchIdAsync(row[6].At());
            await connection.DoAsync("""UPDATE "Messages" SET "SearchId" = @id WHERE "ConversationId" = @c AND "Seq" = @seq""",
                Long("id", id), Int("c", row[0].Int()), Long("seq", row[1].Long()));
            await connection.IndexRowAsync(id, row);
        }
        return rows.Count;
    }

    /// <summary>Indexes messages between two numbers as they stand now, whatever the index held of them. Answers with the last number it came to; null where there was none.</summary>
    public static async Task<long?> IndexStoredAsync(this LogConnection connection, long first, long last, int most)
    {
        var rows = await connection.RowsAsync($"""{Stored} WHERE m."SearchId" >= @first AND m."SearchId" <= @last ORDER BY m."SearchId" LIMIT @most {connection.Dialect.Hold}""",
            Int("image", (int)FileKind.Image), Long("first", first), Long("last", last), Int("most", most));
        foreach (var row in rows)
        {
            await connection.UnindexAsync(row[11].Long());
            await connection.IndexRowAsync(row[11].Long(), row);
        }
        return rows.Count == 0 ? null : rows[^1][11].Long();
    }

    /// <summary>Indexes one message as it stands now.</summary>
    public static Task IndexStoredAsync(this LogConnection connection, long searchId) => connection.IndexStoredAsync(searchId, searchId, most: 1);

    static async Task IndexRowAsync(this LogConnection connection, long id, object?[] row)
    {
        if (row[5] is not null || row[7] is not null)
            return;
        var text = IndexedText.Of((string)row[4]!, (string?)row[14]).With(row[12].Int(), row[13].Int());
        var place = new MessagePlace(row[0].Int(), (ConversationKind)row[8].Int(), row[9].Int() == 1, (string)row[10]!);
        await connection.IndexAsync(id, text, Marks.Of(place, row[3].Int(), row[2] is null ? null : row[2].Int(), text.Has));
    }

    /// <summary>Puts the messages that came to a topic with this version or a later one under its mark.</summary>
    public static async Task ReindexAsync(this LogConnection connection, int conversation, long version)
    {
        foreach (var row in await connection.RowsAsync("""
            SELECT m."SearchId" FROM "ConversationEvents" e JOIN "Messages" m ON m."ConversationId" = e."ConversationId" AND m."Seq" = e."Seq"
            WHERE e."ConversationId" = @c AND e."Version" >= @version AND m."SearchId" IS NOT NULL
            """, Int("c", conversation), Long("version", version)))
            await connection.IndexStoredAsync(row[0].Long());
    }

    public static Task UnindexAsync(this LogConnection connection, long searchId) =>
        connection.DoAsync("""DELETE FROM "MessageIndex" WHERE rowid = @id""", Long("id", searchId));

    /// <summary>Takes those of these words out of the table of words that stand in no message any more.</summary>
    public static async Task ForgetWordsAsync(this LogConnection connection, IEnumerable<string> words)
    {
        foreach (var word in words.Distinct(StringComparer.Ordinal).Where(word => word.Length >= Prefixes.Shortest))
        {
            if (await connection.RowAsync(connection.Dialect.Any, Text("question", connection.Dialect.Questions([Clause.Any([word])])[0])) is not null)
                continue;
            await connection.DoAsync("""DELETE FROM "IndexedWords" WHERE "Word" = @word""", Text("word", word));
            connection.KnownWords.Remove(word);
        }
    }
}
