using System.Text;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.GoodPractice;

/// <summary>A picture or another file that a text shows.</summary>
/// <param name="Id">Its number in the text's address of it.</param>
/// <param name="Description">What the text says that a picture shows; empty for what is no picture.</param>
readonly record struct ShownFile(string Id, string Description);

/// <summary>
/// The pictures and other files that lie beside the texts of practices, in an export and in an import: each at the path by which the texts name it, so that no text has to change.
/// </summary>
sealed class CarriedFiles
{
    static readonly string Folder = DocumentFiles.Address.Trim('/');
    const int LongestName = 180;
    readonly Dictionary<string, string> _paths = new(StringComparer.Ordinal);
    readonly HashSet<string> _shown = new(StringComparer.Ordinal);

    /// <summary>Sorts what an import finds.</summary>
    /// <param name="paths">All files, with <c>/</c> between folders.</param>
    public CarriedFiles(IEnumerable<string> paths)
    {
        List<string> texts = [], others = [];
        foreach (var path in paths)
        {
            if (IdOf(path) is { } id && _paths.TryAdd(id, path))
                continue;
            (path.EndsWith(".md", StringComparison.OrdinalIgnoreCase) ? texts : others).Add(path);
        }
        (Texts, Others) = (texts, others);
    }

    /// <summary>The markdown files.</summary>
    public IReadOnlyList<string> Texts { get; }

    /// <summary>What is neither a text nor named as a file of one.</summary>
    public IReadOnlyList<string> Others { get; }

    /// <summary>Files that no text showed until now.</summary>
    public IEnumerable<string> NotShown => _paths.Where(one => !_shown.Contains(one.Key)).Select(one => one.Value).Order(StringComparer.Ordinal);

    /// <summary>Where the files lie that a text shows and that came with it.</summary>
    public IReadOnlyList<(ShownFile File, string Path)> Of(string markdown)
    {
        List<(ShownFile, string)> carried = [];
        foreach (var file in ShownIn(markdown))
        {
            _shown.Add(file.Id);
            if (_paths.TryGetValue(file.Id, out var path))
                carried.Add((file, path));
        }
        return carried;
    }

    /// <summary>Where a file lies.</summary>
    public static string PathOf(string id, string name)
    {
        var ending = Path.GetExtension(name);
        var stem = name[..^ending.Length];
        // A disk counts bytes, and the text names the file by its number.
        while (Encoding.UTF8.GetByteCount(stem) > LongestName)
            stem = PlainText.Beginning(stem, stem.Length - 1);
        return $"{Folder}/{id}/{stem}{ending}";
    }

    /// <summary>The files that a text shows, each once.</summary>
    public static IReadOnlyList<ShownFile> ShownIn(string markdown)
    {
        Dictionary<string, ShownFile> shown = new(StringComparer.Ordinal);
        for (var at = 0; (at = markdown.IndexOf(DocumentFiles.Address, at, StringComparison.Ordinal)) >= 0; at++)
        {
            var begin = at + DocumentFiles.Address.Length;
            if (markdown.IndexOf('/', begin) is var end && end - begin == 32 && markdown[begin..end] is var id && Attachments.IsId(id) && !shown.ContainsKey(id))
                shown.Add(id, new(id, DescriptionBefore(markdown, at)));
        }
        return [.. shown.Values];
    }

    static string? IdOf(string path) => path.Split('/') is [.., var folder, var id, _] && folder == Folder && Attachments.IsId(id) ? id : null;

    // What stands in the brackets of ![…](address).
    static string DescriptionBefore(string markdown, int at)
    {
        if (at < 2 || markdown[at - 1] != '(' || markdown[at - 2] != ']')
            return "";
        var begin = at - 2;
        while (begin > 0 && at - begin < 2 * Attachments.DescriptionLength && !(markdown[begin - 1] == '[' && (begin < 2 || markdown[begin - 2] != '\\')))
            begin--;
        if (begin < 2 || markdown[begin - 1] != '[' || markdown[begin - 2] != '!')
            return "";
        var words = new StringBuilder();
        for (var letter = begin; letter < at - 2; letter++)
        {
            if (markdown[letter] == '\\' && letter + 1 < at - 2 && char.IsAscii(markdown[letter + 1]) && !char.IsLetterOrDigit(markdown[letter + 1]))
                letter++;
            words.Append(markdown[letter]);
        }
        return PlainText.Beginning(PlainText.Line(words.ToString()), Attachments.DescriptionLength);
    }
}
