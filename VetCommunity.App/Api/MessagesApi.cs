using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Net.Http.Headers;
using VetCommunity.App.Conversations;
using VetCommunity.App.Limiting;
using VetCommunity.App.Members;
using VetCommunity.Core.Conversations;

namespace VetCommunity.App.Api;

/// <summary>A page of messages.</summary>
/// <param name="Conversation">The room's short name.</param>
/// <param name="Version">The room's version that these messages belong to.</param>
/// <param name="LastSeq">The number of the room's newest message.</param>
/// <param name="Messages">Oldest first.</param>
/// <param name="Next">The cursor of the next page in the direction of reading; null on the last one.</param>
sealed record MessageList(string Conversation, long Version, long LastSeq, IReadOnlyList<WireMessage> Messages, string? Next);

/// <summary>A message to post.</summary>
/// <param name="Markdown">1 to 10,000 characters; with an attachment it may be empty.</param>
/// <param name="Topic">The topic's name; without it the room's default one.</param>
/// <param name="ClientKey">1 to 64 characters: the same key again is the same message. The header Idempotency-Key does the same; without either, a repeated call posts again.</param>
/// <param name="ReplyToSeq">The message that it answers.</param>
/// <param name="Attachments">Ids of own uploads, at most 10.</param>
/// <param name="Language">What it is written in: en, it, de, es, ca or el; without it, it is told from the text where that is clear.</param>
sealed record MessageToPost(string? Markdown, string? Topic, string? ClientKey, long? ReplyToSeq, IReadOnlyList<string>? Attachments, string? Language);

/// <summary>A message was stored.</summary>
/// <param name="Seq">Its number.</param>
/// <param name="SentAt">When.</param>
/// <param name="Duplicate">True where its key had been posted before: this is that message.</param>
sealed record MessageReceipt(long Seq, DateTimeOffset SentAt, bool Duplicate);

/// <summary>Another text of a message, or its language, or both.</summary>
/// <param name="Markdown">1 to 10,000 characters; with an attachment it may be empty. It may be missing where a language is given.</param>
/// <param name="Language">What it is written in: en, it, de, es, ca or el. Moderators may say it of any message.</param>
sealed record MessageText(string? Markdown, string? Language);

/// <summary>Up to where somebody has read.</summary>
/// <param name="Seq">The last message that was read.</param>
sealed record ReadUpTo([property: JsonRequired] long Seq);

/// <summary>Messages of rooms, in the form in which the hub gives them.</summary>
static class MessagesApi
{
    public static void Map(RouteGroupBuilder rooms)
    {
        rooms.MapGet("/{room}/messages", ListAsync).Described<MessageList>("listMessages", "Messages", "Messages of a room: the newest, or from a number on").Produces(StatusCodes.Status304NotModified);
        rooms.MapGet("/{room}/messages/{seq:long}", OneAsync).Described<WireMessage>("readMessage", "Messages", "One message").Produces(StatusCodes.Status304NotModified);
        rooms.MapPost("/{room}/messages", PostAsync).Described<MessageReceipt>("postMessage", "Messages", "Posts a message; 200 where it had been posted before", ApiDescription.Refuses, 413, 415)
            .Produces<MessageReceipt>(StatusCodes.Status201Created);
        rooms.MapPatch("/{room}/messages/{seq:long}", EditAsync).Described<WireMessage>("editMessage", "Messages", "Gives one's own message another text", ApiDescription.Refuses, 413, 415);
        rooms.MapDelete("/{room}/messages/{seq:long}", DeleteAsync).Described("deleteMessage", "Messages", "Deletes one's own message, or as a moderator one without an account behind it", ApiDescription.Refuses);
        rooms.MapPut("/{room}/messages/{seq:long}/reactions/{emoji}", (string room, long seq, string emoji, AllConversations conversations, CurrentActor who) =>
            ReactAsync(room, seq, emoji, on: true, conversations, who)).Described("react", "Messages", "Gives an emoji to a message", ApiDescription.Refuses);
        rooms.MapDelete("/{room}/messages/{seq:long}/reactions/{emoji}", (string room, long seq, string emoji, AllConversations conversations, CurrentActor who) =>
            ReactAsync(room, seq, emoji, on: false, conversations, who)).Described("unreact", "Messages", "Takes one's emoji back", ApiDescription.Refuses);
        rooms.MapPost("/{room}/read", ReadAsync).Described("markRead", "Messages", "Marks a room as read up to a message", 413, 415);
    }

