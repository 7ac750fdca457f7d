using VetCommunity.App.Members;
using Xunit;

namespace VetCommunity.Tests.Members;

public sealed class TakingTurns
{
    [Fact]
    public async Task Passwords_are_hashed_on_half_of_the_processors_and_one_that_fails_gives_its_turn_on()
    {
        using HashingTurns turns = new();
        var cancel = TestContext.Current.CancellationToken;
        var ends = Enumerable.Range(0, HashingTurns.AtOnce + 2).Select(_ => new TaskCompletionSource<int>()).ToList();
        List<int> begun = [];
        var all = ends.Select((end, number) => turns.TakeAsync(() =>
        {
            begun.Add(number);
            return end.Task;
        }, cancel)).ToList();
        Assert.Equal(Enumerable.Range(0, HashingTurns.AtOnce), begun);

        ends[0].SetException(new InvalidOperationException("wrong"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => all[0]);
        foreach (var end in ends.Skip(1))
            end.SetResult(7);

        Assert.All(await Task.WhenAll(all.Skip(1)), one => Assert.Equal(7, one));
        Assert.Equal(Enumerable.Range(0, ends.Count), begun.Order());
    }

    [Fact]
    public async Task Who_gives_up_waiting_takes_no_turn()
    {
        using HashingTurns turns = new();
        var end = new TaskCompletionSource<int>();
        var held = Enumerable.Range(0, HashingTurns.AtOnce).Select(_ => turns.TakeAsync(() => end.Task, TestContext.Current.CancellationToken)).ToList();
        using var leaving = new CancellationTokenSource();
        var waiting = turns.TakeAsync(() => Task.FromResult(1), leaving.Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        end.SetResult(7);
        await Task.WhenAll(held);
        Assert.Equal(2, await turns.TakeAsync(() => Task.FromResult(2), TestContext.Current.CancellationToken));
    }
}
