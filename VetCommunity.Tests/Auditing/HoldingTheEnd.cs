using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using VetCommunity.Core;
using VetCommunity.Core.Auditing;
using VetCommunity.Core.Members;
using VetCommunity.Core.Operation;
using VetCommunity.Tests.Privacy;
using Xunit;

namespace VetCommunity.Tests.Auditing;

public class HoldingTheEnd
{
    [Promise("PR5")]
    [Theory, OnBothDatabases]
    public async Task An_end_that_was_cut_off_is_found_and_new_lines_do_not_cover_it(Database database)
    {
        await using var world = await AuditWorld.OpenAsync(database);
        await world.FillAsync(5);
        await world.World.InDbAsync(db => db.Audit.Where(a => a.Number > 4).ExecuteDeleteAsync());

        Assert.Equal((AuditFault.SetBack, 5), await FaultAsync(world));

        // The program goes on, past the place where it stood.
        for (var i = 0; i < 5; i++)
            await world.NoteAsync("later");
        await world.Anchor.AdvanceAsync(Actor.Operator);

        Assert.Equal((AuditFault.SetBack, 6), await FaultAsync(world));
    }

    [Theory, OnBothDatabases]
    public async Task The_anchor_follows_the_log_and_a_missing_one_is_noted(Database database)
    {
        await using var world = await AuditWorld.OpenAsync(database);
        await world.NoteAsync("before the first start");
        Assert.Equal((1, null, null), await StateAsync(world));

        await world.Anchor.BeginAsync(Actor.Operator);
        var begun = world.World.Clock.GetUtcNow();
        Assert.StartsWith("2 ", await File.ReadAllTextAsync(world.AnchorFile), StringComparison.Ordinal);
        world.World.Clock.Advance(TimeSpan.FromDays(1));
        await world.NoteAsync("a day later");
        // A second start changes nothing.
        await world.Anchor.BeginAsync(Actor.Operator);

        Assert.StartsWith("3 ", await File.ReadAllTextAsync(world.AnchorFile), StringComparison.Ordinal);
        Assert.Equal((3, begun.ToUnixTimeMilliseconds(), null), await StateAsync(world));
        Assert.Equal(["role.granted", AuditAnchor.Begun, "role.granted"], (await world.LinesAsync()).Select(line => line.What));

        File.Delete(world.AnchorFile);
        await world.Anchor.AdvanceAsync(Actor.Operator);
        Assert.False(File.Exists(world.AnchorFile));
        Assert.Equal((3, null, null), await StateAsync(world));
        await world.Anchor.BeginAsync(Actor.Operator);
        Assert.Equal((4, world.World.Clock.GetUtcNow().ToUnixTimeMilliseconds(), null), await StateAsync(world));
    }

    [Fact]
    public async Task An_anchor_that_somebody_else_wrote_is_found_and_left_as_it_is()
    {
        await using var world = await AuditWorld.OpenAsync(Database.Sqlite);
        await world.FillAsync(3);
        var forged = (await File.ReadAllTextAsync(world.AnchorFile)).Replace("4 ", "2 ", StringComparison.Ordinal);
        await File.WriteAllTextAsync(world.AnchorFile, forged);

        await world.Anchor.AdvanceAsync(Actor.Operator);

        Assert.Equal((AuditFault.AnchorForged, 0), await FaultAsync(world));
        Assert.Equal(forged, await File.ReadAllTextAsync(world.AnchorFile));
    }

    [Theory, OnBothDatabases]
    public async Task An_erasure_keeps_the_chain_whole_and_leaves_nothing_to_guess_by(Database database)
    {
        await using var world = await LeavingWorld.OpenAsync(database);
        var (db, her) = (world.World.Db, world.Quenza.MemberId);
        await world.World.InDbAsync(async context =>
        {
            context.Audit.Add(new() { At = world.World.Clock.GetUtcNow(), ActorId = her, What = "handle.changed", Subject = "handle:qzxformer", Detail = "qzxhandle" });
            context.Audit.Add(new() { At = world.World.Clock.GetUtcNow(), ActorId = 1, What = "speaker.named", Subject = "room:welding", Detail = "@qzxhandle" });
            context.Note(world.World.Clock.GetUtcNow(), world.Quenza, "token.created", her, "qzxtoken");
            context.Note(world.World.Clock.GetUtcNow(), world.World.Ada, "role.granted", 2, "Trainer");
            return await context.SaveChangesAsync();
        });

        await world.LeaveAsync(texts: true);

        var lines = await world.World.InDbAsync(context => context.Audit.AsNoTracking().OrderBy(a => a.Number).ToListAsync());
        Assert.Equal(["handle.changed", "speaker.named", "token.created"], lines.Where(line => line.Salt is null).Select(line => line.What));
        Assert.All(lines, line => Assert.DoesNotContain("qzx", line.Subject + line.Detail, StringComparison.Ordinal));
        var watch = new AuditWatch(db, new(db, Path.Combine(world.Folder, "audit.txt"), Microsoft.Extensions.Logging.Abstractions.NullLogger<AuditAnchor>.Instance), world.World.Clock);
        Assert.Null((await watch.CheckAsync(Actor.Operator)).Fault);
        await world.World.InDbAsync(context => context.Audit.Where(a => a.What == "token.created").ExecuteUpdateAsync(set => set.SetProperty(a => a.Detail, "x")));
        Assert.Equal(AuditFault.Changed, (await watch.CheckAsync(Actor.Operator)).Fault);
    }

