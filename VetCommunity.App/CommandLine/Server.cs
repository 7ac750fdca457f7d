using VetCommunity.App.Api;
using VetCommunity.App.Bridging;
using VetCommunity.App.Conversations;
using VetCommunity.App.Discussion;
using VetCommunity.App.GoodPractice;
using VetCommunity.App.Limiting;
using VetCommunity.App.Live;
using VetCommunity.App.Mailing;
using VetCommunity.App.Members;
using VetCommunity.App.Moderation;
using VetCommunity.App.Noticing;
using VetCommunity.App.OfficeHours;
using VetCommunity.App.Operation;
using VetCommunity.App.Privacy;
using VetCommunity.App.Search;
using VetCommunity.App.SecondOrigin;
using VetCommunity.App.Shell;
using VetCommunity.App.Watching;
using VetCommunity.App.Webhooks;
using VetCommunity.Core.Data;

namespace VetCommunity.App.CommandLine;

/// <summary>The web server, put together of its features.</summary>
static class Server
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = typeof(Server).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        // Beside all that follows: it takes as long as the rest of a start, and of the settings it needs only this one.
        _ = CommunityDbFactory.WarmAsync(new Settings(builder.Configuration, builder.Environment).IsPostgres);
        builder.WebHost.UseStaticWebAssets();
        // Machines that stop a program kill it after ten seconds.
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(8));
        builder.AddCommunity();
        builder.AddLimiting();
        builder.AddSecondOrigin();
        builder.AddShell();
        builder.AddMailing();
        builder.AddMembers();
        builder.AddConversations();
        builder.AddNoticing();
        builder.AddTopics();
        builder.AddPolls();
        builder.AddPractices();
        builder.AddBridging();
        builder.AddSchedules();
        builder.AddSearch();
        builder.AddModeration();
        builder.AddOfficeHours();
        builder.AddLive();
        builder.AddApi();
        builder.AddAttachments();
        builder.AddWebhooks();
        builder.AddPrivacy();
        builder.AddOperation();
        builder.AddWatching();
        return builder.Build();
    }

    /// <summary>What it answers. Comes after the settings and the database were found good.</summary>
    public static void Map(WebApplication app)
    {
        app.UseLimiting();
        app.UseSecondOrigin();
        app.UseShell();
        app.UseApiProblems();
        app.UseMembers();
        app.MapShell();
        app.MapMembers();
        app.MapPictures();
        app.MapConversations();
        app.MapAttachments();
        app.MapRooms();
        app.MapTopics();
        app.MapPractices();
        app.MapModeration();
        app.MapOfficeHours();
        app.MapLive();
        app.MapNoticing();
        app.MapApi();
        app.MapPrivacy();
    }
}
