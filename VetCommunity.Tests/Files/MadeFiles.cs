using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using SkiaSharp;

namespace VetCommunity.Tests.Files;

/// <summary>Files as people have them, and as nobody should.</summary>
static class MadeFiles
{
    const string OpenXml = "application/vnd.openxmlformats-officedocument.";

    public static byte[] Picture(int width, int height, SKEncodedImageFormat format)
    {
        using var bitmap = new SKBitmap(width, height);
        using var canvas = new SKCanvas(bitmap);
        canvas.Clear(SKColors.Blue);
        using var paint = new SKPaint { Color = SKColors.Red };
        canvas.DrawRect(0, 0, width / 2f, height, paint);
        canvas.Flush();
        using var data = bitmap.Encode(format, 90);
        return data.ToArray();
    }

    /// <summary>A photograph with the place where it was taken, held on its side: EXIF with orientation 6 and a GPS block, a comment and XMP besides.</summary>
    public static byte[] Photograph(int width = 60, int height = 40)
    {
        var jpeg = Picture(width, height, SKEncodedImageFormat.Jpeg);
        // Big-endian TIFF: IFD0 with orientation and a pointer to the GPS block, whose latitude reference says N.
        byte[] exif =
        [
            .. "Exif\0\0MM\0*\0\0\0\u0008"u8,
            0, 2,
            0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0,
            0x88, 0x25, 0, 4, 0, 0, 0, 1, 0, 0, 0, 38,
            0, 0, 0, 0,
            0, 1,
            0, 1, 0, 2, 0, 0, 0, 2, (byte)'N', 0, 0, 0,
            0, 0, 0, 0,
            .. "GPS-48.2082N-16.3738E"u8,
        ];
        return [.. jpeg[..2], .. Segment(0xE1, exif), .. Segment(0xE1, [.. "http://ns.adobe.com/xap/1.0/\0<GPSLatitude>48,12.5N</GPSLatitude>"u8]),
            .. Segment(0xFE, [.. "taken at home"u8]), .. jpeg[2..]];
    }

    /// <summary>A PNG of a few bytes that says it is as large as one likes.</summary>
    public static byte[] PngOf(int width, int height)
    {
        var png = Picture(1, 1, SKEncodedImageFormat.Png);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), width);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), height);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Checksum(png.AsSpan(12, 17)));
        return png;
    }

    /// <summary>A GIF of two frames of 2 by 2 pixels.</summary>
    public static byte[] MovingGif()
    {
        byte[] frame = [0x21, 0xF9, 4, 0, 10, 0, 0, 0, 0x2C, 0, 0, 0, 0, 2, 0, 2, 0, 0, 2, 3, 0x84, 0x00, 0x05, 0];
        return [.. "GIF89a"u8, 2, 0, 2, 0, 0x80, 0, 0, 255, 0, 0, 0, 0, 255, .. frame, .. frame, 0x3B];
    }

    public static byte[] Pdf() => [.. "%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"u8];

    /// <summary>An OOXML file, such as <c>wordprocessingml.document</c>.</summary>
    public static byte[] OpenXmlOf(string type, params (string Name, byte[] Content)[] more) => Zip(
    [
        ("[Content_Types].xml", Encoding.UTF8.GetBytes($"""<Types><Override PartName="/main.xml" ContentType="{OpenXml}{type}.main+xml"/></Types>""")),
        ("main.xml", "<x/>"u8.ToArray()),
        .. more,
    ]);

    public static byte[] MacroDocument() => Zip(
        ("[Content_Types].xml", """<Types><Override PartName="/word/document.xml" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>"""u8.ToArray()),
        ("word/document.xml", "<x/>"u8.ToArray()));

    public static byte[] OpenDocumentOf(string type, params (string Name, byte[] Content)[] more) => Zip(
        [("mimetype", Encoding.ASCII.GetBytes("application/vnd.oasis.opendocument." + type)), ("content.xml", "<x/>"u8.ToArray()), .. more]);

    public static byte[] Zip(params (string Name, byte[] Content)[] entries)
    {
        using var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = zip.CreateEntry(name).Open();
                entry.Write(content);
            }
        }
        return file.ToArray();
    }

    /// <summary>A document whose parts would unpack to more than a gigabyte, which its directory admits.</summary>
    public static byte[] Bomb() => OpenXmlOf("wordprocessingml.document", [.. Enumerable.Range(0, 11).Select(n => ($"word/{n}.xml", new byte[100 * 1024 * 1024]))]);

    /// <summary>A document with many thousand parts.</summary>
    public static byte[] Swarm() => OpenXmlOf("wordprocessingml.document", [.. Enumerable.Range(0, 6_000).Select(n => ($"{n}", Array.Empty<byte>()))]);

    /// <summary>A description of the parts that is small in the file and endless unpacked; what it is stands at its end.</summary>
    public static byte[] BombInDescription() => Zip(("[Content_Types].xml",
        [.. new byte[50 * 1024 * 1024], .. Encoding.UTF8.GetBytes($"\"{OpenXml}wordprocessingml.document.main+xml\"")]));

    static byte[] Segment(byte marker, byte[] content) => [0xFF, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content];

    // PNG's CRC-32.
    static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var crc = 0xFFFFFFFFu;
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) == 1 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }
        return ~crc;
    }
}
