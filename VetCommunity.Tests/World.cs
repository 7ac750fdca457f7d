using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Files;
using VetCommunity.Core.Members;
using VetCommunity.Core.Moderation;
using VetCommunity.Tests;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: AssemblyFixture(typeof(EmptyDatabases))]
[assembly: SuppressMessage("xUnit", "xUnit1051", Justification = "Calls read as a member's wish; what may hang is waited for with a time limit.")]

namespace VetCommunity.Tests;

/// <summary>The databases the community runs on.</summary>
public enum Database
{
    Sqlite,
    Postgres,
}

/// <summary>Runs a theory once on each database. Without VET_POSTGRES the second is skipped on a desk and fails in CI.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnBothDatabasesAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) => new([
        new TheoryDataRow<Database>(Database.Sqlite),
        new TheoryDataRow<Database>(Database.Postgres)
        {
            Skip = EmptyDatabases.Server is null && Environment.GetEnvironmentVariable("CI") != "true"
                ? "VET_POSTGRES is not set; ./test.sh starts a server of its own" : null,
        },
    ]);

    public override bool SupportsDiscoveryEnumeration() => true;
}

/// <summary>
/// A small network in a database of its own: Anna trains and moderates the room welding, Bruno is a member of it, Carla moderates the
/// network, Olga is a member who is in nothing, Ada administers. The closed room board is Anna's and Ada's. Anna and Bruno also talk alone.
/// </summary>
public sealed class World : IAsyncDisposable
{
    readonly Func<ValueTask> _drop;

    World(CommunityDbFactory db, Func<ValueTask> drop)
    {
        _drop = drop;
        Db = db;
        Log = new(db, Feed, Clock, NullLogger<MessageLog>.Instance);
        Uploads = new(UploadPath);
        Conversations = new(db, Log, Uploads);
        Attachments = new(db, Uploads, Clock, NullLogger<Attachments>.Instance);
        Topics = new(db, Log, Feed, Clock);
        db.Clock = Clock;
        Reports = new(db, Clock);
        Decisions = new(db, Log, Feed, Uploads);
        Statements = new(db, Clock);
        Queue = new(db);
        Polls = new(db, Log, Clock);
        Sending = new(db, Conversations, Clock, NullLogger<ScheduledSending>.Instance);
        Scheduled = new(db, Sending, Clock);
    }

    public CommunityDbFactory Db { get; }
    public FakeTime Clock { get; } = new();
    public Feed Feed { get; } = new(NullLogger<Feed>.Instance);
    public MessageLog Log { get; }
    public AllConversations Conversations { get; }
    public LastPages LastPages { get; } = new();
    public Topics Topics { get; }
    public Polls Polls { get; }
    public ScheduledMessages Scheduled { get; }
    public ScheduledSending Sending { get; }
    public Attachments Attachments { get; }
    public UploadFolder Uploads { get; }
    public Reports Reports { get; }
    public Decisions Decisions { get; }
    public Statements Statements { get; }
    public ModerationQueue Queue { get; }

    /// <summary>Where the uploads lie.</summary>
    public string UploadPath { get; } = Directory.CreateTempSubdirectory("vet-uploads-").FullName;

    public Actor Anna { get; } = new(1, "anna", "Anna Rossi", Roles.Member | Roles.Trainer, "it", "Europe/Rome");
    public Actor Bruno { get; } = new(2, "bruno", "Bruno Weiß", Roles.Member, "de", "Europe/Berlin");
    public Actor Carla { get; } = new(3, "carla", "Carla Puig", Roles.Member | Roles.Moderator, "ca", "Europe/Madrid");
    public Actor Olga { get; } = new(4, "olga", "Όλγα Νικολάου", Roles.Member, "el", "Europe/Athens");
    public Actor Ada { get; } = new(5, "ada", "Ada Klein", Roles.Member | Roles.Administrator, "en", "Europe/Vienna");

    /// <summary>The address of Anna's and Bruno's direct conversation.</summary>
    public string Direct { get; private set; } = "";

