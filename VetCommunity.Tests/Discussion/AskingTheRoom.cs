using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Discussion;
using Xunit;

namespace VetCommunity.Tests.Discussion;

public class AskingTheRoom
{
    static readonly string[] Days = ["Monday", "Tuesday", "Friday"];

    static async Task<PostedMessage> MessageAsync(World world, long seq, Core.Actor? reader = null) =>
        (await world.Conversations.OpenAsync(reader ?? world.Olga, "welding", seq - 1)).Messages[0];

    static async Task<int?[]> VotesAsync(World world, long seq) => [.. (await MessageAsync(world, seq)).Poll!.Options.Select(option => option.Votes)];

    [Theory, OnBothDatabases]
    public async Task A_question_that_is_sent_twice_is_one_poll(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var first = await world.AskAsync(world.Anna, ["  Monday ", "", "Tuesday\n", "Friday"], key: "once");
        var second = await world.AskAsync(world.Anna, Days, key: "once");

        Assert.Equal(first, second);
        Assert.Equal(1, await world.InDbAsync(db => db.Polls.CountAsync()));
        var poll = (await MessageAsync(world, first)).Poll!;
        Assert.Equal([(1, "Monday"), (2, "Tuesday"), (3, "Friday")], poll.Options.Select(option => (option.Number, option.Text)));
    }

    [Theory, OnBothDatabases]
    public async Task A_vote_counts_once_may_be_changed_and_is_taken_back(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var seq = await world.AskAsync(world.Anna, Days);
        await world.Polls.VoteAsync(world.Anna, "welding", seq, [1]);
        var version = await world.Polls.VoteAsync(world.Bruno, "welding", seq, [1]);
        Assert.Equal(version, await world.Polls.VoteAsync(world.Bruno, "welding", seq, [1]));
        Assert.Equal([2, 0, 0], await VotesAsync(world, seq));

        await world.Polls.VoteAsync(world.Bruno, "welding", seq, [3]);
        Assert.Equal([1, 0, 1], await VotesAsync(world, seq));
        Assert.Equal([3], (await world.Polls.MineAsync(world.Bruno, "welding", seq)).Chosen);
        Assert.Empty((await world.Polls.MineAsync(world.Olga, "welding", seq)).Chosen);

        await world.Polls.WithdrawAsync(world.Bruno, "welding", seq);
        Assert.Equal([1, 0, 0], await VotesAsync(world, seq));
        Assert.Equal((1, "anna"), ((await MessageAsync(world, seq)).Poll!.Voters, (await MessageAsync(world, seq)).Poll!.Options[0].Voters.Single().Handle));
    }

    [Theory, OnBothDatabases]
    public async Task Several_may_be_chosen_where_the_poll_says_so(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var seq = await world.AskAsync(world.Anna, Days, several: true);
        await world.Polls.VoteAsync(world.Bruno, "welding", seq, [3, 1, 1]);
        await world.Polls.VoteAsync(world.Anna, "welding", seq, [1]);
        Assert.Equal([2, 0, 1], await VotesAsync(world, seq));
        Assert.Equal(2, (await MessageAsync(world, seq)).Poll!.Voters);
    }

    [Theory, OnBothDatabases]
    public async Task A_poll_that_is_none_is_refused_and_nothing_is_posted(Database database)
    {
        await using var world = await World.OpenAsync(database);
        foreach (var (options, refusal) in ((string[], Refusal)[])[
            ([], Refusal.PollOptionCount), (["Yes"], Refusal.PollOptionCount), (["Yes", " "], Refusal.PollOptionCount),
            ([.. Enumerable.Range(1, 11).Select(i => $"Day {i}")], Refusal.PollOptionCount),
            (["Yes", "No", " yes "], Refusal.PollOptionTwice), (["Yes", new('x', 201)], Refusal.PollOptionTooLong)])
            Assert.Equal(refusal, await World.RefusalOfAsync(() => world.AskAsync(world.Anna, options)));
        Assert.Equal(Refusal.EmptyText, await World.RefusalOfAsync(() => world.AskAsync(world.Anna, Days, text: " ")));
        Assert.Equal(Refusal.BadChoice, await World.RefusalOfAsync(() => world.AskAsync(world.Anna, Days, results: (PollResults)9)));
        Assert.Equal(Refusal.PollEndsTooEarly, await World.RefusalOfAsync(() => world.AskAsync(world.Anna, Days, endsAt: world.Clock.GetUtcNow())));
        Assert.Equal(Refusal.PollsInRooms, await World.RefusalOfAsync(() => world.AskAsync(world.Anna, Days, room: world.Direct)));
        Assert.Equal(Refusal.JoinFirst, await World.RefusalOfAsync(() => world.AskAsync(world.Olga, Days)));
        await Assert.ThrowsAsync<NotFoundException>(() => world.AskAsync(world.Olga, Days, room: "board"));
        Assert.Equal((0, 0), (await world.InDbAsync(db => db.Messages.CountAsync()), await world.InDbAsync(db => db.Polls.CountAsync())));

        await world.AskAsync(world.Anna, [.. Enumerable.Range(1, 10).Select(i => new string((char)('a' + i), 200))]);
    }

