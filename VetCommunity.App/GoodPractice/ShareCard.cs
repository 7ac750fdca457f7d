using System.Globalization;
using System.Text;
using SkiaSharp;

namespace VetCommunity.App.GoodPractice;

/// <summary>What a practice's card says: its title, who it is from and where, and how far it is borne out.</summary>
sealed record ShareCardWords(string Title, string From, string Evidence);

/// <summary>
/// The picture that others show where somebody shares a link to a practice: 1200 to 630 pixels, which is the shape that the Open Graph's readers cut to. It is written with a typeface of the system
/// that has every letter of it.
/// </summary>
static class ShareCard
{
    public const int Width = 1200, Height = 630;
    const float Edge = 72, Largest = 68, Smallest = 44, Strip = 36;
    const int MostLines = 4;
    // What begins no other word when it is cut.
    const string More = "…";
    static readonly SKColor Paper = SKColor.Parse("#fffdf8"), Ink = SKColor.Parse("#1d2629"), Soft = SKColor.Parse("#4b5558"), Petrol = SKColor.Parse("#0d5961"), Copper = SKColor.Parse("#b9683a");
    // Those of wwwroot-assets/images/logo.svg, forty to forty.
    static readonly (string Path, SKColor Color)[] Logo =
        [("M9 3h9v12l10-3.5v17L18 25v12H9a6 6 0 0 1-6-6V9a6 6 0 0 1 6-6z", Petrol), ("M20 3h11a6 6 0 0 1 6 6v22a6 6 0 0 1-6 6H20v-9.4l10 3.5V8.9l-10 3.5z", Copper)];
    // That of wwwroot-assets/images/dovetail.svg, 24 to 11.
    const string Tail = "M0 0H24V2.5H18L20.5 8.5H3.5L6 2.5H0Z";
    const int MostFiles = 20_000;
    static readonly EnumerationOptions Everywhere = new() { RecurseSubdirectories = true, IgnoreInaccessible = true, MaxRecursionDepth = 4 };
    static readonly string[] Folders = ["/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts", "/Library/Fonts", Environment.GetFolderPath(Environment.SpecialFolder.Fonts)];
    static readonly (string Bold, string Plain)[] Files =
    [
        ("NotoSans-Bold.ttf", "NotoSans-Regular.ttf"), ("DejaVuSans-Bold.ttf", "DejaVuSans.ttf"), ("LiberationSans-Bold.ttf", "LiberationSans-Regular.ttf"), ("FreeSansBold.ttf", "FreeSans.ttf"),
        ("Arial Bold.ttf", "Arial.ttf"), ("arialbd.ttf", "arial.ttf"),
    ];
    static readonly Lazy<SKTypeface[]> Bold = new(() => Faces(pair => pair.Bold)), Plain = new(() => Faces(pair => pair.Plain));

