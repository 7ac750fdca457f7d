namespace VetCommunity.App.Members;

/// <summary>Locks addresses without an account as the others are locked: the answer to wrong passwords must not tell which have one.</summary>
sealed class StrangersLockOut(TimeProvider clock)
{
    public const int Attempts = 5;
    public static readonly TimeSpan Time = TimeSpan.FromMinutes(15);

    const int Kept = 10_000;
    readonly Dictionary<string, (int Failed, DateTimeOffset At, DateTimeOffset? Until)> _strangers = new(StringComparer.Ordinal);

    /// <summary>Until when the address is locked; null when it may try.</summary>
    public DateTimeOffset? LockedUntil(string email)
    {
        lock (_strangers)
            return _strangers.TryGetValue(KeyOf(email), out var one) && one.Until > clock.GetUtcNow() ? one.Until : null;
    }

    /// <summary>Counts a wrong attempt. Answers until when the address is locked now; null when it may go on.</summary>
    public DateTimeOffset? Failed(string email)
    {
        var who = KeyOf(email);
        var now = clock.GetUtcNow();
        lock (_strangers)
        {
            var failed = _strangers.TryGetValue(who, out var before) && before.Failed < Attempts ? before.Failed + 1 : 1;
            DateTimeOffset? until = failed == Attempts ? now + Time : null;
            _strangers[who] = (failed, now, until);
            if (_strangers.Count > Kept)
            {
                foreach (var old in _strangers.OrderBy(one => one.Value.At).Take(Kept / 10).Select(one => one.Key).ToList())
                    _strangers.Remove(old);
            }
            return until;
        }
    }

    static string KeyOf(string email) => email.Length <= 254 ? email.ToUpperInvariant() : "";
}
