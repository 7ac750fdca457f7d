using System.Collections.Concurrent;

namespace VetCommunity.App.Conversations;

/// <summary>Who is typing where: told, never stored, and forgotten six seconds after the last key.</summary>
sealed class Typists(TimeProvider clock)
{
    const int Named = 5;
    static readonly TimeSpan Lasting = TimeSpan.FromSeconds(6);
    readonly ConcurrentDictionary<string, Dictionary<string, (DateTimeOffset Began, DateTimeOffset Last)>> _typing = new(StringComparer.Ordinal);

    /// <summary>The member types: answers with five of those who do, the first first, and how many more there are.</summary>
    public (string[] Handles, int More) Types(string conversation, string handle)
    {
        var now = clock.GetUtcNow();
        var typing = _typing.GetOrAdd(conversation, _ => new(StringComparer.Ordinal));
        lock (typing)
        {
            foreach (var (other, (_, last)) in typing)
            {
                if (now - last > Lasting)
                    typing.Remove(other);
            }
            typing[handle] = (typing.TryGetValue(handle, out var before) ? before.Began : now, now);
            return ([.. typing.OrderBy(one => one.Value.Began).Take(Named).Select(one => one.Key)], Math.Max(0, typing.Count - Named));
        }
    }

    /// <summary>The member has sent what was typed.</summary>
    public void Sent(string conversation, string handle)
    {
        if (_typing.TryGetValue(conversation, out var typing))
        {
            lock (typing)
                typing.Remove(handle);
        }
    }
}
