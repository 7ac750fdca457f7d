namespace VetCommunity.App.Operation;

/// <summary>Says when a busy time has ended: much was allocated since memory was given back, and in the last round hardly anything.</summary>
sealed class Ebb
{
    // What a thousand open rooms need to say that they are still there, and some pages besides.
    const long Quiet = 16 << 20;
    // What a collection of all generations, a tenth of a second in which nobody is served, is worth.
    const long Much = 256 << 20;
    // Two minutes of rounds of five seconds: a server that always has a little to do is not stopped again and again.
    const int Rest = 24;
    long _before;
    long _gave;
    int _rounds = Rest;

    /// <summary>Whether it is the time to give back.</summary>
    /// <param name="allocated">Bytes that were allocated since the start of the program; never fewer than the last time.</param>
    public bool IsNow(long allocated)
    {
        var isQuiet = allocated - _before < Quiet;
        _before = allocated;
        _rounds++;
        return isQuiet && _rounds >= Rest && allocated - _gave >= Much;
    }

    /// <summary>It was given back.</summary>
    /// <param name="allocated">Bytes that were allocated since the start of the program.</param>
    public void Gave(long allocated) => (_before, _gave, _rounds) = (allocated, allocated, 0);
}
