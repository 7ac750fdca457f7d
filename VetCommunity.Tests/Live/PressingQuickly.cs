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
}
