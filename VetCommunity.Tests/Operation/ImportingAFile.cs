using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.SignalR.Client;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.Operation;

/// <summary>The real office hour where its file lies beside the repository (or in VET_DATA), else one of the same length that is made up.</summary>
public sealed class ImportingAFile(RunningCommunity community) : IClassFixture<RunningCommunity>
{
    const int Lines = 2_489;

    [Fact]
    public async Task An_office_hour_can_be_read_paged_and_linked()
    {
        var file = await OfficeHourAsync();
        var said = (await File.ReadAllLinesAsync(file, TestContext.Current.CancellationToken)).Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal(Lines, said.Count);

        Assert.Contains($"{Lines} added", await community.VerbAsync("import", "room", "office-hour", file), StringComparison.Ordinal);
        Assert.Contains($"0 added to office-hour, {Lines} were already there", await community.VerbAsync("import", "room", "office-hour", file), StringComparison.Ordinal);

        await using var reader = await community.ConnectAsync("member@demo.example");
        var opened = await reader.OpenAsync("office-hour");
        List<JsonElement> read = [.. opened.GetProperty("messages").EnumerateArray()];
        for (var more = true; more;)
        {
            var page = await reader.InvokeAsync<JsonElement>("Older", "office-hour", read[0].GetProperty("seq").GetInt64(), "json", TestContext.Current.CancellationToken);
            read.InsertRange(0, page.GetProperty("messages").EnumerateArray());
            more = page.GetProperty("hasMore").GetBoolean();
        }
        Assert.Equal(Enumerable.Range(1, Lines).Select(n => (long)n), read.Select(m => m.GetProperty("seq").GetInt64()));
        Assert.Equal(said.Select(s => s.GetProperty("author").GetString()), read.Select(m => m.GetProperty("author").GetProperty("name").GetString()));
        Assert.Equal(said.Select(s => s.GetProperty("at").GetDateTimeOffset()), read.Select(m => m.GetProperty("sentAt").GetDateTimeOffset()));

        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = community.Address };
        browser.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", (await community.VerbAsync("token", "create", "member@demo.example")).TrimEnd().Split('\n')[^1]);
        foreach (var seq in (int[])[1, 2, 50, 1_000, 2_448, 2_449, 2_450, Lines])
        {
            using var answer = await browser.GetAsync(new Uri($"/rooms/office-hour/messages/{seq}", UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
            var place = answer.Headers.Location!.ToString();
            Assert.EndsWith($"#m-{seq}", place, StringComparison.Ordinal);
            Assert.Contains($"id=\"m-{seq}\"", await browser.GetStringAsync(new Uri(place, UriKind.Relative), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
        foreach (var seq in (string[])["0", "2490", "99999999999"])
        {
            using var answer = await browser.GetAsync(new Uri("/rooms/office-hour/messages/" + seq, UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
        Assert.Equal(Lines, await PagedAsync(browser));
    }

    [Fact]
    public async Task A_broken_line_in_the_middle_is_named_on_the_command_line()
    {
        var lines = Enumerable.Range(1, 20).Select(n => $$"""{"at":"2026-01-31T09:00:00Z","author":"peer","text":"line {{n}}"}""").ToArray();
        lines[12] = """{"at":"2026-01-31T09:00:00Z","author":"peer"}""";
        var file = Path.GetTempFileName();
        await File.WriteAllLinesAsync(file, lines, TestContext.Current.CancellationToken);

        var outcome = await community.RunAsync("import", "room", "broken", file);
        Assert.NotEqual(0, outcome.ExitCode);
        Assert.Equal("Line 13 cannot be read: \"text\" is missing. What came before it is stored, nothing after it.", outcome.Errors.TrimEnd().Split('\n')[^1]);

        File.Delete(file);
        await using var reader = await community.ConnectAsync("member@demo.example");
        Assert.Equal("line 12", (await reader.OpenAsync("broken")).GetProperty("messages").EnumerateArray().Last().GetProperty("markdown").GetString());
    }

    // Without script: from page to page by the links that say what is older.
    static async Task<int> PagedAsync(HttpClient browser)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        for (var address = "/rooms/office-hour"; address is not null;)
        {
            var page = await browser.GetStringAsync(new Uri(address, UriKind.Relative), TestContext.Current.CancellationToken);
            var before = seen.Count;
            foreach (Match message in Regex.Matches(page, "data-seq=\"(?<seq>[0-9]+)\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10)))
                seen.Add(message.Groups["seq"].Value);
            Assert.True(seen.Count > before, $"Nothing new on {address}");
            var older = Regex.Match(page, "class=\"log-older[^\"]*\" href=\"(?<older>[^\"]+)\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(10));
            address = older.Success ? WebUtility.HtmlDecode(older.Groups["older"].Value) : null;
        }
        return seen.Count;
    }

    internal static async Task<string> OfficeHourAsync()
    {
        if (Environment.GetEnvironmentVariable("VET_DATA") is { Length: > 0 } data)
            return Path.Combine(data, "rooms", "office-hours-2012.jsonl");
        var madeUp = Path.Combine(AppContext.BaseDirectory, "office-hour.jsonl");
        var begin = new DateTimeOffset(2012, 6, 6, 16, 45, 0, TimeSpan.Zero);
        await File.WriteAllLinesAsync(madeUp, Enumerable.Range(0, Lines).Select(n => JsonSerializer.Serialize(new
        {
            at = begin.AddMinutes(n / 3).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
            author = $"peer-{n % 40:000}",
            text = n % 5 == 0 ? "yes" : $"Question {n}: does the second apprentice need his own log book?",
        })));
        return madeUp;
    }
}
