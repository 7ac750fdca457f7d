using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Documents;

/// <summary>What those who read an unpublished document remark on its passages. A remark stays with its passage while others change the text around it.</summary>
public sealed class Comments(CommunityDbFactory db, DocumentKinds kinds, Storing storing, Feed feed, TimeProvider clock)
{
    /// <summary>Characters of a remark or an answer.</summary>
    public const int Longest = 2000;
    /// <summary>Characters of a passage and of what is suggested for it.</summary>
    public const int LongestPassage = 4000;
    /// <summary>Open remarks on one language version, and answers to one remark.</summary>
    public const int Most = 100;

    /// <summary>Remarks on a passage. Answers with the remark's number.</summary>
    /// <exception cref="NotFoundException">Absent, not the actor's to read, or no such revision or section.</exception>
    /// <exception cref="RefusedException">Nothing said, too much said, words that do not stand in the section, or too many open remarks.</exception>
    public async Task<int> AddAsync(Actor actor, VersionAddress address, NewComment made, CancellationToken cancel = default)
    {
        var (text, key) = (PlainText.Within(PlainText.Lines(made.Text), Longest), DocumentAccess.KeyOf(actor, made.FormKey));
        var suggestion = made.Suggestion is null ? null : PlainText.Within(DocumentAccess.Checked(made.Suggestion.ReplaceLineEndings("\n")), LongestPassage);
        if (text.Length == 0 && suggestion is null)
            throw new RefusedException(Refusal.EmptyText);
        await using var context = db.CreateDbContext();
        var version = await FindAsync(context, actor, address, cancel);
        if (await SameAsync(context, version, key, cancel) is { } same)
            return same;
        var revision = await DocumentAccess.RevisionAsync(context, version.Id, made.Number, cancel) ?? throw new NotFoundException("revision");
        var before = 0;
        Section? section = null;
        foreach (var one in Sections.Of(revision.Markdown))
        {
            if (one.Key == made.Key)
            {
                section = one;
                break;
            }
            before += one.Text.Length;
        }
        if (section is null || section.Key == Sections.FrontMatterKey)
            throw new NotFoundException("section");
        var words = PlainText.Within(made.Words.Trim(), LongestPassage);
        if (words.Length == 0 && suggestion is not null)
            PlainText.Within(section.Text, LongestPassage);
        var passage = (words.Length == 0 ? WholeOf(section) : Passages.Find(section.Text, words)) ?? throw new RefusedException(Refusal.PassageNotFound);
        var quote = PlainText.Within(passage.In(section.Text), LongestPassage);
        if (await context.Comments.CountAsync(c => c.VersionId == version.Id && c.ParentId == null && c.EndedAt == null, cancel) >= Most)
            throw new RefusedException(Refusal.TooManyComments, Most);
        return await AddAsync(context, actor, version, new Comment
        {
            VersionId = version.Id,
            Number = made.Number,
            Key = section.Key,
            Start = before + passage.Start,
            Quote = quote,
            Text = text,
            Suggestion = suggestion,
            AuthorId = actor.MemberId,
            At = clock.GetUtcNow(),
            FormKey = key,
        }, cancel);
    }

    /// <summary>Answers a remark.</summary>
    /// <exception cref="NotFoundException">Absent, or not the actor's to read.</exception>
    /// <exception cref="RefusedException">Nothing said, too much said, or too many answers.</exception>
    public async Task AnswerAsync(Actor actor, VersionAddress address, int comment, string? text, string formKey, CancellationToken cancel = default)
    {
        var (said, key) = (PlainText.Within(PlainText.Lines(text), Longest), DocumentAccess.KeyOf(actor, formKey));
        if (said.Length == 0)
            throw new RefusedException(Refusal.EmptyText);
        await using var context = db.CreateDbContext();
        var version = await FindAsync(context, actor, address, cancel);
        var answered = await OfAsync(context, version, comment, cancel);
        if (await SameAsync(context, version, key, cancel) is not null)
            return;
        if (await context.Comments.CountAsync(c => c.ParentId == comment, cancel) >= Most)
            throw new RefusedException(Refusal.TooManyComments, Most);
        await AddAsync(context, actor, version, new Comment { VersionId = version.Id, ParentId = comment, Number = answered.Number, Key = answered.Key, Text = said, AuthorId = actor.MemberId, At = clock.GetUtcNow(), FormKey = key }, cancel);
    }

