using System.Data.Common;
using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using VetCommunity.App.Conversations;
using VetCommunity.App.Limiting;
using VetCommunity.App.Shell;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Moderation;
using VetCommunity.Core.Noticing;
using VetCommunity.Core.OfficeHours;
using VetCommunity.Core.Texts;

namespace VetCommunity.App.Discussion;

/// <summary>A room or a direct conversation: readable and writable without script; with it, live.</summary>
public sealed partial class ConversationPage(
    AllConversations conversations, Rooms rooms, Topics topics, Polls polls, Drafts drafts, Notices notices, NavigationManager navigation,
    ILogger<ConversationPage> log) : ComponentBase
{
    // More than that is not opened at once; a link leads to its beginning.
    const int UnreadAtOnce = 200;
    readonly string _key = Guid.NewGuid().ToString("N");
    OpenedConversation? _opened;
    FoundConversation? _found;
    IReadOnlyList<TopicRow> _topics = [];
    TopicState? _topic;
    IReadOnlyList<PinnedMessage> _pins = [];
    RoomCalls _calls;
    HoursSeen? _hours;
    PostedMessage? _editing;
    PostedMessage? _replyTo;
    Draft? _draft;
    long _firstUnread = -1;
    bool _hasOlder;
    bool _unreadFar;
    string? _refusal;
    bool _voted;
    IReadOnlyDictionary<long, MyPoll> _mine = new Dictionary<long, MyPoll>();
    readonly List<PostedAttachment> _attached = [];
    IReadOnlyList<RefusedFile> _refusedFiles = [];

    [Parameter] public string? Room { get; set; }
    [Parameter] public string? TopicSlug { get; set; }
    [Parameter] public int? Direct { get; set; }
    [SupplyParameterFromQuery] public long? Before { get; set; }
    [SupplyParameterFromQuery] public long? Reply { get; set; }
    [SupplyParameterFromQuery] public long? Edit { get; set; }
    [Inject] HubGate Gate { get; set; } = null!;
    [Inject] Readings Readings { get; set; } = null!;
    [Inject] FormFiles Files { get; set; } = null!;
    [Inject] Pins Pins { get; set; } = null!;
    [Inject] NoticeWishes Wishes { get; set; } = null!;
    [Inject] Queues Queues { get; set; } = null!;
    [CascadingParameter] public HttpContext Http { get; set; } = null!;

    string Name => Room ?? Direct!.Value.ToString(CultureInfo.InvariantCulture);
    bool IsRoom => _opened!.Kind == ConversationKind.Room;
    string Address => IsRoom ? "/rooms/" + Uri.EscapeDataString(_opened!.Conversation) : "/conversations/" + _opened!.Conversation;
    string Here => _topic is null ? Address : Address + "/" + Uri.EscapeDataString(_topic.Slug);
    // Whoever has no place here has nothing unread.
    long LastRead => _opened!.Standing.IsMember ? _opened.Standing.LastReadSeq : _opened.LastSeq;
    // A vote is refused where it was given, and what was written stays without blame.
    string? PollRefused => _voted ? _refusal : null;
    string? Refused => _voted ? null : _refusal ?? (ExpiredForms.Came(Http) ? Text["FormExpired", Current.Actor.Name].Value : null);
    string? Markdown => Posted("markdown");
    string? PostedTopic => Posted("topic");

    protected override async Task OnInitializedAsync()
    {
        var cancel = Http.RequestAborted;
        // What somebody wrote is taken however many read.
        if (HttpMethods.IsGet(Http.Request.Method))
            await Readings.BeginAsync(Http);
        _found = await conversations.FindAsync(Current.Actor, Name, cancel);
        // Each kind has one address: a direct conversation is no room, and the other way round.
        if ((_found.Kind == ConversationKind.Room) != (Room is not null && !IsNumber(Room)))
            throw new NotFoundException("conversation");
        _topic = TopicSlug is null ? null : await topics.FindAsync(Current.Actor, Name, TopicSlug, cancel);
        if (_topic is { } topic && topic.Slug != TopicSlug)
        {
            navigation.NavigateTo($"/rooms/{Uri.EscapeDataString(Name)}/{Uri.EscapeDataString(topic.Slug)}");
            return;
        }
        await LoadAsync(cancel);
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
        else
        {
            await LoadUnreadAsync(cancel);
        }
        List<long> asked = [.. _opened.Messages.Where(m => m.Poll is not null).Select(m => m.Seq)];
        if (asked.Count > 0)
            _mine = await polls.MineAsync(Current.Actor, Name, asked, cancel);
        _topics = IsRoom ? await topics.ListAsync(Current.Actor, Name, cancel) : [];
        _pins = IsRoom ? await Pins.ListAsync(Current.Actor, Name, cancel) : [];
        _hours = IsRoom ? await Queues.SeeAsync(Current.Actor, Name, cancel) : null;
        _calls = IsRoom ? await Wishes.InAsync(Current.Actor, _opened.Id, cancel) : default;
        await notices.VisitedAsync(Current.Actor, _opened.Id, TopicSlug, cancel);
        _draft = await drafts.FindAsync(Current.Actor, _opened.Id, cancel);
        _firstUnread = _opened.Messages.FirstOrDefault(m => m.Seq > LastRead && m.Author.Handle != Current.Actor.Handle)?.Seq ?? -1;
        _editing = await OneAsync(Edit, cancel) is { IsGone: false } mine && mine.Author.Handle == Current.Actor.Handle ? mine : null;
        _replyTo = await OneAsync(Reply ?? NumberOf("reply"), cancel);
    }

    // The page begins at the first unread message. What it loads later than its version comes once more as a change, which is harmless.
    async Task LoadUnreadAsync(CancellationToken cancel)
    {
        _unreadFar = _opened!.LastSeq - LastRead > UnreadAtOnce;
        while (!_unreadFar && _hasOlder && _opened.Messages[0].Seq > LastRead + 1)
        {
            var page = await conversations.OlderAsync(Current.Actor, Name, _opened.Messages[0].Seq, TopicSlug, cancel);
            _opened = _opened with { Messages = [.. page.Messages, .. _opened.Messages] };
            _hasOlder = page.HasMore;
        }
    }

    async Task<PostedMessage?> OneAsync(long? seq, CancellationToken cancel) => seq is { } wanted
        ? (await conversations.OlderAsync(Current.Actor, Name, wanted + 1, cancel: cancel)).Messages.LastOrDefault(m => m.Seq == wanted)
        : null;

    Task PostAsync() => TryAsync(async () =>
    {
        if (ComposerMore.AddressOf(Posted("go"), Address, IsRoom) is { } elsewhere)
        {
            await drafts.SaveAsync(Current.Actor, Name, Markdown ?? "", PostedTopic, NumberOf("reply"));
            navigation.NavigateTo(elsewhere + QueryString.Create(new Dictionary<string, string?> { ["to"] = Name, ["topic"] = PostedTopic, ["reply"] = Posted("reply") }));
            return;
        }
        _refusedFiles = await Files.TakeAsync(Current.Actor, Http.Request.Form, _attached, Http.RequestAborted);
        if (Posted("attach") is not null || _refusedFiles.Count > 0)
            return;
        await conversations.PostAsync(Current.Actor,
            new(Name, Posted("key") ?? "", Posted("topic"), Markdown ?? "", NumberOf("reply"), [.. _attached.Select(file => file.Id)]));
        try
        {
            await drafts.SaveAsync(Current.Actor, Name, "", null, null);
        }
        catch (Exception error) when (error is DbException or DbUpdateException)
        {
            // The message is on the disk; whoever reads an error here sends it twice.
            log.LogWarning(error, "The draft of a message that was sent stays");
        }
        navigation.NavigateTo(Here);
    });

    Task EditAsync() => TryAsync(async () =>
    {
        var seq = NumberOf("seq") ?? 0;
        await conversations.EditAsync(Current.Actor, Name, seq, Markdown ?? "");
        navigation.NavigateTo($"{Here}#m-{seq}");
    });

    Task VoteAsync() => TryAsync(async () =>
    {
        _voted = true;
        if (SentVote.Of(Http.Request.Form) is not { } vote)
            return;
        await vote.DoAsync(polls, Current.Actor, Name);
        navigation.NavigateTo(string.Create(CultureInfo.InvariantCulture, $"{Here}{(Before is { } before ? $"?before={before}" : "")}#m-{vote.Seq}"));
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
        if (TopicSlug is not null && Posted("involve") is { } involve)
            await topics.InvolveAsync(Current.Actor, Name, TopicSlug, Enum.TryParse<InvolvementKind>(involve, out var kind) ? kind : null);
        if (TopicSlug is not null && Posted("reopen") is not null)
            await topics.ReopenAsync(Current.Actor, Name, TopicSlug);
        if (NumberOf("end-poll") is { } ended)
            await polls.EndAsync(Current.Actor, Name, ended);
        if (Enum.TryParse<RoomCalls>(Posted("calls"), out var calls))
            await Wishes.ChooseAsync(Current.Actor, Name, calls);
        if (NumberOf("delete") is { } seq)
            await conversations.DeleteAsync(Current.Actor, Name, seq);
        if (NumberOf("pin") is { } pinned)
            await Pins.PinAsync(Current.Actor, Name, pinned);
        if (NumberOf("unpin") is { } unpinned)
            await Pins.UnpinAsync(Current.Actor, Name, unpinned);
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
            Gate.Count(Current.Actor);
            await act();
        }
        catch (RefusedException refused)
        {
            TooMuch.Mark(Http, refused);
            _refusal = Sentences.For(refused.Refusal, refused.Arguments, CultureInfo.CurrentUICulture);
        }
        catch (Exception error) when (error is DbException or DbUpdateException)
        {
            log.LogError(error, "The database did not answer a form");
            _refusal = Sentences.For(Refusal.StorageUnavailable, [], CultureInfo.CurrentUICulture);
        }
    }

    string? Posted(string field) => Http.Request.HasFormContentType && Http.Request.Form.TryGetValue(field, out var value) ? value.ToString() : null;

    long? NumberOf(string field) => long.TryParse(Posted(field), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    static bool IsNumber(string name) => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _);
}
