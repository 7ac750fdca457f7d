using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Discussion;

/// <summary>Counts polls, those of a page together. Where there is none, nothing is asked.</summary>
static class PollReading
{
    /// <summary>As everybody may see them, by message.</summary>
    public static Task<Dictionary<long, PostedPoll>> OfAsync(CommunityDb db, IReadOnlyList<Poll> polls, CancellationToken cancel) =>
        OfAsync(db, polls, IsForEverybody, cancel);

    /// <summary>With the results of those that <paramref name="isSeen"/> shows; the others carry none.</summary>
    public static async Task<Dictionary<long, PostedPoll>> OfAsync(CommunityDb db, IReadOnlyList<Poll> polls, Func<Poll, bool> isSeen, CancellationToken cancel)
    {
        if (polls.Count == 0)
            return [];
        var conversation = polls[0].ConversationId;
        List<long> seqs = [.. polls.Select(poll => poll.Seq)];
        var tallies = (await db.Votes.Where(v => v.ConversationId == conversation && seqs.Contains(v.Seq)).GroupBy(v => new { v.Seq, v.Choices })
            .Select(same => new { same.Key.Seq, same.Key.Choices, Count = same.Count() }).ToListAsync(cancel)).ToLookup(tally => tally.Seq);
        var voters = await VotersAsync(db, conversation, [.. polls.Where(poll => poll.Secret == 0 && isSeen(poll)).Select(poll => poll.Seq)], cancel);
        return polls.ToDictionary(poll => poll.Seq, poll => new PostedPoll(poll.Several == 1, poll.Secret == 1, poll.Results, poll.EndsAt, poll.EndedAt,
            tallies[poll.Seq].Sum(tally => tally.Count), [.. poll.Options.Split('\n').Select((text, i) => new PollOption(i + 1, text,
                isSeen(poll) ? tallies[poll.Seq].Where(tally => (tally.Choices & PollRules.Bit(i + 1)) != 0).Sum(tally => tally.Count) : null,
                [.. voters[poll.Seq].Where(vote => (vote.Choices & PollRules.Bit(i + 1)) != 0).Select(vote => vote.Voter)]))]));
    }

    /// <summary>A poll in which nobody has voted yet.</summary>
    public static PostedPoll Fresh(NewPoll poll) => new(poll.Several, poll.Secret, poll.Results, poll.EndsAt, EndedAt: null, Voters: 0,
        [.. poll.Options.Select((text, i) => new PollOption(i + 1, text!, poll.Results == PollResults.AtOnce ? 0 : null, []))]);

    public static bool IsForEverybody(Poll poll) => poll.Results == PollResults.AtOnce || poll.EndedAt is not null;

    static async Task<ILookup<long, NamedVote>> VotersAsync(CommunityDb db, int conversation, List<long> seqs, CancellationToken cancel) => seqs.Count == 0
        ? Array.Empty<NamedVote>().ToLookup(vote => vote.Seq)
        : (await (
            from v in db.Votes
            where v.ConversationId == conversation && seqs.Contains(v.Seq)
            join m in db.Users on v.MemberId equals m.Id
            orderby v.At, v.MemberId
            select new NamedVote(v.Seq, v.Choices, new(m.Handle, m.DisplayName))).ToListAsync(cancel)).ToLookup(vote => vote.Seq);

    sealed record NamedVote(long Seq, int Choices, PollVoter Voter);
}
