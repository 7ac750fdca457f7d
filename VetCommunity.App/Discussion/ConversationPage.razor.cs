using System.Globalization;
using Microsoft.AspNetCore.Components;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Texts;

namespace VetCommunity.App.Discussion;

/// <summary>A room or a direct conversation: readable and writable without script; with it, live.</summary>
public sealed partial class ConversationPage(AllConversations conversations, Rooms rooms, Drafts drafts, NavigationManager navigation) : ComponentBase
{
    readonly string _key = Guid.NewGuid().ToString("N");
    OpenedConversation? _opened;
    FoundConversation? _found;
    IReadOnlyList<TopicRow> _topics = [];
    TopicRow? _topic;
    PostedMessage? _editing;
    PostedMessage? _replyTo;
    Draft? _draft;
    long _firstUnread = -1;
    bool _hasOlder;
    string? _refusal;

    [Parameter] public string? Room { get; set; }
    [Parameter] public string? TopicSlug { get; set; }
    [Parameter] public int? Direct { get; set; }
    [SupplyParameterFromQuery] public long? Before { get; set; }
    [SupplyParameterFromQuery] public long? Reply { get; set; }
    [SupplyParameterFromQuery] public long? Edit { get; set; }
    [CascadingParameter] public HttpContext Http { get; set; } = null!;

    string Name => Room ?? Direct!.Value.ToString(CultureInfo.InvariantCulture);
    bool IsRoom => _opened!.Kind == ConversationKind.Room;
    string Address => IsRoom ? "/rooms/" + Uri.EscapeDataString(_opened!.Conversation) : "/conversations/" + _opened!.Conversation;
    string Here => _topic is null ? Address : Address + "/" + Uri.EscapeDataString(_topic.Slug);
    string? Markdown => Posted("markdown");
    string? PostedTopic => Posted("topic");

    protected override async Task OnInitializedAsync()
    {
        var cancel = Http.RequestAborted;
        try
        {
            _found = await conversations.FindAsync(Current.Actor, Name, cancel);
            // Each kind has one address: a direct conversation is no room, and the other way round.
            if ((_found.Kind == ConversationKind.Room) != (Room is not null && !IsNumber(Room)))
                throw new NotFoundException("conversation");
            if (TopicSlug is not null && await rooms.TopicAddressAsync(Current.Actor, Name, TopicSlug, cancel) is var present && present != TopicSlug)
            {
                navigation.NavigateTo($"/rooms/{Uri.EscapeDataString(Name)}/{Uri.EscapeDataString(present)}");
                return;
            }
            await LoadAsync(cancel);
        }
        catch (NotFoundException)
        {
            _opened = null;
            Http.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }

    async Task LoadAsync(CancellationToken cancel)
    {
        _opened = await conversations.OpenAsync(Current.Actor, Name, topicSlug: TopicSlug, cancel: cancel);
        _hasOlder = _opened.HasOlder;
        if (Before is { } before)
        {
            var page = await conversations.OlderAsync(Current.Actor, Name, before, TopicSlug, cancel);
            _opened = _opened with { Messages = page.Messages };
            _hasOlder = page.HasMore;
        }
        _topics = IsRoom ? await rooms.TopicsAsync(Current.Actor, Name, cancel) : [];
        _topic = _topics.FirstOrDefault(t => t.Slug == TopicSlug);
        _draft = await drafts.FindAsync(Current.Actor, _opened.Id, cancel);
        var read = _opened.Standing.LastReadSeq;
        _firstUnread = _opened.Standing.IsMember
            ? _opened.Messages.FirstOrDefault(m => m.Seq > read && m.Author.Handle != Current.Actor.Handle)?.Seq ?? -1
            : -1;
        _editing = await OneAsync(Edit, cancel) is { DeletedAt: null } mine && mine.Author.Handle == Current.Actor.Handle ? mine : null;
        _replyTo = await OneAsync(Reply, cancel);
    }

    async Task<PostedMessage?> OneAsync(long? seq, CancellationToken cancel) => seq is { } wanted
        ? (await conversations.OlderAsync(Current.Actor, Name, wanted + 1, cancel: cancel)).Messages.LastOrDefault(m => m.Seq == wanted)
        : null;

    Task PostAsync() => TryAsync(async () =>
    {
        await conversations.PostAsync(Current.Actor, new(Name, Posted("key") ?? "", Posted("topic"), Markdown ?? "", NumberOf("reply")));
        await drafts.SaveAsync(Current.Actor, Name, "", null, null);
        navigation.NavigateTo(Here);
    });

    Task EditAsync() => TryAsync(async () =>
    {
        var seq = NumberOf("seq") ?? 0;
        await conversations.EditAsync(Current.Actor, Name, seq, Markdown ?? "");
        navigation.NavigateTo($"{Here}#m-{seq}");
    });

    Task ActAsync() => TryAsync(async () =>
    {
        if (Posted("join") is not null)
            await rooms.JoinAsync(Current.Actor, Name);
        if (Posted("leave") is not null)
        {
            await rooms.LeaveAsync(Current.Actor, Name);
            navigation.NavigateTo("/rooms");
            return;
        }
        if (NumberOf("delete") is { } seq)
            await conversations.DeleteAsync(Current.Actor, Name, seq);
        if (Posted("react")?.Split(' ', 2) is [var number, var emoji] && long.TryParse(number, CultureInfo.InvariantCulture, out var reacted))
        {
            var given = (await OneAsync(reacted, Http.RequestAborted))?.Reactions.Any(r => r.Emoji == emoji && r.Handles.Contains(Current.Actor.Handle)) == true;
            await conversations.ReactAsync(Current.Actor, Name, reacted, emoji, !given);
        }
        navigation.NavigateTo(Here);
    });

    async Task TryAsync(Func<Task> act)
    {
        if (_opened is null)
            return;
        try
        {
            await act();
        }
        catch (RefusedException refused)
        {
            _refusal = Sentences.For(refused.Refusal, refused.Arguments, CultureInfo.CurrentUICulture);
        }
        catch (NotFoundException)
        {
            _opened = null;
            Http.Response.StatusCode = StatusCodes.Status404NotFound;
        }
    }

    string? Posted(string field) => Http.Request.HasFormContentType && Http.Request.Form.TryGetValue(field, out var value) ? value.ToString() : null;

    long? NumberOf(string field) => long.TryParse(Posted(field), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    static bool IsNumber(string name) => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
