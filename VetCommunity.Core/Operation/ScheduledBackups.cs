using System.Globalization;
using Microsoft.Extensions.Logging;

namespace VetCommunity.Core.Operation;

/// <summary>Which backups the server makes by itself.</summary>
/// <param name="Every">One in this time; zero for none.</param>
/// <param name="Keep">So many at most.</param>
/// <param name="Days">And none that is older: what members are told of how long backups hold what they deleted.</param>
/// <param name="Reserve">Bytes of the disk that stay free for messages.</param>
public sealed record BackupRules(TimeSpan Every, int Keep, int Days, long Reserve = 0);

/// <summary>Makes backups in the data folder when it is time, and takes away those that are too many or too old, also when none are made any more.</summary>
public sealed class ScheduledBackups(Backups backups, DataFolder folder, BackupRules rules, TimeProvider time, ILogger<ScheduledBackups> log)
{
    /// <summary>Does what is due. Answers whether a backup was made.</summary>
    /// <param name="actor">The program itself: the operator.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="NotFoundException">Somebody else asks.</exception>
    /// <exception cref="OperationFailedException">One is due and cannot be made.</exception>
    public async Task<bool> GoOnAsync(Actor actor, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("backups");
        var now = time.GetUtcNow();
        KeptBackup.RemoveUnfinished(folder.Backups);
        // Before the next one, which may fail: the promise to members does not wait for it.
        Remove(KeptBackup.In(folder.Backups).Where(one => one.At < now.AddDays(-rules.Days)));
        // One from the future is of a clock that was wrong.
        if (rules.Every == TimeSpan.Zero || KeptBackup.In(folder.Backups).Any(one => one.At > now - rules.Every && one.At <= now))
            return false;
        var made = await backups.WriteAsync(actor, KeptBackup.FileOf(folder.Backups, now), rules.Reserve, cancel);
        foreach (var lost in made.Lost)
            log.LogError("The file {File} of a message is not in the folder of uploads, so it is not in the backup either", lost);
        log.LogInformation("Backup {File} with {Messages} messages, {Bytes} bytes", made.File, made.Messages, made.Bytes);
        Remove(KeptBackup.In(folder.Backups).OrderByDescending(one => one.At).Skip(rules.Keep));
        return true;
    }

    void Remove(IEnumerable<KeptBackup> some)
    {
        foreach (var one in some.ToList())
        {
            File.Delete(one.File);
            log.LogInformation("Backup {File} was taken away", one.File);
        }
    }
}

/// <summary>A backup that the server made by itself. Its name is its moment; what else lies beside it is the operator's.</summary>
/// <param name="File">Where it lies.</param>
/// <param name="At">When it was made.</param>
sealed record KeptBackup(string File, DateTimeOffset At)
{
    const string Begin = "vetcommunity-";
    const string End = ".zip";
    const string Moment = "yyyyMMdd'T'HHmmss'Z'";

    public static string FileOf(string folder, DateTimeOffset at) => Path.Combine(folder, Begin + at.UtcDateTime.ToString(Moment, CultureInfo.InvariantCulture) + End);

    public static IReadOnlyList<KeptBackup> In(string folder) => Directory.Exists(folder)
        ? [.. Directory.EnumerateFiles(folder, Begin + "*" + End).Select(Of).OfType<KeptBackup>()] : [];

    /// <summary>What a killed server began: nobody else writes files of these names.</summary>
    public static void RemoveUnfinished(string folder)
    {
        foreach (var file in Directory.Exists(folder) ? Directory.GetFiles(folder, Begin + "*" + End + Backups.Unfinished + "*") : [])
            System.IO.File.Delete(file);
    }

    static KeptBackup? Of(string file) =>
        DateTimeOffset.TryParseExact(Path.GetFileName(file)[Begin.Length..^End.Length], Moment, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? new(file, at) : null;
}
