using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;
using VetCommunity.Core.OfficeHours;

namespace VetCommunity.Core.Demo;

/// <summary>The opening hours of a room of the demo world: its hosts, its open enquiries, and who waits if it is open now.</summary>
sealed record DemoHours(string Zone, DemoSpan[] Weekly, string[] Hosts, string[] Enquiries, DemoWaiting[] Waiting)
{
    public async Task StoreAsync(CommunityDb context, Conversation room, Func<string, Message> message, Func<string, Member> person, DateTimeOffset now, CancellationToken cancel)
    {
        var hours = new RoomHours { ConversationId = room.Id, Zone = Zone };
        List<OpeningSpan> spans = [.. Weekly.SelectMany(span => span.Days, (span, day) => new OpeningSpan
        {
            ConversationId = room.Id,
            Weekday = Enum.TryParse<DayOfWeek>(day, out var weekday) ? weekday : throw new InvalidDataException($"Room {room.Slug}: unknown day {day}"),
            From = span.From * 60,
            To = span.To * 60,
        })];
        var opening = HoursReading.RulesOf(hours, spans).At(now);
        hours.TurnsAt = opening.TurnsAt;
        context.Add(hours);
        context.AddRange(spans);
        context.AddRange(Hosts.Select(host => new RoomHost { ConversationId = room.Id, MemberId = person(host).Id, Since = now }));
        context.AddRange(Enquiries.Select(message).Select(asked => new Enquiry { ConversationId = room.Id, Seq = asked.Seq, AskedAt = asked.SentAt }));
        // Whoever waited in a closed room would be told that it closed before their turn.
        if (opening.IsOpen)
            context.AddRange(Waiting.Select(one => new QueuePlace
            {
                ConversationId = room.Id,
                MemberId = person(one.By).Id,
                Line = one.Line,
                State = QueueState.Waiting,
                JoinedAt = now.AddMinutes(-one.Minutes),
            }));
        await context.SaveChangesAsync(cancel);
    }
}

sealed record DemoSpan(string[] Days, int From, int To);

sealed record DemoWaiting(string By, string Line, int Minutes);
