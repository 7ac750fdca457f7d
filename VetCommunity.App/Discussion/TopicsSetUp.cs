using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;
using VetCommunity.App.Members;
using VetCommunity.App.Shell;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Discussion;

namespace VetCommunity.App.Discussion;

/// <summary>Topics: what pages fetch when one changed, and the talk as a file.</summary>
static class TopicsSetUp
{
    public static void AddTopics(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<LastPages>();
        builder.Services.AddSingleton<ConversationViews>();
        builder.Services.AddSingleton<Topics>();
        builder.Services.AddSingleton<Outcomes>();
        builder.Services.AddSingleton<RoomExport>();
        builder.Services.AddSingleton<MarkdownExport>();
    }

    public static void MapTopics(this WebApplication app)
    {
        app.MapGet("/rooms/{room}/topics", PartsAsync).RequireAuthorization();
        app.MapGet("/rooms/{room}/export.md", MarkdownAsync).RequireAuthorization();
        app.MapGet("/rooms/{room}/{topic}/export.md", MarkdownAsync).RequireAuthorization();
        app.MapGet("/rooms/{room}/export.jsonl", LinesAsync).RequireAuthorization();
        app.MapGet("/rooms/{room}/{topic}/export.jsonl", LinesAsync).RequireAuthorization();
    }

    static async Task<IResult> PartsAsync(string room, [Microsoft.AspNetCore.Mvc.FromQuery(Name = "topic")] string? slug, CurrentActor who, Topics topics, AllConversations conversations, CancellationToken cancel)
    {
        var found = await conversations.FindAsync(who.Actor, room, cancel);
        var list = await topics.ListAsync(who.Actor, room, cancel);
        var shown = string.IsNullOrEmpty(slug) ? null : await topics.FindAsync(who.Actor, room, slug, cancel);
        // The page sees by it that its topic has another address now.
        if (shown is not null && shown.Slug != slug)
            return Results.Redirect($"/rooms/{Uri.EscapeDataString(room)}/topics?topic={Uri.EscapeDataString(shown.Slug)}");
        return new RazorComponentResult<TopicParts>(new Dictionary<string, object?>
        {
            [nameof(TopicParts.Room)] = found,
            [nameof(TopicParts.Topics)] = list,
            [nameof(TopicParts.Shown)] = shown,
        });
    }

    static Task<IResult> MarkdownAsync(
        string room, string? topic, string? from, string? to, HttpContext http, CurrentActor who, RoomExport export, MarkdownExport markdown, TimeProvider clock, CancellationToken cancel) =>
        FileAsync(new(room, topic, from, to), "md", "text/markdown; charset=utf-8", http, who, export,
            (talk, body) => markdown.WriteAsync(talk, (from, to), clock.GetUtcNow(), who.Actor.TimeZone, body, cancel), cancel);

    static Task<IResult> LinesAsync(string room, string? topic, string? from, string? to, HttpContext http, CurrentActor who, RoomExport export, CancellationToken cancel) =>
        FileAsync(new(room, topic, from, to), "jsonl", "application/jsonl; charset=utf-8", http, who, export,
            (talk, body) => RoomExport.WriteLinesAsync(talk, body, cancel), cancel);

    static async Task<IResult> FileAsync(
        Asked asked, string ending, string type, HttpContext http, CurrentActor who, RoomExport export, Func<ExportedTalk, Stream, Task> write, CancellationToken cancel)
    {
        var zone = who.Actor.TimeZone;
        var talk = await export.OpenAsync(who.Actor, new(asked.Room, asked.Topic, Day(asked.From)?.BeginIn(zone), Day(asked.To)?.EndIn(zone)), cancel);
        var name = new ContentDispositionHeaderValue("attachment");
        name.SetHttpFileName(talk.Room.Address + (talk.Topic is null ? "" : "-" + talk.Topic.Slug) + "." + ending);
        http.Response.Headers.ContentDisposition = name.ToString();
        http.Response.Headers.CacheControl = "no-store";
        return Results.Stream(body => write(talk, body), type);
    }

    // A form sends an empty field for a day that was not chosen.
    static DateOnly? Day(string? sent) => string.IsNullOrEmpty(sent) ? null : Times.Day(sent) ?? throw new BadHttpRequestException("not a day: " + sent);

    sealed record Asked(string Room, string? Topic, string? From, string? To);
}
