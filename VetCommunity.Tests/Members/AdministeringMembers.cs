using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Members;
using Xunit;

namespace VetCommunity.Tests.Members;

public class AdministeringMembers
{
    static Core.Members.Administration Reading(World world) => new(world.Db, world.Clock);

    static Accounts Deeds(World world) => new(world.Db, world.Feed, world.Clock);

    [Theory, OnBothDatabases]
    public async Task Who_may_neither_suspend_nor_administer_finds_nothing(Database database)
    {
        await using var world = await World.OpenAsync(database);

        await Assert.ThrowsAsync<NotFoundException>(() => Reading(world).MembersAsync(world.Anna, new(), 1));
        await Assert.ThrowsAsync<NotFoundException>(() => Reading(world).MemberAsync(world.Bruno, "anna"));
        await Assert.ThrowsAsync<NotFoundException>(() => Reading(world).AuditAsync(world.Carla, 1));
        await Assert.ThrowsAsync<NotFoundException>(() => Reading(world).MemberAsync(world.Ada, "nobody"));
    }

    [Theory, OnBothDatabases]
    public async Task Members_are_found_by_name_handle_and_address_without_their_accents(Database database)
    {
        await using var world = await World.OpenAsync(database);

        Assert.Equal(["olga"], await FoundAsync("νικολαου"));
        Assert.Equal(["bruno"], await FoundAsync("WEISS"));
        Assert.Equal(["carla"], await FoundAsync("carla@example"));
        Assert.Empty(await FoundAsync("carla bruno"));
        Assert.Equal(["ada", "olga", "carla", "bruno", "anna"], await FoundAsync(""));

        async Task<IEnumerable<string>> FoundAsync(string words) =>
            (await Reading(world).MembersAsync(world.Ada, new(words), 1)).Lines.Select(line => line.Handle);
    }

    [Theory, OnBothDatabases]
    public async Task A_moderator_neither_sees_addresses_nor_finds_by_them(Database database)
    {
        await using var world = await World.OpenAsync(database);

        var page = await Reading(world).MembersAsync(world.Carla, new(), 1);
        var byAddress = await Reading(world).MembersAsync(world.Carla, new("example.org"), 1);
        var file = await Reading(world).MemberAsync(world.Carla, "bruno");

        Assert.All(page.Lines, line => Assert.Null(line.Email));
        Assert.Equal(0, byAddress.Count);
        Assert.True(file.MaySuspend);
        Assert.False(file.MayGrant);
        Assert.False((await Reading(world).MemberAsync(world.Carla, "ada")).MaySuspend);
        Assert.False((await Reading(world).MemberAsync(world.Carla, "carla")).MaySuspend);
    }

    [Theory, OnBothDatabases]
    public async Task The_list_can_be_narrowed_to_a_role_and_to_suspended_accounts(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await Deeds(world).SuspendAsync(world.Ada, "bruno", "Adverts", world.Clock.GetUtcNow().AddDays(3));
        await Deeds(world).SuspendAsync(world.Ada, "olga", "Adverts", null);

        var trainers = await Reading(world).MembersAsync(world.Ada, new(Role: Roles.Trainer), 1);
        var suspended = await Reading(world).MembersAsync(world.Ada, new(SuspendedOnly: true), 1);
        world.Clock.Advance(TimeSpan.FromDays(4));
        var later = await Reading(world).MembersAsync(world.Ada, new(SuspendedOnly: true), 1);

        Assert.Equal(["anna"], trainers.Lines.Select(line => line.Handle));
        Assert.Equal(["olga", "bruno"], suspended.Lines.Select(line => line.Handle));
        Assert.Equal(["olga"], later.Lines.Select(line => line.Handle));
    }

