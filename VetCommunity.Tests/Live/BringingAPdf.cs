using System.Net;
using VetCommunity.Core.Demo;
using VetCommunity.Tests.Members;
using VetCommunity.Tests.Printing;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.Live;

/// <summary>The page that takes a PDF, as a browser without script sends it.</summary>
public sealed class BringingAPdf : IClassFixture<BringingAPdf.Drawing>
{
    readonly Drawing _drawing;

    public BringingAPdf(Drawing drawing)
    {
        Poppler.Demand();
        _drawing = drawing;
    }

    const string Session = "/sessions/the-first-hundred-days";

    public sealed class Drawing : IAsyncLifetime
    {
        public RunningCommunity Community { get; } = new() { Settings = { ["Limits__PdfPages"] = "20", ["Limits__PdfMegabytes"] = "1" } };

        public ValueTask InitializeAsync() => Community.InitializeAsync();

        public ValueTask DisposeAsync() => Community.DisposeAsync();
    }

    async Task<Visitor> TrainerAsync(string language = "en")
    {
        var trainer = new Visitor(_drawing.Community, language);
        await trainer.LogInAsync("trainer@demo.example", DemoWorld.Password);
        // The account remembers the one that it was last.
        return await trainer.OpenAsync($"/language/{language}?return=%2Fsessions");
    }

    static int Slides(Visitor who) => who.Page.QuerySelectorAll(".deck-slides > li").Length;

    [Fact]
    public async Task Its_pages_are_the_last_slides_of_the_language_that_was_chosen()
    {
        using var trainer = await TrainerAsync();
        await trainer.OpenAsync(Session + "/deck?language=en");
        var before = Slides(trainer);
        await trainer.OpenAsync(trainer.Page.QuerySelector("a[href*='/pages?language=en']")!.GetAttribute("href")!);
        Assert.Contains("At most 1 MB and 20 pages", trainer.Says, StringComparison.Ordinal);

        await trainer.SendFileAsync("pages", "A plan.pdf", MadePdfs.Of(960, 540, "Why we measure", ""), fields: ("language", "en"));

        Assert.Equal(Session + "/deck?language=en&added=2", trainer.Address);
        Assert.Contains("2 pages are there, as the last slides.", trainer.Says, StringComparison.Ordinal);
        Assert.Equal(before + 2, Slides(trainer));
        var pictures = trainer.Page.QuerySelectorAll(".deck-slides > li.slide-picture img").TakeLast(2).ToList();
        Assert.Equal(["Why we measure", "Page 2 of A plan"], pictures.Select(one => one.GetAttribute("alt")));
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = _drawing.Community.Address };
        client.DefaultRequestHeaders.Add("Cookie", trainer.CookieHeader);
        using var picture = await client.GetAsync(pictures[0].GetAttribute("src"), TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, "image/png"), (picture.StatusCode, picture.Content.Headers.ContentType!.MediaType));
        client.DefaultRequestHeaders.Remove("Cookie");
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(pictures[0].GetAttribute("src"), TestContext.Current.CancellationToken)).StatusCode);
        // The slides of another language are chosen there too.
        await trainer.OpenAsync(Session + "/pages?language=it");
        Assert.Equal("it", trainer.Page.QuerySelector("#language option[selected]")!.GetAttribute("value"));
    }

    [Theory]
    [InlineData("en", "This file is no PDF.", "nothing of the kind")]
    [InlineData("it", "sembra danneggiato", "%PDF-1.7")]
    [InlineData("el", "κωδικό πρόσβασης", "locked")]
    [InlineData("de", "mehr als 20 Seiten", "many")]
    [InlineData("es", "más de 1 MB", "large")]
    [InlineData("ca", "buit", "")]
    public async Task What_cannot_be_drawn_is_said_in_the_language_of_the_page_and_changes_nothing(string language, string sentence, string what)
    {
        using var trainer = await TrainerAsync(language);
        await trainer.OpenAsync(Session + "/deck?language=en");
        var before = trainer.Page.QuerySelector("#markdown")!.TextContent;
        await trainer.OpenAsync(Session + "/pages?language=en");

        await trainer.SendFileAsync("pages", "a.pdf", what switch
        {
            "locked" => MadePdfs.Locked(),
            "many" => MadePdfs.OfPages(21),
            "large" => [.. "%PDF-1.7"u8, .. new byte[1024 * 1024]],
            _ => System.Text.Encoding.UTF8.GetBytes(what),
        }, fields: ("language", "en"));

        Assert.Contains(sentence, trainer.Page.QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        await trainer.OpenAsync(Session + "/deck?language=en");
        Assert.Equal(before, trainer.Page.QuerySelector("#markdown")!.TextContent);
    }

    [Fact]
    public async Task Without_the_right_the_token_or_a_file_nothing_is_added()
    {
        using var member = new Visitor(_drawing.Community);
        await member.LogInAsync("member@demo.example", DemoWorld.Password);
        Assert.Equal(HttpStatusCode.NotFound, (await member.OpenAsync(Session + "/pages")).Status);

        using var trainer = await TrainerAsync();
        await trainer.OpenAsync(Session + "/deck?language=en");
        var before = Slides(trainer);
        await trainer.OpenAsync(Session + "/pages?language=en");
        await trainer.SendFileAsync("pages", "a.pdf", MadePdfs.OfPages(1), withHidden: false, ("language", "en"));
        Assert.NotNull(trainer.Page.QuerySelector("[role=alert]"));
        await trainer.OpenAsync(Session + "/pages?language=en");
        await trainer.SendAsync("pages", ("language", "en"));
        Assert.Contains("Please choose a file first.", trainer.Page.QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await trainer.OpenAsync(Session + "/pages?language=xx")).Status);
        await trainer.OpenAsync(Session + "/deck?language=en");
        Assert.Equal(before, Slides(trainer));
    }
}
