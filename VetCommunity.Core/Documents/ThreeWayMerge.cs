namespace VetCommunity.Core.Documents;

/// <summary>A part of two texts that come from the same base: merged, or a conflict.</summary>
/// <param name="Text">The merged text; null in a conflict.</param>
/// <param name="Base">In a conflict: what stood there.</param>
/// <param name="Mine">What the one made of it; empty where it was deleted.</param>
/// <param name="Theirs">What the other did.</param>
public sealed record MergePart(string? Text, string Base = "", string Mine = "", string Theirs = "")
{
    /// <summary>Somebody has to decide.</summary>
    public bool IsConflict => Text is null;
}

/// <summary>
/// Merges by lines what two made of the same text. Line ends and the missing one of the last line count as no change of a line, and go the way of who changed them. Changes that touch are a
/// conflict, so that nothing is put together that nobody has read together: so is a line changed by the one in what the other deleted.
/// </summary>
public static class ThreeWayMerge
{
    /// <summary>The parts in their order. Where none is a conflict, their texts joined are the merged text.</summary>
    public static IReadOnlyList<MergePart> Of(string origin, string mine, string theirs)
    {
        var (b, m, t) = (Lines.Of(origin), Lines.Of(mine), Lines.Of(theirs));
        var (bContent, mContent, tContent) = (Contents(b), Contents(m), Contents(t));
        var (inMine, inTheirs) = (Alignment.Of(bContent, mContent), Alignment.Of(bContent, tContent));
        var parts = new Parts();
        var (bAt, mAt, tAt) = (0, 0, 0);
        for (var at = 0; at <= b.Count; at++)
        {
            if (at < b.Count && (inMine[at] < 0 || inTheirs[at] < 0))
                continue;
            var (mTo, tTo) = at < b.Count ? (inMine[at], inTheirs[at]) : (m.Count, t.Count);
            Between(parts, b[bAt..at], m[mAt..mTo], t[tAt..tTo]);
            if (at < b.Count)
                parts.Agree(Line(b[at], m[mTo], t[tTo]));
            (bAt, mAt, tAt) = (at + 1, mTo + 1, tTo + 1);
        }
        return parts.Closed(Lines.EndIn(origin.Length > 0 ? origin : mine));
    }

    /// <summary>The merged text; null where there is a conflict.</summary>
    public static string? TextOf(IReadOnlyList<MergePart> parts) => parts.Any(part => part.IsConflict) ? null : string.Concat(parts.Select(part => part.Text));

    static List<string> Contents(List<string> lines) => lines.ConvertAll(Lines.Content);

    static bool SaySame(List<string> one, List<string> other) => one.Count == other.Count && one.Zip(other).All(pair => Lines.Content(pair.First) == Lines.Content(pair.Second));

    static void Between(Parts parts, List<string> b, List<string> m, List<string> t)
    {
        if (SaySame(m, t))
        {
            for (var at = 0; at < m.Count; at++)
                parts.Agree(Line(b.Count == m.Count && SaySame(b, m) ? b[at] : null, m[at], t[at]));
        }
        else if (SaySame(m, b))
        {
            t.ForEach(parts.Agree);
        }
        else if (SaySame(t, b))
        {
            m.ForEach(parts.Agree);
        }
        else
        {
            parts.Conflict(string.Concat(b), string.Concat(m), string.Concat(t));
        }
    }

    // Three lines that say the same: whoever gave it another line end is followed, and of two the one that comes first by its character.
    static string Line(string? origin, string mine, string theirs) =>
        mine == theirs || theirs == origin ? mine
        : mine == origin ? theirs
        : Lines.End(mine).Length == 0 ? theirs
        : Lines.End(theirs).Length == 0 || string.CompareOrdinal(mine, theirs) < 0 ? mine : theirs;

    sealed class Parts
    {
        readonly List<MergePart> _parts = [];
        readonly List<string> _agreed = [];

        public void Agree(string line) => _agreed.Add(line);

        public void Conflict(string origin, string mine, string theirs)
        {
            Close();
            _parts.Add(new(null, origin, mine, theirs));
        }

        public List<MergePart> Closed(string end)
        {
            // A last line without a line end may have got another one after it.
            for (var at = 0; at < _agreed.Count - 1; at++)
            {
                if (Lines.End(_agreed[at]).Length == 0)
                    _agreed[at] += end;
            }
            Close();
            return _parts;
        }

        void Close()
        {
            if (_agreed.Count > 0)
                _parts.Add(new(string.Concat(_agreed)));
            _agreed.Clear();
        }
    }
}
