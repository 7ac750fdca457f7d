using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using VetCommunity.Core;
using VetCommunity.Core.Members;

namespace VetCommunity.App.Members;

/// <summary>On a page: only for who gave the password, and the code where there is one, a short while ago. Everybody else proves it first and comes back.</summary>
[AttributeUsage(AttributeTargets.Class)]
sealed class AsksProofAttribute : Attribute
{
    /// <summary>The one form of the page that asks; null means the page itself and all of its forms.</summary>
    public string? Form { get; init; }

    /// <summary>The fields in which stands again what was typed, where the proof grew old while it was: nothing that opens an account.</summary>
    public string[] Keeps { get; init; } = [];
}

/// <summary>Whether somebody has proved a short while ago who they are.</summary>
sealed class Proofs(SessionRule rule, TimeProvider clock, IDataProtectionProvider protection)
{
    const string Page = "/Account/Reconfirm";

    // Sealed, and opened by its member alone: addresses are kept in logs and in the history of browsers.
    const string Typed = "typed";
    const int LongestKept = 300;

    public bool IsFresh(HttpContext http) => MemberPrincipals.ProvenAt(http.User) is { } at && rule.IsFresh(at, clock.GetUtcNow());

    /// <summary>Where it is proved, with the way back.</summary>
    public static string AddressFor(string back) => $"{Page}?returnUrl={Uri.EscapeDataString(back)}";

    /// <summary>Stands before the page and before what its forms do: no handler can forget to ask.</summary>
    public async Task AskAsync(HttpContext http, RequestDelegate next)
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<AsksProofAttribute>() is { } asks && MemberPrincipals.SessionOf(http.User) is not null
            && !IsFresh(http) && await IsMeantAsync(asks, http.Request))
            http.Response.Redirect(AddressFor(http.Request.Path + await WithTypedAsync(http, asks)));
        else
            await next(http);
    }

    static async Task<bool> IsMeantAsync(AsksProofAttribute asks, HttpRequest request) => asks.Form is null
        || (request.HasFormContentType && (await request.ReadFormAsync(request.HttpContext.RequestAborted))["_handler"].Contains(asks.Form));

    /// <summary>What was typed in a field before the proof was asked for; null where nothing was, or somebody else typed it.</summary>
    public string? TypedIn(HttpContext http, string field)
    {
        if (http.Request.Query[Typed].ToString() is not { Length: > 0 } kept || CurrentActor.Of(http.User) is not { IsMember: true } actor)
            return null;
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(SealOf(actor).Unprotect(kept))?.GetValueOrDefault(field);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    async Task<QueryString> WithTypedAsync(HttpContext http, AsksProofAttribute asks)
    {
        var request = http.Request;
        if (!request.HasFormContentType || CurrentActor.Of(http.User) is not { IsMember: true } actor)
            return request.QueryString;
        var form = await request.ReadFormAsync(http.RequestAborted);
        var typed = asks.Keeps.Where(field => form[field].ToString() is { Length: > 0 and <= LongestKept }).ToDictionary(field => field, field => form[field].ToString(), StringComparer.Ordinal);
        var query = QueryString.Create(request.Query.Where(one => one.Key != Typed));
        return typed.Count == 0 ? query : query.Add(Typed, SealOf(actor).Protect(JsonSerializer.Serialize(typed)));
    }

    IDataProtector SealOf(Actor actor) => protection.CreateProtector("VetCommunity.Typed", actor.MemberId.ToString(CultureInfo.InvariantCulture));
}
