using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VetCommunity.App.GoodPractice;
using VetCommunity.App.Mailing;
using VetCommunity.App.Members;
using VetCommunity.App.Operation;
using VetCommunity.App.Privacy;
using VetCommunity.Core;
using VetCommunity.Core.Auditing;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Core.Members;
using VetCommunity.Core.Operation;
using VetCommunity.Core.Privacy;
using VetCommunity.Core.Texts;

namespace VetCommunity.App.CommandLine;

/// <summary>The verbs of the command line. They work beside a running server, with the same settings.</summary>
static class Verbs
{
    const string Usage = """
        Usage: VetCommunity.App                                  runs the server
               VetCommunity.App import room <slug> <file.jsonl>  brings lines of {"at","author","text"} into a room
               VetCommunity.App import practices <folder or zip>  brings markdown files into the good practices and publishes them
               VetCommunity.App user create <email> --role <role>
               VetCommunity.App user delete <email> [--texts] [--now]   deletes the account; --texts also what it wrote in rooms, --now does not wait
               VetCommunity.App user reset-factors <email>       takes the second step and the passkeys from who has lost them
               VetCommunity.App token create <email>             prints the token as the last line
               VetCommunity.App export <folder>                  writes rooms, practices, members, organisations and files as open files into one new folder
               VetCommunity.App backup <file>                    writes the whole community into one new file; the server may run
               VetCommunity.App restore <file>                   puts a backup where there is no community yet; no server may run there
               VetCommunity.App doctor                           looks at what the installation needs, one line each
        Settings may follow, as in --Data:Folder=/srv/vet
        """;

    // What ASP.NET reads without a section.
    static readonly string[] HostSettings = ["urls", "http_ports", "https_ports", "environment", "applicationName", "contentRoot", "webRoot", "AllowedHosts"];

