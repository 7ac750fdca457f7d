using System.Text;

namespace VetCommunity.Core.Files;

/// <summary>Tells what a file is by what is in it. What it is called, or what a browser says of it, counts for nothing.</summary>
static class Recognition
{
    // What a browser would take for a page or a drawing with scripts in it.
    static readonly string[] Pages = ["<!doctype", "<html", "<head", "<body", "<script", "<svg", "<?xml", "<iframe", "<!--", "<math", "<xsl"];
    const int HeadLength = 12;
    const int Part = 32 * 1024;

    /// <summary>The type of a file.</summary>
    /// <param name="file">Read from its beginning.</param>
    /// <param name="name">Tells kinds of plain text apart, which look the same inside.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="RefusedException">It is empty, or nothing that is taken.</exception>
    public static async Task<FileType> OfAsync(Stream file, string name, CancellationToken cancel)
    {
        var head = new byte[HeadLength];
        var read = await file.ReadAtLeastAsync(head, HeadLength, throwOnEndOfStream: false, cancel);
        if (read == 0)
            throw new RefusedException(Refusal.FileEmpty);
        if (Signed(head.AsSpan(0, read)) is { } type)
            return type;
        file.Position = 0;
        if (head.AsSpan().StartsWith("PK\u0003\u0004"u8))
            return await OfficePackage.TypeAsync(file, cancel);
        if (head.AsSpan().StartsWith(CompoundFile.Signature))
            return await OldOffice.TypeAsync(file, cancel);
        return await IsTextAsync(file, cancel) ? TextCalled(name) : throw Unknown();
    }

    public static RefusedException Unknown() => new(Refusal.FileNotAccepted);

    static FileType? Signed(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith((ReadOnlySpan<byte>)[0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10]))
            return FileType.Png;
        if (head.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF]))
            return FileType.Jpeg;
        if (head.StartsWith("GIF87a"u8) || head.StartsWith("GIF89a"u8))
            return FileType.Gif;
        if (head.StartsWith("RIFF"u8) && head[4..].EndsWith("WEBP"u8))
            return FileType.WebP;
        return head.StartsWith("%PDF-"u8) ? FileType.Pdf : null;
    }

    static FileType TextCalled(string name)
    {
        var extension = Path.GetExtension(name);
        return FileType.Csv.IsCalled(extension) ? FileType.Csv : FileType.Markdown.IsCalled(extension) ? FileType.Markdown : FileType.Text;
    }

    // UTF-8 to its end, without the control characters that no text has, and no page.
    static async Task<bool> IsTextAsync(Stream file, CancellationToken cancel)
    {
        var decoder = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true).GetDecoder();
        var bytes = new byte[Part];
        var letters = new char[Part + 1];
        var isFirst = true;
        try
        {
            for (int read; ; isFirst = false)
            {
                read = await file.ReadAsync(bytes, cancel);
                var count = decoder.GetChars(bytes, 0, read, letters, 0, flush: read == 0);
                if (letters.AsSpan(0, count).ContainsAnyInRange('\0', '\b') || letters.AsSpan(0, count).ContainsAnyInRange('\u000E', '\u001F'))
                    return false;
                if (isFirst && IsPage(letters.AsSpan(0, count)))
                    return false;
                if (read == 0)
                    return true;
            }
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    static bool IsPage(ReadOnlySpan<char> beginning)
    {
        var text = beginning.TrimStart('\uFEFF').TrimStart();
        foreach (var page in Pages)
        {
            if (text.StartsWith(page, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }
}
