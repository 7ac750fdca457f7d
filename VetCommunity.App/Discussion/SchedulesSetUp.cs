using VetCommunity.Core.Discussion;

namespace VetCommunity.App.Discussion;

/// <summary>Messages that are sent later.</summary>
static class SchedulesSetUp
{
    public static void AddSchedules(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<ScheduledMessages>();
        builder.Services.AddSingleton<ScheduledSending>();
        builder.Services.AddHostedService<SendingScheduled>();
    }
}