    [Theory, OnBothDatabases]
    public async Task A_vote_that_may_not_be_is_refused_and_counts_nothing(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var seq = await world.AskAsync(world.Anna, Days);
        var plain = (await world.SayAsync(world.Anna, "No poll")).Seq;
        Assert.Equal(Refusal.PollNothingChosen, await World.RefusalOfAsync(() => world.Polls.VoteAsync(world.Bruno, "welding", seq, [])));
        Assert.Equal(Refusal.PollOneChoice, await World.RefusalOfAsync(() => world.Polls.VoteAsync(world.Bruno, "welding", seq, [1, 2])));
        foreach (var number in (int[])[0, -1, 4, 11, 32, 33, int.MaxValue, int.MinValue])
            Assert.Equal(Refusal.PollChoiceUnknown, await World.RefusalOfAsync(() => world.Polls.VoteAsync(world.Bruno, "welding", seq, [number])));
        Assert.Equal(Refusal.JoinFirst, await World.RefusalOfAsync(() => world.Polls.VoteAsync(world.Olga, "welding", seq, [1])));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Polls.VoteAsync(world.Bruno, "welding", plain, [1]));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Polls.VoteAsync(world.Bruno, "welding", 99, [1]));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Polls.MineAsync(world.Bruno, "welding", plain));

        var closed = await world.AskAsync(world.Anna, Days, room: "board");
        await Assert.ThrowsAsync<NotFoundException>(() => world.Polls.VoteAsync(world.Bruno, "board", closed, [1]));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Polls.MineAsync(world.Bruno, "board", closed));

        await new Rooms(world.Db, world.Feed, world.Clock).LeaveAsync(world.Bruno, "welding");
        Assert.Equal(Refusal.JoinFirst, await World.RefusalOfAsync(() => world.Polls.VoteAsync(world.Bruno, "welding", seq, [1])));
        Assert.Equal(0, await world.InDbAsync(db => db.Votes.CountAsync()));
    }

    [Theory, OnBothDatabases]
    public async Task After_the_end_nobody_votes_whether_somebody_told_of_it_or_not(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var seq = await world.AskAsync(world.Anna, Days, results: PollResults.AfterEnd, endsAt: world.Clock.GetUtcNow() + TimeSpan.FromMinutes(5));
        await world.Polls.VoteAsync(world.Bruno, "welding", seq, [2]);
        world.Clock.Advance(TimeSpan.FromMinutes(5));
        foreach (var late in (Func<Task>[])[() => world.Polls.VoteAsync(world.Anna, "welding", seq, [1]), () => world.Polls.WithdrawAsync(world.Bruno, "welding", seq)])
            Assert.Equal(Refusal.PollEnded, await World.RefusalOfAsync(late));
        Assert.Equal([null, null, null], await VotesAsync(world, seq));

        var before = (await world.Conversations.OpenAsync(world.Olga, "welding")).Version;
        Assert.Equal(1, await world.Polls.EndDueAsync(Core.Actor.Operator));
        Assert.Equal(0, await world.Polls.EndDueAsync(Core.Actor.Operator));
        Assert.Equal([0, 1, 0], await VotesAsync(world, seq));
        Assert.Equal(before + 1, (await world.Conversations.OpenAsync(world.Olga, "welding")).Version);
        var poll = (await MessageAsync(world, seq)).Poll!;
        Assert.Equal(poll.EndsAt, poll.EndedAt);
        await Assert.ThrowsAsync<NotFoundException>(() => world.Polls.EndDueAsync(world.Carla));
    }

    [Theory, OnBothDatabases]
    public async Task Who_asked_and_moderators_end_it_early_and_nobody_else(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var (mine, theirs) = (await world.AskAsync(world.Bruno, Days), await world.AskAsync(world.Anna, Days));
        Assert.Equal(Refusal.NotYourPoll, await World.RefusalOfAsync(() => world.Polls.EndAsync(world.Bruno, "welding", theirs)));
        Assert.Equal(Refusal.NotYourPoll, await World.RefusalOfAsync(() => world.Polls.EndAsync(world.Olga, "welding", theirs)));
        var version = await world.Polls.EndAsync(world.Bruno, "welding", mine);
        await world.Polls.EndAsync(world.Carla, "welding", theirs);
        Assert.Equal(version, await world.Polls.EndAsync(world.Anna, "welding", mine));
        Assert.Equal(Refusal.PollEnded, await World.RefusalOfAsync(() => world.Polls.VoteAsync(world.Bruno, "welding", mine, [1])));
        Assert.Equal([(mine, 2), (theirs, 3)], await world.InDbAsync(db => db.Polls.OrderBy(p => p.Seq).Select(p => new ValueTuple<long, int>(p.Seq, p.EndedById!.Value)).ToListAsync()));
    }

    [Theory, OnBothDatabases]
    public async Task Results_for_voters_are_in_nobodys_message_before_the_end(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var seq = await world.AskAsync(world.Anna, Days, results: PollResults.AfterVote);
        await world.Polls.VoteAsync(world.Bruno, "welding", seq, [2]);

        var told = JsonSerializer.Serialize((await world.Conversations.ChangesAsync(world.Bruno, "welding", 0)).Changes);
        Assert.DoesNotContain("\"Votes\":1", told, StringComparison.Ordinal);
        Assert.DoesNotContain("bruno", told, StringComparison.Ordinal);
        Assert.True((await world.Polls.MineAsync(world.Anna, "welding", seq)).Poll.IsHidden);
        Assert.Equal(1, (await world.Polls.MineAsync(world.Anna, "welding", seq)).Poll.Voters);
        var seen = (await world.Polls.MineAsync(world.Bruno, "welding", seq)).Poll;
        Assert.Equal((1, "bruno"), (seen.Options[1].Votes, seen.Options[1].Voters.Single().Handle));

        await world.Polls.WithdrawAsync(world.Bruno, "welding", seq);
        Assert.True((await world.Polls.MineAsync(world.Bruno, "welding", seq)).Poll.IsHidden);
        await world.Polls.EndAsync(world.Anna, "welding", seq);
        Assert.Equal([0, 0, 0], await VotesAsync(world, seq));
    }

    [Theory, OnBothDatabases]
    public async Task A_secret_vote_is_told_to_nobody(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var seq = await world.AskAsync(world.Anna, Days, secret: true);
        await world.Polls.VoteAsync(world.Bruno, "welding", seq, [2]);
        await world.Polls.VoteAsync(world.Bruno, "welding", seq, [3]);
        foreach (var reader in (Core.Actor[])[world.Anna, world.Carla, world.Ada, world.Olga])
        {
            Assert.DoesNotContain("bruno", JsonSerializer.Serialize(await world.Conversations.OpenAsync(reader, "welding")), StringComparison.Ordinal);
            Assert.DoesNotContain("bruno", JsonSerializer.Serialize(await world.Conversations.ChangesAsync(reader, "welding", 0)), StringComparison.Ordinal);
            Assert.DoesNotContain("bruno", JsonSerializer.Serialize(await world.Polls.MineAsync(reader, "welding", seq)), StringComparison.Ordinal);
        }
        Assert.Equal([0, 0, 1], await VotesAsync(world, seq));
        Assert.Equal([1, null, null], await world.InDbAsync(db => db.ConversationEvents.OrderBy(e => e.Version).Select(e => e.ActorId).ToListAsync()));
    }

    [Theory, OnBothDatabases]
    public async Task Deleting_the_message_takes_the_poll_and_the_votes_away(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var seq = await world.AskAsync(world.Anna, Days, endsAt: world.Clock.GetUtcNow() + TimeSpan.FromMinutes(1));
        await world.Polls.VoteAsync(world.Bruno, "welding", seq, [2]);
        await world.Conversations.DeleteAsync(world.Anna, "welding", seq);
        Assert.Null((await MessageAsync(world, seq)).Poll);
        Assert.Equal((0, 0), (await world.InDbAsync(db => db.Polls.CountAsync()), await world.InDbAsync(db => db.Votes.CountAsync())));
        Assert.Equal(Refusal.MessageDeleted, await World.RefusalOfAsync(() => world.Polls.VoteAsync(world.Bruno, "welding", seq, [2])));
        world.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(0, await world.Polls.EndDueAsync(Core.Actor.Operator));
    }

    [Theory, OnBothDatabases]
    public async Task What_can_be_chosen_is_found_as_long_as_it_can_be_read(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var search = new Core.Search.MessageSearch(world.Db, world.Log);
        var seq = await world.AskAsync(world.Anna, ["Plasma cutter", "Angle grinder"], text: "Which machine?", topic: "Tools");
        await FindsAsync(1);
        await world.Conversations.EditAsync(world.Anna, "welding", seq, "Which machine shall we buy?");
        await FindsAsync(1);
        await world.Topics.RenameAsync(world.Anna, "welding", "tools", "Machines");
        await FindsAsync(1);
        Assert.Contains("grinder", string.Concat((await search.FindAsync(world.Bruno, "machine grind")).Messages.Single().Snippet.Select(part => part.Text)), StringComparison.Ordinal);
        await world.Conversations.DeleteAsync(world.Anna, "welding", seq);
        await FindsAsync(0);

        async Task FindsAsync(int count) => Assert.Equal(count, (await search.FindAsync(world.Bruno, "plasma")).Messages.Count);
    }
}
