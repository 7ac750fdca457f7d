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
        var allocated = GC.GetTotalAllocatedBytes();
        if (_ebb.IsNow(allocated))
        {
            await messages.RestAsync(cancel);
            db.CloseIdle();
            buffers.LetGo();
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            _ebb.Gave(GC.GetTotalAllocatedBytes());
            CLibrary.Trim();
        }
        // The runtime would let 25 MB come together before it looks, and take as much from the system again.
        else if (_ebb.IsStill(allocated))
            GC.Collect(0, GCCollectionMode.Forced, blocking: true);
    }
}
