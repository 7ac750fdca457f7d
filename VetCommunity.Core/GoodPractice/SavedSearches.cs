using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;
using VetCommunity.Core.Noticing;
using VetCommunity.Core.Search;

namespace VetCommunity.Core.GoodPractice;

/// <summary>The searches of practices that members keep. Each sees the own ones alone.</summary>
public sealed class SavedSearches(CommunityDbFactory db, TimeProvider clock)
{
    /// <summary>Searches that one member keeps.</summary>
    public const int Most = 20;

    /// <summary>Keeps a search; the same one again changes nothing.</summary>
    /// <param name="actor">Whose it is to be.</param>
    /// <param name="words">As they were typed; null or empty for none.</param>
    /// <param name="chosen">The values of each facet that were chosen.</param>
    /// <param name="cancel">Stops before anything is stored.</param>
    /// <returns>Its number.</returns>
    /// <exception cref="RefusedException">Too long, nothing that is looked for, or as many as one may keep.</exception>
    public async Task<int> SaveAsync(Actor actor, string? words, IReadOnlyDictionary<PracticeFacet, IReadOnlyList<string>> chosen, CancellationToken cancel = default)
    {
        Demand(actor);
        var text = SearchQuery.TermsOf(words).Count == 0 ? "" : SearchQuery.Legible(words!).Trim();
        var values = chosen.OrderBy(one => one.Key)
            .Select(one => (one.Key, Values: one.Value.Select(SearchQuery.Legible).Where(value => value.Length is > 0 and <= PracticeRecord.Longest).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(PracticeRecord.Most).ToList()))
            .Where(one => one.Values.Count > 0).ToDictionary(one => one.Key, one => one.Values);
        if (text.Length == 0 && values.Count == 0)
            throw new RefusedException(Refusal.NothingToSearch);
        var facets = JsonSerializer.Serialize(values);
        var search = new SavedSearch { MemberId = actor.MemberId, Words = text, Facets = facets, Key = KeyOf(text, facets), At = clock.GetUtcNow() };
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        await context.HoldAsync(actor, cancel);
        if (await Mine(context, actor).Where(s => s.Key == search.Key).Select(s => (int?)s.Id).FirstOrDefaultAsync(cancel) is { } before)
            return before;
        if (await Mine(context, actor).CountAsync(cancel) >= Most)
            throw new RefusedException(Refusal.TooManySavedSearches, Most);
        context.Add(search);
        await context.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return search.Id;
    }

    /// <summary>The actor's own ones, what was saved last first.</summary>
    /// <param name="actor">Whose.</param>
    /// <param name="cancel">Stops the reading.</param>
    public async Task<IReadOnlyList<SavedSearchRow>> ListAsync(Actor actor, CancellationToken cancel = default)
    {
        Demand(actor);
        await using var context = db.CreateDbContext();
        return [.. (await Mine(context, actor).AsNoTracking().OrderByDescending(s => s.At).ThenByDescending(s => s.Id).ToListAsync(cancel)).Select(RowOf)];
    }

    /// <summary>One of the actor's own ones.</summary>
    /// <param name="actor">Whose.</param>
    /// <param name="id">Which.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="NotFoundException">There is none, or it is somebody else's.</exception>
    public async Task<SavedSearchRow> FindAsync(Actor actor, int id, CancellationToken cancel = default)
    {
        Demand(actor);
        await using var context = db.CreateDbContext();
        return RowOf(await Mine(context, actor).AsNoTracking().SingleOrDefaultAsync(s => s.Id == id, cancel) ?? throw new NotFoundException("search"));
    }

    /// <summary>Keeps it no longer, and no word of it; what is gone is gone.</summary>
    /// <param name="actor">Whose.</param>
    /// <param name="id">Which.</param>
    /// <param name="cancel">Stops before anything is deleted.</param>
    /// <exception cref="NotFoundException">It is somebody else's, or there is none.</exception>
    public async Task DeleteAsync(Actor actor, int id, CancellationToken cancel = default)
    {
        Demand(actor);
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        if (await Mine(context, actor).Where(s => s.Id == id).ExecuteDeleteAsync(cancel) == 0)
            throw new NotFoundException("search");
        await context.Notices.Where(n => n.MemberId == actor.MemberId && n.Kind == NoticeKind.FoundPractice && n.ConversationId == 0 && n.Seq == id).ExecuteDeleteAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    internal static SavedSearchRow RowOf(SavedSearch search) =>
        new(search.Id, search.Words, (JsonSerializer.Deserialize<Dictionary<PracticeFacet, List<string>>>(search.Facets) ?? []).ToDictionary(one => one.Key, one => (IReadOnlyList<string>)one.Value), search.At);

    static void Demand(Actor actor)
    {
        if (!actor.IsMember)
            throw new NotFoundException("searches");
    }

    static IQueryable<SavedSearch> Mine(CommunityDb context, Actor actor)
    {
        var me = actor.MemberId;
        return context.SavedSearches.Where(s => s.MemberId == me);
    }

    static string KeyOf(string words, string facets) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(words + "\n" + facets)));
}
