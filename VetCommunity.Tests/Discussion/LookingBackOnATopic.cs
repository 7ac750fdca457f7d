using VetCommunity.Core;
using VetCommunity.Core.Discussion;
using Xunit;

namespace VetCommunity.Tests.Discussion;

public class LookingBackOnATopic
{
    [Theory, OnBothDatabases]
    public async Task Every_resolution_stays_with_who_reopened_it(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var history = new ResolutionHistory(world.Db);
        await world.SayAsync(world.Bruno, "Which visor?", topic: "Visors");
        Assert.False((await world.Topics.FindAsync(world.Bruno, "welding", "visors")).HasPast);
        await world.Topics.ResolveAsync(world.Bruno, "welding", "visors", Outcome.Answered, "The light one");
        world.Clock.Advance(TimeSpan.FromHours(1));
        await world.Topics.ReopenAsync(world.Anna, "welding", "visors");
        Assert.True((await world.Topics.FindAsync(world.Bruno, "welding", "visors")).HasPast);
        world.Clock.Advance(TimeSpan.FromHours(1));
        await world.Topics.ResolveAsync(world.Anna, "welding", "visors", Outcome.PracticeToDraft, "Worth writing down");

        var past = await history.ListAsync(world.Olga, "welding", "visors", 1);
        Assert.Equal("Visors", past.Topic);
        Assert.Equal([(Outcome.PracticeToDraft, "Anna Rossi", null), (Outcome.Answered, "Bruno Weiß", "Anna Rossi")], past.Rows.Select(row => (row.Outcome, row.Name, row.ReopenerName)));
        Assert.Null(past.Rows[0].ReopenedAt);
        Assert.NotNull(past.Rows[1].ReopenedAt);
        await Assert.ThrowsAsync<NotFoundException>(() => history.ListAsync(world.Olga, "board", "general", 1));
        await Assert.ThrowsAsync<NotFoundException>(() => history.ListAsync(Actor.Visitor, "welding", "visors", 1));
    }
}
