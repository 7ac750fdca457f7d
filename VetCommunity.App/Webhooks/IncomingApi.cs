using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Localization;
using VetCommunity.App.Api;
using VetCommunity.App.Texts;
using VetCommunity.Core.Mailing;
using VetCommunity.Core.Webhooks;

namespace VetCommunity.App.Webhooks;

/// <summary>A program's message.</summary>
/// <param name="Text">1 to 10,000 characters of markdown.</param>
/// <param name="Topic">The topic's name; without it the room's default one.</param>
/// <param name="ClientKey">1 to 64 characters: the same key again is the same message. The headers webhook-id and Idempotency-Key do the same.</param>
sealed record ProgramsMessage(string? Text, string? Topic, string? ClientKey);

/// <summary>A program's message was stored.</summary>
/// <param name="Seq">Its number in the room.</param>
/// <param name="SentAt">When.</param>
/// <param name="Duplicate">True where its key had been posted before: this is that message.</param>
/// <param name="Address">Its page.</param>
sealed record ProgramsMessageReceipt(long Seq, DateTimeOffset SentAt, bool Duplicate, string Address);

/// <summary><c>POST /api/v1/hooks/{token}</c>: a program posts into the room whose address it knows. It has no account; the address is its right.</summary>
static class IncomingApi
{
    // 10,000 characters, each written as an escape, and room for the rest.
    const int BodyBytes = 128 * 1024;

    public static void Map(RouteGroupBuilder api) => api.MapPost("/hooks/{token}", PostAsync).WithMetadata(new RequestSizeLimitAttribute(BodyBytes))
        .Described<ProgramsMessageReceipt>("postAsProgram", "Webhooks", "Posts a program's message into the room of this address; 200 where it had been posted before", ApiDescription.Refuses, 413)
        .Produces<ProgramsMessageReceipt>(StatusCodes.Status201Created).Takes<ProgramsMessage>("application/json");

    static async Task<IResult> PostAsync(
        string token,
        [FromHeader(Name = "webhook-id")] string? id, [FromHeader(Name = "webhook-timestamp")] string? timestamp, [FromHeader(Name = "webhook-signature")] string? signature,
        [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey,
        HttpRequest request, IncomingWebhooks webhooks, IncomingLimit limit, Site site, IStringLocalizer<WebhookTexts> text, CancellationToken cancel)
    {
        var webhook = await webhooks.FindAsync(token, cancel);
        limit.Count(webhook);
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancel);
        var bytes = body.GetBuffer().AsMemory(0, (int)body.Length);
        if (!webhooks.IsGood(webhook, new(id, timestamp, signature, bytes)))
            return ApiProblems.Problem("BadSignature", StatusCodes.Status401Unauthorized, text["Call_BadSignature"]);
        if (Read(bytes.Span) is not { } message)
            return ApiProblems.Problem(text, StatusCodes.Status400BadRequest);
        // What is signed names the message; only then what the body says.
        var key = id ?? message.ClientKey ?? ApiPage.KeyOf(idempotencyKey) ?? Guid.NewGuid().ToString("N");
        // Not cancelled with the connection: what arrived is stored, and a repeated call finds it.
        var receipt = await webhooks.PostAsync(webhook, key, message.Topic, message.Text, CancellationToken.None);
        var address = site.Address(string.Create(CultureInfo.InvariantCulture, $"/rooms/{receipt.Room}/messages/{receipt.Seq}"));
        var answer = new ProgramsMessageReceipt(receipt.Seq, receipt.SentAt, receipt.Duplicate, address);
        return receipt.Duplicate ? Results.Ok(answer) : Results.Created(address, answer);
    }

    static ProgramsMessage? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize<ProgramsMessage>(body, JsonSerializerOptions.Web);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // No JSON, of other types, or with half a letter in a string.
            return null;
        }
    }
}
