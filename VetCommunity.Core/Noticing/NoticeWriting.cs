using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Noticing;

/// <summary>
/// Writes notices behind the conversations: it follows their versions and keeps how far it came in the transaction of what it writes, so that a crash loses none and
/// doubles none. A post does not wait for it.
/// </summary>
public sealed class NoticeWriting(CommunityDbFactory db, Feed feed, TimeProvider clock)
{
    /// <summary>Changes of one conversation that are looked at in one step.</summary>
    public const int Step = 500;

    /// <summary>How long who has a conversation open may take to read on before being told of it like everybody else.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    const int ConversationsAtOnce = 100;

    static readonly OftenAsked<int, long, long, DateTimeOffset, Happened> Events = new((context, conversation, after, upTo, until) => (
        from e in context.ConversationEvents
        where e.ConversationId == conversation && e.Version > after && e.Version <= upTo && e.At <= until
        // A message out of a file has its own time: what was said years ago calls nobody.
        orderby e.Version
        select new Happened(e.Version, e.Seq, e.Kind == ChangeKind.Edited, e.Kind == ChangeKind.Posted
            && context.Messages.Any(m => m.ConversationId == conversation && m.Seq == e.Seq && m.SentAt == e.At))).Take(Step));

    static readonly IReadOnlySet<int> Nobody = new HashSet<int>();
    // Who is named hears of it at once, looking or not; so later there is nobody left to be told of an edit.
    static readonly IReadOnlyDictionary<long, long> Unedited = new Dictionary<long, long>();

    /// <summary>Conversations with changes that have not called their members yet.</summary>
    /// <param name="actor">The operator.</param>
    /// <param name="after">The last one of those that were answered before, so that a look ends, however much is said meanwhile.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <returns>At most a hundred, in the order of their numbers.</returns>
    public async Task<IReadOnlyList<int>> BehindAsync(Actor actor, int after = 0, CancellationToken cancel = default)
    {
        Demand(actor);
        await using var context = db.CreateDbContext();
        return await (
            from c in context.Conversations
            join n in context.NoticedConversations on c.Id equals n.ConversationId into noticed
            from n in noticed.DefaultIfEmpty()
            where c.Id > after && c.Version > (n == null ? 0 : n.Version)
            orderby c.Id
            select c.Id).Take(ConversationsAtOnce).ToListAsync(cancel);
    }

    /// <summary>Tells whoever the new changes of these conversations call.</summary>
    /// <param name="actor">The operator.</param>
    /// <param name="conversations">Which conversations.</param>
    /// <param name="looking">The members who have a conversation open now.</param>
    /// <param name="cancel">Stops before the next step.</param>
    /// <returns>Those of them that have still more changes.</returns>
    public async Task<IReadOnlyList<int>> WriteAsync(
        Actor actor, IReadOnlyCollection<int> conversations, Func<int, IReadOnlySet<int>> looking, CancellationToken cancel = default)
    {
        Demand(actor);
        await using var context = db.CreateDbContext();
        var noticed = await context.NoticedConversations.AsNoTracking().Where(n => conversations.Contains(n.ConversationId)).ToDictionaryAsync(n => n.ConversationId, cancel);
        List<Progress> steps = [];
        foreach (var id in conversations.Distinct())
        {
            var from = noticed.GetValueOrDefault(id);
            var events = await Events.AskAsync(context, id, from?.Version ?? 0, long.MaxValue, DateTimeOffset.MaxValue, cancel);
            if (events.Count == 0)
                continue;
            var (notices, leftOut) = await Calls.OfAsync(context, id, Posted(events), Edited(events), looking(id), cancel);
            var to = events[^1].Version;
            // Where nobody was left out, nobody needs to be asked for again.
            var settled = !leftOut && (from?.SettledVersion ?? 0) == (from?.Version ?? 0) ? to : from?.SettledVersion ?? 0;
            steps.Add(new(id, from, to, settled, notices, HasMore: events.Count == Step));
        }
        await StoreAsync(context, steps, cancel);
        return [.. steps.Where(step => step.HasMore).Select(step => step.ConversationId)];
    }

