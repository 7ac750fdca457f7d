using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using VetCommunity.Core;
using VetCommunity.Core.Auditing;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;
using VetCommunity.Core.Operation;
using VetCommunity.Tests.Operation;

namespace VetCommunity.Tests.Auditing;

/// <summary>The world with a key and an anchor for its audit log.</summary>
sealed class AuditWorld : IAsyncDisposable
{
    AuditWorld(BackupWorld all)
    {
        All = all;
        Key = AuditKey.In(all.Folder.Keys);
        Key.Prepare();
        all.World.Db.AuditKey = Key;
        Anchor = AnchorOf(all.World.Db, all.Folder);
        Watch = new(all.World.Db, Anchor, all.World.Clock);
    }

    public BackupWorld All { get; }
    public World World => All.World;
    public AuditKey Key { get; }
    public AuditAnchor Anchor { get; }
    public AuditWatch Watch { get; }
    public string AnchorFile => All.Folder.AuditFile;

    public static async Task<AuditWorld> OpenAsync(Database database) => new(await BackupWorld.OpenAsync(database));

    public static AuditAnchor AnchorOf(CommunityDbFactory db, DataFolder folder) => new(db, folder.AuditFile, NullLogger<AuditAnchor>.Instance);

    /// <summary>As the server does it at the start, and with some deeds in the log.</summary>
    public async Task FillAsync(int lines)
    {
        await Anchor.BeginAsync(Actor.Operator);
        for (var i = 0; i < lines; i++)
            await NoteAsync(FormattableString.Invariant($"detail {i}"));
        await Anchor.AdvanceAsync(Actor.Operator);
    }

    public Task NoteAsync(string detail, int whom = 2) => World.InDbAsync(async db =>
    {
        db.Note(World.Clock.GetUtcNow(), World.Ada, "role.granted", whom, detail);
        return await db.SaveChangesAsync();
    });

    public Task<AuditState> CheckAsync() => Watch.CheckAsync(Actor.Operator);

    /// <summary>Every column of every line.</summary>
    public Task<List<AuditEntry>> LinesAsync() => World.InDbAsync(db => db.Audit.AsNoTracking().OrderBy(a => a.Number).ToListAsync());

    /// <summary>What the table held, past the program.</summary>
    public Task PutAsync(IEnumerable<AuditEntry> lines) => World.InDbAsync(async db =>
    {
        await using var transaction = await db.Database.BeginTransactionAsync();
        await db.Audit.ExecuteDeleteAsync();
        foreach (var a in lines)
        {
            long? at = a.At.ToUnixTimeMilliseconds();
            await db.Database.ExecuteSqlAsync($"""
                INSERT INTO "Audit" ("Id", "At", "ActorId", "What", "Subject", "Detail", "Number", "Salt", "Digest", "Hash", "Seal")
                VALUES ({a.Id}, {at}, {a.ActorId}, {a.What}, {a.Subject}, {a.Detail}, {a.Number}, {a.Salt}, {a.Digest}, {a.Hash}, {a.Seal})
                """);
        }
        await transaction.CommitAsync();
        return true;
    });

    public ValueTask DisposeAsync() => All.DisposeAsync();
}
