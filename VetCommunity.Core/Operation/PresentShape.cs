using System.Globalization;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
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

    /// <summary>The steps to the present shape, as EF finds them, read off the program's file: asking the runtime makes it load all three thousand types of Core, a twentieth of a program's memory.</summary>
    internal static IEnumerable<string> StepsOf(Type context)
    {
        using var file = new PEReader(File.OpenRead(context.Assembly.Location));
        var reader = file.GetMetadataReader();
        List<string> steps = [];
        foreach (var type in reader.TypeDefinitions)
        {
            var attributes = reader.GetTypeDefinition(type).GetCustomAttributes();
            if (FirstArgument(reader, attributes, nameof(MigrationAttribute)) is { } step && FirstArgument(reader, attributes, nameof(DbContextAttribute)) == context.FullName)
                steps.Add(step);
        }
        return steps;
    }

    // ECMA-335, II.23.3: two bytes, then what the constructor gets; a type is its name.
    static string? FirstArgument(MetadataReader reader, CustomAttributeHandleCollection attributes, string name)
    {
        foreach (var attribute in attributes.Select(reader.GetCustomAttribute))
        {
            if (attribute.Constructor.Kind != HandleKind.MemberReference
                || reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent is not { Kind: HandleKind.TypeReference } parent
                || !reader.StringComparer.Equals(reader.GetTypeReference((TypeReferenceHandle)parent).Name, name))
                continue;
            var value = reader.GetBlobReader(attribute.Value);
            value.ReadUInt16();
            return value.ReadSerializedString();
        }
        return null;
    }
}
