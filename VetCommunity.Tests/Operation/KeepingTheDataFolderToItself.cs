using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using VetCommunity.Core;
using VetCommunity.Core.Operation;
using Xunit;

namespace VetCommunity.Tests.Operation;

public class KeepingTheDataFolderToItself
{
    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void Nobody_else_on_the_machine_reads_database_keys_and_mails()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows gives a folder the permissions of the one above it.");
        var above = Directory.CreateTempSubdirectory("vet-folder-").FullName;
        try
        {
            using var folder = new DataFolder(Path.Combine(above, "data"));
            // Also where a package or a volume has made the folder before.
            using var given = new DataFolder(above);
            File.SetUnixFileMode(above, (UnixFileMode)0b111_101_101);
            folder.Create();
            given.Create();

            Assert.All((string[])[folder.Path, folder.Keys, folder.Outbox, given.Keys, given.Outbox],
                path => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path)));
        }
        finally
        {
            Directory.Delete(above, recursive: true);
        }
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Who_may_not_look_into_it_hears_that_and_not_that_there_is_nothing()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere a thread has no rights of its own.");
        await using var all = await BackupWorld.OpenAsync(Database.Sqlite);
        var export = new CommunityExport(all.World.Db, all.Folder, new(all.World.Db, all.World.Topics), all.World.Uploads);
        foreach (var act in (Func<string, Task>[])[file => all.Backups.WriteAsync(Actor.Operator, file), folder => export.WriteAsync(Actor.Operator, folder)])
        {
            // All that it needs of the program is loaded by then.
            await act(all.FileOf($"before-{Guid.NewGuid():N}"));

            var refused = await Assert.ThrowsAsync<OperationFailedException>(() => AsSomebodyElse(all, () => act(all.FileOf("after"))));

            Assert.Equal($"This account may not read the data folder {all.Folder.Path}. Run the command as the account of the server.", refused.Message);
        }
    }

    // As far as it goes without a wait. To who may do anything on the machine, files are shut by another number alone.
    [UnsupportedOSPlatform("windows")]
    static Task AsSomebodyElse(BackupWorld all, Func<Task> act)
    {
        var (folder, mode) = (all.Folder.Path, File.GetUnixFileMode(all.Folder.Path));
        File.SetUnixFileMode(all.Above, (UnixFileMode)0b111_101_101);
        if (!Environment.IsPrivilegedProcess)
            File.SetUnixFileMode(folder, UnixFileMode.None);
        var former = Environment.IsPrivilegedProcess ? SetFileUser(Nobody) : 0;
        try
        {
            return act();
        }
        finally
        {
            if (Environment.IsPrivilegedProcess)
                _ = SetFileUser(former);
            else
                File.SetUnixFileMode(folder, mode);
        }
    }

    const int Nobody = 65534;

    // Of this thread alone.
    [DllImport("libc", EntryPoint = "setfsuid"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int SetFileUser(int user);
}
