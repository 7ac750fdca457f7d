using System.Net;
using Xunit;

namespace VetCommunity.Tests.Authorisation;

/// <summary>What every answer must say to browsers, whatever was asked and whatever came of it.</summary>
static class StrictHeaders
{
    static readonly (string Name, string Value)[] Same =
    [
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ];

    static readonly string[] Policy = ["default-src", "object-src 'none'", "base-uri", "frame-ancestors 'none'", "form-action"];

    static readonly string[] MayAsk = ["/stage", "/devices"];

    static readonly string[] Devices = ["camera", "microphone", "display-capture"];

    static readonly string[] Talkative = ["Server", "X-Powered-By", "X-AspNet-Version", "X-SourceFiles"];

    /// <param name="answer">What came.</param>
    /// <param name="isVisitors">Whether nobody was logged in: what all visitors get alike may stay in their browsers, which ask whether it still holds.</param>
    public static void AssertOn(HttpResponseMessage answer, bool isVisitors = false)
    {
        var asked = $"{answer.RequestMessage!.Method} {answer.RequestMessage.RequestUri!.PathAndQuery} ({(int)answer.StatusCode})";
        foreach (var (name, value) in Same)
            Assert.True(Values(answer, name) is [var one] && one == value, $"{asked}: {name} is {string.Join(" and ", Values(answer, name))}");
        var policy = Values(answer, "Content-Security-Policy");
        // What people upload has a policy of its own, which lets nothing run.
        Assert.True(policy is [var said] && (said.Contains("sandbox", StringComparison.Ordinal) || Policy.All(part => said.Contains(part, StringComparison.Ordinal)))
            && !said.Contains("unsafe-eval", StringComparison.Ordinal) && !said.Contains("script-src 'unsafe-inline'", StringComparison.Ordinal), $"{asked}: {string.Join(" and ", policy)}");
        Assert.All(Talkative, name => Assert.True(Values(answer, name).Count == 0, $"{asked}: {name}"));
        var isPage = answer.Content.Headers.ContentType?.MediaType == "text/html";
        Assert.True(!isPage || Values(answer, "Cross-Origin-Opener-Policy") is ["same-origin"], $"{asked}: a page that may be held by another site's");
        // Two pages may ask for them; who is shown another page there, such as that of an absent session, is asked for nothing.
        var mayAsk = MayAsk.Any(end => answer.RequestMessage.RequestUri!.AbsolutePath is var path && path.StartsWith("/sessions/", StringComparison.Ordinal) && path.EndsWith(end, StringComparison.Ordinal));
        Assert.True(!isPage || Values(answer, "Permissions-Policy") is [var permissions]
            && Devices.All(device => permissions.Contains($"{device}=()", StringComparison.Ordinal) || (mayAsk && permissions.Contains($"{device}=self", StringComparison.Ordinal))), $"{asked}: Permissions-Policy is {string.Join(" and ", Values(answer, "Permissions-Policy"))}");
        if (answer.Headers.Location is { } there)
            Assert.True(!there.IsAbsoluteUri && there.OriginalString is ['/'] or ['/', not ('/' or '\\'), ..], $"{asked}: leads to {there}");
        if (answer.StatusCode == HttpStatusCode.OK && isPage)
            Assert.True(answer.Headers.CacheControl is { NoStore: true }
                || (isVisitors && answer.Headers is { ETag: not null, CacheControl: { Private: true, NoCache: true } } && answer.Headers.Vary.Contains("Cookie")), $"{asked}: a page that stays behind or is given to others");
    }

    static IReadOnlyList<string> Values(HttpResponseMessage answer, string name) => answer.Headers.TryGetValues(name, out var values) ? [.. values] : [];
}
