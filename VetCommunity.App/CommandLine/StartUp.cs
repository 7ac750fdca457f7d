using System.Data.Common;
using System.Net.Sockets;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption;
using Microsoft.EntityFrameworkCore;
using VetCommunity.App.SecondOrigin;
using VetCommunity.App.Watching;
using VetCommunity.Core;
using VetCommunity.Core.Auditing;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Demo;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Files;
using VetCommunity.Core.Mailing;
using VetCommunity.Core.Members;
using VetCommunity.Core.Operation;

namespace VetCommunity.App.CommandLine;

/// <summary>What both the server and the verbs need: the database and the community's classes; and how the server starts.</summary>
static class StartUp
{
    const string DefaultUrls = "http://localhost:5000";
    static readonly string[] AddressSettings = ["urls", "http_ports", "https_ports"];

    public static void AddCommunity(this IHostApplicationBuilder builder)
    {
        if (AddressSettings.All(key => string.IsNullOrEmpty(builder.Configuration[key])) && !builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
            builder.Configuration["urls"] = DefaultUrls;
        var settings = new Settings(builder.Configuration, builder.Environment);
        var start = new Start();
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(start);
        builder.Services.AddSingleton(_ => new DataFolder(settings.Folder));
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(services =>
        {
            var databases = settings.Database(services.GetRequiredService<DataFolder>());
            databases.AuditKey = AuditKey.In(DataFolder.KeysIn(settings.Folder));
            return databases;
        });
        builder.Services.AddSingleton<DatabasePreparation>();
        builder.Services.AddSingleton<Feed>();
        builder.Services.AddSingleton<MessageLog>();
        builder.Services.AddSingleton(services => new UploadFolder(services.GetRequiredService<DataFolder>().Uploads, settings.UploadReserve, settings.Limits.Uploads));
        builder.Services.AddSingleton<AllConversations>();
        builder.Services.AddSingleton<RoomImport>();
        builder.Services.AddSingleton<OperatorAccounts>();
        builder.Services.AddSingleton<AccessTokens>();
        builder.Services.AddSingleton<Rooms>();
        builder.Services.AddSingleton<DemoWorld>();
        builder.Services.AddDataProtection()
            .SetApplicationName("VetCommunity")
            .UseCryptographicAlgorithms(new() { EncryptionAlgorithm = EncryptionAlgorithm.AES_256_GCM })
            .PersistKeysToFileSystem(new DirectoryInfo(DataFolder.KeysIn(settings.Folder)));
        // A port in use is a sentence, not two stack traces and a sentence.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", level => start.IsDone && level >= LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel", level => start.IsDone && level >= LogLevel.Warning);
    }

    public static async Task<bool> PrepareAsync(this WebApplication app)
    {
        try
        {
            app.Services.GetRequiredService<Settings>().Check();
            WatchingSetUp.Check(app.Configuration);
            var folder = app.Services.GetRequiredService<DataFolder>();
            folder.Create();
            folder.LockForServer();
            await app.Services.GetRequiredService<DatabasePreparation>().PrepareAsync();
            // A wrong setting is said now, not when the first mail waits.
            app.Services.GetRequiredService<MailQueue>();
            app.Services.GetRequiredService<BreachedPasswords>();
            app.Services.GetRequiredService<BackupRules>();
            app.Services.GetRequiredService<Site>().Address("/");
            app.Services.GetRequiredService<Core.Bridging.ISuggestTranslations>();
            if (app.Services.GetRequiredService<Settings>().SeedsDemo)
                await app.Services.GetRequiredService<DemoWorld>().SeedAsync(Actor.Operator, Path.Combine(AppContext.BaseDirectory, "demo"));
            await app.Services.GetRequiredService<AuditAnchor>().BeginAsync(Actor.Operator);
            return true;
        }
        catch (OperationFailedException failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return false;
        }
        catch (Exception failure) when (failure is DbException or DbUpdateException)
        {
            await Console.Error.WriteLineAsync($"The database refused: {failure.GetBaseException().Message}");
            return false;
        }
    }

    public static async Task<int> ListenAsync(this WebApplication app)
    {
        await using (app)
        {
            try
            {
                await app.StartAsync();
            }
            catch (Exception error) when (error is IOException or SocketException or FormatException)
            {
                await Console.Error.WriteLineAsync($"VetCommunity cannot listen: {error.Message.TrimEnd('.')}. Stop what holds the address, or set Urls to another one; the port after it is for people's packages.");
                return 1;
            }
            app.Services.GetRequiredService<Start>().IsDone = true;
            await WelcomeAsync(app);
            await app.WaitForShutdownAsync();
        }
        return 0;
    }

    static async Task WelcomeAsync(WebApplication app)
    {
        var content = app.Services.GetRequiredService<ContentOrigin>();
        Console.WriteLine($"VetCommunity listens on {string.Join(" and ", app.Urls.Where(url => content.Port is null || BindingAddress.Parse(url).Port != content.Port))}");
        // Who registers looks for a mail that no server sends.
        if (app.Services.GetRequiredService<IMailRoute>() is Outbox)
            Console.WriteLine($"No mail server is set: mails are written to {app.Services.GetRequiredService<DataFolder>().Outbox}");
        if (app.Services.GetRequiredService<Settings>().SeedsDemo
            && await app.Services.GetRequiredService<DemoWorld>().AccountsAsync(Actor.Operator) is { Count: > 0 } accounts)
        {
            Console.WriteLine($"Demo accounts, all with the password {DemoWorld.Password}");
            foreach (var account in accounts)
                Console.WriteLine($"  {account.Email,-26} {account.Name} ({RoleNames(account.Roles)})");
            return;
        }
        if (await app.Services.GetRequiredService<FirstAdministrator>().RenewCodeAsync(Actor.Operator) is { } code)
        {
            Console.WriteLine($"Nobody administers this network yet. Make the first account here, within {FirstAdministrator.LinkLife.TotalHours:0} hours and once:");
            Console.WriteLine("  " + app.Services.GetRequiredService<Site>().Address("/Account/SetUp?code=" + code));
        }
    }

    static string RoleNames(Roles roles) =>
        (roles == Roles.Member ? roles : roles & ~Roles.Member).ToString().ToLowerInvariant();

    sealed class Start
    {
        public volatile bool IsDone;
    }
}
