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

    /// <summary>Whether somebody wrote. The first answer is yes, and so is that after a failure.</summary>
    public bool IsChanged()
    {
        if (db.IsPostgres)
            return true;
        var before = _seen;
        _seen = null;
        if (_connection is null)
        {
            _connection = new(db.ConnectionString);
            _connection.Open();
        }
        using var question = _connection.CreateCommand();
        question.CommandText = "PRAGMA data_version";
        _seen = (long)question.ExecuteScalar()!;
        return _seen != before;
    }

    /// <summary>Closes the connection with which it asks.</summary>
    public void Dispose() => _connection?.Dispose();
}
