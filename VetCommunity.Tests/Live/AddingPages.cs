using CsCheck;
using Microsoft.EntityFrameworkCore;
using SkiaSharp;
using VetCommunity.Core;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Live;
using VetCommunity.Tests.Documents;
using VetCommunity.Tests.Files;
using Xunit;

namespace VetCommunity.Tests.Live;

public sealed class AddingPages : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("vet-drawn-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    static DocumentFiles Files(LiveWorld live) => new(live.World.Db, new([new DeckKind()]), live.World.Attachments, live.World.Uploads);

    static DeckPages Pages(LiveWorld live) => new(live.World.Db, live.World.Feed, Files(live), live.World.Attachments, new(live.World.Db, new([new DeckKind()]), live.World.Clock));

    DrawnPage Page(string text, byte[]? picture = null)
    {
        var file = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        File.WriteAllBytes(file, picture ?? MadeFiles.Picture(64, 36, SKEncodedImageFormat.Png));
        return new(file, text, "Page of a plan");
    }

    static async Task<(string Text, Deck Deck)> DeckAsync(LiveWorld live, string language = "en")
    {
        var text = await live.World.InDbAsync(db => (
            from v in db.LanguageVersions
            where v.Language == language && db.Documents.Any(d => d.Id == v.DocumentId && d.Slug == live.Slug)
            join r in db.Revisions on v.Id equals r.VersionId
            orderby r.Number descending
            select r.Markdown).FirstAsync());
        return (text, Deck.Of(text));
    }

    [Theory, OnBothDatabases]
    public async Task Pictures_that_nothing_shows_any_more_make_room_and_those_of_a_replay_stay(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        async Task<string> BringAsync(string words)
        {
            await Pages(live).AppendAsync(live.Anna, live.Slug, "en", [Page(words)], words);
            return IdIn((await DeckAsync(live)).Deck.Slides[^1].At(0));
        }
        async Task<string[]> LeftAsync()
        {
            await live.World.InDbAsync(async db =>
            {
                await Pages(live).FreeAsync(db, await db.LiveSessions.Select(s => s.DocumentId).SingleAsync(), TestContext.Current.CancellationToken);
                return 0;
            });
            return await live.World.InDbAsync(db => db.Attachments.Where(a => a.DocumentId != null).OrderBy(a => a.Description).Select(a => a.Id).ToArrayAsync());
        }
        await BringAsync("1 wrong");
        await live.WriteAsync(LiveWorld.Slides);
        var shown = await BringAsync("2 shown");
        Assert.Equal([shown], await LeftAsync());

        await live.Stages.StartAsync(live.Anna, live.Slug);
        live.World.Clock.Advance(TimeSpan.FromMinutes(1));
        await live.WriteAsync(LiveWorld.Slides);
        var later = await BringAsync("3 later");
        Assert.Equal([shown, later], await LeftAsync());
    }

    static string IdIn(string html) => html[(html.IndexOf("files/", StringComparison.Ordinal) + 6)..][..32];

    [Theory, OnBothDatabases]
    public async Task Each_page_is_the_next_slide_described_by_its_words_and_seen_by_everybody_in_the_session(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        await Pages(live).AppendAsync(live.Carla, live.Slug, "en", [Page("Why we weld\n\n1. Heat [hot]\n---\nLast"), Page(" \f")], "k");

        var (text, deck) = await DeckAsync(live);
        Assert.StartsWith(LiveWorld.Slides, text, StringComparison.Ordinal);
        Assert.Equal(5, deck.Slides.Count);
        var slide = deck.Slides[3];
        Assert.Equal((SlideLayout.Picture, "Why we weld 1. Heat [hot] --- Last", 0), (slide.Layout, slide.Title, slide.Steps));
        Assert.Contains("alt=\"Why we weld 1. Heat [hot] --- Last\"", slide.At(0), StringComparison.Ordinal);
        Assert.Equal("<p>Why we weld</p>\n<p>1. Heat [hot]</p>\n<p>---</p>\n<p>Last</p>", slide.NotesHtml);
        Assert.Contains("alt=\"Page of a plan\"", deck.Slides[4].At(0), StringComparison.Ordinal);
        Assert.Equal("", deck.Slides[4].Notes);
        Assert.Equal(2, deck.Slides.Select(one => one.Name).OfType<string>().Distinct().Count());
        // Another language that has no such slide shows these.
        await live.Decks.AddLanguageAsync(live.Anna, live.Slug, "it");
        await live.WriteAsync("# Uno\n\n---\n\n# Due\n\n---\n\n# Tre\n\n---\n\n# Quattro", "it");
        Assert.Null((await DeckAsync(live, "it")).Deck.Like(slide)?.Name);

        var id = IdIn(slide.At(0));
        foreach (var one in (Actor[])[live.Anna, live.Carla, live.Bruno])
        {
            await using var open = (await Files(live).OpenAsync(one, id)).Content;
            Assert.True(open.Length > 0);
        }
        foreach (var one in (Actor[])[live.Olga, Actor.Visitor])
            await Assert.ThrowsAsync<NotFoundException>(() => Files(live).OpenAsync(one, id));
        // Whoever sees the picture reads no deck.
        await Assert.ThrowsAsync<NotFoundException>(() => live.Decks.OpenAsync(live.Bruno, live.Slug, "en"));
        await live.Sessions.LeaveAsync(live.Bruno, live.Slug);
        await Assert.ThrowsAsync<NotFoundException>(() => Files(live).OpenAsync(live.Bruno, id));
    }

    [Theory, OnBothDatabases]
    public async Task The_same_form_is_stored_once_and_two_at_once_are_both_there(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var pages = Pages(live);
        var mine = await live.Decks.OpenAsync(live.Anna, live.Slug, "en");

        await Task.WhenAll((((Actor Who, string Key, string Words)[])[(live.Anna, "a", "Anna"), (live.Anna, "a", "Anna"), (live.Carla, "b", "Carla")])
            .Select(one => Task.Run(() => pages.AppendAsync(one.Who, live.Slug, "en", [Page(one.Words), Page(one.Words)], one.Key))));

        Assert.Equal(["Anna", "Anna", "Carla", "Carla"], (await DeckAsync(live)).Deck.Slides.Skip(3).Select(one => one.Title).Order(StringComparer.Ordinal));
        Assert.Equal(4, await live.World.InDbAsync(db => db.Attachments.CountAsync(a => a.DocumentId != null)));
        Assert.Equal(0, await live.World.InDbAsync(db => db.Attachments.CountAsync(a => a.DocumentId == null)));
        // Who wrote on the version before is merged with them.
        Assert.Null(await live.Decks.SaveAsync(live.Anna, live.Slug, "en", mine.Markdown.Replace("# One", "# First", StringComparison.Ordinal), new(mine.Base, mine.Version), "c"));
        Assert.Equal((7, "First"), (await DeckAsync(live)).Deck is var deck ? (deck.Slides.Count, deck.Slides[0].Title) : default);
    }

    [Theory, OnBothDatabases]
    public async Task What_is_refused_leaves_nothing_and_who_does_not_lead_finds_nothing(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var pages = Pages(live);
        foreach (var other in (Actor[])[live.Bruno, live.Olga, Actor.Visitor])
        {
            await Assert.ThrowsAsync<NotFoundException>(() => pages.CheckAsync(other, live.Slug, "en", 1));
            await Assert.ThrowsAsync<NotFoundException>(() => pages.AppendAsync(other, live.Slug, "en", [Page("A")], "k"));
        }
        await Assert.ThrowsAsync<NotFoundException>(() => pages.AppendAsync(live.Anna, live.Slug, "it", [Page("A")], "k"));

        Assert.Equal(Refusal.FileDamaged, await World.RefusalOfAsync(() => pages.AppendAsync(live.Anna, live.Slug, "en", [Page("A"), Page("B", MadeFiles.Picture(64, 36, SKEncodedImageFormat.Png)[..60])], "k")));
        await live.WriteAsync(string.Join("\n\n---\n\n", Enumerable.Repeat("# A", Deck.Most - 1)));
        Assert.Equal(Refusal.TooManySlides, await World.RefusalOfAsync(() => pages.AppendAsync(live.Anna, live.Slug, "en", [Page("A"), Page("B")], "k")));
        await pages.AppendAsync(live.Anna, live.Slug, "en", [Page("A")], "k");

        Assert.Equal(Deck.Most, (await DeckAsync(live)).Deck.Slides.Count);
        Assert.Single(await live.World.InDbAsync(db => db.Attachments.ToListAsync()));
        // The picture and its small one.
        Assert.Equal(2, Directory.GetFiles(live.World.UploadPath).Length);
    }

    [Theory, OnBothDatabases]
    public async Task What_was_written_and_not_stored_stays_and_a_large_picture_is_made_smaller(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var draft = await live.Decks.OpenAsync(live.Anna, live.Slug, "en");
        await live.Decks.SaveAsync(live.Carla, live.Slug, "en", draft.Markdown.Replace("# Three", "# Third", StringComparison.Ordinal), new(draft.Base, draft.Version), "a");
        // In conflict with Carla's: it stays a draft.
        Assert.NotNull(await live.Decks.SaveAsync(live.Anna, live.Slug, "en", draft.Markdown.Replace("# Three", "# Drei", StringComparison.Ordinal), new(draft.Base, draft.Version), "b"));

        using var noise = new SKBitmap(600, 600);
        var random = new Random(1);
        for (var at = 0; at < 360_000; at++)
            noise.SetPixel(at % 600, at / 600, new((uint)random.Next() | 0xFF000000));
        using var png = noise.Encode(SKEncodedImageFormat.Png, 100);
        await Pages(live).AppendAsync(live.Anna, live.Slug, "en", [Page("Noise", png.ToArray())], "c");

        Assert.Contains("# Drei", (await live.Decks.OpenAsync(live.Anna, live.Slug, "en")).Markdown, StringComparison.Ordinal);
        Assert.Contains("# Third", (await DeckAsync(live)).Text, StringComparison.Ordinal);
        var kept = Assert.Single(await live.World.InDbAsync(db => db.Attachments.ToListAsync()));
        Assert.Equal(("image/webp", true), (kept.ContentType, kept.Bytes < png.Size));
    }

    static readonly Gen<string> Words = Seeds.Texts(12, "---\n", "```\n", "~~~\n", "???\n", ". . .\n", "+++\n", "::: question text\n", ":::\n", "<!-- id: x -->\n", "<!-- layout: x -->\n", "# A\n", "    code\n", "1. one\n", "- *b*\n", "<b>\n", "@anna [a](/b)\n", "===\n", "\\\n", "|a|b|\n|-|-|\n", "words\n");

    [Fact]
    public void No_words_of_a_page_are_a_sign_of_a_deck() => Words.Hold(words =>
    {
        var deck = Deck.Of($"# A\n\n???\n\n{PlainNotes.Of(words, 5000)}\n\n---\n\n# B");
        Assert.Equal(["A", "B"], deck.Slides.Select(one => one.Title));
        Assert.Empty(deck.Questions);
        Assert.DoesNotMatch("<(?!/?p>)", deck.Slides[0].NotesHtml);
    });

    [Fact]
    public void Notes_end_with_a_whole_line() => Assert.Equal("one\n\n\\- two", PlainNotes.Of("one\n- two\nthree and more", 16));
}
