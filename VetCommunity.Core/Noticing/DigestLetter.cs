using System.Globalization;
using System.Resources;
using System.Text;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Mailing;

namespace VetCommunity.Core.Noticing;

/// <summary>What a mail may say of a conversation.</summary>
enum MailSays
{
    /// <summary>That something is new, and no more.</summary>
    Nothing,
    /// <summary>Who wrote.</summary>
    Author,
    /// <summary>Who wrote, where, and how it begins.</summary>
    Beginning,
}

/// <summary>The notices of one conversation in a mail.</summary>
/// <param name="Lines">Those that are shown.</param>
/// <param name="Count">All of them.</param>
sealed record DigestPart(IReadOnlyList<DigestLine> Lines, int Count);

/// <summary>One notice in a mail.</summary>
sealed record DigestLine(long NoticeId, NoticeKind Kind, ConversationKind? In, string Title, string By, string Topic, string Text, string? Address)
{
    /// <summary>A mail lies on other people's machines: of a kind that is not named here it says nothing.</summary>
    public MailSays Says => In switch
    {
        ConversationKind.Room => MailSays.Beginning,
        ConversationKind.Direct => MailSays.Author,
        _ => MailSays.Nothing,
    };
}

/// <summary>A digest, written for one person from <c>Texts/NoticeMailTexts.*.resx</c>: grouped by room, each message with its author and its beginning.</summary>
/// <param name="to">Who reads it.</param>
/// <param name="parts">By conversation.</param>
/// <param name="rhythm">How often it comes, which it says.</param>
/// <param name="site">Where its links lead.</param>
/// <param name="stopCode">What stops these mails.</param>
sealed class DigestLetter(Addressee to, IReadOnlyList<DigestPart> parts, DigestRhythm rhythm, Site site, string stopCode)
{
    static readonly ResourceManager Texts = new("VetCommunity.Core.Texts.NoticeMailTexts", typeof(DigestLetter).Assembly);
    readonly CultureInfo _culture = Languages.CultureOf(to.Language);
    // What has no heading comes before what has one.
    readonly List<DigestPart> _shown = [.. parts.Where(part => part.Lines.Count > 0).OrderBy(part => HeadingOf(part) is not null)];
    readonly string _stop = site.Address("/notices/stop?code=" + Uri.EscapeDataString(stopCode));

    string Subject => Count("Subject", parts.Sum(part => part.Count)).ReplaceLineEndings(" ");

    public QueuedMail At(DateTimeOffset now, DateTimeOffset expiresAt) => new()
    {
        Address = to.Address,
        Name = to.Name,
        Language = Languages.OrEnglish(to.Language),
        Subject = Subject,
        Text = Plain(),
        Html = Html(),
        StopAddress = _stop,
        At = now,
        DueAt = now,
        ExpiresAt = expiresAt,
    };

    string Plain()
    {
        var text = new StringBuilder().Append(Say("Greeting", to.Name)).Append("\n\n").Append(Say("Lead")).Append('\n');
        foreach (var part in _shown)
        {
            text.Append('\n');
            if (HeadingOf(part) is { } heading)
                text.Append("== ").Append(heading).Append(" ==\n\n");
            foreach (var line in part.Lines)
            {
                text.Append("* ").Append(Sentence(line)).Append('\n');
                if (TextOf(line) is { } beginning)
                    text.Append("  ").Append(beginning).Append('\n');
                if (line.Address is not null)
                    text.Append("  ").Append(site.Address(line.Address)).Append('\n');
            }
            if (part.Count > part.Lines.Count)
                text.Append("  ").Append(Count("More", part.Count - part.Lines.Count)).Append('\n');
        }
        if (Elsewhere > 0)
            text.Append('\n').Append(Count("Elsewhere", Elsewhere)).Append('\n');
        return text.Append('\n').Append(Say("All")).Append(": ").Append(site.Address("/notices"))
            .Append("\n\n-- \n").Append(Say("Why_" + rhythm)).Append('\n')
            .Append(Say("Settings")).Append(": ").Append(site.Address("/notices/settings")).Append('\n')
            .Append(Say("Stop")).Append(": ").Append(_stop).Append('\n').ToString();
    }

