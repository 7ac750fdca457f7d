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

    [GeneratedRegex(@"\{\d+\}", RegexOptions.NonBacktracking)]
    private static partial Regex PlacePattern();
}
