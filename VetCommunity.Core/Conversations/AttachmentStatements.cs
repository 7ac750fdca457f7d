using VetCommunity.Core.Files;
using static VetCommunity.Core.Conversations.Value;

namespace VetCommunity.Core.Conversations;

/// <summary>How attachments come to their message and go with it, in the writer's transaction.</summary>
static class AttachmentStatements
{
    /// <summary>The uploads in their order, each of them the actor's own, not posted and not expired. Binds nothing yet.</summary>
    /// <exception cref="RefusedException">One of them is not.</exception>
    public static async Task<List<PostedAttachment>> WaitingAttachmentsAsync(this LogConnection connection, Actor actor, IReadOnlyList<string> ids, DateTimeOffset now)
    {
        List<PostedAttachment> waiting = [];
        foreach (var id in ids)
        {
            // Numbering them holds the rows: another process can neither post nor sweep them until this is done.
            var row = await connection.RowAsync("""
                UPDATE "Attachments" SET "Position" = @position
                WHERE "Id" = @id AND "UploaderId" = @actor AND "ConversationId" IS NULL AND "DocumentId" IS NULL AND "UploadedAt" > @expired
                RETURNING "Name", "Kind", "ContentType", "Bytes", "Width", "Height", "Description"
                """, Int("position", waiting.Count + 1), Text("id", id), Int("actor", actor.MemberId), At("expired", now - Attachments.UnpostedLife))
                ?? throw new RefusedException(Refusal.UnknownAttachment);
            waiting.Add(new(id, (string)row[0]!, (FileKind)row[1].Int(), (string)row[2]!, row[3].Long(), row[4] is null ? null : row[4].Int(),
                row[5] is null ? null : row[5].Int(), (string)row[6]!));
        }
        return waiting;
    }

    public static async Task BindAttachmentsAsync(this LogConnection connection, int conversation, long seq, IReadOnlyList<PostedAttachment> attachments)
    {
        foreach (var attachment in attachments)
        {
            await connection.DoAsync("""UPDATE "Attachments" SET "ConversationId" = @c, "Seq" = @seq WHERE "Id" = @id""",
                Int("c", conversation), Long("seq", seq), Text("id", attachment.Id));
        }
    }

    /// <summary>What the message's first attachment is called, or null.</summary>
    public static async Task<string?> FirstAttachmentAsync(this LogConnection connection, int conversation, long seq) => (string?)(await connection.RowAsync("""
        SELECT "Name" FROM "Attachments" WHERE "ConversationId" = @c AND "Seq" = @seq ORDER BY "Position" LIMIT 1
        """, Int("c", conversation), Long("seq", seq)))?[0];

    /// <summary>Takes the message's attachments out of the database; their files are to go after the commit.</summary>
    public static async Task<IReadOnlyList<string>> RemoveAttachmentsAsync(this LogConnection connection, int conversation, long seq) =>
        [.. (await connection.RowsAsync("""DELETE FROM "Attachments" WHERE "ConversationId" = @c AND "Seq" = @seq RETURNING "Id" """,
            Int("c", conversation), Long("seq", seq))).Select(row => (string)row[0]!)];
}
