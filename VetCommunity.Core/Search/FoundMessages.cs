using System.Globalization;
using VetCommunity.Core.Conversations;

namespace VetCommunity.Core.Search;

/// <summary>In which order what is found is shown.</summary>
public enum SearchOrder
{
    /// <summary>The best of the newest first.</summary>
    Best,
    /// <summary>By time.</summary>
    Newest,
}

/// <summary>A page of what was found.</summary>
/// <param name="Messages">At most 20.</param>
/// <param name="Next">Where the next page begins; null on the last one.</param>
public sealed record FoundMessages(IReadOnlyList<FoundMessage> Messages, string? Next);

/// <summary>A message that was found.</summary>
/// <param name="Conversation">A room's slug, otherwise the conversation's number.</param>
/// <param name="Kind">What the conversation is for.</param>
/// <param name="Title">A room's title, or the other person's name.</param>
/// <param name="Seq">Its number there.</param>
/// <param name="Topic">Its topic.</param>
/// <param name="Author">Who wrote it.</param>
/// <param name="SentAt">When.</param>
/// <param name="Snippet">The piece of it that was looked for.</param>
public sealed record FoundMessage(
    string Conversation, ConversationKind Kind, string Title, long Seq, string Topic, Author Author, DateTimeOffset SentAt, IReadOnlyList<SnippetPart> Snippet)
{
    /// <inheritdoc cref="Privacy.FormerMember.Shown"/>
    public string Title { get => Privacy.FormerMember.Shown(field); init; } = Title;

    /// <summary>Where it stands.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture,
        $"/{(Kind == ConversationKind.Room ? "rooms" : "conversations")}/{Uri.EscapeDataString(Conversation)}/messages/{Seq}");
}
