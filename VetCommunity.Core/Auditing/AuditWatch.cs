using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;
using VetCommunity.Core.Operation;

namespace VetCommunity.Core.Auditing;

/// <summary>What can be wrong with the audit log.</summary>
public enum AuditFault
{
    /// <summary>A line between others is not there.</summary>
    Missing,
    /// <summary>A line is not as it was written: changed, put in, or in another's place.</summary>
    Changed,
    /// <summary>A line was written past the program.</summary>
    Foreign,
    /// <summary>The end is missing, or the whole is an earlier or another log.</summary>
    SetBack,
    /// <summary>What holds the end fast was not written by the program.</summary>
    AnchorForged,
    /// <summary>The key cannot be read, so nothing can be said.</summary>
    NoKey,
}

/// <summary>How the audit log was found.</summary>
/// <param name="CheckedAt">When it was read from its beginning to its end.</param>
/// <param name="Lines">How many lines there are.</param>
/// <param name="Since">From when on its end has been held fast; null while nothing does.</param>
/// <param name="Fault">What is wrong first; null for nothing.</param>
/// <param name="Number">At which line; 0 for none.</param>
public sealed record AuditState(DateTimeOffset CheckedAt, long Lines, DateTimeOffset? Since, AuditFault? Fault = null, long Number = 0);

/// <summary>Reads the audit log from its beginning to its end and says whether it is as the program wrote it.</summary>
public sealed class AuditWatch(CommunityDbFactory databases, AuditAnchor anchor, TimeProvider time) : IDisposable
{
    static readonly TimeSpan Fresh = TimeSpan.FromSeconds(10);
    readonly SemaphoreSlim _one = new(1);

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    /// <summary>How it was found last; null before the first time.</summary>
    public AuditState? Last { get; private set; }

    /// <summary>Looks, or answers what was found in the last seconds.</summary>
    /// <param name="actor">Who administers, or the operator.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="NotFoundException">Somebody else asks.</exception>
    public async Task<AuditState> CheckAsync(Actor actor, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator && !actor.May(Act.Administer))
            throw new NotFoundException("audit log");
        await _one.WaitAsync(cancel);
        try
        {
            if (Last is { } last && actor != Actor.Operator && time.GetUtcNow() - last.CheckedAt is var age && age >= TimeSpan.Zero && age < Fresh)
                return last;
            return Last = await LookAsync(cancel);
        }
        finally
        {
            _one.Release();
        }
    }

    async Task<AuditState> LookAsync(CancellationToken cancel)
    {
        var state = new AuditState(time.GetUtcNow(), 0, null);
        var key = databases.AuditKey;
        try
        {
            // Before the lines: what comes meanwhile stands behind it.
            var end = anchor.Read();
            if (end is null && anchor.Exists)
                return state with { Fault = AuditFault.AnchorForged };
            await using var db = databases.CreateDbContext();
            var head = AuditHead.Beginning;
            await foreach (var line in db.Audit.AsNoTracking().Where(line => line.Number != null).OrderBy(line => line.Number).AsAsyncEnumerable().WithCancellation(cancel))
            {
                if (line.Number > head.Number + 1)
                    return state with { Fault = AuditFault.Missing, Number = head.Number + 1 };
                if (!AuditChain.Holds(key, head, line))
                    return state with { Fault = AuditFault.Changed, Number = head.Number + 1 };
                head = new(head.Number + 1, line.Hash!);
                if (end?.Number == head.Number && end?.Hash != head.Hash)
                    return state with { Fault = AuditFault.SetBack, Number = head.Number };
                state = state with { Lines = head.Number, Since = line.What == AuditAnchor.Begun ? line.At : state.Since };
            }
            if (end?.Number > head.Number)
                return state with { Fault = AuditFault.SetBack, Number = head.Number + 1 };
            if (await db.Audit.AnyAsync(line => line.Number == null, cancel))
                return state with { Fault = AuditFault.Foreign };
            // Until the next start nothing holds the end.
            return end is null ? state with { Since = null } : state;
        }
        catch (OperationFailedException)
        {
            return state with { Fault = AuditFault.NoKey };
        }
    }
}
