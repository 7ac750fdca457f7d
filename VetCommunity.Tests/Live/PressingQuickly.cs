using VetCommunity.App.Shell;
using Xunit;

namespace VetCommunity.Tests.Live;

public sealed class PressingQuickly
{
    [Fact]
    public async Task What_is_pressed_while_something_is_being_done_is_done_after_it_in_its_order_even_where_that_failed()
    {
        InOrder deeds = new();
        var (closing, opening, isOpening) = (new TaskCompletionSource(), new TaskCompletionSource(), new TaskCompletionSource());
        List<string> begun = [];
        var closed = deeds.DoAsync(() => Begin("close", closing.Task));
        var opened = deeds.DoAsync(() =>
        {
            isOpening.SetResult();
            return Begin("open", opening.Task);
        });
        var shown = deeds.DoAsync(() => Begin("show", Task.CompletedTask));
        Assert.Equal(["close"], begun);

        closing.SetException(new InvalidOperationException("closing"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => closed);
        await isOpening.Task.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal(["close", "open"], begun);
        Assert.False(shown.IsCompleted);

        opening.SetResult();
        await Task.WhenAll(opened, shown);
        Assert.Equal(["close", "open", "show"], begun);

        Task Begin(string name, Task end)
        {
            begun.Add(name);
            return end;
        }
    }

    [Fact]
    public async Task Who_asks_while_it_is_read_gets_what_is_read_afterwards_together_with_all_who_ask_meanwhile()
    {
        var (value, shown, reads) = ("old", "", 0);
        var first = new TaskCompletionSource();
        Reading reading = new(async () =>
        {
            var read = value;
            if (++reads == 1)
                await first.Task;
            shown = read;
        });
        var before = reading.AgainAsync();
        value = "new";
        var after = Enumerable.Range(0, 5).Select(_ => reading.AgainAsync()).ToList();
        Assert.Equal(("", 1), (shown, reads));

        first.SetResult();
        await before;
        await Task.WhenAll(after);
        Assert.Equal(("new", 2), (shown, reads));

        value = "newest";
        await reading.AgainAsync();
        Assert.Equal(("newest", 3), (shown, reads));
    }

    [Fact]
    public async Task A_reading_that_failed_is_made_again_for_the_next_who_asked()
    {
        var (reads, first) = (0, new TaskCompletionSource());
        Reading reading = new(() => ++reads == 1 ? first.Task : Task.CompletedTask);
        var (failed, next) = (reading.AgainAsync(), reading.AgainAsync());
        first.SetException(new InvalidOperationException("busy"));
        await Assert.ThrowsAsync<InvalidOperationException>(() => failed);
        await next;
        Assert.Equal(2, reads);
    }

    [Fact]
    public async Task However_many_ask_within_the_window_it_is_read_once_and_those_who_ask_later_are_served_anew()
    {
        var (clock, reads) = (new HeldClock(), 0);
        Reading reading = new(() =>
        {
            reads++;
            return Task.CompletedTask;
        });
        var cancel = TestContext.Current.CancellationToken;
        var first = reading.SoonAsync(TimeSpan.FromSeconds(1), clock, cancel);
        Assert.False(await reading.SoonAsync(TimeSpan.FromSeconds(1), clock, cancel));
        Assert.Equal(0, reads);
        clock.Pass();
        Assert.True(await first);
        Assert.Equal(1, reads);

        var later = reading.SoonAsync(TimeSpan.FromSeconds(1), clock, cancel);
        clock.Pass();
        Assert.True(await later);
        Assert.Equal(2, reads);
    }

    /// <summary>Its timers are due when the test says so.</summary>
    sealed class HeldClock : TimeProvider
    {
        readonly List<Action> _waiting = [];

        public void Pass()
        {
            foreach (var due in _waiting.ToList())
                due();
            _waiting.Clear();
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _waiting.Add(() => callback(state));
            return base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }
}
