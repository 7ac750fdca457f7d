using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Discussion;

/// <summary>Counts polls, those of a page together. Where there is none, nothing is asked.</summary>
static class PollReading
{
    // What moderators hid is hidden with its question and its votes.
    static readonly OftenAsked<int, IReadOnlyCollection<long>, int, AskedOfMember> Asked = new((context, conversation, seqs, member) =>
        context.Polls.AsNoTracking().Where(p => p.ConversationId == conversation && seqs.Contains(p.Seq)
                && context.Messages.Any(m => m.ConversationId == p.ConversationId && m.Seq == p.Seq && m.HiddenAt == null))
            .Select(p => new AskedOfMember { Poll = p, Mine = context.Votes.Where(v => v.ConversationId == conversation && v.Seq == p.Seq && v.MemberId == member).Select(v => (int?)v.Choices).FirstOrDefault() }));

    static readonly OftenAsked<int, IReadOnlyCollection<long>, Tally> Tallies = new((context, conversation, seqs) =>
        context.Votes.Where(v => v.ConversationId == conversation && seqs.Contains(v.Seq)).GroupBy(v => new { v.Seq, v.Choices })
            .Select(same => new Tally(same.Key.Seq, same.Key.Choices, same.Count())));

    static readonly OftenAsked<int, IReadOnlyCollection<long>, NamedVote> Voters = new((context, conversation, seqs) =>
        from v in context.Votes
        where v.ConversationId == conversation && seqs.Contains(v.Seq)
        join m in context.Users on v.MemberId equals m.Id
        orderby v.At, v.MemberId
        select new NamedVote(v.Seq, v.Choices, new(m.Handle, m.DisplayName)));

    /// <summary>As everybody may see them, by message.</summary>
    public static async Task<Dictionary<long, PostedPoll>> OfAsync(CommunityDb db, IReadOnlyList<Poll> polls, CancellationToken cancel)
    {
        var counts = await CountAsync(db, polls, IsForEverybody, cancel);
        return polls.ToDictionary(poll => poll.Seq, poll => counts.Of(poll, IsForEverybody(poll)));
    }

    /// <summary>As one member may see them with what this member chose, and as everybody may, by message; what is hidden or no poll is left out.</summary>
    public static async Task<Dictionary<long, SeenPoll>> OfAsync(CommunityDb db, int conversation, IReadOnlyCollection<long> seqs, int member, CancellationToken cancel)
    {
        if (seqs.Count == 0)
            return [];
        var asked = (await Asked.AskAsync(db, conversation, seqs, member, cancel)).ToDictionary(one => one.Poll.Seq);
        var counts = await CountAsync(db, [.. asked.Values.Select(one => one.Poll)], IsForMember, cancel);
        return asked.ToDictionary(one => one.Key, one => new SeenPoll(
            new(PollRules.Numbers(one.Value.Mine ?? 0), counts.Of(one.Value.Poll, IsForMember(one.Value.Poll))), counts.Of(one.Value.Poll, IsForEverybody(one.Value.Poll))));

        bool IsForMember(Poll poll) => IsForEverybody(poll) || (poll.Results == PollResults.AfterVote && asked[poll.Seq].Mine is not null);
    }

    /// <summary>A poll in which nobody has voted yet.</summary>
    public static PostedPoll Fresh(NewPoll poll) => new(poll.Several, poll.Secret, poll.Results, poll.EndsAt, EndedAt: null, Voters: 0,
        [.. poll.Options.Select((text, i) => new PollOption(i + 1, text!, poll.Results == PollResults.AtOnce ? 0 : null, []))]);

    static bool IsForEverybody(Poll poll) => poll.Results == PollResults.AtOnce || poll.EndedAt is not null;

    // Where names are shown their votes are there anyway; all others are counted by the database.
    static async Task<Counts> CountAsync(CommunityDb db, IReadOnlyList<Poll> polls, Func<Poll, bool> isSeen, CancellationToken cancel)
    {
        var (named, counted) = (Seqs(poll => poll.Secret == 0 && isSeen(poll)), Seqs(poll => poll.Secret == 1 || !isSeen(poll)));
        return new(
            (named.Count > 0 ? await Voters.AskAsync(db, polls[0].ConversationId, named, cancel) : []).ToLookup(vote => vote.Seq),
            (counted.Count > 0 ? await Tallies.AskAsync(db, polls[0].ConversationId, counted, cancel) : []).ToLookup(tally => tally.Seq));

        List<long> Seqs(Func<Poll, bool> which) => [.. polls.Where(which).Select(poll => poll.Seq)];
    }

    /// <summary>A poll on a page.</summary>
    /// <param name="Mine">As the member sees it who looks.</param>
    /// <param name="Everybodys">As all see it.</param>
    public sealed record SeenPoll(MyPoll Mine, PostedPoll Everybodys);

    sealed class Counts(ILookup<long, NamedVote> votes, ILookup<long, Tally> tallies)
    {
        public PostedPoll Of(Poll poll, bool isSeen)
        {
            var all = tallies[poll.Seq].Concat(votes[poll.Seq].Select(vote => new Tally(vote.Seq, vote.Choices, 1))).ToList();
            return new(poll.Several == 1, poll.Secret == 1, poll.Results, poll.EndsAt, poll.EndedAt, all.Sum(tally => tally.Count),
                [.. poll.Options.Split('\n').Select((text, i) => new PollOption(i + 1, text,
                    isSeen ? all.Where(tally => Has(tally.Choices, i)).Sum(tally => tally.Count) : null,
                    [.. votes[poll.Seq].Where(vote => isSeen && Has(vote.Choices, i)).Select(vote => vote.Voter)]))]);
        }

        static bool Has(int choices, int option) => (choices & PollRules.Bit(option + 1)) != 0;
    }

    sealed class AskedOfMember
    {
        public required Poll Poll { get; init; }
        public int? Mine { get; init; }
    }

    sealed record Tally(long Seq, int Choices, int Count);

    sealed record NamedVote(long Seq, int Choices, PollVoter Voter);
}
