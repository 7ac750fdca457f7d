using System.Runtime.InteropServices;

namespace VetCommunity.App.Operation;

/// <summary>The memory that SQLite has from the C library. On systems whose library has no such calls nothing is done.</summary>
static class CLibrary
{
    // M_ARENA_MAX in malloc.h.
    const int MostArenas = -8;

    /// <summary>Lets all threads take from as few heaps as can be busy at once; for those that begin from now on.</summary>
    // Each thread would begin one of its own, up to eight for each processor, and what is free in one is of no use to the others.
    public static void KeepFewHeaps() => Call(() => Mallopt(MostArenas, Environment.ProcessorCount));

    /// <summary>Returns to the system what is free.</summary>
    public static void Trim() => Call(() => MallocTrim(0));

    static void Call(Func<int> function)
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = function();
        }
        catch (Exception absent) when (absent is EntryPointNotFoundException or DllNotFoundException)
        {
            // Not every system's C library keeps freed memory, and those that do not have no such call.
        }
    }

    [DllImport("libc", EntryPoint = "malloc_trim"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int MallocTrim(nuint pad);

    [DllImport("libc", EntryPoint = "mallopt"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int Mallopt(int which, int value);
}
