using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Members;
using Xunit;

namespace VetCommunity.Tests.Members;

public class InvitingToTheNetwork
{
    static NewAccount Dora(string email = "dora@example.org") => new(email, "Dora Conti", "a quiet morning", "it");

    static string CodeOf(InvitationLink link) => link.Address["https://vet.example/Account/Join/".Length..];

    static async Task<string> CodeAsync(AccountsWorld accounts, Actor by, string? email = null, Roles roles = Roles.Member, int? organisation = null) =>
        CodeOf(await accounts.Invitations.CreateAsync(by, new(email, "de", roles, organisation)));

    [Theory]
    [OnBothDatabases]
    public async Task A_link_handed_over_makes_one_account_that_confirms_its_address(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        var code = await CodeAsync(accounts, accounts.World.Anna);

        Assert.Empty(await accounts.MailsAsync());
        Assert.Equal(new OpenInvitation(null, "Anna Rossi", null, Roles.Member), await accounts.Invitations.FindAsync(Actor.Visitor, code));
        Assert.Null(await accounts.Invitations.AcceptAsync(Actor.Visitor, code, Dora()));

        Assert.False((await accounts.MemberAsync("dora@example.org")).EmailConfirmed);
        await accounts.Registration.ConfirmAsync(Actor.Visitor, await accounts.CodeAsync());
        Assert.True((await accounts.MemberAsync("dora@example.org")).EmailConfirmed);
        Assert.Equal(Refusal.LinkExpired, await World.RefusalOfAsync(() => accounts.Invitations.AcceptAsync(Actor.Visitor, code, Dora("second@example.org"))));
        Assert.Equal(Refusal.LinkExpired, await World.RefusalOfAsync(() => accounts.Invitations.FindAsync(Actor.Visitor, code)));
    }

    [Theory]
    [OnBothDatabases]
    public async Task A_mailed_link_proves_the_address_it_went_to(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        await CodeAsync(accounts, accounts.World.Ada, "dora@example.org", Roles.Trainer | Roles.Editor);
        var mail = Assert.Single(await accounts.MailsAsync());

        var signedIn = await accounts.Invitations.AcceptAsync(Actor.Visitor, mail.Code, Dora("somebody-else@example.org"));

        var member = await accounts.MemberAsync("dora@example.org");
        Assert.Equal("Ada Klein lädt Sie zu VetCommunity ein", mail.Subject);
        Assert.True(member.EmailConfirmed);
        Assert.Equal(Roles.Member | Roles.Trainer | Roles.Editor, member.Roles);
        Assert.Equal((member.Id, member.SecurityStamp), (signedIn!.Actor.MemberId, signedIn.SecurityStamp));
        Assert.Empty(await accounts.MailsAsync());
    }

    [Theory]
    [OnBothDatabases]
    public async Task Used_by_many_at_once_it_makes_one_account(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        var code = await CodeAsync(accounts, accounts.World.Anna);

        var made = await Task.WhenAll(Enumerable.Range(0, 6).Select(async n =>
        {
            try
            {
                await accounts.Invitations.AcceptAsync(Actor.Visitor, code, Dora($"dora{n}@example.org"));
                return true;
            }
            catch (RefusedException refused)
            {
                Assert.Equal(Refusal.LinkExpired, refused.Refusal);
                return false;
            }
        }));

        Assert.Single(made, one => one);
        Assert.Equal(1, await accounts.World.InDbAsync(db => db.Users.CountAsync(m => m.DisplayName == "Dora Conti")));
        Assert.Single((await accounts.Invitations.ListAsync(accounts.World.Anna, 1)).Lines, line => line.State == InvitationState.Used);
    }

    [Theory]
    [OnBothDatabases]
    public async Task Only_who_grants_roles_gives_any_and_only_who_may_invite_invites(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);

