using VetCommunity.Core.Conversations;
using static VetCommunity.Core.Conversations.Value;

namespace VetCommunity.Core.Search;

/// <summary>
/// Brings messages into the index that are older than it, or that were stored past the log. Each batch is a transaction of the log's writer,
/// and a message without a number is one that is still to come: whoever is killed in between goes on where it stopped.
/// </summary>
public sealed class IndexFilling(MessageLog log)
{
    /// <summary>Indexes what is missing. Answers how many messages that were.</summary>
    /// <exception cref="NotFoundException">Only the operator does this.</exception>
    public async Task<long> FillAsync(Actor actor, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("index");
        long all = 0;
        while (true)
        {
            cancel.ThrowIfCancellationRequested();
            var count = await log.WriteAsync(new FillEntry(), cancel);
            all += count;
            if (count == 0)
                return all;
        }
    }

    sealed class FillEntry : LogEntry<int>
    {
        // Few enough that who posts meanwhile does not notice.
        const int Batch = 100;

        protected override async Task<int> WriteAsync(LogConnection connection, DateTimeOffset now)
        {
            var rows = await connection.RowsAsync("""
                SELECT m."ConversationId", m."Seq", m."AuthorId", m."TopicId", m."Markdown", m."KeyId", m."SentAt", m."DeletedAt", c."Kind", c."IsOpen", c."Language", p."Options"
                FROM "Messages" m JOIN "Conversations" c ON c."Id" = m."ConversationId"
                LEFT JOIN "Polls" p ON p."ConversationId" = m."ConversationId" AND p."Seq" = m."Seq" WHERE m."SearchId" IS NULL LIMIT @most
                """, Int("most", Batch));
            foreach (var row in rows)
            {
                var id = await connection.NextSearchIdAsync(row[6].At());
                await connection.DoAsync("""UPDATE "Messages" SET "SearchId" = @id WHERE "ConversationId" = @c AND "Seq" = @seq""",
                    Long("id", id), Int("c", row[0].Int()), Long("seq", row[1].Long()));
                if (row[5] is not null || row[7] is not null)
                    continue;
                var text = IndexedText.Of((string)row[4]!, (string?)row[11]);
                var place = new MessagePlace(row[0].Int(), (ConversationKind)row[8].Int(), row[9].Int() == 1, (string)row[10]!);
                await connection.IndexAsync(id, text, Marks.Of(place, row[3].Int(), row[2] is null ? null : row[2].Int(), text.Has));
            }
            return rows.Count;
        }
    }
}
