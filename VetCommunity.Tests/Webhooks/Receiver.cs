using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace VetCommunity.Tests.Webhooks;

/// <summary>A call as it came in, and the check that a receiver makes of it, written here from the text of Standard Webhooks alone.</summary>
sealed record ReceivedCall(string Id, string Timestamp, string Signature, string Body)
{
    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string Type => Json.GetProperty("type").GetString()!;

    public JsonElement Data => Json.GetProperty("data");

    public bool IsSignedWith(string secret) =>
        Signature == "v1," + Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(secret["whsec_".Length..]), Encoding.UTF8.GetBytes($"{Id}.{Timestamp}.{Body}")));
}

/// <summary>A program elsewhere that takes webhooks' calls.</summary>
sealed class Receiver : IAsyncDisposable
{
    readonly WebApplication _app;
    readonly Channel<ReceivedCall> _calls = Channel.CreateUnbounded<ReceivedCall>();

    Receiver(WebApplication app) => _app = app;

    /// <summary>On this machine.</summary>
    public Uri Address => new($"http://127.0.0.1:{Port}/hook");

    public int Port => new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    /// <summary>Opens one that answers as it is told, with 204 where nothing is said.</summary>
    public static async Task<Receiver> OpenAsync(Func<HttpContext, Task>? answer = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new Receiver(app);
        app.Run(async http =>
        {
            using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
            var call = new ReceivedCall(http.Request.Headers["webhook-id"].ToString(), http.Request.Headers["webhook-timestamp"].ToString(), http.Request.Headers["webhook-signature"].ToString(), await reader.ReadToEndAsync());
            receiver._calls.Writer.TryWrite(call);
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            if (answer is not null)
                await answer(http);
        });
        await app.StartAsync();
        return receiver;
    }

    /// <summary>The next call.</summary>
    public async Task<ReceivedCall> HearAsync() => await _calls.Reader.ReadAsync().AsTask().WaitAsync(Patience.Enough);

    /// <summary>Whether nobody called besides those that were heard.</summary>
    public bool HeardAll => _calls.Reader.Count == 0;

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        try
        {
            await _app.StopAsync(now.Token);
        }
        catch (OperationCanceledException)
        {
            // Calls that hang on purpose end with it.
        }
        await _app.DisposeAsync();
    }
}
