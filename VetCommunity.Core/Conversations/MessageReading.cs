using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Bridging;
using VetCommunity.Core.Data;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Markdown;

namespace VetCommunity.Core.Conversations;

/// <summary>Turns stored messages into what readers get: a page in one query, and one more each where there are reactions, files, polls (two), translations or answers.</summary>
static class MessageReading
{
    public const int ExcerptLength = 120;

    /// <summary>The beginning of a message; where it says nothing, what its first attachment is called.</summary>
    public static string Excerpt(string markdown, string? firstAttachment, int length = ExcerptLength) =>
        PersonsMarkdown.Excerpt(markdown, length) is { Length: > 0 } text ? text : firstAttachment ?? "";

    public static Task<List<PostedMessage>> OfAsync(CommunityDb db, int conversation, IReadOnlyCollection<long> seqs, CancellationToken cancel) =>
        ReadAsync(db, db.Messages.Where(m => m.ConversationId == conversation && seqs.Contains(m.Seq)), cancel);

    /// <summary>Oldest first, whatever the order of the query.</summary>
    public static async Task<List<PostedMessage>> ReadAsync(CommunityDb db, IQueryable<Message> messages, CancellationToken cancel) =>
        await ReadAsync(db, await Rows(db, messages).AsNoTracking().ToListAsync(cancel), cancel);

    /// <summary>The last page of these messages, and whether there are more before it.</summary>
    public static async Task<(List<PostedMessage> Messages, bool HasOlder)> LastAsync(CommunityDb db, IQueryable<Message> messages, CancellationToken cancel) =>
        await AtMostAPageAsync(db, await Rows(db, messages.OrderByDescending(m => m.Seq).Take(Limits.Page + 1)).AsNoTracking().ToListAsync(cancel), cancel);

    /// <summary>The last page of a conversation, and whether there are more before it.</summary>
    /// <param name="db">Where it is.</param>
    /// <param name="conversation">Which conversation.</param>
    /// <param name="people">Takes the numbers of all whose names stand in these messages.</param>
    /// <param name="cancel">Stops the reading.</param>
    public static async Task<(List<PostedMessage> Messages, bool HasOlder)> LastAsync(CommunityDb db, int conversation, ISet<int>? people, CancellationToken cancel) =>
        await AtMostAPageAsync(db, await Newest.AskAsync(db, conversation, cancel), cancel, people);

    /// <summary>The first page of these messages, and whether there are more after it.</summary>
    public static async Task<(List<PostedMessage> Messages, bool HasMore)> FirstAsync(CommunityDb db, IQueryable<Message> messages, CancellationToken cancel)
    {
        var rows = await Rows(db, messages.OrderBy(m => m.Seq).Take(Limits.Page + 1)).AsNoTracking().ToListAsync(cancel);
        var (page, hasMore) = (rows.OrderBy(row => row.Message.Seq).Take(Limits.Page).ToList(), rows.Count > Limits.Page);
        return (await ReadAsync(db, page, cancel), hasMore);
    }

    // One more than is wanted tells whether there are more.
    static async Task<(List<PostedMessage> Messages, bool HasOlder)> AtMostAPageAsync(CommunityDb db, List<Row> rows, CancellationToken cancel, ISet<int>? people = null) =>
        (await ReadAsync(db, [.. rows.OrderByDescending(row => row.Message.Seq).Take(Limits.Page)], cancel, people), rows.Count > Limits.Page);

    static readonly OftenAsked<int, Row> Newest = new((db, conversation) => Rows(db, db.Messages).Where(row => row.Message.ConversationId == conversation)
        .OrderByDescending(row => row.Message.Seq).Take(Limits.Page + 1).AsNoTracking());

    static IQueryable<Row> Rows(CommunityDb db, IQueryable<Message> messages) =>
        from m in messages
        join t in db.Topics on m.TopicId equals t.Id
        join c in db.Conversations on m.ConversationId equals c.Id
        join a in db.Users on m.AuthorId equals a.Id into authors
        from author in authors.DefaultIfEmpty()
        join p in db.Polls on new { m.ConversationId, m.Seq } equals new { p.ConversationId, p.Seq } into asked
        from poll in asked.DefaultIfEmpty()
        select new Row
        {
            Message = m,
            Poll = poll,
            Topic = t.Name,
            Slug = t.Slug,
            Room = c.Slug,
            RoomLanguage = c.Kind == ConversationKind.Room ? c.Language : null,
            Handle = author!.Handle,
            DisplayName = author.DisplayName,
            PictureVersion = author.PictureVersion,
            HasReactions = db.Reactions.Any(r => r.ConversationId == m.ConversationId && r.Seq == m.Seq),
            HasFiles = db.Attachments.Any(f => f.ConversationId == m.ConversationId && f.Seq == m.Seq),
            IsTranslated = db.Translations.Any(t => t.ConversationId == m.ConversationId && t.Seq == m.Seq && t.IsAccepted == 1),
        };

