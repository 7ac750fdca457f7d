using System.Data;
using System.Data.Common;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Auditing;

/// <summary>A database whose audit log is a chain: new lines are kept back until the transaction commits, and get their places then.</summary>
public abstract class AuditedDb(DbContextOptions options) : IdentityUserContext<Member, int>(options)
{
    readonly List<AuditEntry> _held = [];
    Guid _heldBy;

    /// <summary>With what the lines are chained.</summary>
    internal AuditKey AuditKey { get; set; } = AuditKey.None;

    /// <summary>PostgreSQL: opens another connection.</summary>
    internal string? Server { get; set; }

    /// <inheritdoc/>
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        var lines = ChangeTracker.Entries<AuditEntry>().Where(one => one.State == EntityState.Added).Select(one => one.Entity).ToList();
        if (lines.Count == 0)
            return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        if (Database.CurrentTransaction is { } theirs)
            return await SaveOthersAsync(lines, theirs.TransactionId, acceptAllChangesOnSuccess, cancellationToken);
        await using var transaction = await Database.BeginTransactionAsync(cancellationToken);
        var saved = await SaveOthersAsync(lines, transaction.TransactionId, acceptAllChangesOnSuccess, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return saved;
    }

    /// <inheritdoc/>
    public override int SaveChanges(bool acceptAllChangesOnSuccess) => ChangeTracker.Entries<AuditEntry>().Any(one => one.State == EntityState.Added)
        ? throw new InvalidOperationException("Lines of the audit log are saved by SaveChangesAsync.") : base.SaveChanges(acceptAllChangesOnSuccess);

    async Task<int> SaveOthersAsync(List<AuditEntry> lines, Guid transaction, bool accept, CancellationToken cancel)
    {
        foreach (var line in lines)
            Entry(line).State = EntityState.Detached;
        int saved;
        try
        {
            saved = await base.SaveChangesAsync(accept, cancel);
        }
        catch
        {
            // Who mends what was refused saves once more.
            Set<AuditEntry>().AddRange(lines);
            throw;
        }
        // What an earlier transaction did not commit never happened.
        if (_heldBy != transaction)
            _held.Clear();
        _heldBy = transaction;
        _held.AddRange(lines);
        return saved + lines.Count;
    }

    async ValueTask ChainAsync(Guid id, DbTransaction transaction, CancellationToken cancel)
    {
        if (_heldBy != id || _held.Count == 0)
            return;
        List<AuditEntry> lines = [.. _held];
        _held.Clear();
        var isOld = transaction.IsolationLevel is IsolationLevel.Serializable or IsolationLevel.RepeatableRead or IsolationLevel.Snapshot;
        await AuditStatements.ChainAsync(transaction, AuditKey, lines, Server is not null, Server is { } server && isOld ? () => Beside(server) : null, cancel);
    }

    // Not from the pool: whoever waits there for a free connection would hold the lock meanwhile, and those who have one may be waiting for it.
    static NpgsqlConnection Beside(string server) => new(new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ToString());

    /// <summary>Hears of every commit.</summary>
    internal sealed class Commits : DbTransactionInterceptor
    {
        public override async ValueTask<InterceptionResult> TransactionCommittingAsync(
            DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
        {
            if (eventData.Context is AuditedDb db)
                await db.ChainAsync(eventData.TransactionId, transaction, cancellationToken);
            return result;
        }

        public override InterceptionResult TransactionCommitting(DbTransaction transaction, TransactionEventData eventData, InterceptionResult result) =>
            eventData.Context is AuditedDb db && db._heldBy == eventData.TransactionId && db._held.Count > 0
                ? throw new InvalidOperationException("Lines of the audit log are committed by CommitAsync.") : result;
    }
}
