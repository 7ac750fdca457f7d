using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Markdown;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Search;

/// <summary>Turns what was typed into what the index is asked: names become the numbers of their rooms, topics and people.</summary>
sealed class SearchClauses(CommunityDb context, IndexReading index, Actor actor)
{
    // So many topics of one name nobody means; and the question stays short.
    const int TopicsAtOnce = 200;

    /// <summary>Null where nothing can answer.</summary>
    /// <exception cref="RefusedException">There is no such room or member, as far as the actor may know.</exception>
    public async Task<List<Clause>?> OfAsync(SearchQuery query, CancellationToken cancel)
    {
        List<Clause> clauses = [];
        foreach (var term in query.Terms)
            clauses.Add(await OfAsync(term, cancel));
        clauses.AddRange(Enum.GetValues<Contents>().Where(kind => kind != Contents.None && query.Has.HasFlag(kind)).Select(kind => Clause.Any([Marks.Has(kind)])));
        if (query.Languages.Count > 0)
            clauses.Add(Clause.Any(query.Languages.Select(Marks.Language)));
        if (query.Authors.Count > 0)
            clauses.Add(Clause.Any((await AuthorsAsync(query, cancel)).Select(Marks.Author)));
        var rooms = await RoomsAsync(query, cancel);
        if (rooms.Count > 0)
            clauses.Add(Clause.Any(rooms.Select(Marks.Conversation)));
        if (query.Topics.Count == 0)
            return clauses;
        var topics = await TopicsAsync(query, rooms, cancel);
        if (topics.Count == 0)
            return null;
        clauses.Add(Clause.Any(topics.Select(Marks.Topic)));
        return clauses;
    }

    async Task<Clause> OfAsync(SearchTerm term, CancellationToken cancel)
    {
        if (!term.IsBeginning)
            return new([term.Words]);
        List<string> endings = [term.Words[^1], .. await index.BeginningAsync(term.Words[^1], cancel)];
        return new([.. endings.Distinct(StringComparer.Ordinal).Select(last => (IReadOnlyList<string>)[.. term.Words.SkipLast(1), last])]);
    }

    async Task<List<int>> AuthorsAsync(SearchQuery query, CancellationToken cancel)
    {
        List<int> found = [];
        foreach (var handle in query.Authors)
        {
            found.Add(handle == "me" && actor.IsMember ? actor.MemberId
                : await context.Users.WithAccount().Where(u => u.Handle == handle && u.ErasedAt == null).Select(u => (int?)u.Id).FirstOrDefaultAsync(cancel)
                    ?? await FormerlyAsync(handle, cancel)
                    ?? throw new RefusedException(Refusal.UnknownMember, handle));
        }
        return found;
    }

    Task<int?> FormerlyAsync(string handle, CancellationToken cancel)
    {
        var former = Profiles.FormerHandle(handle);
        return context.Audit.Where(a => a.Subject == former && a.ActorId != null).OrderBy(a => a.ActorId).Select(a => a.ActorId).FirstOrDefaultAsync(cancel);
    }

    async Task<List<int>> RoomsAsync(SearchQuery query, CancellationToken cancel)
    {
        List<int> found = [];
        foreach (var room in query.Rooms)
        {
            try
            {
                found.Add((await AllConversations.FindAsync(context, actor, room, cancel)).Id);
            }
            catch (NotFoundException)
            {
                throw new RefusedException(Refusal.SearchRoomUnknown, room);
            }
        }
        return found;
    }

    async Task<List<int>> TopicsAsync(SearchQuery query, List<int> rooms, CancellationToken cancel)
    {
        List<int> found = [];
        foreach (var name in query.Topics)
        {
            var named = context.Topics.Where(t => t.Folded.Contains(name) && t.Messages > 0);
            if (rooms.Count > 0)
                named = named.Where(t => rooms.Contains(t.ConversationId));
            found.AddRange(await named.OrderByDescending(t => t.Id).Take(TopicsAtOnce).Select(t => t.Id).ToListAsync(cancel));
        }
        return found;
    }
}
