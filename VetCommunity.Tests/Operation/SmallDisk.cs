using System.Diagnostics;
using Xunit;

namespace VetCommunity.Tests.Operation;

/// <summary>A file system of its own in memory, of a given size. Skips the test where the system does not let us mount one.</summary>
public sealed class SmallDisk : IDisposable
{
    SmallDisk(string folder) => Folder = folder;

    public string Folder { get; }

    /// <param name="options">Of a tmpfs, as in <c>size=16m</c>.</param>
    public static SmallDisk Mount(string options)
    {
        var folder = Directory.CreateTempSubdirectory("vet-disk-").FullName;
        if (!Does("mount", "-t", "tmpfs", "-o", options, "tmpfs", folder))
        {
            Directory.Delete(folder);
            Assert.Skip("Mounting a small disk needs Linux and the right to mount");
        }
        return new(folder);
    }

    /// <summary>More room, or less, while it is in use.</summary>
    public void Resize(string size) => Assert.True(Does("mount", "-o", "remount,size=" + size, Folder));

    public void Dispose()
    {
        // Lazily: a killed process may hold a file for another moment.
        Does("umount", "--lazy", Folder);
        Directory.Delete(Folder);
    }

    static bool Does(string program, params string[] arguments)
    {
        if (!OperatingSystem.IsLinux())
            return false;
        using var run = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        run.WaitForExit();
        return run.ExitCode == 0;
    }
}
