using System.Globalization;
using System.Net;
using System.Reflection;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using VetCommunity.App.Shell;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Tests.Members;
using Xunit;

namespace VetCommunity.Tests.Running;

public sealed class KeepingPagesForVisitors(RunningCommunity community) : IClassFixture<RunningCommunity>
{
    readonly FakeTime _clock = new();
    int _rendered;
    long _version;

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/")]
    [InlineData("/privacy")]
    [InlineData("/practices")]
    [InlineData("/practices?theme=digital&country=IT&theme=green&page=1")]
    [InlineData("/practices/the-tenth-day-call")]
    [InlineData("/practices/the-tenth-day-call?language=el")]
    public async Task A_visitor_gets_it_without_a_cookie_and_not_again_while_it_is_the_same(string address)
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = community.Address };
        client.DefaultRequestHeaders.Add("Accept-Language", "de");
        using var first = await client.GetAsync(new Uri(address, UriKind.Relative), Cancel);
        var page = await first.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("lang=\"de\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("__RequestVerificationToken", page, StringComparison.Ordinal);
        Assert.False(first.Headers.Contains("Set-Cookie"));
        Assert.Equal("no-cache, private", first.Headers.CacheControl?.ToString());
        Assert.Equal(["Cookie", "Accept-Language"], first.Headers.Vary);

        client.DefaultRequestHeaders.IfNoneMatch.Add(first.Headers.ETag!);
        using var again = await client.GetAsync(new Uri(address, UriKind.Relative), Cancel);

        Assert.Equal((HttpStatusCode.NotModified, 0), (again.StatusCode, (await again.Content.ReadAsByteArrayAsync(Cancel)).Length));
    }

    [Fact]
    public async Task Who_has_just_logged_in_gets_a_page_of_their_own_at_the_same_address()
    {
        using var member = new Visitor(community);
        await member.OpenAsync("/");
        var before = member.Says;
        await member.LogInAsync("member2@demo.example", Core.Demo.DemoWorld.Password);
        await member.OpenAsync("/");
        Assert.NotEqual(before, member.Says);
    }

    [Fact]
    public async Task It_is_rendered_once_for_all_and_again_when_its_time_is_over()
    {
        var pages = new VisitorPages(_clock, _ => Task.FromResult(_version));
        Assert.Equal("page 1", await AskAsync(pages));
        Assert.Equal("page 1", await AskAsync(pages));
        _clock.Advance(VisitorPages.Kept);
        // While one renews it nobody else waits, or does the same.
        Assert.Equal("page 2", await AskAsync(pages, meanwhile: async () => Assert.Equal("page 1", await AskAsync(pages))));
    }

    [Fact]
    public async Task Another_language_theme_or_question_and_whoever_has_a_cookie_of_ours_get_another_page()
    {
        var pages = new VisitorPages(_clock, _ => Task.FromResult(_version));
        await AskAsync(pages);
        Assert.Equal("page 2", await AskAsync(pages, http => http.Request.Headers.Cookie = "theme=dark"));
        Assert.Equal("page 2", await AskAsync(pages, http => http.Request.Headers.Cookie = "theme=dark"));
        Assert.Equal("page 3", await AskAsync(pages, http => http.Request.QueryString = new("?a=1")));
        Assert.Equal("page 4", await AskAsync(pages, http => http.Request.Headers.Cookie = "vet=old"));
        Assert.Equal("page 5", await AskAsync(pages, http => http.Request.Method = "POST"));
        Assert.Equal("page 6", await AskAsync(pages, http => http.Request.Path = "/Somewhere"));
        var before = CultureInfo.CurrentUICulture;
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("el");
        Assert.Equal("page 7", await AskAsync(pages));
        CultureInfo.CurrentUICulture = before;
        Assert.Equal("page 1", await AskAsync(pages));
    }

    [Fact]
    public async Task What_failed_is_not_kept()
    {
        var pages = new VisitorPages(_clock, _ => Task.FromResult(_version));
        Assert.Equal("page 1", await AskAsync(pages, status: 503));
        Assert.Equal("page 2", await AskAsync(pages));
        Assert.Equal("page 2", await AskAsync(pages, status: 503));
    }

    [Fact]
    public async Task What_the_address_may_say_is_kept_in_one_order_and_nothing_else()
    {
        var pages = new VisitorPages(_clock, _ => Task.FromResult(_version));
        Assert.Equal("page 1", await OfAsync("?theme=a&page=2"));
        Assert.Equal("page 1", await OfAsync("?page=2&theme=a"));
        Assert.Equal("page 2", await OfAsync("?page=2&theme=b"));
        Assert.Equal("page 3", await OfAsync("?page=2&theme=a&theme=b"));
        Assert.Equal("page 3", await OfAsync("?theme=a&page=2&theme=b"));
        Assert.Equal("page 4", await OfAsync("?theme=a%26page%3D2"));
        foreach (var (query, number) in new[] { "?q=a", "?theme=a&q=a", "?THEME=a", "?theme=" + new string('a', 300) }.Zip([5, 7, 9, 11]))
        {
            Assert.Equal(FormattableString.Invariant($"page {number}"), await OfAsync(query));
            Assert.Equal(FormattableString.Invariant($"page {number + 1}"), await OfAsync(query));
        }

        Task<string> OfAsync(string query) => AskAsync(pages, http => http.Request.QueryString = new(query), of: new("theme", "page"));
    }

    [Fact]
    public async Task A_page_of_practices_is_another_from_the_moment_when_one_changes()
    {
        var pages = new VisitorPages(_clock, _ => Task.FromResult(_version));
        var of = new SameForVisitorsAttribute { ShowsPublished = true };
        Assert.Equal("page 1", await AskAsync(pages, of: of));
        _version++;
        // What was begun before the next change is shown to who asked for it, and to nobody after it.
        Assert.Equal("page 2", await AskAsync(pages, of: of, meanwhile: () => Task.FromResult(_version++)));
        Assert.Equal("page 3", await AskAsync(pages, of: of));
        Assert.Equal("page 3", await AskAsync(pages, of: of));
    }

    [Fact]
    public async Task Visitors_who_think_of_ever_more_addresses_do_not_fill_the_memory()
    {
        var pages = new VisitorPages(_clock, _ => Task.FromResult(_version));
        for (var number = 1; number <= VisitorPages.Most; number++)
            Assert.Equal($"page {number}", await OfAsync(number));
        Assert.Equal("page 1000", await OfAsync(1_000));
        Assert.Equal("page 1001", await OfAsync(1_001));
        Assert.Equal("page 1001", await OfAsync(1_001));
        Assert.Equal("page 1002", await OfAsync(1));

        var large = new string('x', VisitorPages.MostBytes / 3);
        Assert.StartsWith("page 1003", await OfAsync(2_000, large), StringComparison.Ordinal);
        Assert.StartsWith("page 1004", await OfAsync(2_001, large), StringComparison.Ordinal);
        Assert.StartsWith("page 1005", await OfAsync(2_002, large), StringComparison.Ordinal);
        Assert.StartsWith("page 1006", await OfAsync(2_000, large), StringComparison.Ordinal);

        Task<string> OfAsync(int number, string more = "") => AskAsync(pages, http => http.Request.QueryString = new(FormattableString.Invariant($"?page={number}")), of: new("page"), more: more);
    }

    [Fact]
    public void Every_facet_of_the_practices_is_known() =>
        Assert.Equal([.. Enum.GetNames<PracticeFacet>().Select(name => name.ToLowerInvariant()), "page"],
            typeof(Program).Assembly.GetType("VetCommunity.App.GoodPractice.PracticesPage")!.GetCustomAttribute<SameForVisitorsAttribute>()!.Parameters);

    async Task<string> AskAsync(VisitorPages pages, Action<HttpContext>? other = null, int status = 200, Func<Task>? meanwhile = null, SameForVisitorsAttribute? of = null, string more = "")
    {
        var http = new DefaultHttpContext();
        http.Request.Method = "GET";
        http.Request.Path = "/somewhere";
        http.SetEndpoint(new RouteEndpoint(_ => Task.CompletedTask, RoutePatternFactory.Parse("/somewhere"), 0, new(of ?? new()), displayName: null));
        using var body = new MemoryStream();
        http.Response.Body = body;
        other?.Invoke(http);
        await pages.AnswerAsync(http, async inner =>
        {
            inner.Response.StatusCode = status;
            if (meanwhile is not null)
                await meanwhile();
            await inner.Response.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"page {++_rendered}{more}"));
        });
        return Encoding.UTF8.GetString(body.ToArray());
    }
}
