namespace VetCommunity.App.Operation;

/// <summary>Says when a busy time has ended: much was allocated since memory was given back, and in the last two rounds hardly anything.</summary>
sealed class Ebb
{
    // What a thousand open rooms need to say that they are still there, and some pages besides.
    const long Quiet = 16 << 20;
    // What a collection of all generations, a tenth of a second in which nobody is served, is worth.
    const long Much = 64 << 20;
    // Ten seconds: between two waves of work nothing is given back that the second one would fetch again.
    const int QuietRounds = 2;
    // Twenty seconds: a server that has something to do every now and then is stopped for less than a hundredth of its time.
    const int Rest = 4;
    // What a thousand idle lines need in four seconds: a look through so little takes a thousandth of a second.
    const long Little = 4 << 20;
    long _before;
    long _gave;
    long _swept;
    bool _wasBusy;
    int _quiet;
    int _rounds = Rest;

    /// <summary>Whether it is the time to give back.</summary>
    /// <param name="allocated">Bytes that were allocated since the start of the program; never fewer than the last time.</param>
    public bool IsNow(long allocated)
    {
        _quiet = allocated - _before < Quiet ? _quiet + 1 : 0;
        _wasBusy |= _quiet == 0;
        _before = allocated;
        _rounds++;
        return _wasBusy && _quiet >= QuietRounds && _rounds >= Rest && allocated - _gave >= Much;
    }

    /// <summary>Whether it stays quiet, and something has come together since it was last looked through.</summary>
    /// <param name="allocated">Bytes that were allocated since the start of the program, as it was said to <see cref="IsNow"/>.</param>
    public bool IsStill(long allocated)
    {
        if (_quiet < QuietRounds || allocated - _swept < Little)
            return false;
        _swept = allocated;
        return true;
    }

    /// <summary>It was given back.</summary>
    /// <param name="allocated">Bytes that were allocated since the start of the program.</param>
    public void Gave(long allocated) => (_before, _gave, _swept, _rounds, _wasBusy) = (allocated, allocated, allocated, 0, false);
}
