using System.Globalization;
using System.Resources;
using System.Text;
using VetCommunity.Core.Mailing;
using VetCommunity.Core.Members;
using VetCommunity.Core.Noticing;

namespace VetCommunity.Core.Live;

/// <summary>A mail about one session, from <c>Texts/NoticeMailTexts.*.resx</c>, with its times by the reader's clock.</summary>
/// <param name="to">Who reads it.</param>
/// <param name="kind">Of what it tells.</param>
/// <param name="session">About which session.</param>
/// <param name="site">Where its links lead.</param>
/// <param name="stopCode">What stops mails like this.</param>
sealed class SessionLetter(Addressee to, NoticeKind kind, LiveSession session, Site site, string stopCode)
{
    static readonly ResourceManager Texts = new("VetCommunity.Core.Texts.NoticeMailTexts", typeof(SessionLetter).Assembly);
    readonly CultureInfo _culture = Languages.CultureOf(to.Language);
    readonly string _address = site.Address("/sessions/" + session.Slug + (kind == NoticeKind.MinutesSent ? "/minutes" : ""));
    readonly string _stop = site.Address("/notices/stop?code=" + Uri.EscapeDataString(stopCode));

    string Subject => $"{session.Title}: {Say("Line_" + kind)}".ReplaceLineEndings(" ");

    // The zone is named: whoever travels reads the mail by another clock.
    string When
    {
        get
        {
            var zone = TimeZones.Of(to.TimeZone);
            var (from, until) = (TimeZoneInfo.ConvertTime(session.StartsAt, zone), TimeZoneInfo.ConvertTime(session.EndsAt, zone));
            return $"{from.ToString("f", _culture)} – {until.ToString(from.Date == until.Date ? "t" : "f", _culture)} ({to.TimeZone.Replace('_', ' ')})";
        }
    }

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

    string Plain() => new StringBuilder().Append(Say("Greeting", to.Name)).Append("\n\n").Append(Say("Line_" + kind)).Append("\n\n")
        .Append(session.Title).Append('\n').Append(When).Append("\n\n").Append(Say("ToSession")).Append(": ").Append(_address).Append("\n\n-- \n")
        .Append(Say("Settings")).Append(": ").Append(site.Address("/notices/settings")).Append('\n').Append(Say("Stop")).Append(": ").Append(_stop).Append('\n').ToString();

    string Html() => MailFrame.Around(new StringBuilder($"<p>{MailFrame.Encoded(Say("Greeting", to.Name))}</p><p>{MailFrame.Encoded(Say("Line_" + kind))}</p>")
        .Append("""<p style="margin:16px 0"><b style="overflow-wrap:anywhere">""").Append(MailFrame.Encoded(session.Title)).Append("</b><br>").Append(MailFrame.Encoded(When)).Append("</p>")
        .Append(MailFrame.Button(_address, Say("ToSession")))
        .Append("""<p style="margin:24px 0 0;padding-top:12px;border-top:1px solid #dcd1bd;color:#4b5558;font-size:14px">""").Append(Linked(site.Address("/notices/settings"), Say("Settings"))).Append(" · ")
        .Append(Linked(_stop, Say("Stop"))).Append("</p>").ToString(), Subject, _culture);

    static string Linked(string address, string words) => $"<a style=\"color:#0d5961;font-weight:600\" href=\"{MailFrame.Encoded(address)}\">{MailFrame.Encoded(words)}</a>";

    string Say(string name, params object[] arguments) => string.Format(_culture, Texts.GetString(name, _culture) ?? throw new MissingManifestResourceException("NoticeMailTexts: " + name), arguments);
}
