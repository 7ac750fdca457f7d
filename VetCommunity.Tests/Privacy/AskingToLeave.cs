using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Members;
using Xunit;

namespace VetCommunity.Tests.Privacy;

public class AskingToLeave
{
    [Theory, OnBothDatabases]
    public async Task The_password_is_asked_for_and_nothing_happens_before_the_time_is_over(Database database)
    {
        await using var world = await LeavingWorld.OpenAsync(database);
        await world.World.SayAsync(world.Quenza, "Something");
        Assert.Equal(Refusal.ProveAgain, await World.RefusalOfAsync(() => world.Erasures.AskAsync(world.Quenza, session: null, false)));
        Assert.Null((await world.Erasures.LookAsync(world.Quenza)).Planned);

        var due = await world.Erasures.AskAsync(world.Quenza, await world.ProofAsync(world.Quenza), deletesTexts: true);

        Assert.Equal(world.World.Clock.GetUtcNow().AddDays(14), due);
        Assert.NotEqual("first", (await world.Accounts.SignedInAsync(world.Quenza.MemberId))!.SecurityStamp);
        Assert.Equal("Il tuo account sarà eliminato", await world.World.InDbAsync(db => db.Mails.Select(m => m.Subject).SingleAsync()));
        var look = await world.Erasures.LookAsync(world.Quenza);
        Assert.Equal((true, false, 1L), (look.Planned!.DeletesTexts, look.Planned.ByOthers, look.RoomMessages));
        Assert.Equal(look.Planned.DueAt.AddDays(30), look.Planned.InBackupsUntil);
        world.World.Clock.Advance(TimeSpan.FromDays(13.9));
        Assert.False(await world.Erasing.GoOnAsync(Actor.Operator));
        Assert.NotNull(await world.Accounts.SignedInAsync(world.Quenza.MemberId));
    }

    [Theory, OnBothDatabases]
    public async Task Who_comes_back_keeps_everything_and_later_there_is_no_way_back(Database database)
    {
        await using var world = await LeavingWorld.OpenAsync(database);
        await world.Erasures.AskAsync(world.Quenza, await world.ProofAsync(world.Quenza), deletesTexts: false);
        Assert.True(await world.Erasures.IsPlannedAsync(world.Quenza));

        await world.Erasures.KeepAsync(world.Quenza);

        world.World.Clock.Advance(TimeSpan.FromDays(20));
        Assert.False(await world.Erasing.GoOnAsync(Actor.Operator));
        Assert.False(await world.Erasures.IsPlannedAsync(world.Quenza));
        Assert.Equal("Qzxenza Ferri", (await world.Accounts.SignedInAsync(world.Quenza.MemberId))!.Actor.Name);

        await world.LeaveAsync(texts: false);
        await world.Erasures.KeepAsync(world.Quenza);
        Assert.Null(await world.Accounts.SignedInAsync(world.Quenza.MemberId));
    }

    [Theory, OnBothDatabases]
    public async Task The_last_administrator_stays_until_there_is_another_one(Database database)
    {
        await using var world = await LeavingWorld.OpenAsync(database);
        await world.World.InDbAsync(db => db.Users.Where(m => m.Id == 5).ExecuteUpdateAsync(set => set.SetProperty(m => m.PasswordHash, Passwords.HashOf(LeavingWorld.Password))));
        Assert.True((await world.Erasures.LookAsync(world.World.Ada)).IsLastAdministrator);
        Assert.Equal(Refusal.LastAdministrator, await World.RefusalOfAsync(async () => await world.Erasures.AskAsync(world.World.Ada, await world.ProofAsync(world.World.Ada), false)));

        await world.Accounts.SetRolesAsync(world.World.Ada, "carla", Roles.Administrator);
        await world.Erasures.AskAsync(world.World.Ada, await world.ProofAsync(world.World.Ada), false);
        // The other one, who counted on her, is the last one now.
        Assert.Equal(Refusal.LastAdministrator, await World.RefusalOfAsync(() => world.Erasures.AskByAddressAsync(Actor.Operator, "carla@example.org", false, atOnce: true)));
        await world.Accounts.SetRolesAsync(world.World.Ada, "carla", Roles.Member);
        world.World.Clock.Advance(TimeSpan.FromDays(15));
        Assert.False(await world.Erasing.GoOnAsync(Actor.Operator));
        Assert.NotNull(await world.Accounts.SignedInAsync(5));
    }

    [Theory, OnBothDatabases]
    public async Task A_closed_room_that_loses_its_only_moderator_gets_another_one(Database database)
    {
        await using var world = await LeavingWorld.OpenAsync(database);
        await world.World.InDbAsync(db => db.Users.Where(m => m.Id == 1).ExecuteUpdateAsync(set => set.SetProperty(m => m.PasswordHash, Passwords.HashOf(LeavingWorld.Password))));
        Assert.Equal(["Board"], (await world.Erasures.LookAsync(world.World.Anna)).InheritedRooms);

        await world.Erasures.AskAsync(world.World.Anna, await world.ProofAsync(world.World.Anna), false);
        world.World.Clock.Advance(TimeSpan.FromDays(15));
        await world.Erasing.GoOnAsync(Actor.Operator);

        var board = await world.World.InDbAsync(db => db.Memberships.Where(m => db.Conversations.Any(c => c.Id == m.ConversationId && c.Slug == "board")).ToListAsync());
        Assert.Equal((5, MembershipRole.Moderator), board.Where(m => m.Role == MembershipRole.Moderator).Select(m => (m.MemberId, m.Role)).Single());
    }

    [Theory, OnBothDatabases]
    public async Task Administrators_and_the_operator_ask_for_others_and_nobody_else_does(Database database)
    {
        await using var world = await LeavingWorld.OpenAsync(database);
        foreach (var other in (Actor[])[Actor.Visitor, world.World.Bruno, world.World.Carla])
        {
            await Assert.ThrowsAsync<NotFoundException>(() => world.Erasures.AskForAsync(other, "qzxhandle", false));
            await Assert.ThrowsAsync<NotFoundException>(() => world.Erasures.OfAsync(other, "qzxhandle"));
            await Assert.ThrowsAsync<NotFoundException>(() => world.Erasures.KeepForAsync(other, "qzxhandle"));
            await Assert.ThrowsAsync<NotFoundException>(() => world.Erasures.AskByAddressAsync(other, "qzx@mail.example", false, true));
            await Assert.ThrowsAsync<NotFoundException>(() => world.Erasing.GoOnAsync(other));
        }
        Assert.Equal(Refusal.NotWithYourself, await World.RefusalOfAsync(async () =>
        {
            await world.Accounts.SetRolesAsync(world.World.Ada, "carla", Roles.Administrator);
            await world.Erasures.AskForAsync(world.World.Ada, "ada", false);
        }));

        await world.Erasures.AskForAsync(world.World.Ada, "qzxhandle", deletesTexts: false);
        Assert.True((await world.Erasures.LookAsync(world.Quenza)).Planned!.ByOthers);
        await world.Erasures.KeepForAsync(world.World.Ada, "qzxhandle");
        Assert.Null(await world.Erasures.OfAsync(world.World.Ada, "qzxhandle"));

        await world.Erasures.AskByAddressAsync(Actor.Operator, "Qzx@mail.example", deletesTexts: false, atOnce: true);
        Assert.True(await world.Erasing.GoOnAsync(Actor.Operator));
        Assert.Null(await world.Accounts.SignedInAsync(world.Quenza.MemberId));
    }
}
