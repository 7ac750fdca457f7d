namespace VetCommunity.Core.Mailing;

/// <summary>Where people find this community from outside. Taken from settings, never from a request: its host name is the caller's word.</summary>
/// <param name="origin">Gives scheme, host and port, as in <c>https://vet.example</c>.</param>
public sealed class Site(Func<string> origin)
{
    /// <summary>The whole address of one of our pages.</summary>
    /// <param name="path">From the root, beginning with a slash.</param>
    public string Address(string path) => origin().TrimEnd('/') + path;
}
