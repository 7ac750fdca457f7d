using System.Globalization;
using System.Reflection;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Operation;

/// <summary>
/// Whether a database has taken exactly the steps that this program knows. It is what nearly every start finds, and asked without EF: building its model and translating its first questions
/// takes longer than everything else up to the first page.
/// </summary>
static class PresentShape
{
    /// <summary>False also where there is no database yet, where one is empty, and where it knows steps that we do not: EF's own way of preparing it says what to do.</summary>
    public static async Task<bool> HasAsync(CommunityDbFactory db, CancellationToken cancel)
    {
        try
        {
            await using var connection = db.Connect();
            await connection.OpenAsync(cancel);
            await using (var isThere = connection.Command(db.IsPostgres
                ? """SELECT COUNT(*) FROM pg_catalog.pg_class WHERE oid = to_regclass('"__EFMigrationsHistory"')"""
                : "SELECT COUNT(*) FROM sqlite_master WHERE name = '__EFMigrationsHistory'"))
            {
                if (Convert.ToInt64(await isThere.ExecuteScalarAsync(cancel), CultureInfo.InvariantCulture) == 0)
                    return false;
            }
            HashSet<string> taken = new(StringComparer.Ordinal);
            await using var steps = connection.Command("""SELECT "MigrationId" FROM "__EFMigrationsHistory" """);
            await using var reader = await steps.ExecuteReaderAsync(cancel);
            while (await reader.ReadAsync(cancel))
                taken.Add(reader.GetString(0));
            return taken.SetEquals(StepsOf(db.ContextType));
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.InvalidCatalogName)
        {
            return false;
        }
    }

    /// <summary>The steps to the present shape, as EF finds them.</summary>
    internal static IEnumerable<string> StepsOf(Type context) => context.Assembly.GetTypes()
        .Where(type => type.BaseType == typeof(Migration) && type.GetCustomAttribute<DbContextAttribute>()?.ContextType == context)
        .Select(type => type.GetCustomAttribute<MigrationAttribute>()!.Id);
}
