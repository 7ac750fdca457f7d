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
}