    static async Task<IResult> ListAsync(
        string room,
        [Description("Only this topic: its part of the address")] string? topic,
        [Description("Messages after this number, oldest first")] long? after,
        [Description("Messages before this number; with neither bound the newest")] long? before,
        [Description(ApiDescription.Limit)] int? limit,
        [Description(ApiDescription.Cursor)] string? cursor,
        MessagePages pages, AllConversations conversations, Readings readings, CurrentActor who, HttpContext http, CancellationToken cancel)
    {
        var from = ApiPage.Read(cursor, "ab");
        (after, before) = from switch { ('a', var seq) => (seq, before), ('b', var seq) => (after, seq), _ => (after, before) };
        var found = await conversations.FindAsync(who.Actor, room, cancel);
        if (IsKnown(http, found.Id, found.Version))
            return Results.StatusCode(StatusCodes.Status304NotModified);
        await readings.BeginAsync(http);
        var page = await pages.ReadAsync(who.Actor, room, new(string.IsNullOrEmpty(topic) ? null : topic, after, before, ApiPage.Length(limit)), cancel);
        Tag(http, page.ConversationId, page.Version);
        var next = !page.HasMore ? null : after is null ? ApiPage.Cursor('b', page.Messages[0].Seq) : ApiPage.Cursor('a', page.Messages[^1].Seq);
        ApiPage.LinkNext(http, next);
        return Results.Ok(new MessageList(found.Address, page.Version, page.LastSeq, [.. page.Messages.Select(Wire.Of)], next));
    }

    static async Task<IResult> OneAsync(string room, long seq, MessagePages pages, CurrentActor who, HttpContext http, CancellationToken cancel)
    {
        var message = await pages.OneAsync(who.Actor, room, seq, cancel);
        return IsKnown(http, message.ConversationId, message.Version) ? Results.StatusCode(StatusCodes.Status304NotModified) : Results.Ok(Wire.Of(message));
    }

    // Not cancelled with the connection, here and below: what arrived is stored, and a repeated call finds it.
    static async Task<IResult> PostAsync(
        string room, MessageToPost message, [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey, AllConversations conversations, CurrentActor who)
    {
        var key = message.ClientKey ?? ApiPage.KeyOf(idempotencyKey) ?? Guid.NewGuid().ToString("N");
        var receipt = await conversations.PostAsync(who.Actor, new(room, key, message.Topic, message.Markdown ?? "", message.ReplyToSeq, message.Attachments,
            Language: message.Language));
        return Stored(room, receipt);
    }

    /// <summary>What a call that stores a message answers.</summary>
    public static IResult Stored(string room, PostReceipt receipt)
    {
        var answer = new MessageReceipt(receipt.Seq, receipt.SentAt, receipt.Duplicate);
        return receipt.Duplicate ? Results.Ok(answer) : Results.Created(string.Create(CultureInfo.InvariantCulture, $"/api/v1/rooms/{Uri.EscapeDataString(room)}/messages/{receipt.Seq}"), answer);
    }

    static async Task<IResult> EditAsync(string room, long seq, MessageText text, AllConversations conversations, MessagePages pages, CurrentActor who)
    {
        if (text.Markdown is null && text.Language is { } language)
            await conversations.SetLanguageAsync(who.Actor, room, seq, language);
        else
            await conversations.EditAsync(who.Actor, room, seq, text.Markdown ?? "", text.Language);
        return Results.Ok(Wire.Of(await pages.OneAsync(who.Actor, room, seq)));
    }

    static async Task<IResult> DeleteAsync(string room, long seq, AllConversations conversations, CurrentActor who)
    {
        await conversations.DeleteAsync(who.Actor, room, seq);
        return Results.NoContent();
    }

    static async Task<IResult> ReactAsync(string room, long seq, string emoji, bool on, AllConversations conversations, CurrentActor who)
    {
        await conversations.ReactAsync(who.Actor, room, seq, emoji, on);
        return Results.NoContent();
    }

    static async Task<IResult> ReadAsync(string room, ReadUpTo upTo, ReadMarkers markers, CurrentActor who)
    {
        await markers.MarkReadAsync(who.Actor, room, upTo.Seq);
        return Results.NoContent();
    }

    static bool IsKnown(HttpContext http, int conversation, long version)
    {
        var tag = Tag(http, conversation, version);
        return http.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Compare(tag, useStrongComparison: false));
    }

    // Weak: the names of people change without a version.
    static EntityTagHeaderValue Tag(HttpContext http, int conversation, long version)
    {
        var tag = new EntityTagHeaderValue(string.Create(CultureInfo.InvariantCulture, $"\"{conversation}-{version}\""), isWeak: true);
        http.Response.Headers.ETag = tag.ToString();
        http.Response.Headers.CacheControl = "private, no-cache";
        return tag;
    }
}
