using System.Globalization;

namespace VetCommunity.Bench;

/// <summary>What another process holds once everything is collected. Two files beside each other ask and answer: a server under measure is to load nothing for it.</summary>
/// <param name="path">Where the files are; a folder that is there.</param>
sealed class Heap(string path)
{
    const string PathKey = "VET_BENCH_HEAP";
    static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    /// <summary>With these settings a process answers.</summary>
    public (string Key, string Value)[] Settings => [("DOTNET_STARTUP_HOOKS", typeof(Heap).Assembly.Location), (PathKey, path)];

    /// <summary>Bytes.</summary>
    public async Task<long> AfterCollectingAsync()
    {
        await File.WriteAllTextAsync(path + ".ask", "");
        using var limit = new CancellationTokenSource(Long);
        while (!File.Exists(path + ".answer"))
            await Task.Delay(50, limit.Token);
        var bytes = long.Parse(await File.ReadAllTextAsync(path + ".answer", limit.Token), CultureInfo.InvariantCulture);
        File.Delete(path + ".answer");
        return bytes;
    }

    internal static void Answer()
    {
        var path = Environment.GetEnvironmentVariable(PathKey) ?? throw new InvalidOperationException($"{PathKey} is not set.");
        var answering = new Thread(() =>
        {
            while (true)
            {
                Thread.Sleep(50);
                if (!File.Exists(path + ".ask"))
                    continue;
                File.Delete(path + ".ask");
                for (var time = 0; time < 3; time++)
                {
                    GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: true, compacting: true);
                    GC.WaitForPendingFinalizers();
                }
                File.WriteAllText(path + ".part", GC.GetTotalMemory(forceFullCollection: true).ToString(CultureInfo.InvariantCulture));
                File.Move(path + ".part", path + ".answer");
            }
        });
        answering.IsBackground = true;
        answering.Start();
    }
}
