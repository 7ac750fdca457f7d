using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Privacy;

/// <summary>What becomes of a table's rows when their member leaves.</summary>
enum Leaving
{
    /// <summary>They are deleted.</summary>
    Goes,
    /// <summary>They stay under a number behind which there is nobody any more.</summary>
    Stays,
    /// <summary>They stay, and what is personal in them goes.</summary>
    IsEmptied,
}

/// <summary>One table in which something of a member stands: what becomes of it when the member leaves, and what of it belongs into the member's export.</summary>
/// <param name="Table">The entity.</param>
/// <param name="Leaving">What becomes of it.</param>
/// <param name="Numbers">Its columns that hold the number of a member.</param>
/// <param name="EraseAsync">Does it for one member, as often as it is called; null where something else does it.</param>
/// <param name="Mine">The rows of one member that belong into an export; null for none.</param>
/// <param name="File">How the export's file is called.</param>
/// <param name="Withheld">Columns that no export shows: secrets, and what says something of others.</param>
sealed record Holding(
    Type Table, Leaving Leaving, IReadOnlyList<string> Numbers, Func<CommunityDb, int, CancellationToken, Task>? EraseAsync, Func<CommunityDb, int, IQueryable<object>>? Mine,
    string File, IReadOnlyList<string> Withheld)
{
    /// <summary>Rows that go with their member.</summary>
    public static Holding Goes<T>(string file, string number, Func<int, Expression<Func<T, bool>>> whose, params string[] withheld) where T : class =>
        new(typeof(T), Leaving.Goes, [number], (db, member, cancel) => db.Set<T>().Where(whose(member)).ExecuteDeleteAsync(cancel),
            (db, member) => db.Set<T>().AsNoTracking().Where(whose(member)), file, withheld);

    /// <summary>Rows that say something of the room or of others and hold nothing of the member but the number.</summary>
    public static Holding Stays<T>(string[] numbers, string file = "", Func<int, Expression<Func<T, bool>>>? whose = null, params string[] withheld) where T : class =>
        new(typeof(T), Leaving.Stays, numbers, null, whose is null ? null : (db, member) => db.Set<T>().AsNoTracking().Where(whose(member)), file, withheld);

    /// <summary>Rows that stay, less what is personal in them.</summary>
    public static Holding Emptied<T>(
        string[] numbers, Func<CommunityDb, int, CancellationToken, Task>? erase, string file = "", Func<int, Expression<Func<T, bool>>>? whose = null, params string[] withheld) where T : class =>
        new(typeof(T), Leaving.IsEmptied, numbers, erase, whose is null ? null : (db, member) => db.Set<T>().AsNoTracking().Where(whose(member)), file, withheld);
}
