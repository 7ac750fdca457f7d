using System.Globalization;
using System.Text;
using VetCommunity.Core.Markdown;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Conversations;

/// <summary>The sizes of a message, and the checks that need nothing but the text.</summary>
public static class Limits
{
    /// <summary>Characters of one message.</summary>
    public const int Text = 10_000;
    /// <summary>Characters of a client key.</summary>
    public const int ClientKey = 64;
    /// <summary>Attachments of one message.</summary>
    public const int Attachments = 10;
    /// <summary>Characters of a topic's name.</summary>
    public const int TopicName = 80;
    /// <summary>Different emoji under one message.</summary>
    public const int Emoji = 20;
    /// <summary>People named in one message.</summary>
    public const int Mentions = 50;
    /// <summary>Messages of one page.</summary>
    public const int Page = 50;
    /// <summary>Changes that <see cref="AllConversations.ChangesAsync"/> tells; beyond it the reader opens afresh.</summary>
    public const int Changes = 500;

    internal static string CleanText(string? text, bool mayBeEmpty = false)
    {
        var clean = new StringBuilder(text?.Length ?? 0);
        foreach (var letter in text ?? "")
        {
            // Other control characters have no look and upset terminals, mails and databases (PostgreSQL refuses NUL).
            if (letter is '\n' or '\t' || !char.IsControl(letter))
                clean.Append(letter);
        }
        var trimmed = clean.ToString().Trim();
        if (trimmed.Length == 0 && !mayBeEmpty)
            throw new RefusedException(Refusal.EmptyText);
        if (trimmed.Length > Text)
            throw new RefusedException(Refusal.TextTooLong, trimmed.Length, Text);
        if (MentionsIn(trimmed).Count > Mentions)
            throw new RefusedException(Refusal.TooManyMentions, Mentions);
        return trimmed;
    }

    /// <summary>Whom a text names. Most texts name nobody, and need no second parsing to know it.</summary>
    internal static IReadOnlyList<string> MentionsIn(string text) => text.Contains('@', StringComparison.Ordinal) ? PersonsMarkdown.Mentions(text) : [];

    /// <summary>No more than allowed, none twice, and all of them such as could be ids.</summary>
    internal static IReadOnlyList<string> CheckedAttachments(IReadOnlyList<string>? ids) => ids switch
    {
        null => [],
        { Count: > Attachments } => throw new RefusedException(Refusal.TooManyAttachments, Attachments),
        _ when ids.All(Conversations.Attachments.IsId) && ids.Distinct(StringComparer.Ordinal).Count() == ids.Count => ids,
        _ => throw new RefusedException(Refusal.UnknownAttachment),
    };

    internal static string CheckedKey(string? key) =>
        key is { Length: > 0 and <= ClientKey } && !key.Any(char.IsControl) ? key : throw new RefusedException(Refusal.BadClientKey);

    internal static string? CheckedTopic(string? topic)
    {
        if (string.IsNullOrWhiteSpace(topic))
            return null;
        var name = PlainText.Line(topic);
        return name.Length <= TopicName && Folding.Slug(name).Length > 0
            ? name
            : throw new RefusedException(Refusal.BadTopic, TopicName);
    }

    internal static string CheckedLanguage(string? code) =>
        code is not null && Languages.All.Contains(code, StringComparer.Ordinal) ? code : throw new RefusedException(Refusal.UnknownLanguage);

    internal static string CheckedEmoji(string? emoji)
    {
        var looksRight = emoji is { Length: > 0 and <= 32 } && new StringInfo(emoji).LengthInTextElements == 1
            && (emoji.EnumerateRunes().All(IsOfEmoji) ? emoji.EnumerateRunes().Any(IsPicture) : IsKeycap(emoji));
        return looksRight ? emoji! : throw new RefusedException(Refusal.BadEmoji);
    }

    // Accents pile up on a symbol as they do on a letter; only what emoji are made of is taken. (Unicode Technical Standard 51, 1.4)
    static bool IsOfEmoji(Rune rune) => IsPicture(rune) || rune.Value == 0xFE0F || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format or UnicodeCategory.ModifierSymbol;

    static bool IsPicture(Rune rune) => rune.Value > 0x20E0 && Rune.GetUnicodeCategory(rune) == UnicodeCategory.OtherSymbol;

    static bool IsKeycap(string emoji) => emoji is [>= '0' and <= '9' or '#' or '*', '\uFE0F', '\u20E3'];
}
