namespace VetCommunity.App.Shell;

/// <summary>
/// What the framework would write down when an operator looks for an error and lets it write everything: addresses with codes and words of a search, what a hub
/// was called with. None of it is anybody's to read later.
/// </summary>
static class QuietLogs
{
    // The longest name of a category decides: these stay even where an operator sets Microsoft.AspNetCore to Trace.
    static readonly string[] Talkative = ["Microsoft.AspNetCore.Hosting.Diagnostics", "Microsoft.AspNetCore.Routing", "Microsoft.AspNetCore.Components.Routing"];

    public static void KeepSecretsOutOfLogs(this WebApplicationBuilder builder)
    {
        foreach (var category in Talkative)
            builder.Logging.AddFilter(category, LogLevel.Warning);
        // Tokens, and all that a provider says of somebody. What went wrong is said without them: see OpenIdSetUp.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Authentication.OpenIdConnect", LogLevel.None);
    }
}
