using SkiaSharp;

namespace VetCommunity.Core.Files;

/// <summary>Opens pictures of strangers: their header first, few at a time, upright.</summary>
static class Bitmaps
{
    /// <summary>The most pixels of a JPEG in layers: six bytes each besides those of the decoded picture.</summary>
    public const long LayeredPixels = 24_000_000;

    // A decoded picture takes up to 160 MB and a core: two at once.
    static readonly SemaphoreSlim Gate = new(2);

    /// <summary>Waits for one's turn, and works on another thread.</summary>
    public static async Task<T> InTurnAsync<T>(Func<T> work, CancellationToken cancel)
    {
        await Gate.WaitAsync(cancel);
        try
        {
            return await Task.Run(work, cancel);
        }
        finally
        {
            Gate.Release();
        }
    }

    /// <summary>The picture in one of the sizes that its codec offers, in sRGB; null where it is damaged.</summary>
    public static SKBitmap? Decode(SKCodec codec, SKSizeI size)
    {
        using var colours = SKColorSpace.CreateSrgb();
        var decoded = new SKBitmap();
        var alpha = codec.Info.AlphaType == SKAlphaType.Opaque ? SKAlphaType.Opaque : SKAlphaType.Premul;
        if (decoded.TryAllocPixels(new(size.Width, size.Height, SKColorType.Rgba8888, alpha, colours))
            && codec.GetPixels(decoded.Info, decoded.GetPixels()) == SKCodecResult.Success)
            return decoded;
        decoded.Dispose();
        return null;
    }

    /// <summary>
    /// Whether a JPEG comes in layers over the whole picture: then all its coefficients are kept at full size, however small it is read.
    /// (ITU-T T.81, B.1.1.3: every frame but SOF0 and SOF1)
    /// </summary>
    public static bool IsProgressive(ReadOnlySpan<byte> jpeg)
    {
        for (var at = 2; at + 4 <= jpeg.Length && jpeg[at] == 0xFF; at += 2 + ((jpeg[at + 2] << 8) | jpeg[at + 3]))
        {
            if (jpeg[at + 1] is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
                return jpeg[at + 1] is not (0xC0 or 0xC1);
        }
        return true;
    }

    /// <summary>Whether a camera was held so that width and height change places.</summary>
    public static bool IsTurned(SKEncodedOrigin origin) =>
        origin is SKEncodedOrigin.LeftTop or SKEncodedOrigin.RightTop or SKEncodedOrigin.RightBottom or SKEncodedOrigin.LeftBottom;

    /// <summary>Where a camera's pixels belong, by the orientation that it noted: x' = a x + b y + c, y' = d x + e y + f.</summary>
    /// <param name="origin">The camera's note.</param>
    /// <param name="width">Of what is drawn, before it is turned.</param>
    /// <param name="height">Of what is drawn, before it is turned.</param>
    public static SKMatrix Upright(SKEncodedOrigin origin, float width, float height) => origin switch
    {
        SKEncodedOrigin.TopRight => new(-1, 0, width, 0, 1, 0, 0, 0, 1),
        SKEncodedOrigin.BottomRight => new(-1, 0, width, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.BottomLeft => new(1, 0, 0, 0, -1, height, 0, 0, 1),
        SKEncodedOrigin.LeftTop => new(0, 1, 0, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightTop => new(0, -1, height, 1, 0, 0, 0, 0, 1),
        SKEncodedOrigin.RightBottom => new(0, -1, height, -1, 0, width, 0, 0, 1),
        SKEncodedOrigin.LeftBottom => new(0, 1, 0, -1, 0, width, 0, 0, 1),
        _ => SKMatrix.Identity,
    };
}
