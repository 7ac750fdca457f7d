using System.Globalization;
using System.Resources;
using System.Text;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Mailing;

/// <summary>Who gets a mail, and in which language and time zone they read.</summary>
/// <param name="Address">The e-mail address.</param>
/// <param name="Name">How the person is greeted; empty where the name is not known.</param>
/// <param name="Language">One of <see cref="Languages.All"/>.</param>
/// <param name="TimeZone">IANA name.</param>
public sealed record Addressee(string Address, string Name, string Language, string TimeZone);

/// <summary>
/// One kind of mail, written for one person from <c>Texts/MailTexts.*.resx</c>: <c>KIND_Subject</c>, <c>KIND_Text</c> and, where it leads
/// somewhere, <c>KIND_Link</c> (the words of the link) and <c>KIND_After</c> (what stands under it).
/// </summary>
/// <param name="kind">The first part of its texts' names.</param>
/// <param name="to">Who reads it.</param>
/// <param name="link">Where it leads, a whole address; null where it only tells something.</param>
/// <param name="until">How long the link can be used.</param>
/// <param name="about">What the texts speak of, from {1} on; {0} is <paramref name="until"/> in the reader's zone.</param>
sealed class Letter(string kind, Addressee to, string? link, DateTimeOffset? until = null, params object[] about)
{
    static readonly ResourceManager Texts = new("VetCommunity.Core.Texts.MailTexts", typeof(Letter).Assembly);
    readonly CultureInfo _culture = Languages.CultureOf(to.Language);

    public QueuedMail At(DateTimeOffset now, DateTimeOffset expiresAt)
    {
        string greeting = to.Name.Length > 0 ? Say("Greeting", to.Name) : Say("GreetingNobody");
        string[] before = [greeting, Of("Text")];
        string[] after = link is null ? [Say("Farewell")] : [Of("After"), Say("Farewell")];
        return new()
        {
            Address = to.Address,
            Name = to.Name,
            Language = Languages.OrEnglish(to.Language),
            // A name cannot begin a new line of the head.
            Subject = Of("Subject").ReplaceLineEndings(" "),
            Text = Plain(before, after),
            Html = Html(before, after),
            At = now,
            DueAt = now,
            ExpiresAt = expiresAt,
        };
    }

    string Of(string part) => Say(kind + "_" + part, [When(), .. about]);

    string Say(string name, params object[] arguments) => string.Format(
        _culture, Texts.GetString(name, _culture) ?? throw new MissingManifestResourceException("MailTexts: " + name), arguments);

    string When()
    {
        if (until is not { } at)
            return "";
        var zone = TimeZones.Of(to.TimeZone);
        var local = TimeZoneInfo.ConvertTime(at, zone);
        return string.Create(_culture, $"{local:D}, {local:HH:mm} ({zone.Id})");
    }

    string Plain(string[] before, string[] after) =>
        string.Join("\n\n", (string[])[.. before, .. link is null ? [] : (string[])[$"{Of("Link")}\n{link}"], .. after]) + "\n";

    string Html(string[] before, string[] after)
    {
        var html = new StringBuilder();
        foreach (var paragraph in before)
            html.Append("<p>").Append(MailFrame.Encoded(paragraph)).Append("</p>");
        if (link is not null)
        {
            html.Append(MailFrame.Button(link, Of("Link")))
                .Append("""<p style="color:#4b5558;font-size:14px;overflow-wrap:anywhere">""").Append(MailFrame.Encoded(link)).Append("</p>");
        }
        foreach (var paragraph in after)
            html.Append("<p>").Append(MailFrame.Encoded(paragraph)).Append("</p>");
        return MailFrame.Around(html.ToString(), Of("Subject"), _culture);
    }
}
