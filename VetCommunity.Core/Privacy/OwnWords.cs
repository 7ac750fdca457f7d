using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Files;
using VetCommunity.Core.Search;
using static VetCommunity.Core.Conversations.Value;

namespace VetCommunity.Core.Privacy;

/// <summary>
/// What the member wrote: to single people it goes, in rooms it goes or stays as the member chose; files, former texts and reactions go in any case. Each step is
/// a transaction of the message log, so open pages see it at once; what is to be done is what is still there.
/// </summary>
sealed class OwnWords(CommunityDbFactory databases, MessageLog log, UploadFolder uploads)
{
    // Some milliseconds of the writer each.
    const int AtOnce = 25;

    public async Task EraseAsync(Erasure erasure, CancellationToken cancel)
    {
        foreach (var (conversation, deletes) in await ConversationsAsync(erasure, cancel))
        {
            var what = deletes ? Doing.Delete : Doing.Strip;
            while (await SomeAsync(conversation, erasure.MemberId, what, cancel) is { Count: > 0 } some)
                uploads.Remove(await log.WriteAsync(new ForgetEntry(conversation, erasure.MemberId, some, what), cancel));
        }
        foreach (var conversation in await ReactedAsync(erasure.MemberId, cancel))
            await AllAsync(conversation, Doing.Unreact);
        if (!erasure.DeletesTexts)
            return;
        foreach (var conversation in await TranslatedAsync(erasure.MemberId, cancel))
            await AllAsync(conversation, Doing.Untranslate);

        async Task AllAsync(int conversation, Doing what)
        {
            while (await SomeAsync(conversation, erasure.MemberId, what, cancel) is { Count: > 0 } some)
                await log.WriteAsync(new ForgetEntry(conversation, erasure.MemberId, some, what), cancel);
        }
    }

    async Task<List<(int Id, bool Deletes)>> ConversationsAsync(Erasure erasure, CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        var found = await db.Conversations.Where(c => db.Messages.Any(m => m.ConversationId == c.Id && m.AuthorId == erasure.MemberId))
            .Select(c => new { c.Id, c.Kind }).ToListAsync(cancel);
        return found.ConvertAll(c => (c.Id, erasure.DeletesTexts || c.Kind == ConversationKind.Direct));
    }

    async Task<List<int>> ReactedAsync(int member, CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        return await db.Reactions.Where(r => r.MemberId == member).Select(r => r.ConversationId).Distinct().ToListAsync(cancel);
    }

    async Task<List<int>> TranslatedAsync(int member, CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        return await db.Translations.Where(t => t.ById == member).Select(t => t.ConversationId).Distinct().ToListAsync(cancel);
    }

    async Task<List<long>> SomeAsync(int conversation, int member, Doing what, CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        var mine = db.Messages.Where(m => m.ConversationId == conversation && m.AuthorId == member && m.DeletedAt == null);
        return await (what switch
        {
            Doing.Delete => mine.Select(m => m.Seq),
            Doing.Strip => mine.Where(m => db.Attachments.Any(a => a.ConversationId == conversation && a.Seq == m.Seq)
                || db.MessageRevisions.Any(r => r.ConversationId == conversation && r.Seq == m.Seq)).Select(m => m.Seq),
            Doing.Untranslate => db.Translations.Where(t => t.ConversationId == conversation && t.ById == member).Select(t => t.Seq).Distinct(),
            _ => db.Reactions.Where(r => r.ConversationId == conversation && r.MemberId == member).Select(r => r.Seq).Distinct(),
        }).OrderBy(seq => seq).Take(AtOnce).ToListAsync(cancel);
    }

    enum Doing
    {
        Delete,
        Strip,
        Unreact,
        Untranslate,
    }

    /// <summary>Answers with the files that are to go after the commit.</summary>
    sealed class ForgetEntry(int conversation, int member, IReadOnlyList<long> seqs, Doing what) : LogEntry<IReadOnlyList<string>>
    {
        protected override async Task<IReadOnlyList<string>> WriteAsync(LogConnection connection, DateTimeOffset now)
        {
            ConversationId = conversation;
            await connection.OverwriteAsync(true);
            List<string> files = [];
            foreach (var seq in seqs)
            {
                var row = await connection.RowAsync("""
                    SELECT "AuthorId", "DeletedAt", "Markdown", "SearchId", "KeyId", "HiddenAt" FROM "Messages" WHERE "ConversationId" = @c AND "Seq" = @seq
                    """, Int("c", conversation), Long("seq", seq));
                var kind = what == Doing.Unreact ? await UnreactAsync(connection, seq)
                    : what == Doing.Untranslate ? await UntranslateAsync(connection, seq)
                    : row is null || row[0] is null || row[0].Int() != member || row[1] is not null ? null
                    : await ForgetAsync(connection, seq, row, files, now);
                if (kind is { } changed)
                    Changes.Add(await connection.ChangeAsync(conversation, seq, changed, actor: null, now));
            }
            await connection.OverwriteAsync(false);
            return files;
        }

        async Task<ChangeKind?> UnreactAsync(LogConnection connection, long seq)
        {
            await connection.DoAsync("""DELETE FROM "Reactions" WHERE "ConversationId" = @c AND "Seq" = @seq AND "MemberId" = @member""",
                Int("c", conversation), Long("seq", seq), Int("member", member));
            return ChangeKind.Reacted;
        }

        // Who asked for it waits again.
        async Task<ChangeKind?> UntranslateAsync(LogConnection connection, long seq)
        {
            await connection.DoAsync("""
                UPDATE "BridgeRequests" SET "DoneAt" = NULL WHERE "ConversationId" = @c AND "Seq" = @seq AND "To" IN
                    (SELECT "To" FROM "Translations" WHERE "ConversationId" = @c AND "Seq" = @seq AND "ById" = @member AND "IsAccepted" = 1)
                """, Int("c", conversation), Long("seq", seq), Int("member", member));
            await connection.DoAsync("""DELETE FROM "Translations" WHERE "ConversationId" = @c AND "Seq" = @seq AND "ById" = @member""",
                Int("c", conversation), Long("seq", seq), Int("member", member));
            return ChangeKind.Translated;
        }

        async Task<ChangeKind?> ForgetAsync(LogConnection connection, long seq, object?[] row, List<string> files, DateTimeOffset now)
        {
            var (markdown, searchId) = ((string)row[2]!, row[3] is null || row[4] is not null ? null : (long?)row[3].Long());
            // Where only a file was said, nothing is left to read.
            if (what == Doing.Delete || markdown.Length == 0)
            {
                files.AddRange(await connection.EraseAsync(conversation, seq, searchId, markdown, now));
                return ChangeKind.Deleted;
            }
            var gone = await connection.RemoveAttachmentsAsync(conversation, seq);
            files.AddRange(gone);
            await connection.DoAsync("""DELETE FROM "MessageRevisions" WHERE "ConversationId" = @c AND "Seq" = @seq""", Int("c", conversation), Long("seq", seq));
            if (gone.Count > 0 && searchId is { } id)
                await connection.IndexStoredAsync(id);
            return ChangeKind.Edited;
        }
    }
}
