namespace VetCommunity.Core.Documents;

/// <summary>Finds the sections of a text again after others changed it, whatever they are called by then.</summary>
static class FollowedSections
{
    /// <summary>The present keys by the former ones. Whose heading and text are both others is gone and not among them.</summary>
    /// <param name="then">The former text.</param>
    /// <param name="now">The later one.</param>
    /// <param name="wanted">The former keys that are asked for: only these are compared word by word.</param>
    public static Dictionary<string, string> Of(string then, string now, HashSet<string> wanted)
    {
        Dictionary<string, string> found = new(StringComparer.Ordinal);
        var (before, after) = (Said(then), Said(now));
        // Of two headings that are alike the second one takes the first one's key when that is gone: what stands there says which it is.
        Pair((a, b) => a.Key == b.Key && a.Hash == b.Hash);
        Pair((a, b) => a.Hash == b.Hash);
        Pair((a, b) => a.Key == b.Key);
        before.RemoveAll(one => !wanted.Contains(one.Key));
        Pair((a, b) => TextOf(a) == TextOf(b));
        Pair((a, b) => Passages.Follow(Differences.ByWords(TextOf(a), TextOf(b)), new(0, TextOf(a).Length)) is not null);
        return found;

        void Pair(Func<Section, Section, bool> isSame)
        {
            foreach (var one in before.ToList())
            {
                if (after.Find(other => isSame(one, other)) is not { } same)
                    continue;
                found[one.Key] = same.Key;
                before.Remove(one);
                after.Remove(same);
            }
        }
    }

    static List<Section> Said(string document) => [.. Sections.Of(document).Where(section => section.Key != Sections.FrontMatterKey && section.SaysSomething)];

    static string TextOf(Section section) => section.Text[(section.Key == Sections.BeginningKey ? 0 : Lines.EndOf(section.Text, 0))..].Trim();
}
