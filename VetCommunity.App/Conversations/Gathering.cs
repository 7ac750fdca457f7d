namespace VetCommunity.App.Conversations;

/// <summary>
/// What happens in a conversation, gathered: the first thing is dealt with at once, and what follows within the window together after it.
/// So the cost is of the time that passes and not of how much is said.
/// </summary>
sealed class Gathering<TThing>(TimeSpan window, Func<int, IReadOnlyList<TThing>, Task> deal, TimeProvider clock, ILogger log)
{
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
        while (things.Count > 0)
        {
            try
            {
                await deal(conversation, things);
            }
            catch (Exception error)
            {
                log.LogWarning(error, "Members could not be told what is new; what is stored stays, and the next message tries again");
            }
            await Task.Delay(window, clock);
            lock (_waiting)
            {
                things = _waiting[conversation];
                if (things.Count > 0)
                    _waiting[conversation] = [];
                else
                    _waiting.Remove(conversation);
            }
        }
    }
}