    /// <summary>Says that a remark is done; said twice, it is done.</summary>
    /// <exception cref="NotFoundException">Absent, or neither made by the actor nor on what they write in.</exception>
    public async Task SettleAsync(Actor actor, VersionAddress address, int comment, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var version = await FindAsync(context, actor, address, cancel);
        var settled = await OfAsync(context, version, comment, cancel);
        if (settled.AuthorId != actor.MemberId)
            await DocumentAccess.FindAsync(context, kinds, actor, address, toWrite: true, cancel);
        await EndAsync(context, actor, comment, CommentOutcome.Settled, cancel);
    }

    /// <summary>Stores a revision with the suggestion in the place of its passage, wherever that stands now. Answers with its number; applied twice, it is applied once.</summary>
    /// <exception cref="NotFoundException">Absent, not the actor's to write in, or a remark that suggests nothing or has ended.</exception>
    /// <exception cref="RefusedException">The passage does not say any more what the suggestion was made for.</exception>
    public async Task<int> ApplyAsync(Actor actor, VersionAddress address, int comment, string note, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var version = await DocumentAccess.FindAsync(context, kinds, actor, address, toWrite: true, cancel);
        var applied = await OfAsync(context, version, comment, cancel);
        if (applied.Suggestion is not { } suggestion || applied.Outcome == CommentOutcome.Settled)
            throw new NotFoundException("suggestion");
        var then = await DocumentAccess.RevisionAsync(context, version.Id, applied.Number, cancel) ?? throw new NotFoundException("revision");
        var number = await storing.StoreTextAsync(actor, address, async (open, newest) =>
        {
            var now = (await DocumentAccess.RevisionAsync(open, newest.Id, newest.LastNumber, cancel))?.Markdown ?? "";
            var place = Passages.Follow(Differences.ByWords(then.Markdown, now), new(applied.Start, applied.Quote.Length));
            if (place is not { } passage || passage.In(now) != applied.Quote)
                throw new RefusedException(Refusal.PassageChanged);
            return now[..passage.Start] + AsWrittenIn(now, suggestion) + now[passage.End..];
        }, note, FormattableString.Invariant($"comment-{comment}"), cancel: cancel);
        await EndAsync(context, actor, comment, CommentOutcome.Applied, cancel);
        return number;
    }

    /// <summary>The remarks beside a revision, in the order of their passages, the open ones first; of those that ended the latest.</summary>
    /// <param name="actor">Who reads.</param>
    /// <param name="address">Where.</param>
    /// <param name="number">The revision that is read.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="NotFoundException">Absent, or not the actor's to read.</exception>
    public async Task<IReadOnlyList<ShownComment>> ListAsync(Actor actor, VersionAddress address, int number, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var version = await DocumentAccess.FindAsync(context, kinds, actor, address, toWrite: false, cancel);
        var mayWrite = await DocumentAccess.Seen(context, kinds[address.Kind], actor, toWrite: true).AnyAsync(d => d.Id == version.DocumentId, cancel);
        var remarks = await context.Comments.AsNoTracking().Where(c => c.VersionId == version.Id && c.ParentId == null).OrderBy(c => c.EndedAt != null).ThenByDescending(c => c.EndedAt).ThenBy(c => c.Id).Take(Most + Most / 2).ToListAsync(cancel);
        if (remarks.Count == 0)
            return [];
        var ids = remarks.Select(c => c.Id).ToList();
        var answers = (await context.Comments.AsNoTracking().Where(c => c.ParentId != null && ids.Contains(c.ParentId.Value)).OrderBy(c => c.Id).ToListAsync(cancel)).ToLookup(c => c.ParentId!.Value);
        var people = remarks.Concat(answers.SelectMany(one => one)).SelectMany(c => (int?[])[c.AuthorId, c.EndedById]).OfType<int>().Distinct().ToList();
        var names = await context.Users.Where(u => people.Contains(u.Id)).Select(u => new { u.Id, u.Handle, u.DisplayName }).ToDictionaryAsync(u => u.Id, cancel);
        var numbers = remarks.Select(c => c.Number).Append(number).Distinct().ToList();
        var texts = await context.Revisions.Where(r => r.VersionId == version.Id && numbers.Contains(r.Number)).Select(r => new { r.Number, r.Markdown }).ToDictionaryAsync(r => r.Number, r => r.Markdown, cancel);
        var now = texts.GetValueOrDefault(number) ?? "";
        var headings = Sections.Of(now).ToDictionary(section => section.Key, section => section.Heading, StringComparer.Ordinal);
        // Compared once for all remarks that were made on the same revision.
        Dictionary<int, IReadOnlyList<DifferentPiece>> changes = [];
        return [.. remarks.Select(Show).OrderBy(one => one.Outcome is not null).ThenBy(one => one.Now?.Start ?? int.MaxValue)];

        ShownComment Show(Comment remark)
        {
            var place = remark.EndedAt is null && texts.TryGetValue(remark.Number, out var then)
                ? Passages.Follow(changes.TryGetValue(remark.Number, out var known) ? known : changes[remark.Number] = Differences.ByWords(then, now), new(remark.Start, remark.Quote.Length))
                : null;
            return new(remark.Id, remark.Key, headings.GetValueOrDefault(remark.Key) ?? "", remark.Quote, place, place?.In(now) == remark.Quote, remark.Text, remark.Suggestion,
                names.GetValueOrDefault(remark.AuthorId)?.Handle ?? "", NameOf(remark.AuthorId), remark.At, remark.Outcome, NameOf(remark.EndedById ?? 0),
                remark.EndedAt is null && (mayWrite || remark.AuthorId == actor.MemberId),
                [.. answers[remark.Id].Select(answer => new CommentAnswer(answer.Text, NameOf(answer.AuthorId), answer.At))]);
        }

        string NameOf(int member) => names.GetValueOrDefault(member)?.DisplayName ?? "";
    }

