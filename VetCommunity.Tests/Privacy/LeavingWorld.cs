using System.Data.Common;
using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using MimeKit;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Mailing;
using VetCommunity.Core.Members;
using VetCommunity.Core.Privacy;
using VetCommunity.Core.Search;
using Xunit;

namespace VetCommunity.Tests.Privacy;

/// <summary>The world, and Quenza in it: every word that is hers alone begins with qzx. What is found of it after she left is a leak.</summary>
public sealed class LeavingWorld : IAsyncDisposable
{
    /// <summary>How all that is hers begins.</summary>
    public const string Hers = "qzx";
    public const string Password = "Trees-2026-fall!";

    LeavingWorld(World world)
    {
        World = world;
        Outbox = new(Path.Combine(Folder, "outbox"));
        Mails = new(world.Db, world.Feed, Outbox, new(new MailboxAddress("VetCommunity", "noreply@vet.example")), world.Clock, NullLogger<MailQueue>.Instance);
        Exports = new(Path.Combine(Folder, "exports"));
        Register = new(Path.Combine(Folder, "erased.txt"));
        var site = new Site(() => "https://vet.example");
        Erasures = new(world.Db, Mails, site, world.Feed, Rules, world.Clock);
        Erasing = new(world.Db, world.Log, world.Uploads, Exports, Outbox, new(world.Db, world.Log, world.Clock), Register, world.Feed, world.Clock, NullLogger<Erasing>.Instance);
        Search = new(world.Db, world.Log);
        Accounts = new(world.Db, world.Feed, world.Clock);
        People = new(world.Db, world.Clock);
    }

    public World World { get; }
    public string Folder { get; } = Directory.CreateTempSubdirectory("vet-leaving-").FullName;
    public Outbox Outbox { get; }
    public MailQueue Mails { get; }
    public ExportFolder Exports { get; }
    public ErasureRegister Register { get; }
    public PrivacyRules Rules { get; } = new(WaitDays: 14, BackupDays: 30);
    /// <summary>A session in which somebody has just given the password.</summary>
    public async Task<Guid> ProofAsync(Actor who) =>
        (await new Sessions(World.Db, World.Feed, World.Clock).BeginAsync((await Accounts.SignedInAsync(who.MemberId))!, userAgent: null, isRemembered: false)).Id;

    public Erasures Erasures { get; }
    public Erasing Erasing { get; }
    public MessageSearch Search { get; }
    public Accounts Accounts { get; }
    public People People { get; }
    public Actor Quenza { get; private set; } = Actor.Visitor;

    public static async Task<LeavingWorld> OpenAsync(Database database)
    {
        var world = new LeavingWorld(await World.OpenAsync(database));
        var member = await world.World.InDbAsync(async db =>
        {
            var quenza = new Member
            {
                Handle = "qzxhandle",
                DisplayName = "Qzxenza Ferri",
                Roles = Roles.Member,
                Language = "it",
                TimeZone = "Europe/Rome",
                Biography = "qzxbiography",
                Country = "IT",
                Speaks = "it",
                UserName = "qzx@mail.example",
                NormalizedUserName = "QZX@MAIL.EXAMPLE",
                Email = "qzx@mail.example",
                NormalizedEmail = "QZX@MAIL.EXAMPLE",
                EmailConfirmed = true,
                PasswordHash = new PasswordHasher<object>().HashPassword(new(), Password),
                SecurityStamp = "first",
                JoinedAt = world.World.Clock.GetUtcNow(),
                PhoneNumber = "qzx555",
            };
            db.Users.Add(quenza);
            await db.SaveChangesAsync();
            foreach (var room in (string[])["welding", "board"])
                db.Memberships.Add(new() { ConversationId = await db.Conversations.Where(c => c.Slug == room).Select(c => c.Id).SingleAsync(), MemberId = quenza.Id, Role = MembershipRole.Participant, JoinedAt = quenza.JoinedAt });
            await db.SaveChangesAsync();
            return quenza;
        });
        world.Quenza = Core.Members.Accounts.ActorOf(member);
        return world;
    }

    /// <summary>The direct conversation of Quenza and Bruno.</summary>
    public Task<Conversation> WithBrunoAsync() =>
        World.AddAsync(new() { Kind = ConversationKind.Direct, Pair = FormattableString.Invariant($"2-{Quenza.MemberId}") }, [], [World.Bruno, Quenza]);

    /// <summary>She asks, the days pass, and the server does its rounds until nothing is left to do.</summary>
    public async Task LeaveAsync(bool texts)
    {
        await Erasures.AskAsync(Quenza, await ProofAsync(Quenza), texts);
        World.Clock.Advance(TimeSpan.FromDays(Rules.WaitDays));
        await Erasing.GoOnAsync(Actor.Operator);
        World.Clock.Advance(Erasing.Settling);
        Assert.False(await Erasing.GoOnAsync(Actor.Operator));
    }

    public static MemoryStream Text(string content) => new(Encoding.UTF8.GetBytes(content));

    /// <summary>Every table and column, and every file, in which something of hers stands.</summary>
    public async Task<IReadOnlyList<string>> FindAsync(string what = Hers)
    {
        List<string> found = [];
        await using var db = World.Db.CreateDbContext();
        await db.Database.OpenConnectionAsync();
        var connection = db.Database.GetDbConnection();
        var tables = await RowsAsync(connection, World.Db.IsPostgres
            ? "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
            : "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'MessageIndex'");
        foreach (var table in tables.Select(row => row[0]).ToList())
        {
            foreach (var row in await RowsAsync(connection, $"SELECT * FROM \"{table}\""))
                found.AddRange(row.Where(value => value.Contains(what, StringComparison.OrdinalIgnoreCase)).Select(value => $"{table}: {value}"));
        }
        foreach (var file in (string[])[.. Directory.GetFiles(Folder, "*", SearchOption.AllDirectories), .. Directory.GetFiles(World.UploadPath)])
        {
            if (Path.GetFileName(file).Contains(what, StringComparison.OrdinalIgnoreCase) || (await ReadAsync(file)).Contains(what, StringComparison.OrdinalIgnoreCase))
                found.Add(Path.GetFileName(file));
        }
        return found;
    }

    /// <summary>The same in the raw bytes of SQLite's file, where what was deleted may lie on.</summary>
    public async Task<bool> IsInTheFileAsync()
    {
        await using var db = World.Db.CreateDbContext();
        var path = db.Database.GetDbConnection().DataSource;
        return Directory.GetFiles(Path.GetDirectoryName(path)!, Path.GetFileName(path) + "*")
            .Any(file => Encoding.Latin1.GetString(ReadShared(file)).Contains(Hers, StringComparison.OrdinalIgnoreCase));
    }

    static byte[] ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var all = new MemoryStream();
        stream.CopyTo(all);
        return all.ToArray();
    }

    static async Task<string> ReadAsync(string file)
    {
        if (!file.EndsWith(".eml", StringComparison.Ordinal))
            return await File.ReadAllTextAsync(file, Encoding.Latin1);
        using var mail = await MimeMessage.LoadAsync(file);
        return $"{mail.To} {mail.Subject} {mail.TextBody} {mail.HtmlBody}";
    }

    static async Task<List<string[]>> RowsAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        List<string[]> rows = [];
        while (await reader.ReadAsync())
        {
            var row = new string[reader.FieldCount];
            for (var i = 0; i < row.Length; i++)
                row[i] = reader.GetValue(i) switch { byte[] bytes => Encoding.Latin1.GetString(bytes), string[] many => string.Join(' ', many), var one => one.ToString() ?? "" };
            rows.Add(row);
        }
        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
