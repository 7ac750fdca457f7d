using Microsoft.AspNetCore.SignalR;

namespace VetCommunity.Bench;

/// <summary>The floor: SignalR and nothing else. Whoever says something in a room is heard by all in it.</summary>
sealed class BareHub : Hub
{
    public const string Ready = "The bare hub listens";

    public Task Open(string room) => Groups.AddToGroupAsync(Context.ConnectionId, room);

    public Task Say(string room, string text) => Clients.Group(room).SendAsync("Said", text);

    public static async Task<int> RunAsync(string url)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(url);
        builder.Services.AddSignalR();
        await using var app = builder.Build();
        app.MapHub<BareHub>("/hub");
        await app.StartAsync();
        Console.WriteLine(Ready);
        await app.WaitForShutdownAsync();
        return 0;
    }
}