    public static async Task<World> OpenAsync(Database database)
    {
        var (db, drop) = await EmptyDatabases.TakeAsync(database);
        var world = new World(db, drop);
        await using var context = db.CreateDbContext();
        foreach (var one in (Actor[])[world.Anna, world.Bruno, world.Carla, world.Olga, world.Ada])
        {
            context.Users.Add(new()
            {
                Id = one.MemberId,
                Handle = one.Handle,
                DisplayName = one.Name,
                Roles = one.Roles,
                Language = one.Language,
                TimeZone = one.TimeZone,
                UserName = one.Handle,
                NormalizedUserName = one.Handle.ToUpperInvariant(),
                SecurityStamp = "first",
                Email = one.Handle + "@example.org",
                NormalizedEmail = one.Handle.ToUpperInvariant() + "@EXAMPLE.ORG",
                EmailConfirmed = true,
                JoinedAt = world.Clock.GetUtcNow(),
            });
        }
        await context.SaveChangesAsync();
        // Whoever comes later gets a number after theirs.
        if (db.IsPostgres)
            await context.Database.ExecuteSqlRawAsync("""SELECT setval(pg_get_serial_sequence('"Members"', 'Id'), 5)""");
        await world.AddAsync(new() { Kind = ConversationKind.Room, Slug = "welding", Title = "Welding", IsOpen = 1 }, [world.Anna], [world.Bruno]);
        await world.AddAsync(new() { Kind = ConversationKind.Room, Slug = "board", Title = "Board" }, [world.Anna], [world.Ada]);
        var direct = await world.AddAsync(new() { Kind = ConversationKind.Direct, Pair = "1-2" }, [], [world.Anna, world.Bruno]);
        world.Direct = FormattableString.Invariant($"{direct.Id}");
        return world;
    }

    /// <summary>Another conversation with its first topic.</summary>
    public async Task<Conversation> AddAsync(Conversation conversation, Actor[] moderators, Actor[] participants)
    {
        await using var context = Db.CreateDbContext();
        conversation.CreatedAt = Clock.GetUtcNow();
        context.Conversations.Add(conversation);
        await context.SaveChangesAsync();
        var topic = new Topic { ConversationId = conversation.Id, Name = "General", Folded = "general", Slug = "general", CreatedAt = Clock.GetUtcNow() };
        context.Topics.Add(topic);
        await context.SaveChangesAsync();
        conversation.DefaultTopicId = topic.Id;
        context.TopicSlugs.Add(new() { ConversationId = conversation.Id, Slug = "general", TopicId = topic.Id });
        context.Memberships.AddRange(moderators.Select(one => Place(one, MembershipRole.Moderator)).Concat(participants.Select(one => Place(one, MembershipRole.Participant))));
        await context.SaveChangesAsync();
        return conversation;

        Membership Place(Actor one, MembershipRole role) =>
            new() { ConversationId = conversation.Id, MemberId = one.MemberId, Role = role, JoinedAt = Clock.GetUtcNow() };
    }

    /// <summary>Somebody says something; in the room welding and with a fresh client key where the test does not care.</summary>
    public Task<PostReceipt> SayAsync(Actor who, string text, string room = "welding", string? topic = null, string? key = null, long? replyTo = null) =>
        Conversations.PostAsync(who, new(room, key ?? Guid.NewGuid().ToString("N"), topic, text, replyTo));

    /// <summary>Somebody asks the room welding to choose.</summary>
    public async Task<long> AskAsync(Actor who, string[] options, bool several = false, bool secret = false, PollResults results = PollResults.AtOnce,
        DateTimeOffset? endsAt = null, string room = "welding", string text = "Which one?", string? topic = null, string? key = null) =>
        (await Conversations.PostAsync(who, new(room, key ?? Guid.NewGuid().ToString("N"), topic, text, Poll: new(options, several, secret, results, endsAt)))).Seq;

    /// <summary>Looks into the database or changes it past the rules.</summary>
    public async Task<T> InDbAsync<T>(Func<CommunityDb, Task<T>> look)
    {
        await using var context = Db.CreateDbContext();
        return await look(context);
    }

    /// <summary>The rule that refuses the act.</summary>
    public static async Task<Refusal> RefusalOfAsync(Func<Task> act) => (await Assert.ThrowsAsync<RefusedException>(act)).Refusal;

    public async ValueTask DisposeAsync()
    {
        await Log.DisposeAsync();
        await _drop();
        Directory.Delete(UploadPath, recursive: true);
    }
}

/// <summary>How long a test waits for what should come at once: only that a hanging one ends, whatever else the machine does.</summary>
public static class Patience
{
    public static readonly TimeSpan Enough = TimeSpan.FromMinutes(2);
}

