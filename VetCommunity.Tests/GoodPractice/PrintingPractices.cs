using System.Net;
using System.Text;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.GoodPractice;

/// <summary>A published practice as a PDF, where the server has a browser for it.</summary>
public sealed class PrintingPractices : IAsyncLifetime
{
    const string Published = "/practices/the-tenth-day-call/practice.pdf";
    static readonly string Chromium = Environment.GetEnvironmentVariable("VET_CHROMIUM") ?? "/usr/bin/chromium";
    readonly RunningCommunity _community = new() { Settings = { ["Pdf__Chromium"] = Chromium } };
    readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false });

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _community.InitializeAsync();
        _client.BaseAddress = _community.Address;
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _community.DisposeAsync();
    }

    [Fact]
    public async Task Everybody_takes_a_published_practice_along()
    {
        Assert.Contains($"href=\"{Published}?language=de\"", await _client.GetStringAsync("/practices/the-tenth-day-call?language=de", Cancel), StringComparison.Ordinal);
        using var first = await _client.GetAsync(Published + "?language=de", Cancel);
        Assert.Equal((HttpStatusCode.OK, "application/pdf", "the-tenth-day-call.pdf"), (first.StatusCode, first.Content.Headers.ContentType!.MediaType, first.Content.Headers.ContentDisposition!.FileNameStar));
        var pdf = await first.Content.ReadAsByteArrayAsync(Cancel);
        var text = Encoding.Latin1.GetString(pdf);
        Assert.StartsWith("%PDF-", text, StringComparison.Ordinal);
        // It can be read aloud, and a program that names it reads its title.
        Assert.Contains("/StructTreeRoot", text, StringComparison.Ordinal);
        Assert.Contains("/Title ", text, StringComparison.Ordinal);
        // Made once.
        Assert.Equal(pdf, await _client.GetByteArrayAsync(Published + "?language=de", Cancel));
        Assert.NotEqual(pdf, await _client.GetByteArrayAsync(Published + "?language=en", Cancel));

        using var absent = await _client.GetAsync("/practices/not-there/practice.pdf", Cancel);
        Assert.Equal(HttpStatusCode.NotFound, absent.StatusCode);
    }
}
