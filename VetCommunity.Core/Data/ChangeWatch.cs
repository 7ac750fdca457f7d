using System.Data;
using Microsoft.Data.Sqlite;

namespace VetCommunity.Core.Data;

/// <summary>Says whether anything was written to the database since it was last asked, by this process or by another one. It costs a hundredth of a question that reads rows. Not for two threads at once.</summary>
/// <remarks>
/// Only SQLite can tell, with <c>PRAGMA data_version</c> (https://www.sqlite.org/pragma.html#pragma_data_version), which differs between two questions of one connection when another one has committed between them.
/// For PostgreSQL the answer is always yes.
/// </remarks>
public sealed class ChangeWatch(CommunityDbFactory db) : IDisposable
{
    SqliteConnection? _connection;
    long? _seen;

    /// <summary>Whether somebody wrote. The first answer is yes, and so is each that cannot be had.</summary>
    public bool IsChanged()
    {
        if (db.IsPostgres)
            return true;
        try
        {
            var before = _seen;
            _seen = Ask();
            return _seen != before;
        }
        catch (SqliteException)
        {
            // Another connection counts anew.
            Dispose();
            return true;
        }
    }

    /// <summary>Closes the connection with which it asks; the next question opens another.</summary>
    public void Dispose()
    {
        _connection?.Dispose();
        (_connection, _seen) = (null, null);
    }

    long Ask()
    {
        _connection ??= new(db.ConnectionString);
        if (_connection.State != ConnectionState.Open)
            _connection.Open();
        using var question = _connection.CreateCommand();
        question.CommandText = "PRAGMA data_version";
        return (long)question.ExecuteScalar()!;
    }
}
