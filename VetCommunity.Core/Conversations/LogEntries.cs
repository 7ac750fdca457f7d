using System.Globalization;
using VetCommunity.Core.Markdown;
using static VetCommunity.Core.Conversations.Value;

namespace VetCommunity.Core.Conversations;

/// <summary>What an entry knows of its conversation and of its actor's place in it, read in the writing transaction.</summary>
sealed record WritingPlace(int Id, string Address, ConversationKind Kind, ConversationRule.Place Place, int DefaultTopicId)
{
    const string Columns = """
        SELECT c."Id", c."Slug", c."Kind", c."IsOpen", c."EndedAt", c."DefaultTopicId", m."Role", a."SuspendedUntil"
        FROM "Conversations" c
        LEFT JOIN "Memberships" m ON m."ConversationId" = c."Id" AND m."MemberId" = @actor
        LEFT JOIN "Members" a ON a."Id" = @actor

        """;

    public ConversationRule Rule => ConversationRule.Of(Kind);

    /// <summary>The conversation if the actor may read it now; otherwise it looks absent.</summary>
    public static async Task<WritingPlace> ReadAsync(LogConnection connection, Actor actor, string conversation, DateTimeOffset now)
    {
        var row = int.TryParse(conversation, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? await connection.RowAsync(Columns + """WHERE c."Id" = @id""", Int("actor", actor.MemberId), Int("id", id))
            : await connection.RowAsync(Columns + """WHERE c."Slug" = @slug""", Int("actor", actor.MemberId), Text("slug", conversation));
        if (row is null)
            throw new NotFoundException("conversation");
        var role = row[6] is null ? null : (MembershipRole?)row[6].Int();
        var place = new WritingPlace(row[0].Int(), (string?)row[1] ?? row[0].Int().ToString(CultureInfo.InvariantCulture), (ConversationKind)row[2].Int(),
            new(row[3].Int() == 1, row[4] is not null, role), row[5].Int());
        if (actor != Actor.Operator && !place.Rule.MayRead(actor, place.Place))
            throw new NotFoundException("conversation");
        if (row[7] is not null && row[7].Long() > now.ToUnixTimeMilliseconds())
            throw new RefusedException(Refusal.Suspended);
        return place;
    }
}

/// <summary>Statements that several entries share.</summary>
static class LogStatements
{
    public static async Task<(long Seq, long Version)> NextMessageAsync(this LogConnection connection, int conversation, DateTimeOffset at)
    {
        var row = await connection.RowAsync("""
            UPDATE "Conversations" SET "LastSeq" = "LastSeq" + 1, "Version" = "Version" + 1, "LastAt" = @at WHERE "Id" = @id RETURNING "LastSeq", "Version"
            """, At("at", at), Int("id", conversation));
        return (row![0].Long(), row[1].Long());
    }

    public static async Task<long> NextVersionAsync(this LogConnection connection, int conversation) => (await connection.RowAsync("""
        UPDATE "Conversations" SET "Version" = "Version" + 1 WHERE "Id" = @id RETURNING "Version"
        """, Int("id", conversation)))![0].Long();

    public static Task RecordAsync(this LogConnection connection, int conversation, long version, ChangeKind kind, long seq, int? actor, DateTimeOffset at) =>
        connection.DoAsync("""
            INSERT INTO "ConversationEvents" ("ConversationId", "Version", "Kind", "Seq", "ActorId", "At") VALUES (@c, @version, @kind, @seq, @actor, @at)
            """, Int("c", conversation), Long("version", version), Int("kind", (int)kind), Long("seq", seq), Int("actor", actor), At("at", at));

    public static Task TouchAsync(this LogConnection connection, int conversation, long seq, long version) => connection.DoAsync("""
        UPDATE "Messages" SET "Version" = @version WHERE "ConversationId" = @c AND "Seq" = @seq
        """, Long("version", version), Int("c", conversation), Long("seq", seq));

