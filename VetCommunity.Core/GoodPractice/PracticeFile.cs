using VetCommunity.Core.Documents;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.GoodPractice;

/// <summary>A markdown file that is a practice in one language: which, its name, its folder and its front matter say.</summary>
/// <param name="Path">Where it lies, from the folder of the import.</param>
/// <param name="Slug">The address part.</param>
/// <param name="Language">ISO 639.</param>
/// <param name="Rank">Of several files of one practice the lowest is the original: 1 a plain <c>slug.md</c>, 2 one in a folder such as <c>es</c>, 3 <c>slug.es.md</c>.</param>
sealed record PracticeFile(string Path, string Slug, string Language, int Rank)
{
    const string Fallback = "en";

    /// <summary>All files of a folder, those of one practice beside each other and its original first. Two that would be the same language of the same practice get the name of their folder too.</summary>
    public static IReadOnlyList<PracticeFile> In(IEnumerable<(string Path, string? Language)> files)
    {
        List<PracticeFile> all = [];
        HashSet<(string Slug, string Language)> taken = [];
        foreach (var file in files.Select(file => Of(file.Path, file.Language)).OrderBy(file => file.Rank).ThenBy(file => file.Path, StringComparer.Ordinal))
        {
            var one = file;
            for (var folders = 1; !taken.Add((one.Slug, one.Language)); folders++)
                one = file with { Slug = SlugOf(string.Join('-', Parts(file.Path)[..^1].TakeLast(folders).Append(file.Slug)), folders) };
            all.Add(one);
        }
        return [.. all.GroupBy(file => file.Slug, StringComparer.Ordinal).OrderBy(one => one.Key, StringComparer.Ordinal).SelectMany(one => one.OrderBy(file => file.Rank).ThenBy(file => file.Language, StringComparer.Ordinal))];
    }

    /// <summary>The name under which the same version is found again.</summary>
    /// <param name="slug">The address part.</param>
    /// <param name="language">The language of the text.</param>
    /// <param name="isOriginal">It is no translation.</param>
    /// <param name="says">The language that its front matter says; null for none.</param>
    public static string NameOf(string slug, string language, bool isOriginal, string? says) =>
        !isOriginal ? $"{slug}.{language}.md" : (says ?? Fallback) == language ? $"{slug}.md" : $"{language}/{slug}.md";

    static PracticeFile Of(string path, string? says)
    {
        var parts = Parts(path);
        var name = System.IO.Path.GetFileNameWithoutExtension(parts[^1]);
        var suffix = System.IO.Path.GetExtension(name).TrimStart('.');
        if (IsLanguage(suffix))
            return new(path, SlugOf(System.IO.Path.GetFileNameWithoutExtension(name), 0), suffix, 3);
        var folder = parts[..^1].LastOrDefault(IsLanguage);
        return new(path, SlugOf(name, 0), folder ?? (IsLanguage(says) ? says! : Fallback), folder is null ? 1 : 2);
    }

    static string[] Parts(string path) => path.Split('/', '\\');

    static bool IsLanguage(string? word) => word is not null && Languages.All.Contains(word, StringComparer.Ordinal);

    static string SlugOf(string name, int number)
    {
        var slug = Folding.Slug(PlainText.Whole(name));
        if (slug.Length > 60)
            slug = slug[..60].Trim('-');
        if (!AllDocuments.IsSlug(slug))
            slug = $"practice-{slug}".TrimEnd('-');
        return number > 9 ? FormattableString.Invariant($"{slug[..Math.Min(slug.Length, 50)]}-{number}") : slug;
    }
}
