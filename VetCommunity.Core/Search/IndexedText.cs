using System.Globalization;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Markdown;

namespace VetCommunity.Core.Search;

/// <summary>What the index holds of a message's text: its words in their order, and what kinds of things are in it.</summary>
sealed record IndexedText(IReadOnlyList<string> Words, Contents Has)
{
    /// <summary>Of a text, and of what can be chosen where it asks for a vote.</summary>
    public static IndexedText Of(PersonsText text, IReadOnlyList<string?>? options = null) =>
        Of(options is null ? text.Plain : $"{text.Plain} {string.Join(' ', options)}", text.Has);

    /// <summary>Of a text that is stored already, with the options of its poll.</summary>
    public static IndexedText Of(string markdown, string? options = null) =>
        Of(options is null ? PersonsMarkdown.Plain(markdown) : $"{PersonsMarkdown.Plain(markdown)} {options}", PersonsMarkdown.Has(markdown));

    /// <summary>The same with what is attached.</summary>
    public IndexedText With(int files, int images) =>
        this with { Has = Has | (files > 0 ? Contents.File : Contents.None) | (images > 0 ? Contents.Image : Contents.None) };

    static IndexedText Of(string plain, Contents has) => new(Search.Words.In(plain).ConvertAll(word => word.Folded), has);
}

/// <summary>Where a message stands, as tokens beside its words. Their sign stands in no word.</summary>
static class Marks
{
    public const char Sign = '~';

    /// <summary>A room that every member may read: one token for all of them, however many rooms there are.</summary>
    public const string Open = "~open";

    static readonly Contents[] Kinds = [.. Enum.GetValues<Contents>().Where(kind => kind != Contents.None)];

    public static string Conversation(int id) => Number('c', id);
    public static string Topic(int id) => Number('t', id);
    public static string Author(int id) => Number('a', id);
    public static string Language(string code) => "~l" + code;
    public static string Has(Contents kind) => "~h" + kind.ToString().ToLowerInvariant();

    /// <summary>Rooms of all; whoever may read one of them may read each.</summary>
    public static bool IsOpen(ConversationKind kind, bool isOpen) => kind == ConversationKind.Room && isOpen;

    public static List<string> Of(MessagePlace place, int topic, int? author, Contents has)
    {
        List<string> marks = [Conversation(place.Id), Topic(topic), Language(place.Language)];
        if (IsOpen(place.Kind, place.IsOpen))
            marks.Add(Open);
        if (author is { } member)
            marks.Add(Author(member));
        foreach (var kind in Kinds)
        {
            if (has.HasFlag(kind))
                marks.Add(Has(kind));
        }
        return marks;
    }

    static string Number(char kind, int id) => string.Create(CultureInfo.InvariantCulture, $"{Sign}{kind}{id}");
}

/// <summary>What the index knows of a message's conversation, and of the message's language: the conversation's as long as its own is not known.</summary>
readonly record struct MessagePlace(int Id, ConversationKind Kind, bool IsOpen, string Language)
{
    public static MessagePlace Of(WritingPlace place, string? language) => new(place.Id, place.Kind, place.Place.IsOpen, language ?? place.Language);
}
