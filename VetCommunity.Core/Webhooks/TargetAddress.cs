using System.Net;
using System.Net.Sockets;

namespace VetCommunity.Core.Webhooks;

/// <summary>
/// Which addresses a webhook may call. Whoever moderates a room names them, and the server must not become their way into the network
/// that it stands in. What a name leads to is judged when it is called, each time.
/// </summary>
/// <param name="privateHosts">Hosts of the own network that may be called all the same, also without encryption.</param>
public sealed class TargetAddress(IEnumerable<string> privateHosts)
{
    /// <summary>Characters of an address.</summary>
    public const int Length = 500;

    // The registries of IANA for addresses of special purpose, and what stands for one of IPv4 within IPv6.
    static readonly IPNetwork[] NotPublic = [.. ((string[])[
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"]).Select(IPNetwork.Parse)];

    // All that is given out for the public so far; NAT64, unique local, link-local, site-local, multicast and loopback addresses lie outside.
    static readonly IPNetwork PublicVersion6 = IPNetwork.Parse("2000::/3");

    readonly HashSet<string> _private = new(privateHosts, StringComparer.OrdinalIgnoreCase);

    /// <summary>The address as it is stored.</summary>
    /// <exception cref="RefusedException">It is no https address, or can never be called.</exception>
    public string Checked(string? typed)
    {
        var text = typed?.Trim() ?? "";
        if (text.Length > Length || text.Any(char.IsControl) || !Uri.TryCreate(text, UriKind.Absolute, out var target) || target.Host.Length == 0 || target.UserInfo.Length > 0)
            throw new RefusedException(Refusal.BadWebhookTarget);
        if (target.Scheme != Uri.UriSchemeHttps && !(target.Scheme == Uri.UriSchemeHttp && IsOwn(target.IdnHost)))
            throw new RefusedException(Refusal.BadWebhookTarget);
        if (!IsOwn(target.IdnHost) && IPAddress.TryParse(target.IdnHost, out var literal) && !IsPublic(literal))
            throw new RefusedException(Refusal.WebhookTargetInside);
        // What stands behind # never leaves a browser; the rest goes out as it was typed.
        return target.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.Fragment, UriFormat.UriEscaped);
    }

    /// <summary>Which of the addresses of a host may be called.</summary>
    public IEnumerable<IPAddress> MayCall(string host, IEnumerable<IPAddress> found) => IsOwn(host) ? found : found.Where(IsPublic);

    /// <summary>Whether it belongs to the public network: not loopback, private, link-local, shared (CGNAT), multicast, reserved or one of IPv4 within IPv6.</summary>
    public static bool IsPublic(IPAddress address) => address.AddressFamily switch
    {
        AddressFamily.InterNetwork => !NotPublic.Any(network => network.Contains(address)),
        AddressFamily.InterNetworkV6 => !address.IsIPv4MappedToIPv6 && PublicVersion6.Contains(address) && !NotPublic.Any(network => network.Contains(address)),
        _ => false,
    };

    bool IsOwn(string host) => _private.Contains(host.Trim('[', ']'));
}
