using VetCommunity.Core;

namespace VetCommunity.App.Conversations;

/// <summary>
/// Sends all who watch a conversation how what stands beside its messages is now: read once a change, rendered once a language. What differs from reader to reader is decided in the page.
/// </summary>
abstract class BoardNews<TFact, TState>(TimeSpan window, Feed feed, Watchers watchers, Broadcast broadcast, TimeProvider clock, ILogger log) : IHostedService
    where TFact : class
    where TState : class
{
    IDisposable? _listening;

    /// <summary>The event by which pages hear of it.</summary>
    protected abstract string Event { get; }

    /// <summary>Whether it stands on the stage of a session, which guests see, too.</summary>
    protected virtual bool IsOnStage => false;

    protected abstract int ConversationOf(TFact fact);

    /// <summary>How it stands; null where there is nothing beside this conversation.</summary>
    protected abstract Task<TState?> ReadAsync(int conversation);

    /// <summary>What the pages in a language are told.</summary>
    protected abstract Task<object> ToldAsync(TState state, string language);

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var gathering = new Gathering<bool>(window, (conversation, _) => TellAsync(conversation), clock, log);
        _listening = feed.Subscribe<TFact>(fact =>
        {
            gathering.Add(ConversationOf(fact), true);
            return ValueTask.CompletedTask;
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _listening?.Dispose();
        return Task.CompletedTask;
    }

    async Task TellAsync(int conversation)
    {
        var pages = (IsOnStage ? watchers.AllViews(conversation) : watchers.Views(conversation)).Where(view => View.StageLanguage(view) is not null).ToList();
        if (pages.Count == 0 || await ReadAsync(conversation) is not { } state)
            return;
        foreach (var view in pages)
            await broadcast.SendAsync(conversation, view, Event, await ToldAsync(state, View.StageLanguage(view)!));
    }
}
