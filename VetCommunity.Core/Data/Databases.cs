using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;
using VetCommunity.Core.Auditing;

namespace VetCommunity.Core.Data;

/// <summary>The community in one SQLite file.</summary>
public sealed class SqliteCommunityDb(DbContextOptions<SqliteCommunityDb> options) : CommunityDb(options)
{
    Action? _giveBack;

    /// <summary>Options for a file. Every connection waits up to 5 s for the writer, enforces keys and syncs each commit to disk.</summary>
    public static DbContextOptions<SqliteCommunityDb> For(string connectionString, IServiceProvider? services = null) => For(connectionString, services, []);

    internal static DbContextOptions<SqliteCommunityDb> For(string connectionString, IServiceProvider? services, IEnumerable<IInterceptor> more) =>
        new DbContextOptionsBuilder<SqliteCommunityDb>()
            .UseSqlite(connectionString, options => options.UseParameterizedCollectionMode(Lists))
            .UseApplicationServiceProvider(services ?? IdentityServices)
            .AddInterceptors([new SqlitePragmas(), new PreparedQuestions(), new AuditedDb.Commits(), .. more])
            .Options;

    // EF closes and disposes of connections that are a context's own.
    internal void Use(KeptConnections kept)
    {
        var connection = kept.Take();
        _giveBack = () => kept.GiveBack(connection);
        Database.SetDbConnection(connection, contextOwnsConnection: false);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        var giveBack = Released();
        base.Dispose();
        giveBack?.Invoke();
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        var giveBack = Released();
        await base.DisposeAsync();
        giveBack?.Invoke();
    }

    // Once disposed of, the context may be somebody else's.
    Action? Released()
    {
        var giveBack = _giveBack;
        _giveBack = null;
        return giveBack;
    }
}

/// <summary>The community in PostgreSQL.</summary>
public sealed class PostgresCommunityDb(DbContextOptions<PostgresCommunityDb> options) : CommunityDb(options)
{
    /// <summary>Options for a server.</summary>
    public static DbContextOptions<PostgresCommunityDb> For(string connectionString, IServiceProvider? services = null) =>
        new DbContextOptionsBuilder<PostgresCommunityDb>()
            .UseNpgsql(connectionString, options => options.UseParameterizedCollectionMode(Lists))
            .UseApplicationServiceProvider(services ?? IdentityServices)
            .AddInterceptors(new PreparedQuestions(), new AuditedDb.Commits())
            .Options;
}

/// <summary>Opens the chosen database, one short-lived context an operation.</summary>
public sealed class CommunityDbFactory : IDbContextFactory<CommunityDb>
{
    readonly Func<CommunityDb> _open;

    CommunityDbFactory(bool isPostgres, string connectionString, Func<CommunityDb> open)
    {
        IsPostgres = isPostgres;
        ConnectionString = connectionString;
        _open = open;
    }

    /// <summary>Which database it is.</summary>
    public bool IsPostgres { get; }

    /// <summary>Where it is.</summary>
    public string ConnectionString { get; }

    /// <summary>Which context it opens.</summary>
    internal Type ContextType => IsPostgres ? typeof(PostgresCommunityDb) : typeof(SqliteCommunityDb);

    /// <summary>A connection without EF, which is not open yet and in SQLite was told nothing of <see cref="SqlitePragmas"/>.</summary>
    internal DbConnection Connect() => IsPostgres ? new NpgsqlConnection(ConnectionString) : new SqliteConnection(ConnectionString);

    KeptConnections? Kept { get; init; }

    /// <summary>Closes the connections that are kept for whoever asks next, with the pages of the file that they hold. Those in use stay.</summary>
    public void CloseIdle() => Kept?.Close();

    /// <summary>
    /// For a process that does nothing else and whose work can be done again: until this is disposed of, a commit to a SQLite file does not wait for the disk. The next one after it does, for all of them.
    /// </summary>
    internal IDisposable Hurry()
    {
        Kept?.Hurry(isOn: true);
        return new Hurrying(Kept);
    }

    sealed class Hurrying(KeptConnections? kept) : IDisposable
    {
        public void Dispose() => kept?.Hurry(isOn: false);
    }

