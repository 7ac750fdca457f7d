using Microsoft.AspNetCore.Http.HttpResults;
using VetCommunity.App.Members;
using VetCommunity.Core;
using VetCommunity.Core.OfficeHours;

namespace VetCommunity.App.OfficeHours;

/// <summary>Rooms with opening hours.</summary>
static class HoursSetUp
{
    public static void AddOfficeHours(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<HoursSettings>();
        builder.Services.AddSingleton<HoursClosing>();
        builder.Services.AddSingleton<Queues>();
        builder.Services.AddSingleton<Enquiries>();
        builder.Services.AddHostedService<HoursNews>();
        builder.Services.AddHostedService<TurningHours>();
    }

    // For pages that were away: what was told meanwhile.
    public static void MapOfficeHours(this WebApplication app) =>
        app.MapGet("/rooms/{room}/hours/now", async Task<IResult> (string room, CurrentActor who, Queues queues, CancellationToken cancel) =>
            new RazorComponentResult<HoursNow>(new Dictionary<string, object?>
            {
                [nameof(HoursNow.State)] = (await queues.SeeAsync(who.Actor, room, cancel) ?? throw new NotFoundException("hours")).State,
            })).RequireAuthorization();
}
