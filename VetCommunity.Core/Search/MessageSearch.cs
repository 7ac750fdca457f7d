using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Markdown;

namespace VetCommunity.Core.Search;

/// <summary>Finds messages among those that the actor may read.</summary>
public sealed class MessageSearch(CommunityDbFactory db, MessageLog log)
{
    /// <summary>Messages of one page.</summary>
    public const int Page = 20;

    // So few hits are judged one by one; only for more the index is asked for the reader's places, each of which is a walk through its own long list.
    const int Few = 50;

    // Ranked together: enough to choose from, and always the same work, however often a word occurs.
    const int Candidates = 200;

    /// <summary>One page of what answers the search.</summary>
    /// <param name="actor">Who asks; what this person may not read is neither shown nor counted.</param>
    /// <param name="text">What was typed: words, phrases in quotation marks, and operators.</param>
    /// <param name="order">The best or the newest first.</param>
    /// <param name="cursor">Null for the first page, otherwise <see cref="FoundMessages.Next"/>.</param>
    /// <param name="cancel">Stops the search.</param>
    /// <exception cref="RefusedException">There is nothing to look for, or an operator's value is wrong.</exception>
    /// <exception cref="NotFoundException">No page begins there.</exception>
    public async Task<FoundMessages> FindAsync(
        Actor actor, string? text, SearchOrder order = SearchOrder.Best, string? cursor = null, CancellationToken cancel = default)
    {
        var query = SearchQuery.Parse(text, actor.TimeZone);
        if (query.Wrong is { } wrong)
            throw new RefusedException(wrong.Refusal, [.. wrong.Arguments]);
        var start = SearchCursor.Read(cursor);
        // What this process stored is found at once; what another one did, a moment later.
        await log.IndexedAsync(cancel);
        await using var context = db.CreateDbContext();
        // One snapshot: rights, index and messages are of the same moment.
        await using var snapshot = await db.BeginSnapshotAsync(context, cancel);
        var index = new IndexReading(context, db.IsPostgres);
        var places = await SearchPlaces.OfAsync(context, actor, cancel);
        var clauses = await new SearchClauses(context, index, actor).OfAsync(query, cancel);
        if (clauses is null || places.Clause.Phrases.Count == 0)
            return new([], null);
        var first = query.Since is { } since ? SearchId.First(since) : long.MinValue;
        var last = Math.Min(start?.Newest ?? long.MaxValue, query.Before is { } before ? SearchId.First(before) - 1 : long.MaxValue);
        var most = order == SearchOrder.Newest ? Page : Candidates;
        var ids = clauses.Count == 0 ? null : await index.NewestAsync(clauses, first, last, Few + 1, cancel);
        // One more tells whether there is more.
        ids = ids?.Count <= Few ? await ReadableAsync(context, places, ids, cancel)
            : await index.NewestAsync([.. clauses, places.Clause], first, last, most + 1, cancel);
        var candidates = await CandidatesAsync(context, places, [.. ids.Take(most)], cancel);
        return order == SearchOrder.Newest
            ? new(await ShownAsync(context, actor, query, candidates, cancel), ids.Count > most ? new SearchCursor(ids[most]).ToString() : null)
            : await BestAsync(context, actor, query, candidates, ids, start, cancel);
    }

    static async Task<FoundMessages> BestAsync(
        CommunityDb context, Actor actor, SearchQuery query, List<Candidate> candidates, List<long> ids, SearchCursor? start, CancellationToken cancel)
    {
        if (ids.Count == 0)
            return new([], null);
        var (newest, oldest) = (start?.Newest ?? ids[0], start?.Oldest ?? ids[Math.Min(ids.Count, Candidates) - 1]);
        var now = SearchId.Millisecond(Math.Min(newest, ids[0]));
        // Many messages are of few topics.
        var isNamed = candidates.Select(one => one.Names).Distinct(StringComparer.Ordinal).ToDictionary(names => names, names => SearchRanking.IsNamed(query.Terms, names), StringComparer.Ordinal);
        var ranked = candidates.Where(one => one.SearchId >= oldest)
            .Select(one => (Candidate: one, Score: SearchRanking.Score(query.Terms, one.Text, isNamed[one.Names],
                TimeSpan.FromMilliseconds(now - SearchId.Millisecond(one.SearchId)))))
            .OrderByDescending(one => one.Score).ThenByDescending(one => one.Candidate.SearchId)
            .Where(one => start?.Oldest is null || one.Score < start.Score || (one.Score == start.Score && one.Candidate.SearchId < start.Last))
            .ToList();
        var page = ranked.Take(Page).ToList();
        var next = ranked.Count > Page ? new SearchCursor(newest, oldest, page[^1].Score, page[^1].Candidate.SearchId)
            : ids[^1] < oldest ? new SearchCursor(oldest - 1)
            : null;
        return new(await ShownAsync(context, actor, query, [.. page.Select(one => one.Candidate)], cancel), next?.ToString());
    }

