using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Localization;
using VetCommunity.App.CommandLine;
using VetCommunity.App.Conversations;
using VetCommunity.App.Limiting;
using VetCommunity.App.Members;
using VetCommunity.App.Printing;
using VetCommunity.App.Texts;
using VetCommunity.Core;
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
        builder.Services.AddSingleton<IDocumentKind, LessonKind>();
        builder.Services.AddSingleton<LiveSessions>();
        builder.Services.AddSingleton<Registrations>();
        builder.Services.AddSingleton<Guests>();
        builder.Services.AddSingleton<RegistrationForms>();
        builder.Services.AddSingleton<LiveSeries>();
        builder.Services.AddSingleton<Rehearsals>();
        builder.Services.AddSingleton<Figures>();
        builder.Services.AddSingleton<CalendarFeeds>();
        builder.Services.AddSingleton<Certificates>();
        builder.Services.AddSingleton<CertificatePdf>();
        builder.Services.AddSingleton<SessionReminders>();
        builder.Services.AddSingleton<Decks>();
        builder.Services.AddSingleton<DeckPages>();
        builder.Services.AddSingleton(services => new PdfPages(services.GetRequiredService<Settings>().Poppler, services.GetRequiredService<ConfiguredLimits>(), services.GetRequiredService<TimeProvider>(), services.GetRequiredService<ILogger<PdfPages>>()));
        builder.Services.AddSingleton<Stages>();
        builder.Services.AddSingleton<StageQuestions>();
        builder.Services.AddSingleton<Captions>();
        builder.Services.AddSingleton<SharedNotes>();
        builder.Services.AddSingleton<Minutes>();
        builder.Services.AddSingleton<AudienceQuestions>();
        builder.Services.AddSingleton<StageReactions>();
        builder.Services.AddSingleton<QuietPeople>();
        builder.Services.AddSingleton<Attendance>();
        builder.Services.AddSingleton<Replays>();
        builder.Services.AddSingleton<Lessons>();
        builder.Services.AddSingleton<Desks>();
        builder.AddSoundAndPicture();
        builder.Services.AddHostedService<NotingAttendance>();
        builder.Services.AddHostedService<RemindingSessions>();
        builder.Services.AddHostedService<StageNews>();
        builder.Services.AddHostedService<AnswerNews>();
        builder.Services.AddHostedService<CaptionNews>();
        builder.Services.AddHostedService<NotesNews>();
        builder.Services.AddHostedService<AudienceNews>();
        builder.Services.AddHostedService<ReactionNews>();
    }

    public static void MapLive(this WebApplication app)
    {
        // For pages that were away: what happened meanwhile.
        app.MapGet("/sessions/{slug}/stage/now", async Task<IResult> (string slug, CurrentActor who, Stages stages, Captions captions, CancellationToken cancel) =>
            new RazorComponentResult<StageWhole>(new Dictionary<string, object?>
            {
                [nameof(StageWhole.State)] = (await stages.SeeAsync(who.Actor, slug, cancel)).State,
                [nameof(StageWhole.Captions)] = await captions.SeeAsync(who.Actor, slug, cancel),
                [nameof(StageWhole.TimeZone)] = who.Actor.TimeZone,
            })).RequireAuthorization().WithMetadata(new GuestsTooAttribute { WhenOver = true });
        app.MapGet("/sessions/{slug}/stage/questions", async Task<IResult> (string slug, CurrentActor who, AudienceQuestions questions, CancellationToken cancel) =>
            new RazorComponentResult<AudienceNow>(new Dictionary<string, object?> { [nameof(AudienceNow.Seen)] = await questions.SeeAsync(who.Actor, slug, cancel) })).RequireAuthorization().WithMetadata(new GuestsTooAttribute());
        app.MapGet("/sessions/{slug}/notes/now", async Task<IResult> (string slug, CurrentActor who, SharedNotes notes, CancellationToken cancel) =>
            new RazorComponentResult<NotesNow>(new Dictionary<string, object?> { [nameof(NotesNow.Seen)] = await notes.SeeAsync(who.Actor, slug, cancel), [nameof(NotesNow.TimeZone)] = who.Actor.TimeZone })).RequireAuthorization();
        // What is the reader's own is in nothing that goes to all.
        app.MapGet("/sessions/{slug}/stage/points", async Task<IResult> (string slug, CurrentActor who, StageQuestions questions, CancellationToken cancel) =>
            new RazorComponentResult<StagePoints>(new Dictionary<string, object?> { [nameof(StagePoints.Mine)] = await questions.MineAsync(who.Actor, slug, cancel) })).RequireAuthorization().WithMetadata(new GuestsTooAttribute());
        app.MapGet("/sessions/{slug}/replay/at", async Task<IResult> (string slug, double? seconds, CurrentActor who, Replays replays, CancellationToken cancel) =>
            await replays.SeeAsync(who.Actor, slug, ReplayPage.Moment(seconds), cancel) is { } moment
                ? new RazorComponentResult<ReplayNow>(new Dictionary<string, object?> { [nameof(ReplayNow.Moment)] = moment, [nameof(ReplayNow.TimeZone)] = who.Actor.TimeZone })
                : Results.NotFound()).RequireAuthorization();
        app.MapGet("/sessions/{slug}/attendance.csv", async Task<IResult> (string slug, CurrentActor who, Attendance attendance, IStringLocalizer<LiveTexts> text, CancellationToken cancel) =>
            Results.File(await AttendanceFile.OfAsync(await attendance.ListAsync(who.Actor, slug, page: null, cancel), text, who.Actor.TimeZone), TableFile.Type, $"attendance-{slug}.csv")).RequireAuthorization();
        app.MapGet("/sessions/{slug}/registrations.csv", async Task<IResult> (string slug, CurrentActor who, RegistrationForms forms, IStringLocalizer<LiveTexts> text, IStringLocalizer<PlanTexts> plan, CancellationToken cancel) =>
            Results.File(await RegistrationFile.OfAsync(await forms.ListAsync(who.Actor, slug, page: null, cancel), text, plan, who.Actor.TimeZone), TableFile.Type, $"registrations-{slug}.csv")).RequireAuthorization();
        app.MapGet("/sessions/{slug}/figures.csv", async Task<IResult> (string slug, CurrentActor who, Figures figures, IStringLocalizer<LiveTexts> text, IStringLocalizer<PlanTexts> plan, CancellationToken cancel) =>
            Results.File(await FiguresFile.OfAsync(await figures.SeeAsync(who.Actor, slug, page: null, cancel), text, plan), TableFile.Type, $"figures-{slug}.csv")).RequireAuthorization();
        app.MapGet("/sessions/{slug}/certificate.pdf", (string slug, HttpContext http, CurrentActor who, CertificatePdf pdf) => pdf.AnswerAsync(http, who.Actor, slug)).RequireAuthorization();
        // Whom a notice tells of a session: it knows the number.
        app.MapGet("/session-calls/{id:int}", async (int id, string? to, CurrentActor who, LiveSessions sessions, CancellationToken cancel) =>
            Results.LocalRedirect("/sessions/" + Uri.EscapeDataString(await sessions.SlugOfAsync(who.Actor, id, cancel)) + (to == "minutes" ? "/minutes" : ""))).RequireAuthorization();
        app.MapGet("/sessions/{slug}/session.ics", async Task<IResult> (string slug, Site site, CurrentActor who, LiveSessions sessions, CancellationToken cancel) =>
        {
            var found = await sessions.FindAsync(who.Actor, slug, cancel);
            return Results.Text(SessionCalendar.Of([found.Session], site), SessionCalendar.Type);
        }).RequireAuthorization();
        app.MapGet("/sessions/{slug}/series.ics", async Task<IResult> (string slug, Site site, CurrentActor who, LiveSeries series, CancellationToken cancel) =>
            Results.Text(SessionCalendar.Of(await series.OfCalendarAsync(who.Actor, slug, cancel), site), SessionCalendar.Type)).RequireAuthorization();
        // Calendars of other programs, which have no account: the address is the key, and goes no further than to who asks.
        app.MapGet("/sessions/calendar/{secret}.ics", async Task<IResult> (string secret, HttpContext http, VisitorCalls calls, Site site, CalendarFeeds feeds, CancellationToken cancel) =>
        {
            try
            {
                calls.Count(http);
            }
            catch (RefusedException refused)
            {
                return TooMuch.Answer(http, refused, StatusCodes.Status400BadRequest);
            }
            var sessions = await feeds.ReadAsync(secret, cancel);
            http.Response.Headers.CacheControl = "private, no-store";
            http.Response.Headers["X-Robots-Tag"] = "noindex";
            http.Response.Headers.ContentDisposition = "attachment; filename=sessions.ics";
            return Results.Text(SessionCalendar.Of(sessions, site), SessionCalendar.Type);
        }).WithSecurityHeadersPolicy(AttachmentsSetUp.FilePolicy);
    }
}
