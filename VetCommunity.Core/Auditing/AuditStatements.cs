using System.Data.Common;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Members;
using static VetCommunity.Core.Conversations.Value;

namespace VetCommunity.Core.Auditing;

/// <summary>
/// Puts new lines at the end of the chain, as the last thing that a transaction does before it commits: whoever waits here for another holds everything else already, and who is waited for needs nothing
/// more. SQLite has one writer at a time anyway.
/// </summary>
static class AuditStatements
{
    // Of nothing else in the database.
    const string Lock = "SELECT pg_advisory_xact_lock(8242025)";
    const string Last = """SELECT "Number", "Hash" FROM "Audit" WHERE "Number" IS NOT NULL ORDER BY "Number" DESC LIMIT 1""";
    const string Insert = """
        INSERT INTO "Audit" ("At", "ActorId", "What", "Subject", "Detail", "Number", "Salt", "Digest", "Hash") VALUES (@at, @actor, @what, @subject, @detail, @number, @salt, @digest, @hash)
        """;

    /// <summary>For the message log: one chain of all lines of its group.</summary>
    public static async Task ChainAsync(this LogConnection connection, AuditKey key, IReadOnlyList<AuditEntry> lines)
    {
        if (lines.Count == 0)
            return;
        if (connection.IsPostgres)
            await connection.RowAsync(Lock);
        var head = await connection.RowAsync(Last) is [var number, string hash] ? new AuditHead(number.Long(), hash) : AuditHead.Beginning;
        foreach (var line in lines)
        {
            head = AuditChain.Link(key, head, line);
            await connection.DoAsync(Insert, ValuesOf(line));
        }
    }

    /// <summary>For everything else.</summary>
    /// <param name="transaction">It is about to commit.</param>
    /// <param name="key">The secret.</param>
    /// <param name="lines">In their order.</param>
    /// <param name="isPostgres">Which database.</param>
    /// <param name="fresh">Opens another connection, where this transaction sees the database as it was when it began; null where it sees what others committed since.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task ChainAsync(DbTransaction transaction, AuditKey key, IReadOnlyList<AuditEntry> lines, bool isPostgres, Func<DbConnection>? fresh, CancellationToken cancel)
    {
        var connection = transaction.Connection!;
        if (isPostgres)
            await LockAsync(connection, transaction, cancel);
        var head = await HeadAsync(connection, transaction, fresh, cancel);
        foreach (var line in lines)
        {
            head = AuditChain.Link(key, head, line);
            await using var command = Command(connection, transaction, Insert);
            foreach (var (name, type, content) in ValuesOf(line))
            {
                var parameter = command.CreateParameter();
                (parameter.ParameterName, parameter.DbType, parameter.Value) = (name, type, content ?? DBNull.Value);
                command.Parameters.Add(parameter);
            }
            await command.ExecuteNonQueryAsync(cancel);
        }
    }

    static async Task LockAsync(DbConnection connection, DbTransaction transaction, CancellationToken cancel)
    {
        await using var command = Command(connection, transaction, Lock);
        await command.ExecuteNonQueryAsync(cancel);
    }

    static async Task<AuditHead> HeadAsync(DbConnection connection, DbTransaction transaction, Func<DbConnection>? fresh, CancellationToken cancel)
    {
        if (fresh is null)
            return await ReadAsync(Command(connection, transaction, Last), cancel);
        // Who waits for the lock holds it when the former holder's lines are there for everybody.
        await using var other = fresh();
        await other.OpenAsync(cancel);
        return await ReadAsync(Command(other, null, Last), cancel);
    }

    static async Task<AuditHead> ReadAsync(DbCommand command, CancellationToken cancel)
    {
        await using (command)
        {
            await using var reader = await command.ExecuteReaderAsync(cancel);
            return await reader.ReadAsync(cancel) ? new(reader.GetInt64(0), reader.GetString(1)) : AuditHead.Beginning;
        }
    }

    static DbCommand Command(DbConnection connection, DbTransaction? transaction, string sql)
    {
        var command = connection.CreateCommand();
        (command.CommandText, command.Transaction) = (sql, transaction);
        return command;
    }

    static Value[] ValuesOf(AuditEntry line) =>
    [
        At("at", line.At), Int("actor", line.ActorId), Text("what", line.What), Text("subject", line.Subject), Text("detail", line.Detail),
        Long("number", line.Number), Text("salt", line.Salt), Text("digest", line.Digest), Text("hash", line.Hash),
    ];
}