    /// <summary>Tells those who had a conversation open when something came, and have not read on for a while.</summary>
    /// <param name="actor">The operator.</param>
    /// <param name="cancel">Stops before the next step.</param>
    public async Task SettleAsync(Actor actor, CancellationToken cancel = default)
    {
        Demand(actor);
        // While much is said there is always one more that became due: it waits for the next look, and many of them are one question.
        var due = clock.GetUtcNow() - Patience;
        while (await SettleSomeAsync(due, cancel))
        {
            // Until everybody has been asked.
        }
    }

    async Task<bool> SettleSomeAsync(DateTimeOffset due, CancellationToken cancel)
    {
        await using var context = db.CreateDbContext();
        var open = await context.NoticedConversations.AsNoTracking()
            .Where(n => n.SettledVersion < n.Version && context.ConversationEvents.Any(e => e.ConversationId == n.ConversationId && e.Version == n.SettledVersion + 1 && e.At <= due))
            .OrderBy(n => n.ConversationId).Take(ConversationsAtOnce).ToListAsync(cancel);
        List<Progress> steps = [];
        foreach (var from in open)
        {
            var events = await Events.AskAsync(context, from.ConversationId, from.SettledVersion, from.Version, due, cancel);
            var (notices, _) = await Calls.OfAsync(context, from.ConversationId, Posted(events), Unedited, Nobody, cancel);
            steps.Add(new(from.ConversationId, from, from.Version, events[^1].Version, notices, HasMore: false));
        }
        await StoreAsync(context, steps, cancel);
        return steps.Count > 0;
    }

    static void Demand(Actor actor)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("notices");
    }

    static List<long> Posted(List<Happened> events) => [.. events.Where(one => one.Calls).Select(one => one.Seq)];

    static Dictionary<long, long> Edited(List<Happened> events)
    {
        var posted = Posted(events).ToHashSet();
        Dictionary<long, long> first = [];
        foreach (var edit in events.Where(one => one.IsEdit && !posted.Contains(one.Seq)))
            first.TryAdd(edit.Seq, edit.Version);
        return first;
    }

    async Task StoreAsync(CommunityDb context, List<Progress> steps, CancellationToken cancel)
    {
        if (steps.Count == 0)
            return;
        var now = clock.GetUtcNow();
        List<WrittenNotice> written = [];
        await using (var transaction = await context.Database.BeginTransactionAsync(cancel))
        {
            foreach (var step in steps)
            {
                if (!await AdvanceAsync(context, step, cancel))
                    continue;
                var (members, seqs) = (step.Notices.Select(notice => notice.MemberId).Distinct().ToList(), step.Notices.Select(notice => notice.Seq).Distinct().ToList());
                var before = seqs.Count == 0 ? [] : (await context.Notices
                    .Where(n => members.Contains(n.MemberId) && n.ConversationId == step.ConversationId && seqs.Contains(n.Seq) && (n.Kind & NoticeKinds.OfMessages) != NoticeKind.None)
                    .Select(n => new { n.MemberId, n.Seq }).ToListAsync(cancel)).Select(n => (n.MemberId, n.Seq)).ToHashSet();
                written.AddRange(step.Notices.Where(notice => !before.Contains((notice.MemberId, notice.Seq))));
            }
            context.Notices.AddRange(written.Select(notice => notice.Row(now)));
            await context.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
        if (written.Count > 0)
            feed.Publish(new MembersNoticed(written));
    }

    // Somebody else may have come as far already: then it is theirs.
    static async Task<bool> AdvanceAsync(CommunityDb context, Progress step, CancellationToken cancel)
    {
        if (step.From is { } from)
            return await context.NoticedConversations
                .Where(n => n.ConversationId == step.ConversationId && n.Version == from.Version && n.SettledVersion == from.SettledVersion)
                .ExecuteUpdateAsync(set => set.SetProperty(n => n.Version, step.To).SetProperty(n => n.SettledVersion, step.Settled), cancel) == 1;
        context.NoticedConversations.Add(new() { ConversationId = step.ConversationId, Version = step.To, SettledVersion = step.Settled });
        await context.SaveChangesAsync(cancel);
        return true;
    }

    sealed record Happened(long Version, long Seq, bool IsEdit, bool Calls);

    sealed record Progress(int ConversationId, NoticedConversation? From, long To, long Settled, List<WrittenNotice> Notices, bool HasMore);
}
