using Microsoft.AspNetCore.Antiforgery;
using VetCommunity.App.Members;
using VetCommunity.Core;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Noticing;

namespace VetCommunity.App.Discussion;

/// <summary>Rooms and direct conversations.</summary>
static class RoomsSetUp
{
    public static void MapRooms(this WebApplication app)
    {
        app.MapPost("/people/{handle}/talk", TalkAsync).RequireAuthorization().DisableAntiforgery();
        // A message's own address, wherever it was moved.
        app.MapGet("/rooms/{room}/messages/{seq:long}", async (string room, long seq, CurrentActor who, Core.Conversations.AllConversations conversations, Notices notices, CancellationToken cancel) =>
            await ToMessageAsync($"/rooms/{Uri.EscapeDataString(room)}", room, seq, who.Actor, conversations, notices, cancel)).RequireAuthorization();
        app.MapGet("/conversations/{id:int}/messages/{seq:long}", async (string id, long seq, CurrentActor who, Core.Conversations.AllConversations conversations, Notices notices, CancellationToken cancel) =>
            await ToMessageAsync($"/conversations/{id}", id, seq, who.Actor, conversations, notices, cancel)).RequireAuthorization();
    }

    // The form of a profile: the conversation of two, made at the first click.
    static async Task<IResult> TalkAsync(string handle, HttpContext http, IAntiforgery antiforgery, CurrentActor who, Rooms rooms, CancellationToken cancel)
    {
        if (!await antiforgery.IsRequestValidAsync(http))
            return Results.StatusCode(StatusCodes.Status400BadRequest);
        try
        {
            return Results.LocalRedirect($"/conversations/{await rooms.DirectAsync(who.Actor, handle, cancel)}");
        }
        catch (Exception refused) when (refused is NotFoundException or RefusedException)
        {
            return Results.NotFound();
        }
    }

    static async Task<IResult> ToMessageAsync(
        string address, string conversation, long seq, Actor actor, Core.Conversations.AllConversations conversations, Notices notices, CancellationToken cancel)
    {
        try
        {
            var found = await conversations.FindAsync(actor, conversation, cancel);
            if (seq < 1 || seq > found.LastSeq)
                return Results.NotFound();
            await notices.OpenedAsync(actor, found.Id, seq, cancel);
            // Near the end the living page has it; further back a page that ends a little after it.
            return Results.Redirect(found.LastSeq - seq < 40 ? $"{address}#m-{seq}" : $"{address}?before={seq + 20}#m-{seq}");
        }
        catch (NotFoundException)
        {
            return Results.NotFound();
        }
    }
}
