using System.Net;
using System.Text.RegularExpressions;
using SkiaSharp;
using VetCommunity.App.GoodPractice;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.GoodPractice;

/// <summary>The picture that others show where somebody shares a link to a practice.</summary>
public sealed partial class SharingPractices(RunningCommunity community) : IClassFixture<RunningCommunity>, IDisposable
{
    const string Practice = "/practices/the-tenth-day-call";
    readonly HttpClient _client = new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = community.Address };

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _client.Dispose();

    [Fact]
    public async Task The_page_names_a_picture_of_the_size_it_says()
    {
        var page = await _client.GetStringAsync(Practice + "?language=de", Cancel);
        using var answer = await _client.GetAsync(CardIn(page), Cancel);

        Assert.Equal((HttpStatusCode.OK, "image/png"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        using var picture = SKBitmap.Decode(await answer.Content.ReadAsByteArrayAsync(Cancel));
        Assert.Equal((1200, 630), (picture.Width, picture.Height));
        Assert.Contains("<meta property=\"og:image:width\" content=\"1200\"", page, StringComparison.Ordinal);
        Assert.Contains("<meta property=\"og:image:height\" content=\"630\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_in_the_language_of_the_practice_whoever_asks()
    {
        var german = CardIn(await _client.GetStringAsync(Practice + "?language=de", Cancel));
        var english = CardIn(await _client.GetStringAsync(Practice + "?language=en", Cancel));
        Assert.NotEqual(german, english);

        using var inGreek = new HttpRequestMessage(HttpMethod.Get, german) { Headers = { { "Accept-Language", "el" } } };
        using var answer = await _client.SendAsync(inGreek, Cancel);
        var picture = await answer.Content.ReadAsByteArrayAsync(Cancel);
        Assert.Equal(picture, await _client.GetByteArrayAsync(german, Cancel));
        Assert.NotEqual(picture, await _client.GetByteArrayAsync(english, Cancel));

        // Who shows it asks whether it is still the same.
        using var again = new HttpRequestMessage(HttpMethod.Get, german) { Headers = { IfNoneMatch = { answer.Headers.ETag! } } };
        using var same = await _client.SendAsync(again, Cancel);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
    }

    [Fact]
    public async Task What_is_not_there_has_none()
    {
        using var answer = await _client.GetAsync("/practices/there-is-none/card.png?language=en", Cancel);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [InlineData("Short", "One · Italy", "Told by its authors")]
    [InlineData("Η κλήση της δέκατης ημέρας, που κράτησε τους μαθητευόμενους στο συνεργείο", "Επιμελητήριο · Ελλάδα", "Δοκιμάστηκε")]
    [InlineData("", "", "")]
    public void Its_words_stay_within_its_edges(string title, string from, string evidence)
    {
        AssertInside(Drawn(title, from, evidence));
        AssertInside(Drawn(string.Join(' ', Enumerable.Repeat(title + " Donaudampfschifffahrtsgesellschaft", 30)), string.Join(' ', Enumerable.Repeat(from, 60)), evidence));
        AssertInside(Drawn(new string('W', 400), from, evidence));
    }

    [Fact]
    public void Another_title_is_another_picture()
    {
        using var one = Drawn("One", "From", "Evidence");
        using var other = Drawn("Other", "From", "Evidence");

        Assert.NotEqual(one.Bytes, other.Bytes);
    }

    [Fact]
    public void A_sign_that_no_typeface_has_takes_no_word_away()
    {
        using var plain = Drawn("The tenth day call", "Chamber", "Tried");
        using var hearty = Drawn("The tenth day call\U0001F49B\U0001F3F3\uFE0F\u200D\U0001F308", "Chamber", "Tried");
        using var empty = Drawn("", "", "");

        Assert.Equal(plain.Bytes, hearty.Bytes);
        Assert.NotEqual(empty.Bytes, plain.Bytes);
        // The words stand where the sign would be without them.
        Assert.Contains(Enumerable.Range(72, 1000), x => Enumerable.Range(180, 80).Any(y => plain.GetPixel(x, y).Red < 60));
    }

    [Fact]
    public async Task Many_are_drawn_at_once()
    {
        var one = ShareCard.Draw(new("Ελληνικά and English", "Chamber", "Tried"));

        var all = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => Task.Run(() => ShareCard.Draw(new("Ελληνικά and English", "Chamber", "Tried")), Cancel)));

        Assert.All(all, drawn => Assert.Equal(one, drawn));
    }

    static SKBitmap Drawn(string title, string from, string evidence) => SKBitmap.Decode(ShareCard.Draw(new(title, from, evidence)));

    // Seventy-two pixels of paper to the left and to the right, and between the words and the strip below.
    static void AssertInside(SKBitmap picture)
    {
        var paper = picture.GetPixel(0, 0);
        for (var y = 0; y < picture.Height - 36; y++)
        {
            for (var x = 0; x < 70; x++)
                Assert.True(picture.GetPixel(x, y) == paper && picture.GetPixel(picture.Width - 1 - x, y) == paper, $"Something stands at the edge, {x} {y}.");
        }
        for (var x = 0; x < picture.Width; x++)
            Assert.True(picture.GetPixel(x, picture.Height - 40) == paper, $"The words run into the strip at {x}.");
        picture.Dispose();
    }

    static string CardIn(string page) => WebUtility.HtmlDecode(new Uri(CardPattern().Match(page).Groups["address"].Value).PathAndQuery);

    [GeneratedRegex("<meta property=\"og:image\" content=\"(?<address>[^\"]+)\"", RegexOptions.NonBacktracking)]
    private static partial Regex CardPattern();
}
