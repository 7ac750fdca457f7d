using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.GoodPractice;

/// <summary>
/// Collections of published practices. Who may write practices makes them; who made one changes it, and so do editors, as they answer for what is shown of practices. What is not published
/// any more stays in its place, without anybody seeing it there, until it is published again.
/// </summary>
public sealed class PracticeCollections(CommunityDbFactory db, Practices practices, TimeProvider clock)
{
    /// <summary>Collections that one member makes.</summary>
    public const int Most = 30;
    /// <summary>Practices in one of them.</summary>
    public const int MostPractices = 60;
    /// <summary>Characters of a title.</summary>
    public const int LongestTitle = 100;
    /// <summary>Characters of the text.</summary>
    public const int LongestText = 1000;
    /// <summary>Collections of one page.</summary>
    public const int Page = 20;

    // More of them say nothing about a practice.
    const int MostNamed = 10;
    const int LongestSlug = 60;

    /// <summary>A page of the collections that the actor may read and that are not empty, or of the actor's own ones, what was changed last first.</summary>
    /// <param name="actor">Who asks: visitors read those that are public.</param>
    /// <param name="mine">The own ones, empty or not.</param>
    /// <param name="page">1, 2, 3 …</param>
    /// <param name="cancel">Stops the reading.</param>
    public async Task<(IReadOnlyList<CollectionRow> Rows, bool HasMore)> ListAsync(Actor actor, bool mine, int page, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var (me, isMember, published) = (actor.MemberId, actor.IsMember, Published(context));
        if (mine && !isMember)
            throw new NotFoundException("collections");
        var rows = await Readable(context, actor)
            .Where(c => mine ? c.ById == me : context.CollectedPractices.Any(p => p.CollectionId == c.Id && published.Any(d => d.Id == p.DocumentId)))
            .OrderByDescending(c => c.ChangedAt).ThenByDescending(c => c.Id).Skip((Math.Clamp(page, 1, 10_000) - 1) * Page).Take(Page + 1)
            .Select(c => new CollectionRow(c.Slug, c.Title, c.Text, c.IsPublic, isMember ? context.Users.Where(u => u.Id == c.ById).Select(u => u.DisplayName).FirstOrDefault() ?? "" : "",
                context.CollectedPractices.Count(p => p.CollectionId == c.Id && published.Any(d => d.Id == p.DocumentId)), c.ChangedAt)).ToListAsync(cancel);
        return ([.. rows.Take(Page)], rows.Count > Page);
    }

    /// <summary>A collection with its practices, each in this language where it is published in it.</summary>
    /// <param name="actor">Who reads.</param>
    /// <param name="slug">Its address part.</param>
    /// <param name="language">The language wished for.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="NotFoundException">There is none, or it is not the actor's to read.</exception>
    public async Task<ReadCollection> ReadAsync(Actor actor, string slug, string language, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var found = await Readable(context, actor).AsNoTracking().SingleOrDefaultAsync(c => c.Slug == slug, cancel) ?? throw new NotFoundException("collection");
        var by = actor.IsMember ? await context.Users.Where(u => u.Id == found.ById).Select(u => new { u.Handle, u.DisplayName }).SingleOrDefaultAsync(cancel) : null;
        var inside = await (
            from p in context.CollectedPractices
            where p.CollectionId == found.Id
            orderby p.Position, p.DocumentId
            join d in context.Documents on p.DocumentId equals d.Id
            select new { d.Id, d.Slug }).ToListAsync(cancel);
        var cards = await practices.CardsAsync(inside.Select(one => one.Slug), language, cancel);
        var rows = inside.ConvertAll(one => new CollectedRow(one.Id, cards.GetValueOrDefault(one.Slug)));
        return new(new(found.Slug, found.Title, found.Text, found.IsPublic, by?.DisplayName ?? "", rows.Count(row => row.Card is not null), found.ChangedAt),
            by?.Handle ?? "", found.Version, MayChange(actor, found), rows);
    }

