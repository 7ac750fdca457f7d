using System.Globalization;
using System.Text;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Files;

/// <summary>Names of files that may be shown to anybody and saved anywhere. They are never names on our own disk.</summary>
static class FileNames
{
    public const int Length = 100;
    const string Nameless = "file";
    static readonly string[] Devices =
        ["CON", "PRN", "AUX", "NUL", .. Enumerable.Range(0, 10).SelectMany(n => (string[])[string.Create(CultureInfo.InvariantCulture, $"COM{n}"), string.Create(CultureInfo.InvariantCulture, $"LPT{n}")])];

    /// <summary>The name without folders and signs that mislead, ending as its type does.</summary>
    public static string Clean(string? given, FileType type)
    {
        var name = WithoutFolders(given);
        var extension = Path.GetExtension(name);
        if (type.IsCalled(extension))
            extension = extension.ToLowerInvariant();
        else if (FileType.Extensions.Contains(extension))
            (name, extension) = (name[..^extension.Length] + type.Extension, type.Extension);
        else
            (name, extension) = (name + type.Extension, type.Extension);
        var stem = Cut(name[..^extension.Length].Trim(' ', '.'), Length - extension.Length);
        if (stem.Length == 0)
            stem = Nameless;
        // Windows takes these for devices, whatever stands after the first dot.
        if (Devices.Contains(stem.Split('.')[0].Trim(), StringComparer.OrdinalIgnoreCase))
            stem = '_' + stem;
        return stem + extension;
    }

    static string WithoutFolders(string? given)
    {
        var line = PlainText.Line(given);
        var name = line[(line.LastIndexOfAny(['/', '\\', ':']) + 1)..];
        return string.Concat(name.Where(letter => !"<>\"|?*%".Contains(letter, StringComparison.Ordinal))).Trim(' ', '.');
    }

    static string Cut(string stem, int longest)
    {
        if (stem.Length <= longest)
            return stem;
        var cut = new StringBuilder();
        var letters = StringInfo.GetTextElementEnumerator(stem);
        while (letters.MoveNext() && cut.Length + letters.GetTextElement().Length <= longest)
            cut.Append(letters.GetTextElement());
        return cut.ToString().Trim(' ', '.');
    }
}
