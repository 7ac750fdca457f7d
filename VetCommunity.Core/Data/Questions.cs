using System.Data.Common;

namespace VetCommunity.Core.Data;

/// <summary>Asking a database without EF.</summary>
static class Questions
{
    /// <summary>A command on this connection, which the caller disposes.</summary>
    public static DbCommand Command(this DbConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in values)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = (name, value);
            command.Parameters.Add(parameter);
        }
        return command;
    }
}
