using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using VetCommunity.Core.Data;
using VetCommunity.Core.Operation;
using Xunit;

namespace VetCommunity.Tests.Operation;

/// <summary>What a start asks the database without EF must be what EF would say.</summary>
public class KnowingTheShape
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, OnBothDatabases]
    public async Task A_database_has_the_present_shape_with_exactly_the_steps_that_EF_knows(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var steps = await world.InDbAsync(db => Task.FromResult(db.Database.GetMigrations().ToList()));

        Assert.Equal(steps.Order(StringComparer.Ordinal), PresentShape.StepsOf(world.Db.ContextType).Order(StringComparer.Ordinal));
        Assert.True(await PresentShape.HasAsync(world.Db, Cancel));

        await DoAsync("""INSERT INTO "__EFMigrationsHistory" VALUES ('29990101000000_Later', '1')""");
        Assert.False(await PresentShape.HasAsync(world.Db, Cancel));
        await DoAsync($"""DELETE FROM "__EFMigrationsHistory" WHERE "MigrationId" IN ('29990101000000_Later', '{steps[^1]}')""");
        Assert.False(await PresentShape.HasAsync(world.Db, Cancel));
        await DoAsync("""DROP TABLE "__EFMigrationsHistory" """);
        Assert.False(await PresentShape.HasAsync(world.Db, Cancel));

        Task<int> DoAsync(string sql) => world.InDbAsync(db => db.Database.ExecuteSqlRawAsync(sql, Cancel));
    }

    [Fact]
    public void The_models_that_were_written_ahead_are_those_that_the_classes_make()
    {
        using var sqlite = CommunityDbFactory.Sqlite(CommunityDbFactory.SqliteFile(":memory:")).CreateDbContext();
        using var postgres = CommunityDbFactory.Postgres("Host=localhost").CreateDbContext();
        foreach (DbContext context in new DbContext[] { sqlite, postgres })
        {
            var dependencies = context.GetService<ModelCreationDependencies>();
            var made = dependencies.ModelSource.GetModel(context, dependencies, designTime: false);
            Assert.NotSame(made, context.Model);
            Assert.Equal(Written(made), Written(context.Model));
        }

        // How a value is converted and compared stands in neither of the two.
        static string Written(IModel model) => string.Join('\n', [.. model.GetEntityTypes().Select(type => type.ToDebugString(MetadataDebugStringOptions.LongDefault)), model.GetRelationalModel().ToDebugString(MetadataDebugStringOptions.LongDefault),
            .. model.GetEntityTypes().SelectMany(type => type.GetProperties()).Select(one => $"{one.DeclaringType.Name}.{one.Name} {one.GetTypeMapping().Converter?.GetType()} {one.GetValueComparer().GetType()} {one.GetProviderValueComparer().GetType()}")]);
    }

    [Fact]
    public async Task Getting_the_model_ready_asks_no_database()
    {
        await CommunityDbFactory.WarmAsync(isPostgres: false);
        await CommunityDbFactory.WarmAsync(isPostgres: true);
    }
}
