namespace VetCommunity.Tests.Running;

/// <summary>What tests need from npm, installed once a run: two installations at a time would take each other's files away.</summary>
static class NpmPackages
{
    static readonly Lazy<Task<string>> Installed = new(InstallAsync);

    /// <summary>The folder with the scripts of these tests; <c>node_modules</c> lies in it.</summary>
    public static string Scripts { get; } = Path.Combine(AppContext.BaseDirectory, "JavaScript");

    /// <summary><c>node_modules</c>, filled.</summary>
    public static Task<string> FolderAsync()
    {
        Tool.Need("node");
        Tool.Need("npm");
        return Installed.Value;
    }

    static async Task<string> InstallAsync()
    {
        // vnu-jar's own script would fetch a Java beside the machine's.
        await Tool.RunAsync(Scripts, new Dictionary<string, string>(StringComparer.Ordinal), "npm", "ci", "--prefer-offline", "--ignore-scripts");
        return Path.Combine(Scripts, "node_modules");
    }
}
