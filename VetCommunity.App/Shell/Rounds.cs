using VetCommunity.Core.Watching;

namespace VetCommunity.App.Shell;

/// <summary>Does the same a moment after the start and after each pause. What fails once is told in the log, and done again in the next round.</summary>
abstract class Rounds(TimeSpan pause, TimeProvider clock, ILogger log) : BackgroundService
{
    // Who waits for the first page waits for no round: all of them together take as long as the page.
    static readonly TimeSpan Moment = TimeSpan.FromSeconds(3);

    /// <summary>One round.</summary>
    protected abstract Task GoAsync(CancellationToken cancel);

    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Measures.Failed(GetType().Name, times: 0);
        await Task.Delay(Moment, clock, stoppingToken);
        using var timer = new PeriodicTimer(pause, clock);
        do
        {
            try
            {
                await GoAsync(stoppingToken);
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                Measures.Failed(GetType().Name);
                log.LogWarning(error, "{Work} failed; the next attempt is in {Pause}", GetType().Name, pause);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