    static async Task<List<PostedMessage>> ReadAsync(CommunityDb db, List<Row> rows, CancellationToken cancel, ISet<int>? people = null)
    {
        if (rows.Count == 0)
            return [];
        var conversation = rows[0].Message.ConversationId;
        var reactions = await ReactionsAsync(db, conversation, [.. rows.Where(row => row.HasReactions).Select(row => row.Message.Seq)], people, cancel);
        var attachments = await AttachmentsAsync(db, conversation, [.. rows.Where(row => row.HasFiles).Select(row => row.Message.Seq)], cancel);
        var polls = await PollReading.OfAsync(db, [.. rows.Select(row => row.Poll).OfType<Poll>()], cancel);
        var translations = await BridgeReading.AcceptedAsync(db, conversation, rows.Where(row => row.IsTranslated).ToDictionary(row => row.Message.Seq, row => row.Message.Markdown), people, cancel);
        var answered = await AnsweredAsync(db, conversation, [.. rows.Select(row => row.Message.ReplyToSeq).OfType<long>().Distinct()], people, cancel);
        people?.UnionWith(rows.Select(row => row.Message.AuthorId).OfType<int>());
        return [.. rows.OrderBy(row => row.Message.Seq).Select(row => Shown(new(
            conversation, row.Room ?? conversation.ToString(CultureInfo.InvariantCulture), row.Message.Seq, row.Message.Version, row.Message.ClientKey, row.Topic, row.Slug,
            new(row.Handle ?? "", row.DisplayName ?? row.Message.ImportedAuthor ?? "", row.PictureVersion, row.Message.WebhookId is not null),
            row.Message.Markdown, row.Message.Html, row.Message.SentAt, row.Message.EditedAt, row.Message.DeletedAt, row.Message.ReplyToSeq,
            row.Message.ReplyToSeq is { } seq ? answered.GetValueOrDefault(seq) : null,
            reactions.GetValueOrDefault(row.Message.Seq) ?? [], attachments.GetValueOrDefault(row.Message.Seq) ?? [], row.Message.HiddenAt, row.Message.HiddenById, polls.GetValueOrDefault(row.Message.Seq),
            row.Message.Language, row.RoomLanguage, translations.GetValueOrDefault(row.Message.Seq))))];
    }

    // Fragments are the same for everybody: who may read a hidden message all the same reads it on a page of its own.
    static PostedMessage Shown(PostedMessage message) => message.HiddenAt is null ? message
        : message with { Markdown = "", Html = "", EditedAt = null, ReplyToSeq = null, ReplyTo = null, Reactions = [], Attachments = [], Poll = null, Language = null, Translations = null };

    static async Task<Dictionary<long, List<ReactionCount>>> ReactionsAsync(CommunityDb db, int conversation, List<long> seqs, ISet<int>? people, CancellationToken cancel)
    {
        if (seqs.Count == 0)
            return [];
        var rows = await (
            from r in db.Reactions
            where r.ConversationId == conversation && seqs.Contains(r.Seq)
            join m in db.Users on r.MemberId equals m.Id
            orderby r.At, r.MemberId, r.Emoji
            select new { r.Seq, r.Emoji, m.Id, m.Handle }).ToListAsync(cancel);
        people?.UnionWith(rows.Select(row => row.Id));
        return rows.GroupBy(row => row.Seq).ToDictionary(
            message => message.Key,
            message => message.GroupBy(row => row.Emoji, StringComparer.Ordinal)
                .Select(emoji => new ReactionCount(emoji.Key, emoji.Count(), [.. emoji.Select(row => row.Handle)])).ToList());
    }

    static async Task<Dictionary<long, List<PostedAttachment>>> AttachmentsAsync(CommunityDb db, int conversation, List<long> seqs, CancellationToken cancel)
    {
        if (seqs.Count == 0)
            return [];
        var rows = await db.Attachments.AsNoTracking().Where(a => a.ConversationId == conversation && seqs.Contains(a.Seq!.Value)).OrderBy(a => a.Position).ToListAsync(cancel);
        return rows.GroupBy(row => row.Seq!.Value).ToDictionary(message => message.Key, message => message.Select(Attachments.Shown).ToList());
    }

    static async Task<Dictionary<long, ReplyExcerpt>> AnsweredAsync(CommunityDb db, int conversation, List<long> seqs, ISet<int>? people, CancellationToken cancel)
    {
        if (seqs.Count == 0)
            return [];
        var rows = await (
            from m in db.Messages
            where m.ConversationId == conversation && seqs.Contains(m.Seq)
            join a in db.Users on m.AuthorId equals a.Id into authors
            from author in authors.DefaultIfEmpty()
            select new
            {
                m.Seq,
                m.AuthorId,
                Markdown = m.HiddenAt == null ? m.Markdown : "",
                Name = author!.DisplayName ?? m.ImportedAuthor,
                File = m.HiddenAt != null ? null : db.Attachments.Where(a => a.ConversationId == conversation && a.Seq == m.Seq).OrderBy(a => a.Position).Select(a => a.Name).FirstOrDefault(),
            }).ToListAsync(cancel);
        people?.UnionWith(rows.Select(row => row.AuthorId).OfType<int>());
        return rows.ToDictionary(row => row.Seq, row => new ReplyExcerpt(row.Seq, row.Name ?? "", Excerpt(row.Markdown, row.File)));
    }

    sealed class Row
    {
        public required Message Message { get; init; }
        public Poll? Poll { get; init; }
        public required string Topic { get; init; }
        public required string Slug { get; init; }
        public string? Room { get; init; }
        public string? RoomLanguage { get; init; }
        public string? Handle { get; init; }
        public string? DisplayName { get; init; }
        public string? PictureVersion { get; init; }
        public bool HasReactions { get; init; }
        public bool HasFiles { get; init; }
        public bool IsTranslated { get; init; }
    }
}
