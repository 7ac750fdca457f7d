using System.Globalization;
using VetCommunity.Core.Files;

namespace VetCommunity.Core.Operation;

/// <summary>What the doctor looks for on the disk.</summary>
/// <param name="folder">The data folder.</param>
/// <param name="rules">Whether backups are made by themselves.</param>
/// <param name="reserve">Bytes of the disk that files leave to messages.</param>
/// <param name="time">The clock.</param>
public sealed class FolderChecks(DataFolder folder, BackupRules rules, long reserve, TimeProvider time)
{
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    string Remedy => $"Give the account of the server the right to write to {folder.Path} and all that is in it.";

    /// <summary>In their order.</summary>
    public IReadOnlyList<Check> All => [new("folders", Soon, Remedy, WritableAsync), new("disk", Soon, Remedy, RoomAsync), new("backups", Soon, Remedy, BackedUpAsync)];

    async Task<string> WritableAsync(CancellationToken cancel)
    {
        if (!Directory.Exists(folder.Path))
            throw new OperationFailedException($"There is no folder {folder.Path}. Start the server once, or set Data:Folder to the folder of the community.");
        foreach (var one in folder.All.Where(Directory.Exists))
        {
            var trial = Path.Combine(one, "doctor-" + Guid.NewGuid().ToString("N") + ".part");
            try
            {
                await using (var file = PrivateFile.Create(trial))
                    await file.WriteAsync("written"u8.ToArray(), cancel);
                File.Delete(trial);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                throw new OperationFailedException($"Nothing can be written to {one} ({error.Message.TrimEnd('.')}). {Remedy}", error);
            }
        }
        return $"{folder.Path} can be written";
    }

    Task<string> RoomAsync(CancellationToken cancel)
    {
        var there = folder.Path;
        while (!Directory.Exists(there))
            there = Path.GetDirectoryName(there)!;
        var free = new DriveInfo(there).AvailableFreeSpace;
        return free >= Math.Max(reserve, 1) ? Task.FromResult(string.Create(CultureInfo.InvariantCulture, $"{Backups.Megabytes(free)} MB free"))
            : throw new OperationFailedException(string.Create(CultureInfo.InvariantCulture,
                $"{Backups.Megabytes(free)} MB are free, and {Backups.Megabytes(reserve)} MB (Uploads:ReserveMegabytes) are kept for messages: files are refused. Make room on the disk of {folder.Path}."));
    }

    Task<string> BackedUpAsync(CancellationToken cancel)
    {
        var last = KeptBackup.In(folder.Backups).Select(one => (DateTimeOffset?)one.At).Max();
        if (rules.Every == TimeSpan.Zero)
            return Task.FromResult("the server makes none by itself (Backup:Every is 0)");
        if (last is { } at && time.GetUtcNow() - at <= rules.Every * 2)
            return Task.FromResult(string.Create(CultureInfo.InvariantCulture, $"the last is of {at:u}"));
        throw new OperationFailedException(string.Create(CultureInfo.InvariantCulture,
            $"{(last is { } old ? $"The last is of {old:u}" : "There is none yet")}, and one is to be made every {rules.Every.TotalHours:0} hours. Start the server, and look into its log where it runs."));
    }
}
