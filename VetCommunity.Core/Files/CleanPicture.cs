using SkiaSharp;

namespace VetCommunity.Core.Files;

/// <summary>
/// A picture that was drawn anew from its pixels: upright, in its size, and without anything else that the file said, such as the place where
/// it was taken. Of a moving one the first frame is kept.
/// </summary>
/// <param name="Type">PNG stays PNG, WebP stays WebP; a GIF becomes a PNG, all else a JPEG.</param>
/// <param name="Whole">The file.</param>
/// <param name="Width">Of the whole.</param>
/// <param name="Height">Of the whole.</param>
/// <param name="Thumbnail">A WebP of at most <see cref="ThumbnailSide"/> either way.</param>
sealed record CleanPicture(FileType Type, byte[] Whole, int Width, int Height, byte[] Thumbnail)
{
    public const int ThumbnailSide = 480;
    const long Pixels = 40_000_000;
    const int LongestSide = 20_000;

    /// <exception cref="RefusedException">It is damaged, or of too many pixels.</exception>
    public static Task<CleanPicture> OfAsync(string file, CancellationToken cancel) => Bitmaps.InTurnAsync(() => Of(file), cancel);

    /// <summary>The size of the thumbnail of a picture.</summary>
    public static (int Width, int Height) ThumbnailOf(int width, int height)
    {
        var scale = Math.Min(1d, ThumbnailSide / (double)Math.Max(width, height));
        return (Math.Max(1, (int)Math.Round(width * scale)), Math.Max(1, (int)Math.Round(height * scale)));
    }

    static CleanPicture Of(string file)
    {
        using var data = SKData.Create(file);
        using var codec = data is null ? null : SKCodec.Create(data);
        var type = codec?.EncodedFormat switch
        {
            SKEncodedImageFormat.Jpeg => FileType.Jpeg,
            SKEncodedImageFormat.Webp => FileType.WebP,
            SKEncodedImageFormat.Png or SKEncodedImageFormat.Gif => FileType.Png,
            _ => throw Damaged(),
        };
        // The header says how large it will be before anything is decoded.
        var info = codec.Info;
        var most = type == FileType.Jpeg && Bitmaps.IsProgressive(data!.Span) ? Bitmaps.LayeredPixels : Pixels;
        if ((long)info.Width * info.Height > most || Math.Max(info.Width, info.Height) > LongestSide)
            throw new RefusedException(Refusal.PictureTooLarge);
        using var decoded = Bitmaps.Decode(codec, info.Size) ?? throw Damaged();
        using var upright = Upright(decoded, codec.EncodedOrigin);
        return new(type, Encoded(upright, type), upright.Width, upright.Height, ThumbnailFrom(upright));
    }

    static SKImage Upright(SKBitmap decoded, SKEncodedOrigin origin)
    {
        if (origin == SKEncodedOrigin.TopLeft)
            return SKImage.FromBitmap(decoded);
        var (width, height) = Bitmaps.IsTurned(origin) ? (decoded.Height, decoded.Width) : (decoded.Width, decoded.Height);
        return Drawn(decoded.Info.WithSize(width, height), canvas =>
        {
            canvas.SetMatrix(Bitmaps.Upright(origin, decoded.Width, decoded.Height));
            canvas.DrawBitmap(decoded, 0, 0, new SKSamplingOptions(SKFilterMode.Nearest), null);
        });
    }

    static byte[] ThumbnailFrom(SKImage whole)
    {
        var (width, height) = ThumbnailOf(whole.Width, whole.Height);
        using var small = Drawn(whole.Info.WithSize(width, height), canvas =>
            canvas.DrawImage(whole, SKRect.Create(width, height), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear)));
        return Encoded(small, FileType.WebP);
    }

    static SKImage Drawn(SKImageInfo info, Action<SKCanvas> draw)
    {
        using var surface = SKSurface.Create(info) ?? throw Damaged();
        draw(surface.Canvas);
        return surface.Snapshot();
    }

    static byte[] Encoded(SKImage image, FileType type)
    {
        using var data = type == FileType.Png ? image.Encode(SKEncodedImageFormat.Png, 100)
            : image.Encode(type == FileType.Jpeg ? SKEncodedImageFormat.Jpeg : SKEncodedImageFormat.Webp, 86);
        return data?.ToArray() ?? throw Damaged();
    }

    static RefusedException Damaged() => new(Refusal.FileDamaged);
}
