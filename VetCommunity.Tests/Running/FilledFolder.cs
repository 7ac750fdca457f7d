using Microsoft.Data.Sqlite;
using VetCommunity.Tests.Running;
using Xunit;

[assembly: AssemblyFixture(typeof(FilledFolder))]

namespace VetCommunity.Tests.Running;

/// <summary>A data folder that the program has filled with the demo world: once a run, and copied for each server of which no test watches the filling.</summary>
public sealed class FilledFolder : IAsyncDisposable
{
    static readonly Lazy<Task<RunningCommunity>> Filled = new(FillAsync);

    /// <summary>Makes the folder a copy.</summary>
    public static async Task CopyToAsync(string folder) => Copy((await Filled.Value).DataFolder, folder);

    /// <summary>Makes one folder a copy of another, of which no server runs.</summary>
    public static void Copy(string filled, string folder)
    {
        foreach (var one in Directory.EnumerateDirectories(filled, "*", SearchOption.AllDirectories).Prepend(filled))
            Directory.CreateDirectory(Path.Combine(folder, Path.GetRelativePath(filled, one)));
        foreach (var one in Directory.EnumerateFiles(filled, "*", SearchOption.AllDirectories))
            File.Copy(one, Path.Combine(folder, Path.GetRelativePath(filled, one)));
    }

    public async ValueTask DisposeAsync()
    {
        if (Filled.IsValueCreated)
            await (await Filled.Value).DisposeAsync();
    }

    static async Task<RunningCommunity> FillAsync()
    {
        var community = new RunningCommunity();
        await community.StartAsync();
        await community.KillAsync();
        await IntoOneFileAsync(community.DatabaseFile);
        return community;
    }

    /// <summary>The database without files beside it, as small as it can be: some copies go to small disks.</summary>
    public static async Task IntoOneFileAsync(string database)
    {
        await using var connection = new SqliteConnection($"Data Source={database};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        await command.ExecuteNonQueryAsync();
    }
}
