using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Discussion;
using Xunit;

namespace VetCommunity.Tests.Discussion;

public class KeepingRooms
{
    static Rooms RoomsOf(World world) => new(world.Db, world.Feed, world.Clock);

    static NewRoom Welders(bool isOpen = true, string? slug = null) => new("Schweißer & Löter", slug, "For all who join metal", "de", isOpen);

    [Theory]
    [OnBothDatabases]
    public async Task A_new_room_has_its_address_from_its_title_and_its_maker_moderates_it(Database database)
    {
        await using var world = await World.OpenAsync(database);

        var slug = await RoomsOf(world).CreateAsync(world.Anna, Welders());

        Assert.Equal("schweisser-loter", slug);
        var found = await world.Conversations.FindAsync(world.Anna, slug);
        Assert.True(found.Standing.IsModerator);
        Assert.Equal("Schweißer & Löter", found.Title);
        await world.SayAsync(world.Anna, "First", slug);
        Assert.Equal(Refusal.JoinFirst, await World.RefusalOfAsync(() => world.SayAsync(world.Olga, "May I?", slug)));
    }

    [Theory]
    [OnBothDatabases]
    public async Task Who_may_not_open_rooms_finds_no_page_for_it(Database database)
    {
        await using var world = await World.OpenAsync(database);

        await Assert.ThrowsAsync<NotFoundException>(() => RoomsOf(world).CreateAsync(world.Bruno, Welders()));
        await Assert.ThrowsAsync<NotFoundException>(() => RoomsOf(world).CreateAsync(Actor.Visitor, Welders()));
    }

    [Theory]
    [OnBothDatabases]
    public async Task A_room_with_a_bad_title_address_or_language_is_refused_with_the_reason(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var rooms = RoomsOf(world);
        Task<Refusal> Of(NewRoom room) => World.RefusalOfAsync(() => rooms.CreateAsync(world.Anna, room));

        Assert.Equal(Refusal.BadTitle, await Of(Welders() with { Title = " " }));
        Assert.Equal(Refusal.BadTitle, await Of(Welders() with { Title = new('x', 101) }));
        Assert.Equal(Refusal.BadSlug, await Of(Welders(slug: "new")));
        Assert.Equal(Refusal.BadSlug, await Of(Welders(slug: "12")));
        Assert.Equal(Refusal.SlugTaken, await Of(Welders(slug: "welding")));
        Assert.Equal(Refusal.BadChoice, await Of(Welders() with { Language = "xx" }));
        Assert.Equal(Refusal.TextTooLong, await Of(Welders() with { Purpose = new('x', 301) }));
        Assert.Equal(2, await world.InDbAsync(db => db.Conversations.CountAsync(c => c.Kind == ConversationKind.Room)));
    }

