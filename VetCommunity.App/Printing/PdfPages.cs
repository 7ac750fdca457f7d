using System.Diagnostics;
using System.Globalization;
using System.Text;
using VetCommunity.App.Limiting;
using VetCommunity.Core;

namespace VetCommunity.App.Printing;

/// <summary>
/// Draws the pages of a PDF by the programs of Poppler. Whose PDF it is nobody knows: nothing of it is read in the server itself but its first bytes, a page is scaled before it is drawn, and each program has so
/// much memory, so large files and so much time and is then ended. One at a time: drawing takes a core.
/// </summary>
sealed class PdfPages(string? folder, ConfiguredLimits limits, TimeProvider clock, ILogger<PdfPages> log) : IDisposable
{
    /// <summary>What is needed of Poppler.</summary>
    public static readonly IReadOnlyList<string> Programs = ["pdfinfo", "pdftoppm", "pdftotext"];

    /// <summary>The longer side of a picture, which a projector shows sharp.</summary>
    public const int LongerSide = 1600;

    const int MostWaiting = 4;
    const int Soon = 60;
    const int HeadLength = 1024;
    const int MemoryKilobytes = 1024 * 1024;
    // Of 512 bytes each.
    const int FileBlocks = 32 * 2048;
    const int AtOnce = 20;
    const int MostMegabytes = 400;
    const int MostOutput = 64 * 1024;
    const string Folders = "vet-pages-";
    static readonly TimeSpan Left = TimeSpan.FromHours(1);
    static readonly TimeSpan Dying = TimeSpan.FromSeconds(5);

    readonly SemaphoreSlim _one = new(1);
    int _waiting;

    /// <summary>Where the folders of those lie that are being drawn.</summary>
    public string Place { get; init; } = Path.GetTempPath();

    /// <summary>Whether the server has the programs.</summary>
    public bool IsThere => folder is not null;

    /// <summary>Whether a folder has all of the programs.</summary>
    public static bool AreIn(string folder) => Programs.All(program => File.Exists(Path.Combine(folder, program)));

