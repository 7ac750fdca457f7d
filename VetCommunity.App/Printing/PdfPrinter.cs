using System.Diagnostics;
using VetCommunity.Core;

namespace VetCommunity.App.Printing;

/// <summary>
/// Makes a PDF of a page by a Chromium that the operator names in <c>Pdf:Chromium</c>. One at a time: each takes as much as hundreds of pages. The browser reads one file and reaches no network, so that a page
/// can neither call anybody nor show what is elsewhere; that it runs no script is the page's own to say.
/// </summary>
sealed class PdfPrinter(string? chromium, ILogger<PdfPrinter> log) : IDisposable
{
    const int MostWaiting = 8;
    const int Soon = 10;
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    readonly SemaphoreSlim _one = new(1);
    int _waiting;

    /// <summary>Whether the server has a browser for it.</summary>
    public bool IsThere => chromium is not null;

    /// <summary>The PDF of a page that needs nothing from elsewhere.</summary>
    /// <exception cref="RefusedException"><see cref="Refusal.TooBusy"/>: others wait already, or the browser did not come to an end.</exception>
    public async Task<byte[]> PrintAsync(string html, CancellationToken cancel)
    {
        var program = chromium ?? throw new InvalidOperationException("Without a browser nothing is printed.");
        if (Interlocked.Increment(ref _waiting) > MostWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            throw new RefusedException(Refusal.TooBusy, Soon);
        }
        try
        {
            await _one.WaitAsync(cancel);
            try
            {
                return await PrintAsync(program, html, cancel);
            }
            finally
            {
                _one.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }

    async Task<byte[]> PrintAsync(string program, string html, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("vet-pdf-");
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
                    process.Kill(entireProcessTree: true);
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
        catch (IOException error)
        {
            // A browser that was killed may let go of a file a moment later; the system clears its folder some day.
            log.LogWarning(error, "The folder {Folder} of a printed page could not be removed", folder.FullName);
        }
    }

    public void Dispose() => _one.Dispose();
}
