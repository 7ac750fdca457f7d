using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Documents;

namespace VetCommunity.Core.GoodPractice;

/// <summary>
/// Counts how often practices are read: by practice and day, and nothing else. What was counted is in memory until the next round stores it, so that a reader costs no write; a server that is killed
/// forgets what came since the last one.
/// </summary>
public sealed class PracticeReads(CommunityDbFactory db, TimeProvider clock)
{
    /// <summary>For how many days reads count; older ones are deleted.</summary>
    public const int Days = 90;

    // Rows of one statement.
    const int ABatch = 1000;

    readonly Lock _counting = new();
    Dictionary<(string Slug, DateOnly Day), int> _counts = [];

    /// <summary>One more reader of a practice. It costs no question to the database.</summary>
    /// <param name="actor">Who reads: everybody may, and nobody is written down.</param>
    /// <param name="slug">The address part of one that is published.</param>
    public void Count(Actor actor, string slug)
    {
        _ = actor;
        var key = (slug, Today);
        lock (_counting)
            _counts[key] = _counts.GetValueOrDefault(key) + 1;
    }

    /// <summary>Stores what was counted since, and deletes what is too old to count.</summary>
    /// <param name="actor">The operator.</param>
    /// <param name="cancel">Stops: what is not stored then is stored with the next time.</param>
    /// <exception cref="NotFoundException">Somebody else asks.</exception>
    public async Task StoreAsync(Actor actor, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("reads");
        Dictionary<(string Slug, DateOnly Day), int> counts;
        lock (_counting)
            (counts, _counts) = (_counts, []);
        try
        {
            await using var context = db.CreateDbContext();
            await using var transaction = await context.Database.BeginTransactionAsync(cancel);
            foreach (var batch in counts.Chunk(ABatch))
                await AddAsync(context, batch, cancel);
            var first = FirstDay(Today);
            await context.ReadDays.Where(r => r.Day < first).ExecuteDeleteAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
        catch
        {
            lock (_counting)
            {
                foreach (var (key, count) in counts)
                    _counts[key] = _counts.GetValueOrDefault(key) + count;
            }
            throw;
        }
    }

    /// <summary>The first of the days that count today.</summary>
    internal static DateOnly FirstDay(DateOnly today) => today.AddDays(1 - Days);

    DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    static async Task AddAsync(CommunityDb context, KeyValuePair<(string Slug, DateOnly Day), int>[] counts, CancellationToken cancel)
    {
        List<string> slugs = [.. counts.Select(one => one.Key.Slug).Distinct(StringComparer.Ordinal)];
        var ids = await context.Documents.Where(d => d.Kind == DocumentKind.Practice && slugs.Contains(d.Slug)).ToDictionaryAsync(d => d.Slug, d => d.Id, StringComparer.Ordinal, cancel);
        List<object> values = [];
        var rows = new StringBuilder();
        foreach (var ((slug, day), count) in counts)
        {
            if (!ids.TryGetValue(slug, out var id))
                continue;
            rows.Append(CultureInfo.InvariantCulture, $"{(rows.Length > 0 ? ", " : "")}({{{values.Count}}}, {{{values.Count + 1}}}, {{{values.Count + 2}}})");
            values.AddRange([id, day, count]);
        }
        if (values.Count == 0)
            return;
        // The same practice may have been read on another server since.
        var statement = $"""INSERT INTO "ReadDays" ("DocumentId", "Day", "Count") VALUES {rows} ON CONFLICT ("DocumentId", "Day") DO UPDATE SET "Count" = "ReadDays"."Count" + excluded."Count" """;
        await context.Database.ExecuteSqlRawAsync(statement, values, cancel);
    }
}
