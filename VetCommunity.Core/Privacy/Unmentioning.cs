using System.Data.Common;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Markdown;
using VetCommunity.Core.Search;
using static VetCommunity.Core.Conversations.Value;

namespace VetCommunity.Core.Privacy;

/// <summary>
/// Others mentioned the member by handle: in its place their texts say that somebody was meant who left. It is looked for in every text of the database, so a new
/// table is looked through as well. What others wrote without an @ is their own text and stays.
/// </summary>
sealed class Unmentioning(CommunityDbFactory databases, MessageLog log)
{
    const int AtOnce = 25;
    static readonly Type[] ByTheLog = [typeof(Message), typeof(MessageRevision)];
    // The account says it itself, and what is looked for stands in the erasure as long as it is looked for.
    static readonly Type[] Besides = [typeof(Members.Member), typeof(Erasure), typeof(Topic), typeof(TopicSlug)];

    public async Task ReplaceAsync(Erasure erasure, CancellationToken cancel)
    {
        foreach (var handle in erasure.Handles.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = new MentionedName(handle);
            await using var db = databases.CreateDbContext();
            if (!databases.IsPostgres)
            {
                await db.Database.OpenConnectionAsync(cancel);
                await db.Database.ExecuteSqlRawAsync("PRAGMA secure_delete=ON", cancel);
            }
            foreach (var table in db.Model.GetEntityTypes().Where(type => !type.IsOwned() && !Besides.Contains(type.ClrType) && !ByTheLog.Contains(type.ClrType)))
                await InTableAsync(db, table, name, cancel);
            foreach (var conversation in (await InMessagesAsync(db, name, cancel)).GroupBy(found => found.Conversation))
            {
                foreach (var some in conversation.Select(found => found.Seq).Distinct().Chunk(AtOnce))
                    await log.WriteAsync(new UnmentionEntry(conversation.Key, some, name), cancel);
            }
        }
    }

    async Task<List<(int Conversation, long Seq)>> InMessagesAsync(CommunityDb db, MentionedName name, CancellationToken cancel)
    {
        var (at, link) = (name.At, name.Link);
        var present = databases.IsPostgres
            ? db.Messages.Where(m => EF.Functions.ILike(m.Markdown, at) || EF.Functions.ILike(m.Markdown, link))
            : db.Messages.Where(m => EF.Functions.Like(m.Markdown, at) || EF.Functions.Like(m.Markdown, link));
        var former = databases.IsPostgres
            ? db.MessageRevisions.Where(m => EF.Functions.ILike(m.Markdown, at) || EF.Functions.ILike(m.Markdown, link))
            : db.MessageRevisions.Where(m => EF.Functions.Like(m.Markdown, at) || EF.Functions.Like(m.Markdown, link));
        var found = (await present.Select(m => new { m.ConversationId, m.Seq, m.Markdown }).ToListAsync(cancel))
            .Concat(await former.Select(m => new { m.ConversationId, m.Seq, m.Markdown }).ToListAsync(cancel));
        return [.. found.Where(one => name.IsIn(one.Markdown)).Select(one => (one.ConversationId, one.Seq))];
    }

    async Task InTableAsync(CommunityDb db, IEntityType table, MentionedName name, CancellationToken cancel)
    {
        var texts = table.GetProperties().Where(p => p.ClrType == typeof(string) && !p.IsPrimaryKey()).Select(p => p.GetColumnName()).ToList();
        if (texts.Count == 0 || table.GetTableName() is not { } called || table.FindPrimaryKey() is not { } key)
            return;
        var keys = key.Properties.Select(p => p.GetColumnName()).ToList();
        var connection = db.Database.GetDbConnection();
        await db.Database.OpenConnectionAsync(cancel);
        var like = databases.IsPostgres ? "ILIKE" : "LIKE";
        foreach (var text in texts)
        {
            List<object[]> rows = [];
            await using (var find = Command(connection, $"""
                SELECT {string.Join(", ", keys.Append(text).Select(column => $"\"{column}\""))} FROM "{called}" WHERE "{text}" {like} @at OR "{text}" {like} @link
                """, ("at", name.At), ("link", name.Link)))
            {
                await using var reader = await find.ExecuteReaderAsync(cancel);
                while (await reader.ReadAsync(cancel))
                {
                    var row = new object[reader.FieldCount];
                    reader.GetValues(row);
                    rows.Add(row);
                }
            }
            foreach (var row in rows.Where(row => name.IsIn((string)row[^1])))
            {
                // Who changed it in this moment is seen in the next pass.
                await using var change = Command(connection, $"""
                    UPDATE "{called}" SET "{text}" = @new WHERE "{text}" = @old AND {string.Join(" AND ", keys.Select((column, i) => $"\"{column}\" = @k{i.ToString(CultureInfo.InvariantCulture)}"))}
                    """, [("new", name.Without((string)row[^1], "en")), ("old", row[^1]), .. row[..^1].Select((value, i) => ($"k{i.ToString(CultureInfo.InvariantCulture)}", value))]);
                await change.ExecuteNonQueryAsync(cancel);
            }
        }
    }

