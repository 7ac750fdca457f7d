using System.Collections.Concurrent;
using VetCommunity.App.Conversations;
using VetCommunity.App.Shell;
using VetCommunity.Core;
using VetCommunity.Core.Live;

namespace VetCommunity.App.Live;

/// <summary>Who sits at the desk of which session in this process. The stage is watched by a connection, the desk is a circuit.</summary>
sealed class Desks(Watchers watchers)
{
    readonly ConcurrentDictionary<Guid, (int Room, int Member)> _open = new();

    /// <summary>From now until it is disposed of.</summary>
    public IDisposable Sit(int room, int member)
    {
        var key = Guid.NewGuid();
        _open[key] = (room, member);
        return new Seat(() => _open.TryRemove(key, out _));
    }

    /// <summary>The members that have the room of a session, its stage or its desk open.</summary>
    public IReadOnlySet<int> Present(int room) => watchers.Looking(room).Concat(_open.Values.Where(one => one.Room == room).Select(one => one.Member)).ToHashSet();

    sealed class Seat(Action leave) : IDisposable
    {
        public void Dispose() => leave();
    }
}

/// <summary>Looks who is in the sessions that are being held.</summary>
sealed class NotingAttendance(Attendance attendance, Desks desks, TimeProvider clock, ILogger<NotingAttendance> log) : Rounds(Attendance.Pause, clock, log)
{
    protected override Task GoAsync(CancellationToken cancel) => attendance.NoteAsync(Actor.Operator, desks.Present, cancel);
}
