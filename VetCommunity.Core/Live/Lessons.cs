using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Learning;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Live;

/// <summary>Lessons that trainers make of a session that is over: a document with the languages of the session, written by those who lead it and read by everybody once it is published. A session has one.</summary>
public sealed class Lessons(
    CommunityDbFactory db, Stages stages, AllDocuments documents, DocumentDrafts drafts, Storing storing, Revisions revisions, LanguageVersions languages, Publications publications)
{
    /// <summary>Lessons of one page.</summary>
    public const int Page = 20;

    const int MostKept = 50;

    readonly ConcurrentDictionary<(int Version, int Number), IReadOnlyList<LessonSection>> _read = new();

    /// <summary>What there is to make a lesson of in a language; nothing is stored.</summary>
    /// <param name="actor">Who leads the session.</param>
    /// <param name="slug">Which.</param>
    /// <param name="language">Null for the session's, or else the first in which there is none yet.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="NotFoundException">Absent, a rehearsal, the actor does not lead it, or there is nothing in this language.</exception>
    public async Task<LessonBeginning> BeginningAsync(Actor actor, string slug, string? language, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var snapshot = await db.BeginSnapshotAsync(context, cancel);
        var session = await LedAsync(context, actor, slug, cancel);
        if (session is not { Phase: SessionPhase.Ended, StartedAt: { } begin, EndedAt: { } end })
            return new(session.Title, IsOver: false, session.Language, [], "", null, []);
        var written = await context.LanguageVersions.Where(v => v.DocumentId == session.LessonId && v.LastNumber > 0 && context.Documents.Any(d => d.Id == v.DocumentId && d.DeletedAt == null)).OrderBy(v => v.SourceId != null).ThenBy(v => v.Language).Select(v => v.Language).ToListAsync(cancel);
        var lesson = await context.Documents.Where(d => d.Id == session.LessonId && d.DeletedAt == null).Select(d => d.Slug).SingleOrDefaultAsync(cancel);
        var decks = await stages.DecksAsync(context, session, cancel, end);
        var spoken = await context.SessionCaptions.Where(c => c.SessionId == session.Id).Select(c => c.Language).Distinct().ToListAsync(cancel);
        string[] all = [session.Language, .. decks.Select(one => one.Language), .. spoken.Order(StringComparer.Ordinal)];
        List<string> open = [.. all.Distinct(StringComparer.Ordinal).Where(one => Languages.All.Contains(one) && !written.Contains(one, StringComparer.Ordinal))];
        var chosen = language ?? open.FirstOrDefault(session.Language);
        if (!open.Contains(chosen, StringComparer.Ordinal))
            return language is null || written.Contains(language, StringComparer.Ordinal) ? new(session.Title, IsOver: true, chosen, open, "", lesson, written) : throw new NotFoundException("page");
        var shown = await context.SessionEvents.Where(e => e.SessionId == session.Id && (e.Kind == SessionEventKind.Started || e.Kind == SessionEventKind.Shown))
            .OrderBy(e => e.Version).Select(e => new { e.At, e.Slide, e.Step }).ToListAsync(cancel);
        var captions = await context.SessionCaptions.Where(c => c.SessionId == session.Id && c.Language == chosen).OrderBy(c => c.At).ThenBy(c => c.Id).Select(c => new { c.At, c.Text }).ToListAsync(cancel);
        var asked = await context.SessionQuestions.Where(q => q.SessionId == session.Id).OrderBy(q => q.Id).Select(q => new { q.Key, q.Texts }).ToListAsync(cancel);
        var source = new LessonSource(session.Slug, session.Title, DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(begin, TimeZones.Of(actor.TimeZone)).DateTime), chosen, decks,
            shown.ConvertAll(one => (one.At, one.Slide ?? 1, one.Step ?? 0)), captions.ConvertAll(one => (one.At, one.Text)), asked.ConvertAll(one => (one.Key, QuestionTexts.Of(one.Texts))));
        return new(session.Title, IsOver: true, chosen, open, ReplayLesson.Of(source), lesson, written);
    }

    /// <summary>Stores what became of <see cref="BeginningAsync"/>. Whoever comes second with the same language writes on what is there: see <see cref="LessonSaved.Conflict"/>.</summary>
    /// <param name="actor">Who leads the session.</param>
    /// <param name="slug">Which session.</param>
    /// <param name="title">What the lesson is called; it comes into its front matter, as the language does.</param>
    /// <param name="language">One of the interface's.</param>
    /// <param name="markdown">The text.</param>
    /// <param name="place">On what it was written, where there was a conflict before; else null.</param>
    /// <param name="formKey">The same again is the same.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="NotFoundException">Absent, not over, a rehearsal, the actor does not lead it, or no language of the interface.</exception>
    /// <exception cref="RefusedException">A bad title, an empty text, a text that is too long, or a front matter that cannot be read.</exception>
    public async Task<LessonSaved> BeginAsync(Actor actor, string slug, string? title, string? language, string markdown, DraftPlace? place, string formKey, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var session = await LedAsync(context, actor, slug, cancel);
        if (session.Phase != SessionPhase.Ended || !Languages.All.Contains(language ?? ""))
            throw new NotFoundException("session");
        var text = Titled(markdown, title, language!);
        var lesson = await SlugAsync(context, session.Id, cancel);
        if (lesson is null)
        {
            try
            {
                // A form that was sent for another session begins another lesson.
                lesson = await documents.CreateAsync(actor, new(DocumentKind.Lesson, title ?? "", language!, $"{session.Id}-{Sections.Hash(formKey)[..24]}"), text, async (with, document) =>
                {
                    // Whoever is second with a session begins none.
                    if (await with.LiveSessions.Where(s => s.Id == session.Id && (s.LessonId == null || with.Documents.Any(d => d.Id == s.LessonId && d.DeletedAt != null))).ExecuteUpdateAsync(set => set.SetProperty(s => s.LessonId, document.Id), cancel) == 0)
                        throw new SecondException();
                }, cancel);
            }
            catch (SecondException)
            {
                lesson = await SlugAsync(context, session.Id, cancel) ?? throw new NotFoundException("document");
            }
        }
        var found = await documents.FindAsync(actor, DocumentKind.Lesson, lesson, cancel);
        if (!found.Languages.Any(one => one.Language == language))
            await languages.AddAsync(actor, AddressOf(lesson, found.Languages[0].Language), language!, cancel);
        var address = AddressOf(lesson, language!);
        if (place is null)
        {
            var draft = await drafts.OpenAsync(actor, address, cancel);
            // What somebody else made meanwhile is not merged with what was made of the same session: both begin alike.
            if (draft.Newest > 0 && await revisions.ReadAsync(actor, address, draft.Newest, cancel) is var theirs && theirs != text)
                return new(lesson, 0, IsAsSent: false, (theirs, new(draft.Newest, draft.Version, draft.Source)));
            place = new(draft.Newest, draft.Version, draft.Source);
        }
        return await SaveAsync(actor, address, text, place, formKey, cancel);
    }

    /// <summary>A lesson to be written on: what the actor wrote last, or the newest text.</summary>
    /// <exception cref="NotFoundException">Absent, no such language, or not the actor's to write in.</exception>
    public async Task<OpenLesson> OpenAsync(Actor actor, string slug, string? language, CancellationToken cancel = default)
    {
        var found = await documents.FindAsync(actor, DocumentKind.Lesson, slug, cancel);
        var version = found.Languages.FirstOrDefault(one => language is null || one.Language == language) ?? throw new NotFoundException("page");
        var draft = await drafts.OpenAsync(actor, AddressOf(slug, version.Language), cancel);
        await using var context = db.CreateDbContext();
        var session = await context.LiveSessions.Where(s => context.Documents.Any(d => d.Id == s.LessonId && d.Kind == DocumentKind.Lesson && d.Slug == slug)).Select(s => s.Slug).FirstOrDefaultAsync(cancel);
        return new(found, draft, draft.Markdown.Length <= FrontMatter.MostOfDocument ? DocumentTitle.Of(draft.Markdown).Title : "", session);
    }

    /// <summary>Stores the text, for those who write in it; readers see it once it is published.</summary>
    /// <exception cref="NotFoundException">Absent, no such language, or not the actor's to write in.</exception>
    /// <exception cref="RefusedException">A bad title, a text that is too long, or a front matter that cannot be read.</exception>
    public async Task<LessonSaved> SaveAsync(Actor actor, string slug, string language, string? title, string markdown, DraftPlace place, string formKey, CancellationToken cancel = default)
    {
        // Who may not write is told nothing of the text.
        if (!await documents.MayWriteAsync(actor, DocumentKind.Lesson, slug, cancel))
            throw new NotFoundException("document");
        return await SaveAsync(actor, AddressOf(slug, language), Titled(markdown, title, language), place, formKey, cancel);
    }

    /// <summary>Shows a revision to everybody.</summary>
    /// <exception cref="NotFoundException">Absent, no such language or revision, or not the actor's to publish.</exception>
    /// <exception cref="RefusedException">A section that is too long or too deeply nested to be shown.</exception>
    public Task PublishAsync(Actor actor, string slug, string language, int number, CancellationToken cancel = default) => publications.PublishAsync(actor, AddressOf(slug, language), number, cancel);

    /// <summary>Takes what is published in a language from readers. What is written stays.</summary>
    /// <exception cref="NotFoundException">Absent, no such language, or not the actor's to publish.</exception>
    public Task WithdrawAsync(Actor actor, string slug, string language, CancellationToken cancel = default) => publications.WithdrawAsync(actor, AddressOf(slug, language), cancel);

    /// <summary>The lesson of a session that the actor is in; null where there is none that they read or write.</summary>
    public async Task<LessonOfSession?> OfSessionAsync(Actor actor, string slug, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var (published, led) = (Published(context), LiveSessions.LedBy(context, actor));
        var found = await context.LiveSessions.Where(s => s.Slug == slug && s.LessonId != null).Select(s => new
        {
            Lesson = context.Documents.Where(d => d.Id == s.LessonId && d.DeletedAt == null).Select(d => d.Slug).FirstOrDefault(),
            IsPublished = published.Any(d => d.Id == s.LessonId),
            Leads = led.Any(one => one.Id == s.Id),
        }).SingleOrDefaultAsync(cancel);
        return found is { Lesson: { } lesson } && (found.IsPublished || found.Leads) ? new(lesson, found.IsPublished) : null;
    }

    /// <summary>A published lesson in this language where it is published in it, else as it was made first.</summary>
    /// <param name="actor">Who reads: everybody may.</param>
    /// <param name="slug">Its address part.</param>
    /// <param name="language">The language wished for.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="NotFoundException">None of that name is published.</exception>
    public async Task<ReadLesson> ReadAsync(Actor actor, string slug, string language, CancellationToken cancel = default)
    {
        _ = actor;
        await using var context = db.CreateDbContext();
        await using var snapshot = await db.BeginSnapshotAsync(context, cancel);
        var rows = await RowsAsync(context, Published(context).Where(d => d.Slug == slug), language, cancel);
        if (rows is not [var (document, version, number, row)])
            throw new NotFoundException("document");
        if (!_read.TryGetValue((version, number), out var sections))
        {
            if (_read.Count >= MostKept)
                _read.Clear();
            sections = _read[(version, number)] = SectionsOf((await DocumentAccess.RevisionAsync(context, version, number, cancel))!.Markdown);
        }
        var session = await context.LiveSessions.Where(s => s.LessonId == document).Select(s => new { s.Slug, s.Title }).FirstOrDefaultAsync(cancel);
        return new(row, sections, session?.Slug, session?.Title ?? "");
    }

    /// <summary>A page of the published lessons, the newest first.</summary>
    /// <param name="actor">Who asks: everybody may.</param>
    /// <param name="language">The language in which they are named, where they are published in it.</param>
    /// <param name="page">1, 2, 3 …</param>
    /// <param name="cancel">Stops the reading.</param>
    public async Task<(IReadOnlyList<LessonRow> Rows, bool HasMore)> ListAsync(Actor actor, string language, int page, CancellationToken cancel = default)
    {
        _ = actor;
        await using var context = db.CreateDbContext();
        await using var snapshot = await db.BeginSnapshotAsync(context, cancel);
        var ids = await Published(context).OrderByDescending(d => d.Id).Skip((Math.Clamp(page, 1, 10_000) - 1) * Page).Take(Page + 1).Select(d => d.Id).ToListAsync(cancel);
        var some = ids.Take(Page).ToList();
        var rows = await RowsAsync(context, context.Documents.Where(d => some.Contains(d.Id)), language, cancel);
        return ([.. rows.OrderByDescending(one => one.Document).Select(one => one.Row)], ids.Count > Page);
    }

    /// <summary>All that is published, and how often that has changed.</summary>
    /// <param name="actor">Who asks: everybody may.</param>
    /// <param name="cancel">Stops the reading.</param>
    public async Task<(long Version, IReadOnlyList<LessonRow> Rows)> AllAsync(Actor actor, CancellationToken cancel = default)
    {
        _ = actor;
        await using var context = db.CreateDbContext();
        await using var snapshot = await db.BeginSnapshotAsync(context, cancel);
        var version = await context.Shelves.Where(s => s.Kind == DocumentKind.Lesson).Select(s => s.Version).SingleAsync(cancel);
        return (version, [.. (await RowsAsync(context, Published(context), "", cancel)).OrderByDescending(one => one.Document).Select(one => one.Row)]);
    }

    /// <summary>A lesson as it is read: its text, and its questions where they stand. What is to be a question and is none is text.</summary>
    /// <exception cref="RefusedException">A section that is too long or too deeply nested to be shown.</exception>
    internal static List<LessonSection> SectionsOf(string markdown)
    {
        var (sections, addresses) = RenderedDocument.SectionsOf(markdown);
        return sections.ConvertAll(section =>
        {
            List<LessonPart> parts = [];
            string[] lines = section.Text.ReplaceLineEndings("\n").Split('\n');
            var at = 0;
            foreach (var block in QuestionBlocks.In(lines))
            {
                if (block.Question is not { } question)
                    continue;
                Add(block.First - 1);
                parts.Add(new("", question));
                at = block.Last;
            }
            Add(lines.Length);
            return new LessonSection(section.Key, section.Key == Sections.BeginningKey ? "" : Markdown.PersonsMarkdown.Plain(section.Heading), parts);

            void Add(int until)
            {
                if (RenderedDocument.PartOf(string.Join('\n', lines[at..until]), addresses) is { Length: > 0 } html)
                    parts.Add(new(html, null));
            }
        });
    }

    static IQueryable<Document> Published(CommunityDb context) => DocumentAccess.Published(context).Where(d => d.Kind == DocumentKind.Lesson);

    static async Task<List<(int Document, int Version, int Number, LessonRow Row)>> RowsAsync(CommunityDb context, IQueryable<Document> which, string language, CancellationToken cancel)
    {
        var editions = await (
            from d in which
            join v in context.LanguageVersions on d.Id equals v.DocumentId
            join e in context.Editions on v.Id equals e.VersionId
            orderby d.Id, v.SourceId != null, v.Language
            select new { d.Id, d.Slug, VersionId = v.Id, v.Language, e.Number, e.Title, e.At }).ToListAsync(cancel);
        return [.. editions.GroupBy(one => one.Id).Select(of =>
        {
            var all = of.ToList();
            var one = all.Find(edition => edition.Language == language) ?? all[0];
            return (one.Id, one.VersionId, one.Number, new LessonRow(one.Slug, one.Language, one.Title.Length > 0 ? one.Title : one.Slug, all.ConvertAll(edition => (edition.Language, edition.At)), one.At));
        })];
    }

    static async Task<LiveSession> LedAsync(CommunityDb context, Actor actor, string slug, CancellationToken cancel) =>
        await LiveSessions.LedBy(context, actor).AsNoTracking().SingleOrDefaultAsync(s => s.Slug == slug && s.RehearsalOfId == null, cancel) ?? throw new NotFoundException("session");

    static Task<string?> SlugAsync(CommunityDb context, int session, CancellationToken cancel) =>
        context.LiveSessions.Where(s => s.Id == session && s.LessonId != null).Select(s => context.Documents.Where(d => d.Id == s.LessonId && d.DeletedAt == null).Select(d => d.Slug).FirstOrDefault()).SingleOrDefaultAsync(cancel);

    async Task<LessonSaved> SaveAsync(Actor actor, VersionAddress address, string text, DraftPlace place, string formKey, CancellationToken cancel)
    {
        var saved = await Saving.SaveAsync(drafts, storing, revisions, actor, address, text, place, formKey, _ => { }, cancel);
        var isNewest = !saved.WasStored || (await documents.FindAsync(actor, address.Kind, address.Slug, cancel)).Languages.Any(one => one.Language == address.Language && one.Newest == saved.Number);
        return new(address.Slug, saved.Number, saved.Conflict is null && !saved.IsMerged && isNewest, saved.Conflict);
    }

    // The fields of the form stand in the front matter too, so that the text alone says all.
    static string Titled(string markdown, string? title, string language)
    {
        var called = AllDocuments.CheckedTitle(title);
        AllDocuments.CheckLanguage(language);
        var front = FrontMatter.Of(markdown);
        if (front.Fault is { } fault)
            throw new RefusedException(Refusal.BadFrontMatter, fault.Line, fault.Column);
        var text = front.With("title", FieldValue.Of(called)).With("language", FieldValue.Of(language)).Document;
        if (FrontMatter.Of(text).Body.Trim().Length == 0)
            throw new RefusedException(Refusal.EmptyText);
        // What could not be published is refused before it is stored: the text is still in the form then.
        _ = RenderedDocument.Of(text);
        return text;
    }

    static VersionAddress AddressOf(string slug, string language) => new(DocumentKind.Lesson, slug, language);

    sealed class SecondException : Exception;
}
