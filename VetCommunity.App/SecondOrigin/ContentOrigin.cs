using System.Globalization;
using VetCommunity.Core.Operation;

namespace VetCommunity.App.SecondOrigin;

/// <summary>
/// Where people's packages come from, html and scripts that somebody else wrote: an origin of its own, which no cookie and no page of the site shares.
/// </summary>
/// <param name="Address">Scheme, host and port as browsers name them, such as <c>https://content.vet.example</c>.</param>
/// <param name="Listens">The address on which the server listens for it, the port after its first one; null where there is none, and its host's name alone tells.</param>
sealed record ContentOrigin(string Address, string? Listens)
{
    const string Key = "Content:Origin";
    const string SiteKey = "Site:Origin";
    const int UsualPort = 5001;

    readonly string _authority = new Uri(Address).Authority;

    /// <summary>The port on which it is listened for; null where there is none.</summary>
    public int? Port { get; } = Listens is null ? null : BindingAddress.Parse(Listens).Port;

    /// <summary>The origin as it is set, or the one beside the addresses on which the server listens.</summary>
    /// <exception cref="OperationFailedException">It is no origin, or it is the site's own.</exception>
    public static ContentOrigin Of(IConfiguration configuration)
    {
        var urls = Urls(configuration).Select(BindingAddress.Parse).ToList();
        var listens = Beside(urls);
        var address = Set(configuration, Key) ?? string.Create(CultureInfo.InvariantCulture,
            $"{listens?.Scheme ?? Uri.UriSchemeHttp}{Uri.SchemeDelimiter}127.0.0.1:{listens?.Port ?? UsualPort}");
        var own = Set(configuration, SiteKey) is { } site ? [site] : urls.Select(url => url.ToString());
        if (own.Any(one => Uri.TryCreate(one, UriKind.Absolute, out var there) && there.Authority == new Uri(address).Authority))
            throw new OperationFailedException($"{Key} is {address}, and the site itself is there; people's packages need an origin of their own, another host or another port.");
        return new(address, listens?.ToString());
    }

    /// <summary>The addresses of the site itself; none where Kestrel's own settings say it.</summary>
    public static IReadOnlyList<string> Urls(IConfiguration configuration)
    {
        if (configuration.GetSection("Kestrel:Endpoints").Exists())
            return [];
        var urls = Parts(configuration["urls"]);
        return urls.Length > 0 ? urls : [.. Parts(configuration["http_ports"]).Select(port => $"http://*:{port}"), .. Parts(configuration["https_ports"]).Select(port => $"https://*:{port}")];
    }

    /// <summary>Whether a request came to it, by the port or by the name.</summary>
    public bool IsAskedBy(HttpContext http) =>
        http.Connection.LocalPort == Port || string.Equals(http.Request.Host.Value, _authority, StringComparison.OrdinalIgnoreCase);

    static string[] Parts(string? list) => (list ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    // A socket, or a port that the system chooses, has none after it.
    static BindingAddress? Beside(List<BindingAddress> urls)
    {
        if (urls.Count == 0 || urls[0] is { IsUnixPipe: true } or { IsNamedPipe: true } or { Port: 0 or 65535 })
            return null;
        var port = urls[0].Port + 1;
        while (urls.Any(url => url.Port == port))
            port++;
        return BindingAddress.Parse(string.Create(CultureInfo.InvariantCulture, $"{urls[0].Scheme}://{urls[0].Host}:{port}"));
    }

    static string? Set(IConfiguration configuration, string key) => configuration[key] switch
    {
        null or "" => null,
        var text when Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address is { PathAndQuery: "/", UserInfo: "", Fragment: "" } => $"{address.Scheme}{Uri.SchemeDelimiter}{address.Authority}",
        var text => throw new OperationFailedException($"{key} is {text}; it must be an address such as https://vet.example, without a path."),
    };
}
