using System.Globalization;
using Microsoft.AspNetCore.SignalR;
using VetCommunity.App.Conversations;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Members;
using VetCommunity.Core.Noticing;

namespace VetCommunity.App.Noticing;

/// <summary>Says a word on the open pages of members who were just told of something, unless they want none of this kind or these are their quiet hours.</summary>
sealed class Bell(Feed feed, Watchers watchers, NoticeWishes wishes, IHubContext<ConversationsHub> hub) : IHostedService
{
    // Of what came while nobody was there the list tells; at once one reads no more than this.
    const int MostAtOnce = 3;
    IDisposable? _listening;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _listening = feed.Subscribe<MembersNoticed>(RingAsync);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _listening?.Dispose();
        return Task.CompletedTask;
    }

    async ValueTask RingAsync(MembersNoticed fact)
    {
        var connected = watchers.OfMembers(fact.Notices.Select(notice => notice.MemberId).ToHashSet())
            .Select(one => one.First().Actor).Where(actor => actor.May(Act.TakePart)).ToDictionary(actor => actor.MemberId, actor => actor.TimeZone);
        if (connected.Count == 0)
            return;
        var words = await wishes.WordsForAsync(Actor.Operator, connected);
        foreach (var one in fact.Notices.Where(notice => words.TryGetValue(notice.MemberId, out var wanted) && wanted.HasFlag(notice.Kind))
            .GroupBy(notice => notice.MemberId).SelectMany(member => member.Take(MostAtOnce)))
        {
            var isDirect = one.In == ConversationKind.Direct;
            var address = one.In switch
            {
                null => "/notices",
                ConversationKind.Room => "/rooms/" + one.Conversation,
                _ => "/conversations/" + one.Conversation,
            };
            await hub.Clients.User(one.MemberId.ToString(CultureInfo.InvariantCulture)).SendAsync("Notice", new
            {
                kind = one.Kind.ToString().ToLowerInvariant(),
                conversation = one.Conversation,
                title = isDirect ? one.By : one.Title,
                // Said behind the sentence: a room's title stands in it.
                about = one.In is null ? one.Title : "",
                seq = one.Seq,
                author = one.By,
                address,
                // A topic's address may change; the list knows it.
                link = NoticeKinds.AddressOf(one.Kind, one.Seq) ?? one.Kind switch
                {
                    NoticeKind.Invitation => address,
                    NoticeKind.YourTurn => address + "/hours",
                    NoticeKind.BridgeAsked or NoticeKind.BridgeAnswered => string.Create(CultureInfo.InvariantCulture, $"{address}/messages/{one.Seq}/translations"),
                    NoticeKind.Outcome => "/notices",
                    _ => string.Create(CultureInfo.InvariantCulture, $"{address}/messages/{one.Seq}"),
                },
            });
        }
    }
}
