using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using VetCommunity.App.Limiting;
using VetCommunity.Core;

namespace VetCommunity.App.Printing;

/// <summary>
/// Makes a PDF of a page by a Chromium that the operator names in <c>Pdf:Chromium</c>. One at a time: each takes as much as hundreds of pages. The browser reads one file and reaches no network, so that a page
/// can neither call anybody nor show what is elsewhere; that it runs no script is the page's own to say.
/// </summary>
sealed class PdfPrinter(string? chromium, ILogger<PdfPrinter> log) : IDisposable
{
    const int MostWaiting = 16;
    // So that others come to their turn beside whoever asks for many.
    const int MostOfOne = 4;
    const int Soon = 10;
    // With one more it begins anew; what is asked for often is soon there again.
    const int MostKept = 50;
    const long MostBytesKept = 50_000_000;
    const string Folders = "vet-pdf-";
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    static readonly TimeSpan Dying = TimeSpan.FromSeconds(5);

    readonly SemaphoreSlim _one = new(1);
    readonly Tally<string> _waitingOf = new();
    int _waiting;
    // By what a page says, to the letter: another page is another PDF.
    readonly Dictionary<string, byte[]> _kept = new(StringComparer.Ordinal);
    long _bytesKept;

    /// <summary>Whether the server has a browser for it.</summary>
    public bool IsThere => chromium is not null;

    /// <summary>The PDF of a page that needs nothing from elsewhere. The page itself is made when its turn has come, so that whoever waits takes nothing; one that says what another said is not printed again.</summary>
    /// <param name="asker">Who waits: of one a few at a time.</param>
    /// <param name="pageAsync">Makes the page.</param>
    /// <param name="cancel">Stops the waiting and the browser.</param>
    /// <exception cref="RefusedException"><see cref="Refusal.TooBusy"/>: others wait already, or the browser did not come to an end.</exception>
    public async Task<byte[]> PrintAsync(string asker, Func<CancellationToken, Task<string>> pageAsync, CancellationToken cancel)
    {
        var program = chromium ?? throw new InvalidOperationException("Without a browser nothing is printed.");
        var (mine, all) = (_waitingOf.Add(asker), Interlocked.Increment(ref _waiting));
        try
        {
            if (mine > MostOfOne || all > MostWaiting)
                throw new RefusedException(Refusal.TooBusy, Soon);
            await _one.WaitAsync(cancel);
            try
            {
                var html = await pageAsync(cancel);
                var key = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(html.AsSpan())));
                if (_kept.TryGetValue(key, out var pdf))
                    return pdf;
                pdf = await PrintAsync(program, html, cancel);
                Keep(key, pdf);
                return pdf;
            }
            finally
            {
                _one.Release();
            }
        }
        finally
        {
            _waitingOf.Remove(asker);
            Interlocked.Decrement(ref _waiting);
        }
    }

    // One prints at a time, and so one keeps.
    void Keep(string key, byte[] pdf)
    {
        if (_kept.Count >= MostKept || _bytesKept + pdf.Length > MostBytesKept)
        {
            _kept.Clear();
            _bytesKept = 0;
        }
        _kept[key] = pdf;
        _bytesKept += pdf.Length;
    }

    async Task<byte[]> PrintAsync(string program, string html, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory(Folders);
        try
        {
            var (page, pdf) = (Path.Combine(folder.FullName, "page.html"), Path.Combine(folder.FullName, "page.pdf"));
            await File.WriteAllTextAsync(page, html, cancel);
            using var soon = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            soon.CancelAfter(Longest);
            using var process = Process.Start(Command(program, folder.FullName, page, pdf)) ?? throw new InvalidOperationException("The browser does not start.");
            try
            {
                // What it says on the way is of no use to anybody, but it must not wait for a reader.
                await Task.WhenAll(process.StandardOutput.ReadToEndAsync(soon.Token), process.StandardError.ReadToEndAsync(soon.Token), process.WaitForExitAsync(soon.Token));
            }
            finally
            {
                if (!process.HasExited)
                {
                    process.Kill(entireProcessTree: true);
                    // What still dies still writes into the folder.
                    await process.WaitForExitAsync(CancellationToken.None).WaitAsync(Dying, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }
            }
            if (process.ExitCode == 0 && File.Exists(pdf))
                return await File.ReadAllBytesAsync(pdf, cancel);
            log.LogWarning("The browser of Pdf:Chromium ended with {Code} and no PDF", process.ExitCode);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            log.LogWarning("The browser of Pdf:Chromium took more than {Seconds} seconds and was ended", Longest.TotalSeconds);
        }
        catch (System.ComponentModel.Win32Exception error)
        {
            log.LogError(error, "The browser of Pdf:Chromium does not start");
        }
        finally
        {
            Remove(folder);
        }
        throw new RefusedException(Refusal.TooBusy, Soon);
    }

    static ProcessStartInfo Command(string program, string folder, string page, string pdf)
    {
        var start = new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        // Nothing of what the server is told, such as the address of its database, is for a browser.
        var path = start.Environment.TryGetValue("PATH", out var known) ? known : null;
        start.Environment.Clear();
        foreach (var (name, value) in new Dictionary<string, string?> { ["PATH"] = path, ["HOME"] = folder, ["TMPDIR"] = folder, ["LANG"] = "C.UTF-8" })
            start.Environment[name] = value;
        foreach (var argument in (string[])[
            "--headless", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
            "--host-resolver-rules=MAP * ~NOTFOUND", "--user-data-dir=" + Path.Combine(folder, "profile"), "--no-pdf-header-footer", "--print-to-pdf=" + pdf])
            start.ArgumentList.Add(argument);
        // Chromium's own sandbox refuses to work for root, as whom a container runs often.
        if (OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess)
            start.ArgumentList.Add("--no-sandbox");
        start.ArgumentList.Add(new Uri(page).AbsoluteUri);
        return start;
    }

    void Remove(DirectoryInfo folder)
    {
        try
        {
            folder.Delete(recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            log.LogWarning(error, "The folder {Folder} of a printed page could not be removed", folder.FullName);
        }
    }

    public void Dispose() => _one.Dispose();
}
