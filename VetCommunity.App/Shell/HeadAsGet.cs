namespace VetCommunity.App.Shell;

/// <summary>
/// Who asks for the head of an answer gets that of the answer: monitors and link checkers do, and pages and most endpoints know GET alone. The server still sends no body, because it
/// remembers what was asked.
/// </summary>
sealed class HeadAsGet : IStartupFilter
{
    // Before the endpoint is looked for, which nothing in the pipeline of a WebApplication comes before.
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((http, onwards) =>
        {
            if (HttpMethods.IsHead(http.Request.Method))
                http.Request.Method = HttpMethods.Get;
            return onwards(http);
        });
        next(app);
    };
}