    /// <summary>The card as PNG. Where no typeface of this system can write the words, it shows the network's sign alone.</summary>
    public static byte[] Draw(ShareCardWords words)
    {
        words = new(Written(words.Title), Written(words.From), Written(words.Evidence));
        var bold = FaceFor(words.Title, Bold.Value);
        var plain = FaceFor(words.From + words.Evidence, Plain.Value);
        using var surface = SKSurface.Create(new SKImageInfo(Width, Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var canvas = surface.Canvas;
        canvas.Clear(Paper);
        if (bold is null || plain is null)
        {
            DrawSign(canvas, (Width - 240) / 2, (Height - Strip - 240) / 2, 6);
        }
        else
        {
            DrawSign(canvas, Edge, 52, 1.6f);
            DrawLine(canvas, bold, "VetCommunity", 34, Petrol, 96, Edge + 82);
            DrawTitle(canvas, bold, words.Title);
            DrawLine(canvas, plain, words.From, 34, Soft, Height - Strip - 112);
            DrawLine(canvas, plain, words.Evidence, 30, Petrol, Height - Strip - 60);
        }
        DrawStrip(canvas);
        using var image = surface.Snapshot();
        using var png = image.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }

    static void DrawSign(SKCanvas canvas, float x, float y, float scale)
    {
        canvas.Save();
        canvas.Translate(x, y);
        canvas.Scale(scale);
        foreach (var (path, color) in Logo)
            Fill(canvas, path, color);
        canvas.Restore();
    }

    static void DrawTitle(SKCanvas canvas, SKTypeface face, string title)
    {
        var size = Largest;
        using var font = new SKFont(face, size);
        List<string> lines;
        while ((lines = Lines(font, title)).Count > MostLines - 1 && size > Smallest)
            font.Size = size -= 4;
        if (lines.Count > MostLines)
            lines = [.. lines.Take(MostLines - 1), Cut(font, string.Join(' ', lines.Skip(MostLines - 1)))];
        using var paint = new SKPaint { Color = Ink, IsAntialias = true };
        var y = 170 + size;
        foreach (var line in lines)
        {
            canvas.DrawText(line, Edge, y, SKTextAlign.Left, font, paint);
            y += size * 1.18f;
        }
    }

    static void DrawLine(SKCanvas canvas, SKTypeface face, string text, float size, SKColor color, float y, float x = Edge)
    {
        using var font = new SKFont(face, size);
        using var paint = new SKPaint { Color = color, IsAntialias = true };
        canvas.DrawText(Cut(font, text), x, y, SKTextAlign.Left, font, paint);
    }

    static void DrawStrip(SKCanvas canvas)
    {
        using var ground = new SKPaint { Color = Petrol };
        canvas.DrawRect(0, Height - Strip, Width, Strip, ground);
        canvas.Translate(0, Height - Strip);
        canvas.Scale(Strip / 11);
        for (var x = 0f; x < Width; x += 24 * Strip / 11)
        {
            Fill(canvas, Tail, Copper);
            canvas.Translate(24, 0);
        }
    }

    static void Fill(SKCanvas canvas, string path, SKColor color)
    {
        using var shape = SKPath.ParseSvgPathData(path);
        using var paint = new SKPaint { Color = color, IsAntialias = true };
        canvas.DrawPath(shape, paint);
    }

    // A word that is wider than the card goes on in the next line.
    static List<string> Lines(SKFont font, string text)
    {
        const float Room = Width - 2 * Edge;
        List<string> lines = [];
        var line = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var longer = line.Length == 0 ? word : $"{line} {word}";
            if (font.MeasureText(longer) <= Room)
            {
                line = longer;
                continue;
            }
            if (line.Length > 0)
                lines.Add(line);
            line = word;
            while (font.MeasureText(line) > Room)
            {
                var fits = Whole(line, Math.Max(2, font.BreakText(line, Room)));
                lines.Add(line[..fits]);
                line = line[fits..];
            }
        }
        return line.Length > 0 ? [.. lines, line] : lines;
    }

    static string Cut(SKFont font, string text)
    {
        const float Room = Width - 2 * Edge;
        return font.MeasureText(text) <= Room ? text : text[..Whole(text, font.BreakText(text, Room - font.MeasureText(More)))].TrimEnd() + More;
    }

    // Never half of a pair.
    static int Whole(string text, int length) => length > 0 && length < text.Length && char.IsHighSurrogate(text[length - 1]) ? length - 1 : Math.Min(length, text.Length);

    // Typefaces seldom have signs that are no letters, and a heart in a title takes nothing away.
    static string Written(string text) => string.Concat(text.EnumerateRunes().Where(rune => Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.OtherSymbol or UnicodeCategory.ModifierSymbol or UnicodeCategory.Format or UnicodeCategory.PrivateUse) && rune.Value is not (0xFE0E or 0xFE0F or 0x20E3)));

    static SKTypeface? FaceFor(string text, SKTypeface[] faces)
    {
        foreach (var face in faces)
        {
            using var font = new SKFont(face);
            if (font.ContainsGlyphs(text))
                return face;
        }
        return null;
    }

    // The drawing library knows no typefaces of a Linux system by itself. Each is one object for all who ask for it, and none is ever disposed of.
    static SKTypeface[] Faces(Func<(string Bold, string Plain), string> which)
    {
        var files = Folders.Where(Directory.Exists).SelectMany(folder => Directory.EnumerateFiles(folder, "*.ttf", Everywhere)).Take(MostFiles).ToLookup(Path.GetFileName, StringComparer.OrdinalIgnoreCase);
        return [.. Files.SelectMany(pair => files[which(pair)].Take(1)).Select(file => SKTypeface.FromFile(file)).OfType<SKTypeface>()];
    }
}
