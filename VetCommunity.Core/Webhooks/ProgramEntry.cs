using System.Globalization;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Markdown;
using VetCommunity.Core.Search;
using static VetCommunity.Core.Conversations.Value;

namespace VetCommunity.Core.Webhooks;

/// <summary>A program's message: it stands under the webhook's name, is nobody's to edit, and rings nobody's bell by naming them.</summary>
sealed class ProgramEntry(int webhook, string clientKey, string? topic, string markdown, PersonsText text) : LogEntry<ProgramsReceipt>
{
    readonly IndexedText _indexed = IndexedText.Of(text);

    protected override async Task<ProgramsReceipt> WriteAsync(LogConnection connection, DateTimeOffset now)
    {
        // Ended is ended: judged in the transaction that stores the message.
        var called = await connection.RowAsync("""
            SELECT "ConversationId", "Name" FROM "IncomingWebhooks" WHERE "Id" = @id AND "EndedAt" IS NULL
            """, Int("id", webhook)) ?? throw new NotFoundException("webhook");
        var place = await WritingPlace.ReadAsync(connection, Actor.Operator, called[0].Int().ToString(CultureInfo.InvariantCulture), now);
        ConversationId = place.Id;
        if (place.Place.Ended)
            throw new RefusedException(Refusal.ConversationClosed);
        var before = await connection.RowAsync("""
            SELECT "Seq", "SentAt" FROM "Messages" WHERE "WebhookId" = @webhook AND "ClientKey" = @key
            """, Int("webhook", webhook), Text("key", clientKey));
        if (before is not null)
            return new(place.Address, before[0].Long(), before[1].At(), Duplicate: true);
        var under = await connection.TopicAsync(place.Id, place.DefaultTopicId, topic, now);
        var (seq, version) = await connection.NextMessageAsync(place.Id, now);
        var searchId = await connection.NewSearchIdAsync(now);
        await connection.InsertMessageAsync(place.Id, seq, version, author: null, (string)called[1]!, clientKey, under.Id, markdown, text.Html, now, replyTo: null, searchId, text.Language);
        await connection.DoAsync("""UPDATE "Messages" SET "WebhookId" = @webhook WHERE "ConversationId" = @c AND "Seq" = @seq""",
            Int("webhook", webhook), Int("c", place.Id), Long("seq", seq));
        ToIndex = new(searchId, version, MessagePlace.Of(place, text.Language), under.Id, AuthorId: null, _indexed);
        await connection.RecordAsync(place.Id, version, ChangeKind.Posted, seq, actor: null, now);
        await connection.CountInTopicAsync(under.Id, seq);
        Changes.Add(new(version, ChangeKind.Posted, seq));
        return new(place.Address, seq, now, Duplicate: false);
    }
}
