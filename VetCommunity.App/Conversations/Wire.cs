using VetCommunity.Core.Conversations;

namespace VetCommunity.App.Conversations;

/// <summary>What goes over the hub, in the words of the contract.</summary>
static class Wire
{
    public static WireMessage Of(PostedMessage m) => new(
        m.Conversation, m.Seq, m.Version, m.ClientKey, m.Topic, new(m.Author.Handle, m.Author.Name, m.Author.IsProgram), m.Markdown, m.Html, m.SentAt, m.EditedAt, m.DeletedAt ?? m.HiddenAt, m.ReplyToSeq,
        m.Reactions, [.. m.Attachments.Select(FileAddress.Of)], WirePoll.Of(m.Poll), m.Language,
        [.. (m.Translations ?? []).Select(one => new WireTranslation(one.Language, new(one.By.Handle, one.By.Name, one.By.IsProgram), one.Markdown, one.Html, one.At, one.IsOutdated, one.Machine))]);

    public static (string Event, object Argument) Of(Change change) => change.Kind switch
    {
        ChangeKind.Posted => ("MessagePosted", Of(change.Message)),
        // What is hidden looks deleted to programs, and comes back as an edited message.
        ChangeKind.Deleted or ChangeKind.Hidden => ("MessageDeleted", new { change.Message.Conversation, change.Message.Seq, change.Version }),
        ChangeKind.Reacted => ("ReactionsChanged", new { change.Message.Conversation, change.Message.Seq, change.Message.Reactions, change.Version }),
        ChangeKind.PollChanged => ("PollChanged", new { change.Message.Conversation, change.Message.Seq, Poll = WirePoll.Of(change.Message.Poll), change.Version }),
        _ => ("MessageEdited", Of(change.Message)),
    };

    public static WireChange Told(Change change)
    {
        var (name, _) = Of(change);
        var whole = change.Kind is ChangeKind.Posted or ChangeKind.Edited or ChangeKind.Moved or ChangeKind.Unhidden or ChangeKind.Translated;
        return new(name, change.Message.Conversation, change.Message.Seq, change.Version, whole ? Of(change.Message) : null,
            change.Kind == ChangeKind.Reacted ? change.Message.Reactions : null, change.Kind == ChangeKind.PollChanged ? WirePoll.Of(change.Message.Poll) : null);
    }
}

/// <summary>A message.</summary>
sealed record WireMessage(
    string Conversation, long Seq, long Version, string ClientKey, string Topic, WireAuthor Author, string Markdown, string Html,
    DateTimeOffset SentAt, DateTimeOffset? EditedAt, DateTimeOffset? DeletedAt, long? ReplyToSeq, IReadOnlyList<ReactionCount> Reactions, IReadOnlyList<WireAttachment> Attachments,
    WirePoll? Poll, string? Language, IReadOnlyList<WireTranslation> Translations);

/// <summary>An accepted translation of a message; outdated where the message has another text by now, and with the machine's name where a machine made most of it.</summary>
sealed record WireTranslation(string Language, WireAuthor Author, string Markdown, string Html, DateTimeOffset At, bool Outdated, string? Machine);

/// <summary>An attachment, in a message and as the answer to an upload.</summary>
sealed record WireAttachment(
    string Id, string Name, string Kind, string Type, long Bytes, int? Width, int? Height, string Alt, string Address, string? Thumbnail);

/// <summary>Its author; the handle is empty for programs and for imported people without an account.</summary>
sealed record WireAuthor(string Handle, string Name, bool Program);

/// <summary>A change as <c>Changes</c> tells it to a json client: the name of its live event and what that carries.</summary>
sealed record WireChange(string Type, string Conversation, long Seq, long Version, WireMessage? Message, IReadOnlyList<ReactionCount>? Reactions, WirePoll? Poll);

/// <summary>A change for a page: <c>append</c> the html to the log, <c>replace</c> the message by it, or <c>pass</c>: a later change brings the message as it is.</summary>
sealed record Fragment(string Conversation, string Op, string Target, string Html, long Seq, long Version);

/// <summary>What <c>Post</c> takes.</summary>
sealed record WirePost(string? Conversation, string? ClientKey, string? Topic, string? Markdown, long? ReplyToSeq, IReadOnlyList<string>? Attachments, WireNewPoll? Poll, string? Language);

/// <summary>What <c>Edit</c> takes.</summary>
sealed record WireEdit(string? Conversation, long Seq, string? Markdown);

/// <summary>What <c>Delete</c> takes.</summary>
sealed record WireDelete(string? Conversation, long Seq);

/// <summary>What <c>SetLanguage</c> takes.</summary>
sealed record WireLanguage(string? Conversation, long Seq, string? Language);

/// <summary>What <c>React</c> takes.</summary>
sealed record WireReact(string? Conversation, long Seq, string? Emoji, bool On);

/// <summary>What <c>SignalMedia</c> takes: an <c>offer</c>, an <c>answer</c> or a <c>candidate</c> for one other browser in the same session.</summary>
sealed record WireSignal(string? Session, string? To, string? Kind, string? Text);

/// <summary>What <c>SetMedia</c> takes: what the others hear and see of the caller, and whether the caller wants their pictures.</summary>
sealed record WireMedia(string? Session, bool Microphone, bool Camera, bool Screen, bool Pictures);
/// <summary>What <c>StageReact</c> takes.</summary>
sealed record WireStageReact(string? Session, string? Reaction);
