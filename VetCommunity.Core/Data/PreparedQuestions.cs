using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace VetCommunity.Core.Data;

/// <summary>
/// Questions that every page asks are planned once a connection. PostgreSQL plans each question anew otherwise, and planning one of many tables costs more than
/// answering it. Not for searches: their best plan depends on how common the words are.
/// </summary>
sealed class PreparedQuestions : DbCommandInterceptor
{
    /// <summary>Marks a question as one to be planned once.</summary>
    public const string Tag = "prepared";

    public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        // The driver keeps what it prepared on the connection: from the second time on this asks the server nothing.
        if (command.CommandText.StartsWith("-- " + Tag, StringComparison.Ordinal))
            await command.PrepareAsync(cancellationToken);
        return result;
    }
}
