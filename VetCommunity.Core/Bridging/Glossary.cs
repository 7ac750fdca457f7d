using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Bridging;

/// <summary>The words of the field, in pairs of languages. Every member reads it; who translates between two languages looks after their words.</summary>
public sealed class Glossary(CommunityDbFactory db, TimeProvider clock)
{
    /// <summary>Characters of a term.</summary>
    public const int TermLength = 120;
    /// <summary>Characters of a note.</summary>
    public const int NoteLength = 300;
    /// <summary>Terms of one page.</summary>
    public const int Page = 40;
    /// <summary>Terms that are shown beside one text.</summary>
    public const int MostHits = 40;
    const int MostChanges = 100;

    /// <summary>A page of terms.</summary>
    /// <param name="actor">A member.</param>
    /// <param name="pair">Of which two languages, in either order; null for all.</param>
    /// <param name="words">A part of the term in either language, whatever its case and accents.</param>
    /// <param name="page">1, 2, 3 …</param>
    /// <param name="cancel">Stops the reading.</param>
    public async Task<GlossaryPageOf> ListAsync(Actor actor, LanguagePair? pair, string? words, int page, CancellationToken cancel = default)
    {
        Demand(actor);
        await using var context = db.CreateDbContext();
        var terms = context.GlossaryTerms.Where(t => t.RemovedAt == null);
        if (pair is not null)
        {
            var (one, other) = Sorted(pair);
            terms = terms.Where(t => t.OneLanguage == one && t.OtherLanguage == other);
        }
        var part = Folding.Fold((words ?? "").Replace("\0", "", StringComparison.Ordinal));
        if (part.Length > 0)
            terms = terms.Where(t => t.OneFolded.Contains(part) || t.OtherFolded.Contains(part));
        var ids = await terms.OrderBy(t => t.OneFolded).ThenBy(t => t.OtherFolded).ThenBy(t => t.Id)
            .Skip((Math.Clamp(page, 1, 10_000) - 1) * Page).Take(Page + 1).Select(t => t.Id).ToListAsync(cancel);
        var lines = await Lines(context, context.GlossaryTerms.Where(t => ids.Contains(t.Id))).ToDictionaryAsync(line => line.Id, cancel);
        return new([.. ids.Take(Page).Where(lines.ContainsKey).Select(id => lines[id])], ids.Count > Page);
    }

    /// <summary>One term with its history, a removed one too.</summary>
    /// <exception cref="NotFoundException">There is none.</exception>
    public async Task<GlossaryEntry> FindAsync(Actor actor, int id, CancellationToken cancel = default)
    {
        Demand(actor);
        await using var context = db.CreateDbContext();
        var line = await Lines(context, context.GlossaryTerms.Where(t => t.Id == id)).SingleOrDefaultAsync(cancel) ?? throw new NotFoundException("term");
        var changes = await (
            from c in context.GlossaryChanges
            where c.TermId == id
            join u in context.Users on c.ById equals u.Id
            orderby c.Version descending
            select new GlossaryStep(c.Deed, c.One, c.Other, c.Note, u.DisplayName, c.At)).Take(MostChanges).ToListAsync(cancel);
        return new(line, await BridgesAsync(context, actor, line.Pair, cancel), changes);
    }

    /// <summary>The terms that occur in a text, as whole words.</summary>
    /// <param name="actor">A member.</param>
    /// <param name="text">In the first language of the pair.</param>
    /// <param name="pair">From which language into which.</param>
    /// <param name="cancel">Stops the reading.</param>
    public async Task<IReadOnlyList<GlossaryLine>> HitsAsync(Actor actor, string text, LanguagePair pair, CancellationToken cancel = default) => (await HitsAsync(actor, [text], pair, cancel))[0];

