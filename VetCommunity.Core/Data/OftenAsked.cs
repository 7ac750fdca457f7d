using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace VetCommunity.Core.Data;

/// <summary>
/// A question of every page: EF translates it once, instead of finding it again by its shape each time, which costs more than the answer. Whatever the question takes from
/// outside, the clock too, has to be one of its values: the rest is read when it is translated.
/// </summary>
sealed class OftenAsked<T, TRow>(Expression<Func<CommunityDb, T, IQueryable<TRow>>> question)
{
    // A translation holds for the model of one database.
    readonly ConditionalWeakTable<IModel, Func<CommunityDb, T, IAsyncEnumerable<TRow>>> _translated = [];

    public ValueTask<List<TRow>> AskAsync(CommunityDb db, T value, CancellationToken cancel) =>
        _translated.GetValue(db.Model, _ => EF.CompileAsyncQuery(PreparedQuestions.Mark(question)))(db, value).ToListAsync(cancel);
}

/// <inheritdoc cref="OftenAsked{T, TRow}"/>
sealed class OftenAsked<TRow>(Expression<Func<CommunityDb, IQueryable<TRow>>> question)
{
    readonly ConditionalWeakTable<IModel, Func<CommunityDb, IAsyncEnumerable<TRow>>> _translated = [];

    public ValueTask<List<TRow>> AskAsync(CommunityDb db, CancellationToken cancel) =>
        _translated.GetValue(db.Model, _ => EF.CompileAsyncQuery(PreparedQuestions.Mark(question)))(db).ToListAsync(cancel);
}

/// <inheritdoc cref="OftenAsked{T, TRow}"/>
sealed class OftenAsked<T1, T2, TRow>(Expression<Func<CommunityDb, T1, T2, IQueryable<TRow>>> question)
{
    readonly ConditionalWeakTable<IModel, Func<CommunityDb, T1, T2, IAsyncEnumerable<TRow>>> _translated = [];

    public ValueTask<List<TRow>> AskAsync(CommunityDb db, T1 one, T2 two, CancellationToken cancel) =>
        _translated.GetValue(db.Model, _ => EF.CompileAsyncQuery(PreparedQuestions.Mark(question)))(db, one, two).ToListAsync(cancel);
}

/// <inheritdoc cref="OftenAsked{T, TRow}"/>
sealed class OftenAsked<T1, T2, T3, TRow>(Expression<Func<CommunityDb, T1, T2, T3, IQueryable<TRow>>> question)
{
    readonly ConditionalWeakTable<IModel, Func<CommunityDb, T1, T2, T3, IAsyncEnumerable<TRow>>> _translated = [];

    public ValueTask<List<TRow>> AskAsync(CommunityDb db, T1 one, T2 two, T3 three, CancellationToken cancel) =>
        _translated.GetValue(db.Model, _ => EF.CompileAsyncQuery(PreparedQuestions.Mark(question)))(db, one, two, three).ToListAsync(cancel);
}

/// <inheritdoc cref="OftenAsked{T, TRow}"/>
sealed class OftenAsked<T1, T2, T3, T4, TRow>(Expression<Func<CommunityDb, T1, T2, T3, T4, IQueryable<TRow>>> question)
{
    readonly ConditionalWeakTable<IModel, Func<CommunityDb, T1, T2, T3, T4, IAsyncEnumerable<TRow>>> _translated = [];

    public ValueTask<List<TRow>> AskAsync(CommunityDb db, T1 one, T2 two, T3 three, T4 four, CancellationToken cancel) =>
        _translated.GetValue(db.Model, _ => EF.CompileAsyncQuery(PreparedQuestions.Mark(question)))(db, one, two, three, four).ToListAsync(cancel);
}
