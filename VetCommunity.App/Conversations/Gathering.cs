namespace VetCommunity.App.Conversations;

/// <summary>
/// What happens in a conversation, gathered: the first thing is dealt with at once, and what follows within the window together after it.
/// So the cost is of the time that passes and not of how much is said. What fails is tried again some times, with what came meanwhile: nobody misses a turn because the database was busy for a moment.
/// </summary>
sealed class Gathering<TThing>(TimeSpan window, Func<int, IReadOnlyList<TThing>, Task> deal, TimeProvider clock, ILogger log)
{
    const int Tries = 5;
    // A conversation stands here while it is dealt with; its list is what came meanwhile.
    readonly Dictionary<int, List<TThing>> _waiting = [];

    public void Add(int conversation, TThing thing)
    {
        lock (_waiting)
        {
            if (_waiting.TryGetValue(conversation, out var things))
            {
                things.Add(thing);
                return;
            }
            _waiting[conversation] = [];
        }
        _ = Task.Run(() => DealAsync(conversation, [thing]));
    }

    async Task DealAsync(int conversation, List<TThing> things)
    {
        var failed = 0;
        while (things.Count > 0)
        {
            var pause = window;
            try
            {
                await deal(conversation, things);
                failed = 0;
            }
            catch (Exception error)
            {
                log.LogWarning(error, "Members could not be told what is new; what is stored stays, and it is tried again");
                failed = failed < Tries ? failed + 1 : 0;
                pause = failed > 0 ? TimeSpan.FromSeconds(failed) : window;
            }
            await Task.Delay(pause, clock);
            lock (_waiting)
            {
                things = failed > 0 ? [.. things, .. _waiting[conversation]] : _waiting[conversation];
                if (things.Count > 0)
                    _waiting[conversation] = [];
                else
                    _waiting.Remove(conversation);
            }
        }
    }
}
