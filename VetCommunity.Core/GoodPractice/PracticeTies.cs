using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.GoodPractice;

/// <summary>What a published practice has to do with others that are published: by their front matters, and by the links in their texts. Of each kind the newest come first, <see cref="Most"/> at most.</summary>
/// <param name="Replaces">Older ones in whose place it is.</param>
/// <param name="ReplacedBy">Newer ones in its place.</param>
/// <param name="BuildsOn">Those out of which it was made for another place or group.</param>
/// <param name="BuiltOnBy">Those that were made out of it.</param>
/// <param name="MentionedIn">Others that link to it.</param>
public sealed record PracticeTies(IReadOnlyList<PracticeCard> Replaces, IReadOnlyList<PracticeCard> ReplacedBy, IReadOnlyList<PracticeCard> BuildsOn, IReadOnlyList<PracticeCard> BuiltOnBy, IReadOnlyList<PracticeCard> MentionedIn)
{
    /// <summary>Practices of each kind that a reader is shown.</summary>
    public const int Most = 20;

    /// <summary>None.</summary>
    public static PracticeTies None { get; } = new([], [], [], [], []);

    /// <summary>Of each kind that there is its name and its practices, in the order in which readers are shown them.</summary>
    public IEnumerable<(string Kind, IReadOnlyList<PracticeCard> Practices)> All =>
        ((IEnumerable<(string Kind, IReadOnlyList<PracticeCard> Practices)>)[(nameof(Replaces), Replaces), (nameof(ReplacedBy), ReplacedBy), (nameof(BuildsOn), BuildsOn), (nameof(BuiltOnBy), BuiltOnBy), (nameof(MentionedIn), MentionedIn)])
        .Where(tie => tie.Practices.Count > 0);

    /// <summary>Whether that practice is one of them.</summary>
    public bool Names(string slug) => All.Any(tie => tie.Practices.Any(card => card.Slug == slug));

    // Beyond so many practices nobody looks for a circle; readers are shown the next ones alone, and so none can go astray in it.
    const int Farthest = 500;
    const string Place = "/practices/";

    /// <summary>The address part of a practice of this community, of that or of its path; empty for what is none, such as an address elsewhere.</summary>
    public static string SlugIn(string text)
    {
        var line = Uri.UnescapeDataString(PlainText.Line(text));
        var address = line.AsSpan();
        if (address.StartsWith(Place))
            address = address[Place.Length..];
        if (address.IndexOfAny('?', '#') is >= 0 and var end)
            address = address[..end];
        address = address.TrimEnd('/');
        foreach (var letter in address)
        {
            if (!char.IsLetterOrDigit(letter) && letter != '-')
                return "";
        }
        return address.ToString().ToLowerInvariant();
    }

    /// <summary>Whether a page of the community is that of a practice.</summary>
    internal static string? SlugOf(string page) => page.StartsWith(Place, StringComparison.Ordinal) && SlugIn(page) is { Length: > 0 } slug ? slug : null;

    /// <summary>Refuses a revision that would stand in its own place, also across others that are published.</summary>
    /// <exception cref="RefusedException"><see cref="Refusal.ReplacesItself"/></exception>
    internal static async Task RefuseCircleAsync(CommunityDb db, string slug, string markdown, CancellationToken cancel)
    {
        var next = PracticeRecord.Of(markdown, slug).Supersedes;
        HashSet<string> seen = new(StringComparer.Ordinal);
        while (next.Count > 0 && seen.Count < Farthest)
        {
            if (next.Contains(slug, StringComparer.Ordinal))
                throw new RefusedException(Refusal.ReplacesItself);
            var further = next.Where(seen.Add).ToList();
            var heads = await (
                from d in db.Documents
                where d.Kind == DocumentKind.Practice && d.DeletedAt == null && further.Contains(d.Slug)
                join v in db.LanguageVersions on d.Id equals v.DocumentId
                join e in db.Editions on v.Id equals e.VersionId
                select e.Head).ToListAsync(cancel);
            next = [.. heads.SelectMany(head => PracticeRecord.Of(head, "").Supersedes).Distinct(StringComparer.Ordinal)];
        }
    }
}