    static DbCommand Command(DbConnection connection, string sql, params (string Name, object Value)[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
        return command;
    }

    sealed class UnmentionEntry(int conversation, IReadOnlyList<long> seqs, MentionedName name) : LogEntry<bool>
    {
        protected override async Task<bool> WriteAsync(LogConnection connection, DateTimeOffset now)
        {
            ConversationId = conversation;
            await connection.OverwriteAsync(true);
            foreach (var seq in seqs)
                await InOneAsync(connection, seq, now);
            await connection.OverwriteAsync(false);
            return true;
        }

        async Task InOneAsync(LogConnection connection, long seq, DateTimeOffset now)
        {
            var row = await connection.RowAsync("""
                SELECT m."Markdown", m."SearchId", m."KeyId", m."DeletedAt", m."HiddenAt", COALESCE(m."Language", c."Language"), p."Options" FROM "Messages" m
                JOIN "Conversations" c ON c."Id" = m."ConversationId" LEFT JOIN "Polls" p ON p."ConversationId" = m."ConversationId" AND p."Seq" = m."Seq"
                WHERE m."ConversationId" = @c AND m."Seq" = @seq
                """, Int("c", conversation), Long("seq", seq));
            if (row is null || row[2] is not null || row[3] is not null)
                return;
            var (before, language, options) = ((string)row[0]!, (string)row[5]!, (string?)row[6]);
            foreach (var former in await connection.RowsAsync("""SELECT "Version", "Markdown" FROM "MessageRevisions" WHERE "ConversationId" = @c AND "Seq" = @seq""",
                Int("c", conversation), Long("seq", seq)))
            {
                if (name.IsIn((string)former[1]!))
                    await connection.DoAsync("""UPDATE "MessageRevisions" SET "Markdown" = @text WHERE "ConversationId" = @c AND "Seq" = @seq AND "Version" = @version""",
                        Text("text", name.Without((string)former[1]!, language)), Int("c", conversation), Long("seq", seq), Long("version", former[0].Long()));
            }
            if (!name.IsIn(before))
                return;
            var after = name.Without(before, language);
            await connection.DoAsync("""UPDATE "Messages" SET "Markdown" = @markdown, "Html" = @html WHERE "ConversationId" = @c AND "Seq" = @seq""",
                Text("markdown", after), Text("html", PersonsMarkdown.Read(after).Html), Int("c", conversation), Long("seq", seq));
            if (row[1] is not null && row[4] is null)
            {
                await connection.IndexStoredAsync(row[1].Long());
                await connection.ForgetWordsAsync(IndexedText.Of(before, options).Words.Except(IndexedText.Of(after, options).Words, StringComparer.Ordinal));
            }
            // Not an edit: nobody wrote anything. Open pages show it all the same.
            var version = await connection.NextVersionAsync(conversation);
            await connection.TouchAsync(conversation, seq, version);
            await connection.RecordAsync(conversation, version, ChangeKind.Edited, seq, actor: null, now);
            Changes.Add(new(version, ChangeKind.Edited, seq));
        }
    }
}

/// <summary>A handle as texts name it: after an @, or in the address of the member's page.</summary>
sealed class MentionedName(string handle)
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    readonly Regex _at = new($@"(?<![\p{{L}}\p{{N}}_@/])@{Regex.Escape(handle)}(?![\p{{L}}\p{{N}}_@-])", RegexOptions.CultureInvariant, Limit);
    readonly Regex _link = new($@"/people/{Regex.Escape(handle)}(?![\p{{L}}\p{{N}}_-])(/picture)?", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, Limit);

    /// <summary>What a database looks for. A handle has no letter that means something there.</summary>
    public string At => $"%@{handle}%";

    /// <inheritdoc cref="At"/>
    public string Link => $"%/people/{handle}%";

    public bool IsIn(string text) => _at.IsMatch(text) || _link.IsMatch(text);

    public string Without(string text, string language) => _link.Replace(_at.Replace(text, FormerMember.InText(language)), "/people");
}