    /// <summary>The public collections that a practice is in, by their titles, at most ten.</summary>
    /// <param name="actor">Who asks: everybody may.</param>
    /// <param name="practice">The practice's address part.</param>
    /// <param name="cancel">Stops the reading.</param>
    public async Task<IReadOnlyList<CollectionName>> OfAsync(Actor actor, string practice, CancellationToken cancel = default)
    {
        _ = actor;
        await using var context = db.CreateDbContext();
        return await (
            from d in Published(context)
            where d.Slug == practice
            join p in context.CollectedPractices on d.Id equals p.DocumentId
            join c in context.PracticeCollections on p.CollectionId equals c.Id
            where c.IsPublic
            orderby c.Title, c.Id
            select new CollectionName(c.Slug, c.Title, true)).Take(MostNamed).ToListAsync(cancel);
    }

    /// <summary>The actor's own collections, by their titles, and which of them hold a practice.</summary>
    /// <param name="actor">Whose.</param>
    /// <param name="practice">The practice's address part.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="NotFoundException">The actor makes none.</exception>
    public async Task<IReadOnlyList<CollectionName>> MineAsync(Actor actor, string practice, CancellationToken cancel = default)
    {
        Demand(actor);
        await using var context = db.CreateDbContext();
        var me = actor.MemberId;
        return await context.PracticeCollections.Where(c => c.ById == me).OrderBy(c => c.Title).ThenBy(c => c.Id).Take(Most * 2).Select(c => new CollectionName(c.Slug, c.Title,
            context.CollectedPractices.Any(p => p.CollectionId == c.Id && context.Documents.Any(d => d.Id == p.DocumentId && d.Kind == DocumentKind.Practice && d.Slug == practice)))).ToListAsync(cancel);
    }

    /// <summary>Makes a collection; the same form again makes no second one.</summary>
    /// <param name="actor">Whose it is to be.</param>
    /// <param name="wish">What it is to be.</param>
    /// <param name="formKey">The form.</param>
    /// <param name="practice">A practice that is in it from the start; null for none.</param>
    /// <param name="cancel">Stops before anything is stored.</param>
    /// <returns>Its address part.</returns>
    /// <exception cref="NotFoundException">The actor makes none, or the practice is not published.</exception>
    /// <exception cref="RefusedException">No title, too long a text, or as many as one may have.</exception>
    public async Task<string> CreateAsync(Actor actor, WrittenCollection wish, string formKey, string? practice = null, CancellationToken cancel = default)
    {
        Demand(actor);
        var (title, text) = Checked(wish);
        var (key, me) = (DocumentAccess.KeyOf(actor, formKey), actor.MemberId);
        var slug = Folding.Slug(title) is { Length: >= 2 } made and not "new" ? made : "collection";
        for (var number = 1; ; number++)
        {
            // A new context a time: what failed must not be stored with the next one.
            await using var context = db.CreateDbContext();
            await using var transaction = await context.Database.BeginTransactionAsync(cancel);
            await context.HoldAsync(actor, cancel);
            if (await context.PracticeCollections.Where(c => c.FormKey == key).Select(c => c.Slug).SingleOrDefaultAsync(cancel) is { } same)
                return same;
            if (await context.PracticeCollections.CountAsync(c => c.ById == me, cancel) >= Most)
                throw new RefusedException(Refusal.TooManyCollections, Most);
            int? first = practice is null ? null : await FindAsync(context, practice, cancel);
            var address = number == 1 ? slug : FormattableString.Invariant($"{slug[..Math.Min(slug.Length, LongestSlug - 10)]}-{number}");
            if (await context.PracticeCollections.AnyAsync(c => c.Slug == address, cancel))
                continue;
            var now = clock.GetUtcNow();
            var collection = new PracticeCollection { Slug = address, Title = title, Text = text, IsPublic = wish.IsPublic, ById = me, At = now, ChangedAt = now, FormKey = key };
            context.Add(collection);
            try
            {
                await context.SaveChangesAsync(cancel);
                if (first is { } document)
                    context.Add(new CollectedPractice { CollectionId = collection.Id, DocumentId = document, Position = 1, At = now });
                await context.SaveChangesAsync(cancel);
                await transaction.CommitAsync(cancel);
                return address;
            }
            catch (DbUpdateException) when (!cancel.IsCancellationRequested && IsTaken(address))
            {
                // Somebody else took the address in the same moment: the next round sees it.
                number--;
            }
        }
    }

