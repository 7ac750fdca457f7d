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
using VetCommunity.Core.Texts;

namespace VetCommunity.App.Discussion;

/// <summary>A room or a direct conversation: readable and writable without script; with it, live.</summary>
public sealed partial class ConversationPage(
    ConversationViews views, AllConversations conversations, Rooms rooms, Topics topics, Polls polls, Drafts drafts, Notices notices, NavigationManager navigation,
    ILogger<ConversationPage> log) : ComponentBase
{
    readonly string _key = Guid.NewGuid().ToString("N");
    ConversationView? _seen;
    PostedMessage? _editing;
    PostedMessage? _replyTo;
    string? _refusal;
    bool _voted;
    readonly List<PostedAttachment> _attached = [];
    IReadOnlyList<RefusedFile> _refusedFiles = [];

    [Parameter] public string? Room { get; set; }
    [Parameter] public string? TopicSlug { get; set; }
    [Parameter] public int? Direct { get; set; }
    [SupplyParameterFromQuery] public long? Before { get; set; }
    [SupplyParameterFromQuery] public long? Reply { get; set; }
    [SupplyParameterFromQuery] public long? Edit { get; set; }
    [SupplyParameterFromQuery] public long? Menu { get; set; }
    [Inject] HubGate Gate { get; set; } = null!;
    [Inject] Readings Readings { get; set; } = null!;
    [Inject] FormFiles Files { get; set; } = null!;
    [Inject] Pins Pins { get; set; } = null!;
    [Inject] NoticeWishes Wishes { get; set; } = null!;
    [CascadingParameter] public HttpContext Http { get; set; } = null!;

    ConversationView Seen => _seen!;
    string Name => Room ?? Direct!.Value.ToString(CultureInfo.InvariantCulture);
    bool IsRoom => Seen.Opened.Kind == ConversationKind.Room;
    string Address => ConversationPart.AddressOf(Seen);
    string Here => Seen.Topic is null ? Address : Address + "/" + Uri.EscapeDataString(Seen.Topic.Slug);
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
        var seen = await views.SeeAsync(Current.Actor, Name, TopicSlug, Before, cancel);
        // Each kind has one address: a direct conversation is no room, and the other way round.
        if ((seen.Found.Kind == ConversationKind.Room) != (Room is not null && !IsNumber(Room)))
            throw new NotFoundException("conversation");
        // What is sent is done where it is, not led elsewhere.
        var isLook = HttpMethods.IsGet(Http.Request.Method);
        if (isLook && seen.Topic is { } topic && topic.Slug != TopicSlug)
        {
            navigation.NavigateTo($"/rooms/{Uri.EscapeDataString(Name)}/{Uri.EscapeDataString(topic.Slug)}");
            return;
        }
        if (isLook && Menu is { } menu && Before is null && seen.Opened.Messages is [{ Seq: var first }, ..] && menu < first)
        {
            navigation.NavigateTo(string.Create(CultureInfo.InvariantCulture, $"{Http.Request.Path}?before={menu + 1}&menu={menu}#m-{menu}"));
            return;
        }
        _seen = seen;
        if (seen.HasNotices)
            await notices.VisitedAsync(Current.Actor, seen.Found.Id, TopicSlug, cancel);
        _editing = await OneAsync(Edit, cancel) is { IsGone: false } mine && mine.Author.Handle == Current.Actor.Handle ? mine : null;
        _replyTo = await OneAsync(Reply ?? NumberOf("reply"), cancel);
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
        navigation.NavigateTo(BackTo(vote.Seq));
    });

    // On the page of earlier messages where it was done, at that message.
    string BackTo(long? seq) => string.Create(CultureInfo.InvariantCulture, $"{Here}{(Before is { } before ? $"?before={before}" : "")}{(seq is { } number ? $"#m-{number}" : "")}");

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
        var about = NumberOf("end-poll") ?? NumberOf("delete") ?? NumberOf("pin");
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
            about = reacted;
        }
        navigation.NavigateTo(BackTo(about));
    });

    async Task TryAsync(Func<Task> act)
    {
        if (_seen is null)
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