    /// <summary>Draws all pages. What it answers with is disposed when they are kept elsewhere.</summary>
    /// <param name="pdf">Read to its end.</param>
    /// <param name="cancel">Ends the programs; nothing stays.</param>
    /// <exception cref="RefusedException">No PDF, too large, broken, locked, of too many pages or too slow; or others wait already.</exception>
    public async Task<DrawnPdf> DrawAsync(Stream pdf, CancellationToken cancel)
    {
        var programs = folder ?? throw new NotFoundException("page");
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
                RemoveLeft();
                return await DrawAsync(programs, pdf, cancel);
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

    async Task<DrawnPdf> DrawAsync(string programs, Stream pdf, CancellationToken cancel)
    {
        var drawn = new DrawnPdf(PrivateFolder(), log);
        var isDone = false;
        try
        {
            var file = Path.Combine(drawn.Folder.FullName, "in.pdf");
            await ReceiveAsync(pdf, file, cancel);
            using var soon = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            soon.CancelAfter(TimeSpan.FromSeconds(limits.PdfSeconds));
            try
            {
                var count = await CountAsync(programs, drawn.Folder.FullName, file, soon.Token);
                var pictures = await PicturesAsync(programs, drawn.Folder.FullName, file, count, soon.Token);
                var texts = await TextsAsync(programs, drawn.Folder.FullName, file, soon.Token);
                drawn.Pages = [.. pictures.Select((picture, index) => (picture, texts.ElementAtOrDefault(index) ?? ""))];
                isDone = true;
                return drawn;
            }
            catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
            {
                log.LogWarning("The pages of a PDF took more than {Seconds} seconds", limits.PdfSeconds);
                throw new RefusedException(Refusal.PdfTooSlow, limits.PdfSeconds);
            }
        }
        finally
        {
            if (!isDone)
                drawn.Dispose();
        }
    }

    // What a server that was killed left: it draws no more, and none draws longer than this.
    void RemoveLeft()
    {
        var begun = clock.GetUtcNow().UtcDateTime - TimeSpan.FromSeconds(limits.PdfSeconds) - Left;
        foreach (var old in new DirectoryInfo(Place).EnumerateDirectories(Folders + "*").Where(one => one.CreationTimeUtc < begun))
        {
            try
            {
                old.Delete(recursive: true);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                log.LogWarning(error, "A folder with pages of a PDF could not be taken away");
            }
        }
    }

    DirectoryInfo PrivateFolder()
    {
        var place = Path.Combine(Place, Folders + Guid.NewGuid().ToString("N"));
        return OperatingSystem.IsWindows() ? Directory.CreateDirectory(place) : Directory.CreateDirectory(place, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    async Task ReceiveAsync(Stream pdf, string file, CancellationToken cancel)
    {
        await using var there = new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Options = FileOptions.Asynchronous });
        var part = new byte[64 * 1024];
        var most = limits.PdfMegabytes * 1024L * 1024;
        // Whoever writes PDFs may put something before the mark, as far as readers look for it.
        var head = new byte[HeadLength];
        var length = 0L;
        for (int read; (read = await pdf.ReadAsync(part, cancel)) > 0; length += read)
        {
            if (length + read > most)
                throw new RefusedException(Refusal.PdfTooLarge, limits.PdfMegabytes);
            if (length < HeadLength)
                part.AsSpan(0, (int)Math.Min(read, HeadLength - length)).CopyTo(head.AsSpan((int)length));
            await there.WriteAsync(part.AsMemory(0, read), cancel);
        }
        if (length == 0)
            throw new RefusedException(Refusal.FileEmpty);
        if (head.AsSpan().IndexOf("%PDF-"u8) < 0)
            throw new RefusedException(Refusal.NotPdf);
    }

    async Task<int> CountAsync(string programs, string place, string file, CancellationToken cancel)
    {
        var (code, said, complained) = await RunAsync(programs, place, "pdfinfo", [file], cancel);
        if (code != 0)
            throw new RefusedException(complained.Contains("password", StringComparison.OrdinalIgnoreCase) ? Refusal.PdfLocked : Refusal.PdfBroken);
        var line = said.Split('\n').FirstOrDefault(line => line.StartsWith("Pages:", StringComparison.Ordinal));
        if (!int.TryParse(line?["Pages:".Length..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count == 0)
            throw new RefusedException(Refusal.PdfBroken);
        return count <= limits.PdfPages ? count : throw new RefusedException(Refusal.PdfTooManyPages, limits.PdfPages);
    }

    // Some at a time, so that what is too much for the disk is seen before it is there.
    async Task<string[]> PicturesAsync(string programs, string place, string file, int count, CancellationToken cancel)
    {
        for (var first = 1; first <= count; first += AtOnce)
        {
            string[] numbers = [.. ((int[])[first, Math.Min(count, first + AtOnce - 1), LongerSide]).Select(number => number.ToString(CultureInfo.InvariantCulture))];
            var (code, _, _) = await RunAsync(programs, place, "pdftoppm", ["-q", "-png", "-forcenum", "-f", numbers[0], "-l", numbers[1], "-scale-to", numbers[2], file, Path.Combine(place, "page")], cancel);
            if (code != 0)
                throw new RefusedException(Refusal.PdfBroken);
            if (new DirectoryInfo(place).EnumerateFiles("page-*.png").Sum(picture => picture.Length) > MostMegabytes * 1024L * 1024)
                throw new RefusedException(Refusal.PdfTooMuch, MostMegabytes);
        }
        // The numbers are as long as the last one, so that their order is that of their names.
        FileInfo[] pictures = [.. new DirectoryInfo(place).EnumerateFiles("page-*.png").OrderBy(picture => picture.Name, StringComparer.Ordinal)];
        return pictures.Length == count && Array.TrueForAll(pictures, picture => picture.Length > 0) ? Array.ConvertAll(pictures, picture => picture.FullName) : throw new RefusedException(Refusal.PdfBroken);
    }

    // A page without words is a page all the same, and so is one whose words may not be copied.
    async Task<string[]> TextsAsync(string programs, string place, string file, CancellationToken cancel)
    {
        var texts = Path.Combine(place, "texts");
        var (code, _, _) = await RunAsync(programs, place, "pdftotext", ["-q", "-enc", "UTF-8", file, texts], cancel);
        return code == 0 && File.Exists(texts) ? (await File.ReadAllTextAsync(texts, Encoding.UTF8, cancel)).Split('\f') : [];
    }

    async Task<(int Code, string Said, string Complained)> RunAsync(string programs, string place, string program, IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        using var process = Process.Start(Command(programs, place, program, arguments)) ?? throw new InvalidOperationException($"{program} does not start.");
        try
        {
            var (said, complained) = (BeginningAsync(process.StandardOutput, cancel), BeginningAsync(process.StandardError, cancel));
            await Task.WhenAll(said, complained, process.WaitForExitAsync(cancel));
            if (process.ExitCode != 0)
                log.LogInformation("{Program} ended with {Code}", program, process.ExitCode);
            return (process.ExitCode, await said, await complained);
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
    }

    // It may complain of each of a million objects: what is said beyond the beginning is read and forgotten.
    static async Task<string> BeginningAsync(StreamReader reader, CancellationToken cancel)
    {
        var beginning = new StringBuilder();
        var part = new char[4096];
        for (int read; (read = await reader.ReadAsync(part, cancel)) > 0;)
            beginning.Append(part, 0, Math.Min(read, MostOutput - beginning.Length));
        return beginning.ToString();
    }

    ProcessStartInfo Command(string programs, string place, string program, IReadOnlyList<string> arguments)
    {
        var path = Path.Combine(programs, program);
        var start = new ProcessStartInfo { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = place };
        // Nothing of what the server is told, such as the address of its database, is for a program that reads anybody's file.
        start.Environment.Clear();
        foreach (var (name, value) in new Dictionary<string, string?> { ["PATH"] = "/usr/bin:/bin", ["HOME"] = place, ["TMPDIR"] = place, ["LANG"] = "C.UTF-8" })
            start.Environment[name] = value;
        if (OperatingSystem.IsWindows())
        {
            start.FileName = path;
        }
        else
        {
            // The shell sets the bounds and becomes the program. The processor's time is for a server that is gone meanwhile: else it is ended before.
            start.FileName = "/bin/sh";
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add(string.Create(CultureInfo.InvariantCulture, $"ulimit -v {MemoryKilobytes}; ulimit -f {FileBlocks}; ulimit -t {limits.PdfSeconds + 5}; ulimit -c 0; exec nice -n 10 \"$0\" \"$@\""));
            start.ArgumentList.Add(path);
        }
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return start;
    }

    public void Dispose() => _one.Dispose();
}

/// <summary>The pages of a PDF in a folder of their own, which is gone afterwards.</summary>
sealed class DrawnPdf(DirectoryInfo folder, ILogger log) : IDisposable
{
    public DirectoryInfo Folder => folder;

    /// <summary>In their order: a PNG each, and its words.</summary>
    public IReadOnlyList<(string Picture, string Text)> Pages { get; set; } = [];

    public void Dispose()
    {
        try
        {
            folder.Delete(recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            log.LogWarning(error, "The folder {Folder} of a PDF's pages could not be removed", folder.FullName);
        }
    }
}
