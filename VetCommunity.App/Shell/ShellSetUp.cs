namespace VetCommunity.App.Shell;

/// <summary>The frame of every page: languages, headers, assets, health.</summary>
static class ShellSetUp
{
    public static void AddShell(this WebApplicationBuilder builder) => builder.Services.AddRazorComponents().AddInteractiveServerComponents();
    public static void UseShell(this WebApplication app) { }
    public static void MapShell(this WebApplication app) => app.MapStaticAssets();
}