    [Theory, OnBothDatabases]
    public async Task A_page_beyond_the_last_gives_the_last_also_among_words(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.InDbAsync(async db =>
        {
            for (var number = 1; number <= 65; number++)
            {
                db.Users.Add(new()
                {
                    Id = 100 + number,
                    Handle = $"many-{number}",
                    DisplayName = $"Élodie {number}",
                    UserName = $"many-{number}",
                    NormalizedUserName = $"MANY-{number}",
                    Email = $"many-{number}@example.org",
                    NormalizedEmail = $"MANY-{number}@EXAMPLE.ORG",
                    JoinedAt = world.Clock.GetUtcNow().AddMinutes(number),
                });
            }
            return await db.SaveChangesAsync();
        });

        var all = await Reading(world).MembersAsync(world.Ada, new(), 99);
        var found = await Reading(world).MembersAsync(world.Ada, new("elodie"), 99);

        Assert.Equal((70, 3, 3, 10), (all.Count, all.Page, all.Pages, all.Lines.Count));
        Assert.Equal((65, 3, 3, 5), (found.Count, found.Page, found.Pages, found.Lines.Count));
        Assert.Equal("many-5", found.Lines[0].Handle);
    }

    [Theory, OnBothDatabases]
    public async Task An_account_shows_its_suspensions_and_what_was_done_to_it(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await Deeds(world).SuspendAsync(world.Carla, "bruno", "Adverts in every room", null);
        await Deeds(world).LiftAsync(world.Ada, "bruno");
        await Deeds(world).SetRolesAsync(world.Ada, "bruno", Roles.Trainer);

        var file = await Reading(world).MemberAsync(world.Ada, "bruno");
        var log = await Reading(world).AuditAsync(world.Ada, 1);

        var past = Assert.Single(file.Suspensions);
        Assert.Equal(("Adverts in every room", "Carla Puig"), (past.Reason, past.By));
        Assert.NotNull(past.LiftedAt);
        Assert.Null(file.Member.SuspendedUntil);
        Assert.Equal(["role.granted", "suspension.lifted", "member.suspended"], file.Audit.Select(line => line.What));
        Assert.All(file.Audit, line => Assert.Equal("bruno", line.WhomHandle));
        Assert.Equal(("Ada Klein", "Bruno Weiß", "Trainer"), (log.Lines[0].By, log.Lines[0].Whom, log.Lines[0].Detail));
        Assert.Empty((await Reading(world).MemberAsync(world.Carla, "bruno")).Audit);
    }

    [Theory, OnBothDatabases]
    public async Task A_locked_out_member_is_let_in_again_by_those_who_may_suspend(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var until = world.Clock.GetUtcNow().AddMinutes(15);
        await world.InDbAsync(db => db.Users.Where(m => m.Handle == "bruno" || m.Handle == "ada")
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.LockoutEnd, until).SetProperty(m => m.AccessFailedCount, 5)));
        Assert.NotNull((await Reading(world).MemberAsync(world.Carla, "bruno")).Member.LockedUntil);

        await Assert.ThrowsAsync<NotFoundException>(() => Deeds(world).UnlockAsync(world.Anna, "bruno"));
        await Assert.ThrowsAsync<NotFoundException>(() => Deeds(world).UnlockAsync(world.Carla, "ada"));
        await Deeds(world).UnlockAsync(world.Carla, "bruno");

        Assert.Null((await Reading(world).MemberAsync(world.Carla, "bruno")).Member.LockedUntil);
        Assert.Equal(0, await world.InDbAsync(db => db.Users.Where(m => m.Handle == "bruno").Select(m => m.AccessFailedCount).SingleAsync()));
        Assert.Equal("member.unlocked", (await Reading(world).AuditAsync(world.Ada, 1)).Lines[0].What);
    }

    [Theory, OnBothDatabases]
    public async Task Roles_that_somebody_else_changed_meanwhile_are_not_overwritten(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var seen = Roles.Member;
        await Deeds(world).SetRolesAsync(world.Ada, "bruno", Roles.Editor, seen);

        var refusal = await World.RefusalOfAsync(() => Deeds(world).SetRolesAsync(world.Ada, "bruno", Roles.Trainer, seen));

        Assert.Equal(Refusal.ChangedMeanwhile, refusal);
        Assert.Equal(Roles.Member | Roles.Editor, (await Reading(world).MemberAsync(world.Ada, "bruno")).Member.Roles);
    }
}
