using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;

namespace VetCommunity.Bench;

/// <summary>
/// Durable posts a second with 50 authors through the whole of Core (rule, markdown, sanitiser, log), against one insert of the same
/// row per transaction by one bare connection; both with synchronous=FULL, in turns, three rounds.
/// </summary>
static class Posts
{
    const int Authors = 50;
    static readonly TimeSpan Round = TimeSpan.FromSeconds(4);

    public static async Task RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("vet-posts-").FullName;
        try
        {
            List<double> ratios = [];
            var db = CommunityDbFactory.Sqlite(CommunityDbFactory.SqliteFile(Path.Combine(folder, "community.db")));
            var feed = new Feed(NullLogger<Feed>.Instance);
            await using var log = new MessageLog(db, feed, TimeProvider.System, NullLogger<MessageLog>.Instance);
            var conversations = new AllConversations(db, log, new(folder));
            var world = await BenchWorld.MakeAsync(db, Authors, feed);
            await world.MakeRoomAsync("bench", world.Actors);
            await PostsAsync(conversations, world.Actors, TimeSpan.FromSeconds(1));
            for (var round = 1; round <= 3; round++)
            {
                var floor = OneByOne(Path.Combine(folder, FormattableString.Invariant($"floor{round}.db")));
                var ours = await PostsAsync(conversations, world.Actors, Round);
                ratios.Add(ours / floor);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round}: {ours:N0} posts/s, floor {floor:N0} inserts/s, ratio {ours / floor:F2}"));
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"posts: median ratio {ratios.Order().ElementAt(1):F2} (must 1.5, goal 5)"));
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }

    static async Task<double> PostsAsync(AllConversations conversations, IReadOnlyList<Actor> actors, TimeSpan time)
    {
        var watch = Stopwatch.StartNew();
        var counts = await Task.WhenAll(actors.Select(actor => Task.Run(async () =>
        {
            var count = 0;
            for (; watch.Elapsed < time; count++)
                await conversations.PostAsync(actor, new("bench", Guid.NewGuid().ToString("N"), null, BenchWorld.Text));
            return count;
        })));
        return counts.Sum() / watch.Elapsed.TotalSeconds;
    }

    static double OneByOne(string file)
    {
        using var connection = new SqliteConnection(CommunityDbFactory.SqliteFile(file));
        connection.Open();
        using var create = connection.CreateCommand();
        create.CommandText = """
            PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;
            CREATE TABLE m (c INTEGER, seq INTEGER, author INTEGER, key TEXT, markdown TEXT, html TEXT, at INTEGER, PRIMARY KEY (c, seq));
            CREATE UNIQUE INDEX k ON m (c, author, key);
            """;
        create.ExecuteNonQuery();
        using var insert = connection.CreateCommand();
        insert.CommandText = "INSERT INTO m VALUES (1, @seq, 1, @key, @text, @text, 0)";
        insert.Parameters.AddWithValue("@seq", 0L);
        insert.Parameters.AddWithValue("@key", "");
        insert.Parameters.AddWithValue("@text", BenchWorld.Text);
        insert.Prepare();
        var watch = Stopwatch.StartNew();
        var count = 0L;
        for (; watch.Elapsed < Round; count++)
        {
            insert.Parameters[0].Value = count;
            insert.Parameters[1].Value = Guid.NewGuid().ToString("N");
            insert.ExecuteNonQuery();
        }
        return count / watch.Elapsed.TotalSeconds;
    }
}
