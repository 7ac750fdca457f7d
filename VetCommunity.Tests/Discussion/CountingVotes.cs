using CsCheck;
using VetCommunity.Core;
using Xunit;

namespace VetCommunity.Tests.Discussion;

public class CountingVotes
{
    const int Options = 4;

    static readonly Gen<(int Who, int Bits)[]> Votes = Gen.Select(Gen.Int[0, 3], Gen.Int[0, (1 << Options) - 1]).Array[1, 40];

    [Theory, OnBothDatabases]
    public async Task Whatever_happens_the_last_vote_of_each_is_counted(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await new Core.Discussion.Rooms(world.Db, world.Feed, world.Clock).JoinAsync(world.Carla, "welding");
        await new Core.Discussion.Rooms(world.Db, world.Feed, world.Clock).JoinAsync(world.Olga, "welding");
        Core.Actor[] voters = [world.Anna, world.Bruno, world.Carla, world.Olga];
        var round = 0;
        await Votes.SampleAsync(async votes =>
        {
            var (several, secret) = (round % 2 == 0, round++ % 3 == 0);
            var seq = await world.AskAsync(world.Anna, ["North", "East", "South", "West"], several, secret);
            Dictionary<int, int[]> last = [];
            foreach (var (who, bits) in votes)
            {
                int[] choices = [.. Enumerable.Range(1, Options).Where(number => (bits & (1 << (number - 1))) != 0)];
                try
                {
                    await (choices.Length == 0 ? world.Polls.WithdrawAsync(voters[who], "welding", seq) : world.Polls.VoteAsync(voters[who], "welding", seq, choices));
                    last[who] = choices;
                }
                catch (RefusedException refused)
                {
                    Assert.Equal((Refusal.PollOneChoice, false), (refused.Refusal, several));
                }
            }

            var poll = (await world.Conversations.OpenAsync(world.Anna, "welding", seq - 1)).Messages[0].Poll!;
            Assert.Equal(last.Values.Count(choices => choices.Length > 0), poll.Voters);
            foreach (var option in poll.Options)
            {
                var chose = last.Where(vote => vote.Value.Contains(option.Number)).Select(vote => voters[vote.Key].Handle).Order(StringComparer.Ordinal).ToList();
                Assert.Equal(chose.Count, option.Votes);
                Assert.Equal(secret ? [] : chose, option.Voters.Select(voter => voter.Handle).Order(StringComparer.Ordinal));
            }
        }, iter: 40, threads: 1);
    }

    [Theory, OnBothDatabases]
    public async Task Many_who_vote_at_once_are_all_counted_and_a_double_click_is_one(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var seq = await world.AskAsync(world.Anna, ["Yes", "No"]);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() =>
            world.Polls.VoteAsync(i % 2 == 0 ? world.Anna : world.Bruno, "welding", seq, [i % 2 == 0 ? 1 : 2]))));
        var opened = await world.Conversations.OpenAsync(world.Bruno, "welding");
        Assert.Equal([1, 1], opened.Messages[0].Poll!.Options.Select(option => option.Votes));
        Assert.Equal(3, opened.Version);
    }
}
