using System.Collections.Concurrent;

namespace VetCommunity.App.Limiting;

/// <summary>How many of each there are at this moment.</summary>
sealed class Tally<TKey> where TKey : notnull
{
    readonly ConcurrentDictionary<TKey, int> _counts = new();

    public int Of(TKey key) => _counts.GetValueOrDefault(key);

    /// <summary>One more; answers with how many there are now.</summary>
    public int Add(TKey key) => _counts.AddOrUpdate(key, 1, (_, before) => before + 1);

    public void Remove(TKey key)
    {
        if (_counts.AddOrUpdate(key, 0, (_, before) => before - 1) == 0)
            _counts.TryRemove(new(key, 0));
    }
}
