using System.Data.Common;
using System.Threading.Channels;
using Npgsql;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using Xunit;

namespace VetCommunity.Tests.Conversations;

public sealed class GroupCommit
{
    [Theory, OnBothDatabases]
    public async Task A_broken_entry_does_not_take_its_neighbours_along(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var told = Channel.CreateUnbounded<ConversationChanged>();
        using var listening = world.Feed.Subscribe<ConversationChanged>(fact => told.Writer.WriteAsync(fact));
        var held = new HeldEntry();
        var first = world.Log.WriteAsync(held, TestContext.Current.CancellationToken);
        await held.Reached;
        var before = world.SayAsync(world.Anna, "Before");
        var broken = world.Log.WriteAsync(new BrokenEntry(), TestContext.Current.CancellationToken);
        var after = world.SayAsync(world.Bruno, "After");
        held.LetGo();
        await first;
        Assert.Equal(Refusal.StorageUnavailable, await World.RefusalOfAsync(() => broken));
        Assert.Equal((1, 2), ((await before).Seq, (await after).Seq));
        var opened = await world.Conversations.OpenAsync(world.Anna, "welding");
        Assert.Equal(["Before", "After"], opened.Messages.Select(m => m.Markdown));
        Assert.Equal(2, opened.LastSeq);
        List<string> heard = [];
        while (heard.Count < 2)
            heard.AddRange((await told.Reader.ReadAsync().AsTask().WaitAsync(Patience.Enough)).Changes.Select(c => c.Message.Markdown));
        Assert.Equal(["Before", "After"], heard);
    }

    [Theory, OnBothDatabases]
    public async Task After_a_broken_entry_the_log_goes_on(Database database)
    {
        await using var world = await World.OpenAsync(database);
        for (var i = 1; i <= 3; i++)
        {
            Assert.Equal(Refusal.StorageUnavailable, await World.RefusalOfAsync(() => world.Log.WriteAsync(new BrokenEntry(), TestContext.Current.CancellationToken)));
            Assert.Equal(i, (await world.SayAsync(world.Anna, "On we go")).Seq);
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_refused_entry_leaves_no_trace_among_its_neighbours(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var said = Enumerable.Range(0, 50).Select(i => (Post: world.SayAsync(world.Anna, "Yes"), Refused: world.SayAsync(world.Olga, "No"))).ToList();
        foreach (var (post, refused) in said)
        {
            await post;
            Assert.Equal(Refusal.JoinFirst, await World.RefusalOfAsync(() => refused));
        }
        var opened = await world.Conversations.OpenAsync(world.Anna, "welding");
        Assert.Equal((50, 50), (opened.LastSeq, opened.Version));
    }

    [Theory, OnBothDatabases]
    public async Task What_waits_is_written_before_the_log_closes(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var said = Enumerable.Range(0, 50).Select(i => world.SayAsync(world.Anna, $"Number {i}")).ToList();
        await world.Log.DisposeAsync();
        Assert.Equal(50, (await Task.WhenAll(said)).Max(r => r.Seq));
        Assert.Equal(50, (await world.Conversations.OpenAsync(world.Anna, "welding")).LastSeq);
    }

    /// <summary>Writes, and then the database fails it.</summary>
    [Fact]
    public async Task What_another_writer_and_the_log_hold_from_each_other_is_tried_again()
    {
        Assert.SkipWhen(EmptyDatabases.Server is null, "VET_POSTGRES is not set; ./test.sh starts a server of its own");
        await using var world = await World.OpenAsync(Database.Postgres);
        await using var other = new NpgsqlConnection(world.Db.ConnectionString);
        await other.OpenAsync(TestContext.Current.CancellationToken);
        await using var holding = await other.BeginTransactionAsync(TestContext.Current.CancellationToken);
        // The log is the one that notices, and so the one whose work is taken back.
        await DoAsync("SET LOCAL deadlock_timeout = '10min'");
        await DoAsync(CrossingEntry.Touch(2));
        var entry = new CrossingEntry();
        var written = world.Log.WriteAsync(entry, TestContext.Current.CancellationToken);
        await entry.HasOne.WaitAsync(Patience.Enough, TestContext.Current.CancellationToken);
        await DoAsync(CrossingEntry.Touch(1));
        await holding.CommitAsync(TestContext.Current.CancellationToken);

        // Twice, or once more where the log was back before the other had what it waited for.
        Assert.True(await written.WaitAsync(Patience.Enough, TestContext.Current.CancellationToken) >= 2);

        async Task DoAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, other);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
    }

    // Answers how often it was tried.
    sealed class CrossingEntry : LogEntry<int>
    {
        readonly TaskCompletionSource _hasOne = new(TaskCreationOptions.RunContinuationsAsynchronously);
        int _tries;

        public Task HasOne => _hasOne.Task;

        public static string Touch(int conversation) => FormattableString.Invariant($"UPDATE \"Conversations\" SET \"LastSeq\" = \"LastSeq\" WHERE \"Id\" = {conversation}");

        protected override async Task<int> WriteAsync(LogConnection connection, DateTimeOffset now)
        {
            _tries++;
            await connection.DoAsync(Touch(1));
            _hasOne.TrySetResult();
            await connection.DoAsync(Touch(2));
            return _tries;
        }
    }

    sealed class BrokenEntry : LogEntry<bool>
    {
        protected override async Task<bool> WriteAsync(LogConnection connection, DateTimeOffset now)
        {
            ConversationId = 1;
            await connection.NextMessageAsync(1, now);
            throw new DiskFullException();
        }
    }

    sealed class DiskFullException() : DbException("disk full");
}

/// <summary>Keeps the writer inside its transaction, after a first write, until it is let go.</summary>
sealed class HeldEntry(Func<LogConnection, Task>? write = null) : LogEntry<bool>
{
    readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Reached => _reached.Task.WaitAsync(Patience.Enough);

    public void LetGo() => _go.TrySetResult();

    protected override async Task<bool> WriteAsync(LogConnection connection, DateTimeOffset now)
    {
        await (write?.Invoke(connection) ?? connection.DoAsync("""UPDATE "Conversations" SET "Title" = 'Welding' WHERE "Id" = 1"""));
        _reached.TrySetResult();
        await _go.Task;
        return true;
    }
}
