using System.Globalization;
using Microsoft.AspNetCore.SignalR;
using VetCommunity.App.Conversations;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Members;
using VetCommunity.Core.Noticing;

namespace VetCommunity.App.Noticing;

/// <summary>
/// Tells connected members at once when somebody names them, writes to them alone, or writes in a topic that they follow and had read.
/// What is unread is stored; this is only the call.
/// </summary>
sealed class Bell(Feed feed, Watchers watchers, Calls calls, IHubContext<ConversationsHub> hub, TimeProvider clock, ILogger<Bell> log) : IHostedService
{
    static readonly TimeSpan Window = TimeSpan.FromSeconds(1);
    IDisposable? _listening;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var posted = new Gathering<Change>(Window, RingAsync, clock, log);
        _listening = feed.Subscribe<ConversationChanged>(fact =>
        {
            foreach (var change in fact.Changes.Where(change => change.Kind == ChangeKind.Posted))
                posted.Add(fact.ConversationId, change);
            return ValueTask.CompletedTask;
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _listening?.Dispose();
        return Task.CompletedTask;
    }

    async Task RingAsync(int conversation, IReadOnlyList<Change> posted)
    {
        var called = await calls.OfAsync(Actor.Operator, conversation,
            [.. posted.Select(change => new NewlyPosted(change.Message.Seq, change.Message.Author.Handle, change.Mentioned ?? []))], watchers.Elsewhere(conversation));
        var messages = posted.ToDictionary(change => change.Message.Seq, change => change.Message);
        var connected = watchers.OfMembers(called.Calls.Select(call => call.MemberId).ToHashSet());
        foreach (var (member, seq, kind) in called.Calls)
        {
            if (connected[member].FirstOrDefault() is not { } watcher || !watcher.Actor.May(Act.TakePart))
                continue;
            var message = messages[seq];
            var isDirect = called.Kind == ConversationKind.Direct;
            await hub.Clients.User(member.ToString(CultureInfo.InvariantCulture)).SendAsync("Notice", new
            {
                kind = Word(kind),
                conversation = called.Conversation,
                title = isDirect ? message.Author.Name : called.Title,
                seq,
                author = message.Author.Name,
                address = (isDirect ? "/conversations/" : "/rooms/") + called.Conversation,
            });
        }
    }

    static string Word(CallKind kind) => kind switch
    {
        CallKind.Mention => "mention",
        CallKind.Direct => "direct",
        CallKind.Follow => "follow",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no word for this call"),
    };
}
