using VetCommunity.Core.Conversations;
using VetCommunity.Core.Noticing;
using static VetCommunity.Core.Conversations.Value;

namespace VetCommunity.Core.Bridging;

/// <summary>Asks for a translation, or joins who asked before. Only who begins it makes bells ring.</summary>
sealed class AskEntry(Actor actor, string room, long seq, string to) : BridgeEntry<bool>(actor, room, seq)
{
    protected override async Task<bool> WriteAsync(LogConnection connection, WritingPlace place, Original original, DateTimeOffset now)
    {
        DemandWriting(place);
        if (original.Language == to)
            throw new RefusedException(Refusal.AlreadyInLanguage);
        if (original.Markdown.Length == 0)
            throw new RefusedException(Refusal.NothingToTranslate);
        var accepted = await connection.RowAsync("""
            SELECT "OfText", "At" FROM "Translations" WHERE "ConversationId" = @c AND "Seq" = @seq AND "To" = @to AND "IsAccepted" = 1
            """, Int("c", place.Id), Long("seq", Seq), Text("to", to));
        if (accepted is not null && (string)accepted[0]! == original.Stamp)
            throw new RefusedException(Refusal.TranslatedAlready);
        var waits = await connection.RowAsync("""
            SELECT r."DoneAt", a."MemberId", r."AskedAt" FROM "BridgeRequests" r
            LEFT JOIN "BridgeAsks" a ON a."ConversationId" = r."ConversationId" AND a."Seq" = r."Seq" AND a."To" = r."To" AND a."MemberId" = @actor
            WHERE r."ConversationId" = @c AND r."Seq" = @seq AND r."To" = @to
            """, Int("actor", Actor.MemberId), Int("c", place.Id), Long("seq", Seq), Text("to", to));
        var isWaiting = waits is not null && waits[0] is null;
        if (isWaiting && waits![1] is not null)
            return false;
        var asked = await connection.RowAsync("""
            SELECT COUNT(*) FROM "BridgeAsks" a JOIN "BridgeRequests" r ON r."ConversationId" = a."ConversationId" AND r."Seq" = a."Seq" AND r."To" = a."To"
            WHERE a."MemberId" = @actor AND r."DoneAt" IS NULL
            """, Int("actor", Actor.MemberId));
        if (asked![0].Int() >= BridgeRules.MostWaiting)
            throw new RefusedException(Refusal.TooManyAsks, BridgeRules.MostWaiting);

        // Taken back and asked for again it disturbs nobody twice a day, unless it was translated in between and is another text now.
        var before = waits?[2].At();
        var rings = !isWaiting && (before is null || before + BridgeRules.RingsAgainAfter <= now || (accepted is not null && accepted[1].At() >= before));
        if (!isWaiting)
        {
            // Who asked for the translation that is there has it.
            await connection.DoAsync("""DELETE FROM "BridgeAsks" WHERE "ConversationId" = @c AND "Seq" = @seq AND "To" = @to""", Int("c", place.Id), Long("seq", Seq), Text("to", to));
            await connection.DoAsync("""
                INSERT INTO "BridgeRequests" ("ConversationId", "Seq", "To", "AskedAt", "DoneAt") VALUES (@c, @seq, @to, @at, NULL)
                ON CONFLICT ("ConversationId", "Seq", "To") DO UPDATE SET "AskedAt" = @at, "DoneAt" = NULL
                """, Int("c", place.Id), Long("seq", Seq), Text("to", to), At("at", rings ? now : before!.Value));
        }
        await connection.DoAsync("""
            INSERT INTO "BridgeAsks" ("ConversationId", "Seq", "To", "MemberId", "At") VALUES (@c, @seq, @to, @actor, @at) ON CONFLICT DO NOTHING
            """, Int("c", place.Id), Long("seq", Seq), Text("to", to), Int("actor", Actor.MemberId), At("at", now));
        if (rings)
            await CallAsync(connection, place, original, now);
        return !isWaiting;
    }

    // Only who may read it hears that it is to be translated, and only who would hear at all.
    async Task CallAsync(LogConnection connection, WritingPlace place, Original original, DateTimeOffset now)
    {
        var called = await connection.RowsAsync("""
            SELECT p."MemberId" FROM "BridgePairs" p JOIN "Members" a ON a."Id" = p."MemberId"
            WHERE p."From" = @from AND p."To" = @to AND p."MemberId" <> @actor AND (a."SuspendedUntil" IS NULL OR a."SuspendedUntil" <= @now)
                AND (@open = 1 OR EXISTS (SELECT 1 FROM "Memberships" m WHERE m."ConversationId" = @c AND m."MemberId" = a."Id"))
                AND NOT EXISTS (SELECT 1 FROM "Restrictions" r WHERE r."ConversationId" = @c AND r."MemberId" = a."Id" AND (r."BannedUntil" > @now OR r."MutedUntil" > @now))
                AND NOT EXISTS (SELECT 1 FROM "RoomWishes" w WHERE w."ConversationId" = @c AND w."MemberId" = a."Id" AND w."Calls" = @nothing)
                AND NOT EXISTS (SELECT 1 FROM "NoticeSettings" s WHERE s."MemberId" = a."Id" AND (s."BellOff" & @kind) <> 0 AND (s."MailOn" & @kind) = 0)
            ORDER BY COALESCE(p."LastAskedAt", 0), p."MemberId" LIMIT @most
            """, Text("from", original.Language), Text("to", to), Int("actor", Actor.MemberId), At("now", now), Int("open", place.Place.IsOpen ? 1 : 0), Int("c", place.Id),
            Int("nothing", (int)RoomCalls.Nothing), Int("kind", (int)NoticeKind.BridgeAsked), Int("most", BridgeRules.MostAsked));
        foreach (var member in called.Select(row => row[0].Int()))
        {
            await connection.DoAsync("""UPDATE "BridgePairs" SET "LastAskedAt" = @at WHERE "MemberId" = @member AND "From" = @from AND "To" = @to""",
                At("at", now), Int("member", member), Text("from", original.Language), Text("to", to));
            await RingAsync(connection, place, original, member, NoticeKind.BridgeAsked, now);
        }
    }
}

/// <summary>The actor needs it no more; when nobody does, it waits no more.</summary>
sealed class UnaskEntry(Actor actor, string room, long seq, string to) : BridgeEntry<bool>(actor, room, seq)
{
    protected override async Task<bool> WriteAsync(LogConnection connection, WritingPlace place, Original original, DateTimeOffset now)
    {
        await connection.DoAsync("""DELETE FROM "BridgeAsks" WHERE "ConversationId" = @c AND "Seq" = @seq AND "To" = @to AND "MemberId" = @actor""",
            Int("c", place.Id), Long("seq", Seq), Text("to", to), Int("actor", Actor.MemberId));
        if ((await AskersAsync(connection, place, to)).Count > 0)
            return true;
        await FinishAsync(connection, place, to, now);
        return true;
    }
}
