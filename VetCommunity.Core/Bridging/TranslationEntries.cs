using VetCommunity.Core.Conversations;
using VetCommunity.Core.Markdown;
using VetCommunity.Core.Noticing;
using static VetCommunity.Core.Conversations.Value;

namespace VetCommunity.Core.Bridging;

/// <summary>A translation handed in, or another text of one's own. Under one's own message it stands at once; elsewhere it waits until it is accepted.</summary>
sealed class ProposeEntry(Actor actor, string room, long seq, string to, string markdown, PersonsText text, string stamp) : BridgeEntry<int>(actor, room, seq)
{
    protected override async Task<int> WriteAsync(LogConnection connection, WritingPlace place, Original original, DateTimeOffset now)
    {
        DemandWriting(place);
        await connection.DemandPairAsync(Actor, original.Language, to);
        if (original.Stamp != stamp)
            throw new RefusedException(Refusal.OriginalChanged);
        var before = await connection.RowAsync("""
            SELECT "Id", "Markdown", "IsAccepted", "OfText" FROM "Translations" WHERE "ConversationId" = @c AND "Seq" = @seq AND "To" = @to AND "ById" = @actor
            """, Int("c", place.Id), Long("seq", Seq), Text("to", to), Int("actor", Actor.MemberId));
        if (before is not null && (string)before[1]! == markdown && (string)before[3]! == stamp)
            return before[0].Int();
        var suggested = await connection.RowAsync("""
            SELECT "Text", "Machine" FROM "BridgeSuggestions" WHERE "ConversationId" = @c AND "Seq" = @seq AND "To" = @to AND "MemberId" = @actor
            """, Int("c", place.Id), Long("seq", Seq), Text("to", to), Int("actor", Actor.MemberId));
        var machine = suggested is not null && BridgeRules.IsMachines(markdown, (string)suggested[0]!) ? (string)suggested[1]! : null;
        var wasAccepted = before is not null && before[2].Int() == 1;
        if (original.IsMine)
            await PutBackAsync(connection, place, to);
        var row = await connection.RowAsync("""
            INSERT INTO "Translations" ("ConversationId", "Seq", "From", "To", "ById", "Version", "Markdown", "Html", "OfText", "Machine", "At", "IsAccepted", "AcceptedById")
            VALUES (@c, @seq, @from, @to, @actor, 1, @markdown, @html, @stamp, @machine, @at, @accepted, @by)
            ON CONFLICT ("ConversationId", "Seq", "To", "ById") DO UPDATE SET "From" = @from, "Version" = "Translations"."Version" + 1, "Markdown" = @markdown, "Html" = @html,
                "OfText" = @stamp, "Machine" = @machine, "At" = @at, "IsAccepted" = @accepted, "AcceptedById" = @by
            RETURNING "Id"
            """, Int("c", place.Id), Long("seq", Seq), Text("from", original.Language), Text("to", to), Int("actor", Actor.MemberId), Text("markdown", markdown), Text("html", text.Html),
            Text("stamp", stamp), Text("machine", machine), At("at", now), Int("accepted", original.IsMine ? 1 : 0), Int("by", original.IsMine ? Actor.MemberId : null));
        if (original.IsMine)
            await FinishAsync(connection, place, to, now);
        else if (wasAccepted)
            await FinishAsync(connection, place, to, at: null);
        if (original.IsMine || wasAccepted)
            await ShowAsync(connection, place, now);
        if (before is null || (string)before[3]! != stamp)
        {
            foreach (var asker in (await AskersAsync(connection, place, to)).Where(asker => asker != Actor.MemberId))
                await RingAsync(connection, place, original, asker, NoticeKind.BridgeAnswered, now);
        }
        return row![0].Int();
    }
}

