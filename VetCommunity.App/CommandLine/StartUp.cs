using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;

namespace VetCommunity.App.CommandLine;

/// <summary>What both the server and the verbs need: the database and the community's classes; and how the server starts.</summary>
static class StartUp
{
    public static void AddCommunity(this IHostApplicationBuilder builder)
    {
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(_ => CommunityDbFactory.Sqlite(CommunityDbFactory.SqliteFile("community.db")));
        builder.Services.AddSingleton<Feed>();
        builder.Services.AddSingleton<MessageLog>();
        builder.Services.AddSingleton<AllConversations>();
    }

    public static Task<bool> PrepareAsync(this WebApplication app) => Task.FromResult(true);

    public static async Task<int> ListenAsync(this WebApplication app)
    {
        await app.RunAsync();
        return 0;
    }
}
