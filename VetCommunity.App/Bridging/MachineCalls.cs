using System.Net;
using System.Text.Json;
using VetCommunity.Core;

namespace VetCommunity.App.Bridging;

/// <summary>
/// Calls of the one translation service that is set up: it answers within ten seconds and with at most 256 KB, or a sentence says that it did not. It is followed nowhere
/// else, and no text is written to the log.
/// </summary>
sealed class MachineCalls(Uri address, ILogger<MachineCalls> log) : IDisposable
{
    const int LargestAnswer = 256 * 1024;
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    readonly HttpClient _client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        BaseAddress = address,
        Timeout = Longest,
        MaxResponseContentBufferSize = LargestAnswer,
    };

    /// <summary>What a part of the answer says.</summary>
    /// <exception cref="RefusedException"><see cref="Refusal.MachineUnavailable"/>; or <see cref="Refusal.MachineLacksPair"/> where it calls the question a bad one.</exception>
    public async Task<T> AskAsync<T>(HttpMethod method, string path, HttpContent? question, Func<JsonElement, T> read, CancellationToken cancel)
    {
        try
        {
            using var request = new HttpRequestMessage(method, path) { Content = question };
            using var answer = await _client.SendAsync(request, cancel);
            if (answer.StatusCode == HttpStatusCode.BadRequest)
                throw new RefusedException(Refusal.MachineLacksPair);
            answer.EnsureSuccessStatusCode();
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancel));
            return read(json.RootElement);
        }
        catch (Exception error) when (error is HttpRequestException or JsonException or InvalidOperationException or KeyNotFoundException
            || (error is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            log.LogWarning("The translation service at {Address} does not answer usefully: {Error}", _client.BaseAddress, error.Message);
            throw new RefusedException(Refusal.MachineUnavailable);
        }
    }

    public void Dispose() => _client.Dispose();
}
