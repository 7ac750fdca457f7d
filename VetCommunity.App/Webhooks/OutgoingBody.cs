using System.Text.Json;
using VetCommunity.App.Api;
using VetCommunity.App.Conversations;
using VetCommunity.Core.Webhooks;

namespace VetCommunity.App.Webhooks;

/// <summary>What a webhook's target is told: <c>type</c>, <c>timestamp</c> and <c>data</c>, a message in the form of the hub.</summary>
static class OutgoingBody
{
    public static byte[] Of(DueDelivery due) =>
        JsonSerializer.SerializeToUtf8Bytes(new { Type = TypeOf(due.Event), Timestamp = due.At.UtcDateTime, Data = DataOf(due) }, JsonSerializerOptions.Web);

    public static string TypeOf(WebhookEvents one) => one switch
    {
        WebhookEvents.MessagePosted => "message.posted",
        WebhookEvents.MessageEdited => "message.edited",
        WebhookEvents.MessageDeleted => "message.deleted",
        WebhookEvents.TopicResolved => "topic.resolved",
        _ => "test",
    };

    static object DataOf(DueDelivery due) => due switch
    {
        { Event: WebhookEvents.MessageDeleted, Message: { } gone } => new { gone.Conversation, gone.Seq, due.Version },
        { Message: { } message } => Wire.Of(message),
        { Resolved: { } end } => new
        {
            Conversation = due.Room,
            end.Topic,
            end.TopicSlug,
            Outcome = RoomsApi.NameOf(end.Outcome),
            end.Sentence,
            ResolvedBy = new WireAuthor(end.By.Handle, end.By.Name, end.By.IsProgram),
            ResolvedAt = end.At,
        },
        _ => new { Conversation = due.Room },
    };
}
