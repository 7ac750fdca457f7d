using System.Buffers.Binary;

namespace VetCommunity.Core.Files;

/// <summary>
/// Files of the office programs of 1997 to 2003. A macro in one runs on the machine of whoever opens it, so what could hold one is refused: Basic in any of them, macro sheets of Excel,
/// and what cannot be looked into, because it has a password or is older than that.
/// </summary>
static class OldOffice
{
    const int Longest = 64 * 1024 * 1024;
    const int FirstWord = 0x00C1;
    const int BoundSheet = 0x0085;
    const int FilePass = 0x002F;
    const int PlainSheet = 0;
    const int ChartSheet = 2;

    // By the stream in which a program keeps what it is about.
    static readonly Dictionary<string, FileType> Streams = new(StringComparer.OrdinalIgnoreCase)
    {
        ["WordDocument"] = FileType.Doc,
        ["Workbook"] = FileType.Xls,
        ["Book"] = FileType.Xls,
        ["PowerPoint Document"] = FileType.Ppt,
    };

    // Storages in which Word and Excel keep Basic.
    static readonly HashSet<string> Macros = new(["Macros", "VBA", "_VBA_PROJECT", "_VBA_PROJECT_CUR"], StringComparer.OrdinalIgnoreCase);

    // PowerPoint keeps its Basic inside of its one stream: the head of the record that says so, but for its first half byte, and of the one that says that all else is encrypted.
    static readonly byte[] BasicOfSlides = [0x00, 0xFF, 0x03, 0x14, 0x00, 0x00, 0x00];
    static readonly byte[] EncryptedSlides = [0x0F, 0x00, 0x14, 0x2F];

    /// <summary>The type of a file that begins like a compound file.</summary>
    /// <exception cref="RefusedException">It is something else, or could hold macros.</exception>
    public static Task<FileType> TypeAsync(Stream file, CancellationToken cancel) => file.Length > Longest ? throw Recognition.Unknown() : Bitmaps.InTurnAsync(() =>
    {
        // All of it, which is why this goes in turn.
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return Of(bytes);
    }, cancel);

    static FileType Of(byte[] bytes)
    {
        try
        {
            var file = new CompoundFile(bytes);
            if (file.Entries.Any(entry => entry.Type != 0 && Macros.Contains(entry.Name)))
                throw new RefusedException(Refusal.FileWithMacros);
            FileType? type = null;
            foreach (var stream in file.Top.Where(entry => entry.IsStream))
            {
                if (Streams.TryGetValue(stream.Name, out var found))
                {
                    Judge(file.Read(stream).Span, found);
                    type ??= found;
                }
            }
            if (type is not null)
                return type;
        }
        catch (InvalidDataException)
        {
            // Damaged, or made to look like one.
        }
        throw Recognition.Unknown();
    }

    static void Judge(ReadOnlySpan<byte> content, FileType type)
    {
        if (type == FileType.Doc)
            RefuseOldDocument(content);
        else if (type == FileType.Xls)
            RefuseMacroSheets(content);
        else
            RefuseBasicOfSlides(content);
    }

    // Before Word 97 macros had no storage of their own.
    static void RefuseOldDocument(ReadOnlySpan<byte> document)
    {
        if (document.Length < 4 || Short(document, 0) != 0xA5EC || Short(document, 2) < FirstWord)
            throw Recognition.Unknown();
    }

    // Records of two bytes what, two bytes how long. What sheets there are stands somewhere among them.
    static void RefuseMacroSheets(ReadOnlySpan<byte> workbook)
    {
        for (var rest = workbook; rest.Length >= 4;)
        {
            var (what, length) = (Short(rest, 0), Short(rest, 2));
            if (length > rest.Length - 4)
                break;
            if (what == FilePass)
                throw Recognition.Unknown();
            if (what == BoundSheet && (length < 6 || rest[9] is not (PlainSheet or ChartSheet)))
                throw new RefusedException(Refusal.FileWithMacros);
            rest = rest[(4 + length)..];
        }
    }

    static void RefuseBasicOfSlides(ReadOnlySpan<byte> slides)
    {
        if (slides.IndexOf(BasicOfSlides) >= 0)
            throw new RefusedException(Refusal.FileWithMacros);
        if (slides.IndexOf(EncryptedSlides) >= 0)
            throw Recognition.Unknown();
    }

    static ushort Short(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
}
