using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Members;
using Xunit;

namespace VetCommunity.Tests.Members;

public class ChangingAProfile
{
    [Theory, OnBothDatabases]
    public async Task People_are_found_by_what_they_say_about_themselves_and_by_their_organisation(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var people = new People(world.Db, world.Clock);
        var profiles = new Core.Members.Profiles(world.Db, world.Clock);
        var school = await new Organisations(world.Db, world.Clock)
            .CreateAsync(world.Ada, new("Scuola Arti", OrganisationKind.School, "IT", "Bergamo", ["it"], ["C"], "", "", ""));
        var own = await profiles.OwnAsync(world.Bruno);
        await profiles.SaveAsync(world.Bruno, own.Values with { Organisation = school, Biography = "Joinery 100% by hand" }, own.Stamp);

        foreach (var words in (string[])["joinery", "scuola JOIN", "100%", "weiss arti"])
            Assert.Equal(["bruno"], (await people.FindAsync(world.Anna, words, 1)).Lines.Select(line => line.Handle));
        foreach (var words in (string[])["joinery plumbing", "1_0%", "\\", "anna joinery"])
            Assert.Empty((await people.FindAsync(world.Anna, words, 1)).Lines);
    }

    [Theory, OnBothDatabases]
    public async Task What_is_saved_is_what_others_read(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var profiles = new Profiles(world.Db, world.Clock);
        var own = await profiles.OwnAsync(world.Bruno);

        await profiles.SaveAsync(world.Bruno, own.Values with { Name = " Bruno \u202Ereversed\u0007 Weiß ", Country = "DE", Speaks = ["it", "de"], Sectors = ["F"], Biography = "One\r\ntwo" }, own.Stamp);

        var seen = await new People(world.Db, world.Clock).ProfileAsync(world.Anna, "bruno");
        Assert.Equal("Bruno reversed Weiß", seen.Name);
        Assert.Equal("DE", seen.Country);
        Assert.Equal(["de", "it"], seen.Speaks);
        Assert.Equal(["F"], seen.Sectors);
        Assert.Equal("One\ntwo", seen.Biography);
    }

    [Theory, OnBothDatabases]
    public async Task The_second_of_two_open_forms_overwrites_nothing(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var profiles = new Profiles(world.Db, world.Clock);
        var own = await profiles.OwnAsync(world.Bruno);
        await profiles.SaveAsync(world.Bruno, own.Values with { Biography = "First" }, own.Stamp);

        Assert.Equal(Refusal.ChangedElsewhere, await World.RefusalOfAsync(() => profiles.SaveAsync(world.Bruno, own.Values with { Biography = "Second" }, own.Stamp)));

        Assert.Equal("First", (await profiles.OwnAsync(world.Bruno)).Values.Biography);
    }

    [Theory, OnBothDatabases]
    public async Task A_new_handle_stands_on_messages_and_the_former_one_stays_ones_own(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var profiles = new Profiles(world.Db, world.Clock);
        await world.SayAsync(world.Bruno, "Said before");
        var own = await profiles.OwnAsync(world.Bruno);

        await profiles.SaveAsync(world.Bruno, own.Values with { Handle = "@Bruno-Weiss" }, own.Stamp);

        Assert.Equal("bruno-weiss", (await world.Conversations.OpenAsync(world.Anna, "welding", null)).Messages[^1].Author.Handle);
        Assert.Equal("bruno-weiss", (await new People(world.Db, world.Clock).ProfileAsync(world.Anna, "bruno")).Handle);
        var olgas = await profiles.OwnAsync(world.Olga);
        Assert.Equal(Refusal.HandleTaken, await World.RefusalOfAsync(() => profiles.SaveAsync(world.Olga, olgas.Values with { Handle = "bruno" }, olgas.Stamp)));
        var back = await profiles.OwnAsync(world.Bruno);
        await profiles.SaveAsync(world.Bruno, back.Values with { Handle = "bruno" }, back.Stamp);
        Assert.Equal("bruno", (await profiles.OwnAsync(world.Bruno)).Values.Handle);
    }

