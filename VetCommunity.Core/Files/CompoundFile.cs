using System.Buffers.Binary;
using System.Text;

namespace VetCommunity.Core.Files;

/// <summary>
/// The directory of a compound file, the file system in which office programs kept their files until 2007 ([MS-CFB]). Only as much of it as it takes to say
/// what lies in it. Whatever the file claims, no chain is longer than the file and nothing is read twice without end.
/// </summary>
sealed class CompoundFile
{
    public static ReadOnlySpan<byte> Signature => [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

    const int HeaderLength = 512;
    const int EntryLength = 128;
    const int MostEntries = 5_000;
    const int MiniSector = 64;
    const int SmallestBig = 4096;
    const int RootType = 5;
    const uint LastSector = 0xFFFFFFFA;
    const uint NoEntry = 0xFFFFFFFF;

    readonly ReadOnlyMemory<byte> _file;
    readonly int _sector;
    readonly uint[] _next;
    readonly uint[] _nextMini;
    readonly byte[] _mini;

    /// <param name="file">All of it.</param>
    /// <exception cref="InvalidDataException">It contradicts itself, or has too much in it.</exception>
    public CompoundFile(ReadOnlyMemory<byte> file)
    {
        _file = file;
        var head = file.Span;
        if (head.Length < HeaderLength || !head.StartsWith(Signature))
            throw Damaged();
        _sector = (Short(head, 26), Short(head, 30)) switch
        {
            (3, 9) => 512,
            (4, 12) => 4096,
            _ => throw Damaged(),
        };
        _next = Numbers(TableSectors());
        var directory = Joined(Chain(Int(head, 48)), MostEntries * EntryLength);
        Entries = [.. directory.Chunk(EntryLength).Where(one => one.Length == EntryLength).Select(Entry.Of)];
        if (Entries is not [{ Type: RootType } root, ..])
            throw Damaged();
        _nextMini = Numbers(Chain(Int(head, 60)));
        _mini = Joined(Chain(root.Start), file.Length);
        Top = Children(root);
    }

    /// <summary>Everything in it, at whatever depth, and also what is reached from nowhere. The first one is the root.</summary>
    public IReadOnlyList<Entry> Entries { get; }

    /// <summary>What lies at the top.</summary>
    public IReadOnlyList<Entry> Top { get; }

    /// <summary>The content of a stream.</summary>
    /// <exception cref="InvalidDataException">It is shorter than it says.</exception>
    public ReadOnlyMemory<byte> Read(Entry stream)
    {
        if (stream.Size > _file.Length)
            throw Damaged();
        var length = (int)stream.Size;
        var content = length >= SmallestBig ? Joined(Chain(stream.Start), _file.Length) : Small(stream.Start, length);
        return content.Length < length ? throw Damaged() : content.AsMemory(0, length);
    }

    byte[] Small(uint start, int length)
    {
        using var content = new MemoryStream();
        for (var at = start; content.Length < length; at = Next(_nextMini, at))
        {
            if ((at + 1L) * MiniSector > _mini.Length)
                throw Damaged();
            content.Write(_mini, (int)at * MiniSector, MiniSector);
        }
        return content.ToArray();
    }

    // Where the table of sectors itself lies: 109 in the header, the others in a chain of lists whose last number is the next list.
    List<uint> TableSectors()
    {
        var head = _file.Span;
        var count = Int(head, 44);
        List<uint> sectors = [];
        Add(head[76..HeaderLength]);
        var lists = 0;
        for (var at = Int(head, 68); at < LastSector && sectors.Count < count; lists++)
        {
            if (lists > _file.Length / _sector)
                throw Damaged();
            var list = Sector(at);
            Add(list[..^4]);
            at = Int(list, list.Length - 4);
        }
        return sectors;

        void Add(ReadOnlySpan<byte> list)
        {
            for (var at = 0; at < list.Length && sectors.Count < count; at += 4)
            {
                if (Int(list, at) < LastSector)
                    sectors.Add(Int(list, at));
            }
            if (sectors.Count > _file.Length / _sector)
                throw Damaged();
        }
    }

    uint[] Numbers(List<uint> sectors)
    {
        var bytes = Joined(sectors, _file.Length);
        return [.. Enumerable.Range(0, bytes.Length / 4).Select(at => Int(bytes, at * 4))];
    }

    List<uint> Chain(uint start)
    {
        List<uint> sectors = [];
        for (var at = start; at < LastSector; at = Next(_next, at))
        {
            sectors.Add(at);
            // Longer than the file: it goes in a circle.
            if (sectors.Count > _file.Length / _sector)
                throw Damaged();
        }
        return sectors;
    }

    static uint Next(uint[] table, uint at) => at < table.Length ? table[at] : throw Damaged();

    byte[] Joined(List<uint> sectors, int most)
    {
        if ((long)sectors.Count * _sector > most + _sector)
            throw Damaged();
        var bytes = new byte[sectors.Count * _sector];
        for (var one = 0; one < sectors.Count; one++)
            Sector(sectors[one]).CopyTo(bytes.AsSpan(one * _sector));
        return bytes;
    }

    ReadOnlySpan<byte> Sector(uint number)
    {
        // The header takes the place of the first sector. Some programs leave out the empty end of the last one.
        var begin = (number + 1L) * _sector;
        if (begin >= _file.Length)
            throw Damaged();
        var rest = _file.Span[(int)begin..];
        if (rest.Length >= _sector)
            return rest[.._sector];
        var filled = new byte[_sector];
        rest.CopyTo(filled);
        return filled;
    }

    // A tree of siblings under each storage, ordered by name. Whoever is met twice makes it none.
    List<Entry> Children(Entry storage)
    {
        List<Entry> found = [];
        HashSet<uint> met = [];
        var waiting = new Stack<uint>([storage.Child]);
        while (waiting.TryPop(out var at))
        {
            if (at == NoEntry)
                continue;
            if (at >= Entries.Count || !met.Add(at))
                throw Damaged();
            var entry = Entries[(int)at];
            found.Add(entry);
            waiting.Push(entry.Left);
            waiting.Push(entry.Right);
        }
        return found;
    }

    static ushort Short(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    static uint Int(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    static InvalidDataException Damaged() => new("No compound file");

    /// <summary>Something in the directory.</summary>
    /// <param name="Name">At most 32 letters.</param>
    /// <param name="Type">1 a storage, 2 a stream, 5 the root, 0 none.</param>
    /// <param name="Left">A sibling.</param>
    /// <param name="Right">A sibling.</param>
    /// <param name="Child">Of a storage: one of what lies in it.</param>
    /// <param name="Start">Its first sector.</param>
    /// <param name="Size">Its bytes.</param>
    public sealed record Entry(string Name, byte Type, uint Left, uint Right, uint Child, uint Start, uint Size)
    {
        public bool IsStream => Type == 2;

        public static Entry Of(byte[] bytes)
        {
            var name = Encoding.Unicode.GetString(bytes, 0, 64);
            var end = name.IndexOf('\0', StringComparison.Ordinal);
            return new(end < 0 ? name : name[..end], bytes[66], Int(bytes, 68), Int(bytes, 72), Int(bytes, 76), Int(bytes, 116), Int(bytes, 120));
        }
    }
}
