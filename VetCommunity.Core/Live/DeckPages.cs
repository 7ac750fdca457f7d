using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Files;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Live;

/// <summary>A page that was drawn.</summary>
/// <param name="Picture">The file with its picture, a PNG.</param>
/// <param name="Text">The words of the page; may be empty.</param>
/// <param name="Name">What it is called where it has no words.</param>
public sealed record DrawnPage(string Picture, string Text, string Name);

/// <summary>
/// Puts pages that were drawn behind the slides of a deck, as slides like all others: a picture of the page, described by its words, and all of its words as notes. All of them come, in one version, or none.
/// </summary>
public sealed class DeckPages(CommunityDbFactory db, Feed feed, DocumentFiles files, Attachments attachments, Storing storing)
{
    // Beyond that a picture is a photograph, which is a tenth as large as a WebP.
    const int LargePng = 400_000;
    const int MostNotes = 5000;
    // What a slide is besides what its page says.
    const int Around = 700;

    /// <summary>Whether the actor may write the deck in this language, and it has room for so many pages more.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor does not lead the session.</exception>
    /// <exception cref="RefusedException">Too many slides or files.</exception>
    public async Task CheckAsync(Actor actor, string slug, string language, int pages, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var (document, text) = await NewestAsync(context, actor, slug, language, cancel);
        try
        {
            await files.CheckRoomAsync(context, DocumentKind.Deck, document, pages, cancel);
        }
        catch (RefusedException)
        {
            // Whoever brings the same plan again and again is not to stand before a full deck of ten slides.
            await FreeAsync(context, document, cancel);
            await files.CheckRoomAsync(context, DocumentKind.Deck, document, pages, cancel);
        }
        if (Deck.Of(text).Slides.Count + pages > Deck.Most)
            throw new RefusedException(Refusal.TooManySlides, Deck.Most);
    }

    /// <summary>Appends them to what is the newest version by then. A session that is being held shows it from this moment on.</summary>
    /// <param name="actor">Who leads the session.</param>
    /// <param name="slug">Of which session.</param>
    /// <param name="language">To which of its languages.</param>
    /// <param name="pages">In their order.</param>
    /// <param name="formKey">The same again is the same.</param>
    /// <param name="cancel">Gives up; nothing stays.</param>
    /// <exception cref="NotFoundException">Absent, or the actor does not lead the session.</exception>
    /// <exception cref="RefusedException">Too many slides or files, or too long a text; nothing stays.</exception>
    public async Task AppendAsync(Actor actor, string slug, string language, IReadOnlyList<DrawnPage> pages, string formKey, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfZero(pages.Count, nameof(pages));
        var address = Decks.AddressOf(slug, language);
        if (await storing.StoredAsync(actor, address, formKey, cancel) is not null)
            return;
        await CheckAsync(actor, slug, language, pages.Count, cancel);
        List<PostedAttachment> pictures = [];
        var isKept = false;
        try
        {
            foreach (var (index, page) in pages.Index())
            {
                await using var picture = await PictureAsync(page.Picture, cancel);
                pictures.Add(await attachments.UploadAsync(actor, picture, FormattableString.Invariant($"page-{index + 1}.png"), DescriptionOf(page), cancel));
            }
            var mark = RandomNumberGenerator.GetHexString(6, lowercase: true);
            await storing.StoreTextAsync(actor, address, async (context, version) =>
            {
                var (_, text) = await NewestAsync(context, actor, slug, language, cancel);
                var longer = Appended(text, pages, pictures, mark);
                Decks.Check(longer);
                return longer;
            }, "", formKey, also: async (context, version) =>
            {
                // A document has room for them still, however many were brought at once.
                await files.CheckRoomAsync(context, DocumentKind.Deck, version.DocumentId, pages.Count, cancel);
                await DocumentFiles.BindAsync(context, actor, version.DocumentId, [.. pictures.Select(one => one.Id)]);
            }, cancel: cancel);
            isKept = true;
        }
        finally
        {
            if (!isKept || !await AreBoundAsync())
                await RemoveAsync();
        }
        await using var known = db.CreateDbContext();
        await Decks.TellAsync(known, feed, slug, cancel);

        // The same form, sent twice at once, is stored by one of the two.
        async Task<bool> AreBoundAsync()
        {
            await using var context = db.CreateDbContext();
            var first = pictures[0].Id;
            return await context.Attachments.AnyAsync(a => a.Id == first && a.DocumentId != null, CancellationToken.None);
        }

        async Task RemoveAsync()
        {
            foreach (var picture in pictures)
            {
                try
                {
                    await attachments.RemoveAsync(actor, picture.Id, CancellationToken.None);
                }
                catch (NotFoundException)
                {
                    // What a broken connection bound all the same is the document's.
                }
            }
        }
    }

