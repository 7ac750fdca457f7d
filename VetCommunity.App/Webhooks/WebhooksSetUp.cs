using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using VetCommunity.Core.Webhooks;

namespace VetCommunity.App.Webhooks;

/// <summary>Programs elsewhere that post into rooms and hear of them.</summary>
static class WebhooksSetUp
{
    public static void AddWebhooks(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(provider => SealOf(provider.GetRequiredService<IDataProtectionProvider>().CreateProtector("VetCommunity.Webhooks")));
        services.AddSingleton(_ => new TargetAddress(
            (builder.Configuration["Webhooks:AllowedPrivateHosts"] ?? "").Split([',', ';', ' '], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)));
        services.AddSingleton<IncomingWebhooks>();
        services.AddSingleton<IncomingLimit>();
        services.AddSingleton<OutgoingWebhooks>();
        services.AddSingleton<DeliveryQueue>();
        services.AddSingleton<TargetCalls>();
        services.AddSingleton<AskedAttempts>();
        services.AddHostedService<WebhookRounds>();
    }

    /// <summary>A seal with the keys of the data folder.</summary>
    internal static Seal SealOf(IDataProtector protector) => new(protector.Protect, stored =>
    {
        try
        {
            return protector.Unprotect(stored);
        }
        catch (CryptographicException)
        {
            // The key went with the data folder it lay in.
            return null;
        }
    });
}
