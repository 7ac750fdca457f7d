using VetCommunity.Core.Conversations;
using VetCommunity.Core.Noticing;
using static VetCommunity.Core.Conversations.Value;

namespace VetCommunity.Core.Bridging;

/// <summary>Something about translations of a message, judged and stored in one transaction of the message log, beside its edits and its end.</summary>
abstract class BridgeEntry<TResult>(Actor actor, string room, long seq) : LogEntry<TResult>
{
    protected Actor Actor => actor;
    protected long Seq => seq;

    /// <summary>Who is to hear of it after the commit.</summary>
    public List<WrittenNotice> Told { get; } = [];

    protected sealed override async Task<TResult> WriteAsync(LogConnection connection, DateTimeOffset now)
    {
        Told.Clear();
        var place = await WritingPlace.ReadAsync(connection, actor, room, now);
        ConversationId = place.Id;
        // What two people say alone nobody else reads, so there is nobody to ask.
        if (place.Kind != ConversationKind.Room)
            throw new NotFoundException("message");
        var row = await connection.RowAsync("""
            SELECT m."AuthorId", m."Markdown", m."Language", c."Title", m."WebhookId" FROM "Messages" m JOIN "Conversations" c ON c."Id" = m."ConversationId"
            WHERE m."ConversationId" = @c AND m."Seq" = @seq AND m."DeletedAt" IS NULL AND m."HiddenAt" IS NULL
            """, Int("c", place.Id), Long("seq", seq)) ?? throw new NotFoundException("message");
        var author = row[0] is null ? null : (int?)row[0].Int();
        var markdown = (string)row[1]!;
        return await WriteAsync(connection, place, new(author, actor.IsMember && author == actor.MemberId, markdown, BridgeRules.StampOf(markdown),
            BridgeRules.LanguageOf((string?)row[2], place.Language), (string)row[3]!, row[4] is not null), now);
    }

    protected abstract Task<TResult> WriteAsync(LogConnection connection, WritingPlace place, Original original, DateTimeOffset now);

    // Not everybody who translates has joined: whoever reads may help. Who may only read does not write in this way either.
    protected static void DemandWriting(WritingPlace place)
    {
        if (place.Place.Ended)
            throw new RefusedException(Refusal.ConversationClosed);
        if (place.Place.IsMuted)
            throw new RefusedException(Refusal.Muted);
    }

    /// <summary>What stands under the message has changed: readers hear of it as of an edit.</summary>
    protected async Task ShowAsync(LogConnection connection, WritingPlace place, DateTimeOffset now) =>
        Changes.Add(await connection.ChangeAsync(place.Id, seq, ChangeKind.Translated, actor.IsMember ? actor.MemberId : null, now));

    /// <summary>In place of the word before, so that it rings afresh.</summary>
    protected async Task RingAsync(LogConnection connection, WritingPlace place, Original original, int member, NoticeKind kind, DateTimeOffset now)
    {
        var notice = new WrittenNotice(member, kind, place.Id, seq, place.Address, place.Kind, original.Title, actor.MemberId, actor.Name);
        await connection.DoAsync("""DELETE FROM "Notices" WHERE "MemberId" = @member AND "ConversationId" = @c AND "Seq" = @seq AND "Kind" = @kind""",
            Int("member", member), Int("c", place.Id), Long("seq", seq), Int("kind", (int)kind));
        await connection.TellAsync(notice, now);
        Told.Add(notice);
    }

    protected async Task<List<int>> AskersAsync(LogConnection connection, WritingPlace place, string to) =>
        [.. (await connection.RowsAsync("""SELECT "MemberId" FROM "BridgeAsks" WHERE "ConversationId" = @c AND "Seq" = @seq AND "To" = @to ORDER BY "MemberId" """,
            Int("c", place.Id), Long("seq", seq), Text("to", to))).Select(row => row[0].Int())];

    protected Task PutBackAsync(LogConnection connection, WritingPlace place, string to) => connection.DoAsync("""
        UPDATE "Translations" SET "IsAccepted" = 0, "AcceptedById" = NULL WHERE "ConversationId" = @c AND "Seq" = @seq AND "To" = @to AND "IsAccepted" = 1
        """, Int("c", place.Id), Long("seq", seq), Text("to", to));

    protected Task FinishAsync(LogConnection connection, WritingPlace place, string to, DateTimeOffset? at) => connection.DoAsync("""
        UPDATE "BridgeRequests" SET "DoneAt" = @at WHERE "ConversationId" = @c AND "Seq" = @seq AND "To" = @to
        """, Long("at", at?.ToUnixTimeMilliseconds()), Int("c", place.Id), Long("seq", seq), Text("to", to));

    protected sealed record Original(int? AuthorId, bool IsMine, string Markdown, string Stamp, string Language, string Title, bool IsProgram);
}
