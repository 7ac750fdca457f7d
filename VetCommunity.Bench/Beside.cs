using System.Diagnostics;
using System.Globalization;
using System.Net;
using VetCommunity.Core.Demo;

namespace VetCommunity.Bench;

/// <summary>
/// What others notice of somebody who tries, registers, posts, searches and uploads without a pause, under the limits as they come: a member in another place opens a room again and again, alone and
/// beside each of them in turns. See docs/measurements.md.
/// </summary>
sealed class Beside
{
    const int Rounds = 5;
    const int Pages = 60;
    // A refusal comes a tenth of a second later: whoever wants more of them asks over several connections.
    const int Connections = 10;
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    readonly Figures _figures;

    Beside(Figures figures) => _figures = figures;

    /// <summary>All kinds, or the one of this name.</summary>
    public static Task<int> RunAsync(string? only) => Figures.MeasureAsync("beside", (folder, figures) => new Beside(figures).MeasureAsync(folder, only));

    /// <summary>Whether there is such a kind.</summary>
    public static bool Knows(string kind) => Kinds.Any(known => known.Name == kind);

    async Task MeasureAsync(string folder, string? only)
    {
        var port = ServerProcess.FreePort();
        var address = new Uri($"http://localhost:{port}");
        using var server = await ServerProcess.StartAsync(ServerProcess.Community(folder, port, ("Demo__Seed", "true"), ("RateLimits__Enabled", "true"), ("ASPNETCORE_FORWARDEDHEADERS_ENABLED", "true")), "VetCommunity listens on");
        using var honest = From(address, 1);
        await Forms.LogInAsync(honest, "trainer@demo.example");
        // The busy methods are compiled at their best after nine thousand calls; before, the first of the kinds would be measured with the compiler beside it.
        for (var number = 0; number < 9_000; number++)
            await honest.GetByteArrayAsync(new Uri("/rooms/welcome", UriKind.Relative));

        var place = 2;
        foreach (var (name, times, begin) in Kinds.Where(kind => only is null || kind.Name == only))
        {
            using var pest = From(address, place++);
            var act = await begin(pest);
            List<double> alone = [], beside = [];
            var (asked, refused) = (0, 0);
            // The first one is seen to succeed before there are many at once.
            (await act(asked++)).Dispose();
            var cpu = server.Cpu;
            for (var round = 0; round < Rounds; round++)
            {
                alone.AddRange(await PagesAsync(honest));
                using var over = new CancellationTokenSource();
                var until = asked + (times / Rounds);
                var going = Task.WhenAll(Enumerable.Range(0, Connections).Select(_ => Task.Run(() => GoAsync(until, over.Token))));
                beside.AddRange(await PagesAsync(honest));
                await over.CancelAsync();
                await going;
            }
            Figures.Note($"{name}: {asked} times, {refused} refused; a page alone p95 {P95(alone):F1} ms, beside it {P95(beside):F1} ms; of the server's CPU {(server.Cpu - cpu).TotalSeconds:F1} s in all");
            if (asked < times || refused == 0)
                throw new InvalidOperationException($"{name}: {asked} of {times} times and {refused} refused is not what was to be measured.");
            _figures.AtMost($"p95 of somebody else's page beside {name}, of the same alone", P95(beside) / P95(alone), 1.5);

            async Task GoAsync(int until, CancellationToken over)
            {
                while (!over.IsCancellationRequested || Volatile.Read(ref asked) < until)
                {
                    using var answer = await act(Interlocked.Increment(ref asked) - 1);
                    if (answer.StatusCode == HttpStatusCode.TooManyRequests)
                        Interlocked.Increment(ref refused);
                }
            }
        }
    }

    // How often: docs/measurements.md.
    static readonly (string Name, int Times, Func<HttpClient, Task<Func<int, Task<HttpResponseMessage>>>> Begin)[] Kinds =
    [
        ("wrong passwords for one account", 1000, async pest => Form(pest, await Forms.TokenAsync(pest, "/Account/Login"), "/Account/Login",
            _ => [("_handler", "login"), ("Input.Email", "member2@demo.example"), ("Input.Password", "wrong")])),
        ("a wrong password for each of many accounts", 1000, async pest => Form(pest, await Forms.TokenAsync(pest, "/Account/Login"), "/Account/Login",
            number => [("_handler", "login"), ("Input.Email", $"nobody{number}@new.example"), ("Input.Password", "wrong")])),
        ("registrations", 500, async pest => Form(pest, await Forms.TokenAsync(pest, "/Account/Register"), "/Account/Register",
            number => [("_handler", "register"), ("Input.Name", "Dora Conti"), ("Input.Email", $"new{number}@new.example"), ("Input.Password", DemoWorld.Password)])),
        ("posts", 10_000, async pest =>
        {
            await Forms.LogInAsync(pest, "member3@demo.example");
            var post = Form(pest, await Forms.TokenAsync(pest, "/rooms/micro-credentials"), "/rooms/micro-credentials",
                number => [("_handler", "post"), ("key", $"beside-{number}"), ("markdown", "Once more")]);
            return async number =>
            {
                var answer = await post(number);
                return number > 0 || (await answer.Content.ReadAsStringAsync()).Contains("<p>Once more</p>", StringComparison.Ordinal) ? answer : throw new InvalidOperationException("The first post is not there.");
            };
        }),
        ("searches", 1000, async pest =>
        {
            await Forms.LogInAsync(pest, "member4@demo.example");
            return number => pest.GetAsync(new Uri(string.Create(CultureInfo.InvariantCulture, $"/search?q=welding+{number}"), UriKind.Relative));
        }),
        ("uploads", 200, async pest =>
        {
            await Forms.LogInAsync(pest, "member5@demo.example");
            var token = await Forms.TokenAsync(pest, "/rooms/welcome");
            return async number =>
            {
                using var form = new MultipartFormDataContent { { new ByteArrayContent([.. "%PDF-1.7"u8, .. Guid.NewGuid().ToByteArray()]), "file", string.Create(CultureInfo.InvariantCulture, $"page-{number}.pdf") } };
                using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/uploads") { Content = form, Headers = { { "RequestVerificationToken", token } } };
                var answer = await pest.SendAsync(request);
                return number > 0 || answer.StatusCode == HttpStatusCode.Created ? answer : throw new InvalidOperationException("The first file was not taken.");
            };
        }),
    ];

    static Func<int, Task<HttpResponseMessage>> Form(HttpClient pest, string token, string address, Func<int, (string, string)[]> fields) => async number =>
    {
        using var filled = Forms.Filled(token, fields(number));
        return await pest.PostAsync(new Uri(address, UriKind.Relative), filled);
    };

    static async Task<List<double>> PagesAsync(HttpClient honest)
    {
        List<double> times = [];
        for (var number = 0; number < Pages; number++)
        {
            var begun = Stopwatch.GetTimestamp();
            await honest.GetByteArrayAsync(new Uri("/rooms/welcome", UriKind.Relative));
            times.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            await Task.Delay(Pause);
        }
        return times;
    }

    static HttpClient From(Uri address, int place)
    {
        var client = new HttpClient { BaseAddress = address };
        client.DefaultRequestHeaders.Add("X-Forwarded-For", string.Create(CultureInfo.InvariantCulture, $"203.0.113.{place}"));
        return client;
    }

    static double P95(List<double> times) => times.Order().ElementAt(times.Count * 95 / 100);
}
