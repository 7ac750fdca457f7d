using VetCommunity.Core;
using VetCommunity.Core.Learning;
using VetCommunity.Core.Live;
using Xunit;

namespace VetCommunity.Tests.Live;

/// <summary>What people show without a word, and who has not been heard at all.</summary>
public class BeingHeard
{
    [Theory, OnBothDatabases]
    public async Task Reactions_are_counted_by_heads_and_pass(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        await live.Sessions.RegisterAsync(live.Olga, live.Slug);
        var reactions = new StageReactions(live.World.Db, live.World.Feed, live.World.Clock);
        Assert.Equal(Refusal.SessionNotBegun, await World.RefusalOfAsync(() => reactions.ShowAsync(live.Bruno, live.Slug, StageReaction.Yes)));
        await live.Stages.StartAsync(live.Anna, live.Slug);
        var room = (await live.StateAsync()).RoomId;
        Assert.Null(reactions.OfRoom(Actor.Operator, room));

        await Task.WhenAll(Enumerable.Range(0, 50).Select(n => Task.Run(() => reactions.ShowAsync(n % 2 == 0 ? live.Bruno : live.Olga, live.Slug, StageReaction.Applause))));
        await reactions.ShowAsync(live.Anna, live.Slug, StageReaction.Yes);
        Assert.Equal((2, 1, 0), Now());
        live.World.Clock.Advance(StageReactions.Lasts / 2);
        await reactions.ShowAsync(live.Bruno, live.Slug, StageReaction.Applause);
        live.World.Clock.Advance(StageReactions.Lasts / 2);
        Assert.Equal((1, 0, 0), Now());
        live.World.Clock.Advance(StageReactions.Lasts / 2);
        // Whoever looks first takes the end from nobody.
        Assert.Equal((0, 0, 0), Now());
        Assert.Equal((0, 0, 0), Now());

        foreach (var other in (Actor[])[live.World.Ada, Actor.Visitor, Actor.Operator])
            await Assert.ThrowsAsync<NotFoundException>(() => reactions.ShowAsync(other, live.Slug, StageReaction.Yes));
        await Assert.ThrowsAsync<NotFoundException>(() => reactions.ShowAsync(live.Bruno, live.Slug, (StageReaction)99));
        await Assert.ThrowsAsync<NotFoundException>(() => reactions.ShowAsync(live.Bruno, "nosuch", StageReaction.Yes));
        Assert.Throws<NotFoundException>(() => reactions.OfRoom(live.Anna, room));
        await live.Stages.EndAsync(live.Anna, live.Slug);
        Assert.Equal(Refusal.SessionOver, await World.RefusalOfAsync(() => reactions.ShowAsync(live.Bruno, live.Slug, StageReaction.Yes)));

        (int, int, int) Now() => reactions.OfRoom(Actor.Operator, room) is { } now ? (now.Of(StageReaction.Applause), now.Of(StageReaction.Yes), now.Of(StageReaction.Slower)) : (-1, -1, -1);
    }

    [Theory, OnBothDatabases]
    public async Task Whoever_was_not_heard_in_any_way_is_listed_and_who_asked_without_a_name_is_not_found_out(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        await live.WriteAsync("# One\n\n::: question text\nid: why\nWhy?\n:::");
        await live.Sessions.RegisterAsync(live.Olga, live.Slug);
        await live.Sessions.RegisterAsync(live.World.Ada, live.Slug);
        var quiet = new QuietPeople(live.World.Db);
        var room = (await live.StateAsync()).Room;
        await live.World.Conversations.PostAsync(live.Bruno, new(room, "early", null, "Before it begins"));
        Assert.Empty((await quiet.ListAsync(live.Anna, live.Slug, _ => [1, 2, 3, 4, 5], 1)).People);
        live.World.Clock.Advance(TimeSpan.FromMinutes(1));
        await live.Stages.StartAsync(live.Anna, live.Slug);

        // Those who lead are in no such list, nor who is not here.
        Assert.Equal(["Ada Klein", "Bruno Weiß", "Όλγα Νικολάου"], await NamesAsync());
        Assert.Equal((1, 1), await quiet.ListAsync(live.Carla, live.Slug, _ => [live.Bruno.MemberId], 1) is var one ? (one.People.Count, one.Count) : default);
        Assert.Equal((0, 3), await quiet.ListAsync(live.Carla, live.Slug, _ => [1, 2, 3, 4, 5], 2) is var second ? (second.People.Count, second.Count) : default);

        await live.Audience.AllowAnonymousAsync(live.Anna, live.Slug, allowed: true);
        await live.Audience.AskAsync(live.Olga, live.Slug, "Secretly", anonymous: true);
        await live.Audience.WithdrawAsync(live.Olga, live.Slug, await live.Audience.AskAsync(live.Olga, live.Slug, "Not so", anonymous: false));
        await live.Stages.HandAsync(live.Olga, live.Slug, up: true);
        Assert.Equal(["Ada Klein", "Bruno Weiß", "Όλγα Νικολάου"], await NamesAsync());
        await live.Stages.GiveFloorAsync(live.Anna, live.Slug, "olga");
        Assert.Equal(["Ada Klein", "Bruno Weiß"], await NamesAsync());
        var said = await live.World.Conversations.PostAsync(live.Bruno, new(room, "k", null, "Here"));
        Assert.Equal(["Ada Klein"], await NamesAsync());
        await live.World.Conversations.DeleteAsync(live.Bruno, room, said.Seq);
        Assert.Equal(["Ada Klein", "Bruno Weiß"], await NamesAsync());
        await live.Audience.AskAsync(live.Bruno, live.Slug, "Openly", anonymous: false);
        await live.Questions.OpenAsync(live.Anna, live.Slug, "why");
        await live.Questions.AnswerAsync(live.World.Ada, live.Slug, (await live.StateAsync()).Question!.Number, Answer.Written("So"));
        Assert.Empty(await NamesAsync());

        foreach (var other in (Actor[])[live.Bruno, live.World.Ada, Actor.Visitor, Actor.Operator])
            await Assert.ThrowsAsync<NotFoundException>(() => quiet.ListAsync(other, live.Slug, _ => [], 1));

        async Task<string[]> NamesAsync() => [.. (await quiet.ListAsync(live.Anna, live.Slug, _ => [1, 2, 3, 4, 5], 1)).People.Select(person => person.Name)];
    }
}
