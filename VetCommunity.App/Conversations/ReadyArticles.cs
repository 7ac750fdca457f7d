using System.Runtime.InteropServices;
using Microsoft.Extensions.Caching.Memory;
using VetCommunity.Core.Conversations;

namespace VetCommunity.App.Conversations;

/// <summary>
/// Messages as html, for as long as they are what they were: whoever opens a room in which others are gets what was rendered for them. An article is found again only where the
/// message that the database gives now equals the one it was made of.
/// </summary>
sealed class ReadyArticles : IDisposable
{
    // Twenty pages of fifty messages.
    const int Characters = 4_000_000;
    // A page shows fifty, and who has read less asks for more, once.
    const int Newest = 64;
    // What was deleted or is nobody's any more stays in memory no longer than this, though nobody is shown it.
    static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    readonly MemoryCache _kept = new(new MemoryCacheOptions { SizeLimit = Characters });

    /// <summary>The html of a message, or null where it has to be made.</summary>
    public string? Find(PostedMessage message, string language, bool isMine)
    {
        if (!_kept.TryGetValue(new Place(message.ConversationId, message.Seq, language, isMine), out Article? kept) || !AreSame(kept!.Message, message))
            return null;
        // The next page is made of the same messages as this one: they are known again at a glance.
        kept.Message = message;
        return kept.Html;
    }

    /// <summary>Keeps the html of a message; never that of a poll, in which everybody finds what they chose themselves.</summary>
    public void Keep(PostedMessage message, string language, bool isMine, string html)
    {
        if (message.Poll is null)
        {
            _kept.Set(new Place(message.ConversationId, message.Seq, language, isMine), new Article(message, html),
                new MemoryCacheEntryOptions { Size = html.Length + message.Html.Length + message.Markdown.Length, AbsoluteExpirationRelativeToNow = Longest });
        }
    }

    /// <summary>A message was posted and is shown to many: what was pushed so long before it is on the first page of nobody who has read.</summary>
    public void Pushed(PostedMessage message, string language) => _kept.Remove(new Place(message.ConversationId, message.Seq - Newest, language, IsMine: false));

    public void Dispose() => _kept.Dispose();

    // Records compare lists by identity; everything else, also what is added one day, compares itself.
    static bool AreSame(PostedMessage one, PostedMessage other) =>
        ReferenceEquals(one, other)
        || (one == other with { Reactions = one.Reactions, Attachments = one.Attachments, Translations = one.Translations }
        && one.Attachments.SequenceEqual(other.Attachments)
        && (one.Translations ?? []).SequenceEqual(other.Translations ?? [])
        && one.Reactions.Count == other.Reactions.Count
        && one.Reactions.Zip(other.Reactions).All(pair => pair.First == pair.Second with { Handles = pair.First.Handles } && pair.First.Handles.SequenceEqual(pair.Second.Handles)));

    [StructLayout(LayoutKind.Auto)]
    readonly record struct Place(int Conversation, long Seq, string Language, bool IsMine);

    sealed class Article(PostedMessage message, string html)
    {
        public PostedMessage Message { get; set; } = message;
        public string Html { get; } = html;
    }
}
