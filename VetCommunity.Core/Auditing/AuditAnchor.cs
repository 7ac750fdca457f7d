using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using VetCommunity.Core.Data;
using VetCommunity.Core.Files;
using VetCommunity.Core.Operation;

namespace VetCommunity.Core.Auditing;

/// <summary>
/// How far the audit log had come, in a file beside the database: a chain alone does not show that its end was cut off. It is written soon after each new line, and only where it stands on the chain that it
/// leaves, so that a log which was set back does not cover its own traces.
/// </summary>
/// <param name="databases">Where the log is.</param>
/// <param name="path">The file.</param>
/// <param name="log">Hears where the log was set back.</param>
public sealed class AuditAnchor(CommunityDbFactory databases, string path, ILogger<AuditAnchor> log)
{
    /// <summary>The line of the log that says: from here on its end is held fast.</summary>
    public const string Begun = "audit.anchored";
    bool _hasSaid;

    /// <summary>Holds the log's end fast from now on, where nothing does yet, and says so in the log: at the first start, after a restore, and where somebody took the file away.</summary>
    /// <param name="actor">The program itself: the operator.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="NotFoundException">Somebody else asks.</exception>
    /// <exception cref="OperationFailedException">The file cannot be written.</exception>
    public async Task BeginAsync(Actor actor, CancellationToken cancel = default)
    {
        Demand(actor);
        try
        {
            if (!File.Exists(path))
            {
                await using var db = databases.CreateDbContext();
                db.Audit.Add(new() { At = db.Clock.GetUtcNow(), What = Begun, Subject = "" });
                await db.SaveChangesAsync(cancel);
                await WriteAsync(db, cancel);
            }
            await AdvanceAsync(actor, cancel);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OperationFailedException($"{path} cannot be written: {error.Message}", error);
        }
    }

    /// <summary>Takes the anchor to the end of the log. Does nothing where there is none, or where the log is not the one that it was.</summary>
    /// <param name="actor">The program itself: the operator.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="NotFoundException">Somebody else asks.</exception>
    public async Task AdvanceAsync(Actor actor, CancellationToken cancel = default)
    {
        Demand(actor);
        if (!File.Exists(path))
            return;
        if (Read() is { } anchor && await LookAsync(anchor, cancel) is (true, var isLonger))
        {
            if (!isLonger)
                return;
            await using var db = databases.CreateDbContext();
            await WriteAsync(db, cancel);
            return;
        }
        if (!_hasSaid)
            log.LogError("The audit log is not the one that {File} belongs to: its end is missing, or it was changed. The doctor says more", path);
        _hasSaid = true;
    }

    /// <summary>Whether there is a file at all.</summary>
    internal bool Exists => File.Exists(path);

    /// <summary>What the file says; null where it says nothing, or what was not written with the key.</summary>
    internal AuditHead? Read()
    {
        if (!File.Exists(path) || File.ReadAllText(path).TrimEnd().Split(' ') is not [var number, var hash, var sign] || !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var count))
            return null;
        var head = new AuditHead(count, hash);
        return AuditChain.AnchorOf(databases.AuditKey, head) == sign ? head : null;
    }

    // Asked at every start and every two seconds, and so without EF.
    async Task<(bool Has, bool IsLonger)> LookAsync(AuditHead anchor, CancellationToken cancel)
    {
        await using var connection = databases.Connect();
        await connection.OpenAsync(cancel);
        await using var command = connection.Command(
            """SELECT EXISTS (SELECT 1 FROM "Audit" WHERE "Number" = @number AND "Hash" = @hash), EXISTS (SELECT 1 FROM "Audit" WHERE "Number" > @number)""",
            ("number", anchor.Number), ("hash", anchor.Hash));
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return (anchor.Number == 0 || reader.GetBoolean(0), reader.GetBoolean(1));
    }

    async Task WriteAsync(CommunityDb db, CancellationToken cancel)
    {
        var last = await db.Audit.AsNoTracking().Where(line => line.Number != null).OrderByDescending(line => line.Number).FirstAsync(cancel);
        var head = new AuditHead(last.Number!.Value, last.Hash!);
        // A verb of the command line may write the same beside us: each its own, and the later rename stands. The next round takes it on.
        var unfinished = $"{path}.{Environment.ProcessId}.part";
        await using (var stream = PrivateFile.Create(unfinished))
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{head.Number} {head.Hash} {AuditChain.AnchorOf(databases.AuditKey, head)}\n")), cancel);
            stream.Flush(flushToDisk: true);
        }
        File.Move(unfinished, path, overwrite: true);
    }

    static void Demand(Actor actor)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("audit log");
    }
}
