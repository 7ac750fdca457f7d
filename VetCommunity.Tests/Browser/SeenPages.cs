using System.Globalization;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Data.Sqlite;
using Microsoft.Playwright;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.Browser;

/// <summary>A browser with one page for each who looks, on a community of its own that has all that the pages show.</summary>
public sealed class SeenPages : IAsyncLifetime
{
    readonly Chromium _chromium = new() { KeepsPages = true };
    readonly Dictionary<string, IPage> _pages = new(StringComparer.Ordinal);
    readonly DirectoryInfo _pseudoProgram = Directory.CreateTempSubdirectory("vet-pseudo-");
    RunningCommunity? _pseudo;
    IReadOnlyDictionary<string, string> _made = new Dictionary<string, string>(StringComparer.Ordinal);

    public async ValueTask InitializeAsync()
    {
        // The walk takes longer than a proof counts.
        _chromium.Community.Settings["Sessions__ProofMinutes"] = "600";
        _chromium.Community.Fill = async folder => _made = await PreparedPages.CopyToAsync(folder);
        await _chromium.InitializeAsync();
    }

    public string Fill(string address) => _made.Aggregate(address, (filled, made) => filled.Replace(made.Key, made.Value, StringComparison.Ordinal));

    public async Task<IPage> PageAsync(string who)
    {
        if (_pages.TryGetValue(who, out var page))
            return page;
        page = who.Length == 0 ? await _chromium.NewPageAsync() : await _chromium.LogInAsync(who);
        await page.BringAxeAsync();
        await page.AddInitScriptAsync(scriptPath: Path.Combine(NpmPackages.Scripts, "looking.js"));
        return _pages[who] = page;
    }

    public Uri Origin => _chromium.Community.Address;

    public string DatabaseFile => _chromium.Community.DatabaseFile;

    /// <summary>Where a second server with the same data, and the same people logged in, speaks the pseudo-language instead of Catalan.</summary>
    public async Task<Uri> PseudoAsync()
    {
        if (_pseudo is not null)
            return _pseudo.Address;
        // Who logs in later is unknown there.
        foreach (var who in EveryPageForEveryone.Pages.Select(page => page.Who).Distinct(StringComparer.Ordinal))
            await PageAsync(who);
        _pseudo = new() { Program = PseudoLanguage.TakeThePlaceOfCatalan(_chromium.Community.Program, _pseudoProgram.FullName), Settings = { ["Sessions__ProofMinutes"] = "600" } };
        foreach (var folder in (string[])["keys", "uploads"])
        {
            Directory.CreateDirectory(Path.Combine(_pseudo.DataFolder, folder));
            foreach (var file in Directory.EnumerateFiles(Path.Combine(_chromium.Community.DataFolder, folder)))
                File.Copy(file, Path.Combine(_pseudo.DataFolder, folder, Path.GetFileName(file)));
        }
        await using (var connection = new SqliteConnection($"Data Source={DatabaseFile};Pooling=False"))
        {
            await connection.OpenAsync();
            await using var copy = connection.CreateCommand();
            copy.CommandText = "VACUUM INTO $file";
            copy.Parameters.AddWithValue("$file", _pseudo.DatabaseFile);
            await copy.ExecuteNonQueryAsync();
        }
        await _pseudo.StartAsync();
        return _pseudo.Address;
    }

    /// <summary>The document of a room in which all was changed that others can change while one looks.</summary>
    public async Task<string> ChangedRoomAsync()
    {
        var page = await PageAsync("member@demo.example");
        await page.GotoAsync("/rooms/welcome");
        await page.LivingAsync();
        await using var hub = await _chromium.Community.ConnectAsync("admin@demo.example");
        var answered = await hub.PostAsync("welcome", "What came is as well written as what was there, @elena-corradini");
        await hub.InvokeAsync("Post", new { conversation = "welcome", clientKey = "pushed", topic = (string?)null, markdown = "An answer", replyToSeq = answered, attachments = (string[]?)null });
        await hub.InvokeAsync("Edit", new { conversation = "welcome", seq = answered, markdown = "Said **much better** than before" });
        await hub.InvokeAsync("React", new { conversation = "welcome", seq = answered, emoji = "👍", on = true });
        var gone = await hub.PostAsync("welcome", "Soon gone");
        await hub.InvokeAsync("Delete", new { conversation = "welcome", seq = gone });
        var seq = long.Parse(_made["{poll}"], CultureInfo.InvariantCulture);
        await hub.InvokeAsync("Vote", new { conversation = "welcome", seq, choices = new[] { 1, 2 } });
        await hub.InvokeAsync("Typing", "welcome");
        await hub.PostAsync("welcome", "The last of the changes");
        await Assertions.Expect(page.Message("The last of the changes")).ToHaveCountAsync(1);
        return await page.DocumentAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _chromium.DisposeAsync();
        if (_pseudo is not null)
            await _pseudo.DisposeAsync();
        _pseudoProgram.Delete(recursive: true);
    }
}
