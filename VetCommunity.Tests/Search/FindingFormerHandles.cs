using VetCommunity.Core;
using VetCommunity.Core.Members;
using Xunit;

namespace VetCommunity.Tests.Search;

public sealed class FindingFormerHandles
{
    [Theory, OnBothDatabases]
    public async Task A_former_handle_finds_what_its_owner_wrote(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Bruno, "The argon is empty");
        await world.InDbAsync(async db =>
        {
            db.Audit.Add(new() { At = world.Clock.GetUtcNow(), ActorId = world.Bruno.MemberId, What = "handle.changed", Subject = Profiles.FormerHandle("bru-before"), Detail = "bruno" });
            return await db.SaveChangesAsync();
        });
        Assert.Equal(["The argon is empty"], await world.TextsAsync(world.Anna, "from:bru-before"));
        Assert.Equal(Refusal.UnknownMember, await World.RefusalOfAsync(() => world.FindAsync(world.Anna, "from:nobody-ever")));
    }
}
