using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using VetCommunity.Core;
using VetCommunity.Core.Data;
using VetCommunity.Core.Documents;
using VetCommunity.Core.GoodPractice;

namespace VetCommunity.Bench;

/// <summary>Ten thousand practices as an import finds them, always the same: each in one of six languages, of some 5 KB, with words of its language as often as words are.</summary>
static class PracticeWorld
{
    public const int Count = 10_000;
    public const string Rare = "zwiebelfisch";
    public const string Medium = "prüfungsordnung";
    public const string Common = "werkstatt";
    public const string Second = "aprenentatge";
    const int WordsOfLanguage = 12_000;
    static readonly string[] Headings = ["Context", "Challenge", "Approach", "Results", "Conditions", "Transferability"];
    static readonly string[][] Syllables =
    [
        ["the", "ing", "work", "er", "train", "shop", "ap", "pren", "tice", "ly", "re", "con", "tion", "al", "o", "pair"],
        ["zio", "ne", "ma", "re", "bot", "te", "ga", "la", "vo", "ro", "for", "chi", "per", "ché", "tà", "gli"],
        ["ung", "aus", "bil", "der", "werk", "zeug", "straße", "prü", "fer", "lehr", "ling", "be", "trieb", "ge", "ver", "mäß"],
        ["ción", "prác", "ti", "ca", "ta", "ller", "en", "se", "ñan", "za", "do", "mi", "ral", "por", "que", "ía"],
        ["ció", "prà", "ctica", "col·la", "bo", "ra", "a", "pre", "nent", "tge", "és", "ller", "fi", "ny", "ix", "or"],
        ["μά", "θη", "ση", "λό", "γος", "πρά", "ξη", "ερ", "γα", "στή", "ριο", "και", "το", "τέ", "χνη", "ού"],
    ];

    /// <summary>The words that are the most frequent in English.</summary>
    public static IReadOnlyList<string> MostFrequent => [.. Vocabulary(0).Take(2)];

    /// <summary>The address parts.</summary>
    public static IEnumerable<string> Slugs => Enumerable.Range(0, Count).Select(number => string.Create(CultureInfo.InvariantCulture, $"practice-{number}"));

    /// <summary>The text of each.</summary>
    public static IEnumerable<string> Texts()
    {
        var random = new Random(4711);
        var words = new SearchWorld.Zipf(WordsOfLanguage, random);
        var vocabularies = Enumerable.Range(0, Languages.All.Count).Select(Vocabulary).ToList();
        for (var number = 0; number < Count; number++)
        {
            var vocabulary = vocabularies[number % vocabularies.Count];
            yield return TextOf(number, random, length => string.Join(' ', Enumerable.Range(0, length).Select(_ => vocabulary[words.Next()])));
        }
    }

    /// <summary>All of them as files of a new folder.</summary>
    public static void Write(string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (slug, text) in Slugs.Zip(Texts()))
            File.WriteAllText(Path.Combine(folder, slug + ".md"), text);
    }

    /// <summary>All of them, imported through Core.</summary>
    public static async Task<Practices> ImportAsync(CommunityDbFactory db, string folder)
    {
        await using (var context = db.CreateDbContext())
            await context.Database.MigrateAsync();
        var (kinds, clock) = (new DocumentKinds([new PracticeKind()]), TimeProvider.System);
        var feed = new Feed(NullLogger<Feed>.Instance);
        await new PracticeImport(db, new(db, kinds, clock), new(db, kinds, clock), new(db, kinds, feed, clock), new(folder), clock, NullLogger<PracticeImport>.Instance).ImportAsync(Actor.Operator, folder);
        return new(db);
    }

    static string[] Vocabulary(int language)
    {
        var random = new Random(17 + language);
        var syllables = Syllables[language];
        return [.. Enumerable.Range(0, WordsOfLanguage).Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => syllables[random.Next(syllables.Length)])))];
    }

    static string TextOf(int number, Random random, Func<int, string> words)
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"""
            ---
            title: {words(6)}
            summary: {words(30)}
            language: {Languages.All[number % Languages.All.Count]}
            country: [{Some(["AT", "CH", "DE", "ES", "GR", "IT", "PT", "SI"])}]
            region: {words(1)}
            sector: [{Some(["C", "F", "G", "I", "P", "Q"])}]
            eqf: [{random.Next(1, 9)}]
            audience: [{Some(PracticeRecord.Audiences)}]
            theme: [{Some(PracticeRecord.Themes)}]
            licence: CC-BY-4.0
            ---


            """));
        foreach (var (index, heading) in Headings.Index())
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"## {heading}").AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{words(40)}. **{words(2)}** {words(15)}, [{words(2)}](https://example.org/{number}).").AppendLine();
            text.AppendLine(CultureInfo.InvariantCulture, $"- {words(8)}").AppendLine(CultureInfo.InvariantCulture, $"- *{words(3)}* {words(8)}").AppendLine();
            text.AppendLine(CultureInfo.InvariantCulture, $"{words(30)}.").AppendLine();
            if (index == 1 && number % 2 == 0)
                text.AppendLine(number % 4 == 0 ? $"{Common} {Second}." : $"{Common} {words(1)} {Second}.").AppendLine();
            if (index == 2 && number % 25 == 3)
                text.AppendLine(CultureInfo.InvariantCulture, $"{words(3)} {Medium} {words(3)}.").AppendLine();
            if (index == 3 && number % (Count / 10) == 5)
                text.AppendLine(Rare).AppendLine();
        }
        return text.ToString();

        string Some(IReadOnlyList<string> all) => string.Join(", ", Enumerable.Range(0, random.Next(1, 4)).Select(_ => all[random.Next(all.Count)]).Distinct(StringComparer.Ordinal));
    }
}
