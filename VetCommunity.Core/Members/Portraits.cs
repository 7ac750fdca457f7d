using SkiaSharp;

namespace VetCommunity.Core.Members;

/// <summary>Makes a member's picture of whatever file they have.</summary>
static class Portraits
{
    /// <summary>The width and height of a picture.</summary>
    public const int Side = 256;

    /// <summary>The most megabytes of a file.</summary>
    public const int Megabytes = 8;

    const long FileLength = Megabytes * 1024L * 1024;
    const int Megapixels = 100;
    const long DecodedPixels = 24_000_000;

    // A decoded picture takes up to 100 MB: one at a time.
    static readonly SemaphoreSlim Decoding = new(1);

    public static async Task<byte[]> MakeAsync(Stream file, CancellationToken cancel)
    {
        var bytes = await ReadAsync(file, cancel);
        await Decoding.WaitAsync(cancel);
        try
        {
            return Make(bytes);
        }
        finally
        {
            Decoding.Release();
        }
    }

    static async Task<byte[]> ReadAsync(Stream file, CancellationToken cancel)
    {
        using var all = new MemoryStream();
        var part = new byte[64 * 1024];
        for (int read; (read = await file.ReadAsync(part, cancel)) > 0;)
        {
            if (all.Length + read > FileLength)
                throw Bad();
            all.Write(part, 0, read);
        }
        return all.ToArray();
    }

    static byte[] Make(byte[] file)
    {
        using var data = SKData.CreateCopy(file);
        using var codec = SKCodec.Create(data);
        if (codec is null || codec.EncodedFormat is not (SKEncodedImageFormat.Jpeg or SKEncodedImageFormat.Png or SKEncodedImageFormat.Webp))
            throw Bad();
        // The header says how large it will be before anything is decoded.
        var (width, height) = (codec.Info.Width, codec.Info.Height);
        var size = codec.GetScaledDimensions(Math.Min(1f, 2f * Side / Math.Min(width, height)));
        var most = codec.EncodedFormat == SKEncodedImageFormat.Jpeg && IsProgressive(file) ? DecodedPixels : Megapixels * 1_000_000L;
        if ((long)width * height > most || (long)size.Width * size.Height > DecodedPixels)
            throw new RefusedException(Refusal.PictureTooLarge);
        using var colours = SKColorSpace.CreateSrgb();
        using var decoded = new SKBitmap();
        if (!decoded.TryAllocPixels(new(size.Width, size.Height, SKColorType.Rgba8888, SKAlphaType.Premul, colours))
            || codec.GetPixels(decoded.Info, decoded.GetPixels()) != SKCodecResult.Success)
            throw Bad();
        return Cut(decoded, codec.EncodedOrigin);
    }

    // Such a JPEG comes in layers over the whole picture: all its coefficients are kept at full size, however small it is read. (ITU-T T.81, B.1.1.3: SOF2)
    internal static bool IsProgressive(ReadOnlySpan<byte> file)
    {
        for (var at = 2; at + 4 <= file.Length && file[at] == 0xFF; at += 2 + ((file[at + 2] << 8) | file[at + 3]))
        {
            if (file[at + 1] is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
                return file[at + 1] is not (0xC0 or 0xC1);
        }
        return true;
    }

    static byte[] Cut(SKBitmap whole, SKEncodedOrigin origin)
    {
        var side = Math.Min(whole.Width, whole.Height);
        var middle = SKRect.Create((whole.Width - side) / 2f, (whole.Height - side) / 2f, side, side);
        using var surface = SKSurface.Create(new SKImageInfo(Side, Side, SKColorType.Rgba8888, SKAlphaType.Opaque, whole.ColorSpace));
        using var image = SKImage.FromBitmap(whole);
        // What is transparent becomes white: JPEG knows no other.
        surface.Canvas.Clear(SKColors.White);
        surface.Canvas.SetMatrix(Upright(origin));
        surface.Canvas.DrawImage(image, middle, SKRect.Create(Side, Side), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear), null);
        using var square = surface.Snapshot();
        using var jpeg = square.Encode(SKEncodedImageFormat.Jpeg, 86);
        return jpeg.ToArray();
    }

    // Where a camera's pixels belong, by the orientation that it noted: x' = a x + b y + c, y' = d x + e y + f.
    static SKMatrix Upright(SKEncodedOrigin origin) => origin switch
    {
        SKEncodedOrigin.TopRight => new(-1, 0, Side, 0, 1, 0, 0, 0, 1),
        SKEncodedOrigin.BottomRight => new(-1, 0, Side, 0, -1, Side, 0, 0, 1),
        SKEncodedOrigin.BottomLeft => new(1, 0, 0, 0, -1, Side, 0, 0, 1),
        SKEncodedOrigin.LeftTop => new(0, 1, 0, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightTop => new(0, -1, Side, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightBottom => new(0, -1, Side, -1, 0, Side, 0, 0, 1),
        SKEncodedOrigin.LeftBottom => new(0, 1, 0, -1, 0, Side, 0, 0, 1),
        _ => SKMatrix.Identity,
    };

    static RefusedException Bad() => new(Refusal.BadPicture, Megabytes);
}
