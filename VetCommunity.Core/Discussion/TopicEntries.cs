using VetCommunity.Core.Conversations;
using VetCommunity.Core.Search;
using static VetCommunity.Core.Conversations.Value;

namespace VetCommunity.Core.Discussion;

/// <summary>Another topic of the same room for one message, for it and the later ones, or for all of a topic; the numbers stay and with them every link.</summary>
sealed class MoveEntry(Actor actor, string room, long seq, MoveExtent extent, string topic) : LogEntry<MovedMessages>
{
    protected override async Task<MovedMessages> WriteAsync(LogConnection connection, DateTimeOffset now)
    {
        var place = await RoomsTopics.PlaceAsync(connection, actor, room, now);
        ConversationId = place.Id;
        var from = (await connection.RowAsync("""SELECT "TopicId" FROM "Messages" WHERE "ConversationId" = @c AND "Seq" = @seq""",
            Int("c", place.Id), Long("seq", seq)) ?? throw new NotFoundException("message"))[0].Int();
        var (first, last) = extent switch { MoveExtent.Message => (seq, seq), MoveExtent.Later => (seq, long.MaxValue), _ => (1L, long.MaxValue) };
        var counted = await connection.RowAsync("""
            SELECT COUNT(*), COUNT(CASE WHEN "AuthorId" = @actor THEN 1 END) FROM "Messages" WHERE "TopicId" = @topic AND "Seq" >= @first AND "Seq" <= @last
            """, Int("actor", actor.MemberId), Int("topic", from), Long("first", first), Long("last", last));
        var (all, mine) = (counted![0].Int(), counted[1].Int());
        if (!place.Rule.Moderates(actor, place.Place))
        {
            if (place.Rule.WhyNotPost(actor, place.Place) is { } whyNot)
                throw new RefusedException(whyNot);
            if (mine < all)
                throw new RefusedException(Refusal.NotYourMessage);
        }
        var there = await connection.RowAsync("""SELECT "Id", "Slug", "EndedAt" FROM "Topics" WHERE "ConversationId" = @c AND "Folded" = @folded""",
            Int("c", place.Id), Text("folded", Folding.Fold(topic)));
        if (there is not null && there[0].Int() == from)
            return new((string)there[1]!, 0, 0, null);
        if (there?[2] is not null)
            throw new RefusedException(Refusal.TopicEnded);

        var seqs = await connection.RowsAsync("""
            SELECT "Seq" FROM "Messages" WHERE "TopicId" = @topic AND "Seq" >= @first AND "Seq" <= @last ORDER BY "Seq" LIMIT @most
            """, Int("topic", from), Long("first", first), Long("last", last), Int("most", Topics.MovedAtOnce + 1));
        var next = seqs.Count > Topics.MovedAtOnce ? seqs[^1][0].Long() : (long?)null;
        List<long> moved = [.. seqs.Take(Topics.MovedAtOnce).Select(row => row[0].Long())];
        var to = await connection.TopicAsync(place.Id, place.DefaultTopicId, topic, now);
        var version = await connection.RelabelAsync(place.Id, (from, to.Id), (first, moved[^1]), moved.Count, actor, now);
        await connection.ReindexAsync(place.Id, version);
        await connection.CountInTopicAsync(to.Id, moved[^1], moved.Count);
        var left = await connection.RowAsync("""
            UPDATE "Topics" SET "Messages" = "Messages" - @moved, "LastSeq" = COALESCE((SELECT MAX(m."Seq") FROM "Messages" m WHERE m."TopicId" = @id), 0)
            WHERE "Id" = @id RETURNING "Messages"
            """, Int("moved", moved.Count), Int("id", from));
        if (left![0].Int() == 0)
            await LeadOnAsync(connection, from, to.Id);
        Changes.AddRange(moved.Select((number, i) => new UntoldChange(version + i, ChangeKind.Moved, number)));
        return new(to.Slug, moved.Count, all - moved.Count, next);
    }

    // A topic without messages is not there to be seen: its addresses and who followed it go where the last of them went.
    static async Task LeadOnAsync(LogConnection connection, int from, int to)
    {
        await connection.DoAsync("""UPDATE "TopicSlugs" SET "TopicId" = @to WHERE "TopicId" = @from""", Int("to", to), Int("from", from));
        await connection.DoAsync("""
            INSERT INTO "Involvements" ("MemberId", "ConversationId", "TopicId", "Kind", "At")
            SELECT "MemberId", "ConversationId", @to, "Kind", "At" FROM "Involvements" WHERE "TopicId" = @from AND "Kind" = @followed
            ON CONFLICT DO NOTHING
            """, Int("to", to), Int("from", from), Int("followed", (int)InvolvementKind.Followed));
    }
}

