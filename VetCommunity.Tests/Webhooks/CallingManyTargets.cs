using Microsoft.Extensions.Logging.Abstractions;
using VetCommunity.App.Webhooks;
using Xunit;

namespace VetCommunity.Tests.Webhooks;

public class CallingManyTargets
{
    [Fact]
    public async Task Four_are_called_at_once_and_each_of_them_for_one_thing_at_a_time()
    {
        await using var world = await WebhookWorld.OpenAsync(Database.Sqlite);
        var (counting, now, most) = (new Lock(), 0, 0);
        var four = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var receiver = await Receiver.OpenAsync(async _ =>
        {
            lock (counting)
            {
                most = Math.Max(most, ++now);
                if (now == 4)
                    four.TrySetResult();
            }
            await four.Task;
            lock (counting)
                now--;
        });
        foreach (var number in Enumerable.Range(1, 6))
            await world.ListenAsync(name: FormattableString.Invariant($"Number {number}"), target: receiver.Address.ToString());
        using var calls = new TargetCalls(world.Addresses, world.Seal, TimeProvider.System);
        using var rounds = new WebhookRounds(world.Queue, calls, world.World.Feed, NullLogger<WebhookRounds>.Instance);
        await rounds.StartAsync(CancellationToken.None);
        await world.World.SayAsync(world.World.Bruno, "One");
        await world.World.SayAsync(world.World.Bruno, "Two");

        List<string> heard = [];
        for (var number = 0; number < 12; number++)
            heard.Add((await receiver.HearAsync()).Data.GetProperty("markdown").GetString()!);

        await rounds.StopAsync(CancellationToken.None);
        Assert.Equal(4, most);
        Assert.Equal((6, 6), (heard.Count(text => text == "One"), heard.Count(text => text == "Two")));
        Assert.True(receiver.HeardAll);
    }
}
