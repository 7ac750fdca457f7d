using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Discussion;

/// <summary>Polls in rooms: voted in, seen as their reader may, and ended. They are posted with their message, see <see cref="NewMessage.Poll"/>.</summary>
public sealed class Polls(CommunityDbFactory db, MessageLog log, TimeProvider clock)
{
    /// <summary>A poll has no fewer options.</summary>
    public const int FewestOptions = 2;
    /// <summary>A poll has no more options.</summary>
    public const int MostOptions = 10;
    /// <summary>Characters of an option.</summary>
    public const int OptionLength = 200;

    /// <summary>Votes, or changes the actor's vote. Answers with the version of the message.</summary>
    /// <param name="actor">Who may write in the room.</param>
    /// <param name="room">The room.</param>
    /// <param name="seq">The message of the poll.</param>
    /// <param name="choices">Numbers of options, at least one.</param>
    /// <param name="cancel">Stops waiting.</param>
    /// <exception cref="RefusedException">The poll has ended, or the choice is none of this poll, or the place refuses.</exception>
    /// <exception cref="NotFoundException">No such room, message or poll for the actor.</exception>
    public Task<long> VoteAsync(Actor actor, string room, long seq, IReadOnlyList<int>? choices, CancellationToken cancel = default) =>
        log.WriteAsync(new VoteEntry(actor, room, seq, PollRules.Bits(choices)), cancel);

    /// <summary>Takes the actor's vote back; without one nothing changes.</summary>
    public Task<long> WithdrawAsync(Actor actor, string room, long seq, CancellationToken cancel = default) =>
        log.WriteAsync(new VoteEntry(actor, room, seq, choices: 0), cancel);

    /// <summary>Ends a poll before its time. One that has ended stays as it is.</summary>
    /// <exception cref="RefusedException">Neither who asked nor a moderator.</exception>
    public Task<long> EndAsync(Actor actor, string room, long seq, CancellationToken cancel = default) => log.WriteAsync(new EndPollEntry(actor, room, seq), cancel);

    /// <summary>Tells that the time of polls is over: the result becomes everybody's. Votes after it are refused without this, too. Answers how many.</summary>
    /// <exception cref="NotFoundException">Only the operator does this.</exception>
    public async Task<int> EndDueAsync(Actor actor, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("polls");
        var now = clock.GetUtcNow();
        List<(int Conversation, long Seq)> due;
        await using (var context = db.CreateDbContext())
        {
            due = [.. (await context.Polls.Where(p => p.EndedAt == null && p.EndsAt <= now).OrderBy(p => p.EndsAt).Take(100)
                .Select(p => new { p.ConversationId, p.Seq }).ToListAsync(cancel)).Select(p => (p.ConversationId, p.Seq))];
        }
        foreach (var (conversation, seq) in due)
        {
            try
            {
                await log.WriteAsync(new EndPollEntry(actor, FormattableString.Invariant($"{conversation}"), seq, ifDue: true), cancel);
            }
            catch (RefusedException gone) when (gone.Refusal == Refusal.MessageDeleted)
            {
                // Deleted in the same moment.
            }
        }
        return due.Count;
    }

    /// <summary>One poll as the actor may see it, with the actor's own choice.</summary>
    /// <exception cref="NotFoundException">No such room, message or poll for the actor.</exception>
    public async Task<MyPoll> MineAsync(Actor actor, string room, long seq, CancellationToken cancel = default) =>
        (await MineAsync(actor, room, [seq], cancel)).GetValueOrDefault(seq) ?? throw new NotFoundException("poll");

    /// <summary>The same with the question.</summary>
    /// <exception cref="NotFoundException">No such room, message or poll for the actor.</exception>
    public async Task<AskedPoll> FindAsync(Actor actor, string room, long seq, CancellationToken cancel = default)
    {
        var mine = await MineAsync(actor, room, seq, cancel);
        await using var context = db.CreateDbContext();
        var found = await Topics.FindRoomAsync(context, actor, room, cancel);
        var question = await context.Messages.Where(m => m.ConversationId == found.Id && m.Seq == seq).Select(m => m.Html).SingleAsync(cancel);
        return new(found.Address, seq, question, mine);
    }

    /// <summary>Polls as the actor may see them, by message; what is none is left out.</summary>
    public async Task<IReadOnlyDictionary<long, MyPoll>> MineAsync(Actor actor, string room, IReadOnlyCollection<long> seqs, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var snapshot = await db.BeginSnapshotAsync(context, cancel);
        var found = await Topics.FindRoomAsync(context, actor, room, cancel);
        return (await PollReading.OfAsync(context, found.Id, seqs, actor.MemberId, cancel)).ToDictionary(poll => poll.Key, poll => poll.Value.Mine);
    }
}
