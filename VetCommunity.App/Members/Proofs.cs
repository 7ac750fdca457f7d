using VetCommunity.Core.Members;

namespace VetCommunity.App.Members;

/// <summary>On a page: only for who gave the password, and the code where there is one, a short while ago. Everybody else proves it first and comes back.</summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class AsksProofAttribute : Attribute
{
    /// <summary>The one form of the page that asks; null means the page itself and all of its forms.</summary>
    public string? Form { get; init; }
}

/// <summary>Whether somebody has proved a short while ago who they are.</summary>
sealed class Proofs(SessionRule rule, TimeProvider clock)
{
    const string Page = "/Account/Reconfirm";

    public bool IsFresh(HttpContext http) => MemberPrincipals.ProvenAt(http.User) is { } at && rule.IsFresh(at, clock.GetUtcNow());

    /// <summary>Where it is proved, with the way back.</summary>
    public static string AddressFor(string back) => $"{Page}?returnUrl={Uri.EscapeDataString(back)}";

    /// <summary>Stands before the page and before what its forms do: no handler can forget to ask.</summary>
    public async Task AskAsync(HttpContext http, RequestDelegate next)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<AsksProofAttribute>() is { } asks && MemberPrincipals.SessionOf(http.User) is not null
            && !IsFresh(http) && await IsMeantAsync(asks, http.Request))
            http.Response.Redirect(AddressFor(http.Request.Path + http.Request.QueryString));
        else
            await next(http);
    }

    static async Task<bool> IsMeantAsync(AsksProofAttribute asks, HttpRequest request) => asks.Form is null
        || (request.HasFormContentType && (await request.ReadFormAsync(request.HttpContext.RequestAborted))["_handler"].Contains(asks.Form));
}
