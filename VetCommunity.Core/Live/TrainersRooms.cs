using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Discussion;

namespace VetCommunity.Core.Live;

/// <summary>The channel of those who lead a session: a closed room of its own, in which exactly they are, from the moment on in which there are two of them.</summary>
static class TrainersRooms
{
    const int Title = 100;

    /// <summary>Who came into the room and who is out of it.</summary>
    internal sealed record Fitted(int Room, IReadOnlyList<int> In, IReadOnlyList<int> Out)
    {
        /// <summary>After the transaction: tells what happened.</summary>
        public void Publish(Feed feed)
        {
            foreach (var member in In)
                feed.Publish(new MemberJoined(Room, member));
            foreach (var member in Out)
                feed.Publish(new AccessEnded(member, Room, AccessEndedReason.Left));
            // Who is out may have had the lead.
            if (Out.Count > 0)
                feed.Publish(new SessionChanged(Room));
        }
    }

    /// <summary>In the caller's transaction, which has locked the session: those who lead it, and nobody else, are in its channel.</summary>
    public static async Task<Fitted> FitAsync(CommunityDb context, LiveSession session, DateTimeOffset now, CancellationToken cancel)
    {
        var leaders = (await LiveSessions.LeadersAsync(context, session, cancel)).Keys.ToList();
        if (session.TrainersRoomId is not { } number)
        {
            if (leaders.Count < 2)
                return new(0, [], []);
            var room = new Conversation
            {
                Kind = ConversationKind.Room,
                Slug = LiveSessions.Unguessed("trainers"),
                Title = Called(session, session.Title),
                Language = session.Language,
                IsOpen = 0,
                KeepMonths = session.RehearsalOfId is null ? 0 : Rehearsals.KeptMonths,
                CreatedById = leaders[0],
                CreatedAt = now,
            };
            await Rooms.AddAsync(context, room, [.. leaders.Select(member => (member, MembershipRole.Moderator))], Rooms.FirstTopic(session.Language), now, cancel);
            // Said, not found: the demo world looks for no changes.
            context.Entry(session).Property(s => s.TrainersRoomId).CurrentValue = room.Id;
            await context.SaveChangesAsync(cancel);
            return new(room.Id, leaders, []);
        }
        var seated = await context.Memberships.Where(m => m.ConversationId == number).Select(m => m.MemberId).ToListAsync(cancel);
        var (come, gone) = (leaders.Except(seated).ToList(), seated.Except(leaders).ToList());
        await context.Memberships.Where(m => m.ConversationId == number && gone.Contains(m.MemberId)).ExecuteDeleteAsync(cancel);
        foreach (var member in come)
            await LiveSessions.SeatAsync(context, number, member, MembershipRole.Moderator, cancel);
        return new(number, come, gone);
    }

    /// <summary>In the caller's transaction: the session is called something else by now.</summary>
    public static Task CallAsync(CommunityDb context, LiveSession session, string title, CancellationToken cancel) =>
        context.Conversations.Where(c => c.Id == session.TrainersRoomId).ExecuteUpdateAsync(set => set.SetProperty(c => c.Title, Called(session, title)), cancel);

    // It stands among all rooms of those who lead.
    static string Called(LiveSession session, string title)
    {
        var word = session.Language switch
        {
            "it" => "Chi conduce",
            "de" => "Leitung",
            "es" => "Equipo formador",
            "ca" => "Equip formador",
            "el" => "Εκπαιδευτές",
            _ => "Trainers",
        };
        return Called(word, session.RehearsalOfId is null ? title : Rehearsals.Called(title, session.Language));
    }

    /// <summary>A room's title with a word before it that says which one it is.</summary>
    internal static string Called(string word, string title)
    {
        var whole = $"{word}: {title}";
        return whole.Length <= Title ? whole : string.Concat(whole.AsSpan(0, Title - 1), "…");
    }
}