    /// <summary>The topic of that name, made if it is new.</summary>
    public static async Task<(int Id, string Name, string Slug)> TopicAsync(this LogConnection connection, int conversation, int defaultTopic, string? name, DateTimeOffset at)
    {
        var row = name is null
            ? await connection.RowAsync("""SELECT "Id", "Name", "Slug" FROM "Topics" WHERE "Id" = @id""", Int("id", defaultTopic))
            : await connection.RowAsync("""SELECT "Id", "Name", "Slug" FROM "Topics" WHERE "ConversationId" = @c AND "Folded" = @folded""",
                Int("c", conversation), Text("folded", Folding.Fold(name)));
        if (row is not null)
            return (row[0].Int(), (string)row[1]!, (string)row[2]!);
        var slug = await FreeSlugAsync(connection, conversation, Folding.Slug(name!));
        var made = await connection.RowAsync("""
            INSERT INTO "Topics" ("ConversationId", "Name", "Folded", "Slug", "CreatedAt", "LastSeq", "Messages")
            VALUES (@c, @name, @folded, @slug, @at, 0, 0) RETURNING "Id"
            """, Int("c", conversation), Text("name", name), Text("folded", Folding.Fold(name!)), Text("slug", slug), At("at", at));
        await connection.DoAsync("""INSERT INTO "TopicSlugs" ("ConversationId", "Slug", "TopicId") VALUES (@c, @slug, @topic)""",
            Int("c", conversation), Text("slug", slug), Int("topic", made![0].Int()));
        return (made[0].Int(), name!, slug);
    }

    // Page addresses under a room come first; a topic may be called like one of them all the same.
    static readonly HashSet<string> Taken = new(["messages", "members", "settings", "new", "topics"], StringComparer.Ordinal);

    static async Task<string> FreeSlugAsync(LogConnection connection, int conversation, string wanted)
    {
        for (var number = 1; ; number++)
        {
            var slug = number == 1 ? wanted : $"{wanted}-{number}";
            if (!Taken.Contains(slug) && await connection.RowAsync("""SELECT 1 FROM "TopicSlugs" WHERE "ConversationId" = @c AND "Slug" = @slug""",
                    Int("c", conversation), Text("slug", slug)) is null)
                return slug;
        }
    }

    public static Task CountInTopicAsync(this LogConnection connection, int topic, long seq) => connection.DoAsync("""
        UPDATE "Topics" SET "Messages" = "Messages" + 1, "LastSeq" = CASE WHEN "LastSeq" > @seq THEN "LastSeq" ELSE @seq END WHERE "Id" = @id
        """, Long("seq", seq), Int("id", topic));

    public static Task InsertMessageAsync(this LogConnection connection, int conversation, long seq, long version, int? author, string? imported, string clientKey,
        int topic, string markdown, string html, DateTimeOffset at, long? replyTo) => connection.DoAsync("""
        INSERT INTO "Messages" ("ConversationId", "Seq", "Version", "AuthorId", "ImportedAuthor", "ClientKey", "TopicId", "Markdown", "Html", "KeyId", "SentAt", "ReplyToSeq")
        VALUES (@c, @seq, @version, @author, @imported, @key, @topic, @markdown, @html, NULL, @at, @reply)
        """, Int("c", conversation), Long("seq", seq), Long("version", version), Int("author", author), Text("imported", imported), Text("key", clientKey),
        Int("topic", topic), Text("markdown", markdown), Text("html", html), At("at", at), Long("reply", replyTo));
}

/// <summary>A new message.</summary>
sealed class PostEntry(Actor actor, NewMessage message, string markdown, string html) : LogEntry<PostReceipt>
{
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
            return new(before[0].Long(), before[1].At(), Duplicate: true);
        var reply = await AnsweredAsync(connection, place.Id);
        var topic = await connection.TopicAsync(place.Id, place.DefaultTopicId, message.Topic, now);

        var (seq, version) = await connection.NextMessageAsync(place.Id, now);
        await connection.InsertMessageAsync(place.Id, seq, version, actor.MemberId, imported: null, message.ClientKey, topic.Id, markdown, html, now, message.ReplyToSeq);
        await connection.RecordAsync(place.Id, version, ChangeKind.Posted, seq, actor.MemberId, now);
        await connection.CountInTopicAsync(topic.Id, seq);
        // Who had read everything has still read everything.
        await connection.DoAsync("""
            UPDATE "Memberships" SET "LastReadSeq" = @seq WHERE "ConversationId" = @c AND "MemberId" = @actor AND "LastReadSeq" = @seq - 1
            """, Long("seq", seq), Int("c", place.Id), Int("actor", actor.MemberId));
        var mentioned = await MentionAsync(connection, place, seq);

        Changes.Add(new(version, ChangeKind.Posted, seq, new(place.Id, place.Address, seq, version, message.ClientKey, topic.Name, topic.Slug,
            new(actor.Handle, actor.Name, actor.PictureVersion), markdown, html, now, null, null, message.ReplyToSeq, reply, []), mentioned));
        return new(seq, now, Duplicate: false);
    }

