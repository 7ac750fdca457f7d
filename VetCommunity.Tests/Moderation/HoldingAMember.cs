using System.Threading.Channels;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Moderation;
using VetCommunity.Core.Noticing;
using VetCommunity.Core.Search;
using Xunit;

namespace VetCommunity.Tests.Moderation;

public sealed class HoldingAMember
{
    static Task<int> HoldAsync(World world, long seq, MemberMeasure measure, int days) =>
        world.Decisions.DecideAsync(world.Carla, "welding", seq, Rulings.Hide with { Message = MessageMeasure.Left, Member = measure, Days = days });

    [Theory, OnBothDatabases]
    public async Task Who_is_muted_reads_and_does_not_write_until_the_end(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var said = await world.SayAsync(world.Bruno, "Loud");
        await HoldAsync(world, said.Seq, MemberMeasure.Muted, 3);

        Assert.Equal(Refusal.Muted, await World.RefusalOfAsync(() => world.SayAsync(world.Bruno, "Still loud")));
        Assert.Equal(Refusal.Muted, await World.RefusalOfAsync(() => world.Conversations.EditAsync(world.Bruno, "welding", said.Seq, "Louder")));
        Assert.Equal(Refusal.Muted, await World.RefusalOfAsync(() => world.Conversations.ReactAsync(world.Bruno, "welding", said.Seq, "👍", on: true)));
        Assert.Equal((true, false, Refusal.Muted), Standing((await world.Conversations.FindAsync(world.Bruno, "welding")).Standing));
        await world.SayAsync(world.Bruno, "Elsewhere I may", room: world.Direct);
        // Leaving and coming back is no way around.
        var rooms = new Rooms(world.Db, world.Feed, world.Clock);
        await rooms.LeaveAsync(world.Bruno, "welding");
        await rooms.JoinAsync(world.Bruno, "welding");
        Assert.Equal(Refusal.Muted, await World.RefusalOfAsync(() => world.SayAsync(world.Bruno, "Back")));
        world.Clock.Advance(TimeSpan.FromDays(3));
        await world.SayAsync(world.Bruno, "Quietly");

        static (bool, bool, Refusal?) Standing(Standing s) => (s.MayRead, s.MayPost, s.WhyNot);
    }

    [Theory, OnBothDatabases]
    public async Task Who_is_banned_finds_no_room_until_the_end_and_open_pages_end_at_once(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var ends = Channel.CreateUnbounded<AccessEnded>();
        var told = Channel.CreateUnbounded<MembersNoticed>();
        using var ending = world.Feed.Subscribe<AccessEnded>(fact => ends.Writer.WriteAsync(fact));
        using var telling = world.Feed.Subscribe<MembersNoticed>(fact => told.Writer.WriteAsync(fact));
        var said = await world.SayAsync(world.Bruno, "Very rude");
        var room = (await world.Conversations.FindAsync(world.Bruno, "welding")).Id;
        var id = await HoldAsync(world, said.Seq, MemberMeasure.Banned, 7);

        Assert.Equal(new AccessEnded(2, room, AccessEndedReason.Banned), await ends.Reader.ReadAsync().AsTask().WaitAsync(Patience.Enough));
        Assert.Equal((2, NoticeKind.Moderation, (long)id), (await told.Reader.ReadAsync().AsTask().WaitAsync(Patience.Enough)).Notices.Select(n => (n.MemberId, n.Kind, n.Seq)).Single());
        var rooms = new Rooms(world.Db, world.Feed, world.Clock);
        await Assert.ThrowsAsync<NotFoundException>(() => world.Conversations.OpenAsync(world.Bruno, "welding"));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Conversations.ChangesAsync(world.Bruno, "welding", 0));
        await Assert.ThrowsAsync<NotFoundException>(() => world.SayAsync(world.Bruno, "Again"));
        await Assert.ThrowsAsync<NotFoundException>(() => rooms.JoinAsync(world.Bruno, "welding"));
        Assert.Equal(Refusal.BannedFromRoom, await World.RefusalOfAsync(() => rooms.InviteAsync(world.Anna, "welding", "bruno")));
        Assert.Empty((await rooms.ListAsync(world.Bruno, mine: false, 1)).Rooms);
        Assert.Empty((await new MessageSearch(world.Db, world.Log).FindAsync(world.Bruno, "rude")).Messages);
        await world.SayAsync(world.Anna, "What did @bruno say?");
        Assert.Empty(await world.InDbAsync(async db => await Task.FromResult(db.Mentions.ToList())));

        world.Clock.Advance(TimeSpan.FromDays(7));
        Assert.Single((await rooms.ListAsync(world.Bruno, mine: false, 1)).Rooms);
        await rooms.JoinAsync(world.Bruno, "welding");
        await world.SayAsync(world.Bruno, "I am sorry");
    }

    [Theory, OnBothDatabases]
    public async Task The_longest_of_several_decisions_holds_and_a_new_one_replaces_its_own_former_one(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var (first, second) = (await world.SayAsync(world.Bruno, "One"), await world.SayAsync(world.Bruno, "Two"));
        await HoldAsync(world, first.Seq, MemberMeasure.Muted, 30);
        await HoldAsync(world, second.Seq, MemberMeasure.Muted, 1);
        world.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(Refusal.Muted, await World.RefusalOfAsync(() => world.SayAsync(world.Bruno, "Three")));

        var seen = await world.Decisions.FindAsync(world.Carla, "welding", first.Seq);
        await world.Decisions.DecideAsync(world.Carla, "welding", first.Seq, Rulings.Of(seen, MessageMeasure.Left));
        await world.SayAsync(world.Bruno, "Three");
    }
}
