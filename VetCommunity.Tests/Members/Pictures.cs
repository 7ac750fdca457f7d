using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using SkiaSharp;
using VetCommunity.Core;
using VetCommunity.Core.Files;
using VetCommunity.Core.Members;
using Xunit;

namespace VetCommunity.Tests.Members;

public class TakingAPicture
{
    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg)]
    [InlineData(SKEncodedImageFormat.Png)]
    [InlineData(SKEncodedImageFormat.Webp)]
    public async Task Every_picture_becomes_a_square_jpeg(SKEncodedImageFormat format)
    {
        using var made = SKBitmap.Decode(await MadeAsync(LeftRed(700, 500, format)));

        Assert.Equal((256, 256), (made.Width, made.Height));
        Assert.True(IsRed(made.GetPixel(20, 128)));
        Assert.False(IsRed(made.GetPixel(236, 128)));
    }

    [Fact]
    public async Task One_pixel_is_enough() => Assert.NotEmpty(await MadeAsync(LeftRed(1, 1, SKEncodedImageFormat.Png)));

    [Theory]
    [InlineData(2, 236, 128)]
    [InlineData(3, 236, 128)]
    [InlineData(5, 128, 20)]
    [InlineData(6, 128, 20)]
    [InlineData(7, 128, 236)]
    [InlineData(8, 128, 236)]
    public async Task A_camera_held_otherwise_gives_an_upright_picture(byte orientation, int x, int y)
    {
        var made = await MadeAsync(Turned(LeftRed(600, 600, SKEncodedImageFormat.Jpeg), orientation));

        using var seen = SKBitmap.Decode(made);
        Assert.True(IsRed(seen.GetPixel(x, y)));
        Assert.False(IsRed(seen.GetPixel(255 - x, 255 - y)));
        Assert.DoesNotContain("Exif", Encoding.Latin1.GetString(made), StringComparison.Ordinal);
    }

    public static TheoryData<string, byte[]> NoPictures => new()
    {
        { "nothing", [] },
        { "svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>"u8.ToArray() },
        { "html", "<!doctype html><script>alert(1)</script>"u8.ToArray() },
        { "cut off jpeg", LeftRed(700, 500, SKEncodedImageFormat.Jpeg)[..2000] },
        { "cut off png", LeftRed(700, 500, SKEncodedImageFormat.Png)[..200] },
        { "8 MB and more", new byte[(8 * 1024 * 1024) + 1] },
    };

    [Theory, MemberData(nameof(NoPictures), DisableDiscoveryEnumeration = true)]
    public async Task What_is_no_picture_is_refused(string what, byte[] file)
    {
        Assert.NotEmpty(what);
        Assert.Equal(Refusal.BadPicture, await World.RefusalOfAsync(() => MadeAsync(file)));
    }

    [Fact]
    public async Task A_small_file_of_huge_dimensions_is_refused_before_it_is_decoded()
    {
        var png = LeftRed(1, 1, SKEncodedImageFormat.Png);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(16), 20_000);
        BinaryPrimitives.WriteInt32BigEndian(png.AsSpan(20), 20_000);
        BinaryPrimitives.WriteUInt32BigEndian(png.AsSpan(29), Checksum(png.AsSpan(12, 17)));

        Assert.Equal(Refusal.PictureTooLarge, await World.RefusalOfAsync(() => MadeAsync(png)));
    }

    [Theory]
    [InlineData(0xC0, false)]
    [InlineData(0xC1, false)]
    [InlineData(0xC2, true)]
    [InlineData(0xC6, true)]
    public void A_jpeg_in_layers_is_known_by_its_frame(byte frame, bool isProgressive)
    {
        byte[] jpeg = [0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC4, 0, 3, 0xC0, 0xFF, frame, 0, 11, 8, 0, 16, 0, 16];

        Assert.Equal(isProgressive, Bitmaps.IsProgressive(jpeg));
    }

    [Fact]
    public async Task A_jpeg_in_layers_is_refused_where_its_layers_would_fill_the_memory()
    {
        var jpeg = LeftRed(16, 16, SKEncodedImageFormat.Jpeg);
        var frame = Enumerable.Range(0, jpeg.Length).First(at => jpeg[at] == 0xFF && jpeg[at + 1] == 0xC0);
        BinaryPrimitives.WriteInt16BigEndian(jpeg.AsSpan(frame + 5), 9_000);
        BinaryPrimitives.WriteInt16BigEndian(jpeg.AsSpan(frame + 7), 9_000);
        Assert.NotEmpty(await MadeAsync(jpeg));
        jpeg[frame + 1] = 0xC2;

        Assert.Equal(Refusal.PictureTooLarge, await World.RefusalOfAsync(() => MadeAsync(jpeg)));
    }

    [Theory, OnBothDatabases]
    public async Task A_picture_is_kept_replaced_and_removed(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var profiles = new Profiles(world.Db, world.Clock);
        await SetAsync(LeftRed(300, 300, SKEncodedImageFormat.Png));
        var first = await profiles.PictureAsync(world.Anna, "bruno");
        await world.SayAsync(world.Bruno, "With a face");

        await SetAsync(LeftRed(300, 900, SKEncodedImageFormat.Webp));

        var second = await profiles.PictureAsync(world.Anna, "bruno");
        Assert.NotEqual(first.Version, second.Version);
        Assert.Equal(second.Version, (await world.Conversations.OpenAsync(world.Anna, "welding", null)).Messages[^1].Author.PictureVersion);
        await Assert.ThrowsAsync<NotFoundException>(() => profiles.PictureAsync(Actor.Visitor, "bruno"));
        await SetAsync(null);
        await Assert.ThrowsAsync<NotFoundException>(() => profiles.PictureAsync(world.Anna, "bruno"));

        Task SetAsync(byte[]? file) => TakingAPicture.SetAsync(profiles, world.Bruno, file);
    }

    [Theory, OnBothDatabases]
    public async Task Of_many_pictures_at_once_one_is_kept_and_the_others_read_a_sentence(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var profiles = new Profiles(world.Db, world.Clock);

        var answers = await Task.WhenAll(Enumerable.Range(1, 8).Select(async n =>
        {
            try
            {
                await SetAsync(profiles, world.Bruno, LeftRed(40 * n, 300, SKEncodedImageFormat.Png));
                return (Refusal?)null;
            }
            catch (RefusedException refused)
            {
                return refused.Refusal;
            }
        }));

        Assert.Contains(null, answers);
        Assert.All(answers, answer => Assert.True(answer is null or Refusal.ChangedElsewhere));
        var version = (await profiles.OwnAsync(world.Bruno)).PictureVersion;
        var kept = await profiles.PictureAsync(world.Anna, "bruno");
        Assert.Equal(version, Convert.ToHexStringLower(SHA256.HashData(kept.Jpeg))[..16]);
    }

    [Theory, OnBothDatabases]
    public async Task A_picture_beside_a_value_that_will_not_do_is_not_kept(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var profiles = new Profiles(world.Db, world.Clock);
        var own = await profiles.OwnAsync(world.Bruno);
        using var stream = new MemoryStream(LeftRed(300, 300, SKEncodedImageFormat.Png));

        Assert.Equal(Refusal.HandleTaken, await World.RefusalOfAsync(() => profiles.SaveAsync(world.Bruno, own.Values with { Handle = "anna" }, own.Stamp, new(stream))));

        Assert.Null((await profiles.OwnAsync(world.Bruno)).PictureVersion);
    }

    static async Task SetAsync(Profiles profiles, Actor who, byte[]? file)
    {
        using var stream = file is null ? null : new MemoryStream(file);
        var own = await profiles.OwnAsync(who);
        await profiles.SaveAsync(who, own.Values, own.Stamp, new(stream));
    }

    static async Task<byte[]> MadeAsync(byte[] file)
    {
        using var stream = new MemoryStream(file);
        return await Portraits.MakeAsync(stream, TestContext.Current.CancellationToken);
    }

    static byte[] LeftRed(int width, int height, SKEncodedImageFormat format)
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

    static bool IsRed(SKColor colour) => colour.Red > 180 && colour.Blue < 80;

    // An APP1 segment after the start of the file: big-endian TIFF with the one entry 0x0112.
    static byte[] Turned(byte[] jpeg, byte orientation)
    {
        byte[] exif = [.. "Exif\0\0MM\0*\0\0\0\u0008\0\u0001\u0001\u0012\0\u0003\0\0\0\u0001\0"u8, orientation, 0, 0, 0, 0, 0, 0];
        return [.. jpeg[..2], 0xFF, 0xE1, 0, (byte)(exif.Length + 2), .. exif, .. jpeg[2..]];
    }

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
