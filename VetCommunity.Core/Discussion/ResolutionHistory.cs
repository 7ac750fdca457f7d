using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Discussion;

/// <summary>How a topic ended before: every resolution, reopened ones too.</summary>
public sealed class ResolutionHistory(CommunityDbFactory db)
{
    /// <summary>Resolutions of one page.</summary>
    public const int Page = 30;

    /// <summary>A page of them, the newest first.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="room">The room's slug.</param>
    /// <param name="slug">The topic's address part, a former one too.</param>
    /// <param name="page">1, 2, 3 …</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="NotFoundException">No such topic in a room that the actor may read.</exception>
    public async Task<PastResolutions> ListAsync(Actor actor, string room, string slug, int page, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var found = await Topics.FindRoomAsync(context, actor, room, cancel);
        var topic = await Topics.OneAsync(context, found, slug, cancel);
        var rows = await (
            from r in context.Resolutions
            where r.TopicId == topic.Id
            join resolver in context.Users on r.ById equals resolver.Id
            join again in context.Users on r.ReopenedById equals again.Id into reopeners
            from reopener in reopeners.DefaultIfEmpty()
            orderby r.At descending, r.Id descending
            select new PastResolution(r.Outcome, r.Sentence, resolver.Handle, resolver.DisplayName, r.At, reopener!.Handle, reopener.DisplayName, r.ReopenedAt))
            .Skip((Math.Clamp(page, 1, 10_000) - 1) * Page).Take(Page + 1).ToListAsync(cancel);
        return new(found.Title, found.Language, topic.Name, topic.Slug, [.. rows.Take(Page)], rows.Count > Page);
    }
}

/// <summary>A page of a topic's resolutions.</summary>
public sealed record PastResolutions(string RoomTitle, string Language, string Topic, string TopicSlug, IReadOnlyList<PastResolution> Rows, bool HasMore);

/// <summary>One resolution: how, by whom and when, and who opened the topic again and when.</summary>
public sealed record PastResolution(
    Outcome Outcome, string Sentence, string Handle, string Name, DateTimeOffset At, string? ReopenerHandle, string? ReopenerName, DateTimeOffset? ReopenedAt)
{
    /// <inheritdoc cref="Privacy.FormerMember.HandleOf"/>
    public string Handle { get; init; } = Privacy.FormerMember.HandleOf(Handle);

    /// <inheritdoc cref="Privacy.FormerMember.Shown"/>
    public string Name { get => Privacy.FormerMember.Shown(field); init; } = Name;

    /// <inheritdoc cref="Privacy.FormerMember.Shown"/>
    public string? ReopenerName { get => field is null ? null : Privacy.FormerMember.Shown(field); init; } = ReopenerName;
}
