using System.Data;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using Xunit;

namespace VetCommunity.Tests.Data;

/// <summary>Connections to a SQLite file that go from one context to the next.</summary>
public sealed class KeepingConnections
{
    [Fact]
    public async Task The_next_context_has_the_connection_of_the_last_and_it_is_open()
    {
        await using var world = await World.OpenAsync(Database.Sqlite);
        var first = await AskAsync(world.Db);
        Assert.Equal(ConnectionState.Open, first.State);

        await using (var context = world.Db.CreateDbContext())
        {
            Assert.Same(first, context.Database.GetDbConnection());
            await using var beside = world.Db.CreateDbContext();
            Assert.NotSame(first, beside.Database.GetDbConnection());
        }
        world.Db.CloseIdle();
        Assert.Equal(ConnectionState.Closed, first.State);
        Assert.Equal(ConnectionState.Open, (await AskAsync(world.Db)).State);
    }

    [Fact]
    public async Task What_one_context_began_and_did_not_end_is_undone_for_the_next()
    {
        await using var world = await World.OpenAsync(Database.Sqlite);
        var name = (await world.InDbAsync(db => db.Users.FirstAsync(u => u.Id == world.Anna.MemberId))).DisplayName;
        await using (var context = world.Db.CreateDbContext())
        {
            await context.Database.BeginTransactionAsync(TestContext.Current.CancellationToken);
            await context.Users.ExecuteUpdateAsync(set => set.SetProperty(u => u.DisplayName, "Nobody"), TestContext.Current.CancellationToken);
        }

        await using var next = world.Db.CreateDbContext();
        Assert.Null(next.Database.CurrentTransaction);
        Assert.Equal(name, (await next.Users.SingleAsync(u => u.Id == world.Anna.MemberId, TestContext.Current.CancellationToken)).DisplayName);
        // The file is free for whoever writes now.
        await world.SayAsync(world.Anna, "Still here");
    }

    [Fact]
    public async Task A_question_that_is_kept_answers_each_with_what_is_theirs_and_what_is_new()
    {
        await using var world = await World.OpenAsync(Database.Sqlite);
        var markers = new ReadMarkers(world.Db, world.Feed);
        for (var said = 1; said <= 3; said++)
        {
            await world.SayAsync(world.Anna, "Who lends a torch?");
            var counts = await Task.WhenAll(Enumerable.Range(0, 40).Select(n => markers.UnreadAsync(n % 2 == 0 ? world.Bruno : world.Anna, TestContext.Current.CancellationToken)));
            Assert.All(counts.Index(), one => Assert.Equal(one.Index % 2 == 0 ? said : 0, one.Item.SingleOrDefault()?.Count ?? 0));
        }
    }

    static async Task<System.Data.Common.DbConnection> AskAsync(CommunityDbFactory db)
    {
        await using var context = db.CreateDbContext();
        Assert.True(await context.Users.AnyAsync(TestContext.Current.CancellationToken));
        return context.Database.GetDbConnection();
    }

    [Fact]
    public async Task When_all_rest_the_file_is_closed_and_the_next_message_opens_it()
    {
        await using var world = await World.OpenAsync(Database.Sqlite);
        await world.SayAsync(world.Anna, "Who lends a torch?");
        var log = world.Db.File + "-wal";
        Assert.True(File.Exists(log));

        await world.Log.RestAsync(TestContext.Current.CancellationToken);
        world.Db.CloseIdle();
        // Whoever closes the file last takes its log along.
        Assert.False(File.Exists(log));

        await world.SayAsync(world.Anna, "I do.");
        Assert.True(File.Exists(log));
    }

    [Theory, OnBothDatabases]
    public async Task Whoever_watches_sees_that_somebody_wrote(Database database)
    {
        await using var world = await World.OpenAsync(database);
        using var watch = new ChangeWatch(world.Db);
        Assert.True(watch.IsChanged());
        Assert.Equal(world.Db.IsPostgres, watch.IsChanged());

        await world.InDbAsync(db => db.Users.CountAsync(TestContext.Current.CancellationToken));
        Assert.Equal(world.Db.IsPostgres, watch.IsChanged());

        await world.SayAsync(world.Anna, "Who lends a torch?");
        Assert.True(watch.IsChanged());
        await world.InDbAsync(db => db.Users.ExecuteUpdateAsync(set => set.SetProperty(u => u.Country, "AT"), TestContext.Current.CancellationToken));
        Assert.True(watch.IsChanged());
        Assert.Equal(world.Db.IsPostgres, watch.IsChanged());
    }
}
