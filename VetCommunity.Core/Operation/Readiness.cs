using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Operation;

/// <summary>Whether members can be served, for who leads them to one server or another.</summary>
public sealed class Readiness(CommunityDbFactory databases)
{
    const int Seconds = 2;

    /// <summary>Whether the database answers, and would take what somebody writes, within some two seconds. Nothing is written.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancel = default)
    {
        try
        {
            await using DbConnection connection = databases.IsPostgres
                ? new NpgsqlConnection(new NpgsqlConnectionStringBuilder(databases.ConnectionString) { Timeout = Seconds, CommandTimeout = Seconds }.ToString())
                : new SqliteConnection(new SqliteConnectionStringBuilder(databases.ConnectionString) { DefaultTimeout = Seconds, Mode = SqliteOpenMode.ReadWrite }.ToString());
            await connection.OpenAsync(cancel);
            await using var command = connection.CreateCommand();
            // A standby answers, and takes nothing. In SQLite whoever holds the file for writing holds it from everybody.
            command.CommandText = databases.IsPostgres ? "SELECT NOT pg_is_in_recovery()" : "BEGIN IMMEDIATE; ROLLBACK; SELECT 1";
            return Convert.ToBoolean(await command.ExecuteScalarAsync(cancel), System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (DbException)
        {
            return false;
        }
    }
}
