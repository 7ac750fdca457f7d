using Microsoft.AspNetCore.SignalR;
using VetCommunity.App.Conversations;
using VetCommunity.Core;
using VetCommunity.Core.Live;

namespace VetCommunity.App.Live;

/// <summary>
/// Sends all who watch a session what is on the stage now: read once a change, rendered once a language. What differs from reader to reader is decided in the page.
/// </summary>
sealed class StageNews : IHostedService
{
    // A slide is to be there at once; what many do in the same moment is shown together.
    static readonly TimeSpan Window = TimeSpan.FromMilliseconds(50);
    readonly Feed _feed;
    readonly Watchers _watchers;
    readonly Stages _stages;
    readonly StageRenderer _renderer;
    readonly IHubContext<ConversationsHub> _hub;
    readonly Gathering<bool> _gathering;
    IDisposable? _listening;

    public StageNews(Feed feed, Watchers watchers, Stages stages, StageRenderer renderer, IHubContext<ConversationsHub> hub, TimeProvider clock, ILogger<StageNews> log)
    {
        (_feed, _watchers, _stages, _renderer, _hub) = (feed, watchers, stages, renderer, hub);
        _gathering = new(Window, (conversation, _) => TellAsync(conversation), clock, log);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listening = _feed.Subscribe<SessionChanged>(fact =>
        {
            _gathering.Add(fact.ConversationId, true);
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
        var pages = _watchers.Views(conversation).Where(view => View.Language(view) is not null).ToList();
        if (pages.Count == 0 || await _stages.OfRoomAsync(Actor.Operator, conversation) is not { } state)
            return;
        foreach (var view in pages)
            await _hub.Clients.Group(Fanout.Group(conversation, view)).SendAsync("StageChanged",
                new { conversation = state.Room, version = state.Version, html = await _renderer.HtmlAsync(state, View.Language(view)!) });
    }
}
