using System.Data.Common;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Search;

/// <summary>Asks the index. What it costs depends on how much is taken, not on how much is stored.</summary>
sealed class IndexReading(CommunityDb context, bool isPostgres)
{
    readonly IndexDialect _dialect = isPostgres ? IndexDialect.Postgres : IndexDialect.Sqlite;

    /// <summary>The newest messages that answer all clauses, between two numbers; newest first.</summary>
    public async Task<List<long>> NewestAsync(IReadOnlyList<Clause> clauses, long first, long last, int most, CancellationToken cancel)
    {
        if (!isPostgres)
            return await AskAsync(clauses, first, last, most, cancel);
        // Beyond the newest message there are only empty spans.
        last = Math.Min(last, await context.Messages.MaxAsync(m => m.SearchId, cancel) ?? last);
        List<long> found = [];
        foreach (var window in TimeWindow.Back(first, last))
        {
            found.AddRange(await AskAsync(window.Clause is { } span ? [.. clauses, span] : clauses, window.First, window.Last, most - found.Count, cancel));
            if (found.Count == most)
                break;
        }
        return found;
    }

    /// <summary>Words that begin like this one, the shortest first: most likely they are its other forms.</summary>
    public async Task<List<string>> BeginningAsync(string word, CancellationToken cancel)
    {
        var known = await context.Database.SqlQueryRaw<string>("""
            SELECT "Word" AS "Value" FROM "IndexedWords" WHERE "Word" >= @from AND "Word" < @end ORDER BY "Word" LIMIT 500
            """, Parameter("from", word), Parameter("end", word + "\U0010FFFF")).ToListAsync(cancel);
        return [.. known.OrderBy(one => one.Length).Take(Prefixes.Most)];
    }

    Task<List<long>> AskAsync(IReadOnlyList<Clause> clauses, long first, long last, int most, CancellationToken cancel)
    {
        var questions = _dialect.Questions(clauses);
        return context.Database.SqlQueryRaw<long>(_dialect.Newest(questions.Count),
        [
            .. questions.Select((question, number) => Parameter(string.Create(CultureInfo.InvariantCulture, $"question{number}"), question)),
            Parameter("first", first), Parameter("last", last), Parameter("most", most),
        ]).ToListAsync(cancel);
    }

    DbParameter Parameter(string name, object value) => isPostgres ? new NpgsqlParameter(name, value) : new SqliteParameter(name, value);
}

/// <summary>The last word of a search may be unfinished.</summary>
static class Prefixes
{
    /// <summary>Letters that must be there: with fewer, everything begins like it.</summary>
    public const int Shortest = 3;

    /// <summary>Words that one beginning stands for.</summary>
    public const int Most = 40;
}
