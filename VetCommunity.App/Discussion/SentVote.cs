using System.Globalization;
using VetCommunity.Core;
using VetCommunity.Core.Discussion;

namespace VetCommunity.App.Discussion;

/// <summary>What the form of a page's polls says: in which poll, and what.</summary>
sealed record SentVote(long Seq, bool IsWithdrawn, IReadOnlyList<int> Choices)
{
    /// <summary>Null where no poll's button was pressed.</summary>
    public static SentVote? Of(IFormCollection form)
    {
        var withdraws = form.ContainsKey("withdraw");
        if (!long.TryParse(form[withdraws ? "withdraw" : "vote"], NumberStyles.None, CultureInfo.InvariantCulture, out var seq))
            return null;
        return new(seq, withdraws, [.. form[FormattableString.Invariant($"choice-{seq}")].Select(Number)]);
    }

    public Task DoAsync(Polls polls, Actor actor, string room) =>
        IsWithdrawn ? polls.WithdrawAsync(actor, room, Seq) : polls.VoteAsync(actor, room, Seq, Choices);

    // What is no number is no option either.
    static int Number(string? sent) => int.TryParse(sent, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
