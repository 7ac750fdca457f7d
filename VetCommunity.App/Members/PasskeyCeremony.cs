using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using VetCommunity.Core;
using VetCommunity.Core.Members;

namespace VetCommunity.App.Members;

/// <summary>What a passkey is asked for.</summary>
enum PasskeyUse
{
    LogIn,
    Prove,
    Add,
}

/// <summary>
/// Questions to passkeys and their answers. A question lies, sealed, in a cookie of the browser that asked, for the one use it was asked for and, but for a log-in, the one member in
/// the one session; that it is answered once is for <see cref="Passkeys"/> to see.
/// </summary>
sealed class PasskeyCeremony(IPasskeyHandler<Member> handler, UserManager<Member> members, IDataProtectionProvider keys)
{
    const string Cookie = "vet-passkey";

    readonly ITimeLimitedDataProtector _seal = keys.CreateProtector("VetCommunity.PasskeyQuestions").ToTimeLimitedDataProtector();

    /// <summary>Asks. Answers with what the browser's own dialogue wants to know.</summary>
    public async Task<string> AskAsync(HttpContext http, PasskeyUse use, Actor actor)
    {
        var (question, state) = use switch
        {
            PasskeyUse.Add => await ToAddAsync(http, await MemberAsync(actor)),
            PasskeyUse.Prove => await ToShowAsync(http, await MemberAsync(actor)),
            _ => await ToShowAsync(http, member: null),
        };
        var asked = JsonSerializer.Serialize(new Asked(use, actor.MemberId, MemberPrincipals.SessionOf(http.User), state));
        http.Response.Cookies.Append(Cookie, _seal.Protect(asked, Passkeys.Patience), new()
        {
            HttpOnly = true,
            Secure = http.Request.IsHttps,
            SameSite = SameSiteMode.Strict,
            IsEssential = true,
            MaxAge = Passkeys.Patience,
        });
        return question;
    }

    /// <summary>The passkey that a device has made for the actor, with the number of the question.</summary>
    /// <exception cref="RefusedException">It is no answer to what this browser was asked.</exception>
    public async Task<(UserPasskeyInfo Made, byte[] Question)> MadeAsync(HttpContext http, Actor actor, string? answer)
    {
        var asked = Take(http, PasskeyUse.Add, actor);
        var result = await handler.PerformAttestationAsync(new() { HttpContext = http, CredentialJson = answer ?? "", AttestationState = asked.State });
        return result.Succeeded && result.Passkey.IsUserVerified ? (result.Passkey, NumberOf(asked)) : throw new RefusedException(Refusal.PasskeyRefused);
    }

    /// <summary>The passkey that was shown.</summary>
    /// <exception cref="RefusedException">It is no answer to what this browser was asked, or the passkey is not known.</exception>
    public async Task<ShownPasskey> ShownAsync(HttpContext http, PasskeyUse use, Actor actor, string? answer)
    {
        var asked = Take(http, use, actor);
        var result = await handler.PerformAssertionAsync(new() { HttpContext = http, CredentialJson = answer ?? "", AssertionState = asked.State });
        return result.Succeeded
            ? new(result.User.Id, result.Passkey.CredentialId, result.Passkey.SignCount, result.Passkey.IsBackedUp, NumberOf(asked))
            : throw new RefusedException(Refusal.PasskeyRefused);
    }

    /// <summary>The number of a passkey as forms carry it.</summary>
    public static string NumberOf(Passkey passkey) => WebEncoders.Base64UrlEncode(passkey.CredentialId);

    /// <summary>The same back; empty where it is none.</summary>
    public static byte[] NumberIn(string? text)
    {
        try
        {
            return WebEncoders.Base64UrlDecode(text ?? "");
        }
        catch (FormatException)
        {
            return [];
        }
    }

    async Task<(string Question, string? State)> ToAddAsync(HttpContext http, Member member)
    {
        var made = await handler.MakeCreationOptionsAsync(
            new() { Id = member.Id.ToString(CultureInfo.InvariantCulture), Name = member.Email ?? member.Handle, DisplayName = member.DisplayName }, http);
        return (made.CreationOptionsJson, made.AttestationState);
    }

    async Task<(string Question, string? State)> ToShowAsync(HttpContext http, Member? member)
    {
        var made = await handler.MakeRequestOptionsAsync(member, http);
        return (made.RequestOptionsJson, made.AssertionState);
    }

    async Task<Member> MemberAsync(Actor actor) =>
        await members.FindByIdAsync(actor.MemberId.ToString(CultureInfo.InvariantCulture)) ?? throw new NotFoundException("account");

    Asked Take(HttpContext http, PasskeyUse use, Actor actor)
    {
        var held = http.Request.Cookies[Cookie];
        http.Response.Cookies.Delete(Cookie);
        Asked? asked = null;
        try
        {
            asked = held is null ? null : JsonSerializer.Deserialize<Asked>(_seal.Unprotect(held));
        }
        catch (CryptographicException)
        {
            // Too old, or not ours.
        }
        return asked is { State: not null } && asked.Use == use && asked.MemberId == actor.MemberId && asked.Session == MemberPrincipals.SessionOf(http.User)
            ? asked
            : throw new RefusedException(Refusal.PasskeyRefused);
    }

    static byte[] NumberOf(Asked asked) => SHA256.HashData(Encoding.UTF8.GetBytes(asked.State!));

    sealed record Asked(PasskeyUse Use, int MemberId, Guid? Session, string? State);
}
