using System.Collections;
using System.Globalization;
using System.Resources;
using System.Text.RegularExpressions;
using VetCommunity.Core;
using Xunit;

namespace VetCommunity.Tests.Texts;

public partial class SpeakingSixLanguages
{
    static readonly System.Reflection.Assembly[] Houses = [typeof(Actor).Assembly, typeof(App.Texts.RoomTexts).Assembly];

    /// <summary>Names, kinds of files, units, keys and headers.</summary>
    static readonly HashSet<string> SameInGreek = new(StringComparer.Ordinal)
    {
        "EQF", "UTF-", "CC", "BY", "BY-SA", "BY-NC", "BY-NC-SA", "BY-ND", "BY-NC-ND", "VetCommunity", "JavaScript", "Markdown", "Web", "Content", "Accessibility", "Guidelines", "WCAG", "EN", "AA", "English", "Italiano", "Deutsch", "Español", "Català",
        "PDF", "JPEG", "PNG", "WebP", "GIF", "JSON", "docx", "xlsx", "pptx", "doc", "xls", "ppt", "odt", "ods", "odp", "QR", "UTC", "MB", "KB", "ms", "byte", "bytes",
        "id", "multiple", "Email", "email", "e-mail", "Cookie", "cookie", "cookies", "emoji", "hash", "webhook", "webhooks", "passkeys", "Enter", "Ctrl", "Shift", "Tab", "Id", "seq", "address",
        "Standard", "Webhooks", "webhook-id", "webhook-timestamp", "webhook-signature", "Authorization", "Content-Type", "RequestVerificationToken", "Lines", "doctor", "E-mail", "GB", "PIN", "Atom", "BibTeX", "RIS", "Zotero", "ZIP", "Poppler", "title", "two-columns", "picture", "quote", "en", "it", "de", "es", "ca", "el",
    };

    public static TheoryData<string, string> Families()
    {
        var families = new TheoryData<string, string>();
        foreach (var house in Houses)
        {
            foreach (var name in house.GetManifestResourceNames().Where(name => name.EndsWith(".resources", StringComparison.Ordinal)))
            {
                foreach (var language in Languages.All.Skip(1))
                    families.Add(name[..^".resources".Length], language);
            }
        }
        return families;
    }

    [Theory]
    [MemberData(nameof(Families))]
    public void Every_text_exists_with_the_same_places_for_what_it_speaks_of(string family, string language)
    {
        var english = TextsOf(family, "");
        var other = TextsOf(family, language);

        Assert.NotEmpty(english);
        Assert.Equal(english.Keys.Order(StringComparer.Ordinal), other.Keys.Order(StringComparer.Ordinal));
        Assert.All(english, text => Assert.Equal(Places(text.Value), Places(other[text.Key])));
        Assert.All(other, text => Assert.False(string.IsNullOrWhiteSpace(text.Value), text.Key));
    }

    /// <summary>A Greek sentence has Greek letters, and of others only names and what people type as it is.</summary>
    [Fact]
    public void Nothing_Greek_is_left_in_English()
    {
        List<string> left = [];
        foreach (var (family, key, text) in AllTexts("el"))
        {
            var latin = LatinWordPattern().Matches(CodePattern().Replace(text, " ")).Select(word => word.Value).Where(word => !SameInGreek.Contains(word)).ToList();
            if (latin.Count > 0)
                left.Add($"{family} {key}: {string.Join(' ', latin)}");
        }

        Assert.Empty(left);
    }

    /// <summary>A sentence that is the same in two languages was forgotten in one of them; single words are now and then.</summary>
    [Theory]
    [InlineData("it")]
    [InlineData("de")]
    [InlineData("es")]
    [InlineData("ca")]
    public void No_sentence_is_left_in_English(string language)
    {
        var left = AllTexts(language).Where(text => TextsOf(text.Family, "")[text.Key] == text.Text && LatinWordPattern().Count(CodePattern().Replace(text.Text, " ")) > 1 && text.Text != "San Marino");

        Assert.Empty(left);
    }

    [Fact]
    public async Task Everything_that_the_audit_log_remembers_has_words()
    {
        var core = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "VetCommunity.Core"));
        List<string> remembered = [];
        foreach (var file in Directory.EnumerateFiles(core, "*.cs", SearchOption.AllDirectories).Where(file => !file.Contains("Migrations", StringComparison.Ordinal)))
        {
            var lines = (await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken))
                .Where(line => line.Contains("Note(", StringComparison.Ordinal) || line.Contains("NoteAsync(", StringComparison.Ordinal) || line.Contains("What =", StringComparison.Ordinal) || line.Contains("EntryOf(", StringComparison.Ordinal) || line.Contains("Set(", StringComparison.Ordinal));
            remembered.AddRange(lines.SelectMany(line => RememberedPattern().Matches(line)).Select(match => match.Value.Trim('"')));
        }
        var texts = TextsOf("VetCommunity.App.Texts.AdminTexts", "");

        Assert.Contains("handle.changed", remembered);
        Assert.All(remembered, what => Assert.Contains("Did_" + what.Replace('.', '_'), texts.Keys));
    }

    static IEnumerable<(string Family, string Key, string Text)> AllTexts(string language) =>
        from house in Houses
        from name in house.GetManifestResourceNames()
        where name.EndsWith(".resources", StringComparison.Ordinal)
        let family = name[..^".resources".Length]
        from text in TextsOf(family, language)
        select (family, text.Key, text.Value);

    static Dictionary<string, string> TextsOf(string family, string language)
    {
        var house = Houses.Single(house => house.GetManifestResourceNames().Contains(family + ".resources"));
        var culture = language.Length == 0 ? CultureInfo.InvariantCulture : CultureInfo.GetCultureInfo(language);
        return new ResourceManager(family, house).GetResourceSet(culture, createIfNotExists: true, tryParents: false)!
            .Cast<DictionaryEntry>().ToDictionary(text => (string)text.Key, text => (string)text.Value!, StringComparer.Ordinal);
    }

    static string[] Places(string text) => [.. PlacePattern().Matches(text).Select(place => place.Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    [GeneratedRegex(@"""[a-z]+\.[a-z]+""", RegexOptions.NonBacktracking)]
    private static partial Regex RememberedPattern();

    // Places, addresses, and words that a search is narrowed by.
    [GeneratedRegex(@"\{[^}]*\}|https?://\S*|\b[a-z]+:[a-z]*|[\w-]+/[\w-]+|\.[a-z]+\b|[\w-]+\.json|`[^`]*`", RegexOptions.NonBacktracking)]
    private static partial Regex CodePattern();

    [GeneratedRegex("[A-Za-zÀ-ÿ][A-Za-zÀ-ÿ-]+", RegexOptions.NonBacktracking)]
    private static partial Regex LatinWordPattern();

    [GeneratedRegex(@"\{\d+\}", RegexOptions.NonBacktracking)]
    private static partial Regex PlacePattern();
}
