using System.Net;
using Microsoft.Data.Sqlite;
using VetCommunity.Core.Demo;
using VetCommunity.Tests.Members;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.GoodPractice;

public sealed class CountingReadersOfPages(RunningCommunity community) : IClassFixture<RunningCommunity>
{
    const string Practice = "/practices/the-tenth-day-call";

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Visitors_of_a_kept_page_and_members_count_and_programs_and_other_pages_do_not()
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = community.Address };
        using var member = new Visitor(community);
        await member.LogInAsync("editor@demo.example", DemoWorld.Password);
        await member.OpenAsync("/practices/machines-lent-to-schools/review");
        await member.SendAsync("language", ("to", "ca"));

        for (var visit = 0; visit < 3; visit++)
            await AskAsync(Practice, HttpStatusCode.OK);
        await AskAsync(Practice + "?language=de", HttpStatusCode.OK);
        await AskAsync(Practice, HttpStatusCode.OK, "Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/140.0");
        await member.OpenAsync(Practice);
        await AskAsync("/practices/machines-lent-to-schools", HttpStatusCode.OK);

        await AskAsync(Practice, HttpStatusCode.OK, "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)");
        await AskAsync(Practice, HttpStatusCode.OK, purpose: "prefetch;prerender");
        using (var head = await client.SendAsync(new(HttpMethod.Head, Practice), Cancel))
            Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        await AskAsync("/practices/nothing-of-that-name", HttpStatusCode.NotFound);
        await AskAsync("/practices", HttpStatusCode.OK);
        await AskAsync(Practice + "/versions", HttpStatusCode.OK);
        await AskAsync(Practice + "/edit", HttpStatusCode.Redirect);

        // Whoever stops it loses nothing.
        Assert.Equal(0, await community.StopAsync());
        await using (var connection = new SqliteConnection($"Data Source={community.DatabaseFile};Pooling=False"))
        {
            await connection.OpenAsync(Cancel);
            await using var command = connection.CreateCommand();
            command.CommandText = """SELECT group_concat(s) FROM (SELECT d."Slug" || ' ' || sum(r."Count") AS s FROM "ReadDays" r JOIN "Documents" d ON d."Id" = r."DocumentId" GROUP BY d."Slug" ORDER BY d."Slug")""";
            Assert.Equal("machines-lent-to-schools 1,the-tenth-day-call 6", await command.ExecuteScalarAsync(Cancel));
        }
        await community.StartAsync();
        await member.OpenAsync("/practices/translations");
        Assert.Contains("Read 1 time in the last 90 days", member.Says, StringComparison.Ordinal);

        async Task AskAsync(string address, HttpStatusCode expected, string? program = null, string? purpose = null)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            if (program is not null)
                request.Headers.TryAddWithoutValidation("User-Agent", program);
            if (purpose is not null)
                request.Headers.TryAddWithoutValidation("Sec-Purpose", purpose);
            using var answer = await client.SendAsync(request, Cancel);
            Assert.Equal(expected, answer.StatusCode);
            Assert.False(address == Practice && answer.Headers.Contains("Set-Cookie"));
        }
    }
}
