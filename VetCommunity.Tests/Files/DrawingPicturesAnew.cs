using System.Text;
using SkiaSharp;
using VetCommunity.Core;
using VetCommunity.Core.Files;
using Xunit;

namespace VetCommunity.Tests.Files;

[Promise("IN3")]
public class DrawingPicturesAnew
{
    [Fact]
    public async Task A_photograph_keeps_its_picture_upright_and_nothing_else_of_what_it_said()
    {
        var picture = await CleanAsync(MadeFiles.Photograph(600, 400));

        Assert.Equal((FileType.Jpeg, 400, 600), (picture.Type, picture.Width, picture.Height));
        foreach (var file in (byte[][])[picture.Whole, picture.Thumbnail])
        {
            var says = Encoding.Latin1.GetString(file);
            foreach (var word in (string[])["Exif", "EXIF", "GPS", "48.2082", "xap", "XMP", "taken at home"])
                Assert.DoesNotContain(word, says, StringComparison.Ordinal);
        }
        // The red left side of a camera held so is the upper one.
        using var seen = SKBitmap.Decode(picture.Whole);
        Assert.True(seen.GetPixel(200, 50).Red > 180);
        Assert.True(seen.GetPixel(200, 550).Blue > 180);
        using var small = SKBitmap.Decode(picture.Thumbnail);
        Assert.Equal((320, 480), (small.Width, small.Height));
        Assert.True(small.GetPixel(160, 40).Red > 180);
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Png, "image/png")]
    [InlineData(SKEncodedImageFormat.Webp, "image/webp")]
    public async Task What_is_transparent_stays_so(SKEncodedImageFormat format, string type)
    {
        using var bitmap = new SKBitmap(30, 20);
        bitmap.Erase(SKColors.Transparent);
        using var data = bitmap.Encode(format, 100);

        var picture = await CleanAsync(data.ToArray());

        Assert.Equal(type, picture.Type.ContentType);
        using var seen = SKBitmap.Decode(picture.Whole);
        Assert.Equal(0, seen.GetPixel(5, 5).Alpha);
        using var small = SKBitmap.Decode(picture.Thumbnail);
        Assert.Equal((30, 20, 0), (small.Width, small.Height, small.GetPixel(5, 5).Alpha));
    }

    [Fact]
    public async Task Of_a_moving_picture_the_first_frame_is_kept()
    {
        var picture = await CleanAsync(MadeFiles.MovingGif());

        Assert.Equal((FileType.Png, 2, 2), (picture.Type, picture.Width, picture.Height));
    }

    [Theory]
    [InlineData(50_000, 50_000)]
    [InlineData(8_000, 5_001)]
    [InlineData(1, 20_001)]
    [InlineData(int.MaxValue, 1)]
    public async Task A_small_file_that_would_become_huge_is_refused_by_its_header(int width, int height)
    {
        var refusal = await World.RefusalOfAsync(() => CleanAsync(MadeFiles.PngOf(width, height)));

        // What is beyond all measure is no picture even for its codec.
        Assert.Equal(width == int.MaxValue ? Refusal.FileDamaged : Refusal.PictureTooLarge, refusal);
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public async Task A_picture_cut_off_is_refused(SKEncodedImageFormat format)
    {
        var whole = MadeFiles.Picture(700, 500, format);

        Assert.Equal(Refusal.FileDamaged, await World.RefusalOfAsync(() => CleanAsync(whole[..(whole.Length / 2)])));
    }

    [Fact]
    public async Task A_picture_that_is_a_page_as_well_loses_the_page()
    {
        byte[] both = [.. MadeFiles.Picture(30, 20, SKEncodedImageFormat.Jpeg), .. "<script>alert(1)</script>"u8];

        var picture = await CleanAsync(both);

        Assert.DoesNotContain("script", Encoding.Latin1.GetString(picture.Whole), StringComparison.Ordinal);
    }

    static async Task<CleanPicture> CleanAsync(byte[] content)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, content, TestContext.Current.CancellationToken);
        try
        {
            return await CleanPicture.OfAsync(file, TestContext.Current.CancellationToken);
        }
        finally
        {
            File.Delete(file);
        }
    }
}
