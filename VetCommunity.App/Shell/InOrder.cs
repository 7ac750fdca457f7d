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
