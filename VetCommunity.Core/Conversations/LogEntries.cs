using System.Globalization;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Files;
using VetCommunity.Core.Markdown;
using VetCommunity.Core.OfficeHours;
using VetCommunity.Core.Search;
using static VetCommunity.Core.Conversations.Value;

namespace VetCommunity.Core.Conversations;

/// <summary>A new message.</summary>
sealed class PostEntry(Actor actor, NewMessage message, string markdown, PersonsText text) : LogEntry<PostReceipt>
{
    // Parsed by the author's thread, not by the one writer that everybody waits for.
    readonly IReadOnlyList<string> _named = Limits.MentionsIn(markdown);
    readonly IndexedText _indexed = IndexedText.Of(text, message.Poll?.Options);
    readonly string? _language = message.Language ?? text.Language;

    protected override async Task<PostReceipt> WriteAsync(LogConnection connection, DateTimeOffset now)
    {
        var place = await WritingPlace.ReadAsync(connection, actor, message.Conversation, now);
        ConversationId = place.Id;
        if (place.Rule.WhyNotPost(actor, place.Place) is { } whyNot)
            throw new RefusedException(whyNot);
        var before = await connection.RowAsync("""
            SELECT "Seq", "SentAt" FROM "Messages" WHERE "ConversationId" = @c AND "AuthorId" = @author AND "ClientKey" = @key
            """, Int("c", place.Id), Int("author", actor.MemberId), Text("key", message.ClientKey));
        if (before is not null)
            return new(place.Id, before[0].Long(), before[1].At(), Duplicate: true);
        if (message.Poll is not null && place.Kind != ConversationKind.Room)
            throw new RefusedException(Refusal.PollsInRooms);
        // Nothing ends in an open room, and there are many more of them.
        if (message.Topic is { } named && !place.Place.IsOpen && await connection.HasEndedAsync(place.Id, named))
            throw new RefusedException(Refusal.TopicEnded);
        if (message.Poll?.EndsAt <= now)
            throw new RefusedException(Refusal.PollEndsTooEarly);
        if (place.Rule.Wait(actor, place.Place, place.Pace, now) is { Ticks: > 0 } wait)
            throw new RefusedException(Refusal.SlowMode, (int)Math.Ceiling(wait.TotalSeconds));
        var reply = await AnsweredAsync(connection, place.Id);
        var attachments = await connection.WaitingAttachmentsAsync(actor, message.Attachments ?? [], now);

        var (seq, version) = await connection.NextMessageAsync(place.Id, now);
        var topic = await connection.WriteInTopicAsync(place.Id, place.DefaultTopicId, message.Topic, seq, now);
        var searchId = await connection.NewSearchIdAsync(now);
        await connection.InsertMessageAsync(place.Id, seq, version, actor.MemberId, imported: null, message.ClientKey, topic.Id, markdown, text.Html, now, message.ReplyToSeq, searchId,
            _language, isLanguageSet: message.Language is not null);
        ToIndex = new(searchId, version, MessagePlace.Of(place, _language), topic.Id, actor.MemberId, _indexed.With(attachments.Count, attachments.Count(one => one.Kind == FileKind.Image)));
        await connection.BindAttachmentsAsync(place.Id, seq, attachments);
        if (message.Poll is { } poll)
            await connection.InsertPollAsync(place.Id, seq, poll);
        if (message.IsEnquiry)
            await connection.InsertEnquiryAsync(place.Id, seq, now);
        await connection.RecordAsync(place.Id, version, ChangeKind.Posted, seq, actor.MemberId, now);
        await MarkAsync(connection, place, seq, now);
        var mentioned = await connection.MentionAsync(place, seq, _named, now);
        // Who writes in a topic follows it, unless it is muted.
        if (place.Kind == ConversationKind.Room)
            await connection.DoAsync("""
                INSERT INTO "Involvements" ("MemberId", "ConversationId", "TopicId", "Kind", "At") VALUES (@actor, @c, @topic, @kind, @at) ON CONFLICT DO NOTHING
                """, Int("actor", actor.MemberId), Int("c", place.Id), Int("topic", topic.Id), Int("kind", (int)InvolvementKind.Followed), At("at", now));

        Changes.Add(new(version, ChangeKind.Posted, seq, new(place.Id, place.Address, seq, version, message.ClientKey, topic.Name, topic.Slug,
            new(actor.Handle, actor.Name, actor.PictureVersion), markdown, text.Html, now, null, null, message.ReplyToSeq, reply, [], attachments,
            Poll: message.Poll is null ? null : PollReading.Fresh(message.Poll), Language: _language,
            RoomLanguage: place.Kind == ConversationKind.Room ? place.Language : null), mentioned));
        return new(place.Id, seq, now, Duplicate: false);
    }

