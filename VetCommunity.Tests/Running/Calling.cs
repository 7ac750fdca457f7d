using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;

namespace VetCommunity.Tests.Running;

/// <summary>The calls of the hub as a test says them.</summary>
static class Calling
{
    public static object Message(string conversation, string key, string markdown) =>
        new { conversation, clientKey = key, topic = (string?)null, markdown, replyToSeq = (long?)null, attachments = (string[]?)null };

    /// <summary>Posts and answers with the message's number.</summary>
    public static async Task<long> PostAsync(this HubConnection who, string conversation, string key, string markdown) =>
        (await who.InvokeAsync<JsonElement>("Post", Message(conversation, key, markdown))).GetProperty("seq").GetInt64();

    public static Task<JsonElement> OpenAsync(this HubConnection who, string conversation) => who.InvokeAsync<JsonElement>("Open", conversation, null, "json");
}
