using SkiaSharp;
using VetCommunity.Core.Files;

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

    public static async Task<byte[]> MakeAsync(Stream file, CancellationToken cancel)
    {
        var bytes = await ReadAsync(file, cancel);
        return await Bitmaps.InTurnAsync(() => Make(bytes), cancel);
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
        var most = codec.EncodedFormat == SKEncodedImageFormat.Jpeg && Bitmaps.IsProgressive(file) ? Bitmaps.LayeredPixels : Megapixels * 1_000_000L;
        if ((long)width * height > most || (long)size.Width * size.Height > DecodedPixels)
            throw new RefusedException(Refusal.PictureTooLarge);
        using var decoded = Bitmaps.Decode(codec, size) ?? throw Bad();
        return Cut(decoded, codec.EncodedOrigin);
    }

    static byte[] Cut(SKBitmap whole, SKEncodedOrigin origin)
    {
        var side = Math.Min(whole.Width, whole.Height);
        var middle = SKRect.Create((whole.Width - side) / 2f, (whole.Height - side) / 2f, side, side);
        using var surface = SKSurface.Create(new SKImageInfo(Side, Side, SKColorType.Rgba8888, SKAlphaType.Opaque, whole.ColorSpace));
        using var image = SKImage.FromBitmap(whole);
        // What is transparent becomes white: JPEG knows no other.
        surface.Canvas.Clear(SKColors.White);
        surface.Canvas.SetMatrix(Bitmaps.Upright(origin, Side, Side));
        surface.Canvas.DrawImage(image, middle, SKRect.Create(Side, Side), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear), null);
        using var square = surface.Snapshot();
        using var jpeg = square.Encode(SKEncodedImageFormat.Jpeg, 86);
        return jpeg.ToArray();
    }

    static RefusedException Bad() => new(Refusal.BadPicture, Megabytes);
}