    /// <summary>Changes title, text and readers. The address stays.</summary>
    /// <param name="actor">Who changes it.</param>
    /// <param name="slug">Which.</param>
    /// <param name="wish">What it is to be.</param>
    /// <param name="version">What the actor changed: see <see cref="ReadCollection.Version"/>.</param>
    /// <param name="cancel">Stops before anything is stored.</param>
    /// <exception cref="NotFoundException">There is none, or it is not the actor's to change.</exception>
    /// <exception cref="RefusedException">No title, too long a text, or somebody changed it meanwhile.</exception>
    public async Task ChangeAsync(Actor actor, string slug, WrittenCollection wish, int version, CancellationToken cancel = default)
    {
        var (title, text) = Checked(wish);
        await using var context = db.CreateDbContext();
        var mine = Writable(context, actor).Where(c => c.Slug == slug);
        var now = clock.GetUtcNow();
        var isPublic = wish.IsPublic;
        if (await mine.Where(c => c.Version == version).ExecuteUpdateAsync(set => set.SetProperty(c => c.Title, title).SetProperty(c => c.Text, text).SetProperty(c => c.IsPublic, isPublic)
            .SetProperty(c => c.ChangedAt, now).SetProperty(c => c.Version, c => c.Version + 1), cancel) > 0)
            return;
        var there = await mine.AsNoTracking().SingleOrDefaultAsync(cancel) ?? throw new NotFoundException("collection");
        // Sent twice: it is as it was to be.
        if (there.Title != title || there.Text != text || there.IsPublic != isPublic)
            throw new RefusedException(Refusal.ChangedMeanwhile);
    }

