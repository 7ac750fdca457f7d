using System.Runtime.Versioning;
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
}
