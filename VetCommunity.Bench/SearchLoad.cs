using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Search;

namespace VetCommunity.Bench;

/// <summary>
/// What a search's first page costs with a million messages against ten thousand; what a room's opening and the unread counts cost there. SQLite works in our
/// own process, so there CPU time tells the cost whatever else the machine does; PostgreSQL does not, so there it is the time that passes.
/// </summary>
static class SearchLoad
{
    const int Few = 10_000;
    const int Many = 1_000_000;
    const int Turns = 7;
    const int ATurn = 20;

    static readonly (string Name, string Text)[] Searches =
    [
        ("a rare word (10 messages)", SearchWorld.Rare),
        ("a medium word (one in 25)", SearchWorld.Medium),
        ("a common word (one in 2)", SearchWorld.Common),
        ("an unfinished common word", SearchWorld.Common[..^1]),
        ("two common words", $"{SearchWorld.Common} {SearchWorld.Second}"),
        ("a phrase", $"\"{SearchWorld.Common} {SearchWorld.Second}\""),
        ("a common word in a room", $"{SearchWorld.Common} room:room-1"),
        ("a common word by one author", $"{SearchWorld.Common} from:author-1"),
        ("a medium word with a link, before a day", $"{SearchWorld.Medium} has:link before:2026-10-01"),
        ("a common word of a language", $"{SearchWorld.Common} lang:de"),
    ];

    /// <param name="onlyPractices">Leaves out the messages, which take most of the time.</param>
    public static Task<int> RunAsync(bool onlyPractices) => Figures.MeasureAsync("search", async (folder, figures) =>
    {
        var files = Path.Combine(folder, "practices");
        PracticeWorld.Write(files);
        await BothAsync("SQLite", name => Task.FromResult(CommunityDbFactory.Sqlite(CommunityDbFactory.SqliteFile(Path.Combine(folder, name + ".db")))));
        if (Environment.GetEnvironmentVariable("VET_POSTGRES") is { Length: > 0 } server)
            await BothAsync("PostgreSQL", name => NewDatabaseAsync(server, "vet_bench_" + name));

        async Task BothAsync(string database, Func<string, Task<CommunityDbFactory>> make)
        {
            await PracticeSearch.MeasureAsync(database, figures, await make("practices"), files);
            if (!onlyPractices)
                await MeasureAsync(database, figures, count => make(count.ToString(CultureInfo.InvariantCulture)));
        }
    });

    static async Task MeasureAsync(string database, Figures figures, Func<int, Task<CommunityDbFactory>> make)
    {
        var few = await SearchWorld.FillAsync(await make(Few), Few);
        var many = await SearchWorld.FillAsync(await make(Many), Many);
        await using var log = new MessageLog(many.Db, new Feed(NullLogger<Feed>.Instance), TimeProvider.System, NullLogger<MessageLog>.Instance);
        // Compiles, and fills caches.
        foreach (var (_, text) in Searches)
            await InTurnsAsync(() => FindAsync(few, text, SearchOrder.Best), () => FindAsync(many, text, SearchOrder.Newest));
        foreach (var (name, text) in Searches)
        {
            foreach (var order in Enum.GetValues<SearchOrder>())
            {
                var (small, large) = await InTurnsAsync(() => FindAsync(few, text, order), () => FindAsync(many, text, order));
                Figures.Note($"{database}: {name}, {order}: {large.Elapsed:F2} ms, {large.Cpu:F2} ms CPU with {Many:N0}; {small.Elapsed:F2} ms, {small.Cpu:F2} ms CPU with {Few:N0}");
                figures.AtMost($"{database}: {name}, {order}: cost with a million to ten thousand", many.Db.IsPostgres ? large.Elapsed / small.Elapsed : large.Cpu / small.Cpu, 1.3);
                figures.AtMost($"{database}: {name}, {order}: ms CPU of the program", large.Cpu, 10);
            }
        }
        var markers = new ReadMarkers(many.Db, new Feed(NullLogger<Feed>.Instance));
        var conversations = new AllConversations(many.Db, log, new(Path.GetTempPath()));
        // Every page asks it: what counts is the code as a server has it that has run for a minute.
        for (var i = 0; i < 10; i++)
            await InTurnsAsync(() => Task.CompletedTask, () => markers.UnreadAsync(many.Reader));
        var (_, unread) = await InTurnsAsync(() => Task.CompletedTask, () => markers.UnreadAsync(many.Reader));
        figures.AtMost($"{database}: ms for the unread counts of a member of 200 rooms", many.Db.IsPostgres ? unread.Elapsed : unread.Cpu, 2);
        await many.LengthenAsync(Many);
        var (short_, long_) = await InTurnsAsync(() => conversations.OpenAsync(many.Reader, SearchWorld.ShortRoom), () => conversations.OpenAsync(many.Reader, SearchWorld.LongRoom));
        figures.AtMost($"{database}: opening a room of {many.LongRoomMessages.ToString("N0", CultureInfo.InvariantCulture)} to one of 100 messages", many.Db.IsPostgres ? long_.Elapsed / short_.Elapsed : long_.Cpu / short_.Cpu, 1.3);

        Task FindAsync(SearchWorld world, string text, SearchOrder order) => new MessageSearch(world.Db, log).FindAsync(world.Reader, text, order);
    }

    /// <summary>In turns, so that what else the machine does meets both; twenty at a time, because CPU time comes in steps as long as a search.</summary>
    internal static async Task<(Cost One, Cost Other)> InTurnsAsync(Func<Task> one, Func<Task> other)
    {
        List<Cost> ones = [], others = [];
        for (var turn = 0; turn < Turns; turn++)
        {
            ones.Add(await CostAsync(one));
            others.Add(await CostAsync(other));
        }
        return (Median(ones), Median(others));
    }

    internal static async Task<Cost> CostAsync(Func<Task> act, int times = ATurn)
    {
        using var process = Process.GetCurrentProcess();
        var (cpu, watch) = (process.TotalProcessorTime, Stopwatch.StartNew());
        for (var i = 0; i < times; i++)
            await act();
        var elapsed = watch.Elapsed.TotalMilliseconds;
        process.Refresh();
        return new(elapsed / times, (process.TotalProcessorTime - cpu).TotalMilliseconds / times);
    }

    static Cost Median(List<Cost> costs) => new(Figures.Median(costs.Select(cost => cost.Elapsed)), Figures.Median(costs.Select(cost => cost.Cpu)));

    static async Task<CommunityDbFactory> NewDatabaseAsync(string server, string name)
    {
        await using (var connection = new NpgsqlConnection(server))
        {
            await connection.OpenAsync();
            foreach (var sql in (string[])[$"DROP DATABASE IF EXISTS {name} WITH (FORCE)", $"CREATE DATABASE {name}"])
            {
                await using var command = new NpgsqlCommand(sql, connection);
                await command.ExecuteNonQueryAsync();
            }
        }
        return CommunityDbFactory.Postgres(new NpgsqlConnectionStringBuilder(server) { Database = name }.ToString());
    }

    internal sealed record Cost(double Elapsed, double Cpu);
}
