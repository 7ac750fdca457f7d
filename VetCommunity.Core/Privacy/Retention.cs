using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Files;
using VetCommunity.Core.Moderation;
using static VetCommunity.Core.Conversations.Value;

namespace VetCommunity.Core.Privacy;

/// <summary>
/// How long a room keeps its messages: its moderators say so, and everybody in it reads it in the room's head. What is older is deleted as its author would delete it, in small
/// steps; pinned messages and the outcomes of topics stay.
/// </summary>
public sealed class Retention(CommunityDbFactory databases, MessageLog log, UploadFolder uploads, TimeProvider time)
{
    // Some milliseconds of the writer each.
    const int AtOnce = 25;

    /// <summary>Months that can be chosen; 0 is for ever.</summary>
    public static IReadOnlyList<int> Months { get; } = [0, 1, 3, 6, 12, 24, 60];

    /// <summary>For how many months the room keeps messages, and how many would go now with each choice.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor does not moderate it.</exception>
    public async Task<RoomRetention> FindAsync(Actor actor, string room, CancellationToken cancel = default)
    {
        await using var db = databases.CreateDbContext();
        var found = await RoomSettings.ModeratedAsync(db, actor, room, cancel);
        var now = time.GetUtcNow();
        Dictionary<int, int> going = [];
        foreach (var months in Months.Where(months => months > 0))
            going[months] = await Old(db, found.Id, now.AddMonths(-months)).CountAsync(cancel);
        return new(found, found.KeepMonths, going);
    }

    /// <summary>Sets it, if it still is as the moderator saw it. What is older goes with the next round of the server.</summary>
    /// <param name="actor">A moderator of the room.</param>
    /// <param name="room">Which room.</param>
    /// <param name="seen">What the moderator saw.</param>
    /// <param name="months">One of <see cref="Months"/>.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="NotFoundException">Absent, or the actor does not moderate it.</exception>
    /// <exception cref="RefusedException">None of the choices, or somebody else set it meanwhile.</exception>
    public async Task SetAsync(Actor actor, string room, int seen, int months, CancellationToken cancel = default)
    {
        if (!Months.Contains(months))
            throw new RefusedException(Refusal.BadChoice);
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var found = await RoomSettings.ModeratedAsync(db, actor, room, cancel);
        if (await db.Conversations.Where(c => c.Id == found.Id && c.KeepMonths == seen).ExecuteUpdateAsync(set => set.SetProperty(c => c.KeepMonths, months), cancel) == 0)
            throw new RefusedException(Refusal.ChangedElsewhere);
        db.Audit.Add(new()
        {
            At = time.GetUtcNow(),
            ActorId = actor.IsMember ? actor.MemberId : null,
            What = "room.kept",
            Subject = "room:" + found.Address,
            Detail = months.ToString(CultureInfo.InvariantCulture),
        });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Deletes what rooms no longer keep. Answers how many messages.</summary>
    /// <param name="actor">The program itself: the operator.</param>
    /// <param name="cancel">Stops between two steps.</param>
    /// <exception cref="NotFoundException">Somebody else asks.</exception>
    public async Task<int> DeleteDueAsync(Actor actor, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("messages");
        await using var db = databases.CreateDbContext();
        var gone = 0;
        foreach (var room in await db.Conversations.Where(c => c.KeepMonths > 0).Select(c => new { c.Id, c.KeepMonths }).ToListAsync(cancel))
        {
            var before = time.GetUtcNow().AddMonths(-room.KeepMonths);
            for (long after = 0; await Old(db, room.Id, before).Where(m => m.Seq > after).OrderBy(m => m.Seq).Select(m => m.Seq).Take(AtOnce).ToListAsync(cancel) is { Count: > 0 } some; after = some[^1])
            {
                var entry = new ExpireEntry(room.Id, some, time);
                gone += await log.WriteAsync(entry, cancel);
                uploads.Remove(entry.Files);
            }
        }
        return gone;
    }

    static IQueryable<Message> Old(CommunityDb db, int room, DateTimeOffset before) => db.Messages.AsNoTracking()
        .Where(m => m.ConversationId == room && m.DeletedAt == null && m.SentAt < before && !db.Pins.Any(p => p.ConversationId == room && p.Seq == m.Seq));

    sealed class ExpireEntry(int room, IReadOnlyList<long> seqs, TimeProvider time) : LogEntry<int>
    {
        readonly List<string> _files = [];

        /// <summary>Are to go after the commit.</summary>
        public IReadOnlyList<string> Files => _files;

        protected override async Task<int> WriteAsync(LogConnection connection, DateTimeOffset now)
        {
            ConversationId = room;
            _files.Clear();
            var gone = 0;
            // The moderators may have thought better of it since, or pinned one.
            var months = (await connection.RowAsync("""SELECT "KeepMonths" FROM "Conversations" WHERE "Id" = @id""", Int("id", room)))![0].Int();
            if (months == 0)
                return gone;
            foreach (var seq in seqs)
            {
                var row = await connection.RowAsync("""
                    SELECT "Markdown", "SearchId", "KeyId" FROM "Messages" m WHERE "ConversationId" = @c AND "Seq" = @seq AND "DeletedAt" IS NULL AND "SentAt" < @before
                        AND NOT EXISTS (SELECT 1 FROM "Pins" p WHERE p."ConversationId" = @c AND p."Seq" = @seq)
                    """, Int("c", room), Long("seq", seq), At("before", time.GetUtcNow().AddMonths(-months)));
                if (row is null)
                    continue;
                _files.AddRange(await connection.EraseAsync(room, seq, row[1] is null || row[2] is not null ? null : row[1].Long(), (string)row[0]!, now));
                Changes.Add(await connection.ChangeAsync(room, seq, ChangeKind.Deleted, actor: null, now));
                gone++;
            }
            return gone;
        }
    }
}

/// <summary>How long a room keeps messages, for its moderators.</summary>
/// <param name="Room">Which room.</param>
/// <param name="Months">For how many months; 0 for ever.</param>
/// <param name="Going">By choice of months, how many messages are older now.</param>
public sealed record RoomRetention(FoundConversation Room, int Months, IReadOnlyDictionary<int, int> Going);
