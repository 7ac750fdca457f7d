using VetCommunity.Core.Search;
using static VetCommunity.Core.Conversations.Value;

namespace VetCommunity.Core.Conversations;

/// <summary>Says in which language a message is; edits do not guess anew from then on.</summary>
sealed class LanguageEntry(Actor actor, string conversation, long seq, string language) : MessageEntry(actor, conversation, seq)
{
    protected override async Task<ChangeKind?> ChangeAsync(LogConnection connection, WritingPlace place, Found message, DateTimeOffset now)
    {
        if (message.IsDeleted)
            throw new RefusedException(Refusal.MessageDeleted);
        if (!message.IsMine && !place.Rule.Moderates(Actor, place.Place))
            throw new RefusedException(Refusal.NotYourMessage);
        if (message.IsHidden)
            throw new RefusedException(Refusal.MessageHidden);
        if (message.IsMine && place.Rule.WhyNotChange(Actor, place.Place) is { } whyNot)
            throw new RefusedException(whyNot);
        var same = await connection.RowAsync("""
            SELECT 1 FROM "Messages" WHERE "ConversationId" = @c AND "Seq" = @seq AND "Language" = @language AND "IsLanguageSet" = 1
            """, Int("c", place.Id), Long("seq", Seq), Text("language", language));
        return same is null ? ChangeKind.Edited : null;
    }

    protected override async Task StoreAsync(LogConnection connection, WritingPlace place, Found message, long version, DateTimeOffset now)
    {
        await connection.DoAsync("""
            UPDATE "Messages" SET "Language" = @language, "IsLanguageSet" = 1 WHERE "ConversationId" = @c AND "Seq" = @seq
            """, Text("language", language), Int("c", place.Id), Long("seq", Seq));
        if (message.SearchId is { } id)
            await connection.IndexStoredAsync(id);
    }
}
