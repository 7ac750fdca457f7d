using System.Net;
using System.Net.Sockets;
using VetCommunity.App.Members;

namespace VetCommunity.App.Limiting;

/// <summary>
/// Where visitors come from, and how much of each place is under way at the same time: who holds a hundred requests open by sending or reading slowly takes
/// nothing from others. Connections that last are their member's: see <see cref="OpenConnections"/>.
/// </summary>
sealed class Places(ConfiguredLimits limits)
{
    const int Wait = 5;
    readonly Tally<string> _underWay = new();

    /// <summary>The address; a household has a whole /64 of IPv6.</summary>
    public static string Of(HttpContext http)
    {
        if (http.Connection.RemoteIpAddress is not { } address)
            return "";
        if (address.AddressFamily != AddressFamily.InterNetworkV6 || address.IsIPv4MappedToIPv6)
            return address.MapToIPv4().ToString();
        return new IPAddress([.. address.GetAddressBytes()[..8], .. new byte[8]]).ToString();
    }

    public async Task HoldAsync(HttpContext http, RequestDelegate next)
    {
        // The page that says why is not one more.
        if (!limits.AreOn || OpenConnections.Lasts(http) || http.Features.Get<Microsoft.AspNetCore.Diagnostics.IStatusCodeReExecuteFeature>() is not null)
        {
            await next(http);
            return;
        }
        var place = Of(http);
        try
        {
            if (_underWay.Add(place) > limits.RequestsFromPlace)
                TooMuch.Mark(http, Wait);
            else
                await next(http);
        }
        finally
        {
            _underWay.Remove(place);
        }
    }
}
