namespace VetCommunity.Core.Operation;

/// <summary>The folder that holds everything which belongs to one installation: database, keys, uploads, outgoing mail, backups.</summary>
/// <param name="path">Its full path.</param>
public sealed class DataFolder(string path) : IDisposable
{
    FileStream? _serverLock;

    /// <summary>The full path.</summary>
    public string Path { get; } = System.IO.Path.GetFullPath(path);

    /// <summary>The SQLite file, where SQLite is the database.</summary>
    public string DatabaseFile => System.IO.Path.Combine(Path, "community.db");

    /// <summary>Where mails are written, where no mail server is set.</summary>
    public string Outbox => System.IO.Path.Combine(Path, "outbox");

    /// <summary>The files that members attach to their messages.</summary>
    public string Uploads => System.IO.Path.Combine(Path, "uploads");

    /// <summary>What members fetch who want to take along what is theirs.</summary>
    public string Exports => System.IO.Path.Combine(Path, "exports");

    /// <summary>Where the server puts the backups that it makes by itself.</summary>
    public string Backups => System.IO.Path.Combine(Path, "backups");

    /// <summary>All folders that a server writes to.</summary>
    internal IReadOnlyList<string> All => [Path, Keys, Outbox, Uploads, Exports, Backups];

    /// <summary>By number, who left: so that nobody comes back with a backup.</summary>
    public string ErasedFile => System.IO.Path.Combine(Path, "erased.txt");

    /// <summary>How far the audit log had come: so that nobody cuts off its end unseen.</summary>
    public string AuditFile => System.IO.Path.Combine(Path, "audit.txt");

    /// <summary>The keys that protect cookies and links.</summary>
    public string Keys => KeysIn(Path);

    /// <summary>Where the keys of a data folder lie.</summary>
    public static string KeysIn(string dataFolder) => System.IO.Path.Combine(dataFolder, "keys");

    /// <summary>Makes the folder if it is not there, for its owner only; one that is there keeps its permissions.</summary>
    /// <exception cref="OperationFailedException">It cannot be made.</exception>
    public void Create()
    {
        try
        {
            // Whoever reads the keys, or the links of the mails, can log in as anybody; the database holds what people say in confidence.
            foreach (var folder in All)
                CreatePrivate(folder);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OperationFailedException($"The data folder {Path} cannot be made or written to: {error.Message}", error);
        }
    }

    /// <summary>Whether a file would lie among what the server writes, reads and takes away by itself. Beside its own backups there is room for others.</summary>
    internal bool Keeps(string file) => System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(file)) is { } parent
        && (parent == Path || All.Where(own => own != Path && own != Backups).Any(own => parent == own || parent.StartsWith(own + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal)));

    /// <summary>Refuses an account that may not look into the folder: to it, nothing that is in there is there.</summary>
    /// <exception cref="OperationFailedException">It may not.</exception>
    internal static void RequireReadable(string folder)
    {
        try
        {
            if (Directory.Exists(folder))
                _ = Directory.EnumerateFileSystemEntries(folder).Any();
        }
        catch (UnauthorizedAccessException error)
        {
            throw new OperationFailedException($"This account may not read the data folder {folder}. Run the command as the account of the server.", error);
        }
    }

    /// <summary>Makes a folder for its owner only.</summary>
    internal static void CreatePrivate(string folder)
    {
        if (OperatingSystem.IsWindows())
            Directory.CreateDirectory(folder);
        else
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Takes the folder for this server until it is disposed; the system also gives it back when the process is killed.</summary>
    /// <exception cref="OperationFailedException">Another server has it, or nothing can be written there.</exception>
    public void LockForServer() => _serverLock ??= TryLock("server.lock")
        ?? throw new OperationFailedException($"Another server already works with the data folder {Path}. Stop it first, or set Data:Folder to another folder.");

    /// <summary>Waits until no other process migrates the database.</summary>
    /// <exception cref="OperationFailedException">It took too long, or nothing can be written there.</exception>
    internal async Task<IDisposable> LockForMigrationAsync(CancellationToken cancel)
    {
        for (var attempt = 0; attempt < 300; attempt++)
        {
            if (TryLock("migration.lock") is { } held)
                return held;
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancel);
        }
        throw new OperationFailedException($"Another process has been changing the database in {Path} for a minute. Try again when it has ended.");
    }

    /// <summary>Gives the folder back.</summary>
    public void Dispose() => _serverLock?.Dispose();

    FileStream? TryLock(string name)
    {
        var file = System.IO.Path.Combine(Path, name);
        try
        {
            return new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error) when (error is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException) && IsSharing(error))
        {
            return null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OperationFailedException($"Nothing can be written into the data folder {Path}: {error.Message}", error);
        }
    }

    // Windows: ERROR_SHARING_VIOLATION; Linux and macOS: EWOULDBLOCK of flock.
    static bool IsSharing(IOException error) => (error.HResult & 0xFFFF) is 32 or 11 or 35;
}
