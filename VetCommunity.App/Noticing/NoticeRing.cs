using System.Globalization;
using Microsoft.AspNetCore.SignalR;
using VetCommunity.App.Conversations;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Noticing;

namespace VetCommunity.App.Noticing;

/// <summary>Keeps the number at the bell of every open page true: at once, and then once a second, with one question for all of them.</summary>
sealed class NoticeRing : IHostedService
{
    static readonly TimeSpan Window = TimeSpan.FromSeconds(1);
    readonly Feed _feed;
    readonly Watchers _watchers;
    readonly Notices _notices;
    readonly IHubContext<ConversationsHub> _hub;
    readonly Gathering<int> _gathering;
    IDisposable[] _listening = [];

    public NoticeRing(Feed feed, Watchers watchers, Notices notices, IHubContext<ConversationsHub> hub, TimeProvider clock, ILogger<NoticeRing> log)
    {
        (_feed, _watchers, _notices, _hub) = (feed, watchers, notices, hub);
        _gathering = new(Window, (_, members) => TellAsync(members), clock, log);
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listening = [
            _feed.Subscribe<MembersNoticed>(fact => RingAsync(fact.Notices.Select(notice => notice.MemberId))),
            _feed.Subscribe<NoticesRead>(fact => RingAsync([fact.MemberId])),
            _feed.Subscribe<MarkedRead>(fact => RingAsync([fact.MemberId])),
            _feed.Subscribe<InvolvementChanged>(fact => RingAsync([fact.MemberId]))];
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        foreach (var one in _listening)
            one.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>A page has come, or come back: what it shows may be old.</summary>
    public void RingBack(int member) => _gathering.Add(0, member);

    ValueTask RingAsync(IEnumerable<int> members)
    {
        foreach (var member in members.Distinct())
            _gathering.Add(0, member);
        return ValueTask.CompletedTask;
    }

    async Task TellAsync(IReadOnlyList<int> members)
    {
        var connected = _watchers.OfMembers(members.ToHashSet()).Select(one => one.Key).ToList();
        if (connected.Count == 0)
            return;
        foreach (var (member, unread) in await _notices.UnreadOfAsync(Actor.Operator, connected))
            await _hub.Clients.User(member.ToString(CultureInfo.InvariantCulture)).SendAsync("NoticesChanged", new { unread });
    }
}
