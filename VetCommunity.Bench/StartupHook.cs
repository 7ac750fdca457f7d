using VetCommunity.Bench;

/// <summary>The runtime looks for this name, outside of any namespace, in the process that is measured.</summary>
#pragma warning disable MA0047
static class StartupHook
#pragma warning restore MA0047
{
    public static void Initialize() => Heap.Answer();
}
