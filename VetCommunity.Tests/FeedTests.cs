using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using VetCommunity.Core;
using Xunit;

namespace VetCommunity.Tests;

public sealed class FeedTests
{
    sealed record Said(int Number);

    sealed record Other;

    readonly Feed _feed = new(NullLogger<Feed>.Instance);

    [Fact]
    public async Task A_broken_listener_hurts_nobody_and_hears_the_next_fact()
    {
        var heard = Channel.CreateUnbounded<int>();
        var survived = Channel.CreateUnbounded<int>();
        using var broken = _feed.Subscribe<Said>(async fact =>
        {
            await survived.Writer.WriteAsync(fact.Number);
            throw new InvalidOperationException("broken");
        });
        using var sound = _feed.Subscribe<Said>(fact => heard.Writer.WriteAsync(fact.Number));
        for (var i = 0; i < 3; i++)
            _feed.Publish(new Said(i));
        Assert.Equal([0, 1, 2], await TakeAsync(heard, 3));
        Assert.Equal([0, 1, 2], await TakeAsync(survived, 3));
    }

    [Fact]
    public async Task A_listener_who_never_ends_holds_nobody_up()
    {
        var heard = Channel.CreateUnbounded<int>();
        using var stuck = _feed.Subscribe<Said>(_ => new(Task.Delay(Timeout.Infinite, TestContext.Current.CancellationToken)));
        using var sound = _feed.Subscribe<Said>(fact => heard.Writer.WriteAsync(fact.Number));
        for (var i = 0; i < 100; i++)
            _feed.Publish(new Said(i));
        Assert.Equal(Enumerable.Range(0, 100), await TakeAsync(heard, 100));
    }

    [Fact]
    public void A_listener_is_gone_after_dispose()
    {
        var listening = _feed.Subscribe<Said>(_ => ValueTask.CompletedTask);
        Assert.Equal(1, _feed.Subscribers);
        listening.Dispose();
        listening.Dispose();
        Assert.Equal(0, _feed.Subscribers);
        _feed.Publish(new Said(1));
    }

    [Fact]
    public async Task A_listener_hears_only_the_facts_it_asked_for()
    {
        var heard = Channel.CreateUnbounded<int>();
        using var listening = _feed.Subscribe<Said>(fact => heard.Writer.WriteAsync(fact.Number));
        _feed.Publish(new Other());
        _feed.Publish(new Said(7));
        Assert.Equal([7], await TakeAsync(heard, 1));
    }

    static async Task<List<int>> TakeAsync(Channel<int> heard, int count)
    {
        List<int> taken = [];
        while (taken.Count < count)
            taken.Add(await heard.Reader.ReadAsync().AsTask().WaitAsync(Patience.Enough));
        return taken;
    }
}