    /// <summary>The terms that occur in each of several texts, as whole words.</summary>
    /// <param name="actor">A member.</param>
    /// <param name="texts">In the first language of the pair.</param>
    /// <param name="pair">From which language into which.</param>
    /// <param name="cancel">Stops the reading.</param>
    public async Task<IReadOnlyList<IReadOnlyList<GlossaryLine>>> HitsAsync(Actor actor, IReadOnlyList<string> texts, LanguagePair pair, CancellationToken cancel = default)
    {
        Demand(actor);
        var (one, other) = Sorted(pair);
        List<string> parts = [.. texts.Select(Folding.Fold)];
        var folded = string.Join('\n', parts);
        await using var context = db.CreateDbContext();
        var terms = context.GlossaryTerms.Where(t => t.RemovedAt == null && t.OneLanguage == one && t.OtherLanguage == other);
        var isFirst = pair.From == one;
        terms = isFirst ? terms.Where(t => folded.Contains(t.OneFolded)) : terms.Where(t => folded.Contains(t.OtherFolded));
        // The longest first: it says most.
        var found = await Lines(context, terms.OrderByDescending(t => isFirst ? t.OneFolded.Length : t.OtherFolded.Length).ThenBy(t => t.Id).Take(MostHits * 5)).ToListAsync(cancel);
        return [.. parts.Select(part => found.Where(line => HasWord(part, Folding.Fold(isFirst ? line.One : line.Other))).OrderByDescending(line => isFirst ? line.One.Length : line.Other.Length).Take(MostHits).ToList())];
    }

    /// <summary>Adds a term, or puts a removed one back. Answers with its number.</summary>
    /// <exception cref="RefusedException">The actor does not translate between these languages, the words are missing or too long, or it is there already.</exception>
    public async Task<int> AddAsync(Actor actor, GlossaryText text, CancellationToken cancel = default)
    {
        Demand(actor);
        var (pair, one, other, note) = Checked(text);
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        await DemandPairAsync(context, actor, pair, cancel);
        var (oneFolded, otherFolded) = (Folding.Fold(one), Folding.Fold(other));
        var term = await context.GlossaryTerms.FirstOrDefaultAsync(
            t => t.OneLanguage == pair.From && t.OtherLanguage == pair.To && t.OneFolded == oneFolded && t.OtherFolded == otherFolded, cancel);
        if (term is { RemovedAt: null })
            throw new RefusedException(Refusal.TermThere, one);
        var deed = term is null ? GlossaryDeed.Added : GlossaryDeed.PutBack;
        if (term is null)
        {
            term = new() { OneLanguage = pair.From, OtherLanguage = pair.To, One = one, Other = other, OneFolded = oneFolded, OtherFolded = otherFolded, Note = note };
            context.Add(term);
        }
        else
        {
            (term.One, term.Other, term.Note, term.RemovedAt) = (one, other, note, null);
            term.Version++;
        }
        await StoreAsync(context, actor, term, deed, cancel);
        await transaction.CommitAsync(cancel);
        return term.Id;
    }

    /// <summary>Corrects a term.</summary>
    /// <param name="actor">Who translates between its languages.</param>
    /// <param name="id">Which.</param>
    /// <param name="text">How it is to be; its languages stay.</param>
    /// <param name="version">Which version was corrected.</param>
    /// <param name="cancel">Stops.</param>
    public Task CorrectAsync(Actor actor, int id, GlossaryText text, int version, CancellationToken cancel = default) => ChangeAsync(actor, id, version, (term, now) =>
    {
        // The form shows them in the order in which they are stored.
        var (_, one, other, note) = Checked(text with { From = term.OneLanguage, To = term.OtherLanguage });
        if (term.RemovedAt is not null)
            throw new NotFoundException("term");
        (term.One, term.Other, term.Note, term.OneFolded, term.OtherFolded) = (one, other, note, Folding.Fold(one), Folding.Fold(other));
        return GlossaryDeed.Corrected;
    }, cancel);

    /// <summary>Takes a term out, or puts it back; its history stays.</summary>
    public Task RemoveAsync(Actor actor, int id, int version, bool isRemoved, CancellationToken cancel = default) => ChangeAsync(actor, id, version, (term, now) =>
    {
        term.RemovedAt = isRemoved ? now : null;
        return isRemoved ? GlossaryDeed.Removed : GlossaryDeed.PutBack;
    }, cancel);

