namespace VetCommunity.App.Shell;

/// <summary>The deeds of an island one after the other, in the order in which they were asked for: who presses "Close" and the next "Open" at once means both. For use on one dispatcher.</summary>
sealed class InOrder
{
    Task _last = Task.CompletedTask;

    /// <summary>Does something when all that was asked for before is done. One that fails, fails alone.</summary>
    public Task DoAsync(Func<Task> deed) => _last = AfterAsync(_last, deed);

    static async Task AfterAsync(Task former, Func<Task> deed)
    {
        await former.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await deed();
    }
}

/// <summary>What an island shows, read one time after the other: of two that are read at once the older one could come last and stay. For use on one dispatcher.</summary>
sealed class Reading(Func<Task> read)
{
    readonly InOrder _reads = new();
    long _asked;
    long _served;
    bool _isSoon;

    /// <summary>Answers when it has been read from now on; all who ask before a reading begins share it.</summary>
    public Task AgainAsync()
    {
        var asked = ++_asked;
        return _reads.DoAsync(async () =>
        {
            if (_served >= asked)
                return;
            var upTo = _asked;
            await read();
            _served = upTo;
        });
    }

    /// <summary>Reads when this time has passed, once for all who ask within it. False for those whom another one's reading serves, and where it ended before.</summary>
    public async Task<bool> SoonAsync(TimeSpan window, TimeProvider clock, CancellationToken end)
    {
        if (_isSoon)
            return false;
        _isSoon = true;
        try
        {
            await Task.Delay(window, clock, end);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        _isSoon = false;
        await AgainAsync();
        return true;
    }
}