    /// <summary>Takes away the pictures that neither the slides of today, nor what somebody writes on them, nor a replay or a lesson shows.</summary>
    internal async Task FreeAsync(CommunityDb context, int document, CancellationToken cancel)
    {
        var begun = await context.LiveSessions.Where(s => s.DocumentId == document && s.RehearsalOfId == null).Select(s => s.StartedAt).SingleOrDefaultAsync(cancel);
        var versions = await context.LanguageVersions.Where(v => v.DocumentId == document).Select(v => new { v.Id, v.LastNumber }).ToListAsync(cancel);
        var numbers = versions.ConvertAll(version => version.Id);
        var texts = await context.DocumentDrafts.Where(d => numbers.Contains(d.VersionId)).Select(d => d.Markdown).ToListAsync(cancel);
        foreach (var version in versions)
        {
            var first = begun is not { } since ? version.LastNumber : await context.Revisions.Where(r => r.VersionId == version.Id && r.At <= since).MaxAsync(r => (int?)r.Number, cancel) ?? 1;
            texts.AddRange(await context.Revisions.Where(r => r.VersionId == version.Id && r.Number >= first).Select(r => r.Markdown).ToListAsync(cancel));
        }
        var lessons = context.LanguageVersions.Where(v => context.LiveSessions.Any(s => s.DocumentId == document && s.LessonId == v.DocumentId)).Select(v => v.Id);
        texts.AddRange(await context.Revisions.Where(r => lessons.Contains(r.VersionId)).Select(r => r.Markdown).ToListAsync(cancel));
        texts.AddRange(await context.DocumentDrafts.Where(d => lessons.Contains(d.VersionId)).Select(d => d.Markdown).ToListAsync(cancel));
        await files.KeepShownAsync(context, document, texts, cancel);
    }

    async Task<(int Document, string Text)> NewestAsync(CommunityDb context, Actor actor, string slug, string language, CancellationToken cancel)
    {
        var document = await files.WritableAsync(context, actor, DocumentKind.Deck, slug, cancel);
        var version = await context.LanguageVersions.AsNoTracking().SingleOrDefaultAsync(v => v.DocumentId == document && v.Language == language, cancel) ?? throw new NotFoundException("document");
        // A language that was only begun shows the original until somebody writes it, and so it begins with that.
        var newest = await DocumentAccess.RevisionAsync(context, version.Id, version.LastNumber, cancel);
        if (newest is null && version.SourceId is { } source)
            newest = await context.Revisions.AsNoTracking().Where(r => r.VersionId == source).OrderByDescending(r => r.Number).FirstOrDefaultAsync(cancel);
        return (document, newest?.Markdown ?? "");
    }

    static string Appended(string text, IReadOnlyList<DrawnPage> pages, List<PostedAttachment> pictures, string mark)
    {
        var notes = Math.Clamp(((FrontMatter.MostOfDocument - text.Length) / pages.Count) - Around - (2 * Attachments.DescriptionLength), 0, MostNotes);
        var longer = new StringBuilder(text.TrimEnd('\r', '\n'));
        foreach (var (index, page) in pages.Index())
        {
            if (longer.Length > 0)
                longer.Append("\n\n---\n\n");
            longer.Append(FormattableString.Invariant($"<!-- id: pdf-{mark}-{index + 1} -->\n<!-- layout: picture -->\n")).Append(DocumentFiles.MarkdownOf(pictures[index])).Append('\n');
            if (PlainNotes.Of(page.Text, notes) is { Length: > 0 } said)
                longer.Append("\n???\n\n").Append(said).Append('\n');
        }
        return longer.ToString();
    }

    /// <summary>What the picture shows for those who do not see it: the words of the page, as far as a description may be long.</summary>
    static string DescriptionOf(DrawnPage page)
    {
        var words = PlainText.Line(page.Text);
        return words.Length > 0 ? PlainText.Beginning(words, Attachments.DescriptionLength) : PlainText.Beginning(PlainText.Line(page.Name), Attachments.DescriptionLength);
    }

    static async Task<Stream> PictureAsync(string file, CancellationToken cancel)
    {
        if (new FileInfo(file).Length <= LargePng)
            return new FileStream(file, new FileStreamOptions { Share = FileShare.Read, Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
        return new MemoryStream(await Bitmaps.InTurnAsync(() => SmallerOf(file), cancel));
    }

    static byte[] SmallerOf(string file)
    {
        using var image = SkiaSharp.SKImage.FromEncodedData(file) ?? throw new RefusedException(Refusal.PdfBroken);
        using var data = image.Encode(SkiaSharp.SKEncodedImageFormat.Webp, 86) ?? throw new RefusedException(Refusal.PdfBroken);
        return data.ToArray();
    }
}
