using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Moderation;

namespace VetCommunity.Core.Discussion;

/// <summary>Turns stored messages that wait into what their author sees; where the place is lost, nothing of it is told.</summary>
static class ScheduledReading
{
    public static async Task<List<ScheduledRow>> ReadAsync(CommunityDb context, Actor actor, IQueryable<ScheduledMessage> scheduled, CancellationToken cancel)
    {
        var banned = Bans.Now(context);
        var rows = await (
            from s in scheduled
            join c in context.Conversations on s.ConversationId equals c.Id
            join m in context.Memberships.Where(m => m.MemberId == actor.MemberId) on c.Id equals m.ConversationId into places
            from place in places.DefaultIfEmpty()
            select new
            {
                Scheduled = s,
                Conversation = c,
                Role = (MembershipRole?)place!.Role,
                IsBanned = banned.Any(r => r.ConversationId == c.Id && r.MemberId == actor.MemberId),
                Other = c.Kind == ConversationKind.Direct
                    ? context.Memberships.Where(o => o.ConversationId == c.Id && o.MemberId != actor.MemberId).Join(context.Users, o => o.MemberId, u => u.Id, (_, u) => u.DisplayName).FirstOrDefault()
                    : null,
            }).ToListAsync(cancel);
        return rows.ConvertAll(row =>
        {
            var (one, place) = (row.Scheduled, row.Conversation);
            var mayRead = ConversationRule.Of(place.Kind).MayRead(actor, new(place.IsOpen == 1, place.EndedAt is not null, row.Role, row.IsBanned));
            return new ScheduledRow(one.Id, place.Slug ?? place.Id.ToString(CultureInfo.InvariantCulture), place.Kind, mayRead ? row.Other ?? place.Title : null,
                one.Markdown, one.Topic, one.DueAt, one.RefusedAt, one.RefusedAt is null ? null : WhyNot(one));
        });
    }

    public static (string Refusal, string Arguments) Kept(RefusedException refused) => (refused.Refusal.ToString(), JsonSerializer.Serialize(refused.Arguments));

    static RefusedException WhyNot(ScheduledMessage scheduled) => new(
        Enum.TryParse<Refusal>(scheduled.Refusal, out var refusal) ? refusal : Refusal.NothingThere,
        [.. JsonSerializer.Deserialize<JsonElement[]>(scheduled.RefusalArguments ?? "[]")!.Select(Argument)]);

    static object Argument(JsonElement kept) => kept.ValueKind == JsonValueKind.Number && kept.TryGetInt32(out var number) ? number : kept.ToString();
}
