using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using VetCommunity.Core.Members;

namespace VetCommunity.App.Members;

/// <summary>Logs a browser in and out: the row of its session, and the cookie that names it.</summary>
sealed class ThisBrowser(Sessions sessions)
{
    /// <summary>Lets somebody in who has just proved who they are.</summary>
    public async Task InAsync(HttpContext http, SignedIn signedIn, bool isRemembered = false)
    {
        if (MemberPrincipals.SessionOf(http.User) is { } former)
            await sessions.EndAsync(CurrentActor.Of(http.User), former, http.RequestAborted);
        var session = await sessions.BeginAsync(signedIn, http.Request.Headers.UserAgent, isRemembered, http.RequestAborted);
        await GiveAsync(http, new(signedIn, session));
    }

    /// <summary>Goes on in a new session after all others ended, as one that has shown a passkey, and is remembered, if it was so before.</summary>
    public Task GoOnAsync(HttpContext http, SignedIn signedIn) => GoOnAfterKeysAsync(http, signedIn with { ByPasskey = MemberPrincipals.IsByPasskey(http.User) });

    /// <summary>The same after passkeys were added or taken away: the change says whether one counts as shown.</summary>
    public async Task GoOnAfterKeysAsync(HttpContext http, SignedIn signedIn)
    {
        var before = await http.AuthenticateAsync(IdentityConstants.ApplicationScheme);
        await InAsync(http, signedIn, before.Properties?.IsPersistent ?? false);
    }

    /// <summary>The same session under a new key, because the member has just proved again who they are.</summary>
    public static Task ProvenAsync(HttpContext http, InSession there) => GiveAsync(http, there);

    public async Task OutAsync(HttpContext http)
    {
        if (MemberPrincipals.SessionOf(http.User) is { } session)
            await sessions.EndAsync(CurrentActor.Of(http.User), session, http.RequestAborted);
        await http.SignOutAsync(IdentityConstants.ApplicationScheme);
    }

    static Task GiveAsync(HttpContext http, InSession there) =>
        http.SignInAsync(IdentityConstants.ApplicationScheme, MemberPrincipals.Of(there), new() { IsPersistent = there.Session.IsRemembered });
}
