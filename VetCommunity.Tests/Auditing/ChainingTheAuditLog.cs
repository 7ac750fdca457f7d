using System.Data;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Auditing;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;
using Xunit;

namespace VetCommunity.Tests.Auditing;

public class ChainingTheAuditLog
{
    const int Lines = 9;

    [Promise("PR5")]
    [Theory, OnBothDatabases]
    public async Task Of_a_hundred_changes_past_the_program_a_hundred_are_found(Database database)
    {
        await using var world = await AuditWorld.OpenAsync(database);
        await world.FillAsync(Lines);
        await world.World.InDbAsync(async db =>
        {
            // One that an erasure blanked is found as well.
            var line = await db.Audit.SingleAsync(a => a.Detail == "detail 3");
            line.Detail = "";
            AuditChain.Seal(world.Key, line);
            return await db.SaveChangesAsync();
        });
        var whole = await world.LinesAsync();
        Assert.Equal((Lines + 1, null, 0), await FoundAsync(world));
        List<string> unseen = [];
        HashSet<string> kinds = [];
        for (var seed = 0; seed < 100; seed++)
        {
            var changed = whole.ConvertAll(Copy);
            var what = Change(changed, new Random(seed));
            kinds.Add(what);
            await world.PutAsync(changed);
            if ((await world.CheckAsync()).Fault is null)
                unseen.Add(FormattableString.Invariant($"{seed}: {what}"));
        }

        Assert.Empty(unseen);
        Assert.Equal(13, kinds.Count);
        // And what was put back as it was is whole again.
        await world.PutAsync(whole);
        Assert.Equal((Lines + 1, null, 0), await FoundAsync(world));
    }

    [Theory, OnBothDatabases]
    public async Task A_line_out_of_an_earlier_course_of_the_same_log_does_not_fit(Database database)
    {
        await using var world = await AuditWorld.OpenAsync(database);
        for (var i = 0; i < 4; i++)
            await world.NoteAsync("first course");
        var earlier = await world.LinesAsync();
        // Set back by two lines, which come differently then.
        await world.PutAsync(earlier.Take(2));
        await world.NoteAsync("second course");
        await world.NoteAsync("second course");
        var later = await world.LinesAsync();
        Assert.Null((await world.CheckAsync()).Fault);

        // Each of them was made with the key, for this place.
        await world.PutAsync([.. later.Take(2), earlier[2], later[3]]);

        Assert.Equal((3, AuditFault.Changed, 4), await FoundAsync(world));
    }

    static async Task<(long, AuditFault?, long)> FoundAsync(AuditWorld world)
    {
        var state = await world.CheckAsync();
        return (state.Lines, state.Fault, state.Number);
    }

    static AuditEntry Copy(AuditEntry line) => new()
    {
        Id = line.Id,
        At = line.At,
        ActorId = line.ActorId,
        What = line.What,
        Subject = line.Subject,
        Detail = line.Detail,
        Number = line.Number,
        Salt = line.Salt,
        Digest = line.Digest,
        Hash = line.Hash,
        Seal = line.Seal,
    };

