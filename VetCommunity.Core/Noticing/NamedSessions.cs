using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Noticing;

/// <summary>A session that a notice is about.</summary>
sealed record NamedSession(string Title, string Language, DateTimeOffset StartsAt);

/// <summary>What the sessions are called that notices are about; every member may read that of each.</summary>
static class NamedSessions
{
    /// <summary>By their numbers.</summary>
    public static async Task<IReadOnlyDictionary<long, NamedSession>> OfAsync(CommunityDb context, IEnumerable<Notice> notices, CancellationToken cancel)
    {
        var numbers = notices.Where(notice => (notice.Kind & NoticeKinds.OfSessions) != NoticeKind.None).Select(notice => (int)notice.Seq).Distinct().ToList();
        return numbers.Count == 0
            ? new Dictionary<long, NamedSession>()
            : await context.LiveSessions.Where(s => numbers.Contains(s.Id)).ToDictionaryAsync(s => (long)s.Id, s => new NamedSession(s.Title, s.Language, s.StartsAt), cancel);
    }
}
