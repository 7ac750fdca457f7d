using VetCommunity.Core;
using VetCommunity.Core.Members;
using Xunit;

namespace VetCommunity.Tests.Members;

public class EditingOrganisations
{
    static readonly OrganisationChange School = new("Scuola Arti", OrganisationKind.School, "IT", "Bergamo", ["it"], ["C"], "A school", "Una scuola", "https://example.org/");

    [Theory, OnBothDatabases]
    public async Task Organisations_of_the_same_name_made_at_once_get_addresses_of_their_own(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var organisations = new Organisations(world.Db, world.Clock);

        var slugs = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => Task.Run(() => organisations.CreateAsync(world.Ada, School))));

        Assert.Equal(["scuola-arti", "scuola-arti-2", "scuola-arti-3", "scuola-arti-4", "scuola-arti-5"], slugs.Order(StringComparer.Ordinal));
    }

    [Theory, OnBothDatabases]
    public async Task A_coordinator_edits_their_own_and_the_address_stays(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var organisations = new Organisations(world.Db, world.Clock);
        var coordinator = world.Olga with { Roles = Roles.Member | Roles.Coordinator };
        var foreign = await organisations.CreateAsync(world.Ada, School);
        var own = await organisations.CreateAsync(coordinator, School with { Name = "Κέντρο" });
        var before = await organisations.OwnAsync(coordinator, own);

        await organisations.EditAsync(coordinator, own, before.Values with { Name = "Νέο Κέντρο" }, before.Stamp);

        Assert.Equal("Νέο Κέντρο", (await organisations.PageAsync(Actor.Visitor, own)).Organisation.Name);
        Assert.Equal(Refusal.ChangedElsewhere, await World.RefusalOfAsync(() => organisations.EditAsync(world.Ada, own, School, before.Stamp)));
        await Assert.ThrowsAsync<NotFoundException>(() => organisations.OwnAsync(coordinator, foreign));
        await Assert.ThrowsAsync<NotFoundException>(() => organisations.EditAsync(coordinator, foreign, School, ""));
        Assert.True(await organisations.MayEditAsync(world.Ada, foreign));
        Assert.False(await organisations.MayEditAsync(coordinator, foreign));
        Assert.False(await organisations.MayEditAsync(world.Bruno, own));
        await Assert.ThrowsAsync<NotFoundException>(() => organisations.CreateAsync(world.Bruno, School));
    }

    [Theory, OnBothDatabases]
    public async Task A_coordinator_does_not_come_to_edit_another_coordinators_organisation_by_the_own_profile(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var organisations = new Organisations(world.Db, world.Clock);
        var profiles = new Profiles(world.Db, world.Clock);
        await new Accounts(world.Db, world.Feed, world.Clock).SetRolesAsync(world.Ada, "olga", Roles.Coordinator);
        var olga = world.Olga with { Roles = Roles.Member | Roles.Coordinator };
        var bruno = world.Bruno with { Roles = Roles.Member | Roles.Coordinator };
        var theirs = await organisations.CreateAsync(olga, School);
        var free = await organisations.CreateAsync(world.Ada, School);

        Assert.Equal(Refusal.OrganisationLookedAfter, await World.RefusalOfAsync(() => BelongAsync(bruno, theirs)));
        Assert.False(await organisations.MayEditAsync(bruno, theirs));
        await BelongAsync(bruno, free);
        Assert.True(await organisations.MayEditAsync(bruno, free));
        // Who writes on no organisation's page says freely where they belong.
        await BelongAsync(world.Carla, theirs);
        await BelongAsync(olga, theirs);

        async Task BelongAsync(Actor actor, string organisation)
        {
            var own = await profiles.OwnAsync(actor);
            await profiles.SaveAsync(actor, own.Values with { Organisation = organisation }, own.Stamp);
        }
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("ftp://example.org")]
    [InlineData("example.org")]
    [InlineData("https://user:secret@example.org")]
    public async Task A_website_is_an_address_of_the_web(string website)
    {
        await using var world = await World.OpenAsync(Database.Sqlite);

        Assert.Equal(Refusal.BadWebsite, await World.RefusalOfAsync(() => new Organisations(world.Db, world.Clock).CreateAsync(world.Ada, School with { Website = website })));
    }
}
