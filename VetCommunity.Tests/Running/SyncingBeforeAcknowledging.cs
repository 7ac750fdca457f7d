using System.Text.RegularExpressions;
using Xunit;

namespace VetCommunity.Tests.Running;

/// <summary>A killed process proves nothing about the disk: the page cache outlives it. The calls to the system do.</summary>
public sealed class SyncingBeforeAcknowledging
{
    [Promise("FT2")]
    [Fact]
    public async Task A_message_is_synced_to_the_disk_before_its_author_hears_of_it()
    {
        Tool.Need("strace");
        var trace = Path.GetTempFileName();
        await using var community = new RunningCommunity
        {
            // As a grandchild, so that the server stays our child and can be killed as ever.
            Under = ["strace", "-D", "-f", "--seccomp-bpf", "-qq", "-y", "-s", "5000", "-e", "trace=pwrite64,write,fsync,fdatasync,sendto,sendmsg", "-e", "signal=none", "-o", trace],
        };
        await community.InitializeAsync();
        await using (var anna = await community.ConnectAsync("member@demo.example"))
        {
            await anna.PostAsync("welcome", "synced", "the word that is watched");
            // Another call, so that the answer before it is in the trace for certain.
            await anna.OpenAsync("welcome");
        }
        await community.KillAsync();

        var calls = Calls(await File.ReadAllLinesAsync(trace, TestContext.Current.CancellationToken));
        File.Delete(trace);
        var written = calls.FindIndex(call => call.Name is "pwrite64" or "write" && call.Text.Contains("community.db-wal>", StringComparison.Ordinal)
            && call.Text.Contains("the word that is watched", StringComparison.Ordinal));
        Assert.True(written >= 0, "The message was not seen on its way into the log of the database");
        var acknowledged = calls.FindIndex(written, call => call.Name is "sendto" or "sendmsg" or "write" && call.Text.Contains("duplicate", StringComparison.Ordinal));
        Assert.True(acknowledged > written, "The acknowledgement was not seen on its way to the author");
        var commit = calls.FindLastIndex(acknowledged, call => call.Name is "pwrite64" or "write" && call.Text.Contains("community.db-wal>", StringComparison.Ordinal));
        Assert.Contains(calls[commit..acknowledged], call => call.Name is "fsync" or "fdatasync" && call.IsDone && call.Text.Contains("community.db-wal>", StringComparison.Ordinal));
    }

    /// <summary>
    /// In the order of the trace. A write counts from where it begins and a sync from where it has returned, so that nothing that merely runs
    /// beside something else passes for coming before it.
    /// </summary>
    static List<Call> Calls(string[] lines)
    {
        List<Call> calls = [];
        Dictionary<string, Call> unfinished = new(StringComparer.Ordinal);
        foreach (var line in lines)
        {
            var parts = Regex.Match(line, @"^(?<thread>\d+) +(<\.\.\. (?<resumed>\w+) resumed>|(?<name>\w+)\()", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5));
            if (!parts.Success)
                continue;
            var thread = parts.Groups["thread"].Value;
            if (parts.Groups["resumed"].Success)
            {
                if (unfinished.Remove(thread, out var begun) && begun.Name.EndsWith("sync", StringComparison.Ordinal))
                    calls.Add(begun with { IsDone = line.EndsWith("= 0", StringComparison.Ordinal) });
                continue;
            }
            var call = new Call(parts.Groups["name"].Value, line, line.EndsWith("= 0", StringComparison.Ordinal));
            if (line.EndsWith("<unfinished ...>", StringComparison.Ordinal))
                unfinished[thread] = call;
            calls.Add(call);
        }
        return calls;
    }

    sealed record Call(string Name, string Text, bool IsDone);
}
