using System.ComponentModel;
using System.Text.Json;
using VetCommunity.App.Members;
using VetCommunity.Core.Discussion;

namespace VetCommunity.App.Api;

/// <summary>Rooms that the member may read.</summary>
/// <param name="Rooms">In the order of their age.</param>
/// <param name="Next">The cursor of the next page; null on the last one.</param>
sealed record RoomList(IReadOnlyList<RoomAnswer> Rooms, string? Next);

/// <summary>A room.</summary>
/// <param name="Conversation">Its short name: what all calls about it take.</param>
/// <param name="Title">Its title.</param>
/// <param name="Purpose">What it is for, in one sentence.</param>
/// <param name="Language">Its main language, ISO 639-1.</param>
/// <param name="Open">Any member may read and join it.</param>
/// <param name="Ended">It takes no more messages.</param>
/// <param name="Members">How many are in it.</param>
/// <param name="LastSeq">The number of its newest message.</param>
/// <param name="Version">How many changes there have been: it rises with each.</param>
/// <param name="LastAt">When the newest message was sent.</param>
/// <param name="Member">Whether the member is in it.</param>
/// <param name="Moderator">Whether the member moderates it.</param>
/// <param name="MayPost">Whether the member may write in it now.</param>
/// <param name="LastReadSeq">Up to where the member has read.</param>
/// <param name="Address">Its page.</param>
sealed record RoomAnswer(
    string Conversation, string Title, string Purpose, string Language, bool Open, bool Ended, int Members, long LastSeq, long Version, DateTimeOffset? LastAt,
    bool Member, bool Moderator, bool MayPost, long LastReadSeq, string Address);

/// <summary>A room's topics.</summary>
/// <param name="Topics">In the order in which they were begun.</param>
/// <param name="Next">The cursor of the next page; null on the last one.</param>
sealed record TopicAnswers(IReadOnlyList<TopicAnswer> Topics, string? Next);

/// <summary>A topic.</summary>
/// <param name="Name">As members wrote it.</param>
/// <param name="Slug">Its part of the address: what <c>topic</c> takes.</param>
/// <param name="Messages">How many it has.</param>
/// <param name="LastSeq">The number of its newest message.</param>
/// <param name="Outcome">How it was resolved: answered, practiceToDraft, courseGap, policyAsk or none; null while it is open.</param>
/// <param name="Sentence">The outcome in one sentence.</param>
/// <param name="ResolvedAt">When it was resolved.</param>
sealed record TopicAnswer(string Name, string Slug, int Messages, long LastSeq, string? Outcome, string? Sentence, DateTimeOffset? ResolvedAt);

/// <summary>Rooms and their topics.</summary>
static class RoomsApi
{
    public static void Map(RouteGroupBuilder rooms)
    {
        rooms.MapGet("/", ListAsync).Described<RoomList>("listRooms", "Rooms", "Rooms that the member may read");
        rooms.MapGet("/{room}", OneAsync).Described<RoomAnswer>("readRoom", "Rooms", "One room");
        rooms.MapGet("/{room}/topics", TopicsAsync).Described<TopicAnswers>("listTopics", "Rooms", "A room's topics");
    }

    static async Task<IResult> ListAsync(
        [Description("true: only rooms that the member is in")] bool? mine, [Description(ApiDescription.Limit)] int? limit, [Description(ApiDescription.Cursor)] string? cursor,
        RoomDirectory directory, CurrentActor who, HttpContext http, CancellationToken cancel)
    {
        var (rooms, hasMore) = await directory.RoomsAsync(who.Actor, mine == true, After(cursor, 'r'), ApiPage.Length(limit), cancel);
        var next = hasMore ? ApiPage.Cursor('r', rooms[^1].Id) : null;
        ApiPage.LinkNext(http, next);
        return Results.Ok(new RoomList([.. rooms.Select(Told)], next));
    }

    static async Task<IResult> OneAsync(string room, RoomDirectory directory, CurrentActor who, CancellationToken cancel) =>
        Results.Ok(Told(await directory.RoomAsync(who.Actor, room, cancel)));

    static async Task<IResult> TopicsAsync(
        string room, [Description(ApiDescription.Limit)] int? limit, [Description(ApiDescription.Cursor)] string? cursor,
        RoomDirectory directory, CurrentActor who, HttpContext http, CancellationToken cancel)
    {
        var (topics, hasMore) = await directory.TopicsAsync(who.Actor, room, After(cursor, 't'), ApiPage.Length(limit), cancel);
        var next = hasMore ? ApiPage.Cursor('t', topics[^1].Id) : null;
        ApiPage.LinkNext(http, next);
        return Results.Ok(new TopicAnswers([.. topics.Select(t => new TopicAnswer(t.Name, t.Slug, t.Messages, t.LastSeq, NameOf(t.Outcome), t.Sentence, t.ResolvedAt))], next));
    }

    /// <summary>An outcome as programs read it.</summary>
    public static string? NameOf(Outcome? outcome) => outcome is { } one ? JsonNamingPolicy.CamelCase.ConvertName(one.ToString()) : null;

    static int After(string? cursor, char kind) => (int)Math.Min(ApiPage.Read(cursor, kind.ToString())?.Number ?? 0, int.MaxValue);

    static RoomAnswer Told(ListedRoom r) => new(r.Slug, r.Title, r.Purpose, r.Language, r.IsOpen, r.Ended, r.Members, r.LastSeq, r.Version, r.LastAt,
        r.Standing.IsMember, r.Standing.IsModerator, r.Standing.MayPost, r.Standing.LastReadSeq, "/rooms/" + r.Slug);
}
