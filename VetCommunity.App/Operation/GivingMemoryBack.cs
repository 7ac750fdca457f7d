using System.Runtime.InteropServices;
using VetCommunity.App.Shell;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;

namespace VetCommunity.App.Operation;

/// <summary>Gives the system back what a busy time needed, as soon as it is quiet.</summary>
// The runtime collects when somebody allocates: after a busy hour nobody does, and it keeps what that hour took. See docs/decisions/052-memory-given-back.md.
sealed class GivingMemoryBack(CommunityDbFactory db, MessageLog messages, ServerBuffers buffers, TimeProvider clock, ILogger<GivingMemoryBack> log) : Rounds(TimeSpan.FromSeconds(5), clock, log)
{
    readonly Ebb _ebb = new();

    protected override async Task GoAsync(CancellationToken cancel)
    {
        buffers.Shrink();
        if (_ebb.IsNow(GC.GetTotalAllocatedBytes()))
        {
            await messages.RestAsync(cancel);
            db.CloseIdle();
            buffers.LetGo();
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            _ebb.Gave(GC.GetTotalAllocatedBytes());
            Trim();
        }
    }

    static void Trim()
    {
        if (!OperatingSystem.IsLinux())
            return;
        try
        {
            _ = MallocTrim(0);
        }
        catch (Exception absent) when (absent is EntryPointNotFoundException or DllNotFoundException)
        {
            // Not every system's C library keeps freed memory, and those that do not have no such call.
        }
    }

    [DllImport("libc", EntryPoint = "malloc_trim"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    static extern int MallocTrim(nuint pad);
}
