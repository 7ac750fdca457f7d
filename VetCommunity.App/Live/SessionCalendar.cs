using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;
using VetCommunity.Core.Live;
using VetCommunity.Core.Mailing;
using VetCommunity.Core.Markdown;

namespace VetCommunity.App.Live;

/// <summary>Sessions as a calendar takes them (RFC 5545). Their times are UTC, so that no calendar has to know how ours change to summer time.</summary>
static class SessionCalendar
{
    public const string Type = "text/calendar; charset=utf-8";

    public static string Of(IEnumerable<LiveSession> sessions, Site site)
    {
        var calendar = new Calendar { ProductId = "-//VetCommunity//Sessions//EN" };
        foreach (var session in sessions)
            calendar.Events.Add(EventOf(session, new Uri(site.Address("/sessions/" + session.Slug))));
        return new CalendarSerializer().SerializeToString(calendar)!;
    }

    static CalendarEvent EventOf(LiveSession session, Uri address) => new()
    {
        Uid = $"session-{session.Slug}@{address.Host}",
        // A calendar takes the state with the highest number.
        Sequence = session.Revision,
        Summary = session.Title,
        Description = PersonsMarkdown.Plain(session.Description),
        Url = address,
        Location = address.ToString(),
        DtStart = new CalDateTime(session.StartsAt.UtcDateTime, "UTC"),
        DtEnd = new CalDateTime(session.EndsAt.UtcDateTime, "UTC"),
        Status = session.Phase == SessionPhase.CalledOff ? "CANCELLED" : "CONFIRMED",
    };
}