    [Theory, OnBothDatabases]
    public async Task Of_two_who_take_one_handle_at_once_the_second_reads_a_sentence_even_when_the_first_has_left_it(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var profiles = new Profiles(world.Db, world.Clock);
        var own = await profiles.OwnAsync(world.Bruno);
        // As if somebody took it after the look and had left it before another look: only the index has seen them.
        await world.InDbAsync(db => db.Database.ExecuteSqlRawAsync("""CREATE UNIQUE INDEX "Once" ON "Members" (substr("Handle", 1, 2))"""));

        Assert.Equal(Refusal.HandleTaken, await World.RefusalOfAsync(() => profiles.SaveAsync(world.Bruno, own.Values with { Handle = "anton" }, own.Stamp)));

        Assert.Equal("bruno", (await profiles.OwnAsync(world.Bruno)).Values.Handle);
    }

    [Promise("IN10")]
    [Theory]
    [InlineData("ab", Refusal.BadHandle)]
    [InlineData("1abc", Refusal.BadHandle)]
    [InlineData("an na", Refusal.BadHandle)]
    [InlineData("όλγα", Refusal.BadHandle)]
    [InlineData("a234567890123456789012345678901", Refusal.BadHandle)]
    [InlineData("admin", Refusal.HandleTaken)]
    [InlineData("anna", Refusal.HandleTaken)]
    public async Task A_handle_that_will_not_do_is_refused(string handle, Refusal refusal)
    {
        await using var world = await World.OpenAsync(Database.Sqlite);
        var profiles = new Profiles(world.Db, world.Clock);
        var own = await profiles.OwnAsync(world.Bruno);

        Assert.Equal(refusal, await World.RefusalOfAsync(() => profiles.SaveAsync(world.Bruno, own.Values with { Handle = handle }, own.Stamp)));
    }

    public static TheoryData<ProfileChange, Refusal> BadChanges => new()
    {
        { Change() with { Name = "\u202E \u200B" }, Refusal.BadName },
        { Change() with { Name = new string('a', 81) }, Refusal.BadName },
        { Change() with { Biography = new string('a', 601) }, Refusal.BiographyTooLong },
        { Change() with { Country = "XX" }, Refusal.BadChoice },
        { Change() with { Speaks = ["xx"] }, Refusal.BadChoice },
        { Change() with { Sectors = ["Z"] }, Refusal.BadChoice },
        { Change() with { TimeZone = "Europe/Nowhere" }, Refusal.BadChoice },
        { Change() with { Language = "fr" }, Refusal.BadChoice },
        { Change() with { Organisation = "nowhere" }, Refusal.BadChoice },
    };

    static ProfileChange Change() => new("bruno", "Bruno", null, null, [], [], "Europe/Berlin", "de", "");

    [Theory, MemberData(nameof(BadChanges), DisableDiscoveryEnumeration = true)]
    public async Task A_value_that_will_not_do_is_refused(ProfileChange change, Refusal refusal)
    {
        await using var world = await World.OpenAsync(Database.Sqlite);
        var profiles = new Profiles(world.Db, world.Clock);
        var stamp = (await profiles.OwnAsync(world.Bruno)).Stamp;

        Assert.Equal(refusal, await World.RefusalOfAsync(() => profiles.SaveAsync(world.Bruno, change, stamp)));
    }

    [Fact]
    public async Task A_visitor_has_no_profile()
    {
        await using var world = await World.OpenAsync(Database.Sqlite);
        var profiles = new Profiles(world.Db, world.Clock);

        await Assert.ThrowsAsync<NotFoundException>(() => profiles.OwnAsync(Actor.Visitor));
        await Assert.ThrowsAsync<NotFoundException>(() => profiles.SaveAsync(Actor.Visitor, Change(), "", new(Stream.Null)));
    }

    [Theory, OnBothDatabases]
    public async Task Direct_conversations_are_found_again_by_their_two_only(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var rooms = new Rooms(world.Db, world.Feed, world.Clock);
        Assert.Empty((await rooms.DirectsAsync(world.Anna, 1)).Directs);
        await world.SayAsync(world.Bruno, "Between us", world.Direct);

        var row = Assert.Single((await rooms.DirectsAsync(world.Anna, 1)).Directs);
        Assert.Equal(("bruno", 1L, "Between us"), (row.Handle, row.Unread, row.LastText));
        Assert.Equal(0, Assert.Single((await rooms.DirectsAsync(world.Bruno, 1)).Directs).Unread);
        Assert.Empty((await rooms.DirectsAsync(world.Ada, 1)).Directs);
        Assert.Empty((await rooms.DirectsAsync(Actor.Visitor, 1)).Directs);
    }
}
