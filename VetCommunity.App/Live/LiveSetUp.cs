using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Localization;
using VetCommunity.App.Members;
using VetCommunity.App.Texts;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Live;
using VetCommunity.Core.Mailing;

namespace VetCommunity.App.Live;

/// <summary>Live sessions.</summary>
static class LiveSetUp
{
    public static void AddLive(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IDocumentKind, DeckKind>();
        builder.Services.AddSingleton<LiveSessions>();
        builder.Services.AddSingleton<Decks>();
        builder.Services.AddSingleton<Stages>();
        builder.Services.AddSingleton<StageQuestions>();
        builder.Services.AddSingleton<Attendance>();
        builder.Services.AddSingleton<Desks>();
        builder.Services.AddHostedService<NotingAttendance>();
        builder.Services.AddHostedService<StageNews>();
        builder.Services.AddHostedService<AnswerNews>();
    }

    public static void MapLive(this WebApplication app)
    {
        // For pages that were away: what happened meanwhile.
        app.MapGet("/sessions/{slug}/stage/now", async Task<IResult> (string slug, CurrentActor who, Stages stages, CancellationToken cancel) =>
            new RazorComponentResult<StageNow>(new Dictionary<string, object?>
            {
                [nameof(StageNow.State)] = (await stages.SeeAsync(who.Actor, slug, cancel)).State,
                [nameof(StageNow.TimeZone)] = who.Actor.TimeZone,
            })).RequireAuthorization();
        // What is the reader's own is in nothing that goes to all.
        app.MapGet("/sessions/{slug}/stage/points", async Task<IResult> (string slug, CurrentActor who, StageQuestions questions, CancellationToken cancel) =>
            new RazorComponentResult<StagePoints>(new Dictionary<string, object?> { [nameof(StagePoints.Mine)] = await questions.MineAsync(who.Actor, slug, cancel) })).RequireAuthorization();
        app.MapGet("/sessions/{slug}/attendance.csv", async Task<IResult> (string slug, CurrentActor who, Attendance attendance, IStringLocalizer<LiveTexts> text, CancellationToken cancel) =>
            Results.File(await AttendanceFile.OfAsync((await attendance.ListAsync(who.Actor, slug, page: null, cancel)).Lines, text, who.Actor.TimeZone), "text/csv; charset=utf-8", $"attendance-{slug}.csv")).RequireAuthorization();
        app.MapGet("/sessions/{slug}/session.ics", async Task<IResult> (string slug, Site site, CurrentActor who, LiveSessions sessions, CancellationToken cancel) =>
        {
            var found = await sessions.FindAsync(who.Actor, slug, cancel);
            return Results.Text(SessionCalendar.Of(found.Session, new Uri(site.Address("/sessions/" + found.Session.Slug))), "text/calendar; charset=utf-8");
        }).RequireAuthorization();
    }
}
