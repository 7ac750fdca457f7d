using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Operation;

namespace VetCommunity.Core.Auditing;

/// <summary>What the doctor says of the audit log.</summary>
public sealed class AuditCheck(CommunityDbFactory databases, AuditWatch watch, DataFolder folder)
{
    const string Remedy = "Look at the database: the audit log cannot be read.";

    /// <summary>The one check.</summary>
    public Check One => new("audit", TimeSpan.FromMinutes(10), Remedy, LookAsync);

    async Task<string> LookAsync(CancellationToken cancel)
    {
        if (databases.File is { } file && !File.Exists(file))
            throw new OperationFailedException($"There is no database {file}.");
        await using (var db = databases.CreateDbContext())
        {
            if ((await db.Database.GetPendingMigrationsAsync(cancel)).Any())
                throw new OperationFailedException("The database is not that of this version. Start the server: it chains the lines that are there.");
        }
        var found = await watch.CheckAsync(Actor.Operator, cancel);
        return found.Fault is null
            ? string.Create(CultureInfo.InvariantCulture, $"all {found.Lines} lines hang together, {(found.Since is { } since ? $"none has been cut off since {since:u}" : "nothing holds the end fast yet (the server does, once it was started)")}")
            : throw new OperationFailedException(SentenceOf(found));
    }

    string SentenceOf(AuditState found)
    {
        var what = found.Fault switch
        {
            AuditFault.Missing => $"Line {found.Number} is missing",
            AuditFault.Changed => $"Line {found.Number} is not as it was written",
            AuditFault.Foreign => "There are lines that were written past the program",
            AuditFault.SetBack => $"The log is not the one that {folder.AuditFile} belongs to from line {found.Number} on: its end was cut off, or the database was set back",
            AuditFault.AnchorForged => $"{folder.AuditFile} was not written by this program",
            _ => $"The key {Path.Combine(folder.Keys, AuditKey.FileName)} cannot be read. Restore it from a backup",
        };
        var todo = found.Fault switch
        {
            AuditFault.NoKey => "",
            AuditFault.SetBack or AuditFault.AnchorForged => $" Compare with a backup; where you set the database back yourself, move {folder.AuditFile} away: the next start notes it in the log.",
            _ => $" Compare with a backup, and look who can write to the database past the program; where {AuditKey.FileName} is not the key that it was, restore that.",
        };
        return string.Create(CultureInfo.InvariantCulture, $"{what}.{todo}");
    }
}
