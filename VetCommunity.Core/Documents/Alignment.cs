using System.Runtime.InteropServices;
using DiffPlex;

namespace VetCommunity.Core.Documents;

/// <summary>
/// Which pieces of a text are in another one too, in order. The work is bounded whatever the texts are: between the pieces that are in both exactly once only
/// short stretches are compared closely, and a longer one counts as replaced as a whole.
/// </summary>
static class Alignment
{
    // Comparing closely costs the square of this at worst: about 10 ms.
    const int Closely = 2_000;

    /// <summary>For each piece of <paramref name="from"/> its place in <paramref name="to"/>, rising; -1 where it is not there.</summary>
    public static int[] Of(IReadOnlyList<string> from, IReadOnlyList<string> to)
    {
        var places = new int[from.Count];
        Array.Fill(places, -1);
        var at = new Stretch(0, from.Count, 0, to.Count);
        at = Trimmed(from, to, at, places);
        if (at.Size <= Closely)
        {
            Compare(from, to, at, places);
            return places;
        }
        var (a, b) = (at.From, at.To);
        foreach (var (x, y) in InBothOnce(from, to, at).Append((at.FromEnd, at.ToEnd)))
        {
            var between = Trimmed(from, to, new(a, x, b, y), places);
            if (between.Size <= Closely)
                Compare(from, to, between, places);
            if (x < at.FromEnd)
                places[x] = y;
            (a, b) = (x + 1, y + 1);
        }
        return places;
    }

    [StructLayout(LayoutKind.Auto)]
    readonly record struct Stretch(int From, int FromEnd, int To, int ToEnd)
    {
        public int Size => FromEnd - From + ToEnd - To;
    }

    static Stretch Trimmed(IReadOnlyList<string> from, IReadOnlyList<string> to, Stretch at, int[] places)
    {
        var (a, aEnd, b, bEnd) = at;
        for (; a < aEnd && b < bEnd && from[a] == to[b]; a++, b++)
            places[a] = b;
        for (; a < aEnd && b < bEnd && from[aEnd - 1] == to[bEnd - 1]; aEnd--, bEnd--)
            places[aEnd - 1] = bEnd - 1;
        return new(a, aEnd, b, bEnd);
    }

    static void Compare(IReadOnlyList<string> from, IReadOnlyList<string> to, Stretch at, int[] places)
    {
        if (at.From == at.FromEnd || at.To == at.ToEnd)
            return;
        var found = Differ.Instance.CreateDiffs("from", "to", ignoreWhiteSpace: false, ignoreCase: false,
            new Given(Part(from, at.From, at.FromEnd), Part(to, at.To, at.ToEnd)));
        var (a, b) = (0, 0);
        foreach (var block in found.DiffBlocks)
        {
            for (; a < block.DeleteStartA; a++, b++)
                places[at.From + a] = at.To + b;
            (a, b) = (block.DeleteStartA + block.DeleteCountA, block.InsertStartB + block.InsertCountB);
        }
        for (; at.From + a < at.FromEnd; a++, b++)
            places[at.From + a] = at.To + b;
    }

    static string[] Part(IReadOnlyList<string> pieces, int from, int end) => [.. Enumerable.Range(from, end - from).Select(index => pieces[index])];

    // The longest rising chain of pieces that each text has exactly once.
    static List<(int From, int To)> InBothOnce(IReadOnlyList<string> from, IReadOnlyList<string> to, Stretch at)
    {
        var (mine, theirs) = (Once(from, at.From, at.FromEnd), Once(to, at.To, at.ToEnd));
        List<(int From, int To)> both = [];
        for (var a = at.From; a < at.FromEnd; a++)
        {
            if (mine[from[a]] >= 0 && theirs.GetValueOrDefault(from[a], -1) is >= 0 and var b)
                both.Add((a, b));
        }
        var before = new int[both.Count];
        List<int> ends = [];
        foreach (var (index, one) in both.Index())
        {
            var length = FirstNotBelow(both, ends, one.To);
            before[index] = length == 0 ? -1 : ends[length - 1];
            if (length == ends.Count)
                ends.Add(index);
            else
                ends[length] = index;
        }
        List<(int From, int To)> chain = [];
        for (var index = ends.Count == 0 ? -1 : ends[^1]; index >= 0; index = before[index])
            chain.Add(both[index]);
        chain.Reverse();
        return chain;
    }

    static int FirstNotBelow(List<(int From, int To)> both, List<int> ends, int to)
    {
        var (low, high) = (0, ends.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (both[ends[middle]].To < to)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }

    static Dictionary<string, int> Once(IReadOnlyList<string> pieces, int from, int end)
    {
        Dictionary<string, int> places = new(StringComparer.Ordinal);
        for (var index = from; index < end; index++)
            places[pieces[index]] = places.ContainsKey(pieces[index]) ? -1 : index;
        return places;
    }

    // The library cuts texts itself; ours are cut already.
    sealed class Given(string[] from, string[] to) : IChunker
    {
        public IReadOnlyList<string> Chunk(string text) => text == "from" ? from : to;
    }
}
