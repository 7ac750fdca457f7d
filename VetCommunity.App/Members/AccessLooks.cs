namespace VetCommunity.App.Members;

/// <summary>Says when open connections are to be looked through: when somebody wrote, when one has come, when the last look failed, and every now and then for what ends at its time.</summary>
sealed class AccessLooks
{
    /// <summary>So many times without any reason, and the next one is a look all the same: ten seconds.</summary>
    public const int Idle = 4;
    // Nobody has looked yet.
    volatile bool _isDue = true;
    int _passed;

    /// <summary>The next time is a look.</summary>
    public void Demand() => _isDue = true;

    /// <summary>Whether to look now; who is told so looks, or demands it anew.</summary>
    /// <param name="isChanged">Whether anything was written since the last time.</param>
    public bool IsNow(bool isChanged)
    {
        if (!isChanged && !_isDue && _passed++ < Idle)
            return false;
        _passed = 0;
        // What is demanded from now on may come too late for this look.
        _isDue = false;
        return true;
    }
}
