using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Search;

namespace VetCommunity.Core.GoodPractice;

/// <summary>Reads the published texts for their words: all of them when somebody searches first, later those alone that were published since.</summary>
sealed class PracticeIndex(CommunityDbFactory db)
{
    // Texts that are in memory at a time.
    const int ABatch = 100;

    readonly Lock _starting = new();
    Vocabulary _vocabulary = new();
    Dictionary<(int VersionId, int Number, string Organisation), VersionWords> _kept = [];
    PracticeWords? _words;
    Task<PracticeWords>? _loading;

    /// <summary>The words of this shelf, or of a newer one.</summary>
    public async Task<PracticeWords> OfAsync(PracticeShelf shelf, CancellationToken cancel)
    {
        if (Volatile.Read(ref _words) is { } known && known.Shelf.Version >= shelf.Version)
            return known;
        // One reads them for all who come meanwhile.
        while (true)
        {
            Task<PracticeWords> loading;
            lock (_starting)
                loading = _loading is { IsCompleted: false } underWay ? underWay : _loading = Task.Run(() => LoadAsync(shelf), CancellationToken.None);
            if (await loading.WaitAsync(cancel) is var words && words.Shelf.Version >= shelf.Version)
                return words;
        }
    }

    /// <summary>Of each row the piece in which most of what was looked for stands together.</summary>
    public async Task<IReadOnlyList<PracticeCard>> WithSnippetsAsync(PracticeShelf shelf, IReadOnlyList<PracticeCard> rows, IReadOnlyList<SearchTerm> terms, CancellationToken cancel)
    {
        var versions = rows.Select(row => shelf.Find(row.Slug, row.Language)!.Value.Version).ToList();
        await using var context = db.CreateDbContext();
        var texts = await TextsAsync(context, versions, cancel);
        return [.. rows.Zip(versions, (row, version) => row with { Snippet = Snippets.Of($"{row.Record.Summary} {texts.GetValueOrDefault(version.VersionId)}", terms) })];
    }

    async Task<PracticeWords> LoadAsync(PracticeShelf shelf)
    {
        if (_words is { } known && known.Shelf.Version >= shelf.Version)
            return known;
        var versions = shelf.Versions.ToList();
        var found = versions.Where(one => _kept.ContainsKey(KeyOf(one))).ToDictionary(KeyOf, one => _kept[KeyOf(one)]);
        await using var context = db.CreateDbContext();
        foreach (var batch in versions.Where(one => !found.ContainsKey(KeyOf(one))).Chunk(ABatch))
        {
            var texts = await TextsAsync(context, batch, CancellationToken.None);
            foreach (var version in batch)
                found[KeyOf(version)] = VersionWords.Of(version, texts.GetValueOrDefault(version.VersionId, ""), _vocabulary);
        }
        var words = new PracticeWords(shelf, [.. versions.Select(one => found[KeyOf(one)])], _vocabulary.Known);
        // What nobody can find any more is forgotten some day, so that texts that come and go do not fill the memory.
        (_vocabulary, _kept) = words.Unused > words.Words / 2 ? (new(), []) : (_vocabulary, found);
        Volatile.Write(ref _words, words);
        return words;
    }

    static async Task<Dictionary<int, string>> TextsAsync(CommunityDb context, IReadOnlyList<ShelvedPractice> versions, CancellationToken cancel)
    {
        var numbers = versions.ToDictionary(one => one.VersionId, one => one.Number);
        var ids = numbers.Keys.ToList();
        var rows = await context.Editions.Where(e => ids.Contains(e.VersionId)).Select(e => new { e.VersionId, e.Number, e.Html }).ToListAsync(cancel);
        var texts = rows.Where(row => row.Number == numbers[row.VersionId]).ToDictionary(row => row.VersionId, row => PlainOf(row.Html));
        // Published anew or taken away since the shelf was made. A revision never changes: whoever searches that shelf finds in it what it showed.
        foreach (var version in versions.Where(one => !texts.ContainsKey(one.VersionId)))
        {
            if (await DocumentAccess.RevisionAsync(context, version.VersionId, version.Number, cancel) is { } revision)
                texts[version.VersionId] = PlainOf(RenderedDocument.Of(revision.Markdown).Html);
        }
        return texts;
    }

    // What is quoted is decided anew at each reading, and so it is not found; nor is the place of it.
    static string PlainOf(string html) => RenderedDocument.PlainOf(html.Replace(PracticeQuotes.Place, "", StringComparison.Ordinal));

    static (int VersionId, int Number, string Organisation) KeyOf(ShelvedPractice version) => (version.VersionId, version.Number, version.Organisation);
}
