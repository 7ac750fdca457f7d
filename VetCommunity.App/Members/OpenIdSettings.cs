using System.Text.RegularExpressions;
using VetCommunity.Core.Operation;

namespace VetCommunity.App.Members;

/// <summary>An OpenID Connect provider of the settings.</summary>
/// <param name="Key">Its name in addresses.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Authority">Its address; accounts are known by it.</param>
/// <param name="ClientId">Our name there.</param>
/// <param name="ClientSecret">Ours; null for a client without one.</param>
sealed record OpenIdProvider(string Key, string Name, string Authority, string ClientId, string? ClientSecret)
{
    public string Scheme => SchemeOf(Key);

    public string Start => "/Account/OpenId/" + Key;

    /// <summary>Where the provider sends people back to.</summary>
    public string Back => Start + "/back";

    public bool IsSecure => Authority.StartsWith("https://", StringComparison.Ordinal);

    public static string SchemeOf(string key) => "OpenId." + key;
}

/// <summary>The providers of the settings <c>OpenId:Providers</c>.</summary>
sealed partial class OpenIdProviders(IConfiguration settings)
{
    const string Section = "OpenId:Providers";

    IReadOnlyList<OpenIdProvider>? _all;

    /// <exception cref="OperationFailedException">A setting makes no sense.</exception>
    public IReadOnlyList<OpenIdProvider> All => _all ??= [.. settings.GetSection(Section).GetChildren().Select(Read).OrderBy(one => one.Name, StringComparer.OrdinalIgnoreCase)];

    /// <summary>The keys, good or not: what is wrong about them is said before the server listens.</summary>
    public static IEnumerable<string> KeysIn(IConfiguration settings) => settings.GetSection(Section).GetChildren().Select(one => one.Key);

    public OpenIdProvider? Find(string? key) => All.FirstOrDefault(one => one.Key == key);

    /// <summary>The provider's name for people; the host where the settings know it no longer.</summary>
    public string NameOf(string authority) => All.FirstOrDefault(one => one.Authority == authority)?.Name ?? new Uri(authority).Host;

    static OpenIdProvider Read(IConfigurationSection section)
    {
        if (!KeyPattern().IsMatch(section.Key))
            throw new OperationFailedException($"{section.Path} is no key for a provider; it must be 1 to 30 of a-z, 0-9 and hyphen.");
        var authority = Value("Authority").TrimEnd('/');
        if (!Uri.TryCreate(authority, UriKind.Absolute, out var address) || !(address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)))
            throw new OperationFailedException($"{section.Path}:Authority is {authority}; it must be an https address.");
        return new(section.Key, section["Name"] is { Length: > 0 } name ? name : address.Host, authority, Value("ClientId"), section["ClientSecret"] is { Length: > 0 } secret ? secret : null);

        string Value(string name) => section[name] is { Length: > 0 } text ? text : throw new OperationFailedException($"{section.Path}:{name} is missing.");
    }

    [GeneratedRegex("^[a-z0-9-]{1,30}$", RegexOptions.NonBacktracking)]
    private static partial Regex KeyPattern();
}
