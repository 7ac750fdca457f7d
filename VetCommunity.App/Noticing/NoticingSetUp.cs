using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using VetCommunity.App.Members;
using VetCommunity.App.Shell;
using VetCommunity.Core.Noticing;

namespace VetCommunity.App.Noticing;

/// <summary>How members hear of what concerns them.</summary>
static class NoticingSetUp
{
    public static void AddNoticing(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(provider => StopCodesOf(provider.GetRequiredService<IDataProtectionProvider>()));
        services.AddSingleton<NoticeWriting>();
        services.AddSingleton<NoticeWishes>();
        services.AddSingleton<Notices>();
        services.AddSingleton<Digests>();
        services.AddHostedService<Bell>();
        services.AddSingleton<NoticeRing>();
        services.AddHostedService(provider => provider.GetRequiredService<NoticeRing>());
        services.AddSingleton<UnreadRing>();
        services.AddHostedService(provider => provider.GetRequiredService<UnreadRing>());
        services.AddHostedService<NoticeFollower>();
        services.AddHostedService<DigestDelivery>();
    }

    /// <summary>
    /// The address in each digest and in its head: a mail program posts to it without a cookie and without a login (RFC 8058). The code alone says whose mails stop, so a
    /// form token would protect nothing; a GET of the same address is a page and stops nothing.
    /// </summary>
    public static void MapNoticing(this WebApplication app) =>
        app.MapPost("/notices/stop", async (string? code, HttpContext http, CurrentActor who, NoticeWishes wishes, CancellationToken cancel) =>
        {
            var form = http.Request.HasFormContentType ? await http.Request.ReadFormAsync(cancel) : FormCollection.Empty;
            await wishes.StopAsync(who.Actor, code, stop: !form.ContainsKey("again"), cancel);
            return form.ContainsKey("page") ? Results.LocalRedirect(Addresses.Local("/notices/stop" + http.Request.QueryString)) : Results.Ok();
        }).DisableAntiforgery().WithOrder(-1);

    static StopCodes StopCodesOf(IDataProtectionProvider protection)
    {
        var protector = protection.CreateProtector("VetCommunity.Noticing.Stop");
        return new(protector.Protect, code =>
        {
            try
            {
                return protector.Unprotect(code);
            }
            catch (CryptographicException)
            {
                // Not ours, or of keys that are gone.
                return null;
            }
        });
    }
}
