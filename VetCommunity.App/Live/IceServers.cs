using VetCommunity.Core.Operation;

namespace VetCommunity.App.Live;

/// <summary>A server that helps two browsers to find each other (STUN) or carries what goes between them (TURN), in the words of browsers.</summary>
sealed record IceServer(string Urls, string? Username, string? Credential);

/// <summary>The operator's STUN and TURN servers, as <c>Media:IceServers</c>. Usually none: nobody is called without being asked.</summary>
sealed record IceServers(IReadOnlyList<IceServer> All)
{
    const string Section = "Media:IceServers";
    static readonly string[] Kinds = ["stun:", "stuns:", "turn:", "turns:"];

    /// <summary>What is set.</summary>
    /// <exception cref="OperationFailedException">One of them is no address of such a server, or has no name and word with which one comes in.</exception>
    public static IceServers Of(IConfiguration configuration) => new([.. configuration.GetSection(Section).GetChildren().Where(one => !string.IsNullOrEmpty(one["Url"])).Select(one =>
    {
        var url = one["Url"]!.Trim();
        var kind = Kinds.FirstOrDefault(kind => url.StartsWith(kind, StringComparison.Ordinal) && url.Length > kind.Length && !url.AsSpan(kind.Length).ContainsAny(" /\t@#"))
            ?? throw new OperationFailedException($"{Section}:{one.Key}:Url is {url}; it must be an address such as stun:stun.example:3478 or turns:turn.example:443?transport=tcp.");
        var (name, word) = (one["UserName"], one["Credential"]);
        // Browsers refuse a TURN server without them, and with it all the others.
        return kind[0] != 't' || (!string.IsNullOrEmpty(name) && !string.IsNullOrEmpty(word))
            ? new IceServer(url, name, word)
            : throw new OperationFailedException($"{Section}:{one.Key} is a TURN server; it needs UserName and Credential.");
    })]);
}