    static async Task<List<long>> ReadableAsync(CommunityDb context, SearchPlaces places, List<long> ids, CancellationToken cancel)
    {
        var rows = await (
            from m in context.Messages
            where ids.Contains(m.SearchId!.Value)
            join c in context.Conversations on m.ConversationId equals c.Id
            select new { SearchId = m.SearchId!.Value, c.Id, c.Kind, c.IsOpen, Ended = c.EndedAt != null }).ToListAsync(cancel);
        return [.. rows.Where(one => places.MayRead(one.Id, one.Kind, one.IsOpen == 1, one.Ended)).Select(one => one.SearchId).OrderDescending()];
    }

    static async Task<List<Candidate>> CandidatesAsync(CommunityDb context, SearchPlaces places, List<long> ids, CancellationToken cancel)
    {
        var rows = await (
            from m in context.Messages
            where ids.Contains(m.SearchId!.Value) && m.DeletedAt == null && m.HiddenAt == null && m.KeyId == null
            join c in context.Conversations on m.ConversationId equals c.Id
            join t in context.Topics on m.TopicId equals t.Id
            select new Candidate(m.SearchId!.Value, c.Id, c.Slug, c.Kind, c.IsOpen == 1, c.EndedAt != null, c.Title, m.Seq, t.Name, m.AuthorId, m.ImportedAuthor,
                m.Markdown, m.SentAt, context.Polls.Where(p => p.ConversationId == m.ConversationId && p.Seq == m.Seq).Select(p => p.Options).FirstOrDefault())).AsNoTracking().ToListAsync(cancel);
        return [.. rows.Where(one => places.MayRead(one.ConversationId, one.Kind, one.IsOpen, one.Ended)).OrderByDescending(one => one.SearchId)];
    }

    static async Task<IReadOnlyList<FoundMessage>> ShownAsync(
        CommunityDb context, Actor actor, SearchQuery query, IReadOnlyList<Candidate> messages, CancellationToken cancel)
    {
        var members = messages.Select(m => m.AuthorId).OfType<int>().Distinct().ToList();
        var authors = await context.Users.Where(u => members.Contains(u.Id))
            .ToDictionaryAsync(u => u.Id, u => new Author(u.Handle, u.DisplayName, u.PictureVersion), cancel);
        var directs = messages.Where(m => m.Kind == ConversationKind.Direct).Select(m => m.ConversationId).Distinct().ToList();
        var others = directs.Count == 0 ? [] : await context.Memberships.Where(m => directs.Contains(m.ConversationId) && m.MemberId != actor.MemberId)
            .Join(context.Users, m => m.MemberId, u => u.Id, (m, u) => new { m.ConversationId, u.DisplayName })
            .ToDictionaryAsync(one => one.ConversationId, one => one.DisplayName, cancel);
        return [.. messages.Select(m => new FoundMessage(
            m.Slug ?? m.ConversationId.ToString(CultureInfo.InvariantCulture), m.Kind, others.GetValueOrDefault(m.ConversationId) ?? m.Title, m.Seq, m.Topic,
            m.AuthorId is { } id && authors.TryGetValue(id, out var author) ? author : new("", m.ImportedAuthor ?? "", null),
            m.SentAt, Snippets.Of(m.Plain, query.Terms)))];
    }

    sealed record Candidate(
        long SearchId, int ConversationId, string? Slug, ConversationKind Kind, bool IsOpen, bool Ended, string Title, long Seq, string Topic, int? AuthorId,
        string? ImportedAuthor, string Markdown, DateTimeOffset SentAt, string? Options)
    {
        /// <summary>The names of its topic and of its room.</summary>
        public string Names { get; } = $"{Topic} {Title}";

        /// <summary>The message with the options of its poll.</summary>
        public string Text => Options is null ? Markdown : $"{Markdown}\n\n{Options}";

        public string Plain => Options is null ? PersonsMarkdown.Plain(Markdown) : $"{PersonsMarkdown.Plain(Markdown)} · {Options.Replace("\n", " · ", StringComparison.Ordinal)}";
    }
}
