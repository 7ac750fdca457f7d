namespace VetCommunity.App.Live;

/// <summary>What a tool looks at again and again, until it is left.</summary>
static class Ticks
{
    public static async Task FollowAsync(TimeProvider clock, TimeSpan pause, Func<Task> look, CancellationToken left)
    {
        using var timer = new PeriodicTimer(pause, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(left))
                await look();
        }
        catch (OperationCanceledException)
        {
            // It was left.
        }
    }
}
