using Microsoft.AspNetCore.Http.HttpResults;
using VetCommunity.App.Members;
using VetCommunity.Core.Moderation;

namespace VetCommunity.App.Moderation;

/// <summary>Reports, decisions, appeals, and how a room is kept.</summary>
static class ModerationSetUp
{
    public static void AddModeration(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Reports>();
        builder.Services.AddSingleton<Decisions>();
        builder.Services.AddSingleton<Statements>();
        builder.Services.AddSingleton<ModerationQueue>();
        builder.Services.AddSingleton<RoomSettings>();
        builder.Services.AddSingleton<Pins>();
    }

    public static void MapModeration(this WebApplication app) =>
        app.MapGet("/rooms/{room}/pins", async Task<IResult> (string room, CurrentActor who, Pins pins, CancellationToken cancel) =>
            new RazorComponentResult<PinnedMessages>(new Dictionary<string, object?>
            {
                [nameof(PinnedMessages.Address)] = "/rooms/" + Uri.EscapeDataString(room),
                [nameof(PinnedMessages.Pins)] = await pins.ListAsync(who.Actor, room, cancel),
            })).RequireAuthorization();
}
