using Microsoft.AspNetCore.SignalR;
using VetCommunity.App.Conversations;
using VetCommunity.Core;
using VetCommunity.Core.OfficeHours;

namespace VetCommunity.App.OfficeHours;

/// <summary>
/// Sends all who watch a room how its queue stands now: read once a change, rendered once a language. What differs from reader to reader is decided in the page.
/// </summary>
sealed class HoursNews : IHostedService
{
    // Many who join in the same moment are shown together.
    static readonly TimeSpan Window = TimeSpan.FromMilliseconds(250);
    readonly Feed _feed;
    readonly Watchers _watchers;
    readonly Queues _queues;
    readonly HoursRenderer _renderer;
    readonly IHubContext<ConversationsHub> _hub;
    readonly Gathering<bool> _gathering;
    IDisposable? _listening;

    public HoursNews(Feed feed, Watchers watchers, Queues queues, HoursRenderer renderer, IHubContext<ConversationsHub> hub, TimeProvider clock, ILogger<HoursNews> log)
    {
        (_feed, _watchers, _queues, _renderer, _hub) = (feed, watchers, queues, renderer, hub);
        _gathering = new(Window, (conversation, _) => TellAsync(conversation), clock, log);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listening = _feed.Subscribe<OfficeHoursChanged>(fact =>
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
        if (pages.Count == 0 || await _queues.StateAsync(Actor.Operator, conversation) is not { } state)
            return;
        foreach (var view in pages)
            await _hub.Clients.Group(Fanout.Group(conversation, view)).SendAsync("HoursChanged",
                new { conversation = state.Address, html = await _renderer.HtmlAsync(state, View.Language(view)!) });
    }
}
