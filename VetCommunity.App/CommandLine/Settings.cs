using System.Globalization;
using Npgsql;
using VetCommunity.App.Limiting;
using VetCommunity.App.Members;
using VetCommunity.App.SecondOrigin;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;
using VetCommunity.Core.Operation;

namespace VetCommunity.App.CommandLine;

/// <summary>The settings that decide where the community lies. A wrong one is a sentence for the operator, when it is first needed.</summary>
sealed class Settings(IConfiguration configuration, IHostEnvironment environment)
{
    const string Reserve = "Uploads:ReserveMegabytes";
    ConfiguredLimits? _limits;

    /// <summary>Relative ones count from the folder where the command was typed.</summary>
    public string Folder => Path.GetFullPath(Value("Data:Folder") ?? "data");

    /// <summary>A list of stolen passwords beside the one that comes along; null where none is named.</summary>
    public string? BreachedFile => Value("Passwords:BreachedFile") is { } file ? Path.GetFullPath(file) : null;

    /// <summary>The browser that makes PDFs; null where none is named.</summary>
    public string? Chromium => Value("Pdf:Chromium");

    /// <summary>The folder with Poppler's programs, which draw the pages of PDFs: where none is named, the first of the path that has them; null where there are none.</summary>
    public string? Poppler => Value("Pdf:Poppler") ?? (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(Printing.PdfPages.AreIn);

    public bool SeedsDemo => Flag("Demo:Seed") ?? environment.IsDevelopment();

    /// <summary>What an operator may set of how often, how many, how long and how much.</summary>
    public ConfiguredLimits Limits => _limits ??= ConfiguredLimits.Of(configuration);

    /// <summary>Where people's packages come from.</summary>
    public ContentOrigin Content => ContentOrigin.Of(configuration);

    /// <summary>When sessions end by themselves.</summary>
    public SessionRule Sessions => new(
        TimeSpan.FromHours(Some("Sessions:IdleHours", (int)SessionRule.Usual.Idle.TotalHours)),
        TimeSpan.FromDays(Some("Sessions:RememberedDays", SessionRule.Usual.IdleRemembered.Days)),
        TimeSpan.FromDays(Some("Sessions:LongestDays", SessionRule.Usual.Longest.Days)),
        TimeSpan.FromMinutes(Some("Sessions:ProofMinutes", (int)SessionRule.Usual.Proof.TotalMinutes)));

    /// <summary>Bytes of the disk that files leave to messages.</summary>
    public long UploadReserve => Number(Reserve, 512) * 1024L * 1024;

    /// <summary>Hours from one backup to the next; 0 for none.</summary>
    public int BackupHours => Number("Backup:Every", 0);

    public int BackupsKept => Number("Backup:Keep", 7);

    /// <summary>Whether the community is to be in PostgreSQL.</summary>
    public bool IsPostgres => Provider == "postgres";

    string Provider => (Value("Database:Provider") ?? "Sqlite").ToLower(CultureInfo.InvariantCulture);

    public CommunityDbFactory Database(DataFolder folder) => Provider switch
    {
        "sqlite" => CommunityDbFactory.Sqlite(CommunityDbFactory.SqliteFile(folder.DatabaseFile)),
        _ when IsPostgres => CommunityDbFactory.Postgres(PostgresServer),
        _ => throw new OperationFailedException($"Database:Provider is {Value("Database:Provider")}; it must be Sqlite or Postgres."),
    };

    /// <summary>Looks at what the server would otherwise stumble over later, at the first call of a member.</summary>
    /// <exception cref="OperationFailedException">A value makes no sense.</exception>
    public void Check()
    {
        Flag("RateLimits:Enabled");
        Number(Reserve, 0);
        _ = Sessions;
        _ = Limits;
        _ = Live.IceServers.Of(configuration);
        _ = new OpenIdProviders(configuration).All;
        if (Chromium is { } browser && !File.Exists(browser))
            throw new OperationFailedException($"Pdf:Chromium is {browser}, and there is no such program.");
        if (Value("Pdf:Poppler") is { } folder && !Printing.PdfPages.AreIn(folder))
            throw new OperationFailedException($"Pdf:Poppler is {folder}, and the programs {string.Join(", ", Printing.PdfPages.Programs)} are not there.");
        foreach (var url in (Value("Urls") ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!IsAddress(url))
                throw new OperationFailedException($"Urls is {Value("Urls")}; it must be addresses such as http://localhost:5000, with a semicolon between them.");
        }
        _ = Content;
    }

    string PostgresServer
    {
        get
        {
            var server = Value("ConnectionStrings:Community")
                ?? throw new OperationFailedException("Database:Provider is Postgres, and ConnectionStrings:Community is missing.");
            try
            {
                return new NpgsqlConnectionStringBuilder(server).ConnectionString;
            }
            catch (Exception error) when (error is ArgumentException or FormatException)
            {
                // Without the value: it may hold a password.
                throw new OperationFailedException($"ConnectionStrings:Community cannot be read: {error.Message}", error);
            }
        }
    }

    bool? Flag(string key) => Value(key) switch
    {
        null => null,
        var text when bool.TryParse(text, out var flag) => flag,
        var text => throw new OperationFailedException($"{key} is {text}; it must be true or false."),
    };

    int Number(string key, int usual) => Value(key) switch
    {
        null => usual,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
        var text => throw new OperationFailedException($"{key} is {text}; it must be a number from 0 on."),
    };

    int Some(string key, int usual) => Number(key, usual) is >= 1 and <= 3650 and var number
        ? number
        : throw new OperationFailedException($"{key} is {Value(key)}; it must be a number from 1 to 3650.");

    static bool IsAddress(string url)
    {
        try
        {
            return BindingAddress.Parse(url) is { IsUnixPipe: true } or { IsNamedPipe: true } or { Port: >= 0 and <= 65535 };
        }
        catch (FormatException)
        {
            return false;
        }
    }

    string? Value(string key) => configuration[key] is { Length: > 0 } text ? text : null;
}