    string Html()
    {
        var html = new StringBuilder($"<p>{Encoded(Say("Greeting", to.Name))}</p><p>{Encoded(Say("Lead"))}</p>");
        foreach (var part in _shown)
        {
            if (HeadingOf(part) is { } heading)
                html.Append("""<h2 style="margin:28px 0 4px;padding-bottom:4px;border-bottom:1px solid #dcd1bd;font-size:18px;line-height:1.3">""").Append(Encoded(heading)).Append("</h2>");
            foreach (var line in part.Lines)
            {
                html.Append("""<p style="margin:14px 0">""").Append(line.Address is null ? Encoded(Sentence(line)) : Linked(site.Address(line.Address), Sentence(line)));
                if (TextOf(line) is { } beginning)
                    html.Append("""<br><span style="color:#4b5558;overflow-wrap:anywhere">""").Append(Encoded(beginning)).Append("</span>");
                html.Append("</p>");
            }
            if (part.Count > part.Lines.Count)
                html.Append("""<p style="margin:14px 0;color:#4b5558">""").Append(Encoded(Count("More", part.Count - part.Lines.Count))).Append("</p>");
        }
        if (Elsewhere > 0)
            html.Append("<p>").Append(Encoded(Count("Elsewhere", Elsewhere))).Append("</p>");
        html.Append("""<div style="margin-top:28px">""").Append(MailFrame.Button(site.Address("/notices"), Say("All"))).Append("</div>")
            .Append("""<p style="margin:24px 0 0;padding-top:12px;border-top:1px solid #dcd1bd;color:#4b5558;font-size:14px">""").Append(Encoded(Say("Why_" + rhythm)))
            .Append("<br>").Append(Linked(site.Address("/notices/settings"), Say("Settings"))).Append(" · ").Append(Linked(_stop, Say("Stop"))).Append("</p>");
        return MailFrame.Around(html.ToString(), Subject, _culture);
    }

    // Conversations beyond those that are shown.
    int Elsewhere => parts.Where(part => part.Lines.Count == 0).Sum(part => part.Count);

    static string? HeadingOf(DigestPart part) => part.Lines[0] is { Says: MailSays.Beginning } line ? line.Title : null;

    string Sentence(DigestLine line) => line switch
    {
        { Kind: NoticeKind.Moderation or NoticeKind.ExportReady or NoticeKind.FoundPractice or NoticeKind.ReviewDue } => Say("Line_" + line.Kind),
        { Kind: var kind } when NoticeKinds.IsOfSession(kind) => Say("Line_" + line.Kind),
        { Kind: NoticeKind.QuoteAsked or NoticeKind.QuoteAnswered or NoticeKind.ReviewAsked or NoticeKind.Reviewed or NoticeKind.Remarked } => Say("Line_" + line.Kind, line.By),
        { Says: MailSays.Nothing } => Say("Line_New"),
        { Says: MailSays.Author } => Say("Line_Direct", line.By),
        _ => Say("Line_" + line.Kind, line.By, line.Topic),
    };

    // Of what a practice is called nothing is kept from the mail: it is the member's, or on its way to everybody.
    static string? TextOf(DigestLine line) => line.Text.Length > 0 && (line.Says == MailSays.Beginning || (line.Kind & (NoticeKinds.Titled | NoticeKinds.OfSessions)) != NoticeKind.None) ? line.Text : null;

    static string Linked(string address, string words) => $"<a style=\"color:#0d5961;font-weight:600\" href=\"{Encoded(address)}\">{Encoded(words)}</a>";

    string Count(string name, int count) => Say(name + (count == 1 ? "_one" : "_other"), count);

    string Say(string name, params object[] arguments) => string.Format(
        _culture, Texts.GetString(name, _culture) ?? throw new MissingManifestResourceException("NoticeMailTexts: " + name), arguments);

    static string Encoded(string text) => MailFrame.Encoded(text);
}
