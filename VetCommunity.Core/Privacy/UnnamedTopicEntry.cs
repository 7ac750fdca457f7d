using System.Globalization;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Members;
using static VetCommunity.Core.Conversations.Value;

namespace VetCommunity.Core.Privacy;

/// <summary>A topic whose name mentions who left gets another one, and gives up the addresses that were made of it.</summary>
sealed class UnnamedTopicEntry(int topic, MentionedName name) : LogEntry<bool>
{
    protected override async Task<bool> WriteAsync(LogConnection connection, DateTimeOffset now)
    {
        var row = await connection.RowAsync("""
            SELECT t."ConversationId", t."Name", c."Language" FROM "Topics" t JOIN "Conversations" c ON c."Id" = t."ConversationId" WHERE t."Id" = @id
            """, Int("id", topic));
        if (row is null || !name.IsIn((string)row[1]!))
            return false;
        ConversationId = row[0].Int();
        await connection.OverwriteAsync(true);
        foreach (var slug in await connection.RowsAsync("""SELECT "Slug" FROM "TopicSlugs" WHERE "TopicId" = @id""", Int("id", topic)))
        {
            if (name.IsInSlug((string)slug[0]!))
                await connection.DoAsync("""DELETE FROM "TopicSlugs" WHERE "TopicId" = @id AND "Slug" = @slug""", Int("id", topic), Text("slug", (string)slug[0]!));
        }
        var (address, changes) = await connection.NameTopicAsync(
            ConversationId, topic, await FreeNameAsync(connection, ConversationId, name.Without((string)row[1]!, (string)row[2]!)), Actor.Visitor, now);
        foreach (var waiting in await connection.RowsAsync("""SELECT "Id", "TopicSlug" FROM "ScheduledMessages" WHERE "ConversationId" = @c AND "TopicSlug" IS NOT NULL""", Int("c", ConversationId)))
        {
            if (name.IsInSlug((string)waiting[1]!))
                await connection.DoAsync("""UPDATE "ScheduledMessages" SET "TopicSlug" = @slug WHERE "Id" = @id""", Text("slug", address), Int("id", waiting[0].Int()));
        }
        await connection.OverwriteAsync(false);
        Changes.AddRange(changes);
        return true;
    }

    async Task<string> FreeNameAsync(LogConnection connection, int conversation, string wanted)
    {
        for (var number = 1; ; number++)
        {
            var end = number == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $" {number}");
            var free = PlainText.Beginning(wanted, Limits.TopicName - end.Length) + end;
            if (await connection.RowAsync("""SELECT "Id" FROM "Topics" WHERE "ConversationId" = @c AND "Folded" = @folded AND "Id" <> @id""",
                Int("c", conversation), Text("folded", Folding.Fold(free)), Int("id", topic)) is null)
                return free;
        }
    }
}
