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
}
