using VetCommunity.Core.Noticing;

namespace VetCommunity.App.Noticing;

/// <summary>How members hear of what concerns them.</summary>
static class NoticingSetUp
{
    public static void AddNoticing(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Calls>();
        builder.Services.AddHostedService<Bell>();
        builder.Services.AddSingleton<UnreadRing>();
        builder.Services.AddHostedService(services => services.GetRequiredService<UnreadRing>());
    }
}
