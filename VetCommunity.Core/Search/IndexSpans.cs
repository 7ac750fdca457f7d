using VetCommunity.Core.Conversations;
using static VetCommunity.Core.Conversations.Value;

namespace VetCommunity.Core.Search;

/// <summary>
/// Spans of numbers whose messages are stored and not indexed yet, written with the messages themselves. Who takes a span away, in whatever process,
/// indexes it in the same transaction: so it is done once, and after a crash not forgotten.
/// </summary>
static class IndexSpans
{
    public static Task LeaveSpanAsync(this LogConnection connection, long first, long last) =>
        connection.DoAsync("""INSERT INTO "UnindexedSpans" ("First", "Last") VALUES (@first, @last)""", Long("first", first), Long("last", last));

    public static async Task<bool> TakeSpanAsync(this LogConnection connection, long first) =>
        await connection.RowAsync("""DELETE FROM "UnindexedSpans" WHERE "First" = @first RETURNING "First" """, Long("first", first)) is not null;

    /// <summary>Indexes what was just posted; what has been changed or moved meanwhile as it stands now.</summary>
    public static async Task IndexGroupAsync(this LogConnection connection, UnindexedMessage[] group)
    {
        var rows = await connection.RowsAsync($"""
            SELECT m."SearchId", m."Version" FROM "Messages" m WHERE m."SearchId" >= @first AND m."SearchId" <= @last {connection.Dialect.Hold}
            """, Long("first", group[0].SearchId), Long("last", group[^1].SearchId));
        var versions = rows.ToDictionary(row => row[0].Long(), row => row[1].Long());
        foreach (var message in group)
        {
            if (versions.TryGetValue(message.SearchId, out var version) && version == message.Version)
                await connection.IndexAsync(message.SearchId, message.Text, Marks.Of(message.Place, message.TopicId, message.AuthorId, message.Text.Has));
            else
                await connection.IndexStoredAsync(message.SearchId);
        }
    }

    /// <summary>Indexes some of what a process left that is no more. False when nothing is left.</summary>
    public static async Task<bool> IndexLeftSpanAsync(this LogConnection connection, int most)
    {
        var span = await connection.RowAsync($"""SELECT m."First", m."Last" FROM "UnindexedSpans" m LIMIT 1 {connection.Dialect.Claim}""");
        if (span is null)
            return false;
        await connection.TakeSpanAsync(span[0].Long());
        if (await connection.IndexStoredAsync(span[0].Long(), span[1].Long(), most) is { } reached && reached < span[1].Long())
            await connection.LeaveSpanAsync(reached + 1, span[1].Long());
        return true;
    }
}
