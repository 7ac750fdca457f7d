using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using Xunit;

namespace VetCommunity.Tests.Data;

public sealed class PreparingQuestions
{
    [Fact]
    public async Task PostgreSQL_plans_the_unread_counts_once_a_connection()
    {
        Assert.SkipWhen(EmptyDatabases.Server is null, "VET_POSTGRES is not set; ./test.sh starts a server of its own");
        await using var world = await World.OpenAsync(Database.Postgres);
        await world.SayAsync(world.Anna, "Who lends a torch?");
        // One connection, so that what it has prepared can be asked.
        var db = CommunityDbFactory.Postgres(new NpgsqlConnectionStringBuilder(world.Db.ConnectionString) { MaxPoolSize = 1 }.ToString());
        var markers = new ReadMarkers(db, new Feed(NullLogger<Feed>.Instance));
        for (var i = 0; i < 2; i++)
            Assert.Equal("welding", Assert.Single(await markers.UnreadAsync(world.Bruno)).Conversation);
        await using var context = db.CreateDbContext();
        Assert.Equal([1, 1], await context.Database.SqlQuery<long>($"SELECT generic_plans + custom_plans - 1 AS \"Value\" FROM pg_prepared_statements WHERE statement LIKE '-- prepared%'").ToListAsync());
    }
}
