using System.Data.Common;
using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Data;
using VetCommunity.Core.Operation;
using VetCommunity.Core.Privacy;

namespace VetCommunity.Tests.Operation;

/// <summary>The world with a data folder around it, of which backups are made, and as many empty places as a test restores into.</summary>
public sealed class BackupWorld : IAsyncDisposable
{
    readonly List<Place> _places = [];

    BackupWorld(World world)
    {
        World = world;
        Folder = new(Path.Combine(Above, "data"));
        Folder.Create();
        File.WriteAllText(Path.Combine(Folder.Keys, "key-11111111-2222-3333-4444-555555555555.xml"), "<key>ours</key>");
        Backups = new(world.Db, Folder, world.Uploads, world.Clock);
    }

    public World World { get; }
    public string Above { get; } = Directory.CreateTempSubdirectory("vet-backup-").FullName;
    public DataFolder Folder { get; }
    public Backups Backups { get; }

    /// <summary>Where a backup goes.</summary>
    public string FileOf(string name = "one.zip") => Path.Combine(Above, name);

    public static async Task<BackupWorld> OpenAsync(Database database) => new(await World.OpenAsync(database));

    public async Task<string> BackUpAsync(string name = "one.zip")
    {
        await Backups.WriteAsync(Actor.Operator, FileOf(name));
        return FileOf(name);
    }

    /// <summary>Somewhere else, where nothing is yet.</summary>
    public async Task<Place> PlaceAsync()
    {
        var folder = new DataFolder(Path.Combine(Above, string.Create(CultureInfo.InvariantCulture, $"place-{_places.Count}")));
        var (db, drop) = await EmptyDatabases.BareAsync(World.Db.IsPostgres ? Database.Postgres : Database.Sqlite, folder.DatabaseFile);
        db.Clock = World.Clock;
        _places.Add(new(folder, db, drop));
        return _places[^1];
    }

    /// <summary>The backup again as somebody else could have made it: with right hashes wherever the change did not touch them.</summary>
    public string Forge(string backup, Action<Dictionary<string, byte[]>, JsonObject> change, bool resealed = true)
    {
        Dictionary<string, byte[]> entries = new(StringComparer.Ordinal);
        using (var zip = ZipFile.OpenRead(backup))
        {
            foreach (var entry in zip.Entries)
            {
                using var content = entry.Open();
                using var bytes = new MemoryStream();
                content.CopyTo(bytes);
                entries.Add(entry.FullName, bytes.ToArray());
            }
        }
        var manifest = JsonNode.Parse(entries["manifest.json"])!.AsObject();
        change(entries, manifest);
        if (entries.ContainsKey("manifest.json"))
            entries["manifest.json"] = Encoding.UTF8.GetBytes(manifest.ToJsonString());
        if (resealed && entries.ContainsKey("manifest.sha256"))
            entries["manifest.sha256"] = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(entries["manifest.json"])));
        var forged = FileOf($"forged-{Guid.NewGuid():N}.zip");
        using var target = ZipFile.Open(forged, ZipArchiveMode.Create);
        foreach (var (name, bytes) in entries)
        {
            using var content = target.CreateEntry(name).Open();
            content.Write(bytes);
        }
        return forged;
    }

    /// <summary>Names an entry in a manifest, with its right length and hash.</summary>
    public static void Name(JsonObject manifest, string name, byte[] content)
    {
        var entries = manifest["entries"]!.AsArray();
        if (entries.FirstOrDefault(entry => (string?)entry!["name"] == name) is { } former)
            entries.Remove(former);
        entries.Add(new JsonObject { ["name"] = name, ["bytes"] = content.Length, ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(content)) });
    }

    /// <summary>Every row of every table.</summary>
    public static async Task<IReadOnlyList<string>> RowsAsync(CommunityDbFactory db)
    {
        await using var context = db.CreateDbContext();
        await context.Database.OpenConnectionAsync();
        var connection = context.Database.GetDbConnection();
        List<string> rows = [];
        foreach (var table in await ReadAsync(connection, db.IsPostgres
            ? "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
            : "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'MessageIndex' AND name <> 'sqlite_sequence'"))
            rows.AddRange((await ReadAsync(connection, $"SELECT * FROM \"{table}\"")).Select(row => $"{table}: {row}"));
        rows.Sort(StringComparer.Ordinal);
        return rows;
    }

    static async Task<List<string>> ReadAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        List<string> rows = [];
        while (await reader.ReadAsync())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i) switch
            {
                byte[] bytes => Convert.ToHexString(bytes),
                var one => Convert.ToString(one, CultureInfo.InvariantCulture),
            })));
        }
        return rows;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var place in _places)
            await place.DropAsync();
        Folder.Dispose();
        await World.DisposeAsync();
        Directory.Delete(Above, recursive: true);
    }

    /// <summary>An installation that is to come.</summary>
    public sealed class Place(DataFolder folder, CommunityDbFactory db, Func<ValueTask> drop)
    {
        public DataFolder Folder => folder;
        public CommunityDbFactory Db => db;
        public ErasureRegister Register { get; } = new(folder.ErasedFile);

        /// <summary>As the verb does it: its hold on the folder ends with it.</summary>
        public async Task<Restored> RestoreAsync(string backup)
        {
            using var held = new DataFolder(folder.Path);
            return await new Restoring(db, held, Register).RestoreAsync(Actor.Operator, backup);
        }

        public async Task<string> RefusalOfAsync(string backup) => (await Xunit.Assert.ThrowsAsync<OperationFailedException>(() => RestoreAsync(backup))).Message;

        /// <summary>Files that a community is made of, and tables.</summary>
        public async Task<IReadOnlyList<string>> WhatIsThereAsync()
        {
            List<string> there = Directory.Exists(folder.Path)
                ? [.. Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder.Path, file)).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal))]
                : [];
            if (db.IsPostgres)
                there.AddRange(await RowsAsync(db));
            return there;
        }

        public async ValueTask DropAsync()
        {
            folder.Dispose();
            await drop();
        }
    }
}