/// <summary>A clock that stands until it is told to go on. It shows parts of milliseconds, as a real one does.</summary>
public sealed class FakeTime : TimeProvider
{
    long _ticks = new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero).AddTicks(1_234_567).UtcTicks;

    public override DateTimeOffset GetUtcNow() => new(Interlocked.Read(ref _ticks), TimeSpan.Zero);

    public void Advance(TimeSpan time) => Interlocked.Add(ref _ticks, time.Ticks);
}

/// <summary>Migrates one empty database of each kind a run, and hands out copies of it.</summary>
public sealed class EmptyDatabases : IAsyncDisposable
{
    static readonly string Folder = Directory.CreateTempSubdirectory("vet-tests-").FullName;
    static readonly string Template = $"vet_empty_{Guid.NewGuid():N}";
    static readonly Lazy<Task<string>> EmptyFile = new(MakeFileAsync);
    static readonly Lazy<Task> EmptyOnServer = new(MakeOnServerAsync);
    static readonly SemaphoreSlim Copying = new(1);

    /// <summary>Where the test server is, or null.</summary>
    public static string? Server { get; } = Environment.GetEnvironmentVariable("VET_POSTGRES") is { Length: > 0 } server ? server : null;

    public static async Task<(CommunityDbFactory Db, Func<ValueTask> Drop)> TakeAsync(Database database)
    {
        var name = $"vet_{Guid.NewGuid():N}";
        if (database == Database.Sqlite)
        {
            var path = Path.Combine(Folder, name + ".db");
            File.Copy(await EmptyFile.Value, path);
            var file = CommunityDbFactory.Sqlite(CommunityDbFactory.SqliteFile(path));
            return (file, () => DropFileAsync(file, path));
        }
        await EmptyOnServer.Value;
        await Copying.WaitAsync();
        try
        {
            await OnServerAsync($"CREATE DATABASE {name} TEMPLATE {Template}");
        }
        finally
        {
            Copying.Release();
        }
        return (CommunityDbFactory.Postgres(ConnectionTo(name)), () => DropOnServerAsync(name));
    }

    /// <summary>A database without tables: for SQLite a file that is not there yet.</summary>
    public static async Task<(CommunityDbFactory Db, Func<ValueTask> Drop)> BareAsync(Database database, string file)
    {
        if (database == Database.Sqlite)
        {
            var db = CommunityDbFactory.Sqlite(CommunityDbFactory.SqliteFile(file) + ";Pooling=False");
            return (db, () => ValueTask.CompletedTask);
        }
        var name = $"vet_{Guid.NewGuid():N}";
        await OnServerAsync($"CREATE DATABASE {name}");
        return (CommunityDbFactory.Postgres(ConnectionTo(name)), () => DropOnServerAsync(name));
    }

    public async ValueTask DisposeAsync()
    {
        if (EmptyOnServer.IsValueCreated)
            await DropOnServerAsync(Template);
        Directory.Delete(Folder, recursive: true);
    }

    static async Task<string> MakeFileAsync()
    {
        var path = Path.Combine(Folder, "empty.db");
        await using (var context = CommunityDbFactory.Sqlite(CommunityDbFactory.SqliteFile(path) + ";Pooling=False").CreateDbContext())
            await context.Database.MigrateAsync();
        return path;
    }

    static async Task MakeOnServerAsync()
    {
        await OnServerAsync($"CREATE DATABASE {Template}");
        await using var context = CommunityDbFactory.Postgres(ConnectionTo(Template) + ";Pooling=False").CreateDbContext();
        await context.Database.MigrateAsync();
    }

    static ValueTask DropFileAsync(CommunityDbFactory db, string path)
    {
        db.CloseIdle();
        using (var connection = new SqliteConnection(db.ConnectionString))
            SqliteConnection.ClearPool(connection);
        foreach (var file in Directory.EnumerateFiles(Folder, Path.GetFileName(path) + "*"))
            File.Delete(file);
        return ValueTask.CompletedTask;
    }

    static async ValueTask DropOnServerAsync(string name)
    {
        await using (var connection = new NpgsqlConnection(ConnectionTo(name)))
            NpgsqlConnection.ClearPool(connection);
        await OnServerAsync($"DROP DATABASE {name} WITH (FORCE)");
    }

    static async Task OnServerAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(Needed());
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    static string ConnectionTo(string database) => new NpgsqlConnectionStringBuilder(Needed()) { Database = database }.ToString();

    static string Needed() => Server ?? throw new InvalidOperationException("VET_POSTGRES is not set; ./test.sh starts a server of its own");
}
