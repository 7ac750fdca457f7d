using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace VetCommunity.Core.Operation;

/// <summary>What a backup says of itself.</summary>
/// <param name="Format">How it is laid out.</param>
/// <param name="Database">Of which database: its tables can be read by no other.</param>
/// <param name="Migration">The last step that the database had taken.</param>
/// <param name="MadeAt">The moment that it shows.</param>
/// <param name="Program">The version that wrote it.</param>
/// <param name="Tables">Its tables.</param>
/// <param name="Sequences">PostgreSQL: how far each one had counted.</param>
/// <param name="Lost">Files that the database named and that were not there.</param>
/// <param name="Entries">All that is in the archive but this.</param>
sealed record BackupManifest(
    int Format, string Database, string Migration, DateTimeOffset MadeAt, string Program, IReadOnlyList<BackupTable> Tables, IReadOnlyDictionary<string, long> Sequences,
    IReadOnlyList<string> Lost, IReadOnlyList<BackupEntry> Entries)
{
    /// <summary>The layout that this version reads and writes.</summary>
    public const int Present = 1;

    public static string Version => typeof(BackupManifest).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    public static string KindOf(bool isPostgres) => isPostgres ? "Postgres" : "Sqlite";

    /// <summary>Whether nothing is missing that the reader of somebody else's manifest would stumble over.</summary>
    [JsonIgnore]
    public bool IsComplete => this is { Database: not null, Migration: not null, Program: not null, Tables: not null, Sequences: not null, Lost: not null, Entries: not null }
        && Tables.All(table => table is { Name: not null, Columns: not null }) && Entries.All(entry => entry is { Name: not null, Sha256: not null }) && Lost.All(id => id is not null);

    public long RowsOf(string table) => Tables.FirstOrDefault(one => one.Name == table)?.Rows ?? 0;

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, JsonSerializerOptions.Web);

    public static BackupManifest? Of(byte[] bytes) => JsonSerializer.Deserialize<BackupManifest>(bytes, JsonSerializerOptions.Web);
}

/// <summary>A table of a backup.</summary>
/// <param name="Name">As the database calls it.</param>
/// <param name="Columns">In the order of its lines; none where the database is one file.</param>
/// <param name="Rows">How many.</param>
sealed record BackupTable(string Name, IReadOnlyList<string> Columns, long Rows);

/// <summary>A file in a backup.</summary>
/// <param name="Name">Its path in the archive.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">Of its content, in small hexadecimal digits.</param>
sealed record BackupEntry(string Name, long Bytes, string Sha256);

/// <summary>How what is in a backup is called. Nothing else is ever taken out of one.</summary>
static partial class BackupNames
{
    public const string Manifest = "manifest.json";
    public const string ManifestHash = "manifest.sha256";
    public const string SqliteFile = "database/community.db";
    public const string Erased = "erased.txt";
    public const string Uploads = "uploads/";
    public const string Keys = "keys/";

    public static string Table(string name) => $"database/{name}.copy";

    /// <summary>Whether a file of the folder of keys belongs into a backup.</summary>
    public static bool IsKey(string file) => KeyFile().IsMatch(file);

    /// <summary>Whether an upload's name is one that the program gives.</summary>
    public static bool IsUpload(string id) => UploadId().IsMatch(id);

    /// <summary>Whether a backup may hold an entry of this name: no way leads out of the folder that it is laid into.</summary>
    public static bool IsKnown(string name) => Known().IsMatch(name);

    [GeneratedRegex(@"\A((key|revocation)-[0-9A-Za-z-]{1,64}\.xml|audit\.key)\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex KeyFile();

    [GeneratedRegex(@"\A[0-9a-f]{32}\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex UploadId();

    [GeneratedRegex(@"\A(database/community\.db|database/[A-Za-z_]{1,63}\.copy|uploads/[0-9a-f]{32}(\.thumbnail)?|keys/((key|revocation)-[0-9A-Za-z-]{1,64}\.xml|audit\.key)|erased\.txt)\z", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Known();
}