    async Task<ReplyExcerpt?> AnsweredAsync(LogConnection connection, int conversation)
    {
        if (message.ReplyToSeq is not { } answered)
            return null;
        var row = await connection.RowAsync("""
            SELECT m."Markdown", COALESCE(a."DisplayName", m."ImportedAuthor"), m."HiddenAt" FROM "Messages" m LEFT JOIN "Members" a ON a."Id" = m."AuthorId"
            WHERE m."ConversationId" = @c AND m."Seq" = @seq
            """, Int("c", conversation), Long("seq", answered)) ?? throw new RefusedException(Refusal.UnknownReply);
        // What is hidden is not quoted either.
        return new(answered, (string?)row[1] ?? "",
            row[2] is null ? MessageReading.Excerpt((string)row[0]!, await connection.FirstAttachmentAsync(conversation, answered)) : "");
    }

    // Who had read everything has still read everything. Where the room is slow, the same statement keeps the time.
    Task MarkAsync(LogConnection connection, WritingPlace place, long seq, DateTimeOffset now) => place.Pace.SlowSeconds == 0
        ? connection.DoAsync("""
            UPDATE "Memberships" SET "LastReadSeq" = @seq WHERE "ConversationId" = @c AND "MemberId" = @actor AND "LastReadSeq" = @seq - 1
            """, Long("seq", seq), Int("c", place.Id), Int("actor", actor.MemberId))
        : connection.DoAsync("""
            UPDATE "Memberships" SET "LastReadSeq" = CASE WHEN "LastReadSeq" = @seq - 1 THEN @seq ELSE "LastReadSeq" END, "LastPostedAt" = @at
            WHERE "ConversationId" = @c AND "MemberId" = @actor
            """, Long("seq", seq), At("at", now), Int("c", place.Id), Int("actor", actor.MemberId));
}

/// <summary>A change of a message that exists: finds it, and lets the kind's rule and the message's author decide.</summary>
abstract class MessageEntry(Actor actor, string conversation, long seq) : LogEntry<long>
{
    protected Actor Actor => actor;
    protected long Seq => seq;

    /// <summary>Who is remembered with the change.</summary>
    protected virtual int? RecordedActor => actor.IsMember ? actor.MemberId : null;

    protected sealed override async Task<long> WriteAsync(LogConnection connection, DateTimeOffset now)
    {
        var place = await WritingPlace.ReadAsync(connection, actor, conversation, now);
        ConversationId = place.Id;
        var row = await connection.RowAsync("""
            SELECT m."AuthorId", m."DeletedAt", m."Markdown", m."TopicId", m."Version", m."SearchId", m."KeyId", p."Options", m."HiddenAt" FROM "Messages" m
            LEFT JOIN "Polls" p ON p."ConversationId" = m."ConversationId" AND p."Seq" = m."Seq" WHERE m."ConversationId" = @c AND m."Seq" = @seq
            """, Int("c", place.Id), Long("seq", seq)) ?? throw new NotFoundException("message");
        var author = row[0] is null ? null : (int?)row[0].Int();
        // What is encrypted, and what the index has not come to, is not in it.
        var searchId = row[5] is null || row[6] is not null ? null : (long?)row[5].Long();
        var found = new Found(author, author == actor.MemberId && actor.IsMember, row[1] is not null, row[8] is not null, (string)row[2]!, (string?)row[7], row[3].Int(), searchId);
        if (await ChangeAsync(connection, place, found, now) is not { } kind)
            return row[4].Long();
        var version = await connection.NextVersionAsync(place.Id);
        await StoreAsync(connection, place, found, version, now);
        await connection.TouchAsync(place.Id, seq, version);
        await connection.RecordAsync(place.Id, version, kind, seq, RecordedActor, now);
        Changes.Add(new(version, kind, seq));
        return version;
    }