    static Passage? WholeOf(Section section)
    {
        var (start, end) = (section.Heading.Length > 0 ? Lines.EndOf(section.Text, 0) : 0, section.Text.Length);
        while (start < end && char.IsWhiteSpace(section.Text[start]))
            start++;
        while (end > start && char.IsWhiteSpace(section.Text[end - 1]))
            end--;
        // Of a long section its beginning stands for it; an empty one is its heading.
        if (start == end)
            (start, end) = (0, section.Text.TrimEnd().Length);
        return start == end ? null : new(start, Math.Min(end - start, LongestPassage));
    }

    // The lines of a document end as they ended.
    static string AsWrittenIn(string document, string text) => document.Contains("\r\n", StringComparison.Ordinal) ? text.Replace("\n", "\r\n", StringComparison.Ordinal) : text;

    // Whoever remarks is somebody: the operator at the command line is not.
    async Task<LanguageVersion> FindAsync(CommunityDb context, Actor actor, VersionAddress address, CancellationToken cancel) => actor.May(Act.TakePart) && actor.IsMember
        ? await DocumentAccess.FindAsync(context, kinds, actor, address, toWrite: false, cancel)
        : throw new NotFoundException("document");

    static async Task<Comment> OfAsync(CommunityDb context, LanguageVersion version, int comment, CancellationToken cancel) =>
        await context.Comments.AsNoTracking().SingleOrDefaultAsync(c => c.Id == comment && c.VersionId == version.Id && c.ParentId == null, cancel) ?? throw new NotFoundException("comment");

    static Task<int?> SameAsync(CommunityDb context, LanguageVersion version, string key, CancellationToken cancel) =>
        context.Comments.Where(c => c.VersionId == version.Id && c.FormKey == key).Select(c => (int?)c.Id).SingleOrDefaultAsync(cancel);

    async Task<int> AddAsync(CommunityDb context, Actor actor, LanguageVersion version, Comment comment, CancellationToken cancel)
    {
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        context.Add(comment);
        try
        {
            await context.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException) when (!cancel.IsCancellationRequested)
        {
            await transaction.RollbackAsync(CancellationToken.None);
            // The same form, sent at the same moment.
            if (await SameAsync(context, version, comment.FormKey, cancel) is { } same)
                return same;
            throw;
        }
        var notices = await context.TellOfRemarkAsync(actor, version, comment.ParentId, comment.At, cancel);
        await transaction.CommitAsync(cancel);
        feed.Tell(notices);
        return comment.Id;
    }

    async Task EndAsync(CommunityDb context, Actor actor, int comment, CommentOutcome outcome, CancellationToken cancel)
    {
        var (now, me) = (clock.GetUtcNow(), DocumentAccess.NumberOf(actor));
        await context.Comments.Where(c => c.Id == comment && c.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.EndedAt, now).SetProperty(c => c.EndedById, me).SetProperty(c => c.Outcome, outcome), cancel);
    }
}
