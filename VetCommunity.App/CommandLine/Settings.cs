using System.Globalization;
using VetCommunity.Core.Data;
using VetCommunity.Core.Operation;

namespace VetCommunity.App.CommandLine;

/// <summary>The settings that decide where the community lies. A wrong one is a sentence for the operator, when it is first needed.</summary>
sealed class Settings(IConfiguration configuration, IHostEnvironment environment)
{
    /// <summary>Relative ones count from the folder where the command was typed.</summary>
    public string Folder => Path.GetFullPath(Value("Data:Folder") ?? "data");

    public bool SeedsDemo => Value("Demo:Seed") switch
    {
        null => environment.IsDevelopment(),
        var text when bool.TryParse(text, out var seeds) => seeds,
        var text => throw new OperationFailedException($"Demo:Seed is {text}; it must be true or false."),
    };

    public CommunityDbFactory Database(DataFolder folder) => (Value("Database:Provider") ?? "Sqlite").ToLower(CultureInfo.InvariantCulture) switch
    {
        "sqlite" => CommunityDbFactory.Sqlite(CommunityDbFactory.SqliteFile(folder.DatabaseFile)),
        "postgres" => CommunityDbFactory.Postgres(Value("ConnectionStrings:Community")
            ?? throw new OperationFailedException("Database:Provider is Postgres, and ConnectionStrings:Community is missing.")),
        _ => throw new OperationFailedException($"Database:Provider is {Value("Database:Provider")}; it must be Sqlite or Postgres."),
    };

    string? Value(string key) => configuration[key] is { Length: > 0 } text ? text : null;
}
