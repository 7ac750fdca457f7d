using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using Xunit;

namespace VetCommunity.Tests.Data;

public sealed class Durability
{
    // A kill test cannot show this: the page cache outlives the process. Only the settings and a power cut can.
    [Promise("FT2")]
    [Fact]
    public async Task The_writer_syncs_every_commit_to_the_SQLite_file()
    {
        await using var world = await World.OpenAsync(Database.Sqlite);
        var settings = await world.Log.WriteAsync(new AskEntry("PRAGMA synchronous", "PRAGMA journal_mode", "PRAGMA foreign_keys"), TestContext.Current.CancellationToken);
        Assert.Equal(["2", "wal", "1"], settings);
    }

    [Promise("FT2")]
    [Fact]
    public async Task PostgreSQL_is_asked_for_nothing_less_than_its_durable_commit()
    {
        Assert.SkipWhen(EmptyDatabases.Server is null, "VET_POSTGRES is not set; ./test.sh starts a server of its own");
        await using var world = await World.OpenAsync(Database.Postgres);
        Assert.Equal(["on"], await world.Log.WriteAsync(new AskEntry("SHOW synchronous_commit"), TestContext.Current.CancellationToken));
    }

    [Promise("FT2")]
    [Fact]
    public async Task A_connection_that_the_pool_hands_out_again_keeps_its_settings()
    {
        await using var world = await World.OpenAsync(Database.Sqlite);
        for (var time = 0; time < 3; time++)
        {
            Assert.Equal((2, 1, 5000), await world.InDbAsync(async db => (await AskAsync(db, "synchronous"), await AskAsync(db, "foreign_keys"), await AskAsync(db, "busy_timeout"))));
        }

        static async Task<long> AskAsync(CommunityDb db, string pragma)
        {
            await db.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
            await using var command = db.Database.GetDbConnection().CreateCommand();
            command.CommandText = "PRAGMA " + pragma;
            return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
        }
    }

    [Theory, OnBothDatabases]
    public async Task The_migrations_make_what_the_model_says(Database database)
    {
        await using var world = await World.OpenAsync(database);
        Assert.False(await world.InDbAsync(db => Task.FromResult(db.Database.HasPendingModelChanges())));
        Assert.Empty(await world.InDbAsync(db => db.Database.GetPendingMigrationsAsync()));
    }

    sealed class AskEntry(params string[] questions) : LogEntry<string[]>
    {
        protected override async Task<string[]> WriteAsync(LogConnection connection, DateTimeOffset now)
        {
            List<string> answers = [];
            foreach (var question in questions)
                answers.Add(FormattableString.Invariant($"{(await connection.RowAsync(question))![0]}"));
            return [.. answers];
        }
    }
}