    /// <summary>Refuses, or says what kind of change it is, or null where nothing would change. Writes nothing.</summary>
    protected abstract Task<ChangeKind?> ChangeAsync(LogConnection connection, WritingPlace place, Found message, DateTimeOffset now);

    protected abstract Task StoreAsync(LogConnection connection, WritingPlace place, Found message, long version, DateTimeOffset now);

    protected sealed record Found(int? AuthorId, bool IsMine, bool IsDeleted, bool IsHidden, string Markdown, string? Options, int TopicId, long? SearchId);
}

/// <summary>Another text; the former one stays in the history.</summary>
sealed class EditEntry(Actor actor, string conversation, long seq, string markdown, PersonsText text, string? language) : MessageEntry(actor, conversation, seq)
{
    readonly IReadOnlyList<string> _named = Limits.MentionsIn(markdown);

    protected override async Task<ChangeKind?> ChangeAsync(LogConnection connection, WritingPlace place, Found message, DateTimeOffset now)
    {
        if (message.IsDeleted)
            throw new RefusedException(Refusal.MessageDeleted);
        if (!message.IsMine)
            throw new RefusedException(Refusal.NotYourMessage);
        if (message.IsHidden)
            throw new RefusedException(Refusal.MessageHidden);
        if (place.Rule.WhyNotChange(Actor, place.Place) is { } whyNot)
            throw new RefusedException(whyNot);
        if (markdown.Length == 0 && await connection.FirstAttachmentAsync(place.Id, Seq) is null)
            throw new RefusedException(Refusal.EmptyText);
        return message.Markdown == markdown ? null : ChangeKind.Edited;
    }

    protected override async Task StoreAsync(LogConnection connection, WritingPlace place, Found message, long version, DateTimeOffset now)
    {
        await connection.DoAsync("""
            INSERT INTO "MessageRevisions" ("ConversationId", "Seq", "Version", "Markdown", "KeyId", "ReplacedAt") VALUES (@c, @seq, @version, @markdown, NULL, @at)
            """, Int("c", place.Id), Long("seq", Seq), Long("version", version), Text("markdown", message.Markdown), At("at", now));
        await connection.DoAsync("""
            UPDATE "Messages" SET "Markdown" = @markdown, "Html" = @html, "EditedAt" = @at,
                "Language" = CASE WHEN "IsLanguageSet" = 1 AND @said = 0 THEN "Language" ELSE @language END, "IsLanguageSet" = CASE WHEN @said = 1 THEN 1 ELSE "IsLanguageSet" END
            WHERE "ConversationId" = @c AND "Seq" = @seq
            """, Int("said", language is null ? 0 : 1), Text("language", language ?? text.Language), Text("markdown", markdown), Text("html", text.Html), At("at", now), Int("c", place.Id), Long("seq", Seq));
        // Who was named before has heard of it.
        await connection.MentionAsync(place, Seq, _named, now);
        if (message.SearchId is { } id)
        {
            await connection.IndexStoredAsync(id);
            var words = IndexedText.Of(text, message.Options?.Split('\n')).Words;
            await connection.ForgetWordsAsync(IndexedText.Of(message.Markdown).Words.Except(words, StringComparer.Ordinal));
        }
    }
}

/// <summary>Takes the text, all its former texts, the attachments and the poll with its votes away; the gap stays.</summary>
sealed class DeleteEntry(Actor actor, string conversation, long seq) : MessageEntry(actor, conversation, seq)
{
    /// <summary>Whose files are to go after the commit.</summary>
    public IReadOnlyList<string> Attachments { get; private set; } = [];

    protected override Task<ChangeKind?> ChangeAsync(LogConnection connection, WritingPlace place, Found message, DateTimeOffset now)
    {
        if (!message.IsMine && !place.Rule.Moderates(Actor, place.Place))
            throw new RefusedException(Refusal.NotYourMessage);
        if (message.IsDeleted)
            return Task.FromResult<ChangeKind?>(null);
        // Whoever loses a message reads why and can object; programs and people out of files have nobody to read it.
        if (!message.IsMine && message.AuthorId is not null && Actor.IsMember)
            throw new RefusedException(Refusal.DecideInstead, string.Create(CultureInfo.InvariantCulture, $"/moderation/{place.Address}/{Seq}"));
        return Task.FromResult<ChangeKind?>(ChangeKind.Deleted);
    }

