using VetCommunity.App.OfficeHours;
using VetCommunity.Core;
using VetCommunity.Core.Members;
using VetCommunity.Core.OfficeHours;

namespace VetCommunity.App.Api;

/// <summary>How a room with opening hours stands now, for one reader.</summary>
/// <param name="Conversation">The room's short name.</param>
/// <param name="At">When this was read.</param>
/// <param name="Open">Whether the room is open.</param>
/// <param name="ClosesAt">Where open: when it closes.</param>
/// <param name="OpensAt">Where closed: when it opens next; null where that is not known.</param>
/// <param name="Zone">The IANA zone of the room's clock, by which the hours below are written.</param>
/// <param name="Weekly">Hours of every week, from Monday on.</param>
/// <param name="Days">Single days from today on, in place of those of the week.</param>
/// <param name="LastDay">The last day with opening hours; null for no end.</param>
/// <param name="Hosts">Who hosts the room.</param>
/// <param name="Host">Whether the member hosts it: takes the next one from the queue.</param>
/// <param name="Moderator">Whether the member moderates it.</param>
/// <param name="MayPost">Whether the member may write in it now, and so wait and ask.</param>
/// <param name="Mine">The member's own place.</param>
/// <param name="Lapsed">The member's own place that lapsed when the room closed, and can be asked for later.</param>
/// <param name="Waiting">Who waits, in order.</param>
/// <param name="Served">Who is being served.</param>
/// <param name="Enquiries">How many enquiries are open.</param>
/// <param name="Address">The page of the hours.</param>
sealed record HoursAnswer(
    string Conversation, DateTimeOffset At, bool Open, DateTimeOffset? ClosesAt, DateTimeOffset? OpensAt, string Zone, IReadOnlyList<WeeklyHours> Weekly, IReadOnlyList<HoursOfDay> Days,
    DateOnly? LastDay, IReadOnlyList<PersonAnswer> Hosts, bool Host, bool Moderator, bool MayPost, PlaceAnswer? Mine, LapsedAnswer? Lapsed,
    IReadOnlyList<PlaceAnswer> Waiting, IReadOnlyList<PlaceAnswer> Served, int Enquiries, string Address)
{
    public static HoursAnswer Of(HoursSeen seen, Actor actor)
    {
        var (state, rules) = (seen.State, seen.State.Rules);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(state.At, TimeZones.Of(rules.Zone)).DateTime);
        List<PlaceAnswer> waiting = [.. state.Waiting.Select((one, index) => PlaceAnswer.Of(one, index + 1))];
        List<PlaceAnswer> served = [.. state.Served.Select(one => PlaceAnswer.Of(one, number: null))];
        return new(
            state.Address, state.At, state.Opening.IsOpen, state.Opening.Until, state.Opening.Next, rules.Zone,
            [.. rules.Weekly.OrderBy(span => Week.PlaceOf(span.Weekday)).ThenBy(span => span.From)
                .Select(span => new WeeklyHours(span.Weekday.ToString().ToLowerInvariant(), HourWords.Minute(span.From), HourWords.Minute(span.To)))],
            [.. rules.Exceptions.Where(span => span.Day >= today).GroupBy(span => span.Day).OrderBy(day => day.Key).Select(day => new HoursOfDay(day.Key,
                [.. day.Where(span => span.From < span.To).OrderBy(span => span.From).Select(span => new HoursSpan(HourWords.Minute(span.From), HourWords.Minute(span.To)))]))],
            rules.LastDay, [.. state.Hosts.Select(host => new PersonAnswer(host.Handle, host.Name))], seen.IsHost, seen.Standing.IsModerator, seen.Standing.MayPost,
            served.Concat(waiting).FirstOrDefault(one => one.Person.Handle == actor.Handle), seen.Lapsed is { } lapsed ? new(lapsed.Id, lapsed.Line) : null,
            waiting, served, state.Enquiries, $"/rooms/{state.Address}/hours");
    }
}

/// <summary>Hours on one day of every week.</summary>
/// <param name="Weekday">monday to sunday.</param>
/// <param name="From">When they begin, HH:MM.</param>
/// <param name="To">When they end, up to 24:00.</param>
sealed record WeeklyHours(string Weekday, string From, string To);

/// <summary>A single day.</summary>
/// <param name="Day">Which day.</param>
/// <param name="Spans">When the room is open then; none where it is closed.</param>
sealed record HoursOfDay(DateOnly Day, IReadOnlyList<HoursSpan> Spans);

/// <summary>Hours of a day.</summary>
/// <param name="From">When they begin, HH:MM.</param>
/// <param name="To">When they end, up to 24:00.</param>
sealed record HoursSpan(string From, string To);

/// <summary>A member.</summary>
sealed record PersonAnswer(string Handle, string Name);

/// <summary>A place in the queue.</summary>
/// <param name="Place">Its number: what ends the serving.</param>
/// <param name="Number">Where in the queue, from 1; null while being served.</param>
/// <param name="Person">Whose.</param>
/// <param name="Line">What it is about.</param>
/// <param name="Since">Since when they wait.</param>
/// <param name="Host">Who serves them.</param>
/// <param name="Seq">The message with which the talk began.</param>
sealed record PlaceAnswer(int Place, int? Number, PersonAnswer Person, string Line, DateTimeOffset Since, PersonAnswer? Host, long? Seq)
{
    public static PlaceAnswer Of(QueuedPerson one, int? number) =>
        new(one.Id, number, new(one.Handle, one.Name), one.Line, one.Since, one.Host is { } host ? new(host, one.HostName ?? host) : null, one.Seq);
}

/// <summary>A place that lapsed when the room closed.</summary>
/// <param name="Place">Its number: what an enquiry in place of it names.</param>
/// <param name="Line">What it was about.</param>
sealed record LapsedAnswer(int Place, string Line);