    async Task<ReplyExcerpt?> AnsweredAsync(LogConnection connection, int conversation)
    {
        if (message.ReplyToSeq is not { } answered)
            return null;
        var row = await connection.RowAsync("""
            SELECT m."Markdown", COALESCE(a."DisplayName", m."ImportedAuthor"), m."DeletedAt" FROM "Messages" m LEFT JOIN "Members" a ON a."Id" = m."AuthorId"
            WHERE m."ConversationId" = @c AND m."Seq" = @seq
            """, Int("c", conversation), Long("seq", answered)) ?? throw new RefusedException(Refusal.UnknownReply);
        return new(answered, (string?)row[1] ?? "", PersonsMarkdown.Excerpt((string)row[0]!, MessageReading.ExcerptLength));
    }

    async Task<List<int>> MentionAsync(LogConnection connection, WritingPlace place, long seq)
    {
        List<int> mentioned = [];
        foreach (var handle in PersonsMarkdown.Mentions(markdown))
        {
            // Only people who can read it hear that they are named.
            var row = await connection.RowAsync("""
                SELECT a."Id" FROM "Members" a WHERE a."Handle" = @handle AND (@open = 1 OR EXISTS
                    (SELECT 1 FROM "Memberships" m WHERE m."ConversationId" = @c AND m."MemberId" = a."Id"))
                """, Text("handle", handle), Int("open", place.Place.IsOpen ? 1 : 0), Int("c", place.Id));
            if (row is null)
                continue;
            mentioned.Add(row[0].Int());
            await connection.DoAsync("""INSERT INTO "Mentions" ("ConversationId", "Seq", "MemberId") VALUES (@c, @seq, @member)""",
                Int("c", place.Id), Long("seq", seq), Int("member", row[0].Int()));
        }
        return mentioned;
    }
}

/// <summary>A change of a message that exists: finds it, and lets the kind's rule and the message's author decide.</summary>
abstract class MessageEntry(Actor actor, string conversation, long seq) : LogEntry<long>
{
    protected Actor Actor => actor;
    protected long Seq => seq;

    protected sealed override async Task<long> WriteAsync(LogConnection connection, DateTimeOffset now)
    {
        var place = await WritingPlace.ReadAsync(connection, actor, conversation, now);
        ConversationId = place.Id;
        var row = await connection.RowAsync("""
            SELECT "AuthorId", "DeletedAt", "Markdown", "TopicId", "Version" FROM "Messages" WHERE "ConversationId" = @c AND "Seq" = @seq
            """, Int("c", place.Id), Long("seq", seq)) ?? throw new NotFoundException("message");
        var found = new Found(row[0] is not null && row[0].Int() == actor.MemberId && actor.IsMember, row[1] is not null, (string)row[2]!, row[3].Int());
        if (await ChangeAsync(connection, place, found, now) is not { } kind)
            return row[4].Long();
        var version = await connection.NextVersionAsync(place.Id);
        await StoreAsync(connection, place, found, version, now);
        await connection.TouchAsync(place.Id, seq, version);
        await connection.RecordAsync(place.Id, version, kind, seq, actor.MemberId == 0 ? null : actor.MemberId, now);
        Changes.Add(new(version, kind, seq));
        return version;
    }

    /// <summary>Refuses, or says what kind of change it is, or null where nothing would change. Writes nothing.</summary>
    protected abstract Task<ChangeKind?> ChangeAsync(LogConnection connection, WritingPlace place, Found message, DateTimeOffset now);

    protected abstract Task StoreAsync(LogConnection connection, WritingPlace place, Found message, long version, DateTimeOffset now);

    protected sealed record Found(bool IsMine, bool IsDeleted, string Markdown, int TopicId);
}

/// <summary>Another text; the former one stays in the history.</summary>
sealed class EditEntry(Actor actor, string conversation, long seq, string markdown, string html) : MessageEntry(actor, conversation, seq)
{
    protected override Task<ChangeKind?> ChangeAsync(LogConnection connection, WritingPlace place, Found message, DateTimeOffset now)
    {
        if (message.IsDeleted)
            throw new RefusedException(Refusal.MessageDeleted);
        if (!message.IsMine)
            throw new RefusedException(Refusal.NotYourMessage);
        if (place.Rule.WhyNotPost(Actor, place.Place) is { } whyNot)
            throw new RefusedException(whyNot);
        return Task.FromResult<ChangeKind?>(message.Markdown == markdown ? null : ChangeKind.Edited);
    }

