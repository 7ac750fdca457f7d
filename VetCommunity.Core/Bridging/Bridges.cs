using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Markdown;
using VetCommunity.Core.Noticing;

namespace VetCommunity.Core.Bridging;

/// <summary>Translations of messages of rooms: asked for, written by members who translate that pair, and accepted. Two people who talk alone have none.</summary>
public sealed class Bridges(CommunityDbFactory db, MessageLog log, Feed feed)
{
    /// <summary>Asks for a translation. Who asks for what waits already joins; only a new request makes bells ring, see <see cref="BridgeRules.MostAsked"/>.</summary>
    /// <exception cref="NotFoundException">No such message for the actor, or nothing of it is left to read.</exception>
    /// <exception cref="RefusedException">It is in that language, or translated already; or too much of the actor's waits.</exception>
    public async Task AskAsync(Actor actor, string room, long seq, string? to, CancellationToken cancel = default)
    {
        Demand(actor);
        await WriteAsync(new AskEntry(actor, room, seq, Limits.CheckedLanguage(to)), cancel);
    }

    /// <summary>The actor needs it no more.</summary>
    public async Task UnaskAsync(Actor actor, string room, long seq, string? to, CancellationToken cancel = default)
    {
        Demand(actor);
        await WriteAsync(new UnaskEntry(actor, room, seq, Limits.CheckedLanguage(to)), cancel);
    }

    /// <summary>Hands a translation in, or gives one's own another text, which has to be accepted again. Answers with its number.</summary>
    /// <exception cref="RefusedException">The actor does not translate that pair, the message has another text by now, or the text refuses.</exception>
    public async Task<int> ProposeAsync(Actor actor, string room, long seq, NewTranslation translation, CancellationToken cancel = default)
    {
        Demand(actor);
        var markdown = Limits.CleanText(translation.Markdown);
        return await WriteAsync(new ProposeEntry(actor, room, seq, Limits.CheckedLanguage(translation.To), markdown, PersonsMarkdown.Read(markdown), translation.Stamp ?? ""), cancel);
    }

    /// <summary>Accepts a translation: the message's author, a moderator of the room, or who asked for it and did not write it.</summary>
    /// <param name="actor">Who.</param>
    /// <param name="room">Where.</param>
    /// <param name="seq">The message.</param>
    /// <param name="translation">The translation's number.</param>
    /// <param name="version">Which of its texts was read.</param>
    /// <param name="cancel">Stops waiting.</param>
    public async Task AcceptAsync(Actor actor, string room, long seq, int translation, int version, CancellationToken cancel = default)
    {
        Demand(actor);
        await WriteAsync(new AcceptEntry(actor, room, seq, translation, version), cancel);
    }

    /// <summary>Takes a translation away: its author, the message's, or a moderator of the room.</summary>
    public async Task TakeAwayAsync(Actor actor, string room, long seq, int translation, CancellationToken cancel = default)
    {
        Demand(actor);
        await WriteAsync(new TakeAwayEntry(actor, room, seq, translation), cancel);
    }

    /// <summary>A message with its translations and what the actor may do.</summary>
    /// <exception cref="NotFoundException">No such message in a room for the actor, or nothing of it is left to read.</exception>
    public async Task<BridgedMessage> FindAsync(Actor actor, string room, long seq, CancellationToken cancel = default)
    {
        Demand(actor);
        await using var context = db.CreateDbContext();
        await using var snapshot = await db.BeginSnapshotAsync(context, cancel);
        var found = await Topics.FindRoomAsync(context, actor, room, cancel);
        var message = (await MessageReading.OfAsync(context, found.Id, [seq], cancel)).SingleOrDefault();
        if (message is null or { IsGone: true })
            throw new NotFoundException("message");
        var language = BridgeRules.LanguageOf(message.Language, found.Language);
        var asks = await (
            from a in context.BridgeAsks
            where a.ConversationId == found.Id && a.Seq == seq
            join r in context.BridgeRequests on new { a.ConversationId, a.Seq, a.To } equals new { r.ConversationId, r.Seq, r.To }
            select new { a.To, a.MemberId, IsDone = r.DoneAt != null }).ToListAsync(cancel);
        var isAuthor = message.Author.Handle.Length > 0 && message.Author.Handle == actor.Handle;
        var mine = asks.Where(ask => ask.MemberId == actor.MemberId).Select(ask => ask.To).ToHashSet(StringComparer.Ordinal);
        var decides = isAuthor || found.Standing.IsModerator;
        var translations = await BridgeReading.AllAsync(context, found.Id, seq, cancel);
        var targets = await context.BridgePairs.Where(p => p.MemberId == actor.MemberId && p.From == language).Select(p => p.To).ToListAsync(cancel);
        return new(message, found.Address, found.Title, language, BridgeRules.StampOf(message.Markdown),
            [.. asks.GroupBy(ask => ask.To, StringComparer.Ordinal).OrderBy(ask => ask.Key, StringComparer.Ordinal).Select(ask => new BridgeWish(ask.Key, ask.Count(), mine.Contains(ask.Key), ask.First().IsDone))],
            [.. translations.Select(row => new ProposedTranslation(BridgeReading.Shown(row, message.Markdown), row.Translation.Version, row.Translation.IsAccepted == 1,
                row.Translation.ById == actor.MemberId,
                row.Translation.IsAccepted == 0 && (decides || (mine.Contains(row.Translation.To) && row.Translation.ById != actor.MemberId)),
                decides || row.Translation.ById == actor.MemberId))],
            [.. Languages.All.Where(targets.Contains)]);
    }

    // Visitors have no rooms, and the operator at the command line translates nothing.
    static void Demand(Actor actor)
    {
        if (!actor.IsMember)
            throw new NotFoundException("message");
    }

    async Task<TResult> WriteAsync<TResult>(BridgeEntry<TResult> entry, CancellationToken cancel)
    {
        var result = await log.WriteAsync(entry, cancel);
        if (entry.Told.Count > 0)
            feed.Publish(new MembersNoticed([.. entry.Told]));
        return result;
    }
}
