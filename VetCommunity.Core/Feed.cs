using System.Collections.Immutable;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace VetCommunity.Core;

/// <summary>
/// Carries facts from Core to whoever listens in this process. Each subscriber has a queue of its own, read by a task of its own
/// in the culture and context of the moment it subscribed: a slow or broken one hurts nobody. A fact is a hint: who missed one
/// reads the database.
/// </summary>
public sealed class Feed(ILogger<Feed> log)
{
    const int Waiting = 10_000;
    ImmutableArray<Subscription> _subscriptions = [];

    /// <summary>How many listen; a test sees by it that a closed page leaves nothing behind.</summary>
    public int Subscribers => _subscriptions.Length;

    /// <summary>Tells every subscriber of <typeparamref name="T"/>. Never waits, never throws.</summary>
    public void Publish<T>(T fact) where T : class
    {
        foreach (var subscription in _subscriptions)
            subscription.Offer(fact);
    }

    /// <summary>Listens until disposed. An exception of the listener is logged and the next fact is delivered all the same.</summary>
    /// <param name="listen">Called for one fact after the other.</param>
    public IDisposable Subscribe<T>(Func<T, ValueTask> listen) where T : class
    {
        var subscription = new Subscription<T>(this, listen);
        ImmutableInterlocked.Update(ref _subscriptions, (all, one) => all.Add(one), subscription);
        return subscription;
    }

    abstract class Subscription
    {
        public abstract void Offer(object fact);
    }

    sealed class Subscription<T> : Subscription, IDisposable where T : class
    {
        readonly Feed _feed;
        readonly Channel<T> _queue = Channel.CreateBounded<T>(
            new BoundedChannelOptions(Waiting) { SingleReader = true, FullMode = BoundedChannelFullMode.DropOldest });

        public Subscription(Feed feed, Func<T, ValueTask> listen)
        {
            _feed = feed;
            _ = Task.Run(() => ReadAsync(listen));
        }

        public override void Offer(object fact)
        {
            if (fact is T wanted)
                _queue.Writer.TryWrite(wanted);
        }

        public void Dispose()
        {
            ImmutableInterlocked.Update(ref _feed._subscriptions, (all, one) => all.Remove(one), this);
            _queue.Writer.TryComplete();
        }

        async Task ReadAsync(Func<T, ValueTask> listen)
        {
            await foreach (var fact in _queue.Reader.ReadAllAsync())
            {
                try
                {
                    await listen(fact);
                }
                catch (Exception error)
                {
                    _feed.Failed(error, typeof(T).Name);
                }
            }
        }
    }

    void Failed(Exception error, string fact) => log.LogError(error, "A listener of {Fact} failed", fact);
}
