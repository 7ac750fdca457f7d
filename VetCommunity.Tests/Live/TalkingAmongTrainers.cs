using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Discussion;
using Xunit;

namespace VetCommunity.Tests.Live;

/// <summary>The channel of those who lead a session.</summary>
public class TalkingAmongTrainers
{
    static async Task<string> RoomAsync(LiveWorld live, Actor? who = null) => (await live.Sessions.FindAsync(who ?? live.Anna, live.Slug)).TrainersRoom!;

    static Task<PostReceipt> SayAsync(LiveWorld live, Actor who, string room, string words) => live.World.Conversations.PostAsync(who, new(room, words, null, words));

    [Theory, OnBothDatabases]
    public async Task Exactly_those_who_lead_are_in_it(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var room = await RoomAsync(live);
        Assert.Equal(room, await RoomAsync(live, live.Carla));
        await SayAsync(live, live.Carla, room, "Slower, please");

        // Nobody else is taken in, and nobody goes who leads.
        var rooms = new Rooms(live.World.Db, live.World.Feed, live.World.Clock);
        Assert.Equal(Refusal.TrainersRoomFits, await World.RefusalOfAsync(() => rooms.InviteAsync(live.Anna, room, "@olga")));
        Assert.Equal(Refusal.TrainersRoomFits, await World.RefusalOfAsync(() => rooms.LeaveAsync(live.Carla, room)));
        // Who takes part finds neither the room nor its address.
        Assert.Null((await live.Sessions.FindAsync(live.Bruno, live.Slug)).TrainersRoom);
        foreach (var other in (Actor[])[live.Bruno, live.Olga, Actor.Visitor])
        {
            await Assert.ThrowsAsync<NotFoundException>(() => live.World.Conversations.FindAsync(other, room));
            await Assert.ThrowsAsync<NotFoundException>(() => SayAsync(live, other, room, "x"));
        }

        await live.Sessions.NameAsync(live.Anna, live.Slug, "@bruno", leads: true);
        await SayAsync(live, live.Bruno, room, "Here too");
        await live.Sessions.NameAsync(live.Anna, live.Slug, "@carla", leads: false);
        Assert.Null((await live.Sessions.FindAsync(live.Carla, live.Slug)).TrainersRoom);
        await Assert.ThrowsAsync<NotFoundException>(() => SayAsync(live, live.Carla, room, "Still?"));
        await live.Sessions.LeaveAsync(live.Bruno, live.Slug);
        await Assert.ThrowsAsync<NotFoundException>(() => SayAsync(live, live.Bruno, room, "Still?"));
        // It is the same one, with what was said, whoever comes next.
        await live.Sessions.NameAsync(live.Anna, live.Slug, "@olga", leads: true);
        Assert.Equal(room, await RoomAsync(live, live.Olga));
        await SayAsync(live, live.Olga, room, "Hello");
    }

    [Theory, OnBothDatabases]
    public async Task Who_leads_alone_has_none_and_it_is_called_as_its_session_is(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var alone = await live.Sessions.PlanAsync(live.Anna, live.Plan, "alone");
        Assert.Null((await live.Sessions.FindAsync(live.Anna, alone)).TrainersRoom);

        var seen = await live.Sessions.FindAsync(live.Anna, live.Slug);
        await live.Sessions.ChangeAsync(live.Anna, live.Slug, live.Plan with { Title = new string('w', 100) }, seen.Session.Revision);
        var room = await live.World.Conversations.FindAsync(live.Anna, seen.TrainersRoom!);
        Assert.Equal("Trainers: " + new string('w', 89) + "…", room.Title);
    }
}
