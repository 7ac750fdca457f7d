using System.Diagnostics;
using Xunit;

namespace VetCommunity.Tests.Running;

/// <summary>Programs that some tests drive. Where one is missing its tests are skipped; <c>./test.sh</c> installs it, and in CI a skip fails.</summary>
static class Tool
{
    public static void Need(string name) => Assert.SkipUnless(
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, name))),
        $"{name} is not installed; ./test.sh installs it");

    static readonly Lazy<Task<string>> JavaScript = new(async () =>
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "JavaScript");
        await RunAsync(folder, new Dictionary<string, string>(StringComparer.Ordinal), "npm", "ci", "--prefer-offline");
        return folder;
    });

    /// <summary>The folder of the programs for Node, with the packages that they need. Fetched once: two at the same time would take them from each other.</summary>
    public static Task<string> JavaScriptAsync()
    {
        Need("node");
        Need("npm");
        return JavaScript.Value;
    }

    /// <summary>What it wrote; it must succeed.</summary>
    public static async Task<string> RunAsync(string folder, IReadOnlyDictionary<string, string> settings, string name, params string[] arguments)
    {
        var start = new ProcessStartInfo(name, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder };
        foreach (var (key, value) in settings)
            start.Environment[key] = value;
        using var run = Process.Start(start)!;
        try
        {
            var errors = run.StandardError.ReadToEndAsync();
            var output = run.StandardOutput.ReadToEndAsync();
            await run.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
            Assert.True(run.ExitCode == 0, $"{name}: {await output}{await errors}");
            return await output;
        }
        finally
        {
            if (!run.HasExited)
                run.Kill(entireProcessTree: true);
        }
    }
}
