using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using VetCommunity.Core.Auditing;
using VetCommunity.Core.Bridging;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Markdown;
using VetCommunity.Core.Members;
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
    static readonly Type[] ByTheLog = [typeof(Message), typeof(MessageRevision), typeof(Translation)];
    // What is looked for stands in the erasure as long as it is looked for; the names of topics are addresses, too; words of the glossary are told apart by their text; lines of the audit log are sealed again.
    static readonly Type[] Besides = [typeof(Erasure), typeof(Topic), typeof(TopicSlug), typeof(GlossaryTerm), typeof(AuditEntry)];

    public async Task ReplaceAsync(Erasure erasure, CancellationToken cancel)
    {
        foreach (var handle in erasure.Handles.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = new MentionedName(handle);
            await using var db = databases.CreateDbContext();
            await db.OverwriteAsync(cancel);
            foreach (var table in db.Model.GetEntityTypes().Where(type => !type.IsOwned() && !Besides.Contains(type.ClrType) && !ByTheLog.Contains(type.ClrType)))
                await InTableAsync(db, table, name, cancel);
            await InGlossaryAsync(db, name, cancel);
            foreach (var topic in await InTopicsAsync(db, name, cancel))
                await log.WriteAsync(new UnnamedTopicEntry(topic, name), cancel);
            await InAuditAsync(db, name, cancel);
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
        var texts = db.Messages.Select(m => new { m.ConversationId, m.Seq, m.Markdown })
            .Concat(db.MessageRevisions.Select(m => new { m.ConversationId, m.Seq, m.Markdown }))
            .Concat(db.Translations.Select(t => new { t.ConversationId, t.Seq, t.Markdown }));
        var found = await (databases.IsPostgres
            ? texts.Where(m => EF.Functions.ILike(m.Markdown, at) || EF.Functions.ILike(m.Markdown, link))
            : texts.Where(m => EF.Functions.Like(m.Markdown, at) || EF.Functions.Like(m.Markdown, link))).ToListAsync(cancel);
        return [.. found.Where(one => name.IsIn(one.Markdown)).Select(one => (one.ConversationId, one.Seq))];
    }

    async Task InTableAsync(CommunityDb db, IEntityType table, MentionedName name, CancellationToken cancel)
    {
        // Of accounts only what people write of themselves: the rest is how they are called.
        var texts = table.GetProperties().Where(p => p.ClrType == typeof(string) && !p.IsPrimaryKey() && (table.ClrType != typeof(Member) || p.Name == nameof(Member.Biography)))
            .Select(p => (Column: p.GetColumnName(), Longest: p.GetMaxLength() ?? int.MaxValue)).ToList();
        if (texts.Count == 0 || table.GetTableName() is not { } called || table.FindPrimaryKey() is not { } key)
            return;
        var keys = key.Properties.Select(p => p.GetColumnName()).ToList();
        var connection = db.Database.GetDbConnection();
        await db.Database.OpenConnectionAsync(cancel);
        var like = databases.IsPostgres ? "ILIKE" : "LIKE";
        foreach (var (text, longest) in texts)
        {
            List<object[]> rows = [];
            await using (var find = connection.Command($"""
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
                await using var change = connection.Command($"""
                    UPDATE "{called}" SET "{text}" = @new WHERE "{text}" = @old AND {string.Join(" AND ", keys.Select((column, i) => $"\"{column}\" = @k{i.ToString(CultureInfo.InvariantCulture)}"))}
                    """, [("new", PlainText.Beginning(name.Without((string)row[^1], "en"), longest)), ("old", row[^1]), .. row[..^1].Select((value, i) => ($"k{i.ToString(CultureInfo.InvariantCulture)}", value))]);
                await change.ExecuteNonQueryAsync(cancel);
            }
        }
    }

    async Task InGlossaryAsync(CommunityDb db, MentionedName name, CancellationToken cancel)
    {
        var (at, link) = (name.At, name.Link);
        var terms = databases.IsPostgres
            ? db.GlossaryTerms.Where(t => EF.Functions.ILike(t.One + t.Other + t.Note, at) || EF.Functions.ILike(t.One + t.Other + t.Note, link))
            : db.GlossaryTerms.Where(t => EF.Functions.Like(t.One + t.Other + t.Note, at) || EF.Functions.Like(t.One + t.Other + t.Note, link));
        foreach (var term in await terms.AsNoTracking().ToListAsync(cancel))
        {
            var one = PlainText.Beginning(name.Without(term.One, term.OneLanguage), Glossary.TermLength);
            var other = PlainText.Beginning(name.Without(term.Other, term.OtherLanguage), Glossary.TermLength);
            var note = PlainText.Beginning(name.Without(term.Note, term.OneLanguage), Glossary.NoteLength);
            if ((one, other, note) == (term.One, term.Other, term.Note))
                continue;
            // Two words that named two people would be the same now: the number keeps them apart.
            var (oneFolded, otherFolded) = one == term.One && other == term.Other
                ? (term.OneFolded, term.OtherFolded)
                : (string.Create(CultureInfo.InvariantCulture, $"{Folding.Fold(one)} {term.Id}"), Folding.Fold(other));
            await db.GlossaryTerms.Where(t => t.Id == term.Id && t.Version == term.Version).ExecuteUpdateAsync(set => set
                .SetProperty(t => t.One, one).SetProperty(t => t.Other, other).SetProperty(t => t.Note, note)
                .SetProperty(t => t.OneFolded, oneFolded).SetProperty(t => t.OtherFolded, otherFolded), cancel);
        }
    }

    async Task<List<int>> InTopicsAsync(CommunityDb db, MentionedName name, CancellationToken cancel)
    {
        var at = name.At;
        var topics = await (databases.IsPostgres ? db.Topics.Where(t => EF.Functions.ILike(t.Name, at)) : db.Topics.Where(t => EF.Functions.Like(t.Name, at)))
            .Select(t => new { t.Id, t.Name }).ToListAsync(cancel);
        return [.. topics.Where(topic => name.IsIn(topic.Name)).Select(topic => topic.Id)];
    }

    async Task InAuditAsync(CommunityDb db, MentionedName name, CancellationToken cancel)
    {
        var (at, link) = (name.At, name.Link);
        var lines = databases.IsPostgres
            ? db.Audit.Where(a => EF.Functions.ILike(a.Detail, at) || EF.Functions.ILike(a.Detail, link) || EF.Functions.ILike(a.Subject, at))
            : db.Audit.Where(a => EF.Functions.Like(a.Detail, at) || EF.Functions.Like(a.Detail, link) || EF.Functions.Like(a.Subject, at));
        foreach (var line in (await lines.ToListAsync(cancel)).Where(line => name.IsIn(line.Detail) || name.IsIn(line.Subject)))
        {
            (line.Subject, line.Detail) = (name.Without(line.Subject, "en"), name.Without(line.Detail, "en"));
            AuditChain.Seal(db.AuditKey, line);
        }
        await db.SaveChangesAsync(cancel);
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
            var isTranslated = await InTranslationsAsync(connection, seq);
            if (!name.IsIn(before))
            {
                if (isTranslated)
                    Changes.Add(await connection.ChangeAsync(conversation, seq, ChangeKind.Translated, actor: null, now));
                return;
            }
            var after = name.Without(before, language);
            await connection.DoAsync("""UPDATE "Messages" SET "Markdown" = @markdown, "Html" = @html WHERE "ConversationId" = @c AND "Seq" = @seq""",
                Text("markdown", after), Text("html", PersonsMarkdown.Read(after).Html), Int("c", conversation), Long("seq", seq));
            if (row[1] is not null && row[4] is null)
            {
                await connection.IndexStoredAsync(row[1].Long());
                await connection.ForgetWordsAsync(IndexedText.Of(before, options).Words.Except(IndexedText.Of(after, options).Words, StringComparer.Ordinal));
            }
            // What was translated says the same now as before.
            await connection.DoAsync("""UPDATE "Translations" SET "OfText" = @after WHERE "ConversationId" = @c AND "Seq" = @seq AND "OfText" = @before""",
                Text("after", BridgeRules.StampOf(after)), Int("c", conversation), Long("seq", seq), Text("before", BridgeRules.StampOf(before)));
            // Not an edit: nobody wrote anything. Open pages show it all the same.
            Changes.Add(await connection.ChangeAsync(conversation, seq, ChangeKind.Edited, actor: null, now));
        }

        // Answers whether something is seen of it under the message.
        async Task<bool> InTranslationsAsync(LogConnection connection, long seq)
        {
            var isSeen = false;
            foreach (var row in await connection.RowsAsync("""SELECT "Id", "Markdown", "To", "IsAccepted" FROM "Translations" WHERE "ConversationId" = @c AND "Seq" = @seq""",
                Int("c", conversation), Long("seq", seq)))
            {
                if (!name.IsIn((string)row[1]!))
                    continue;
                var text = name.Without((string)row[1]!, (string)row[2]!);
                await connection.DoAsync("""UPDATE "Translations" SET "Markdown" = @text, "Html" = @html WHERE "Id" = @id""",
                    Text("text", text), Text("html", PersonsMarkdown.Read(text).Html), Int("id", row[0].Int()));
                isSeen |= row[3].Int() == 1;
            }
            return isSeen;
        }
    }
}

/// <summary>A handle as texts name it: after an @, or in the address of the member's page.</summary>
sealed class MentionedName(string handle)
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);
    readonly Regex _at = new($@"(?<![\p{{L}}\p{{N}}_@/])@{Regex.Escape(handle)}(?![\p{{L}}\p{{N}}_@-])", RegexOptions.CultureInvariant, Limit);
    readonly Regex _link = new($@"/people/{Regex.Escape(handle)}(?![\p{{L}}\p{{N}}_-])(/picture)?", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, Limit);
    readonly Regex _slug = new($@"(?<![\p{{L}}\p{{N}}]){Regex.Escape(handle)}(?![\p{{L}}\p{{N}}])", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase, Limit);

    /// <summary>What a database looks for. A handle has no letter that means something there.</summary>
    public string At => $"%@{handle}%";

    /// <inheritdoc cref="At"/>
    public string Link => $"%/people/{handle}%";

    public bool IsIn(string text) => _at.IsMatch(text) || _link.IsMatch(text);

    /// <summary>Whether an address was made of a text that names them.</summary>
    public bool IsInSlug(string slug) => _slug.IsMatch(slug);

    public string Without(string text, string language) => _link.Replace(_at.Replace(text, FormerMember.InText(language)), "/people");
}
