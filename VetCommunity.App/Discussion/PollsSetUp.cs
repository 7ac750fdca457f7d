using VetCommunity.Core.Discussion;

namespace VetCommunity.App.Discussion;

/// <summary>Polls in rooms.</summary>
static class PollsSetUp
{
    public static void AddPolls(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Polls>();
        builder.Services.AddHostedService<EndingPolls>();
    }
}
