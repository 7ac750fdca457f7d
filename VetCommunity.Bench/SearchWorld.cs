using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Search;

namespace VetCommunity.Bench;

/// <summary>300 rooms full of messages: words of six languages as often as words are (the second half as often as the first), over three years.</summary>
sealed class SearchWorld
{
    public const string Rare = "zwiebelfisch";
    public const string Medium = "prüfungsordnung";
    public const string Common = "werkstatt";
    public const string Second = "aprenentatge";
    public const string LongRoom = "room-1";
    public const string ShortRoom = "short";
    const int Rooms = 300;
    const int ReadersRooms = 200;
    const int Authors = 50;
    static readonly string[] Syllables = ["ma", "ler", "ta", "ung", "ció", "το", "λό", "γος", "ß", "er", "zi", "one", "bau", "tech", "nik", "for", "mà", "schu", "le", "πρά", "ξη", "wel", "d", "ing"];
    static readonly DateTimeOffset End = new(2026, 11, 1, 0, 0, 0, TimeSpan.Zero);
    static readonly TimeSpan Time = TimeSpan.FromDays(3 * 365);

    SearchWorld(CommunityDbFactory db, Actor reader) => (Db, Reader) = (db, reader);

    public CommunityDbFactory Db { get; }
    public Actor Reader { get; }
    public long LongRoomMessages { get; private set; }

    public static async Task<SearchWorld> FillAsync(CommunityDbFactory db, int count)
    {
        var bench = await BenchWorld.MakeAsync(db, Authors + 1);
        var world = new SearchWorld(db, bench.Actors[^1]);
        var places = await world.MakeRoomsAsync();
        await using var connection = await LogConnection.OpenAsync(db);
        var random = new Random(4711);
        var (words, rooms, authors) = (new Zipf(20_000, random), new Zipf(Rooms, random), new Zipf(Authors, random));
        var vocabulary = Enumerable.Range(0, 20_000).Select(_ => string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => Syllables[random.Next(Syllables.Length)]))).ToArray();
        await connection.BeginAsync();
        for (var i = 0; i < count; i++)
        {
            var place = i % (count / 100) == 0 ? places[^1] : places[rooms.Next()];
            var text = TextOf(i, count, () => vocabulary[words.Next()]);
            var at = End - Time + (Time * ((double)i / count));
            var id = SearchId.First(at);
            var author = bench.Actors[authors.Next()].MemberId;
            var indexed = IndexedText.Of(text);
            await connection.InsertMessageAsync(place.Place.Id, ++place.LastSeq, place.LastSeq, author, null, i.ToString(CultureInfo.InvariantCulture), place.Topic, text, text, at, null, id);
            await connection.IndexAsync(id, indexed, Marks.Of(place.Place, place.Topic, author, indexed.Has));
            if (i % 5_000 == 4_999)
            {
                await connection.CommitAsync();
                await connection.BeginAsync();
            }
        }
        await connection.CommitAsync();
        await world.CountAsync(places);
        // As PostgreSQL does by itself within minutes.
        await using (var context = db.CreateDbContext())
        {
            if (db.IsPostgres)
                await context.Database.ExecuteSqlRawAsync("ANALYZE");
        }
        // As the server does when it starts.
        await using var log = new MessageLog(db, new(NullLogger<Feed>.Instance), TimeProvider.System, NullLogger<MessageLog>.Instance);
        await new IndexMerging(db, log, TimeProvider.System).MergeIfWorthItAsync(Actor.Operator);
        return world;
    }

    /// <summary>More messages into the long room, until it has so many. They are not searched for.</summary>
    public async Task LengthenAsync(int until)
    {
        await using var connection = await LogConnection.OpenAsync(Db);
        await using var context = Db.CreateDbContext();
        var room = await context.Conversations.SingleAsync(one => one.Slug == LongRoom);
        await connection.BeginAsync();
        for (var seq = room.LastSeq + 1; seq <= until; seq++)
        {
            var key = seq.ToString(CultureInfo.InvariantCulture);
            await connection.InsertMessageAsync(room.Id, seq, seq, Reader.MemberId, null, "long " + key, room.DefaultTopicId!.Value, BenchWorld.Text, BenchWorld.Text, End, null, SearchId.First(End) + seq);
            if (seq % 5_000 == 0)
            {
                await connection.CommitAsync();
                await connection.BeginAsync();
            }
        }
        await connection.CommitAsync();
        (room.LastSeq, LongRoomMessages) = (until, until);
        await context.SaveChangesAsync();
    }

    static string TextOf(int number, int count, Func<string> word)
    {
        List<string> words = [.. Enumerable.Range(0, 20).Select(_ => word())];
        if (number % 2 == 0)
            words.InsertRange(7, number % 4 == 0 ? [Common, Second] : [Common, word(), Second]);
        if (number % 25 == 3)
            words.Insert(3, $"{Medium} https://example.org/{number.ToString(CultureInfo.InvariantCulture)}");
        if (number % (count / 10) == 5)
            words.Add(Rare);
        return string.Join(' ', words);
    }

    async Task<List<Room>> MakeRoomsAsync()
    {
        await using var context = Db.CreateDbContext();
        var rooms = Enumerable.Range(1, Rooms).Select(n => new Conversation
        {
            Kind = ConversationKind.Room,
            Slug = n == Rooms ? ShortRoom : FormattableString.Invariant($"room-{n}"),
            Title = FormattableString.Invariant($"Room {n}"),
            IsOpen = n % 10 == 9 ? 0 : 1,
            Language = Languages.All[(n + 1) % Languages.All.Count],
            CreatedAt = End - Time,
        }).ToList();
        context.AddRange(rooms);
        await context.SaveChangesAsync();
        var topics = rooms.ConvertAll(room => new Topic { ConversationId = room.Id, Name = "General", Folded = "general", Slug = "general", CreatedAt = End - Time });
        context.AddRange(topics);
        context.AddRange(rooms.Take(ReadersRooms).Select(room => new Membership { ConversationId = room.Id, MemberId = Reader.MemberId, Role = MembershipRole.Participant }));
        await context.SaveChangesAsync();
        foreach (var (room, topic) in rooms.Zip(topics))
            room.DefaultTopicId = topic.Id;
        await context.SaveChangesAsync();
        return [.. rooms.Zip(topics, (room, topic) => new Room(new(room.Id, room.Kind, room.IsOpen == 1, room.Language), topic.Id))];
    }

    async Task CountAsync(List<Room> rooms)
    {
        LongRoomMessages = rooms[0].LastSeq;
        await using var context = Db.CreateDbContext();
        foreach (var room in context.Conversations.ToList())
            (room.LastSeq, room.LastAt) = (rooms.Single(one => one.Place.Id == room.Id).LastSeq, End);
        await context.SaveChangesAsync();
    }

    sealed class Room(MessagePlace place, int topic)
    {
        public MessagePlace Place => place;
        public int Topic => topic;
        public long LastSeq { get; set; }
    }

    /// <summary>Numbers from 0 on, each as often as Zipf says.</summary>
    internal sealed class Zipf(int count, Random random)
    {
        readonly double[] _sums = Sums(count);

        public int Next()
        {
            var found = Array.BinarySearch(_sums, random.NextDouble() * _sums[^1]);
            return Math.Min(count - 1, found < 0 ? ~found : found);
        }

        static double[] Sums(int count)
        {
            var sum = 0.0;
            return [.. Enumerable.Range(1, count).Select(rank => sum += 1.0 / rank)];
        }
    }
}
