using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace VetCommunity.Core.Data;

static class DatabaseFaults
{
    /// <summary>Whether the database refused what it was to store, and not storing: a full disk or a locked file meets everybody.</summary>
    // https://www.postgresql.org/docs/current/errcodes-appendix.html: classes 22 (data exception), 23 (integrity constraint violation) and 54 (program limit exceeded).
    public static bool IsAboutTheRow(this DbUpdateException error) => error.GetBaseException() switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode is SQLitePCL.raw.SQLITE_CONSTRAINT or SQLitePCL.raw.SQLITE_TOOBIG or SQLitePCL.raw.SQLITE_MISMATCH,
        PostgresException postgres => postgres.SqlState.StartsWith("22", StringComparison.Ordinal) || postgres.SqlState.StartsWith("23", StringComparison.Ordinal) || postgres.SqlState.StartsWith("54", StringComparison.Ordinal),
        _ => false,
    };

    /// <summary>Whether such a row is there already.</summary>
    public static bool IsThereAlready(this DbUpdateException error) =>
        error.GetBaseException() is SqliteException { SqliteExtendedErrorCode: SQLitePCL.raw.SQLITE_CONSTRAINT_UNIQUE or SQLitePCL.raw.SQLITE_CONSTRAINT_PRIMARYKEY } or PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    /// <summary>Whether whoever comes next meets it too: held by somebody else, damaged, full or gone. Each alone would wait as long for the same answer, one after the other.</summary>
    public static bool MeetsEverybody(this Exception error) => error switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode is SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED or SQLitePCL.raw.SQLITE_IOERR
            or SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_FULL or SQLitePCL.raw.SQLITE_CANTOPEN or SQLitePCL.raw.SQLITE_READONLY,
        PostgresException => false,
        NpgsqlException => true,
        _ => false,
    };
}
