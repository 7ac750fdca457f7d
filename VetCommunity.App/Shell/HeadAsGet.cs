namespace VetCommunity.App.Shell;

/// <summary>
/// Who asks for the head of an answer gets that of the answer: monitors and link checkers do, and pages and most endpoints know GET alone. The server still sends no body, because it
/// remembers what was asked.
/// </summary>
sealed class HeadAsGet : IStartupFilter
{
    static readonly object Head = new();

    /// <summary>Whether the head alone was asked for.</summary>
    public static bool IsHead(HttpContext http) => http.Items.ContainsKey(Head);

    // Before the endpoint is looked for, which nothing in the pipeline of a WebApplication comes before.
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((http, onwards) =>
        {
            if (HttpMethods.IsHead(http.Request.Method))
            {
                http.Request.Method = HttpMethods.Get;
                http.Items[Head] = true;
            }
            return onwards(http);
        });
        next(app);
    };
}