        Assert.Equal(Refusal.BadRole, await World.RefusalOfAsync(() => CodeAsync(accounts, accounts.World.Carla, roles: Roles.Moderator)));
        Assert.Equal(Refusal.BadRole, await World.RefusalOfAsync(() => CodeAsync(accounts, accounts.World.Ada, roles: (Roles)256)));
        foreach (var actor in (Actor[])[accounts.World.Bruno, Actor.Visitor])
        {
            await Assert.ThrowsAsync<NotFoundException>(() => CodeAsync(accounts, actor));
            await Assert.ThrowsAsync<NotFoundException>(() => accounts.Invitations.ListAsync(actor, 1));
            await Assert.ThrowsAsync<NotFoundException>(() => accounts.Invitations.OrganisationsAsync(actor));
            await Assert.ThrowsAsync<NotFoundException>(() => accounts.Invitations.WithdrawAsync(actor, 1));
        }
    }

    [Theory]
    [OnBothDatabases]
    public async Task What_the_inviter_loses_the_invitation_loses_too(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        var trusted = await CodeAsync(accounts, accounts.World.Ada, "dora@example.org", Roles.Administrator);
        var annas = await CodeAsync(accounts, accounts.World.Anna);
        await accounts.World.InDbAsync(db => db.Users.Where(m => m.Handle == "ada").ExecuteUpdateAsync(set => set.SetProperty(m => m.Roles, Roles.Member)));
        await accounts.World.InDbAsync(db => db.Users.Where(m => m.Handle == "anna").ExecuteUpdateAsync(set => set.SetProperty(m => m.SuspendedUntil, DateTimeOffset.MaxValue)));

        await accounts.Invitations.AcceptAsync(Actor.Visitor, trusted, Dora());

        Assert.Equal(Roles.Member, (await accounts.MemberAsync("dora@example.org")).Roles);
        Assert.Equal(Refusal.LinkExpired, await World.RefusalOfAsync(() => accounts.Invitations.AcceptAsync(Actor.Visitor, annas, Dora("second@example.org"))));
    }

    [Theory]
    [OnBothDatabases]
    public async Task Withdrawn_or_too_old_it_opens_nothing(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        var withdrawn = await CodeAsync(accounts, accounts.World.Anna);
        await accounts.Invitations.WithdrawAsync(accounts.World.Anna, Assert.Single((await accounts.Invitations.ListAsync(accounts.World.Anna, 1)).Lines).Id);
        var old = await CodeAsync(accounts, accounts.World.Anna);
        accounts.World.Clock.Advance(Invitations.Life);

        foreach (var code in (string?[])[withdrawn, old, "nothing", null])
            Assert.Equal(Refusal.LinkExpired, await World.RefusalOfAsync(() => accounts.Invitations.AcceptAsync(Actor.Visitor, code, Dora())));
        Assert.Equal([InvitationState.Expired, InvitationState.Withdrawn], (await accounts.Invitations.ListAsync(accounts.World.Anna, 1)).Lines.Select(line => line.State));
    }

    [Theory]
    [OnBothDatabases]
    public async Task Everybody_sees_and_withdraws_their_own_and_administrators_all(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        for (var n = 0; n <= Invitations.PageLength; n++)
            await CodeAsync(accounts, accounts.World.Anna, n == 0 ? "first@example.org" : null);
        await CodeAsync(accounts, accounts.World.Carla);

        var first = await accounts.Invitations.ListAsync(accounts.World.Ada, 1);
        var second = await accounts.Invitations.ListAsync(accounts.World.Ada, 2);

        Assert.Equal((Invitations.PageLength, true), (first.Lines.Count, first.HasMore));
        Assert.Equal("Carla Puig", first.Lines[0].By);
        Assert.Equal((2, false), (second.Lines.Count, second.HasMore));
        Assert.Equal("first@example.org", second.Lines[1].Email);
        Assert.Single((await accounts.Invitations.ListAsync(accounts.World.Carla, 1)).Lines);
        await Assert.ThrowsAsync<NotFoundException>(() => accounts.Invitations.WithdrawAsync(accounts.World.Carla, second.Lines[1].Id));
        await accounts.Invitations.WithdrawAsync(accounts.World.Ada, second.Lines[1].Id);
        Assert.Equal(InvitationState.Withdrawn, (await accounts.Invitations.ListAsync(accounts.World.Ada, 2)).Lines[1].State);
    }

    [Theory]
    [OnBothDatabases]
    public async Task Who_has_an_account_is_told_so_where_the_address_is_proven_and_by_mail_where_not(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        var mailed = await CodeAsync(accounts, accounts.World.Anna, "bruno@example.org");
        await accounts.MailsAsync();
        var handed = await CodeAsync(accounts, accounts.World.Anna);

        Assert.Equal(Refusal.AddressKnown, await World.RefusalOfAsync(() => accounts.Invitations.AcceptAsync(Actor.Visitor, mailed, Dora())));
        Assert.Null(await accounts.Invitations.AcceptAsync(Actor.Visitor, handed, Dora("bruno@example.org")));

        Assert.Equal("Sie haben schon ein Konto", Assert.Single(await accounts.MailsAsync()).Subject);
        Assert.Equal("Bruno Weiß", (await accounts.MemberAsync("bruno@example.org")).DisplayName);
        Assert.Null(await accounts.Invitations.AcceptAsync(Actor.Visitor, handed, Dora()));
    }

    [Theory]
    [OnBothDatabases]
    public async Task An_inviter_brings_people_into_the_own_organisation_and_a_coordinator_into_any(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        var (school, chamber) = await accounts.World.InDbAsync(async db =>
        {
            db.Organisations.AddRange(new() { Slug = "school", Name = "School", Country = "IT" }, new() { Slug = "chamber", Name = "Chamber", Country = "AT" });
            await db.SaveChangesAsync();
            var ids = await db.Organisations.ToDictionaryAsync(o => o.Slug, o => o.Id);
            await db.Users.Where(m => m.Handle == "anna").ExecuteUpdateAsync(set => set.SetProperty(m => m.OrganisationId, ids["school"]));
            return (ids["school"], ids["chamber"]);
        });

        Assert.Equal([(school, "School")], await accounts.Invitations.OrganisationsAsync(accounts.World.Anna));
        Assert.Equal([(chamber, "Chamber"), (school, "School")], await accounts.Invitations.OrganisationsAsync(accounts.World.Ada));
        Assert.Equal(Refusal.BadChoice, await World.RefusalOfAsync(() => CodeAsync(accounts, accounts.World.Anna, organisation: chamber)));
        var code = await CodeAsync(accounts, accounts.World.Anna, organisation: school);
        await accounts.Invitations.AcceptAsync(Actor.Visitor, code, Dora());

        Assert.Equal(school, (await accounts.MemberAsync("dora@example.org")).OrganisationId);
    }

    [Theory]
    [OnBothDatabases]
    public async Task The_set_up_link_makes_the_first_administrator_once_and_a_new_one_replaces_it(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        Assert.Null(await accounts.FirstAdministrator.RenewCodeAsync(Actor.Operator));
        await Assert.ThrowsAsync<NotFoundException>(() => accounts.FirstAdministrator.RenewCodeAsync(accounts.World.Bruno));
        await accounts.World.InDbAsync(db => db.Users.Where(m => m.Handle == "ada").ExecuteUpdateAsync(set => set.SetProperty(m => m.Roles, Roles.Member)));

        var replaced = await accounts.FirstAdministrator.RenewCodeAsync(Actor.Operator);
        var code = await accounts.FirstAdministrator.RenewCodeAsync(Actor.Operator);
        Assert.Equal(Refusal.LinkExpired, await World.RefusalOfAsync(() => accounts.Invitations.AcceptAsync(Actor.Visitor, replaced, Dora())));
        var signedIn = await accounts.Invitations.AcceptAsync(Actor.Visitor, code, Dora());

        var member = await accounts.MemberAsync("dora@example.org");
        Assert.True(member.EmailConfirmed);
        Assert.Equal(Roles.Member | Roles.Administrator, member.Roles);
        Assert.Equal(member.Id, signedIn!.Actor.MemberId);
        Assert.Equal(Refusal.LinkExpired, await World.RefusalOfAsync(() => accounts.Invitations.AcceptAsync(Actor.Visitor, code, Dora("second@example.org"))));
        Assert.Null(await accounts.FirstAdministrator.RenewCodeAsync(Actor.Operator));
    }

    [Theory]
    [OnBothDatabases]
    public async Task The_set_up_link_dies_with_time_and_with_an_administrator_made_elsewhere(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        await accounts.World.InDbAsync(db => db.Users.Where(m => m.Handle == "ada").ExecuteUpdateAsync(set => set.SetProperty(m => m.Roles, Roles.Member)));
        var old = await accounts.FirstAdministrator.RenewCodeAsync(Actor.Operator);
        accounts.World.Clock.Advance(FirstAdministrator.LinkLife);
        Assert.Equal(Refusal.LinkExpired, await World.RefusalOfAsync(() => accounts.Invitations.AcceptAsync(Actor.Visitor, old, Dora())));
        var code = await accounts.FirstAdministrator.RenewCodeAsync(Actor.Operator);

        await accounts.World.InDbAsync(db => db.Users.Where(m => m.Handle == "ada").ExecuteUpdateAsync(set => set.SetProperty(m => m.Roles, Roles.Member | Roles.Administrator)));

        Assert.Equal(Refusal.LinkExpired, await World.RefusalOfAsync(() => accounts.Invitations.AcceptAsync(Actor.Visitor, code, Dora())));
    }
}
