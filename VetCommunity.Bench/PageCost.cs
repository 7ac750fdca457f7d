using System.Globalization;

namespace VetCommunity.Bench;

/// <summary>What a request costs the server, in milliseconds of its CPU: the median of the last rounds.</summary>
static class PageCost
{
    const int Requests = 300;
    const int Counted = 5;
    // The busy methods are compiled at their best after some nine thousand calls: until then a page costs up to five times as much, and that is the start, not the page. Fewer than there are practices, of which each is asked for once.
    const int UntilCompiled = 33;

    public static Task<double> OfAsync(ServerProcess server, HttpClient client, string address) => OfAsync(server, client, () => address);

    /// <summary>Of an address that may be another one each time.</summary>
    /// <param name="server">Whose CPU is read.</param>
    /// <param name="client">Who asks, one request after the other.</param>
    /// <param name="address">What is asked for next.</param>
    public static async Task<double> OfAsync(ServerProcess server, HttpClient client, Func<string> address)
    {
        List<double> rounds = [];
        var asked = "";
        while (rounds.Count < UntilCompiled)
        {
            var before = server.Cpu;
            for (var number = 0; number < Requests; number++)
                await client.GetByteArrayAsync(new Uri(asked = address(), UriKind.Relative));
            rounds.Add((server.Cpu - before).TotalMilliseconds / Requests);
        }
        Figures.Note($"{asked}, ms a request, round by round: {string.Join(' ', rounds.Select(one => one.ToString("F2", CultureInfo.InvariantCulture)))}");
        return Figures.Median(rounds.TakeLast(Counted));
    }
}
