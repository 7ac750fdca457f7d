using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Files;

namespace VetCommunity.Core.Documents;

/// <summary>Pictures and other files of documents. A text shows one by its address; who may read the document may read it.</summary>
public sealed class DocumentFiles(CommunityDbFactory db, DocumentKinds kinds, Attachments attachments, UploadFolder uploads)
{
    /// <summary>Files of one document, where its kind says nothing else.</summary>
    public const int Most = 200;

    /// <summary>Where they are found; the name behind the number is for people.</summary>
    public const string Address = Markdown.PersonsHtml.Pictures;

    /// <summary>Takes a file for a document, as it is taken for a message: recognised by its content, a picture drawn anew.</summary>
    /// <param name="actor">Who writes in the document.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="slug">Its address part.</param>
    /// <param name="content">Read once, to its end.</param>
    /// <param name="name">What it was called.</param>
    /// <param name="description">What a picture shows, for people who do not see it; at most <see cref="Attachments.DescriptionLength"/> characters.</param>
    /// <param name="cancel">Gives up; nothing stays.</param>
    /// <returns>The markdown that shows it.</returns>
    /// <exception cref="NotFoundException">Absent, deleted or not the actor's to write in.</exception>
    /// <exception cref="RefusedException">A picture without a description, too many files, or what <see cref="Attachments.UploadAsync"/> refuses.</exception>
    public async Task<string> AddAsync(Actor actor, DocumentKind kind, string slug, Stream content, string? name, string? description, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var document = await WritableAsync(context, actor, kind, slug, cancel);
        await CheckRoomAsync(context, kind, document, 1, cancel);
        var file = await attachments.UploadAsync(actor, content, name, description, cancel);
        if (file is { Kind: FileKind.Image, Description.Length: 0 })
        {
            await attachments.RemoveAsync(actor, file.Id, CancellationToken.None);
            throw new RefusedException(Refusal.PictureNotDescribed);
        }
        await BindAsync(context, actor, document, [file.Id]);
        return MarkdownOf(file);
    }

    /// <summary>Refuses where a document has no room for so many files more.</summary>
    internal async Task CheckRoomAsync(CommunityDb context, DocumentKind kind, int document, int more, CancellationToken cancel)
    {
        if (await context.Attachments.CountAsync(a => a.DocumentId == document, cancel) + more > kinds[kind].MostFiles)
            throw new RefusedException(Refusal.TooManyFiles, kinds[kind].MostFiles);
    }

    /// <summary>What the actor uploaded is the document's from now on: all of it.</summary>
    internal static async Task BindAsync(CommunityDb context, Actor actor, int document, IReadOnlyCollection<string> files)
    {
        foreach (var some in files.Chunk(500))
        {
            if (await Attachments.Unposted(context).Where(a => some.Contains(a.Id) && a.UploaderId == actor.MemberId)
                .ExecuteUpdateAsync(set => set.SetProperty(a => a.DocumentId, document), CancellationToken.None) != some.Length)
                throw new NotFoundException("file");
        }
    }

    /// <summary>The files of a document, the newest first.</summary>
    /// <exception cref="NotFoundException">Absent, deleted or not the actor's to write in.</exception>
    public async Task<IReadOnlyList<PostedAttachment>> ListAsync(Actor actor, DocumentKind kind, string slug, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var document = await WritableAsync(context, actor, kind, slug, cancel);
        var rows = await context.Attachments.AsNoTracking().Where(a => a.DocumentId == document).OrderByDescending(a => a.UploadedAt).Take(Most).ToListAsync(cancel);
        return [.. rows.Select(Attachments.Shown)];
    }

    /// <summary>Takes a file away for good, from every revision that shows it; taken away twice, it is away.</summary>
    /// <exception cref="NotFoundException">The document is absent, deleted or not the actor's to write in.</exception>
    public async Task RemoveAsync(Actor actor, DocumentKind kind, string slug, string id, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var document = await WritableAsync(context, actor, kind, slug, cancel);
        if (Attachments.IsId(id) && await context.Attachments.Where(a => a.Id == id && a.DocumentId == document).ExecuteDeleteAsync(cancel) > 0)
            uploads.Remove([id]);
    }

    /// <summary>Takes away those files of a document that these texts do not show.</summary>
    internal async Task KeepShownAsync(CommunityDb context, int document, IReadOnlyCollection<string> texts, CancellationToken cancel)
    {
        var lost = (await context.Attachments.Where(a => a.DocumentId == document).Select(a => a.Id).ToListAsync(cancel)).FindAll(id => !texts.Any(text => text.Contains(Address + id, StringComparison.Ordinal)));
        await context.Attachments.Where(a => a.DocumentId == document && lost.Contains(a.Id)).ExecuteDeleteAsync(cancel);
        uploads.Remove(lost);
    }

    /// <summary>Opens a file for whoever may read its document: everybody where it is published.</summary>
    /// <exception cref="NotFoundException">There is none for this actor.</exception>
    public async Task<OpenedFile> OpenAsync(Actor actor, string id, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var published = DocumentAccess.Published(context);
        var here = Address + id + "/";
        var found = Attachments.IsId(id) ? await (
            from a in context.Attachments
            where a.Id == id
            join d in context.Documents on a.DocumentId equals d.Id
            where d.DeletedAt == null
            select new
            {
                File = a,
                d.Id,
                d.Kind,
                // Or a picture of slides that a published lesson shows.
                IsPublished = published.Any(one => one.Id == d.Id) || context.LiveSessions.Any(s => s.DocumentId == d.Id && published.Any(lesson => lesson.Id == s.LessonId)
                    && context.LanguageVersions.Any(v => v.DocumentId == s.LessonId && context.Editions.Any(e => e.VersionId == v.Id && e.Html.Contains(here)))),
            }).AsNoTracking().SingleOrDefaultAsync(cancel) : null;
        if (found is null || !(found.IsPublished || await kinds[found.Kind].Pictured(context, actor).AnyAsync(d => d.Id == found.Id && d.Kind == found.Kind, cancel)))
            throw new NotFoundException("file");
        return new(uploads.Open(id, thumbnail: false) ?? throw new NotFoundException("file"), Attachments.Shown(found.File));
    }

    /// <summary>Where one is found.</summary>
    public static string AddressOf(PostedAttachment file) => $"{Address}{file.Id}/{Uri.EscapeDataString(file.Name)}";

    internal async Task<int> WritableAsync(CommunityDb context, Actor actor, DocumentKind kind, string slug, CancellationToken cancel) =>
        await DocumentAccess.Seen(context, kinds[kind], actor, toWrite: true).Where(d => d.Slug == slug && d.DeletedAt == null).Select(d => (int?)d.Id).SingleOrDefaultAsync(cancel)
        ?? throw new NotFoundException("document");

    internal static string MarkdownOf(PostedAttachment file)
    {
        var isPicture = file.Kind == FileKind.Image;
        var words = string.Concat((isPicture ? file.Description : file.Name).Select(letter => letter is '[' or ']' or '\\' or '`' or '*' or '_' or '<' or '&' ? "\\" + letter : letter.ToString()));
        return $"{(isPicture ? "!" : "")}[{words}]({AddressOf(file)})";
    }
}
