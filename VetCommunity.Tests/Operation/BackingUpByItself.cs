using Microsoft.Extensions.Logging.Abstractions;
using VetCommunity.Core;
using VetCommunity.Core.Operation;
using Xunit;

namespace VetCommunity.Tests.Operation;

public sealed class BackingUpByItself
{
    static ScheduledBackups Of(BackupWorld world, int hours, int keep, int days = 30, long reserve = 0) =>
        new(world.Backups, world.Folder, new(TimeSpan.FromHours(hours), keep, days, reserve), world.World.Clock, NullLogger<ScheduledBackups>.Instance);

    static string[] Kept(BackupWorld world) => [.. Directory.GetFiles(world.Folder.Backups).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [Fact]
    public async Task One_is_made_when_it_is_time_and_the_oldest_of_too_many_goes()
    {
        await using var world = await BackupWorld.OpenAsync(Database.Sqlite);
        await File.WriteAllTextAsync(Path.Combine(world.Folder.Backups, "vetcommunity-before-the-move.zip"), "the operator's own");
        await File.WriteAllTextAsync(Path.Combine(world.Folder.Backups, "other.zip.part"), "the operator's own");
        await File.WriteAllTextAsync(Path.Combine(world.Folder.Backups, "vetcommunity-20260301T080000Z.zip.part"), "of a killed server");
        Assert.True(await Of(world, hours: 24, keep: 2).GoOnAsync(Actor.Operator));
        world.World.Clock.Advance(TimeSpan.FromHours(23));
        // Also after a restart.
        Assert.False(await Of(world, hours: 24, keep: 2).GoOnAsync(Actor.Operator));
        for (var day = 0; day < 2; day++)
        {
            world.World.Clock.Advance(TimeSpan.FromHours(24));
            Assert.True(await Of(world, hours: 24, keep: 2).GoOnAsync(Actor.Operator));
        }

        Assert.Equal(["other.zip.part", "vetcommunity-20260304T070000Z.zip", "vetcommunity-20260305T070000Z.zip", "vetcommunity-before-the-move.zip"], Kept(world));
        var place = await world.PlaceAsync();
        Assert.Equal(5, (await place.RestoreAsync(Path.Combine(world.Folder.Backups, Kept(world)[2]))).Members);
    }

    [Fact]
    public async Task What_members_were_told_holds_also_where_no_backup_is_made_any_more()
    {
        await using var world = await BackupWorld.OpenAsync(Database.Sqlite);
        await Of(world, hours: 24, keep: 7).GoOnAsync(Actor.Operator);
        world.World.Clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromSeconds(1));
        Assert.False(await Of(world, hours: 0, keep: 7).GoOnAsync(Actor.Operator));
        Assert.Single(Kept(world));

        world.World.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.False(await Of(world, hours: 0, keep: 7).GoOnAsync(Actor.Operator));
        Assert.Empty(Kept(world));
    }

    [Fact]
    public async Task The_disk_of_the_messages_is_not_filled()
    {
        await using var world = await BackupWorld.OpenAsync(Database.Sqlite);

        await Assert.ThrowsAsync<OperationFailedException>(() => Of(world, hours: 24, keep: 7, reserve: 1L << 60).GoOnAsync(Actor.Operator));

        Assert.Empty(Kept(world));
        await Assert.ThrowsAsync<NotFoundException>(() => Of(world, hours: 24, keep: 7).GoOnAsync(world.World.Ada));
    }

    [Fact]
    public async Task A_clock_that_was_wrong_stops_no_backups()
    {
        await using var world = await BackupWorld.OpenAsync(Database.Sqlite);
        await File.WriteAllTextAsync(Path.Combine(world.Folder.Backups, "vetcommunity-20360302T080000Z.zip"), "of ten years later");

        Assert.True(await Of(world, hours: 24, keep: 7).GoOnAsync(Actor.Operator));
        Assert.False(await Of(world, hours: 24, keep: 7).GoOnAsync(Actor.Operator));
    }
}
