using System.Buffers.Binary;
using System.Text;

namespace VetCommunity.Tests.Files;

/// <summary>Files as office programs wrote them until 2007: a small file system of sectors in a file.</summary>
static class MadeCompoundFiles
{
    const int Sector = 512;
    const int Numbers = Sector / 4;
    const int InHeader = 109;
    const uint End = 0xFFFFFFFE;
    const uint None = 0xFFFFFFFF;

    public static byte[] Doc(params (string Path, byte[] Content)[] more) => Of([("WordDocument", [0xEC, 0xA5, 0xC1, 0, .. new byte[4_200]]), ("1Table", new byte[300]), .. more]);

    /// <param name="sheet">What kind of sheet: 0 a plain one, 1 one with macros of Excel 4, 6 a module.</param>
    /// <param name="more">What else lies in it.</param>
    public static byte[] Xls(byte sheet = 0, params (string Path, byte[] Content)[] more) => Of(
        [("Workbook", [.. Record(0x0809, new byte[16]), .. Record(0x0085, [0, 0, 0, 0, 0, 0, 6, 0, .. "Sheet1"u8]), .. Record(0x0085, [0, 0, 0, 0, 0, sheet, 6, 0, .. "Sheet2"u8]), .. Record(0x000A, [])]), .. more]);

    public static byte[] EncryptedXls() => Of([("Workbook", [.. Record(0x0809, new byte[16]), .. Record(0x002F, new byte[54]), .. new byte[5_000]])]);

    /// <param name="within">Somewhere in its one stream.</param>
    public static byte[] Ppt(params byte[] within) => Of([("PowerPoint Document", [.. new byte[6_000], .. within, .. new byte[700]]), ("Current User", new byte[60])]);

    public static byte[] Record(int what, byte[] content)
    {
        var head = new byte[4];
        BinaryPrimitives.WriteUInt16LittleEndian(head, (ushort)what);
        BinaryPrimitives.WriteUInt16LittleEndian(head.AsSpan(2), (ushort)content.Length);
        return [.. head, .. content];
    }

    /// <summary>A file with these streams; a slash leads into a storage.</summary>
    public static byte[] Of(IReadOnlyList<(string Path, byte[] Content)> streams)
    {
        List<(string Path, byte Type, byte[] Content)> entries = [("", 5, [])];
        foreach (var (path, content) in streams)
        {
            var parts = path.Split('/');
            for (var depth = 1; depth < parts.Length; depth++)
            {
                var storage = string.Join('/', parts[..depth]);
                if (!entries.Exists(entry => entry.Path == storage))
                    entries.Add((storage, 1, []));
            }
            entries.Add((path, 2, content));
        }
        var parents = entries.ConvertAll(entry => entry.Path.LastIndexOf('/') is > 0 and var slash ? entry.Path[..slash] : entry.Path.Length == 0 ? null : "");
        List<byte[]> sectors = [];
        List<uint> next = [];
        List<byte> mini = [];
        List<uint> nextMini = [];
        var starts = entries.ConvertAll(entry => entry.Type == 2 ? entry.Content.Length >= 4096 ? Store(entry.Content) : StoreSmall(entry.Content) : 0);
        var miniLength = mini.Count;
        starts[0] = miniLength == 0 ? End : Store([.. mini]);
        var miniTable = nextMini.Count == 0 ? End : Store([.. nextMini.SelectMany(BitConverter.GetBytes)], 0xFF);
        var directory = Store([.. entries.SelectMany((entry, at) => Entry(entry, parents, at, starts[at], at == 0 ? miniLength : entry.Content.Length))]);
        var (tables, lists) = (1, 0);
        while (tables * Numbers < sectors.Count + tables + lists)
            (tables, lists) = (tables + 1, (Math.Max(0, tables + 1 - InHeader) + Numbers - 2) / (Numbers - 1));
        var first = sectors.Count;
        var table = next.Concat(Enumerable.Repeat(0xFFFFFFFDu, tables)).Concat(Enumerable.Repeat(0xFFFFFFFCu, lists)).SelectMany(BitConverter.GetBytes).ToArray();
        var header = new byte[Sector];
        header.AsSpan(76).Fill(0xFF);
        ((byte[])[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]).CopyTo(header, 0);
        (header[24], header[26], header[28], header[29], header[30], header[32]) = (0x3E, 3, 0xFE, 0xFF, 9, 6);
        Write(header, 44, (uint)tables);
        Write(header, 48, directory);
        Write(header, 56, 4096);
        Write(header, 60, miniTable);
        Write(header, 64, (uint)((nextMini.Count * 4 + Sector - 1) / Sector));
        Write(header, 68, lists == 0 ? End : (uint)(first + tables));
        Write(header, 72, (uint)lists);
        for (var at = 0; at < Math.Min(tables, InHeader); at++)
            Write(header, 76 + (at * 4), (uint)(first + at));
        var listed = new byte[lists * Sector];
        listed.AsSpan().Fill(0xFF);
        for (var at = InHeader; at < tables; at++)
            Write(listed, (((at - InHeader) / (Numbers - 1)) * Sector) + ((at - InHeader) % (Numbers - 1) * 4), (uint)(first + at));
        for (var list = 1; list <= lists; list++)
            Write(listed, (list * Sector) - 4, list == lists ? End : (uint)(first + tables + list));
        var padded = new byte[tables * Sector];
        padded.AsSpan().Fill(0xFF);
        table.CopyTo(padded, 0);
        return [.. header, .. sectors.SelectMany(sector => sector), .. padded, .. listed];

        uint Store(byte[] content, byte filling = 0)
        {
            var start = (uint)sectors.Count;
            foreach (var part in content.Chunk(Sector))
            {
                var sector = new byte[Sector];
                sector.AsSpan().Fill(filling);
                part.CopyTo(sector, 0);
                sectors.Add(sector);
                next.Add((uint)sectors.Count);
            }
            next[^1] = End;
            return start;
        }

        uint StoreSmall(byte[] content)
        {
            if (content.Length == 0)
                return End;
            var start = (uint)nextMini.Count;
            foreach (var part in content.Chunk(64))
            {
                mini.AddRange([.. part, .. new byte[64 - part.Length]]);
                nextMini.Add((uint)nextMini.Count + 1);
            }
            nextMini[^1] = End;
            return start;
        }
    }

    static byte[] Entry((string Path, byte Type, byte[] Content) entry, List<string?> parents, int at, uint start, int size)
    {
        var (path, type, _) = entry;
        var bytes = new byte[128];
        var name = at == 0 ? "Root Entry" : path.Split('/')[^1];
        Encoding.Unicode.GetBytes(name, bytes);
        (bytes[64], bytes[66], bytes[67]) = ((byte)((name.Length + 1) * 2), type, 1);
        Write(bytes, 68, None);
        Write(bytes, 72, at == 0 ? None : Number(parents.FindIndex(at + 1, one => one == parents[at])));
        Write(bytes, 76, type == 2 ? None : Number(parents.FindIndex(at + 1, one => one == path)));
        Write(bytes, 116, start);
        Write(bytes, 120, (uint)size);
        return bytes;
    }

    static uint Number(int found) => found < 0 ? None : (uint)found;

    static void Write(byte[] bytes, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), value);
}
