using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using SkiaSharp;
using VetCommunity.App.Limiting;
using VetCommunity.App.Printing;
using VetCommunity.Core;
using Xunit;

namespace VetCommunity.Tests.Printing;

public sealed class DrawingPdfPages : IDisposable
{
    readonly string _place = Directory.CreateTempSubdirectory("vet-drawing-").FullName;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public DrawingPdfPages() => Poppler.Demand();

    public void Dispose() => Directory.Delete(_place, recursive: true);

    PdfPages Pages(params (string Limit, int Value)[] limits)
    {
        var set = limits.Select(one => KeyValuePair.Create("Limits:" + one.Limit, (string?)one.Value.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        return new(Poppler.Programs, ConfiguredLimits.Of(new ConfigurationBuilder().AddInMemoryCollection(set).Build()), TimeProvider.System, NullLogger<PdfPages>.Instance) { Place = _place };
    }

    static async Task<DrawnPdf> DrawAsync(PdfPages pages, byte[] pdf)
    {
        using var stream = new MemoryStream(pdf);
        return await pages.DrawAsync(stream, Cancel);
    }

    async Task<(Refusal Why, object? Detail)> RefusedAsync(PdfPages pages, byte[] pdf)
    {
        var refused = await Assert.ThrowsAsync<RefusedException>(() => DrawAsync(pages, pdf));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_place));
        return (refused.Refusal, refused.Arguments is [var detail, ..] ? detail : null);
    }

    static (int Width, int Height) SizeOf(string picture)
    {
        using var codec = SKCodec.Create(picture);
        return (codec.Info.Width, codec.Info.Height);
    }

    [Fact]
    public async Task Each_page_is_a_picture_in_its_order_with_its_words_and_nothing_is_left()
    {
        using var pages = Pages();
        using (var drawn = await DrawAsync(pages, MadePdfs.Of(960, 540, [.. Enumerable.Range(1, 21).Select(number => $"Number {number}\nÜber")])))
        {
            Assert.Equal(21, drawn.Pages.Count);
            for (var page = 0; page < 21; page++)
            {
                Assert.Equal((1600, 900), SizeOf(drawn.Pages[page].Picture));
                Assert.Equal(["Number", $"{page + 1}", "Über"], drawn.Pages[page].Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            }
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, drawn.Folder.UnixFileMode);
        }
        Assert.Empty(Directory.EnumerateFileSystemEntries(_place));
    }

    [Theory]
    [InlineData(14_400, 14_400, 1600, 1600)]
    [InlineData(1_440_000, 720_000, 1600, 800)]
    [InlineData(200, 14_400, 23, 1600)]
    [InlineData(72, 36, 1600, 800)]
    public async Task A_page_of_any_size_is_as_large_as_a_projector(int width, int height, int wide, int high)
    {
        using var pages = Pages();
        using var drawn = await DrawAsync(pages, MadePdfs.Of(width, height, "A"));
        Assert.Equal((wide, high), SizeOf(Assert.Single(drawn.Pages).Picture));
    }

    [Fact]
    public async Task What_cannot_be_drawn_is_refused_for_what_it_is_and_leaves_nothing()
    {
        using var pages = Pages(("PdfPages", 300), ("PdfMegabytes", 1));
        var good = MadePdfs.Of(960, 540, "One", "Two", "Three");

        Assert.Equal((Refusal.FileEmpty, null), await RefusedAsync(pages, []));
        Assert.Equal((Refusal.NotPdf, null), await RefusedAsync(pages, "PK\u0003\u0004 slides"u8.ToArray()));
        Assert.Equal((Refusal.NotPdf, null), await RefusedAsync(pages, [.. new byte[2000], .. good]));
        Assert.Equal((Refusal.PdfBroken, null), await RefusedAsync(pages, "%PDF-1.7\nnothing"u8.ToArray()));
        Assert.Equal((Refusal.PdfBroken, null), await RefusedAsync(pages, good[..(good.Length / 3)]));
        Assert.Equal((Refusal.PdfBroken, null), await RefusedAsync(pages, MadePdfs.WithoutPages()));
        Assert.Equal((Refusal.PdfLocked, null), await RefusedAsync(pages, MadePdfs.Locked()));
        Assert.Equal((Refusal.PdfTooManyPages, 300), await RefusedAsync(pages, MadePdfs.OfPages(301)));
        Assert.Equal((Refusal.PdfTooLarge, 1), await RefusedAsync(pages, [.. good, .. new byte[1024 * 1024]]));
    }

    [Fact]
    public async Task What_takes_too_long_is_ended_and_the_next_one_has_its_turn()
    {
        using var pages = Pages(("PdfSeconds", 5));
        Assert.Equal((Refusal.PdfTooSlow, 5), await RefusedAsync(pages, MadePdfs.Endless()));
        using var drawn = await DrawAsync(pages, MadePdfs.Of(960, 540, "One"));
        Assert.Single(drawn.Pages);
    }

    [Fact]
    public async Task A_few_wait_their_turn_and_who_comes_then_is_told_so()
    {
        using var pages = Pages();
        using var held = new CancellationTokenSource();
        // It waits for bytes that never come.
        var first = pages.DrawAsync(new NeverRead(), held.Token);
        var second = DrawAsync(pages, MadePdfs.Of(960, 540, "Second"));
        var waiting = Enumerable.Range(0, 2).Select(_ => DrawAsync(pages, MadePdfs.Of(960, 540, "Third"))).ToList();
        Assert.Equal(Refusal.TooBusy, (await Assert.ThrowsAsync<RefusedException>(() => DrawAsync(pages, MadePdfs.Of(960, 540, "One more")))).Refusal);
        Assert.False(second.IsCompleted);

        await held.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        foreach (var one in waiting.Prepend(second))
            (await one).Dispose();
        Assert.Empty(Directory.EnumerateFileSystemEntries(_place));
    }

    sealed class NeverRead : MemoryStream
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }
}
