using System.Security.Cryptography;
using VetCommunity.Core;
using VetCommunity.Core.Live;

namespace VetCommunity.App.Live;

/// <summary>Somebody with sound and picture, as the others are told.</summary>
/// <param name="Peer">Names them in signals, and nowhere else.</param>
/// <param name="Handle">Who.</param>
/// <param name="Name">As the server knows them.</param>
/// <param name="Leads">Whether they lead the session.</param>
/// <param name="Microphone">Whether they can be heard.</param>
/// <param name="Camera">Whether they can be seen.</param>
/// <param name="Screen">Whether they show their screen instead.</param>
/// <param name="Pictures">Whether they want the pictures of the others.</param>
/// <param name="Away">Whether their line is lost, for a moment.</param>
sealed record MeshPeer(string Peer, string Handle, string Name, bool Leads, bool Microphone, bool Camera, bool Screen, bool Pictures, bool Away);

/// <summary>Who has sound and picture in one session: at most <see cref="SoundAndPicture.MostPeople"/>, in memory alone. A version counts what changes, so that an older list never replaces a newer one.</summary>
sealed class Mesh(string slug, int session, int conversation)
{
    readonly Lock _lock = new();
    readonly List<Place> _places = [];
    readonly Dictionary<int, DateTimeOffset> _removed = [];
    long _version;

    /// <summary>The address part of the session.</summary>
    public string Slug => slug;
    public int Session => session;
    public int Conversation => conversation;

    /// <summary>Comes in, or comes back to the place that one had. Another window of the same member loses its place: answers with its connection.</summary>
    /// <exception cref="RefusedException">All places are taken, the member was taken out, or came back and is elsewhere by now.</exception>
    public (string Peer, string? Before) Join(MediaPerson person, int member, string connection, string? resumed, DateTimeOffset now)
    {
        lock (_lock)
        {
            foreach (var gone in _removed.Where(one => one.Value <= now).Select(one => one.Key).ToList())
                _removed.Remove(gone);
            if (_removed.TryGetValue(member, out var until))
                throw new RefusedException(Refusal.SoundAndPictureRemoved, (int)Math.Ceiling((until - now).TotalMinutes));
            var mine = _places.Find(one => one.Member == member);
            string? before = null;
            if (mine is not null && mine.Told.Peer == resumed)
            {
                (mine.Connection, mine.AwaySince) = (connection, null);
                mine.Told = mine.Told with { Name = person.Name, Leads = person.Leads, Away = false };
            }
            else
            {
                // Whoever is only looking for the lost line does not take the place of the window that was chosen since.
                if (mine is not null && resumed is not null)
                    throw new RefusedException(Refusal.SoundAndPictureElsewhere);
                if (mine is null && _places.Count >= SoundAndPicture.MostPeople)
                    throw new RefusedException(Refusal.SoundAndPictureFull, SoundAndPicture.MostPeople);
                if (mine is not null)
                {
                    before = mine.Connection;
                    _places.Remove(mine);
                }
                _places.Add(mine = new(member, connection, new(RandomNumberGenerator.GetHexString(16, lowercase: true), person.Handle, person.Name, person.Leads, false, false, false, true, false)));
            }
            _version++;
            return (mine.Told.Peer, before);
        }
    }

    /// <summary>The connection of another one, for a signal of whoever has this connection.</summary>
    /// <exception cref="NotFoundException">One of the two is not here, or both are the same.</exception>
    public (string From, string Connection) Way(string connection, string? to)
    {
        lock (_lock)
        {
            var from = Of(connection);
            var there = _places.Find(one => one.Told.Peer == to);
            return there is null || there == from || there.AwaySince is not null ? throw new NotFoundException("peer") : (from.Told.Peer, there.Connection);
        }
    }

    /// <summary>What the others are to be told of whoever has this connection.</summary>
    /// <exception cref="NotFoundException">They are not here.</exception>
    public void Set(string connection, bool microphone, bool camera, bool screen, bool pictures)
    {
        lock (_lock)
        {
            var place = Of(connection);
            place.Told = place.Told with { Microphone = microphone, Camera = camera, Screen = screen, Pictures = pictures };
            _version++;
        }
    }

    /// <summary>Nobody plays what this one says until they switch their microphone on again. Answers with their connection.</summary>
    /// <exception cref="NotFoundException">They are not here.</exception>
    public string Mute(string? peer)
    {
        lock (_lock)
        {
            var place = _places.Find(one => one.Told.Peer == peer) ?? throw new NotFoundException("peer");
            place.Told = place.Told with { Microphone = false };
            _version++;
            return place.Connection;
        }
    }

    /// <summary>Takes somebody out, who may not come back before a time. Answers with their connection.</summary>
    /// <exception cref="NotFoundException">They are not here.</exception>
    public string Remove(string? peer, DateTimeOffset until)
    {
        lock (_lock)
        {
            var place = _places.Find(one => one.Told.Peer == peer) ?? throw new NotFoundException("peer");
            _removed[place.Member] = until;
            Go(place);
            return place.Connection;
        }
    }

    /// <summary>Whoever has this connection leaves.</summary>
    public bool Leave(string connection)
    {
        lock (_lock)
            return _places.Find(one => one.Connection == connection) is { } place && Go(place);
    }

    /// <summary>The line of a connection is lost; its place is kept for a while. Answers with the place's name.</summary>
    public string? Lose(string connection, DateTimeOffset now)
    {
        lock (_lock)
        {
            if (_places.Find(one => one.Connection == connection) is not { } place)
                return null;
            (place.AwaySince, place.Told) = (now, place.Told with { Away = true });
            _version++;
            return place.Told.Peer;
        }
    }

    /// <summary>Gives up the place of whoever has not come back since.</summary>
    public bool GiveUp(string peer, DateTimeOffset since)
    {
        lock (_lock)
            return _places.Find(one => one.Told.Peer == peer && one.AwaySince == since) is { } place && Go(place);
    }

    /// <summary>The member leaves. Answers with the connection.</summary>
    public string? LeaveMember(int member)
    {
        lock (_lock)
            return _places.Find(one => one.Member == member) is { } place && Go(place) ? place.Connection : null;
    }

    /// <summary>Everybody leaves. Answers with the connections.</summary>
    public IReadOnlyList<string> Dissolve()
    {
        lock (_lock)
        {
            List<string> connections = [.. Connections()];
            _places.Clear();
            _version++;
            return connections;
        }
    }

    /// <summary>Who is here, and whom to tell.</summary>
    public (long Version, IReadOnlyList<MeshPeer> Peers, IReadOnlyList<string> Connections) Now()
    {
        lock (_lock)
            return (_version, [.. _places.Select(one => one.Told)], [.. Connections()]);
    }

    /// <summary>Whether nothing of it has to be remembered.</summary>
    public bool IsOver(DateTimeOffset now)
    {
        lock (_lock)
            return _places.Count == 0 && !_removed.Any(one => one.Value > now);
    }

    IEnumerable<string> Connections() => _places.Where(one => one.AwaySince is null).Select(one => one.Connection);

    Place Of(string connection) => _places.Find(one => one.Connection == connection && one.AwaySince is null) ?? throw new NotFoundException("peer");

    bool Go(Place place)
    {
        _version++;
        return _places.Remove(place);
    }

    sealed class Place(int member, string connection, MeshPeer told)
    {
        public int Member => member;
        public string Connection { get; set; } = connection;
        public MeshPeer Told { get; set; } = told;
        public DateTimeOffset? AwaySince { get; set; }
    }
}