    [Theory, OnBothDatabases]
    public async Task A_backup_brings_the_chain_and_its_key_back(Database database)
    {
        await using var world = await AuditWorld.OpenAsync(database);
        await world.FillAsync(3);
        var place = await world.All.PlaceAsync();
        place.Folder.Create();
        // Of the community that stood there before.
        await File.WriteAllTextAsync(place.Folder.AuditFile, "99 00 00");

        await place.RestoreAsync(await world.All.BackUpAsync());

        Assert.False(File.Exists(place.Folder.AuditFile));
        place.Db.AuditKey = AuditKey.In(place.Folder.Keys);
        var anchor = AuditWorld.AnchorOf(place.Db, place.Folder);
        await anchor.BeginAsync(Actor.Operator);
        var found = await new AuditWatch(place.Db, anchor, world.World.Clock).CheckAsync(Actor.Operator);
        Assert.Equal((5, null), (found.Lines, found.Fault));
        // With another key nothing holds.
        await File.WriteAllTextAsync(Path.Combine(place.Folder.Keys, AuditKey.FileName), new string('a', 64));
        place.Db.AuditKey = AuditKey.In(place.Folder.Keys);
        Assert.NotNull((await new AuditWatch(place.Db, anchor, world.World.Clock).CheckAsync(Actor.Operator)).Fault);
    }

    [Theory, OnBothDatabases]
    public async Task Lines_of_the_former_version_are_chained_at_the_start_and_later_ones_are_not(Database database)
    {
        await using var world = await AuditWorld.OpenAsync(database);
        for (var i = 0; i < 3; i++)
            await world.NoteAsync(FormattableString.Invariant($"former {i}"));
        await world.World.InDbAsync(db => db.Audit.ExecuteUpdateAsync(set => set.SetProperty(a => a.Number, (long?)null)
            .SetProperty(a => a.Salt, (string?)null).SetProperty(a => a.Digest, (string?)null).SetProperty(a => a.Hash, (string?)null)));
        var start = new DatabasePreparation(world.World.Db, world.All.Folder);

        if (database == Database.Postgres)
            await start.PrepareAsync();
        else
            await FormerLines.ChainAsync(world.World.Db, default);

        Assert.Equal([(1, "former 0"), (2, "former 1"), (3, "former 2")], (await world.LinesAsync()).Select(line => (line.Number ?? 0, line.Detail)));
        Assert.Equal((3, null, null), await StateAsync(world));
        await world.World.InDbAsync(db => db.Database.ExecuteSqlRawAsync("""INSERT INTO "Audit" ("At", "What", "Subject", "Detail") VALUES (1, 'role.granted', 'member:2', 'Administrator')"""));
        await FormerLines.ChainAsync(world.World.Db, default);
        Assert.Equal((AuditFault.Foreign, 0), await FaultAsync(world));
    }

    [Theory, OnBothDatabases]
    public async Task The_doctor_says_where_and_what_to_do(Database database)
    {
        await using var world = await AuditWorld.OpenAsync(database);
        await world.FillAsync(3);
        var doctor = new Doctor([new AuditCheck(world.World.Db, world.Watch, world.All.Folder).One]);
        Assert.Equal(new("audit", true, FormattableString.Invariant($"all 4 lines hang together, none has been cut off since {world.World.Clock.GetUtcNow():u}")), await LookAsync());

        await world.World.InDbAsync(db => db.Audit.Where(a => a.Number == 3).ExecuteUpdateAsync(set => set.SetProperty(a => a.Detail, "Administrator")));
        var found = await LookAsync();
        Assert.False(found.IsGood);
        Assert.StartsWith("Line 3 is not as it was written. Compare with a backup", found.Sentence, StringComparison.Ordinal);

        File.Delete(Path.Combine(world.All.Folder.Keys, AuditKey.FileName));
        world.World.Db.AuditKey = AuditKey.In(world.All.Folder.Keys);
        Assert.EndsWith("audit.key cannot be read. Restore it from a backup.", (await LookAsync()).Sentence, StringComparison.Ordinal);

        await world.World.InDbAsync(async db =>
        {
            await db.GetService<IMigrator>().MigrateAsync(db.Database.GetMigrations().SkipLast(1).Last());
            return true;
        });
        Assert.EndsWith("it chains the lines that are there.", (await LookAsync()).Sentence, StringComparison.Ordinal);

        async Task<Finding> LookAsync()
        {
            await foreach (var one in doctor.ExamineAsync(Actor.Operator))
                return one;
            throw new InvalidOperationException("nothing was looked at");
        }
    }

    static async Task<(AuditFault?, long)> FaultAsync(AuditWorld world)
    {
        var state = await world.CheckAsync();
        return (state.Fault, state.Number);
    }

    static async Task<(long, long?, AuditFault?)> StateAsync(AuditWorld world)
    {
        var state = await world.CheckAsync();
        return (state.Lines, state.Since?.ToUnixTimeMilliseconds(), state.Fault);
    }
}
