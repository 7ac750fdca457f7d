using VetCommunity.App.Live;
using VetCommunity.Core;
using VetCommunity.Core.Live;
using Xunit;

namespace VetCommunity.Tests.Live;

public class ChoosingSoundAndPicture
{
    [Theory, OnBothDatabases]
    public async Task A_session_has_none_until_its_trainers_choose_and_only_those_in_it_read_the_address(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var media = new SoundAndPicture(live.World.Db, live.World.Feed);
        Assert.Equal((SessionMedia.None, null, false), await media.SeeAsync(live.Bruno, live.Slug) is var before ? (before.Media, before.Address, before.Leads) : default);

        await media.ChooseAsync(live.Carla, live.Slug, SessionMedia.Outside, "  https://meet.example/Welding pairs?x=1 ");

        Assert.Equal((SessionMedia.Outside, "https://meet.example/Welding%20pairs?x=1"), await media.SeeAsync(live.Bruno, live.Slug) is var seen ? (seen.Media, seen.Address) : default);
        Assert.Equal("https://meet.example/Welding%20pairs?x=1", (await live.Sessions.FindAsync(live.Bruno, live.Slug)).Session.MediaAddress);
        Assert.Null((await live.Sessions.FindAsync(live.Olga, live.Slug)).Session.MediaAddress);
        foreach (var act in (Func<Task>[])[
            () => media.SeeAsync(live.Olga, live.Slug),
            () => media.SeeAsync(Actor.Visitor, live.Slug),
            () => media.ChooseAsync(live.Olga, live.Slug, SessionMedia.None, null),
            () => media.ChooseAsync(live.Bruno, live.Slug, SessionMedia.None, null),
            () => media.ChooseAsync(live.Anna, "there-is-none", SessionMedia.None, null)])
            await Assert.ThrowsAsync<NotFoundException>(act);
        // Another choice takes the address along.
        await media.ChooseAsync(live.Anna, live.Slug, SessionMedia.Mesh, "https://meet.example/");
        Assert.Equal((SessionMedia.Mesh, null), await media.SeeAsync(live.Anna, live.Slug) is var after ? (after.Media, after.Address) : default);
        Assert.Equal(Refusal.BadChoice, await World.RefusalOfAsync(() => media.ChooseAsync(live.Anna, live.Slug, (SessionMedia)7, null)));
        await live.Sessions.CallOffAsync(live.Anna, live.Slug);
        Assert.Equal(Refusal.SessionOver, await World.RefusalOfAsync(() => media.ChooseAsync(live.Anna, live.Slug, SessionMedia.None, null)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("meet.example/room")]
    [InlineData("http://meet.example/room")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://")]
    [InlineData("https://somebody:secret@meet.example/")]
    [InlineData("//meet.example/room")]
    [InlineData("data:text/html,x")]
    public async Task What_is_no_https_address_is_refused_and_nothing_is_changed(string? address)
    {
        await using var live = await LiveWorld.OpenAsync(Database.Sqlite);
        var media = new SoundAndPicture(live.World.Db, live.World.Feed);

        Assert.Equal(Refusal.BadMeetingAddress, await World.RefusalOfAsync(() => media.ChooseAsync(live.Anna, live.Slug, SessionMedia.Outside, address)));
        Assert.Equal(Refusal.BadMeetingAddress, await World.RefusalOfAsync(() => media.ChooseAsync(live.Anna, live.Slug, SessionMedia.Outside, "https://meet.example/" + new string('x', SoundAndPicture.AddressLength))));

        Assert.Equal(SessionMedia.None, (await media.SeeAsync(live.Anna, live.Slug)).Media);
    }

    [Theory, OnBothDatabases]
    public async Task Who_may_have_them_is_whoever_is_in_a_session_that_is_being_held_with_them(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var media = new SoundAndPicture(live.World.Db, live.World.Feed);
        await media.ChooseAsync(live.Anna, live.Slug, SessionMedia.Mesh, null);
        Assert.Equal(Refusal.SessionNotBegun, await World.RefusalOfAsync(() => media.EnterAsync(live.Bruno, live.Slug)));
        await live.Stages.StartAsync(live.Anna, live.Slug);

        var (bruno, carla) = (await media.EnterAsync(live.Bruno, live.Slug), await media.EnterAsync(live.Carla, live.Slug));
        Assert.Equal(("bruno", false, "carla", true), (bruno.Handle, bruno.Leads, carla.Handle, carla.Leads));
        Assert.True(await media.IsOnAsync(Actor.Operator, bruno.ConversationId));
        await Assert.ThrowsAsync<NotFoundException>(() => media.IsOnAsync(live.Anna, bruno.ConversationId));
        await Assert.ThrowsAsync<NotFoundException>(() => media.EnterAsync(live.Olga, live.Slug));

        // The right is that of the moment.
        await live.Sessions.LeaveAsync(live.Bruno, live.Slug);
        await Assert.ThrowsAsync<NotFoundException>(() => media.EnterAsync(live.Bruno, live.Slug));
        await media.ChooseAsync(live.Anna, live.Slug, SessionMedia.None, null);
        Assert.Equal(Refusal.NoSoundAndPicture, await World.RefusalOfAsync(() => media.EnterAsync(live.Carla, live.Slug)));
        Assert.False(await media.IsOnAsync(Actor.Operator, bruno.ConversationId));
        await live.Stages.EndAsync(live.Anna, live.Slug);
        Assert.Equal(Refusal.SessionOver, await World.RefusalOfAsync(() => media.EnterAsync(live.Carla, live.Slug)));
    }
}

/// <summary>The places of one mesh, without a line and without a clock.</summary>
public class HavingAPlaceInAMesh
{
    static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    readonly Mesh _mesh = new("welding", 1, 2);

    (string Peer, string? Before) Join(int member, string? resumed = null, string? connection = null, DateTimeOffset? at = null) =>
        _mesh.Join(new(1, 2, "m" + member, "Member " + member, member == 1), member, connection ?? "line " + member, resumed, at ?? Now);

    static Refusal RefusalOf(Action act) => Assert.Throws<RefusedException>(act).Refusal;

    [Fact]
    public void The_seventh_finds_no_place_until_somebody_leaves()
    {
        for (var member = 1; member <= SoundAndPicture.MostPeople; member++)
            Join(member);

        Assert.Equal(Refusal.SoundAndPictureFull, RefusalOf(() => Join(7)));
        // Whoever is in already is not one more.
        Assert.Equal("line 3", Join(3, connection: "another window").Before);
        Assert.Equal(SoundAndPicture.MostPeople, _mesh.Now().Peers.Count);
        Assert.True(_mesh.Leave("line 5"));
        Assert.False(_mesh.Leave("line 5"));
        Join(7);
        Assert.Equal(["m1", "m2", "m4", "m6", "m3", "m7"], _mesh.Now().Peers.Select(one => one.Handle));
    }

    [Fact]
    public void Whoever_comes_back_has_the_place_they_had_and_takes_none_of_a_window_that_was_chosen_since()
    {
        var first = Join(2).Peer;
        Join(1);
        Assert.Equal(first, _mesh.Lose("line 2", Now));
        Assert.Equal(["line 1"], _mesh.Now().Connections);
        Assert.True(_mesh.Now().Peers.Single(one => one.Peer == first).Away);
        // Nobody comes to another one's place by its name.
        Assert.NotEqual(first, Join(3, resumed: first).Peer);

        Assert.Equal((first, null), Join(2, resumed: first, connection: "new line"));
        Assert.False(_mesh.GiveUp(first, Now));
        Assert.Null(_mesh.Lose("line 2", Now));

        var second = Join(2, connection: "another window");
        Assert.Equal("new line", second.Before);
        Assert.Equal(Refusal.SoundAndPictureElsewhere, RefusalOf(() => Join(2, resumed: first, connection: "new line")));
        _mesh.Lose("another window", Now);
        Assert.True(_mesh.GiveUp(second.Peer, Now));
        // After a restart of the server nobody knows the old names.
        Join(2, resumed: first);
    }

    [Fact]
    public void Whoever_was_taken_out_stays_out_for_a_while()
    {
        var peer = Join(2).Peer;
        Assert.Equal("line 2", _mesh.Remove(peer, Now.AddMinutes(10)));

        Assert.Equal(Refusal.SoundAndPictureRemoved, RefusalOf(() => Join(2, at: Now.AddMinutes(9))));
        Assert.False(_mesh.IsOver(Now.AddMinutes(9)));
        Assert.True(_mesh.IsOver(Now.AddMinutes(10)));
        Join(2, at: Now.AddMinutes(10));
    }

    [Fact]
    public void A_signal_goes_from_one_place_to_another_one_of_the_same_mesh_alone()
    {
        var (one, two) = (Join(1).Peer, Join(2).Peer);

        Assert.Equal((one, "line 2"), _mesh.Way("line 1", two));
        foreach (var (line, to) in ((string, string?)[])[("line 1", one), ("line 1", "line 2"), ("line 1", null), ("line 3", two), ("", two)])
            Assert.Throws<NotFoundException>(() => _mesh.Way(line, to));
        _mesh.Lose("line 2", Now);
        Assert.Throws<NotFoundException>(() => _mesh.Way("line 1", two));
        Assert.Throws<NotFoundException>(() => _mesh.Way("line 2", one));
    }

    [Fact]
    public void Muting_is_a_state_that_all_are_told_and_each_change_has_a_version()
    {
        var peer = Join(2).Peer;
        _mesh.Set("line 2", microphone: true, camera: true, screen: false, pictures: false);
        var before = _mesh.Now();

        Assert.Equal("line 2", _mesh.Mute(peer));

        Assert.Equal((before.Version + 1, false, true, false), _mesh.Now() is var now ? (now.Version, now.Peers[0].Microphone, now.Peers[0].Camera, now.Peers[0].Pictures) : default);
        Assert.Equal(["line 2"], _mesh.Dissolve());
        Assert.Empty(_mesh.Now().Peers);
        Assert.True(_mesh.Now().Version > before.Version + 1);
    }
}
