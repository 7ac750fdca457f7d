using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using VetCommunity.Core;
using VetCommunity.Core.Data;
using VetCommunity.Core.Demo;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Members;
using VetCommunity.Core.Operation;

namespace VetCommunity.Bench;

/// <summary>Members and open rooms, made through Core in a database of their own.</summary>
sealed class BenchWorld
{
    public const string Text = "We lend the milling machine to the school on Fridays; who else **shares** machines, and who pays when one breaks? See the list below.";
    readonly CommunityDbFactory _db;
    readonly Rooms _rooms;

    BenchWorld(CommunityDbFactory db, Feed feed, List<Actor> actors)
    {
        _db = db;
        _rooms = new(db, feed, TimeProvider.System);
        Actors = actors;
    }

    public IReadOnlyList<Actor> Actors { get; }

    /// <summary>Live sessions of this world.</summary>
    public SessionWorld Sessions => new(_db, Actors);

    /// <summary>Lets the first member log in at the page, with the password of the demo world.</summary>
    public async Task GivePasswordAsync()
    {
        await using var context = _db.CreateDbContext();
        await context.Users.Where(member => member.Id == Actors[0].MemberId).ExecuteUpdateAsync(set => set.SetProperty(member => member.PasswordHash, Passwords.HashOf(DemoWorld.Password)).SetProperty(member => member.SecurityStamp, "bench"));
    }

    public static async Task<BenchWorld> MakeAsync(CommunityDbFactory db, int members, Feed? feed = null)
    {
        await using var context = db.CreateDbContext();
        await context.Database.MigrateAsync();
        var made = Enumerable.Range(1, members).Select(n => new Member
        {
            Handle = FormattableString.Invariant($"author-{n}"),
            DisplayName = FormattableString.Invariant($"Author {n}"),
            UserName = FormattableString.Invariant($"author{n}@bench.example"),
            NormalizedUserName = FormattableString.Invariant($"AUTHOR{n}@BENCH.EXAMPLE"),
            Email = EmailOf(n),
            NormalizedEmail = EmailOf(n).ToUpperInvariant(),
            EmailConfirmed = true,
            JoinedAt = TimeProvider.System.GetUtcNow(),
        }).ToList();
        context.AddRange(made);
        await context.SaveChangesAsync();
        return new(db, feed ?? new Feed(NullLogger<Feed>.Instance),
            made.ConvertAll(m => new Actor(m.Id, m.Handle, m.DisplayName, Roles.Member | Roles.Trainer, "en", "Europe/Rome")));
    }

    /// <summary>In SQLite, in the data folder of a server that is to be started in this folder.</summary>
    public static async Task<BenchWorld> MakeInAsync(string folder, int members)
    {
        using var data = new DataFolder(Path.Combine(folder, "data"));
        data.Create();
        return await MakeAsync(CommunityDbFactory.Sqlite(CommunityDbFactory.SqliteFile(data.DatabaseFile)), members);
    }

    /// <summary>One of so many rooms.</summary>
    public static string RoomOf(int number) => FormattableString.Invariant($"bench-{number}");

    /// <summary>So many rooms, each with its equal part of the members.</summary>
    public async Task MakeRoomsAsync(int rooms)
    {
        foreach (var (number, members) in Actors.Chunk(Actors.Count / rooms).Index())
            await MakeRoomAsync(RoomOf(number + 1), members);
    }

    public async Task MakeRoomAsync(string slug, IEnumerable<Actor> members)
    {
        await _rooms.CreateAsync(Actors[0], new("Bench", slug, "", "en", IsOpen: true));
        foreach (var actor in members)
            await _rooms.JoinAsync(actor, slug);
    }

    public async Task<List<string>> MakeTokensAsync()
    {
        var tokens = new AccessTokens(_db, TimeProvider.System);
        List<string> made = [];
        for (var n = 1; n <= Actors.Count; n++)
            made.Add(await tokens.CreateAsync(Actors[n - 1], EmailOf(n), "bench"));
        return made;
    }

    public static string EmailOf(int number) => FormattableString.Invariant($"author{number}@bench.example");
}
