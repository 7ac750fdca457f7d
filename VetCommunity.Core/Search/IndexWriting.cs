using VetCommunity.Core.Conversations;
using static VetCommunity.Core.Conversations.Value;

namespace VetCommunity.Core.Search;

/// <summary>The index, written in the transaction of the message itself: what is stored is found, what is deleted is not.</summary>
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
                return last is null ? first : last[0].Long() + 1;
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

    /// <summary>Puts the messages that came to a topic with this version or a later one under its mark.</summary>
    public static async Task ReindexAsync(this LogConnection connection, WritingPlace place, int topic, long version)
    {
        foreach (var row in await connection.RowsAsync("""
            SELECT m."SearchId", m."Markdown", m."AuthorId", p."Options" FROM "ConversationEvents" e
            JOIN "Messages" m ON m."ConversationId" = e."ConversationId" AND m."Seq" = e."Seq"
            LEFT JOIN "Polls" p ON p."ConversationId" = e."ConversationId" AND p."Seq" = e."Seq"
            WHERE e."ConversationId" = @c AND e."Version" >= @version AND m."SearchId" IS NOT NULL AND m."KeyId" IS NULL AND m."DeletedAt" IS NULL
            """, Int("c", place.Id), Long("version", version)))
        {
            var indexed = IndexedText.Of((string)row[1]!, (string?)row[3]);
            await connection.UnindexAsync(row[0].Long());
            await connection.IndexAsync(row[0].Long(), indexed, Marks.Of(place, topic, row[2] is null ? null : row[2].Int(), indexed.Has));
        }
    }

    public static Task UnindexAsync(this LogConnection connection, long searchId) =>
        connection.DoAsync("""DELETE FROM "MessageIndex" WHERE rowid = @id""", Long("id", searchId));

    /// <summary>Takes those of these words out of the table of words that stand in no message any more.</summary>
    public static async Task ForgetWordsAsync(this LogConnection connection, IEnumerable<string> words)
    {
        foreach (var word in words.Distinct(StringComparer.Ordinal).Where(word => word.Length >= Prefixes.Shortest))
        {
            if (await connection.RowAsync(connection.Dialect.Any, Text("question", connection.Dialect.Question([Clause.Any([word])]))) is not null)
                continue;
            await connection.DoAsync("""DELETE FROM "IndexedWords" WHERE "Word" = @word""", Text("word", word));
            connection.KnownWords.Remove(word);
        }
    }
}
