using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Moderation;
using VetCommunity.Core.Privacy;
using Xunit;

namespace VetCommunity.Tests.Privacy;

public class KeepingMessages
{
    [Theory, OnBothDatabases]
    public async Task What_a_room_no_longer_keeps_goes_and_pinned_messages_stay(Database database)
    {
        await using var world = await LeavingWorld.OpenAsync(database);
        var (anna, retention) = (world.World.Anna, new Retention(world.World.Db, world.World.Log, world.World.Uploads, world.World.Clock));
        var file = await world.World.Attachments.UploadAsync(anna, LeavingWorld.Text("qzxold file"), "old.txt");
        for (var i = 0; i < 60; i++)
            await world.World.SayAsync(anna, $"qzxold {i}");
        await world.World.Conversations.PostAsync(anna, new("welding", "f", null, "qzxold with a file", Attachments: [file.Id]));
        var pinned = (await world.World.SayAsync(anna, "Pinned")).Seq;
        await new Pins(world.World.Db, world.World.Feed).PinAsync(anna, "welding", pinned);
        await world.World.SayAsync(anna, "Elsewhere", room: "board");
        world.World.Clock.Advance(TimeSpan.FromDays(100));
        await world.World.SayAsync(anna, "New");

        Assert.Equal(0, await retention.DeleteDueAsync(Actor.Operator));
        Assert.Equal(61, (await retention.FindAsync(anna, "welding")).Going[3]);
        await retention.SetAsync(anna, "welding", 0, 3);
        Assert.Equal(61, await retention.DeleteDueAsync(Actor.Operator));
        Assert.Equal(0, await retention.DeleteDueAsync(Actor.Operator));

        Assert.Equal([], await world.FindAsync("qzxold"));
        Assert.Equal(["Elsewhere", "New", "Pinned"], (await world.World.InDbAsync(db => db.Messages.Where(m => m.Markdown != "").Select(m => m.Markdown).ToListAsync())).Order());
        Assert.Equal(3, (await world.World.Conversations.FindAsync(world.World.Bruno, "welding")).KeepMonths);
    }

    [Theory, OnBothDatabases]
    public async Task Only_the_rooms_moderators_say_so_and_the_later_of_two_is_told(Database database)
    {
        await using var world = await LeavingWorld.OpenAsync(database);
        var retention = new Retention(world.World.Db, world.World.Log, world.World.Uploads, world.World.Clock);
        foreach (var other in (Actor[])[Actor.Visitor, world.World.Bruno, world.World.Olga])
        {
            await Assert.ThrowsAsync<NotFoundException>(() => retention.FindAsync(other, "welding"));
            await Assert.ThrowsAsync<NotFoundException>(() => retention.SetAsync(other, "welding", 0, 1));
            await Assert.ThrowsAsync<NotFoundException>(() => retention.DeleteDueAsync(other));
        }
        await Assert.ThrowsAsync<NotFoundException>(() => retention.FindAsync(world.World.Anna, world.World.Direct));
        Assert.Equal(Refusal.BadChoice, await World.RefusalOfAsync(() => retention.SetAsync(world.World.Anna, "welding", 0, 2)));
        await retention.SetAsync(world.World.Anna, "welding", 0, 12);
        Assert.Equal(Refusal.ChangedElsewhere, await World.RefusalOfAsync(() => retention.SetAsync(world.World.Anna, "welding", 0, 1)));
        Assert.Equal(12, (await retention.FindAsync(world.World.Anna, "welding")).Months);
    }

    [Theory, OnBothDatabases]
    public async Task A_consent_has_a_version_and_a_time_and_is_taken_back_as_easily(Database database)
    {
        await using var world = await LeavingWorld.OpenAsync(database);
        var consents = new Consents(world.World.Db, world.World.Clock);
        await Assert.ThrowsAsync<NotFoundException>(() => consents.AcceptAsync(Actor.Visitor, ConsentPurpose.Privacy, 1));
        Assert.Equal(Refusal.ChangedMeanwhile, await World.RefusalOfAsync(() => consents.AcceptAsync(world.Quenza, ConsentPurpose.Privacy, 99)));
        Assert.False(await consents.AsksAgainAsync(world.Quenza, ConsentPurpose.Privacy));

        await Task.WhenAll(consents.AcceptAsync(world.Quenza, ConsentPurpose.Privacy, 1), consents.AcceptAsync(world.Quenza, ConsentPurpose.Privacy, 1));
        Assert.NotNull((await consents.StandingAsync(world.Quenza, ConsentPurpose.Privacy)).AcceptedAt);
        await consents.WithdrawAsync(world.Quenza, ConsentPurpose.Privacy);
        Assert.True(await consents.StandingAsync(world.Quenza, ConsentPurpose.Privacy) is { AcceptedAt: null, WithdrawnAt: not null });
        await consents.AcceptAsync(world.Quenza, ConsentPurpose.Privacy, 1);
        Assert.True(await consents.StandingAsync(world.Quenza, ConsentPurpose.Privacy) is { AcceptedAt: not null, WithdrawnAt: null });

        // As it will be once the text has changed: what was read is an older version.
        await world.World.InDbAsync(db => db.Acceptances.ExecuteUpdateAsync(set => set.SetProperty(a => a.Version, 0)));
        Assert.True(await consents.AsksAgainAsync(world.Quenza, ConsentPurpose.Privacy));
        await consents.AcceptAsync(world.Quenza, ConsentPurpose.Privacy, 1);
        Assert.False(await consents.AsksAgainAsync(world.Quenza, ConsentPurpose.Privacy));
    }
}