    // As somebody does it who knows how the chain is made, and has the database and not the key.
    static string Change(List<AuditEntry> lines, Random random)
    {
        var line = lines[random.Next(lines.Count)];
        var other = lines[(lines.IndexOf(line) + 1 + random.Next(lines.Count - 1)) % lines.Count];
        switch (random.Next(13))
        {
            case 0:
                line.At = line.At.AddMilliseconds(1 + random.Next(1000));
                return "moment";
            case 1:
                line.ActorId = line.ActorId is null ? 3 : null;
                return "actor";
            case 2:
                line.What += "x";
                return "deed";
            case 3:
                line.Subject = "member:4";
                return "subject";
            case 4:
                line.Detail = line.Detail.Length == 0 ? "x" : "";
                return "detail";
            case 5:
                (line.Detail, line.Salt) = ("blanked", null);
                return "blanked without a seal";
            case 6:
                (line.Detail, line.Salt, line.Seal) = ("blanked", null, new string('a', 64));
                return "blanked with a false seal";
            case 7:
                lines.Remove(line);
                return "taken out";
            case 8:
                lines.Remove(line);
                foreach (var later in lines.Where(one => one.Number > line.Number))
                    later.Number--;
                return "taken out and counted anew";
            case 9:
                (line.Number, other.Number) = (other.Number, line.Number);
                return "two in each other's place";
            case 10:
                (line.What, other.What) = (other.What, line.What);
                (line.Subject, other.Subject, line.Detail, other.Detail) = (other.Subject, line.Subject, other.Detail, line.Detail);
                (line.Salt, other.Salt, line.Digest, other.Digest, line.Seal, other.Seal) = (other.Salt, line.Salt, other.Digest, line.Digest, other.Seal, line.Seal);
                line.At = line.At.AddMilliseconds(random.Next(1, 9));
                return "two contents exchanged";
            case 11:
                lines.Add(Made(lines, number: null));
                return "put in without a place";
            default:
                lines.Add(Made(lines, lines[^1].Number + 1));
                return "put in at the end";
        }
    }

    static AuditEntry Made(List<AuditEntry> lines, long? number)
    {
        var made = Copy(lines[^1]);
        (made.Id, made.Number, made.Detail, made.Salt) = (made.Id + 1000, null, "made", "00");
        // All that can be made without the key.
        AuditChain.Link(AuditKey.None, new(lines[^1].Number!.Value, lines[^1].Hash!), made);
        made.Number = number;
        if (number is null)
            made.Hash = null;
        return made;
    }

    [Theory, OnBothDatabases]
    public async Task Many_writers_at_once_make_one_chain(Database database)
    {
        const int Each = 12;
        await using var world = await AuditWorld.OpenAsync(database);
        List<long> seqs = [];
        for (var i = 0; i < Each; i++)
            seqs.Add((await world.World.SayAsync(world.World.Anna, "To be deleted")).Seq);
        await world.World.InDbAsync(db => db.Messages.ExecuteUpdateAsync(set => set.SetProperty(m => m.AuthorId, (int?)null).SetProperty(m => m.ImportedAuthor, "A program")));
        // A verb of the command line has a factory of its own.
        var beside = world.World.Db.IsPostgres ? CommunityDbFactory.Postgres(world.World.Db.ConnectionString) : CommunityDbFactory.Sqlite(world.World.Db.ConnectionString);
        beside.AuditKey = world.Key;

        await Task.WhenAll(
            TimesAsync(Each, i => world.NoteAsync(FormattableString.Invariant($"saved {i}"))),
            TimesAsync(Each, i => InTransactionAsync(beside, IsolationLevel.Serializable, i)),
            TimesAsync(Each, i => InTransactionAsync(beside, IsolationLevel.ReadCommitted, i)),
            TimesAsync(Each, i => world.World.Conversations.DeleteAsync(world.World.Anna, "welding", seqs[i])));

        var state = await world.CheckAsync();
        Assert.Null(state.Fault);
        Assert.Equal(Each * 4, state.Lines);
        Assert.Equal(Each, (await world.LinesAsync()).Count(line => line.What == "message.deleted"));

        async Task InTransactionAsync(CommunityDbFactory databases, IsolationLevel level, int i)
        {
            await using var db = databases.CreateDbContext();
            await using var transaction = await db.Database.BeginTransactionAsync(level);
            // Whatever it read, it reads as it was then.
            await db.Audit.CountAsync();
            db.Note(world.World.Clock.GetUtcNow(), world.World.Ada, "role.taken", 2, FormattableString.Invariant($"{level} {i}"));
            await db.SaveChangesAsync();
            await transaction.CommitAsync();
        }
    }

    static Task TimesAsync(int times, Func<int, Task> act) => Task.Run(async () =>
    {
        for (var i = 0; i < times; i++)
            await act(i);
    });