/// <summary>Another name of a topic. Every message of it shows it, so each is changed; former addresses lead to the new one.</summary>
sealed class RenameEntry(Actor actor, string room, string slug, string name) : LogEntry<string>
{
    protected override async Task<string> WriteAsync(LogConnection connection, DateTimeOffset now)
    {
        var place = await RoomsTopics.PlaceAsync(connection, actor, room, now);
        ConversationId = place.Id;
        var topic = await connection.RowAsync("""
            SELECT t."Id", t."Name", t."Slug",
                (SELECT m."AuthorId" FROM "Messages" m WHERE m."TopicId" = t."Id" ORDER BY m."Seq" LIMIT 1)
            FROM "TopicSlugs" s JOIN "Topics" t ON t."Id" = s."TopicId" WHERE s."ConversationId" = @c AND s."Slug" = @slug
            """, Int("c", place.Id), Text("slug", slug)) ?? throw new NotFoundException("topic");
        var id = topic[0].Int();
        var began = actor.IsMember && topic[3] is not null && topic[3].Int() == actor.MemberId;
        if (!place.Rule.Moderates(actor, place.Place) && !(began && place.Rule.WhyNotPost(actor, place.Place) is null))
            throw new RefusedException(Refusal.NotYourTopic);
        if (name == (string)topic[1]!)
            return (string)topic[2]!;
        var folded = Folding.Fold(name);
        var other = await connection.RowAsync("""
            SELECT t."Id", t."Messages", (SELECT COUNT(*) FROM "SectionTalks" s WHERE s."TopicId" = t."Id")
            FROM "Topics" t WHERE t."ConversationId" = @c AND t."Folded" = @folded AND t."Id" <> @id
            """, Int("c", place.Id), Text("folded", folded), Int("id", id));
        // The topic of a section waits for its first message under its name.
        if (other is not null && (other[1].Int() > 0 || other[2].Int() > 0 || other[0].Int() == place.DefaultTopicId))
            throw new RefusedException(Refusal.TopicTaken, name);

        // Whose messages were all moved away gives its name up.
        if (other is not null)
            await connection.DoAsync("""UPDATE "Topics" SET "Folded" = @gone WHERE "Id" = @id""",
                Text("gone", FormattableString.Invariant($"{folded}\u0001{other[0].Int()}")), Int("id", other[0].Int()));
        var (address, changes) = await connection.NameTopicAsync(place.Id, id, name, actor, now);
        Changes.AddRange(changes);
        return address;
    }
}

static class RoomsTopics
{
    /// <summary>The room if the actor may read it; other conversations have no topics that anybody sees.</summary>
    public static async Task<WritingPlace> PlaceAsync(LogConnection connection, Actor actor, string room, DateTimeOffset now)
    {
        var place = await WritingPlace.ReadAsync(connection, actor, room, now);
        return place.Kind == ConversationKind.Room ? place : throw new NotFoundException("room");
    }

    /// <summary>Gives a topic a name that no other of its room has, and an address after it. Answers with the address, and with what the readers of its messages see change.</summary>
    public static async Task<(string Slug, IReadOnlyList<UntoldChange> Changes)> NameTopicAsync(
        this LogConnection connection, int conversation, int topic, string name, Actor actor, DateTimeOffset now)
    {
        var address = await connection.FreeSlugAsync(conversation, Folding.Slug(name), topic);
        var row = await connection.RowAsync("""UPDATE "Topics" SET "Name" = @name, "Folded" = @folded, "Slug" = @slug WHERE "Id" = @id RETURNING "Messages", "LastSeq" """,
            Text("name", name), Text("folded", Folding.Fold(name)), Text("slug", address), Int("id", topic));
        await connection.AddSlugAsync(conversation, address, topic);
        var (count, last) = (row![0].Int(), row[1].Long());
        if (count == 0)
            return (address, []);
        var seqs = count <= Limits.Changes
            ? await connection.RowsAsync("""SELECT "Seq" FROM "Messages" WHERE "TopicId" = @topic ORDER BY "Seq" """, Int("topic", topic))
            : [];
        var version = await connection.RelabelAsync(conversation, (topic, topic), (1, last), count, actor, now);
        // Too much to tell one by one: the last change shows its readers the gap, and they open afresh.
        return (address, seqs.Count == 0
            ? [new(version + count - 1, ChangeKind.Moved, last)]
            : [.. seqs.Select((seq, i) => new UntoldChange(version + i, ChangeKind.Moved, seq[0].Long()))]);
    }
}
