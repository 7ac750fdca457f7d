using System.Data.Common;
using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace VetCommunity.Core.Data;

/// <summary>
/// Questions that every page asks are planned once a connection: planning one of many tables costs more than answering it. Not for searches: their best plan depends on how common the words are.
/// </summary>
sealed class PreparedQuestions : DbCommandInterceptor
{
    const string Tag = "prepared";

    // SQLite's driver forgets what it prepared together with the command, and EF makes a command for each question.
    readonly ConditionalWeakTable<DbConnection, Dictionary<string, Kept>> _kept = [];

    /// <summary>A question that is to be planned once.</summary>
    public static Expression<TQuestion> Mark<TQuestion>(Expression<TQuestion> question) => question.Update(
        Expression.Call(typeof(EntityFrameworkQueryableExtensions), nameof(EntityFrameworkQueryableExtensions.TagWith), question.ReturnType.GenericTypeArguments, question.Body, Expression.Constant(Tag)),
        question.Parameters);

    /// <summary>The same for one that is not kept translated.</summary>
    public static IQueryable<T> Ready<T>(IQueryable<T> question) => question.TagWith(Tag);

    public override async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
    {
        if (!command.CommandText.StartsWith("-- " + Tag, StringComparison.Ordinal))
            return result;
        if (command is SqliteCommand asked)
            return Answer(asked) is { } reader ? InterceptionResult<DbDataReader>.SuppressWithResult(reader) : result;
        // The driver keeps what it prepared on the connection: from the second time on this asks the server nothing.
        await command.PrepareAsync(cancellationToken);
        return result;
    }

    SqliteDataReader? Answer(SqliteCommand asked)
    {
        var questions = _kept.GetOrCreateValue(asked.Connection!);
        if (!questions.TryGetValue(asked.CommandText, out var kept))
            questions.Add(asked.CommandText, kept = new(asked.Connection!.CreateCommand()) { Command = { CommandText = asked.CommandText } });
        // Whoever asks the same before the first answer was read to its end has a command of their own.
        if (kept.Answer is { IsClosed: false })
            return null;
        kept.Command.Transaction = asked.Transaction;
        kept.Command.CommandTimeout = asked.CommandTimeout;
        kept.Command.Parameters.Clear();
        foreach (SqliteParameter value in asked.Parameters)
            kept.Command.Parameters.Add(value);
        return kept.Answer = kept.Command.ExecuteReader();
    }

    sealed class Kept(SqliteCommand command)
    {
        public SqliteCommand Command { get; } = command;
        public SqliteDataReader? Answer { get; set; }
    }
}
