using System.Text.Json;
using VetCommunity.Core.Discussion;

namespace VetCommunity.App.Conversations;

/// <summary>A poll as programs get it. <c>results</c> is <c>atOnce</c>, <c>afterVote</c> or <c>afterEnd</c>; votes are null while they are hidden, handles (50 at most) empty where the vote is secret.</summary>
sealed record WirePoll(
    bool Several, bool Secret, string Results, DateTimeOffset? EndsAt, DateTimeOffset? EndedAt, int Voters, IReadOnlyList<WirePollOption> Options)
{
    const int MostHandles = 50;

    public static WirePoll? Of(PostedPoll? poll) => poll is null ? null : new(poll.Several, poll.Secret, JsonNamingPolicy.CamelCase.ConvertName(poll.Results.ToString()),
        poll.EndsAt, poll.EndedAt, poll.Voters, [.. poll.Options.Select(option => new WirePollOption(option.Number, option.Text, option.Votes,
            [.. option.Voters.Take(MostHandles).Select(voter => voter.Handle)]))]);
}

/// <summary>One option of it.</summary>
sealed record WirePollOption(int Number, string Text, int? Votes, IReadOnlyList<string> Handles);

/// <summary>The poll that <c>Post</c> takes.</summary>
sealed record WireNewPoll(IReadOnlyList<string?>? Options, bool Several, bool Secret, string? Results, DateTimeOffset? EndsAt)
{
    /// <summary>What Core is asked for; results that are none are refused there.</summary>
    public NewPoll Wanted => new(Options ?? [], Several, Secret,
        Results is null ? PollResults.AtOnce : Enum.TryParse<PollResults>(Results, ignoreCase: true, out var shown) ? shown : default, EndsAt);
}

/// <summary>What <c>Vote</c> takes.</summary>
sealed record WireVote(string? Conversation, long Seq, IReadOnlyList<int>? Choices);

/// <summary>What <c>Withdraw</c> and <c>EndPoll</c> take.</summary>
sealed record WirePollAct(string? Conversation, long Seq);