    protected override async Task StoreAsync(LogConnection connection, WritingPlace place, Found message, long version, DateTimeOffset now)
    {
        Attachments = await connection.EraseAsync(place.Id, Seq, message.SearchId, message.Markdown, now);
        if (!message.IsMine)
            connection.Note(now, Actor, "message.deleted", message.AuthorId, place, Seq);
    }
}

/// <summary>One member's emoji, given or taken back.</summary>
sealed class ReactEntry(Actor actor, string conversation, long seq, string emoji, bool on) : MessageEntry(actor, conversation, seq)
{
    protected override async Task<ChangeKind?> ChangeAsync(LogConnection connection, WritingPlace place, Found message, DateTimeOffset now)
    {
        if (message.IsDeleted)
            throw new RefusedException(Refusal.MessageDeleted);
        if (message.IsHidden)
            throw new RefusedException(Refusal.MessageHidden);
        if (place.Rule.WhyNotChange(Actor, place.Place) is { } whyNot)
            throw new RefusedException(whyNot);
        var rows = await connection.RowsAsync("""
            SELECT "Emoji", MAX(CASE WHEN "MemberId" = @actor THEN 1 ELSE 0 END) FROM "Reactions" WHERE "ConversationId" = @c AND "Seq" = @seq GROUP BY "Emoji"
            """, Int("actor", Actor.MemberId), Int("c", place.Id), Long("seq", Seq));
        var same = rows.Find(row => (string)row[0]! == emoji);
        if (on && same is null && rows.Count >= Limits.Emoji)
            throw new RefusedException(Refusal.TooManyReactions, Limits.Emoji);
        return (same is not null && same[1].Int() == 1) == on ? null : ChangeKind.Reacted;
    }

    protected override Task StoreAsync(LogConnection connection, WritingPlace place, Found message, long version, DateTimeOffset now) => on
        ? connection.DoAsync("""INSERT INTO "Reactions" ("ConversationId", "Seq", "MemberId", "Emoji", "At") VALUES (@c, @seq, @actor, @emoji, @at)""",
            Int("c", place.Id), Long("seq", Seq), Int("actor", Actor.MemberId), Text("emoji", emoji), At("at", now))
        : connection.DoAsync("""DELETE FROM "Reactions" WHERE "ConversationId" = @c AND "Seq" = @seq AND "MemberId" = @actor AND "Emoji" = @emoji""",
            Int("c", place.Id), Long("seq", Seq), Int("actor", Actor.MemberId), Text("emoji", emoji));
}

/// <summary>A message out of a file: its own time, an author by name. The same line again is the same message.</summary>
sealed class ImportEntry(Actor actor, string conversation, string clientKey, string author, DateTimeOffset at, string markdown, PersonsText text) : LogEntry<bool>
{
    readonly IndexedText _indexed = IndexedText.Of(text);

    protected override async Task<bool> WriteAsync(LogConnection connection, DateTimeOffset now)
    {
        var place = await WritingPlace.ReadAsync(connection, actor, conversation, now);
        ConversationId = place.Id;
        var before = await connection.RowAsync("""
            SELECT "Seq" FROM "Messages" WHERE "ConversationId" = @c AND "AuthorId" IS NULL AND "ClientKey" = @key
            """, Int("c", place.Id), Text("key", clientKey));
        if (before is not null)
            return false;
        var (seq, version) = await connection.NextMessageAsync(place.Id, at);
        var searchId = await connection.NextSearchIdAsync(at);
        await connection.InsertMessageAsync(place.Id, seq, version, author: null, author, clientKey, place.DefaultTopicId, markdown, text.Html, at, replyTo: null, searchId, text.Language);
        await connection.IndexAsync(searchId, _indexed, Marks.Of(MessagePlace.Of(place, text.Language), place.DefaultTopicId, author: null, _indexed.Has));
        await connection.RecordAsync(place.Id, version, ChangeKind.Posted, seq, actor: null, now);
        await connection.CountInTopicAsync(place.DefaultTopicId, seq);
        Changes.Add(new(version, ChangeKind.Posted, seq));
        return true;
    }
}