    async Task ChangeAsync(Actor actor, int id, int version, Func<GlossaryTerm, DateTimeOffset, GlossaryDeed> change, CancellationToken cancel)
    {
        Demand(actor);
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var term = await context.GlossaryTerms.FirstOrDefaultAsync(t => t.Id == id, cancel) ?? throw new NotFoundException("term");
        await DemandPairAsync(context, actor, new(term.OneLanguage, term.OtherLanguage), cancel);
        if (term.Version != version)
            throw new RefusedException(Refusal.ChangedMeanwhile);
        var deed = change(term, clock.GetUtcNow());
        term.Version++;
        await StoreAsync(context, actor, term, deed, cancel);
        await transaction.CommitAsync(cancel);
    }

    async Task StoreAsync(CommunityDb context, Actor actor, GlossaryTerm term, GlossaryDeed deed, CancellationToken cancel)
    {
        try
        {
            await context.SaveChangesAsync(cancel);
            context.Add(new GlossaryChange { TermId = term.Id, Version = term.Version, Deed = deed, One = term.One, Other = term.Other, Note = term.Note, ById = actor.MemberId, At = clock.GetUtcNow() });
            await context.SaveChangesAsync(cancel);
        }
        catch (DbUpdateConcurrencyException)
        {
            throw new RefusedException(Refusal.ChangedMeanwhile);
        }
        catch (DbUpdateException error) when (error.IsThereAlready())
        {
            throw new RefusedException(Refusal.TermThere, term.One);
        }
    }

    static IQueryable<GlossaryLine> Lines(CommunityDb context, IQueryable<GlossaryTerm> terms) =>
        from t in terms.AsNoTracking()
        join c in context.GlossaryChanges on new { TermId = t.Id, t.Version } equals new { c.TermId, c.Version }
        join u in context.Users on c.ById equals u.Id
        select new GlossaryLine(t.Id, t.Version, new(t.OneLanguage, t.OtherLanguage), t.One, t.Other, t.Note, new(u.Handle, u.DisplayName, u.PictureVersion, false), c.At, t.RemovedAt != null);

    static bool HasWord(string text, string word)
    {
        for (var at = text.IndexOf(word, StringComparison.Ordinal); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.Ordinal))
        {
            var end = at + word.Length;
            if ((at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end])))
                return true;
        }
        return false;
    }

    static (string One, string Other) Sorted(LanguagePair pair)
    {
        var (from, to) = BridgeRules.CheckedPair(pair.From, pair.To);
        return string.CompareOrdinal(from, to) < 0 ? (from, to) : (to, from);
    }

    static (LanguagePair Pair, string One, string Other, string Note) Checked(GlossaryText text)
    {
        var (from, to) = BridgeRules.CheckedPair(text.From, text.To);
        var (term, translation, note) = (PlainText.Line(text.Term ?? ""), PlainText.Line(text.Translation ?? ""), PlainText.Line(text.Note ?? ""));
        if (Folding.Fold(term).Length == 0 || Folding.Fold(translation).Length == 0 || term.Length > TermLength || translation.Length > TermLength)
            throw new RefusedException(Refusal.BadTerm, TermLength);
        if (note.Length > NoteLength)
            throw new RefusedException(Refusal.TextTooLong, note.Length, NoteLength);
        var (one, other) = Sorted(new(from, to));
        return from == one ? (new(one, other), term, translation, note) : (new(one, other), translation, term, note);
    }

    static Task<bool> BridgesAsync(CommunityDb context, Actor actor, LanguagePair pair, CancellationToken cancel) => context.BridgePairs.AnyAsync(
        p => p.MemberId == actor.MemberId && ((p.From == pair.From && p.To == pair.To) || (p.From == pair.To && p.To == pair.From)), cancel);

    static async Task DemandPairAsync(CommunityDb context, Actor actor, LanguagePair pair, CancellationToken cancel)
    {
        if (!await BridgesAsync(context, actor, pair, cancel))
            throw new RefusedException(Refusal.NotYourPair);
    }

    static void Demand(Actor actor)
    {
        if (!actor.IsMember || !actor.May(Act.TakePart))
            throw new NotFoundException("glossary");
    }
}
