using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Moderation;

/// <summary>The moderators' private queue: one record a member, under which reports gather.</summary>
public sealed class ModerationQueue(CommunityDbFactory db)
{
    /// <summary>Members of one page.</summary>
    public const int Page = 20;
    const int MessagesOfOne = 50;
    const int ReportsShown = 5;

    /// <summary>Members of whom there are reports that wait, those that waited longest first; or such as were decided, the newest first.</summary>
    /// <exception cref="NotFoundException">The actor moderates nothing.</exception>
    public async Task<(IReadOnlyList<ModerationRecord> Records, bool HasMore)> ListAsync(Actor actor, bool decided, int page, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await DemandAsync(context, actor, cancel);
        var skip = (Math.Clamp(page, 1, 10_000) - 1) * Page;
        var people = decided
            ? await InCharge.Decisions(context, actor).GroupBy(d => d.MemberId).Select(one => new { one.Key, Newest = one.Max(d => d.Id) })
                .OrderByDescending(one => one.Newest).Skip(skip).Take(Page + 1).Select(one => one.Key).ToListAsync(cancel)
            : await InCharge.Reports(context, actor).Where(r => r.DecisionId == null).GroupBy(r => r.ReportedId).Select(one => new { one.Key, Oldest = one.Min(r => r.Id) })
                .OrderBy(one => one.Oldest).Skip(skip).Take(Page + 1).Select(one => one.Key).ToListAsync(cancel);
        var records = new List<ModerationRecord>();
        foreach (var member in people.Take(Page))
            records.Add(await RecordAsync(context, actor, member, decided, cancel));
        return (records, people.Count > Page);
    }

    /// <summary>Appeals, those that wait longest first; or such as were decided, the newest first.</summary>
    /// <exception cref="NotFoundException">The actor moderates nothing.</exception>
    public async Task<(IReadOnlyList<AppealLine> Appeals, bool HasMore)> AppealsAsync(Actor actor, bool decided, int page, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await DemandAsync(context, actor, cancel);
        var appeals =
            from d in InCharge.Decisions(context, actor)
            join a in context.Appeals on d.Id equals a.DecisionId
            where (a.Outcome != null) == decided
            join c in context.Conversations on d.ConversationId equals c.Id
            join u in context.Users on d.MemberId equals u.Id
            select new { Appeal = a, c.Title, u.DisplayName, d.ById };
        var rows = await (decided ? appeals.OrderByDescending(one => one.Appeal.DecidedAt) : appeals.OrderBy(one => one.Appeal.At))
            .Skip((Math.Clamp(page, 1, 10_000) - 1) * Page).Take(Page + 1).ToListAsync(cancel);
        return ([.. rows.Take(Page).Select(one => new AppealLine(
            one.Appeal.DecisionId, one.DisplayName, one.Title, one.Appeal.At, one.Appeal.Outcome, one.ById == actor.MemberId))], rows.Count > Page);
    }

    static async Task<ModerationRecord> RecordAsync(CommunityDb context, Actor actor, int? member, bool decided, CancellationToken cancel)
    {
        var person = await context.Users.Where(u => u.Id == member).Select(u => new Person(u.Handle, u.DisplayName, u.PictureVersion)).FirstOrDefaultAsync(cancel);
        var messages = decided
            ? await InCharge.Decisions(context, actor).Where(d => d.MemberId == member).GroupBy(d => new { d.ConversationId, d.Seq })
                .Select(one => new { one.Key.ConversationId, one.Key.Seq, Order = -one.Max(d => d.Id) }).OrderBy(one => one.Order).Take(MessagesOfOne).ToListAsync(cancel)
            : await InCharge.Reports(context, actor).Where(r => r.ReportedId == member && r.DecisionId == null).GroupBy(r => new { r.ConversationId, r.Seq })
                .Select(one => new { one.Key.ConversationId, one.Key.Seq, Order = one.Min(r => r.Id) }).OrderBy(one => one.Order).Take(MessagesOfOne).ToListAsync(cancel);
        var places = messages.Select(one => one.ConversationId).Distinct().ToList();
        var rooms = await context.Conversations.Where(c => places.Contains(c.Id)).ToDictionaryAsync(c => c.Id, c => new { c.Slug, c.Title }, cancel);
        var reports = (await ReadingModeration.ReportsAsync(context, InCharge.Reports(context, actor).Where(r => r.ReportedId == member && places.Contains(r.ConversationId)), cancel))
            .ToLookup(r => (r.ConversationId, r.Seq));
        var decisions = (await ReadingModeration.DecisionsAsync(context, InCharge.Decisions(context, actor).Where(d => d.MemberId == member && places.Contains(d.ConversationId)), cancel))
            .ToLookup(d => (d.ConversationId, d.Seq));
        return new(person, [.. messages.Select(one =>
        {
            var (room, told, last) = (rooms[one.ConversationId], reports[(one.ConversationId, one.Seq)].ToList(), decisions[(one.ConversationId, one.Seq)].MaxBy(d => d.Round));
            return new ReportedMessage(room.Slug ?? one.ConversationId.ToString(CultureInfo.InvariantCulture), room.Title, one.Seq,
                last?.Quote ?? told.FirstOrDefault()?.Quote ?? "", [.. told.Take(ReportsShown).Select(r => r.Report)], told.Count, last?.Line);
        })]);
    }

    static async Task DemandAsync(CommunityDb context, Actor actor, CancellationToken cancel)
    {
        if (!await InCharge.AnywhereAsync(context, actor, cancel))
            throw new NotFoundException("page");
    }
}
