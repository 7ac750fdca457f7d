using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace VetCommunity.Core.Files;

/// <summary>
/// The zip files of office programs: OOXML and OpenDocument. Only the directory is read, and of the content the few bytes that say what
/// it is: a bomb in it is never unpacked.
/// </summary>
static class OfficePackage
{
    const int DirectoryEnd = 22;
    const int MostEntries = 5_000;
    const int LongestDirectory = 1024 * 1024;
    const long MostUnpacked = 1024L * 1024 * 1024;
    const int LongestDescription = 256 * 1024;
    const string OpenXmlDescription = "[Content_Types].xml";

    public static async Task<FileType> TypeAsync(Stream file, CancellationToken cancel)
    {
        if (!await IsBoundedAsync(file, cancel))
            throw Recognition.Unknown();
        try
        {
            using var zip = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            if (zip.Entries.Sum(entry => entry.Length) > MostUnpacked)
                throw Recognition.Unknown();
            return await OpenXmlAsync(zip, cancel) ?? await OpenDocumentAsync(zip, cancel) ?? throw Recognition.Unknown();
        }
        catch (Exception damaged) when (damaged is InvalidDataException or EndOfStreamException or NotSupportedException)
        {
            throw Recognition.Unknown();
        }
    }

    // ZipArchive reads whatever follows as its directory; so there must be one of a bearable length, exactly at the end of the file.
    static async Task<bool> IsBoundedAsync(Stream file, CancellationToken cancel)
    {
        if (file.Length < DirectoryEnd)
            return false;
        var end = new byte[DirectoryEnd];
        file.Position = file.Length - DirectoryEnd;
        await file.ReadExactlyAsync(end, cancel);
        file.Position = 0;
        var (count, length, begin) = (BinaryPrimitives.ReadUInt16LittleEndian(end.AsSpan(10)), BinaryPrimitives.ReadUInt32LittleEndian(end.AsSpan(12)),
            BinaryPrimitives.ReadUInt32LittleEndian(end.AsSpan(16)));
        return end.AsSpan().StartsWith("PK\u0005\u0006"u8) && count <= MostEntries && length <= LongestDirectory && (long)begin + length == file.Length - DirectoryEnd;
    }

    static async Task<FileType?> OpenXmlAsync(ZipArchive zip, CancellationToken cancel)
    {
        if (zip.GetEntry(OpenXmlDescription) is not { } entry)
            return null;
        var description = await BeginningAsync(entry, cancel);
        // A macro runs on the machine of whoever opens the file.
        if (description.Contains("macroEnabled", StringComparison.OrdinalIgnoreCase)
            || zip.Entries.Any(one => one.Name.EndsWith("vbaProject.bin", StringComparison.OrdinalIgnoreCase)))
            throw new RefusedException(Refusal.FileWithMacros);
        return FileType.Office.FirstOrDefault(type => description.Contains($"\"{type.ContentType}.main+xml\"", StringComparison.OrdinalIgnoreCase));
    }

    static async Task<FileType?> OpenDocumentAsync(ZipArchive zip, CancellationToken cancel)
    {
        if (zip.GetEntry("mimetype") is not { } entry || zip.GetEntry("content.xml") is null)
            return null;
        if (zip.Entries.Any(one => one.FullName.StartsWith("Basic/", StringComparison.OrdinalIgnoreCase) || one.FullName.StartsWith("Scripts/", StringComparison.OrdinalIgnoreCase)))
            throw new RefusedException(Refusal.FileWithMacros);
        var description = (await BeginningAsync(entry, cancel)).Trim();
        return FileType.Office.FirstOrDefault(type => type.ContentType == description);
    }

    static async Task<string> BeginningAsync(ZipArchiveEntry entry, CancellationToken cancel)
    {
        var bytes = new byte[LongestDescription];
        await using var content = await entry.OpenAsync(cancel);
        var read = await content.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancel);
        return Encoding.UTF8.GetString(bytes, 0, read);
    }
}
