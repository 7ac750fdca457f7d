using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using VetCommunity.Core.Webhooks;

namespace VetCommunity.App.Webhooks;

/// <summary>
/// Calls targets that somebody else named: not for longer than 10 seconds, without following them elsewhere, without reading more than a little of what
/// they say, and only at addresses that <see cref="TargetAddress"/> lets be called. The address is judged and connected to in one go, so that a name that
/// leads somewhere else a moment later leads nowhere.
/// </summary>
sealed class TargetCalls : IDisposable
{
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    const int MostRead = 16 * 1024;
    static readonly ProductInfoHeaderValue Agent = new("VetCommunity-Webhooks", "1");
    readonly TargetAddress _addresses;
    readonly Seal _seal;
    readonly TimeProvider _clock;
    readonly HttpMessageInvoker _http;

    public TargetCalls(TargetAddress addresses, Seal seal, TimeProvider clock)
    {
        (_addresses, _seal, _clock) = (addresses, seal, clock);
        _http = new(new SocketsHttpHandler
        {
            ConnectCallback = ConnectAsync,
            ConnectTimeout = Longest,
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            Credentials = null,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = null,
            MaxResponseHeadersLength = MostRead / 1024,
            MaxResponseDrainSize = MostRead,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        });
    }

    public async Task<CallResult> CallAsync(DueDelivery due, CancellationToken cancel)
    {
        if (_seal.Open(due.SealedSecret) is not { } secret)
            return new(CallFailure.SecretLost, null, TimeSpan.Zero);
        var begun = _clock.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Longest);
        try
        {
            using var request = RequestOf(due, secret);
            using var answer = await _http.SendAsync(request, limit.Token);
            var status = (int)answer.StatusCode;
            return status switch
            {
                // What it has to say to a success interests nobody.
                >= 200 and < 300 => new(CallFailure.None, status, Took()),
                >= 300 and < 400 => new(CallFailure.SentOn, status, Took()),
                _ => new(status == StatusCodes.Status410Gone ? CallFailure.Gone : CallFailure.Answer, status, Took(), await BeginningAsync(answer, limit.Token)),
            };
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new(CallFailure.TooSlow, null, Took());
        }
        catch (HttpRequestException error)
        {
            return new(FailureOf(error), null, Took());
        }

        TimeSpan Took() => _clock.GetElapsedTime(begun);
    }

    public void Dispose() => _http.Dispose();

    HttpRequestMessage RequestOf(DueDelivery due, string secret)
    {
        var (body, now) = (OutgoingBody.Of(due), _clock.GetUtcNow());
        var request = new HttpRequestMessage(HttpMethod.Post, due.Target) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json");
        request.Headers.UserAgent.Add(new(Agent.Product!));
        request.Headers.Add("webhook-id", due.MessageId);
        request.Headers.Add("webhook-timestamp", Signatures.SecondsOf(now));
        request.Headers.Add("webhook-signature", Signatures.Of(secret, due.MessageId, now, body));
        return request;
    }

    async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var host = context.DnsEndPoint.Host;
        var found = IPAddress.TryParse(host, out var literal) ? [literal] : await Dns.GetHostAddressesAsync(host, cancel);
        var allowed = _addresses.MayCall(host, found).ToArray();
        if (allowed.Length == 0)
            throw new NotCalledException();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    static CallFailure FailureOf(HttpRequestException error) => error switch
    {
        { InnerException: NotCalledException } => CallFailure.NotCalled,
        { HttpRequestError: HttpRequestError.NameResolutionError } => CallFailure.NoSuchHost,
        { HttpRequestError: HttpRequestError.SecureConnectionError } => CallFailure.NotSecure,
        { HttpRequestError: HttpRequestError.ConnectionError } => CallFailure.Unreachable,
        _ => CallFailure.BrokenOff,
    };

    static async Task<string?> BeginningAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        var bytes = new byte[MostRead];
        var length = 0;
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(cancel);
            for (int read; length < bytes.Length && (read = await body.ReadAsync(bytes.AsMemory(length), cancel)) > 0; length += read)
            {
            }
        }
        catch (Exception error) when (error is IOException or HttpRequestException or OperationCanceledException)
        {
            // Its status is known; of what it said, as much as came.
        }
        return length == 0 ? null : Encoding.UTF8.GetString(bytes, 0, length);
    }

    sealed class NotCalledException() : IOException("This host lies in a network that is not called from here.");
}
