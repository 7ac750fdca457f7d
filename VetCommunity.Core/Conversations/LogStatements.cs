using System.Globalization;
using System.Security.Cryptography;
using static VetCommunity.Core.Conversations.Value;

namespace VetCommunity.Core.Conversations;

/// <summary>What an entry knows of its conversation and of its actor's place in it, read in the writing transaction.</summary>
sealed record WritingPlace(
    int Id, string Address, ConversationKind Kind, ConversationRule.Place Place, int DefaultTopicId, string Language, ConversationRule.Pace Pace)
{
    const string Columns = """
        SELECT c."Id", c."Slug", c."Kind", c."IsOpen", c."EndedAt", c."DefaultTopicId", m."Role", a."SuspendedUntil", c."Language",
            c."SlowSeconds", c."OnlySpeakers", COALESCE(m."LastPostedAt", m."JoinedAt"), r."MutedUntil", r."BannedUntil"
        FROM "Conversations" c
        LEFT JOIN "Memberships" m ON m."ConversationId" = c."Id" AND m."MemberId" = @actor
        LEFT JOIN "Members" a ON a."Id" = @actor
        LEFT JOIN "Restrictions" r ON r."ConversationId" = c."Id" AND r."MemberId" = @actor

        """;

    public ConversationRule Rule => ConversationRule.Of(Kind);

    /// <summary>The conversation if the actor may read it now; otherwise it looks absent.</summary>
    public static async Task<WritingPlace> ReadAsync(LogConnection connection, Actor actor, string conversation, DateTimeOffset now)
    {
        var (place, isSuspended) = await FindAsync(connection, actor, conversation, now);
        if (actor != Actor.Operator && !place.Rule.MayRead(actor, place.Place))
            throw new NotFoundException("conversation");
        return isSuspended ? throw new RefusedException(Refusal.Suspended) : place;
    }

    /// <summary>The conversation, whoever asks: for those who judge a reported message of one that they do not read.</summary>
    public static async Task<(WritingPlace Place, bool IsSuspended)> FindAsync(LogConnection connection, Actor actor, string conversation, DateTimeOffset now)
    {
        // PostgreSQL takes no such text, and the group of all who write now would fail with it.
        if (conversation.Contains('\0', StringComparison.Ordinal))
            throw new NotFoundException("conversation");
        var row = int.TryParse(conversation, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? await connection.RowAsync(Columns + """WHERE c."Id" = @id""", Int("actor", actor.MemberId), Int("id", id))
            : await connection.RowAsync(Columns + """WHERE c."Slug" = @slug""", Int("actor", actor.MemberId), Text("slug", conversation));
        if (row is null)
            throw new NotFoundException("conversation");
        var role = row[6] is null ? null : (MembershipRole?)row[6].Int();
        var place = new WritingPlace(row[0].Int(), (string?)row[1] ?? row[0].Int().ToString(CultureInfo.InvariantCulture), (ConversationKind)row[2].Int(),
            new(row[3].Int() == 1, row[4] is not null, role, IsAhead(row[13]), IsAhead(row[12]), row[10].Int() == 1), row[5].Int(), (string)row[8]!,
            new(row[9].Int(), row[11] is null ? now : row[11].At()));
        return (place, IsAhead(row[7]));

        bool IsAhead(object? until) => until is not null && until.Long() > now.ToUnixTimeMilliseconds();
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

    /// <summary>Something about a message is another now: it gets the conversation's next version, and readers hear of it once it is published.</summary>
    public static async Task<UntoldChange> ChangeAsync(this LogConnection connection, int conversation, long seq, ChangeKind kind, int? actor, DateTimeOffset at)
    {
        var version = await connection.NextVersionAsync(conversation);
        await connection.TouchAsync(conversation, seq, version);
        await connection.RecordAsync(conversation, version, kind, seq, actor, at);
        return new(version, kind, seq);
    }

    /// <summary>Whether the topic of that name takes no more messages.</summary>
    public static async Task<bool> HasEndedAsync(this LogConnection connection, int conversation, string name) => await connection.RowAsync(
        """SELECT "Id" FROM "Topics" WHERE "ConversationId" = @c AND "Folded" = @folded AND "EndedAt" IS NOT NULL""", Int("c", conversation), Text("folded", Folding.Fold(name))) is not null;

    /// <summary>The topic of that name, made if it is new.</summary>
    public static async Task<(int Id, string Name, string Slug)> TopicAsync(this LogConnection connection, int conversation, int defaultTopic, string? name, DateTimeOffset at)
    {
        var row = name is null
            ? await connection.RowAsync("""SELECT "Id", "Name", "Slug", "Messages" FROM "Topics" WHERE "Id" = @id""", Int("id", defaultTopic))
            : await connection.RowAsync("""SELECT "Id", "Name", "Slug", "Messages" FROM "Topics" WHERE "ConversationId" = @c AND "Folded" = @folded""",
                Int("c", conversation), Text("folded", Folding.Fold(name)));
        if (row is not null)
        {
            if (row[3].Int() == 0)
                await connection.TakeSlugBackAsync(conversation, (string)row[2]!, row[0].Int());
            return (row[0].Int(), (string)row[1]!, (string)row[2]!);
        }
        var slug = await FreeSlugAsync(connection, conversation, Folding.Slug(name!));
        var made = await connection.RowAsync("""
            INSERT INTO "Topics" ("ConversationId", "Name", "Folded", "Slug", "CreatedAt", "LastSeq", "Messages")
            VALUES (@c, @name, @folded, @slug, @at, 0, 0) RETURNING "Id"
            """, Int("c", conversation), Text("name", name), Text("folded", Folding.Fold(name!)), Text("slug", slug), At("at", at));
        await connection.AddSlugAsync(conversation, slug, made![0].Int());
        return (made[0].Int(), name!, slug);
    }

    /// <summary>The topic of that name with one message more, made if it is new.</summary>
    public static async Task<(int Id, string Name, string Slug)> WriteInTopicAsync(
        this LogConnection connection, int conversation, int defaultTopic, string? name, long seq, DateTimeOffset at)
    {
        var row = name is null
            ? await connection.RowAsync($"""{Counting} WHERE "Id" = @id {Counted}""", Long("seq", seq), Int("id", defaultTopic))
            : await connection.RowAsync($"""{Counting} WHERE "ConversationId" = @c AND "Folded" = @folded {Counted}""",
                Long("seq", seq), Int("c", conversation), Text("folded", Folding.Fold(name)));
        if (row is null)
        {
            var made = await connection.TopicAsync(conversation, defaultTopic, name, at);
            await connection.CountInTopicAsync(made.Id, seq);
            return made;
        }
        if (row[3].Int() == 1)
            await connection.TakeSlugBackAsync(conversation, (string)row[2]!, row[0].Int());
        return (row[0].Int(), (string)row[1]!, (string)row[2]!);
    }

    const string Counting = """UPDATE "Topics" SET "Messages" = "Messages" + 1, "LastSeq" = @seq""";
    const string Counted = """RETURNING "Id", "Name", "Slug", "Messages" """;

    // All its messages had been moved away and its address with them; now it has some again.
    static Task TakeSlugBackAsync(this LogConnection connection, int conversation, string slug, int topic) => connection.DoAsync(
        """UPDATE "TopicSlugs" SET "TopicId" = @topic WHERE "ConversationId" = @c AND "Slug" = @slug""",
        Int("topic", topic), Int("c", conversation), Text("slug", slug));

    public static Task AddSlugAsync(this LogConnection connection, int conversation, string slug, int topic) =>
        connection.DoAsync("""INSERT INTO "TopicSlugs" ("ConversationId", "Slug", "TopicId") VALUES (@c, @slug, @topic) ON CONFLICT DO NOTHING""",
            Int("c", conversation), Text("slug", slug), Int("topic", topic));

    // Page addresses under a room come first; a topic may be called like one of them all the same.
    static readonly HashSet<string> Taken = new(["messages", "members", "settings", "new", "topics", "export", "pins", "webhooks", "hours", "practice", "retention"], StringComparer.Ordinal);

    /// <summary>Whether a page under a room has this address part.</summary>
    public static bool IsTaken(string slug) => Taken.Contains(slug);

    /// <summary>An address part that leads nowhere yet, or already to this topic.</summary>
    public static async Task<string> FreeSlugAsync(this LogConnection connection, int conversation, string wanted, int? topic = null)
    {
        for (var number = 1; ; number++)
        {
            // Soon at random: thousands of one address, counted through at each post, would hold up the one writer.
            var slug = number == 1 ? wanted : number < 10 ? $"{wanted}-{number}" : $"{wanted}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
            if (Taken.Contains(slug))
                continue;
            var leads = await connection.RowAsync("""SELECT "TopicId" FROM "TopicSlugs" WHERE "ConversationId" = @c AND "Slug" = @slug""",
                Int("c", conversation), Text("slug", slug));
            if (leads is null || leads[0].Int() == topic)
                return slug;
        }
    }

    /// <summary>
    /// Gives messages of a topic, from one number to another, this or another topic's label: each gets a version and an event, in their order.
    /// Answers with the first of these versions.
    /// </summary>
    public static async Task<long> RelabelAsync(
        this LogConnection connection, int conversation, (int From, int To) topics, (long First, long Last) seqs, int count, Actor actor, DateTimeOffset at)
    {
        var row = await connection.RowAsync("""
            UPDATE "Conversations" SET "Version" = "Version" + @count WHERE "Id" = @c RETURNING "Version"
            """, Int("count", count), Int("c", conversation));
        var first = row![0].Long() - count + 1;
        await connection.DoAsync("""
            INSERT INTO "ConversationEvents" ("ConversationId", "Version", "Kind", "Seq", "ActorId", "At")
            SELECT "ConversationId", @version - 1 + ROW_NUMBER() OVER (ORDER BY "Seq"), @kind, "Seq", @actor, @at
            FROM "Messages" WHERE "TopicId" = @topic AND "Seq" >= @first AND "Seq" <= @last
            """, Long("version", first), Int("kind", (int)ChangeKind.Moved), Int("actor", actor.IsMember ? actor.MemberId : null), At("at", at),
            Int("topic", topics.From), Long("first", seqs.First), Long("last", seqs.Last));
        await connection.DoAsync("""
            UPDATE "Messages" SET "TopicId" = @topic, "Version" = e."Version" FROM "ConversationEvents" e
            WHERE e."ConversationId" = @c AND e."Version" >= @version AND "Messages"."ConversationId" = @c AND "Messages"."Seq" = e."Seq"
            """, Int("topic", topics.To), Int("c", conversation), Long("version", first));
        return first;
    }

    public static Task CountInTopicAsync(this LogConnection connection, int topic, long seq, int messages = 1) => connection.DoAsync("""
        UPDATE "Topics" SET "Messages" = "Messages" + @messages, "LastSeq" = CASE WHEN "LastSeq" > @seq THEN "LastSeq" ELSE @seq END WHERE "Id" = @id
        """, Int("messages", messages), Long("seq", seq), Int("id", topic));

    public static Task InsertMessageAsync(this LogConnection connection, int conversation, long seq, long version, int? author, string? imported, string clientKey,
        int topic, string markdown, string html, DateTimeOffset at, long? replyTo, long searchId, string? language = null, bool isLanguageSet = false) => connection.DoAsync("""
        INSERT INTO "Messages" ("ConversationId", "Seq", "Version", "AuthorId", "ImportedAuthor", "ClientKey", "TopicId", "Markdown", "Html", "KeyId", "SentAt", "ReplyToSeq", "SearchId", "Language", "IsLanguageSet")
        VALUES (@c, @seq, @version, @author, @imported, @key, @topic, @markdown, @html, NULL, @at, @reply, @search, @language, @set)
        """, Int("c", conversation), Long("seq", seq), Long("version", version), Int("author", author), Text("imported", imported), Text("key", clientKey),
        Int("topic", topic), Text("markdown", markdown), Text("html", html), At("at", at), Long("reply", replyTo), Long("search", searchId), Text("language", language),
        Int("set", isLanguageSet ? 1 : 0));
}
