using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Documents;

/// <summary>The stored states of a language version: listed, read, compared and restored.</summary>
public sealed class Revisions(CommunityDbFactory db, DocumentKinds kinds, Storing storing)
{
    /// <summary>Revisions of one page.</summary>
    public const int Page = 30;

    /// <summary>A page of revisions, the newest first.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="address">Of which language version.</param>
    /// <param name="before">Those before this number; null for the newest.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="NotFoundException">Absent or not the actor's to read.</exception>
    public async Task<(IReadOnlyList<RevisionRow> Rows, bool HasMore)> ListAsync(Actor actor, VersionAddress address, int? before = null, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var version = await DocumentAccess.FindAsync(context, kinds, actor, address, toWrite: false, cancel);
        var most = before ?? int.MaxValue;
        var rows = await (
            from r in context.Revisions
            where r.VersionId == version.Id && r.Number < most
            orderby r.Number descending
            let author = context.Users.FirstOrDefault(u => u.Id == r.AuthorId)
            select new RevisionRow(r.Number, author == null ? "" : author.Handle, author == null ? "" : author.DisplayName, r.Note, r.At, r.BaseNumber)).Take(Page + 1).ToListAsync(cancel);
        return ([.. rows.Take(Page)], rows.Count > Page);
    }

    /// <summary>The document as a revision holds it.</summary>
    /// <exception cref="NotFoundException">Absent or not the actor's to read.</exception>
    public async Task<string> ReadAsync(Actor actor, VersionAddress address, int number, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        return await TextAsync(context, await DocumentAccess.FindAsync(context, kinds, actor, address, toWrite: false, cancel), number, cancel);
    }

    /// <summary>What became of one revision until another one, word by word.</summary>
    /// <exception cref="NotFoundException">Absent or not the actor's to read.</exception>
    public async Task<IReadOnlyList<DifferentPiece>> CompareAsync(Actor actor, VersionAddress address, int former, int later, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var version = await DocumentAccess.FindAsync(context, kinds, actor, address, toWrite: false, cancel);
        return Differences.ByWords(await TextAsync(context, version, former, cancel), await TextAsync(context, version, later, cancel));
    }

    /// <summary>Makes a new revision with the text of an old one. Answers with its number; the same form again is the same revision.</summary>
    /// <exception cref="NotFoundException">Absent or not the actor's to write in.</exception>
    public Task<int> RestoreAsync(Actor actor, VersionAddress address, int number, string note, string formKey, CancellationToken cancel = default) =>
        storing.StoreTextAsync(actor, address, (context, version) => TextAsync(context, version, number, cancel), note, formKey, cancel: cancel);

    static async Task<string> TextAsync(CommunityDb context, LanguageVersion version, int number, CancellationToken cancel) =>
        (await DocumentAccess.RevisionAsync(context, version.Id, number, cancel) ?? throw new NotFoundException("revision")).Markdown;
}