    protected override async Task StoreAsync(LogConnection connection, WritingPlace place, Found message, long version, DateTimeOffset now)
    {
        await connection.DoAsync("""
            INSERT INTO "MessageRevisions" ("ConversationId", "Seq", "Version", "Markdown", "KeyId", "ReplacedAt") VALUES (@c, @seq, @version, @markdown, NULL, @at)
            """, Int("c", place.Id), Long("seq", Seq), Long("version", version), Text("markdown", message.Markdown), At("at", now));
        await connection.DoAsync("""
            UPDATE "Messages" SET "Markdown" = @markdown, "Html" = @html, "EditedAt" = @at WHERE "ConversationId" = @c AND "Seq" = @seq
            """, Text("markdown", markdown), Text("html", html), At("at", now), Int("c", place.Id), Long("seq", Seq));
    }
}

/// <summary>Takes the text and all its former texts away; the gap stays.</summary>
sealed class DeleteEntry(Actor actor, string conversation, long seq) : MessageEntry(actor, conversation, seq)
{
    protected override Task<ChangeKind?> ChangeAsync(LogConnection connection, WritingPlace place, Found message, DateTimeOffset now)
    {
        if (!message.IsMine && !place.Rule.Moderates(Actor, place.Place))
            throw new RefusedException(Refusal.NotYourMessage);
        return Task.FromResult<ChangeKind?>(message.IsDeleted ? null : ChangeKind.Deleted);
    }

    protected override async Task StoreAsync(LogConnection connection, WritingPlace place, Found message, long version, DateTimeOffset now)
    {
        await connection.DoAsync("""
            UPDATE "Messages" SET "Markdown" = '', "Html" = '', "DeletedAt" = @at WHERE "ConversationId" = @c AND "Seq" = @seq
            """, At("at", now), Int("c", place.Id), Long("seq", Seq));
        foreach (var table in (string[])["MessageRevisions", "Reactions", "Mentions"])
            await connection.DoAsync($"""DELETE FROM "{table}" WHERE "ConversationId" = @c AND "Seq" = @seq""", Int("c", place.Id), Long("seq", Seq));
    }
}

/// <summary>One member's emoji, given or taken back.</summary>
sealed class ReactEntry(Actor actor, string conversation, long seq, string emoji, bool on) : MessageEntry(actor, conversation, seq)
{
    protected override async Task<ChangeKind?> ChangeAsync(LogConnection connection, WritingPlace place, Found message, DateTimeOffset now)
    {
        if (message.IsDeleted)
            throw new RefusedException(Refusal.MessageDeleted);
        if (place.Rule.WhyNotPost(Actor, place.Place) is { } whyNot)
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

/// <summary>Another topic of the same conversation; the number stays and with it every link.</summary>
sealed class MoveEntry(Actor actor, string conversation, long seq, string topic) : MessageEntry(actor, conversation, seq)
{
    protected override async Task<ChangeKind?> ChangeAsync(LogConnection connection, WritingPlace place, Found message, DateTimeOffset now)
    {
        if (!message.IsMine && !place.Rule.Moderates(Actor, place.Place))
            throw new RefusedException(Refusal.NotYourMessage);
        var row = await connection.RowAsync("""SELECT "Id" FROM "Topics" WHERE "ConversationId" = @c AND "Folded" = @folded""",
            Int("c", place.Id), Text("folded", Folding.Fold(topic)));
        return row is not null && row[0].Int() == message.TopicId ? null : ChangeKind.Moved;
    }

    protected override async Task StoreAsync(LogConnection connection, WritingPlace place, Found message, long version, DateTimeOffset now)
    {
        var target = await connection.TopicAsync(place.Id, place.DefaultTopicId, topic, now);
        await connection.DoAsync("""UPDATE "Messages" SET "TopicId" = @topic WHERE "ConversationId" = @c AND "Seq" = @seq""",
            Int("topic", target.Id), Int("c", place.Id), Long("seq", Seq));
        await connection.CountInTopicAsync(target.Id, Seq);
        await connection.DoAsync("""
            UPDATE "Topics" SET "Messages" = "Messages" - 1,
                "LastSeq" = COALESCE((SELECT MAX(m."Seq") FROM "Messages" m WHERE m."TopicId" = @id), 0) WHERE "Id" = @id
            """, Int("id", message.TopicId));
    }
}

/// <summary>A message out of a file: its own time, an author by name. The same line again is the same message.</summary>
sealed class ImportEntry(Actor actor, string conversation, string clientKey, string author, DateTimeOffset at, string markdown, string html) : LogEntry<bool>
{
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
        await connection.InsertMessageAsync(place.Id, seq, version, author: null, author, clientKey, place.DefaultTopicId, markdown, html, at, replyTo: null);
        await connection.RecordAsync(place.Id, version, ChangeKind.Posted, seq, actor: null, now);
        await connection.CountInTopicAsync(place.DefaultTopicId, seq);
        Changes.Add(new(version, ChangeKind.Posted, seq));
        return true;
    }
}
