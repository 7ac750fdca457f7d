using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Live;
using VetCommunity.Core.Members;
using VetCommunity.Core.Noticing;

namespace VetCommunity.Core.Demo;

/// <summary>
/// How a session of the demo world was held, a line each: <c>12:30 slide 3</c>, <c>12:30 step 1</c>, <c>13:00 hand HANDLE</c>, <c>13:10 floor HANDLE</c> or <c>nobody</c>, <c>14:00 HANDLE: what was said in the room</c>, and <c>25:00 end</c>
/// in the last. It leaves the rows that holding it would have left.
/// </summary>
sealed class DemoHeld(CommunityDb context, Func<string, Member> person, Member trainer)
{
    public async Task StoreAsync(int document, DateTimeOffset begin, IReadOnlyList<string> lines, CancellationToken cancel)
    {
        var session = await context.LiveSessions.SingleAsync(s => s.DocumentId == document, cancel);
        var room = await context.Conversations.SingleAsync(c => c.Id == session.ConversationId, cancel);
        var topic = await context.Topics.SingleAsync(t => t.ConversationId == room.Id, cancel);
        (session.Phase, session.StartedAt) = (SessionPhase.Ended, begin);
        Happened(SessionEventKind.Started, begin, session.Slide, 0);
        foreach (var line in lines)
        {
            var parts = line.Split(' ', 3);
            var at = begin + (TimeSpan.TryParseExact(parts[0], @"m\:ss", CultureInfo.InvariantCulture, out var after) ? after : throw Wrong(line));
            switch (parts[1])
            {
                case "end":
                    session.EndedAt = at;
                    Happened(SessionEventKind.Ended, at);
                    break;
                case "slide":
                    Shown(at, Number(parts[2]), 0);
                    break;
                case "step":
                    Shown(at, session.Slide, Number(parts[2]));
                    break;
                case "hand":
                    Happened(SessionEventKind.HandRaised, at, by: person(parts[2]));
                    break;
                case "floor":
                    Happened(SessionEventKind.FloorGiven, at, about: parts[2] == "nobody" ? null : person(parts[2]));
                    break;
                default:
                    Say(person(parts[1].TrimEnd(':')), at, parts[2]);
                    break;
            }
        }
        if (session.EndedAt is not { } end)
            throw Wrong("end");
        var people = await context.SessionPlaces.Where(p => p.SessionId == session.Id).Select(p => p.MemberId).ToListAsync(cancel);
        // Who does not lead comes a little later and stays to the end.
        context.AddRange(people.Select((member, place) => new SessionPresence { SessionId = session.Id, MemberId = member, From = begin.AddMinutes(place), Until = end }));
        await context.NoticedConversations.Where(n => n.ConversationId == room.Id).ExecuteDeleteAsync(cancel);
        context.Add(new NoticedConversation { ConversationId = room.Id, Version = room.Version, SettledVersion = room.Version });
        await context.Memberships.Where(m => m.ConversationId == room.Id).ExecuteUpdateAsync(set => set.SetProperty(m => m.LastReadSeq, room.LastSeq), cancel);
        context.ChangeTracker.DetectChanges();
        await context.SaveChangesAsync(cancel);

        static InvalidDataException Wrong(string line) => new($"This cannot be read as a line of a session: {line}");

        static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

        void Shown(DateTimeOffset at, int slide, int step)
        {
            session.Show(slide, step);
            Happened(SessionEventKind.Shown, at, slide, step);
        }

        void Happened(SessionEventKind kind, DateTimeOffset at, int? slide = null, int? step = null, Member? by = null, Member? about = null)
        {
            session.Version++;
            context.Add(new SessionEvent { SessionId = session.Id, Version = session.Version, Kind = kind, At = at, ById = (by ?? trainer).Id, Slide = slide, Step = step, MemberId = about?.Id });
        }

        void Say(Member author, DateTimeOffset at, string markdown)
        {
            var message = DemoTalk.Message(room, topic, author, FormattableString.Invariant($"demo-{room.LastSeq + 1}"), markdown, at);
            message.Version = ++room.Version;
            context.Add(message);
            context.Add(new ConversationEvent { ConversationId = room.Id, Version = room.Version, Kind = ChangeKind.Posted, Seq = message.Seq, ActorId = author.Id, At = at });
        }
    }
}
