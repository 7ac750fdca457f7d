using VetCommunity.Core.Conversations;
using VetCommunity.Core.Members;
using VetCommunity.Core.Search;
using static VetCommunity.Core.Conversations.Value;

namespace VetCommunity.Core.Moderation;

/// <summary>A message that is decided about.</summary>
sealed record JudgedMessage(long Seq, int? AuthorId, bool IsDeleted, int? HiddenById, string Markdown, int TopicId, long? SearchId);

/// <summary>What decisions and appeals do in the log's transaction.</summary>
static class ModerationStatements
{
    /// <summary>
    /// Whether the actor decides about the message: who moderates where it stands, and where it was reported or an appeal waits the network's moderators,
    /// also where they do not read.
    /// </summary>
    public static async Task<bool> IsInChargeAsync(this LogConnection connection, Actor actor, WritingPlace place, long seq) =>
        (place.Rule.MayRead(actor, place.Place) && place.Rule.Moderates(actor, place.Place))
        || (actor.May(Act.ModerateRooms) && await connection.RowAsync("""
            SELECT 1 FROM "Reports" WHERE "ConversationId" = @c AND "Seq" = @seq
            UNION SELECT 1 FROM "Decisions" d JOIN "Appeals" a ON a."DecisionId" = d."Id" WHERE d."ConversationId" = @c AND d."Seq" = @seq
            """, Int("c", place.Id), Long("seq", seq)) is not null);

    public static async Task<JudgedMessage?> JudgedAsync(this LogConnection connection, int conversation, long seq)
    {
        var row = await connection.RowAsync("""
            SELECT "AuthorId", "DeletedAt", "HiddenById", "Markdown", "TopicId", "SearchId", "KeyId" FROM "Messages" WHERE "ConversationId" = @c AND "Seq" = @seq
            """, Int("c", conversation), Long("seq", seq));
        return row is null ? null : new(seq, row[0] is null ? null : row[0].Int(), row[1] is not null, row[2] is null ? null : row[2].Int(),
            (string)row[3]!, row[4].Int(), row[5] is null || row[6] is not null ? null : row[5].Long());
    }

    /// <summary>What was said, with the names of the files.</summary>
    public static async Task<string> QuoteAsync(this LogConnection connection, int conversation, long seq, string markdown) => Reports.Quote(markdown,
        (await connection.RowsAsync("""SELECT "Name" FROM "Attachments" WHERE "ConversationId" = @c AND "Seq" = @seq ORDER BY "Position" """,
            Int("c", conversation), Long("seq", seq))).Select(row => (string)row[0]!));

    /// <summary>What a report kept of a message that is gone.</summary>
    public static async Task<string> QuotedAsync(this LogConnection connection, int conversation, long seq) => (string?)(await connection.RowAsync("""
        SELECT "Quote" FROM "Reports" WHERE "ConversationId" = @c AND "Seq" = @seq ORDER BY "Id" DESC LIMIT 1
        """, Int("c", conversation), Long("seq", seq)))?[0] ?? "";

    /// <summary>Readers see a gap; neither search nor the count of mentions knows of it.</summary>
    public static async Task<UntoldChange> HideAsync(
        this LogConnection connection, WritingPlace place, JudgedMessage message, int decision, Actor actor, DateTimeOffset now)
    {
        var change = await connection.ChangeAsync(place.Id, message.Seq, ChangeKind.Hidden, actor.MemberId, now);
        await connection.DoAsync("""
            UPDATE "Messages" SET "HiddenAt" = @at, "HiddenById" = @decision WHERE "ConversationId" = @c AND "Seq" = @seq
            """, At("at", now), Int("decision", decision), Int("c", place.Id), Long("seq", message.Seq));
        foreach (var table in (string[])["Mentions", "Pins"])
            await connection.DoAsync($"""DELETE FROM "{table}" WHERE "ConversationId" = @c AND "Seq" = @seq""", Int("c", place.Id), Long("seq", message.Seq));
        if (message.HiddenById is null)
            await connection.ForgetAsync(place.Id, message.Seq, message.SearchId, message.Markdown);
        return change;
    }

    /// <summary>Back as it was, but not pinned.</summary>
    public static async Task<UntoldChange> UnhideAsync(this LogConnection connection, WritingPlace place, JudgedMessage message, Actor actor, DateTimeOffset now)
    {
        var change = await connection.ChangeAsync(place.Id, message.Seq, ChangeKind.Unhidden, actor.MemberId, now);
        await connection.DoAsync("""
            UPDATE "Messages" SET "HiddenAt" = NULL, "HiddenById" = NULL WHERE "ConversationId" = @c AND "Seq" = @seq
            """, Int("c", place.Id), Long("seq", message.Seq));
        // Programs and files name nobody.
        if (message.AuthorId is not null)
            await connection.MentionAsync(place, message.Seq, Limits.MentionsIn(message.Markdown), now);
        if (message.SearchId is { } id)
            await connection.IndexStoredAsync(id);
        return change;
    }

    /// <summary>Sums up what holds the member in the room now: of each message its newest decision, if that was not lifted.</summary>
    public static async Task RestrictAsync(this LogConnection connection, WritingPlace place, int member, DateTimeOffset now)
    {
        const string Standing = """
            SELECT MAX(d."Until") FROM "Decisions" d LEFT JOIN "Appeals" a ON a."DecisionId" = d."Id"
            WHERE d."MemberId" = @member AND d."ConversationId" = @c AND (a."Outcome" IS NULL OR a."Outcome" <> @lifted)
                AND NOT EXISTS (SELECT 1 FROM "Decisions" n WHERE n."ConversationId" = d."ConversationId" AND n."Seq" = d."Seq" AND n."Round" > d."Round")
            """;
        var until = await connection.RowAsync($"""
            SELECT ({Standing} AND d."Member" = @muted), ({Standing} AND d."Member" = @banned)
            """, Int("member", member), Int("c", place.Id), Int("lifted", (int)AppealOutcome.Lifted), Int("muted", (int)MemberMeasure.Muted), Int("banned", (int)MemberMeasure.Banned));
        await connection.DoAsync("""
            INSERT INTO "Restrictions" ("ConversationId", "MemberId", "MutedUntil", "BannedUntil") VALUES (@c, @member, @muted, @banned)
            ON CONFLICT ("ConversationId", "MemberId") DO UPDATE SET "MutedUntil" = excluded."MutedUntil", "BannedUntil" = excluded."BannedUntil"
            """, Int("c", place.Id), Int("member", member), Long("muted", AsLong(until![0])), Long("banned", AsLong(until[1])));
        if (AsLong(until[1]) > now.ToUnixTimeMilliseconds())
            await connection.DoAsync("""DELETE FROM "Memberships" WHERE "ConversationId" = @c AND "MemberId" = @member""", Int("c", place.Id), Int("member", member));
    }

    static long? AsLong(object? value) => value is null ? null : value.Long();
}
