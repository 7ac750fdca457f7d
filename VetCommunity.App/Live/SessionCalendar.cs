using Ical.Net;
using Ical.Net.CalendarComponents;
using Ical.Net.DataTypes;
using Ical.Net.Serialization;
using VetCommunity.Core.Live;
using VetCommunity.Core.Markdown;

namespace VetCommunity.App.Live;

/// <summary>A session as a calendar takes it (RFC 5545). Its times are UTC, so that no calendar has to know how ours change to summer time.</summary>
static class SessionCalendar
{
    public static string Of(LiveSession session, Uri address)
    {
        var calendar = new Calendar { ProductId = "-//VetCommunity//Sessions//EN" };
        calendar.Events.Add(new CalendarEvent
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
        });
        return new CalendarSerializer().SerializeToString(calendar)!;
    }
}
