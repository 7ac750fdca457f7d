namespace VetCommunity.App.Conversations;

/// <summary>Who is typing where: told, never stored, and forgotten six seconds after the last key.</summary>
sealed class Typists(TimeProvider clock)
{
    const int Named = 5;
    static readonly TimeSpan Lasting = TimeSpan.FromSeconds(6);
    readonly Lock _lock = new();
    readonly Dictionary<int, Dictionary<string, (DateTimeOffset Began, DateTimeOffset Last)>> _typing = [];

    /// <summary>The member types: answers with five of those who do, the first first, and how many more there are.</summary>
    public (string[] Handles, int More) Types(int conversation, string handle)
    {
        var now = clock.GetUtcNow();
        lock (_lock)
        {
            Forget(now);
            if (!_typing.TryGetValue(conversation, out var typing))
                _typing[conversation] = typing = new(StringComparer.Ordinal);
            typing[handle] = (typing.TryGetValue(handle, out var before) ? before.Began : now, now);
            return ([.. typing.OrderBy(one => one.Value.Began).Take(Named).Select(one => one.Key)], Math.Max(0, typing.Count - Named));
        }
    }

    /// <summary>The member has sent what was typed.</summary>
    public void Sent(int conversation, string handle)
    {
        lock (_lock)
        {
            if (_typing.TryGetValue(conversation, out var typing))
                typing.Remove(handle);
        }
    }

    // In every conversation: where nobody types again, nobody else would come by.
    void Forget(DateTimeOffset now)
    {
        foreach (var (conversation, typing) in _typing)
        {
            foreach (var (handle, (_, last)) in typing)
            {
                if (now - last > Lasting)
                    typing.Remove(handle);
            }
            if (typing.Count == 0)
                _typing.Remove(conversation);
        }
    }
}
