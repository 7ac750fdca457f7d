using Microsoft.Extensions.Logging.Abstractions;
using VetCommunity.App.Conversations;
using Xunit;

namespace VetCommunity.Tests.Conversations;

public sealed class TellingAgain
{
    [Fact]
    public async Task What_could_not_be_told_is_told_again_together_with_what_came_meanwhile_and_once()
    {
        List<string> told = [];
        var over = new TaskCompletionSource();
        Gathering<int> gathering = null!;
        gathering = new(TimeSpan.FromSeconds(1), (room, things) =>
        {
            told.Add($"{room}: {string.Join(' ', things)}");
            if (told.Count == 1)
                gathering.Add(7, 2);
            if (told.Count <= 2)
                throw new InvalidOperationException("busy");
            if (told.Count == 3)
                gathering.Add(7, 3);
            else
                over.SetResult();
            return Task.CompletedTask;
        }, new AtOnce(), NullLogger.Instance);

        gathering.Add(7, 1);

        await over.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal(["7: 1", "7: 1 2", "7: 1 2", "7: 3"], told);
    }

    [Fact]
    public async Task What_never_goes_well_is_given_up_and_the_next_thing_is_told_all_the_same()
    {
        List<string> told = [];
        var over = new TaskCompletionSource();
        Gathering<int> gathering = null!;
        gathering = new(TimeSpan.FromSeconds(1), (_, things) =>
        {
            told.Add(string.Join(' ', things));
            if (things.Contains(2) && !things.Contains(1))
            {
                over.SetResult();
                return Task.CompletedTask;
            }
            // The sixth time is the last.
            if (told.Count == 6)
                gathering.Add(7, 2);
            throw new InvalidOperationException("busy");
        }, new AtOnce(), NullLogger.Instance);

        gathering.Add(7, 1);

        await over.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal([.. Enumerable.Repeat("1", 6), "2"], told);
    }

    /// <summary>Nobody waits.</summary>
    sealed class AtOnce : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
