using System.Globalization;
using VetCommunity.Core.Members;
using VetCommunity.Core.Search;
using static VetCommunity.Core.Conversations.Value;

namespace VetCommunity.Core.Conversations;

/// <summary>Statements about one message that posting, deleting and moderating share.</summary>
static class MessageStatements
{
    /// <summary>Keeps whom a message names, as far as they can read it; answers with them.</summary>
    public static async Task<List<int>> MentionAsync(this LogConnection connection, WritingPlace place, long seq, IReadOnlyList<string> handles, DateTimeOffset now)
    {
        List<int> mentioned = [];
        foreach (var handle in handles)
        {
            // Only people who can read it hear that they are named; a former handle still names its owner.
            var row = await connection.RowAsync("""
                SELECT a."Id" FROM "Members" a
                WHERE a."Id" = COALESCE((SELECT h."Id" FROM "Members" h WHERE h."Handle" = @handle), (SELECT MIN(f."ActorId") FROM "Audit" f WHERE f."Subject" = @former))
                    AND (@open = 1 OR EXISTS (SELECT 1 FROM "Memberships" m WHERE m."ConversationId" = @c AND m."MemberId" = a."Id"))
                    AND NOT EXISTS (SELECT 1 FROM "Restrictions" r WHERE r."ConversationId" = @c AND r."MemberId" = a."Id" AND r."BannedUntil" > @now)
                """, Text("handle", handle), Text("former", Profiles.FormerHandle(handle)), Int("open", place.Place.IsOpen ? 1 : 0), Int("c", place.Id), At("now", now));
            if (row is null || mentioned.Contains(row[0].Int()))
                continue;
            mentioned.Add(row[0].Int());
            await connection.DoAsync("""INSERT INTO "Mentions" ("ConversationId", "Seq", "MemberId") VALUES (@c, @seq, @member) ON CONFLICT DO NOTHING""",
                Int("c", place.Id), Long("seq", seq), Int("member", row[0].Int()));
        }
        return mentioned;
    }

    /// <summary>Takes the text and all that hangs on it away; answers with the files that are to go after the commit.</summary>
    public static async Task<IReadOnlyList<string>> EraseAsync(
        this LogConnection connection, int conversation, long seq, long? searchId, string markdown, DateTimeOffset now)
    {
        await connection.DoAsync("""
            UPDATE "Messages" SET "Markdown" = '', "Html" = '', "Language" = NULL, "IsLanguageSet" = 0, "DeletedAt" = @at WHERE "ConversationId" = @c AND "Seq" = @seq
            """, At("at", now), Int("c", conversation), Long("seq", seq));
        await connection.ForgetAsync(conversation, seq, searchId, markdown);
        foreach (var table in (string[])["MessageRevisions", "Reactions", "Mentions", "Pins", "Polls", "Votes", "Quotes", "Translations", "BridgeRequests", "BridgeAsks", "BridgeSuggestions"])
            await connection.DoAsync($"""DELETE FROM "{table}" WHERE "ConversationId" = @c AND "Seq" = @seq""", Int("c", conversation), Long("seq", seq));
        return await connection.RemoveAttachmentsAsync(conversation, seq);
    }

    /// <summary>Takes a message out of the search index, if it is in it.</summary>
    public static async Task ForgetAsync(this LogConnection connection, int conversation, long seq, long? searchId, string markdown)
    {
        if (searchId is not { } id)
            return;
        await connection.UnindexAsync(id);
        var options = await connection.RowAsync("""SELECT "Options" FROM "Polls" WHERE "ConversationId" = @c AND "Seq" = @seq""", Int("c", conversation), Long("seq", seq));
        await connection.ForgetWordsAsync(IndexedText.Of(markdown, (string?)options?[0]).Words);
    }

    /// <summary>A line of the audit log about a message and its author; its detail is where the message stands, never what it says.</summary>
    public static void Note(
        this LogConnection connection, DateTimeOffset at, Actor actor, string what, int? author, WritingPlace place, long seq, string measure = "") => connection.Notes.Add(new()
        {
            At = at,
            ActorId = actor.IsMember ? actor.MemberId : null,
            What = what,
            Subject = author is null ? place.Address : string.Create(CultureInfo.InvariantCulture, $"member:{author}"),
            Detail = string.Create(CultureInfo.InvariantCulture, $"{place.Address} {seq} {measure}").TrimEnd(),
        });
}
