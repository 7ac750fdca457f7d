using System.Globalization;
using VetCommunity.Core;
using VetCommunity.Core.Texts;

namespace VetCommunity.App.Limiting;

/// <summary>What an answer says to programs when somebody has to wait: 429, or 503 where the server is what they wait for, and for how long. People read the sentence.</summary>
static class TooMuch
{
    // Nobody knows when another connection is closed.
    const int Soon = 10;
    // Whoever asks again at once, a thousand times a second, gets ten answers a second on each connection; who made one press too many does not notice.
    // Not all after the same time: those that were refused together would come back together.
    static TimeSpan Later => TimeSpan.FromMilliseconds(Random.Shared.Next(75, 125));

    static readonly object Waiting = new();

    /// <summary>Whether the answer waits when it begins.</summary>
    public static bool Waits(HttpContext http) => http.Items.ContainsKey(Waiting);

    /// <summary>For as long as a refusal waits before it leaves. Pages wait in their turn (<see cref="PageTurns"/>), everything else when its answer begins.</summary>
    public static Task LaterAsync(CancellationToken cancel) => Task.Delay(Later, cancel);

    /// <summary>Marks the answer, if this refusal is one of waiting; a page that has begun stays as it is.</summary>
    public static void Mark(HttpContext http, RefusedException refused)
    {
        if (Seconds(refused) is { } seconds)
            Mark(http, seconds, refused.Refusal == Refusal.TooBusy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status429TooManyRequests);
    }

    /// <summary>The sentence as a script reads it, with the status of a refusal of waiting, or with another one.</summary>
    public static IResult Answer(HttpContext http, RefusedException refused, int otherwise)
    {
        Mark(http, refused);
        return Results.Json(new { refusal = Sentences.For(refused, CultureInfo.CurrentUICulture) }, statusCode: refused.Refusal == Refusal.TooFast ? StatusCodes.Status429TooManyRequests : otherwise);
    }

    public static void Mark(HttpContext http, int seconds, int status = StatusCodes.Status429TooManyRequests)
    {
        if (http.Response.HasStarted)
            return;
        if (status == StatusCodes.Status429TooManyRequests && http.Response.Headers.RetryAfter.Count == 0 && !PageTurns.Make(http))
        {
            http.Items[Waiting] = true;
            // Whoever goes away meanwhile breaks off nothing that would be an error.
            http.Response.OnStarting(() => LaterAsync(CancellationToken.None));
        }
        http.Response.StatusCode = status;
        http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
    }

    static int? Seconds(RefusedException refused) => refused.Refusal switch
    {
        Refusal.TooFast or Refusal.SlowMode or Refusal.TooBusy => Convert.ToInt32(refused.Arguments[0], CultureInfo.InvariantCulture),
        Refusal.TooManyConnections => Soon,
        Refusal.TooManyTries or Refusal.LockedOut => 60 * Convert.ToInt32(refused.Arguments[0], CultureInfo.InvariantCulture),
        _ => null,
    };
}
