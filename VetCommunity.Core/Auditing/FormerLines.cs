using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Auditing;

/// <summary>Lines that an earlier version wrote, which knew no chain.</summary>
static class FormerLines
{
    const int AtOnce = 500;

    /// <summary>Chains them, in the order in which they were written, where nothing is chained yet. All or none: who is killed meanwhile begins anew.</summary>
    public static async Task ChainAsync(CommunityDbFactory databases, CancellationToken cancel)
    {
        if (!await AreThereAsync(databases, cancel))
            return;
        await using var db = databases.CreateDbContext();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var head = AuditHead.Beginning;
        for (long after = 0; ;)
        {
            var lines = await db.Audit.Where(line => line.Id > after).OrderBy(line => line.Id).Take(AtOnce).ToListAsync(cancel);
            if (lines.Count == 0)
                break;
            foreach (var line in lines)
                head = AuditChain.Link(db.AuditKey, head, line);
            await db.SaveChangesAsync(cancel);
            db.ChangeTracker.Clear();
            after = lines[^1].Id;
        }
        await transaction.CommitAsync(cancel);
    }

    // Asked at every start, and so without EF. Later on, a line without a place was not written by the program: the check finds it.
    static async Task<bool> AreThereAsync(CommunityDbFactory databases, CancellationToken cancel)
    {
        await using var connection = databases.Connect();
        await connection.OpenAsync(cancel);
        await using var command = connection.Command("""SELECT EXISTS (SELECT 1 FROM "Audit") AND NOT EXISTS (SELECT 1 FROM "Audit" WHERE "Number" IS NOT NULL)""");
        return Convert.ToBoolean(await command.ExecuteScalarAsync(cancel), CultureInfo.InvariantCulture);
    }
}