    /// <summary>Deletes a collection; its practices stay where they are.</summary>
    /// <param name="actor">Who deletes it.</param>
    /// <param name="slug">Which.</param>
    /// <param name="cancel">Stops before anything is deleted.</param>
    /// <exception cref="NotFoundException">There is none, or it is not the actor's to delete.</exception>
    public async Task DeleteAsync(Actor actor, string slug, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var id = await LockAsync(context, actor, slug, cancel);
        await context.CollectedPractices.Where(p => p.CollectionId == id).ExecuteDeleteAsync(cancel);
        await context.PracticeCollections.Where(c => c.Id == id).ExecuteDeleteAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Puts a published practice at the end of a collection; one that is in it stays where it is.</summary>
    /// <param name="actor">Who does it.</param>
    /// <param name="slug">Which collection.</param>
    /// <param name="practice">The practice's address part.</param>
    /// <param name="cancel">Stops before anything is stored.</param>
    /// <exception cref="NotFoundException">There is no such collection for the actor to change, or no such practice.</exception>
    /// <exception cref="RefusedException">As many as a collection may have.</exception>
    public async Task AddAsync(Actor actor, string slug, string practice, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var (id, document) = (await LockAsync(context, actor, slug, cancel), await FindAsync(context, practice, cancel));
        var inside = await context.CollectedPractices.Where(p => p.CollectionId == id).Select(p => new { p.DocumentId, p.Position }).ToListAsync(cancel);
        if (inside.Any(one => one.DocumentId == document))
            return;
        if (inside.Count >= MostPractices)
            throw new RefusedException(Refusal.CollectionFull, MostPractices);
        context.Add(new CollectedPractice { CollectionId = id, DocumentId = document, Position = inside.Select(one => one.Position).DefaultIfEmpty().Max() + 1, At = clock.GetUtcNow() });
        await context.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Takes a practice out of a collection; nothing where it is not in it.</summary>
    /// <param name="actor">Who does it.</param>
    /// <param name="slug">Which collection.</param>
    /// <param name="id">The practice's number: see <see cref="CollectedRow.Id"/>.</param>
    /// <param name="cancel">Stops before anything is stored.</param>
    /// <exception cref="NotFoundException">There is no such collection for the actor to change.</exception>
    public async Task RemoveAsync(Actor actor, string slug, int id, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var collection = await LockAsync(context, actor, slug, cancel);
        await context.CollectedPractices.Where(p => p.CollectionId == collection && p.DocumentId == id).ExecuteDeleteAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Takes out of a collection what stands at this address; nothing where it is not in it.</summary>
    /// <inheritdoc cref="RemoveAsync(Actor, string, int, CancellationToken)"/>
    public async Task RemoveAsync(Actor actor, string slug, string practice, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await RemoveAsync(actor, slug, await context.Documents.Where(d => d.Kind == DocumentKind.Practice && d.Slug == practice).Select(d => d.Id).SingleOrDefaultAsync(cancel), cancel);
    }

    /// <summary>Moves a practice one place up or down; the first stays the first and the last the last.</summary>
    /// <param name="actor">Who does it.</param>
    /// <param name="slug">Which collection.</param>
    /// <param name="id">The practice's number: see <see cref="CollectedRow.Id"/>.</param>
    /// <param name="up">Towards the first one.</param>
    /// <param name="cancel">Stops before anything is stored.</param>
    /// <exception cref="NotFoundException">There is no such collection for the actor to change.</exception>
    public async Task MoveAsync(Actor actor, string slug, int id, bool up, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var collection = await LockAsync(context, actor, slug, cancel);
        var inside = await context.CollectedPractices.Where(p => p.CollectionId == collection).OrderBy(p => p.Position).ThenBy(p => p.DocumentId).ToListAsync(cancel);
        var from = inside.FindIndex(one => one.DocumentId == id);
        var to = up ? from - 1 : from + 1;
        if (from < 0 || to < 0 || to >= inside.Count)
            return;
        (inside[from], inside[to]) = (inside[to], inside[from]);
        foreach (var (place, one) in inside.Index())
            one.Position = place + 1;
        await context.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    static void Demand(Actor actor)
    {
        if (!MayMake(actor))
            throw new NotFoundException("collections");
    }

    static bool MayMake(Actor actor) => actor.IsMember && actor.May(Act.TakePart);

    static bool MayChange(Actor actor, PracticeCollection collection) => MayMake(actor) && (collection.ById == actor.MemberId || actor.May(Act.EditPractices));

    static IQueryable<PracticeCollection> Readable(CommunityDb context, Actor actor)
    {
        var isMember = actor.IsMember;
        return context.PracticeCollections.Where(c => c.IsPublic || isMember);
    }

    static IQueryable<PracticeCollection> Writable(CommunityDb context, Actor actor)
    {
        var (me, mayMake, isEditor) = (actor.MemberId, MayMake(actor), actor.May(Act.EditPractices));
        return context.PracticeCollections.Where(c => mayMake && (isEditor || c.ById == me));
    }

    static IQueryable<Document> Published(CommunityDb context) => DocumentAccess.Published(context).Where(d => d.Kind == DocumentKind.Practice);

    static async Task<int> FindAsync(CommunityDb context, string practice, CancellationToken cancel) =>
        await Published(context).Where(d => d.Slug == practice).Select(d => (int?)d.Id).SingleOrDefaultAsync(cancel) ?? throw new NotFoundException("practice");

    // Whoever changes it at the same moment waits, in both databases: so the limit holds and no place is given twice.
    async Task<int> LockAsync(CommunityDb context, Actor actor, string slug, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var mine = Writable(context, actor).Where(c => c.Slug == slug);
        return await mine.ExecuteUpdateAsync(set => set.SetProperty(c => c.ChangedAt, now), cancel) == 0
            ? throw new NotFoundException("collection")
            : await mine.Select(c => c.Id).SingleAsync(cancel);
    }

    // The context of the transaction that failed answers no more.
    bool IsTaken(string slug)
    {
        using var context = db.CreateDbContext();
        return context.PracticeCollections.Any(c => c.Slug == slug);
    }

    static (string Title, string Text) Checked(WrittenCollection wish)
    {
        var title = PlainText.Line(wish.Title);
        if (title.Length is 0 or > LongestTitle)
            throw new RefusedException(Refusal.BadCollectionTitle, LongestTitle);
        return (title, PlainText.Within(PlainText.Lines(wish.Text), LongestText));
    }
}