    [Theory]
    [OnBothDatabases]
    public async Task Two_who_take_one_address_at_once_get_one_room_and_one_reason(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var rooms = RoomsOf(world);

        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            try
            {
                return await rooms.CreateAsync(world.Anna, Welders(slug: "metal"));
            }
            catch (RefusedException refused)
            {
                Assert.Equal(Refusal.SlugTaken, refused.Refusal);
                return null;
            }
        })));

        Assert.Single(made, slug => slug == "metal");
    }

    [Theory]
    [OnBothDatabases]
    public async Task A_closed_room_is_absent_until_its_moderator_invites_and_again_after_leaving(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var rooms = RoomsOf(world);
        await Assert.ThrowsAsync<NotFoundException>(() => rooms.JoinAsync(world.Bruno, "board"));
        await Assert.ThrowsAsync<NotFoundException>(() => rooms.InviteAsync(world.Bruno, "board", "bruno"));

        await rooms.InviteAsync(world.Anna, "board", "@Bruno");
        await world.SayAsync(world.Bruno, "Thank you", "board");
        await Assert.ThrowsAsync<NotFoundException>(() => rooms.InviteAsync(world.Bruno, "board", "olga"));
        await rooms.LeaveAsync(world.Bruno, "board");

        await Assert.ThrowsAsync<NotFoundException>(() => world.Conversations.OpenAsync(world.Bruno, "board"));
    }

    [Theory]
    [OnBothDatabases]
    public async Task Who_leaves_a_closed_room_while_it_opens_gets_nothing_of_it(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Anna, "For the board", "board");

        await Assert.ThrowsAsync<NotFoundException>(() =>
            world.Conversations.OpenAsync(world.Ada, "board", afterSeq: null, _ => RoomsOf(world).LeaveAsync(world.Ada, "board")));
    }

    [Theory, OnBothDatabases]
    public async Task Somebody_is_taken_in_by_handle_or_by_name_and_several_of_one_name_by_handle_alone(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var rooms = new Rooms(world.Db, world.Feed, world.Clock);

        Assert.Equal("Όλγα Νικολάου", await rooms.InviteAsync(world.Anna, "board", " Όλγα  Νικολάου "));
        Assert.Equal("Carla Puig", await rooms.InviteAsync(world.Anna, "board", "@Carla"));
        await world.InDbAsync(db => db.Users.ExecuteUpdateAsync(set => set.SetProperty(m => m.DisplayName, "Bruno Weiß")));
        Assert.Equal(Refusal.SeveralOfThatName, await World.RefusalOfAsync(() => rooms.InviteAsync(world.Anna, "board", "Bruno Weiß")));
        var unknown = await Assert.ThrowsAsync<RefusedException>(() => rooms.InviteAsync(world.Anna, "board", "Elena Corradini"));
        Assert.Equal((Refusal.UnknownMember, "Elena Corradini"), (unknown.Refusal, unknown.Arguments[0]));
    }

    [Theory]
    [OnBothDatabases]
    public async Task The_last_moderator_of_a_closed_room_with_people_in_it_stays(Database database)
    {
        await using var world = await World.OpenAsync(database);

        Assert.Equal(Refusal.LastModerator, await World.RefusalOfAsync(() => RoomsOf(world).LeaveAsync(world.Anna, "board")));
    }

    [Theory]
    [OnBothDatabases]
    public async Task Nobody_invites_or_writes_to_an_account_that_is_not_confirmed_or_is_suspended(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var rooms = RoomsOf(world);
        await world.InDbAsync(db => db.Users.Where(m => m.Handle == "olga").ExecuteUpdateAsync(set => set.SetProperty(m => m.EmailConfirmed, false)));
        var later = world.Clock.GetUtcNow().AddDays(1);
        await world.InDbAsync(db => db.Users.Where(m => m.Handle == "carla").ExecuteUpdateAsync(set => set.SetProperty(m => m.SuspendedUntil, later)));

        Assert.Equal(Refusal.UnknownMember, await World.RefusalOfAsync(() => rooms.InviteAsync(world.Anna, "board", "olga")));
        Assert.Equal(Refusal.UnknownMember, await World.RefusalOfAsync(() => rooms.InviteAsync(world.Anna, "board", "carla")));
        await Assert.ThrowsAsync<NotFoundException>(() => rooms.DirectAsync(world.Anna, "olga"));
        await Assert.ThrowsAsync<NotFoundException>(() => rooms.DirectAsync(world.Anna, "carla"));
    }

    [Theory]
    [OnBothDatabases]
    public async Task Two_who_write_to_each_other_at_once_share_one_conversation_that_never_becomes_a_room(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var rooms = RoomsOf(world);

        var both = await Task.WhenAll(rooms.DirectAsync(world.Anna, "olga"), rooms.DirectAsync(world.Olga, "anna"), rooms.DirectAsync(world.Anna, "olga"));

        var direct = FormattableString.Invariant($"{Assert.Single(both.Distinct())}");
        Assert.Equal(Refusal.DirectStaysDirect, await World.RefusalOfAsync(() => rooms.InviteAsync(world.Anna, direct, "bruno")));
        Assert.Equal(Refusal.DirectStaysDirect, await World.RefusalOfAsync(() => rooms.LeaveAsync(world.Anna, direct)));
        Assert.Equal(Refusal.NotWithYourself, await World.RefusalOfAsync(() => rooms.DirectAsync(world.Anna, "anna")));
        await Assert.ThrowsAsync<NotFoundException>(() => rooms.JoinAsync(world.Ada, direct));
    }

    [Theory]
    [OnBothDatabases]
    public async Task Topics_tell_what_is_unread_in_each_and_joining_owes_no_reading(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var rooms = RoomsOf(world);
        await world.SayAsync(world.Anna, "One", topic: "Masks");
        await world.SayAsync(world.Anna, "Two", topic: "Masks");
        await world.SayAsync(world.Anna, "Three", topic: "Gas");
        await rooms.JoinAsync(world.Olga, "welding");
        await rooms.JoinAsync(world.Olga, "welding");
        await world.SayAsync(world.Anna, "Four", topic: "Gas");

        Assert.Equal([("Gas", 2), ("Masks", 2)], (await world.Topics.ListAsync(world.Bruno, "welding")).Select(t => (t.Name, t.Unread)));
        Assert.Equal([("Gas", 1), ("Masks", 0)], (await world.Topics.ListAsync(world.Olga, "welding")).Select(t => (t.Name, t.Unread)));
        var (list, _) = await rooms.ListAsync(world.Olga, mine: true, 1);
        Assert.Equal(("welding", 1L), (Assert.Single(list).Slug, list[0].Unread));
    }

    [Theory]
    [OnBothDatabases]
    public async Task The_list_shows_open_rooms_and_ones_own_closed_ones_a_page_at_a_time(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var rooms = RoomsOf(world);
        for (var number = 0; number < Rooms.Page; number++)
            await rooms.CreateAsync(world.Carla, Welders(slug: FormattableString.Invariant($"metal-{number}")));

        var first = await rooms.ListAsync(world.Bruno, mine: false, 1);
        var second = await rooms.ListAsync(world.Bruno, mine: false, 2);

        Assert.True(first.HasMore);
        Assert.False(second.HasMore);
        Assert.Equal(Rooms.Page + 1, first.Rooms.Concat(second.Rooms).Select(r => r.Slug).Distinct().Count());
        Assert.DoesNotContain(first.Rooms.Concat(second.Rooms), r => r.Slug == "board");
        Assert.Contains((await rooms.ListAsync(world.Anna, mine: true, 1)).Rooms, r => r.Slug == "board");
        Assert.Empty((await rooms.ListAsync(Actor.Visitor, mine: false, 1)).Rooms);
    }
}
