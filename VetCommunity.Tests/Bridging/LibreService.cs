using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using VetCommunity.App.Bridging;

namespace VetCommunity.Tests.Bridging;

/// <summary>A service that speaks like LibreTranslate and remembers what it was asked.</summary>
sealed class LibreService : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly List<JsonElement> _asked = [];

    LibreService(WebApplication app) => _app = app;

    public IReadOnlyList<JsonElement> Asked => _asked;

    public Uri Address => new(_app.Urls.First() + "/");

    public LibreTranslateSuggestions Machine(string? key) => new(new(Address, NullLogger<MachineCalls>.Instance), key);

    public static async Task<LibreService> StartAsync(Func<JsonElement, IResult> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var service = new LibreService(app);
        app.MapPost("/translate", async (HttpContext http) =>
        {
            using var asked = await JsonDocument.ParseAsync(http.Request.Body);
            service._asked.Add(asked.RootElement.Clone());
            return answer(asked.RootElement);
        });
        await app.StartAsync();
        return service;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