/// <summary>A translation is good: from now on it stands under the message, in the place of the one before.</summary>
sealed class AcceptEntry(Actor actor, string room, long seq, int translation, int version) : BridgeEntry<bool>(actor, room, seq)
{
    protected override async Task<bool> WriteAsync(LogConnection connection, WritingPlace place, Original original, DateTimeOffset now)
    {
        DemandWriting(place);
        var found = await connection.TranslationAsync(place.Id, Seq, translation);
        var asked = (await AskersAsync(connection, place, found.To)).Contains(Actor.MemberId);
        // Nobody takes their own work for good on somebody else's behalf.
        if (!original.IsMine && !place.Rule.Moderates(Actor, place.Place) && !(asked && found.ById != Actor.MemberId))
            throw new RefusedException(Refusal.NotYoursToAccept);
        if (found.Version != version)
            throw new RefusedException(Refusal.ChangedMeanwhile);
        if (found.IsAccepted)
            return false;
        await PutBackAsync(connection, place, found.To);
        await connection.DoAsync("""UPDATE "Translations" SET "IsAccepted" = 1, "AcceptedById" = @by WHERE "Id" = @id""", Int("by", Actor.MemberId), Int("id", translation));
        await FinishAsync(connection, place, found.To, now);
        await ShowAsync(connection, place, now);
        return true;
    }
}

/// <summary>A translation goes: by its own author, by the message's, or by moderators. Whoever asked still waits.</summary>
sealed class TakeAwayEntry(Actor actor, string room, long seq, int translation) : BridgeEntry<bool>(actor, room, seq)
{
    protected override async Task<bool> WriteAsync(LogConnection connection, WritingPlace place, Original original, DateTimeOffset now)
    {
        var found = await connection.TranslationAsync(place.Id, Seq, translation);
        var isMine = found.ById == Actor.MemberId;
        if (!isMine && !original.IsMine && !place.Rule.Moderates(Actor, place.Place))
            throw new RefusedException(Refusal.NotYourTranslation);
        await connection.DoAsync("""DELETE FROM "Translations" WHERE "Id" = @id""", Int("id", translation));
        if (!isMine)
            connection.Note(now, Actor, "translation.removed", found.ById, place, Seq, found.To);
        if (!found.IsAccepted)
            return true;
        await FinishAsync(connection, place, found.To, at: null);
        await ShowAsync(connection, place, now);
        return true;
    }
}

/// <summary>Keeps what a machine suggested to the actor, if the message still says what was sent to it.</summary>
sealed class SuggestedEntry(Actor actor, string room, long seq, string to, string stamp, string suggestion, string machine) : BridgeEntry<bool>(actor, room, seq)
{
    protected override async Task<bool> WriteAsync(LogConnection connection, WritingPlace place, Original original, DateTimeOffset now)
    {
        await connection.DemandPairAsync(Actor, original.Language, to);
        if (original.Stamp != stamp)
            throw new RefusedException(Refusal.OriginalChanged);
        await connection.DoAsync("""
            INSERT INTO "BridgeSuggestions" ("ConversationId", "Seq", "To", "MemberId", "Text", "Machine") VALUES (@c, @seq, @to, @actor, @text, @machine)
            ON CONFLICT ("ConversationId", "Seq", "To", "MemberId") DO UPDATE SET "Text" = @text, "Machine" = @machine
            """, Int("c", place.Id), Long("seq", Seq), Text("to", to), Int("actor", Actor.MemberId), Text("text", suggestion), Text("machine", machine));
        return true;
    }
}

static class BridgeStatements
{
    public static async Task DemandPairAsync(this LogConnection connection, Actor actor, string from, string to)
    {
        if (await connection.RowAsync("""SELECT 1 FROM "BridgePairs" WHERE "MemberId" = @actor AND "From" = @from AND "To" = @to""",
            Int("actor", actor.MemberId), Text("from", from), Text("to", to)) is null)
            throw new RefusedException(Refusal.NotYourPair);
    }

    public static async Task<FoundTranslation> TranslationAsync(this LogConnection connection, int conversation, long seq, int translation)
    {
        var row = await connection.RowAsync("""
            SELECT "To", "ById", "Version", "IsAccepted" FROM "Translations" WHERE "Id" = @id AND "ConversationId" = @c AND "Seq" = @seq
            """, Int("id", translation), Int("c", conversation), Long("seq", seq)) ?? throw new NotFoundException("translation");
        return new((string)row[0]!, row[1].Int(), row[2].Int(), row[3].Int() == 1);
    }
}

sealed record FoundTranslation(string To, int ById, int Version, bool IsAccepted);