    /// <summary>The SQLite file; null for a server.</summary>
    internal string? File => IsPostgres ? null : new SqliteConnectionStringBuilder(ConnectionString).DataSource;

    /// <summary>A SQLite file, as a path.</summary>
    public static CommunityDbFactory Sqlite(string connectionString)
    {
        if (!new SqliteConnectionStringBuilder(connectionString).Pooling)
            return new(isPostgres: false, connectionString, () => new SqliteCommunityDb(SqliteCommunityDb.For(connectionString)));
        var kept = new KeptConnections(connectionString);
        var contexts = new PooledDbContextFactory<SqliteCommunityDb>(SqliteCommunityDb.For(connectionString, services: null, [kept]));
        return new(isPostgres: false, connectionString, () =>
        {
            var context = contexts.CreateDbContext();
            context.Use(kept);
            return context;
        })
        { Kept = kept };
    }

    /// <summary>A PostgreSQL server.</summary>
    public static CommunityDbFactory Postgres(string connectionString)
    {
        var contexts = new PooledDbContextFactory<PostgresCommunityDb>(PostgresCommunityDb.For(connectionString));
        return new(isPostgres: true, connectionString, contexts.CreateDbContext);
    }

    /// <summary>The connection string of a SQLite file.</summary>
    public static string SqliteFile(string path) => new SqliteConnectionStringBuilder
    {
        DataSource = path,
        Mode = SqliteOpenMode.ReadWriteCreate,
        Cache = SqliteCacheMode.Private,
        DefaultTimeout = 5,
        ForeignKeys = true,
    }.ToString();

    /// <summary>The clock by which what has an end is judged.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <summary>With what lines of the audit log are chained.</summary>
    public AuditKey AuditKey { get; set; } = AuditKey.None;

    /// <summary>
    /// Loads EF's model beside what else a start does, so that who asks first does not wait for it. It is the same for all databases of a kind, and asks none. What goes wrong here goes wrong once more,
    /// and is told, where somebody asks.
    /// </summary>
    public static Task WarmAsync(bool isPostgres) => Task.Run(() =>
    {
        // There is no such database.
        using var context = (isPostgres ? Postgres("Host=localhost;Port=1") : Sqlite(SqliteFile(Path.Combine("nowhere", "at", "all.db")))).CreateDbContext();
        _ = context.Organisations.AsNoTracking().Select(o => o.Slug).ToQueryString();
    });

    /// <inheritdoc/>
    public CommunityDb CreateDbContext()
    {
        var context = _open();
        context.Clock = Clock;
        context.AuditKey = AuditKey;
        context.Server = IsPostgres ? ConnectionString : null;
        return context;
    }

    // Microsoft.Data.Sqlite takes the write lock at once for every level but this one. In WAL the reading transaction it begins
    // is a snapshot all the same, and a reader neither waits for the writer nor holds it up.
    internal Task<IDbContextTransaction> BeginSnapshotAsync(CommunityDb context, CancellationToken cancel) =>
        context.Database.BeginTransactionAsync(IsPostgres ? IsolationLevel.RepeatableRead : IsolationLevel.ReadUncommitted, cancel);
}

/// <summary>Makes migrations for SQLite: <c>dotnet ef migrations add NAME --context SqliteCommunityDb -o Data/Migrations/Sqlite</c>.</summary>
public sealed class SqliteDesign : IDesignTimeDbContextFactory<SqliteCommunityDb>
{
    /// <inheritdoc/>
    public SqliteCommunityDb CreateDbContext(string[] args) => new(SqliteCommunityDb.For("Data Source=design.db"));
}

/// <summary>Makes migrations for PostgreSQL: <c>dotnet ef migrations add NAME --context PostgresCommunityDb -o Data/Migrations/Postgres</c>.</summary>
public sealed class PostgresDesign : IDesignTimeDbContextFactory<PostgresCommunityDb>
{
    /// <inheritdoc/>
    public PostgresCommunityDb CreateDbContext(string[] args) => new(PostgresCommunityDb.For("Host=localhost;Database=design"));
}
