using CsCheck;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using VetCommunity.Core;
using VetCommunity.Core.Data;
using VetCommunity.Core.Search;
using Xunit;

namespace VetCommunity.Tests.Search;

public class KeepingTheIndex
{
    static readonly string[] Vocabulary = ["steel", "Steels", "Straße", "λόγος", "col·legi", "www.example.org", "`code`"];

    static readonly Gen<(int Kind, int Seq, int[] Words)[]> Acts = Gen.Select(Gen.Int[0, 9], Gen.Int[1, 6], Gen.Int[0, Vocabulary.Length - 1].Array[1, 5]).Array[1, 40];

    [Theory, OnBothDatabases]
    public async Task An_edited_message_is_found_by_its_new_words_only(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Anna, "Copper pipes");
        await world.Conversations.EditAsync(world.Anna, "welding", 1, "Wooden pipes");

        Assert.Empty(await world.TextsAsync(world.Bruno, "copper"));
        Assert.Empty(await world.TextsAsync(world.Bruno, "coppe"));
        Assert.Equal(["Wooden pipes"], await world.TextsAsync(world.Bruno, "wooden pipes"));
    }

    [Theory, OnBothDatabases]
    public async Task A_deleted_message_leaves_nothing_to_find(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Anna, "Secret copper");
        await world.SayAsync(world.Anna, "Copper for all");
        await world.Conversations.DeleteAsync(world.Anna, "welding", 1);

        Assert.Equal(["Copper for all"], await world.TextsAsync(world.Bruno, "copper"));
        Assert.Empty(await world.TextsAsync(world.Bruno, "secret"));
        Assert.Empty(await world.TextsAsync(world.Bruno, "from:anna topic:general secr"));
        Assert.Equal(["all", "copper", "for"], await WordsAsync(world));
        // The writer has not forgotten that the word is gone.
        await world.SayAsync(world.Anna, "No secrets, and a secret");
        Assert.Single(await world.TextsAsync(world.Bruno, "secre"));
    }

    [Theory, OnBothDatabases]
    public async Task A_moved_message_is_found_under_its_new_topic(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Anna, "Copper pipes", topic: "Old");
        await world.Topics.MoveAsync(world.Anna, "welding", 1, "New");

        Assert.Empty(await world.TextsAsync(world.Bruno, "copper topic:old"));
        Assert.Single(await world.TextsAsync(world.Bruno, "copper topic:new"));
    }

    [Theory, OnBothDatabases]
    public async Task Whatever_is_done_the_index_holds_what_the_messages_hold(Database database)
    {
        await using var world = await World.OpenAsync(database);
        long newest = 0;
        await Acts.SampleAsync(async acts =>
        {
            foreach (var (kind, back, words) in acts)
            {
                // What was posted just now may not be in the index yet.
                var seq = newest - back + 1;
                world.Clock.Advance(TimeSpan.FromMilliseconds(kind % 2));
                var text = string.Join(' ', words.Select(word => Vocabulary[word]));
                try
                {
                    await (kind switch
                    {
                        <= 3 => SayAsync(),
                        <= 5 => world.Conversations.EditAsync(world.Anna, "welding", seq, text),
                        <= 7 => world.Conversations.DeleteAsync(world.Anna, "welding", seq),
                        8 => (Task)world.Topics.MoveAsync(world.Anna, "welding", seq, $"Topic {words[0]}"),
                        _ => world.Log.IndexedAsync(CancellationToken.None),
                    });
                }
                catch (Exception refusal) when (refusal is RefusedException or NotFoundException)
                {
                    // A refused act changes nothing.
                }

                async Task SayAsync() => newest = (await world.SayAsync(world.Anna, text, topic: kind == 0 ? "Aside" : null)).Seq;
            }
            await world.Log.IndexedAsync(CancellationToken.None);
            var messages = await world.InDbAsync(db => db.Messages.AsNoTracking().Where(m => m.DeletedAt == null).OrderByDescending(m => m.SearchId).ToListAsync());
            foreach (var word in Vocabulary.SelectMany(one => Core.Search.Words.In(one)).Select(one => one.Folded).Distinct())
                Assert.Equal(messages.Where(m => Core.Search.Words.In(m.Markdown).Exists(one => one.Folded == word)).Select(m => m.SearchId!.Value), await FoundAsync(world, word));
            foreach (var topic in messages.Select(m => m.TopicId).Distinct())
                Assert.Equal(messages.Where(m => m.TopicId == topic).Select(m => m.SearchId!.Value), await FoundAsync(world, Marks.Topic(topic)));
            Assert.Equal(messages.Select(m => m.SearchId!.Value), await FoundAsync(world, Marks.Open));
            Assert.Equal(messages.SelectMany(m => Core.Search.Words.In(m.Markdown)).Select(word => word.Folded).Where(word => word.Length >= 3).Distinct().Order(StringComparer.Ordinal),
                await WordsAsync(world));
        }, iter: 20, threads: 1);
    }

    [Theory, OnBothDatabases]
    public async Task What_is_older_than_the_index_is_brought_into_it_in_pieces(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await Task.WhenAll(Enumerable.Range(1, 250).Select(n => world.SayAsync(world.Anna, $"Old iron {n}")));
        await world.Conversations.DeleteAsync(world.Anna, "welding", 7);
        await world.InDbAsync(db => db.Messages.Where(m => m.Seq == 8).ExecuteUpdateAsync(set => set.SetProperty(m => m.KeyId, "key")));
        await world.Log.IndexedAsync(CancellationToken.None);
        await ForgetAsync(world);
        Assert.Empty(await world.TextsAsync(world.Bruno, "iron"));
        // Changed before the index came to them.
        await world.Conversations.EditAsync(world.Anna, "welding", 9, "Old steel");
        await world.Conversations.DeleteAsync(world.Anna, "welding", 10);
        await world.Topics.MoveAsync(world.Anna, "welding", 11, "Aside");
        var filling = new IndexFilling(world.Db, world.Log);
        using (var stopping = new CancellationTokenSource())
        {
            // Stopped on its way, as by a kill.
            var first = filling.FillAsync(Actor.Operator, stopping.Token);
            await stopping.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        }
        await world.SayAsync(world.Anna, "New iron");

        await filling.FillAsync(Actor.Operator);

        Assert.Equal(0, await filling.FillAsync(Actor.Operator));
        var found = new List<long>();
        for (string? cursor = null, at = ""; at is not null; at = cursor)
        {
            var page = await world.FindAsync(world.Bruno, "iron", SearchOrder.Newest, cursor);
            found.AddRange(page.Messages.Select(message => message.Seq));
            cursor = page.Next;
        }
        Assert.Equal(Enumerable.Range(1, 251).Except([7, 8, 9, 10]).Select(seq => (long)seq), found.Order());
        Assert.Single(await world.TextsAsync(world.Bruno, "steel"));
        Assert.Single(await world.TextsAsync(world.Bruno, "iron topic:aside"));
        await Assert.ThrowsAsync<NotFoundException>(() => filling.FillAsync(world.Ada));
    }

    [Theory, OnBothDatabases]
    public async Task What_a_killed_process_had_stored_and_not_indexed_is_indexed_later_and_once(Database database)
    {
        await using var world = await World.OpenAsync(database);
        // It is killed before its second is over in which it would index them itself.
        var gone = new Core.Conversations.MessageLog(world.Db, world.Feed, new TimeWithoutTimers(world.Clock), NullLogger<Core.Conversations.MessageLog>.Instance);
        var conversations = new Core.Conversations.AllConversations(world.Db, gone, world.Uploads);
        await Task.WhenAll(Enumerable.Range(1, 150).Select(n => conversations.PostAsync(world.Anna, new("welding", $"key-{n}", null, $"Old iron {n}"))));
        await world.Conversations.EditAsync(world.Anna, "welding", 7, "Steel");
        Assert.NotEqual(0, await SpansAsync(world));
        Assert.Equal(["Steel"], await world.TextsAsync(world.Bruno, "steel"));

        await new IndexFilling(world.Db, world.Log).FillAsync(Actor.Operator);
        // It was not gone after all, and comes to it now.
        await gone.DisposeAsync();

        Assert.Equal(0, await SpansAsync(world));
        Assert.Equal(149, (await FoundAsync(world, "iron")).Count);
        Assert.Single(await FoundAsync(world, "steel"));
        await world.Conversations.DeleteAsync(world.Anna, "welding", 7);
        Assert.Empty(await FoundAsync(world, "steel"));

        static Task<int> SpansAsync(World world) => world.InDbAsync(db => db.Database.SqlQueryRaw<int>("""SELECT CAST(COUNT(*) AS INTEGER) AS "Value" FROM "UnindexedSpans" """).SingleAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nobody_in_another_process_changes_what_is_being_indexed(bool wasJustPosted)
    {
        Assert.SkipWhen(EmptyDatabases.Server is null, "VET_POSTGRES is not set; ./test.sh starts a server of its own");
        await using var world = await World.OpenAsync(Database.Postgres);
        await world.SayAsync(world.Anna, "Old iron");
        await world.Log.IndexedAsync(CancellationToken.None);
        var id = await world.InDbAsync(db => db.Messages.Select(m => m.SearchId!.Value).SingleAsync());
        await using var other = new NpgsqlConnection(world.Db.ConnectionString);
        await other.OpenAsync(TestContext.Current.CancellationToken);
        // Of a version that is no more: so it is indexed as it stands, whatever the index holds of it.
        UnindexedMessage posted = new(id, Version: 0, default!, TopicId: 0, AuthorId: null, IndexedText.Of("Old iron"));
        var entry = new Conversations.HeldEntry(connection => wasJustPosted ? connection.IndexGroupAsync([posted]) : connection.IndexStoredAsync(id));
        var indexing = world.Log.WriteAsync(entry, TestContext.Current.CancellationToken);
        await entry.Reached;

        var refusal = await Record.ExceptionAsync(TakeAsync);
        entry.LetGo();
        await indexing;

        Assert.Equal(PostgresErrorCodes.LockNotAvailable, Assert.IsType<PostgresException>(refusal).SqlState);
        await TakeAsync();

        async Task TakeAsync()
        {
            await using var command = new NpgsqlCommand("""SELECT 1 FROM "Messages" FOR NO KEY UPDATE NOWAIT""", other);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }

    sealed class TimeWithoutTimers(TimeProvider clock) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    [Theory, OnBothDatabases]
    public async Task Where_nothing_is_missing_the_writer_is_not_asked(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Anna, "Iron");
        await world.Log.IndexedAsync(CancellationToken.None);
        // It takes nothing more.
        var ended = new Core.Conversations.MessageLog(world.Db, world.Feed, world.Clock, NullLogger<Core.Conversations.MessageLog>.Instance);
        await ended.DisposeAsync();

        Assert.Equal(0, await new IndexFilling(world.Db, ended).FillAsync(Actor.Operator));
    }

    [Theory, OnBothDatabases]
    public async Task Many_messages_at_once_are_all_found_right_after(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await Task.WhenAll(Enumerable.Range(1, 1_200).Select(n => world.SayAsync(world.Anna, $"Iron {n}")));

        Assert.Equal(["Iron 1111"], await world.TextsAsync(world.Bruno, "1111"));
        Assert.Equal(1_200, (await FoundAsync(world, "iron")).Count);
    }

    [Fact]
    public async Task Pieces_become_one_and_everything_is_found_as_before()
    {
        await using var world = await World.OpenAsync(Database.Sqlite);
        for (var piece = 1; piece <= 3; piece++)
        {
            await world.SayAsync(world.Anna, $"Iron {piece}");
            await world.Log.IndexedAsync(CancellationToken.None);
        }
        Assert.Equal(3, await PiecesAsync());
        var merging = new IndexMerging(world.Db, world.Log, TimeProvider.System);

        Assert.True(await merging.MergeIfWorthItAsync(Actor.Operator));

        Assert.Equal(1, await PiecesAsync());
        Assert.Equal(["Iron 3", "Iron 2", "Iron 1"], await world.TextsAsync(world.Bruno, "iron"));
        await world.SayAsync(world.Anna, "Iron 4");
        Assert.Equal(["Iron 4"], await world.TextsAsync(world.Bruno, "4"));
        Assert.False(await merging.MergeIfWorthItAsync(Actor.Operator));
        await Assert.ThrowsAsync<NotFoundException>(() => merging.MergeIfWorthItAsync(world.Ada));

        Task<int> PiecesAsync() => world.InDbAsync(db => db.Database.SqlQueryRaw<int>("""SELECT COUNT(DISTINCT segid) AS "Value" FROM "MessageIndex_idx" """).SingleAsync());
    }

    [Theory, OnBothDatabases]
    public async Task Times_of_files_that_no_calendar_reaches_do_no_harm(Database database)
    {
        await using var world = await World.OpenAsync(database);
        foreach (var at in (string[])["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1969-12-31T23:59:59Z", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z"])
        {
            using var line = new MemoryStream(System.Text.Encoding.UTF8.GetBytes($$"""{"at":"{{at}}","author":"Ida","text":"Iron of {{at[..4]}}"}"""));
            await new Core.Discussion.RoomImport(world.Db, world.Log, new(world.Db, world.Feed, world.Clock)).ImportAsync(world.Ada, "welding", line);
        }

        Assert.Equal(["Iron of 9999", "Iron of 2026", "Iron of 1969", "Iron of 0001"], await world.TextsAsync(world.Bruno, "iron"));
        Assert.Equal(["Iron of 2026"], await world.TextsAsync(world.Bruno, "iron before:2100-01-01 after:2000-01-01"));
    }

    static async Task<List<long>> FoundAsync(World world, string token)
    {
        await using var context = world.Db.CreateDbContext();
        return await new IndexReading(context, world.Db.IsPostgres).NewestAsync([Clause.Any([token])], long.MinValue, long.MaxValue, 10_000, CancellationToken.None);
    }

    static Task<List<string>> WordsAsync(World world) => world.InDbAsync(async db =>
        (await db.Database.SqlQueryRaw<string>("""SELECT "Word" AS "Value" FROM "IndexedWords" """).ToListAsync()).Order(StringComparer.Ordinal).ToList());

    static Task<int> ForgetAsync(World world) => world.InDbAsync(async db =>
    {
        await db.Database.ExecuteSqlRawAsync(db is SqliteCommunityDb ? """DELETE FROM "MessageIndex" WHERE rowid >= -9223372036854775808""" : """DELETE FROM "MessageIndex" """);
        await db.Database.ExecuteSqlRawAsync("""DELETE FROM "IndexedWords" """);
        return await db.Messages.ExecuteUpdateAsync(set => set.SetProperty(m => m.SearchId, (long?)null));
    });
}
