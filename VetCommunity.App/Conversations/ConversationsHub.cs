using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.SignalR;
using VetCommunity.App.Live;
using VetCommunity.App.Members;
using VetCommunity.App.Noticing;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Live;

namespace VetCommunity.App.Conversations;

/// <summary>The hub of the contract. Rights are judged in Core at every call.</summary>
[Authorize]
sealed class ConversationsHub(
    AllConversations conversations, Polls polls, ReadMarkers markers, Drafts drafts, Watchers watchers, Typists typists, Fanout fanout, MessageRenderer renderer,
    NoticeRing notices, Meshes meshes) : Hub
{
    Actor Actor => CurrentActor.Of(Context.User!);

    public override Task OnConnectedAsync()
    {
        watchers.Connected(Context, CurrentActor.Holder(Context.User!));
        if (Actor.IsMember)
            notices.RingBack(Actor.MemberId);
        return Task.CompletedTask;
    }

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        foreach (var conversation in watchers.Disconnected(Context.ConnectionId))
            fanout.PresenceChanged(conversation);
        meshes.Disconnected(Context.ConnectionId);
        return Task.CompletedTask;
    }

    public async Task<object> Open(string conversation, long? afterSeq, string? view)
    {
        var seen = View.Of(view);
        int? followed = null;
        try
        {
            var opened = await conversations.OpenAsync(Actor, conversation ?? "", afterSeq, found =>
            {
                followed = found.Id;
                return FollowAsync(found, seen);
            }, Context.ConnectionAborted);
            return new { opened.Conversation, opened.Title, opened.LastSeq, opened.Version, Messages = await ShownAsync(opened.Messages, seen), opened.HasMore };
        }
        catch when (followed is not null)
        {
            await UnfollowAsync(followed.Value);
            throw;
        }
    }

    public async Task<object> Older(string conversation, long beforeSeq, string? view)
    {
        var page = await conversations.OlderAsync(Actor, conversation ?? "", beforeSeq, cancel: Context.ConnectionAborted);
        return new { Messages = await ShownAsync(page.Messages, View.Of(view)), page.HasMore };
    }

    public async Task<object> Changes(string conversation, long afterVersion, string? view)
    {
        var page = await conversations.ChangesAsync(Actor, conversation ?? "", afterVersion, Context.ConnectionAborted);
        if (View.Language(View.Of(view)) is not { } language)
            return new { page.Version, page.Limited, Events = page.Changes.Select(Wire.Told).ToList() };
        return new { page.Version, page.Limited, Events = await renderer.FragmentsAsync(page.Changes, language) };
    }

    /// <summary>How many messages are unread in each of the caller's conversations that has any: for a page that was away.</summary>
    public async Task<object> Unread() =>
        (await markers.UnreadAsync(Actor, Context.ConnectionAborted)).ToDictionary(one => one.Conversation, one => one.Count, StringComparer.Ordinal);

    public async Task Leave(string conversation)
    {
        var found = await conversations.FindAsync(Actor, conversation ?? "", Context.ConnectionAborted);
        await UnfollowAsync(found.Id);
    }

    public async Task<object> Post(WirePost post)
    {
        // Not cancelled with the connection: what arrived is stored, and a repeated post finds it.
        var receipt = await conversations.PostAsync(Actor,
            new(post.Conversation ?? "", post.ClientKey ?? "", post.Topic, post.Markdown ?? "", post.ReplyToSeq, post.Attachments, post.Poll?.Wanted, Language: post.Language));
        typists.Sent(receipt.ConversationId, Actor.Handle);
        return new { receipt.Seq, receipt.SentAt, receipt.Duplicate };
    }

    public Task Edit(WireEdit edit) => conversations.EditAsync(Actor, edit.Conversation ?? "", edit.Seq, edit.Markdown ?? "");

    public Task Delete(WireDelete delete) => conversations.DeleteAsync(Actor, delete.Conversation ?? "", delete.Seq);

    public Task SetLanguage(WireLanguage said) => conversations.SetLanguageAsync(Actor, said.Conversation ?? "", said.Seq, said.Language ?? "");

    public Task React(WireReact react) => conversations.ReactAsync(Actor, react.Conversation ?? "", react.Seq, react.Emoji ?? "", react.On);

    public Task<object> Vote(WireVote vote) => MineAfterAsync(vote.Conversation, vote.Seq, polls.VoteAsync(Actor, vote.Conversation ?? "", vote.Seq, vote.Choices));

    public Task<object> Withdraw(WirePollAct act) => MineAfterAsync(act.Conversation, act.Seq, polls.WithdrawAsync(Actor, act.Conversation ?? "", act.Seq));

    public Task EndPoll(WirePollAct act) => polls.EndAsync(Actor, act.Conversation ?? "", act.Seq);

    /// <summary>A poll as the caller may see it: the result of one for voters is in nobody's message.</summary>
    public Task<object> MyPoll(string conversation, long seq) => MineAfterAsync(conversation, seq, Task.CompletedTask);

    public async Task Typing(string conversation)
    {
        var found = await conversations.FindAsync(Actor, conversation ?? "", Context.ConnectionAborted);
        if (!found.Standing.MayPost)
            return;
        var (handles, more) = typists.Types(found.Id, Actor.Handle);
        fanout.Tell(found.Id, "TypingChanged", new { conversation = found.Address, handles, more }, Context.ConnectionId);
    }

    // The last words of a page that is left: stored although the connection ends.
    public Task MarkRead(string conversation, long seq) => markers.MarkReadAsync(Actor, conversation ?? "", seq);

    /// <summary>Shows something at the stage of a session, without a word.</summary>
    public Task StageReact(WireStageReact shown, [FromServices] StageReactions reactions) =>
        reactions.ShowAsync(Actor, shown.Session ?? "", Enum.TryParse<StageReaction>(shown.Reaction, out var reaction) ? reaction : default, Context.ConnectionAborted);

    /// <summary>Hears, as a guest of a session, what is on its stage: of its room and all else nothing.</summary>
    [GuestsToo]
    public async Task WatchStage(string session, string? language, [FromServices] Guests guests)
    {
        var guest = GuestCookie.Of(Context.User!)?.Actor ?? throw new NotFoundException("session");
        var (room, view) = (await guests.StageAsync(guest, session ?? "", Context.ConnectionAborted), View.OfStage(language));
        if (watchers.Leave(Context.ConnectionId, room) is { } before && before != view)
            await fanout.RemoveAsync(Context.ConnectionId, room, before);
        await AddAsync(room, view);
        watchers.Open(Context.ConnectionId, room, view);
    }

    /// <summary>Keeps what is typed and not sent; empty takes it away.</summary>
    public Task Draft(string conversation, string? markdown, string? topic, long? replyToSeq) =>
        drafts.SaveAsync(Actor, conversation ?? "", markdown ?? "", topic, replyToSeq);

    /// <summary>Comes in with sound and picture; with the name of a place that one had before a cut, comes back to it.</summary>
    public Task<object> JoinMedia(string session, string? resume) => meshes.JoinAsync(Actor, Context.ConnectionId, session ?? "", resume, Context.ConnectionAborted);

    /// <summary>Passes on to one other browser what it needs to find a way to this one.</summary>
    public Task SignalMedia(WireSignal signal) => meshes.SignalAsync(Actor, Context.ConnectionId, signal, Context.ConnectionAborted);

    public Task SetMedia(WireMedia state) => meshes.SetAsync(Actor, Context.ConnectionId, state, Context.ConnectionAborted);

    public Task MuteMedia(string session, string peer) => meshes.MuteAsync(Actor, Context.ConnectionId, session ?? "", peer, Context.ConnectionAborted);

    public Task RemoveMedia(string session, string peer) => meshes.RemoveAsync(Actor, Context.ConnectionId, session ?? "", peer, Context.ConnectionAborted);

    // The last word of a page that is left.
    public Task LeaveMedia(string session) => meshes.LeaveAsync(Actor, Context.ConnectionId, session ?? "", CancellationToken.None);

    async Task UnfollowAsync(int conversation)
    {
        if (watchers.Leave(Context.ConnectionId, conversation) is { } view)
            await fanout.RemoveAsync(Context.ConnectionId, conversation, view);
        fanout.PresenceChanged(conversation);
    }

    async Task FollowAsync(FoundConversation found, string view)
    {
        if (watchers.Leave(Context.ConnectionId, found.Id) is { } before && before != view)
            await fanout.RemoveAsync(Context.ConnectionId, found.Id, before);
        await AddAsync(found.Id, view);
        // Watched first: what nobody watches is not followed for long.
        watchers.Open(Context.ConnectionId, found.Id, view);
        fanout.Follow(found);
        fanout.PresenceChanged(found.Id);
    }

    async Task AddAsync(int conversation, string view)
    {
        await Groups.AddToGroupAsync(Context.ConnectionId, Fanout.Group(conversation, view), Context.ConnectionAborted);
        if (!watchers.HasLine(Context.ConnectionId))
            await Groups.AddToGroupAsync(Context.ConnectionId, Fanout.GroupWithoutLine(conversation, view), Context.ConnectionAborted);
    }

    async Task<object> MineAfterAsync(string? room, long seq, Task act)
    {
        await act;
        var mine = await polls.MineAsync(Actor, room ?? "", seq);
        return new { mine.Chosen, Poll = WirePoll.Of(mine.Poll) };
    }

    async Task<object> ShownAsync(IReadOnlyList<PostedMessage> messages, string view) => View.Language(view) is { } language
        ? await renderer.FragmentsAsync(messages, language)
        : messages.Select(Wire.Of).ToList();
}