    /// <summary>Whether this is no plain start of the server: a verb, or something to refuse.</summary>
    public static bool Names(string[] args) => Parts(args).Words.Length > 0;

    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            var (words, settings) = Parts(args);
            return await RunAsync(words, settings);
        }
        catch (UsageException wrong)
        {
            await Console.Error.WriteLineAsync(wrong.Message);
            await Console.Error.WriteLineAsync(Usage);
            return 2;
        }
        catch (Exception failure) when (failure is OperationFailedException or IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 1;
        }
        catch (Exception failure) when (failure is DbException or DbUpdateException)
        {
            await Console.Error.WriteLineAsync($"The database refused: {failure.GetBaseException().Message}");
            return 1;
        }
        catch (RefusedException refused)
        {
            await Console.Error.WriteLineAsync(Sentence(refused));
            return 1;
        }
    }

    static Task<int> RunAsync(string[] words, string[] settings) => words switch
    {
        // Such as a script's variable that is not set.
        _ when words.Any(string.IsNullOrWhiteSpace) => throw new UsageException("One of the words is empty."),
        ["import", "room", var slug, var file] when !slug.StartsWith('-') && !file.StartsWith('-') => WithServicesAsync(settings, services => ImportRoomAsync(services, slug, file)),
        ["import", "room", ..] => throw new UsageException("import room takes the room's short name and one file."),
        ["import", "practices", var from] when !from.StartsWith('-') => WithServicesAsync(settings, services => ImportPracticesAsync(services, from)),
        ["import", "practices", ..] => throw new UsageException("import practices takes one folder or one ZIP file."),
        ["user", "create", var email, "--role", var name] when RoleOf(name) is var role => WithServicesAsync(settings, services => CreateUserAsync(services, email, role)),
        ["user", "create", var email, var option] when option.StartsWith("--role=", StringComparison.Ordinal) && RoleOf(option["--role=".Length..]) is var role =>
            WithServicesAsync(settings, services => CreateUserAsync(services, email, role)),
        ["user", "create", ..] => throw new UsageException("user create takes an e-mail address and --role with a role."),
        ["user", "delete", var email, .. var options] when !email.StartsWith('-') && options.All(option => option is "--texts" or "--now") =>
            WithServicesAsync(settings, services => DeleteUserAsync(services, email, options)),
        ["user", "delete", ..] => throw new UsageException("user delete takes an e-mail address, and --texts or --now or both."),
        ["user", "reset-factors", var email] when !email.StartsWith('-') => WithServicesAsync(settings, services => ResetFactorsAsync(services, email)),
        ["user", "reset-factors", ..] => throw new UsageException("user reset-factors takes one e-mail address."),
        ["token", "create", var email] when !email.StartsWith('-') => WithServicesAsync(settings, services => CreateTokenAsync(services, email)),
        ["token", "create", ..] => throw new UsageException("token create takes one e-mail address."),
        ["export", var folder] when !folder.StartsWith('-') => WithServicesAsync(settings, services => OperationVerbs.ExportAsync(services, folder), prepares: false),
        ["export", ..] => throw new UsageException("export takes the name of one new folder."),
        ["backup", var file] when !file.StartsWith('-') => WithServicesAsync(settings, services => OperationVerbs.BackupAsync(services, file), prepares: false),
        ["backup", ..] => throw new UsageException("backup takes the name of one new file."),
        ["restore", var file] when !file.StartsWith('-') => WithServicesAsync(settings, services => OperationVerbs.RestoreAsync(services, file), prepares: false),
        ["restore", ..] => throw new UsageException("restore takes one backup."),
        ["doctor"] => WithServicesAsync(settings, OperationVerbs.ExamineAsync, prepares: false),
        ["doctor", ..] => throw new UsageException("doctor takes nothing."),
        [var verb, var what, ..] when verb is "import" or "user" or "token" => throw new UsageException($"Unknown command: {verb} {what}."),
        ["help" or "--help" or "-h"] => HelpAsync(),
        [var option, ..] when option.StartsWith('-') => throw new UsageException($"Unknown option: {option}."),
        [var verb, ..] => throw new UsageException($"Unknown or unfinished command: {verb}."),
        [] => throw new UsageException("No command."),
    };

    // An option with a colon is a setting, for the server and for the verbs: --Data:Folder=/srv/vet or --Data:Folder /srv/vet.
    static (string[] Words, string[] Settings) Parts(string[] args)
    {
        List<string> words = [], settings = [];
        for (var i = 0; i < args.Length; i++)
        {
            if (!IsSetting(args[i]))
                words.Add(args[i]);
            else if (args[i].Contains('=', StringComparison.Ordinal) || i + 1 == args.Length)
                settings.Add(args[i]);
            else
                settings.Add($"{args[i]}={args[++i]}");
        }
        return ([.. words], [.. settings]);
    }

    static bool IsSetting(string arg) => arg.StartsWith("--", StringComparison.Ordinal) && arg[2..].Split('=')[0] is var name
        && (name.Contains(':', StringComparison.Ordinal) || HostSettings.Contains(name, StringComparer.OrdinalIgnoreCase));

    static async Task<int> HelpAsync()
    {
        await Console.Out.WriteLineAsync(Usage);
        return 0;
    }

    static Roles RoleOf(string name) => Enum.GetValues<Roles>().FirstOrDefault(role => role.ToString().Equals(name, StringComparison.OrdinalIgnoreCase)) is var role and not Roles.None
        ? role
        : throw new UsageException($"Unknown role {name}. Roles: {string.Join(", ", Enum.GetNames<Roles>().Skip(1)).ToLowerInvariant()}.");

    static async Task<int> WithServicesAsync(string[] settings, Func<IServiceProvider, Task> run, bool prepares = true)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = settings, ContentRootPath = AppContext.BaseDirectory });
        // Standard output is for results.
        builder.Logging.ClearProviders().AddSimpleConsole();
        builder.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.AddCommunity();
        builder.AddMailing();
        builder.AddPrivacy();
        builder.AddPracticeImport();
        builder.AddOperation();
        builder.Services.AddSecondFactors();
        // A verb takes what it needs. What runs in the background of a server is not begun, and not all that it needs is here.
        builder.Host.UseDefaultServiceProvider(services => services.ValidateOnBuild = false);
        await using var app = builder.Build();
        // What looks at the community, or puts one there, must not change it before.
        if (prepares)
        {
            app.Services.GetRequiredService<DataFolder>().Create();
            await app.Services.GetRequiredService<DatabasePreparation>().PrepareAsync();
        }
        await run(app.Services);
        if (prepares)
            await app.Services.GetRequiredService<AuditAnchor>().AdvanceAsync(Actor.Operator);
        return 0;
    }

    static async Task ImportRoomAsync(IServiceProvider services, string slug, string file)
    {
        var path = Path.GetFullPath(file);
        if (!File.Exists(path))
            throw new OperationFailedException($"There is no file {path}.");
        await using var lines = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.Asynchronous | FileOptions.SequentialScan);
        var counts = await services.GetRequiredService<RoomImport>().ImportAsync(Actor.Operator, slug, lines, new Progress());
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{counts.Lines} lines: {counts.Added} added to {slug}, {counts.AlreadyThere} were already there"));
    }

    static async Task ImportPracticesAsync(IServiceProvider services, string from)
    {
        var counts = await services.GetRequiredService<PracticeImport>().ImportAsync(Actor.Operator, Path.GetFullPath(from), new Progress());
        if (counts.Unknown.Count > 0)
            Console.WriteLine($"Kept as they are, and unknown here: {string.Join(", ", counts.Unknown.OrderByDescending(one => one.Value).ThenBy(one => one.Key, StringComparer.Ordinal).Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Key} ({one.Value})")))}");
        if (counts.Others.Count > 0)
            Console.WriteLine($"No markdown and shown by no text, not imported: {string.Join(", ", counts.Others)}");
        if (counts.Pictures > 0)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{counts.Pictures} pictures and files came with them"));
        foreach (var trouble in counts.NotShown)
            Console.WriteLine($"{trouble.Path} is stored and not published: {SentenceOf(trouble)}");
        foreach (var trouble in counts.NotStored)
            await Console.Error.WriteLineAsync($"{trouble.Path} is not imported: {SentenceOf(trouble)}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{counts.Files} files: {counts.Added} new, {counts.Changed} changed, {counts.AlreadyThere} were already there, {counts.NotStored.Count} not imported"));
        if (counts.NotStored.Count > 0)
            throw new OperationFailedException("Mend the files that are named above, and import once more: what is there already stays.");
    }

    static string SentenceOf(ImportTrouble trouble) => Sentences.For(trouble.Refusal, [.. trouble.Arguments], CultureInfo.InvariantCulture);

    static async Task CreateUserAsync(IServiceProvider services, string email, Roles role)
    {
        var password = await services.GetRequiredService<OperatorAccounts>().CreateMemberAsync(Actor.Operator, email, role);
        Console.WriteLine($"{email} can log in with this password, which is shown only now:");
        Console.WriteLine(password);
    }

    // A running server does it within a minute, any other one when it starts; the mail goes the same way.
    static async Task DeleteUserAsync(IServiceProvider services, string email, string[] options)
    {
        var due = await services.GetRequiredService<Erasures>().AskByAddressAsync(Actor.Operator, email, options.Contains("--texts"), options.Contains("--now"));
        Console.WriteLine(options.Contains("--now")
            ? $"The account of {email} is deleted by the running server within a minute, otherwise when it starts."
            : string.Create(CultureInfo.InvariantCulture, $"The account of {email} is deleted on {due:u}; until then its owner can keep it by logging in."));
    }

    static async Task ResetFactorsAsync(IServiceProvider services, string email)
    {
        await services.GetRequiredService<SecondFactors>().ResetAsync(Actor.Operator, email);
        Console.WriteLine($"{email} logs in with the password alone now, and is logged out everywhere.");
    }

    static async Task CreateTokenAsync(IServiceProvider services, string email)
    {
        var token = await services.GetRequiredService<AccessTokens>().CreateAsync(Actor.Operator, email, "command line");
        Console.WriteLine($"Access token of {email}, which is shown only now:");
        Console.WriteLine(token);
    }

    static string Sentence(RefusedException refused) => refused.Refusal switch
    {
        Refusal.BadLine => $"Line {refused.Arguments[0]} cannot be read: {refused.Arguments[1]}. What came before it is stored, nothing after it.",
        Refusal.BadSlug => "The room's short name must be 2 to 60 small letters, digits and hyphens, with a letter among them.",
        Refusal.LastAdministrator => "Nobody else administers the network. Give the role to somebody else first.",
        Refusal.UnknownMember => $"There is no account for {refused.Arguments[0]}.",
        Refusal.StorageUnavailable => "The database is busy or full. Try again: what was stored is not stored twice.",
        _ => $"Refused: {refused.Refusal}.",
    };

    sealed class UsageException(string sentence) : Exception(sentence);

    /// <summary>Speaks once a second at most.</summary>
    sealed class Progress : IProgress<ImportCounts>, IProgress<PracticeImportCounts>
    {
        long _spoke = Environment.TickCount64;

        public void Report(ImportCounts value) => Say(value.Lines, "lines");

        public void Report(PracticeImportCounts value) => Say(value.Files, "files");

        void Say(long count, string what)
        {
            if (Environment.TickCount64 - _spoke < 1000)
                return;
            _spoke = Environment.TickCount64;
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} {what} ..."));
        }
    }
}
