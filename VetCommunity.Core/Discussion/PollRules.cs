using System.Numerics;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Discussion;

/// <summary>What a poll may be, and how the numbers of options become a vote's bits.</summary>
static class PollRules
{
    public static NewPoll Checked(NewPoll poll)
    {
        List<string> options = [.. (poll.Options ?? []).Select(PlainText.Line).Where(option => option.Length > 0).Take(Polls.MostOptions + 1)];
        if (options.Count is < Polls.FewestOptions or > Polls.MostOptions)
            throw new RefusedException(Refusal.PollOptionCount, Polls.FewestOptions, Polls.MostOptions);
        if (options.Exists(option => option.Length > Polls.OptionLength))
            throw new RefusedException(Refusal.PollOptionTooLong, Polls.OptionLength);
        // Accents count: two spellings may be just what is asked about.
        HashSet<string> known = new(StringComparer.OrdinalIgnoreCase);
        if (options.Find(option => !known.Add(option)) is { } twice)
            throw new RefusedException(Refusal.PollOptionTwice, twice);
        if (!Enum.IsDefined(poll.Results))
            throw new RefusedException(Refusal.BadChoice);
        // As precise as the databases keep it.
        var ends = poll.EndsAt is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds()) : (DateTimeOffset?)null;
        return poll with { Options = options, EndsAt = ends };
    }

    /// <summary>The bits of the options with these numbers.</summary>
    public static int Bits(IReadOnlyList<int>? numbers)
    {
        if (numbers is null or [])
            throw new RefusedException(Refusal.PollNothingChosen);
        return numbers.Aggregate(0, (bits, number) => number is >= 1 and <= Polls.MostOptions ? bits | Bit(number) : throw new RefusedException(Refusal.PollChoiceUnknown));
    }

    public static int Bit(int number) => 1 << (number - 1);

    public static int Count(int bits) => BitOperations.PopCount((uint)bits);

    public static IReadOnlyList<int> Numbers(int bits) => [.. Enumerable.Range(1, Polls.MostOptions).Where(number => (bits & Bit(number)) != 0)];
}