    [Fact]
    public async Task A_transaction_that_goes_on_holds_up_no_other_line()
    {
        if (EmptyDatabases.Server is null)
            Assert.Skip("VET_POSTGRES is not set; SQLite has one writer at a time anyway");
        await using var world = await AuditWorld.OpenAsync(Database.Postgres);
        await using var slow = world.World.Db.CreateDbContext();
        await using var transaction = await slow.Database.BeginTransactionAsync();
        slow.Note(world.World.Clock.GetUtcNow(), world.World.Ada, "role.granted", 2, "slow");
        await slow.SaveChangesAsync();

        await world.NoteAsync("quick").WaitAsync(Patience.Enough);
        await transaction.CommitAsync();

        Assert.Equal(["quick", "slow"], (await world.LinesAsync()).Select(line => line.Detail));
        Assert.Null((await world.CheckAsync()).Fault);
    }

    [Theory]
    [InlineData(IsolationLevel.Serializable)]
    [InlineData(IsolationLevel.RepeatableRead)]
    [InlineData(IsolationLevel.Snapshot)]
    public async Task A_transaction_that_reads_as_of_its_beginning_goes_on_from_the_present_end_and_waits_for_no_connection_of_others(IsolationLevel level)
    {
        if (EmptyDatabases.Server is null)
            Assert.Skip("VET_POSTGRES is not set; SQLite has one writer at a time anyway");
        await using var world = await AuditWorld.OpenAsync(Database.Postgres);
        // Here all connections but the transaction's own are taken: there is none.
        var narrow = CommunityDbFactory.Postgres(world.World.Db.ConnectionString + ";Maximum Pool Size=1");
        narrow.AuditKey = world.Key;
        await world.NoteAsync("before");
        await using (var old = narrow.CreateDbContext())
        {
            await using var transaction = await old.Database.BeginTransactionAsync(level);
            Assert.Equal(1, await old.Audit.CountAsync());
            await world.NoteAsync("meanwhile");
            Assert.Equal(1, await old.Audit.CountAsync());
            old.Note(world.World.Clock.GetUtcNow(), world.World.Ada, "role.granted", 2, "old");
            await old.SaveChangesAsync();
            await transaction.CommitAsync();
        }

        Assert.Equal([(1, "before"), (2, "meanwhile"), (3, "old")], (await world.LinesAsync()).Select(line => (line.Number ?? 0, line.Detail)));
        Assert.Null((await world.CheckAsync()).Fault);
    }

    [Theory, OnBothDatabases]
    public async Task What_is_not_committed_leaves_no_line_and_no_gap(Database database)
    {
        await using var world = await AuditWorld.OpenAsync(database);
        await world.NoteAsync("first");
        await world.World.InDbAsync(async db =>
        {
            await using (await db.Database.BeginTransactionAsync())
            {
                db.Note(world.World.Clock.GetUtcNow(), world.World.Ada, "role.granted", 2, "never");
                await db.SaveChangesAsync();
            }
            // The same context again: what it gave up does not come along.
            db.Note(world.World.Clock.GetUtcNow(), world.World.Ada, "role.granted", 2, "second");
            return await db.SaveChangesAsync();
        });
        await world.World.InDbAsync(async db =>
        {
            db.Note(world.World.Clock.GetUtcNow(), world.World.Ada, "role.granted", 2, "third");
            db.Organisations.Add(new() { Name = "A", Slug = "a", Country = "IT" });
            db.Organisations.Add(new() { Name = "B", Slug = "a", Country = "IT" });
            await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());
            // Who mends it saves the line as well.
            db.ChangeTracker.Entries<Organisation>().First().State = EntityState.Detached;
            return await db.SaveChangesAsync();
        });

        Assert.Equal([(1, "first"), (2, "second"), (3, "third")], (await world.LinesAsync()).Select(line => (line.Number ?? 0, line.Detail)));
        Assert.Null((await world.CheckAsync()).Fault);
    }

    [Fact]
    public async Task Who_may_not_administer_finds_nothing()
    {
        await using var world = await AuditWorld.OpenAsync(Database.Sqlite);
        await Assert.ThrowsAsync<NotFoundException>(() => world.Watch.CheckAsync(world.World.Carla));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Anchor.AdvanceAsync(world.World.Ada));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Anchor.BeginAsync(world.World.Ada));
    }
}
