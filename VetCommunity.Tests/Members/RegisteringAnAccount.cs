using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Members;
using Xunit;

namespace VetCommunity.Tests.Members;

public class RegisteringAnAccount
{
    static NewAccount Dora(string? password = "a quiet morning", string? email = "dora@example.org", string? name = "Dora Conti", string? country = null) =>
        new(email, name, password, "it", country);

    static bool Opens(Member member, string password) =>
        new PasswordHasher<Member>().VerifyHashedPassword(member, member.PasswordHash!, password) != PasswordVerificationResult.Failed;

    [Theory]
    [OnBothDatabases]
    public async Task The_link_of_the_mail_confirms_the_address_once(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);

        await accounts.Registration.RegisterAsync(Actor.Visitor, Dora());
        var before = await accounts.MemberAsync("dora@example.org");
        var code = await accounts.CodeAsync();
        await accounts.Registration.ConfirmAsync(Actor.Visitor, code);

        var member = await accounts.MemberAsync("dora@example.org");
        Assert.False(before.EmailConfirmed);
        Assert.True(member.EmailConfirmed);
        Assert.Equal(("dora-conti", "Dora Conti", Roles.Member, "it", "Europe/Rome"), (member.Handle, member.DisplayName, member.Roles, member.Language, member.TimeZone));
        Assert.True(Opens(member, "a quiet morning"));
        Assert.Equal(Refusal.LinkExpired, await World.RefusalOfAsync(() => accounts.Registration.ConfirmAsync(Actor.Visitor, code)));
    }

    [Theory]
    [OnBothDatabases]
    public async Task A_newcomer_gets_no_handle_that_is_reserved_or_was_somebody_elses(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        var profiles = new Profiles(accounts.World.Db, accounts.World.Clock);
        var own = await profiles.OwnAsync(accounts.World.Bruno);
        await profiles.SaveAsync(accounts.World.Bruno, own.Values with { Handle = "weiss" }, own.Stamp);

        await accounts.Registration.RegisterAsync(Actor.Visitor, Dora(name: "Bruno"));
        await accounts.Registration.RegisterAsync(Actor.Visitor, Dora(email: "root@example.org", name: "Administrator"));

        Assert.Equal("bruno-2", (await accounts.MemberAsync("dora@example.org")).Handle);
        Assert.Equal("administrator-2", (await accounts.MemberAsync("root@example.org")).Handle);
    }

    [Theory]
    [OnBothDatabases]
    public async Task An_account_that_nobody_confirms_frees_its_handle_and_its_address(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        await accounts.Registration.RegisterAsync(Actor.Visitor, Dora());
        await accounts.Registration.RegisterAsync(Actor.Visitor, Dora(email: "asks@example.org", name: "Asks Again"));
        accounts.World.Clock.Advance(Registration.Patience - TimeSpan.FromMinutes(1));
        await accounts.Registration.ResendAsync(Actor.Visitor, "asks@example.org");
        Assert.Equal(0, await accounts.Registration.ForgetUnconfirmedAsync(Actor.Operator));
        accounts.World.Clock.Advance(TimeSpan.FromMinutes(2));
        await Assert.ThrowsAsync<NotFoundException>(() => accounts.Registration.ForgetUnconfirmedAsync(accounts.World.Ada));

        Assert.Equal(1, await accounts.Registration.ForgetUnconfirmedAsync(Actor.Operator));

        Assert.False((await accounts.MemberAsync("asks@example.org")).EmailConfirmed);
        Assert.True((await accounts.MemberAsync("bruno@example.org")).EmailConfirmed);
        await accounts.MailsAsync();
        await accounts.Registration.RegisterAsync(Actor.Visitor, Dora());
        await accounts.Registration.ConfirmAsync(Actor.Visitor, await accounts.CodeAsync());
        Assert.Equal("dora-conti", (await accounts.MemberAsync("dora@example.org")).Handle);
    }

    [Theory]
    [OnBothDatabases]
    public async Task A_link_that_is_too_old_or_unknown_confirms_nothing(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        await accounts.Registration.RegisterAsync(Actor.Visitor, Dora());
        var code = await accounts.CodeAsync();

        accounts.World.Clock.Advance(Registration.LinkLife + TimeSpan.FromSeconds(1));

        Assert.Equal(Refusal.LinkExpired, await World.RefusalOfAsync(() => accounts.Registration.ConfirmAsync(Actor.Visitor, code)));
        Assert.Equal(Refusal.LinkExpired, await World.RefusalOfAsync(() => accounts.Registration.ConfirmAsync(Actor.Visitor, "nothing")));
        Assert.Equal(Refusal.LinkExpired, await World.RefusalOfAsync(() => accounts.Registration.ConfirmAsync(Actor.Visitor, null)));
        Assert.False((await accounts.MemberAsync("dora@example.org")).EmailConfirmed);
    }

    [Theory]
    [OnBothDatabases]
    public async Task Whose_address_is_known_hears_of_it_by_mail_and_nothing_changes(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        var before = await accounts.MemberAsync("bruno@example.org");

        await accounts.Registration.RegisterAsync(Actor.Visitor, Dora(email: " Bruno@Example.org "));

        var after = await accounts.MemberAsync("bruno@example.org");
        var mail = Assert.Single(await accounts.MailsAsync());
        Assert.Equal("Sie haben schon ein Konto", mail.Subject);
        Assert.Equal("bruno@example.org", mail.To);
        Assert.Empty(mail.Code);
        Assert.Equal((before.PasswordHash, before.DisplayName, before.SecurityStamp), (after.PasswordHash, after.DisplayName, after.SecurityStamp));
    }

    [Theory]
    [OnBothDatabases]
    public async Task A_stranger_who_registered_my_address_before_chose_no_password_for_me(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        await accounts.Registration.RegisterAsync(Actor.Visitor, Dora("the stranger's word", name: "Stranger"));
        var strangers = await accounts.CodeAsync();
        await accounts.Registration.RegisterAsync(Actor.Visitor, Dora());
        var mine = await accounts.CodeAsync();
        await accounts.Registration.RegisterAsync(Actor.Visitor, Dora("the stranger's second word", name: "Stranger"));

        await accounts.Registration.ConfirmAsync(Actor.Visitor, mine);

        var member = await accounts.MemberAsync("dora@example.org");
        Assert.Equal("Dora Conti", member.DisplayName);
        Assert.True(Opens(member, "a quiet morning"));
        Assert.Equal(Refusal.LinkExpired, await World.RefusalOfAsync(() => accounts.Registration.ConfirmAsync(Actor.Visitor, strangers)));
    }

    [Theory]
    [OnBothDatabases]
    public async Task The_mail_that_is_sent_again_lets_its_owner_choose_the_password_whoever_registered_the_address(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        await accounts.Registration.RegisterAsync(Actor.Visitor, Dora());
        var first = await accounts.CodeAsync();
        await accounts.Registration.RegisterAsync(Actor.Visitor, Dora() with { Password = "a stranger's morning" });
        await accounts.CodeAsync();

        await accounts.Registration.ResendAsync(Actor.Visitor, "DORA@example.org");
        var second = await accounts.CodeAsync();
        await accounts.Registration.ResendAsync(Actor.Visitor, "nobody@example.org");

        Assert.Empty(await accounts.MailsAsync());
        Assert.NotEqual(first, second);
        Assert.Equal(Refusal.LinkExpired, await World.RefusalOfAsync(() => accounts.Registration.ConfirmAsync(Actor.Visitor, second)));
        await accounts.Passwords.ResetAsync(Actor.Visitor, second, "another quiet morning");
        var member = await accounts.MemberAsync("dora@example.org");
        Assert.True(member.EmailConfirmed);
        Assert.True(Opens(member, "another quiet morning"));
        Assert.Equal(Refusal.LinkExpired, await World.RefusalOfAsync(() => accounts.Registration.ConfirmAsync(Actor.Visitor, first)));
    }

    [Theory]
    [OnBothDatabases]
    public async Task Many_at_once_with_one_name_and_one_address_become_one_member_each(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(n => accounts.Registration.RegisterAsync(Actor.Visitor, Dora(email: $"dora{n / 2}@example.org"))));

        var handles = await accounts.World.InDbAsync(db => db.Users.Where(m => m.DisplayName == "Dora Conti").Select(m => m.Handle).ToListAsync());
        Assert.Equal(["dora-conti", "dora-conti-2", "dora-conti-3", "dora-conti-4"], handles.Order(StringComparer.Ordinal));
        Assert.Equal(8, (await accounts.MailsAsync()).Count);
    }

    [Promise("IN11")]
    [Theory]
    [OnBothDatabases]
    public async Task What_is_no_address_name_or_password_is_refused_and_nothing_is_stored(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        var before = await accounts.World.InDbAsync(db => db.Users.CountAsync());

        foreach (var (account, refusal) in ((NewAccount, Refusal)[])[
            (Dora(email: null), Refusal.BadEmail),
            (Dora(email: "dora"), Refusal.BadEmail),
            (Dora(email: "Dora <dora@example.org>"), Refusal.BadEmail),
            (Dora(email: "dora@example.org\r\nBcc: all@example.org"), Refusal.BadEmail),
            (Dora(email: "do\u200bra@example.org"), Refusal.BadEmail),
            (Dora(email: "\u202edora@example.org"), Refusal.BadEmail),
            (Dora(email: new string('d', 250) + "@example.org"), Refusal.BadEmail),
            (Dora(name: " \u202E\u0007 "), Refusal.BadName),
            (Dora(name: new string('d', 81)), Refusal.BadName),
            (Dora(null), Refusal.PasswordTooShort),
            (Dora("nine char"), Refusal.PasswordTooShort),
            (Dora(new string('x', 201)), Refusal.PasswordTooLong),
            (Dora("Password123"), Refusal.PasswordTooCommon),
            (Dora("abababababab"), Refusal.PasswordTooCommon),
            (Dora("DORA@example.org"), Refusal.PasswordTooCommon)])
        {
            Assert.Equal(refusal, await World.RefusalOfAsync(() => accounts.Registration.RegisterAsync(Actor.Visitor, account)));
        }

        Assert.Equal(before, await accounts.World.InDbAsync(db => db.Users.CountAsync()));
        Assert.Empty(await accounts.MailsAsync());
    }

    [Theory]
    [InlineData("Νίκος Τσαμουρής", "nikos-tsamouris")]
    [InlineData("Núria Puig i Soler", "nuria-puig-i-soler")]
    [InlineData("Jürgen Groß", "jurgen-gross")]
    [InlineData("李小龙", "member-2")]
    [InlineData("42", "member-2")]
    [InlineData("Admin", "admin-2")]
    [InlineData("System", "system-2")]
    public async Task The_handle_comes_from_the_name(string name, string handle)
    {
        await using var accounts = await AccountsWorld.OpenAsync(Database.Sqlite);

        await accounts.Registration.RegisterAsync(Actor.Visitor, Dora(name: name));

        Assert.Equal(handle, (await accounts.MemberAsync("dora@example.org")).Handle);
    }

    [Theory]
    [InlineData("AT", "Europe/Vienna")]
    [InlineData("XX", "Europe/Rome")]
    [InlineData(null, "Europe/Rome")]
    public async Task The_first_time_zone_is_that_of_the_country_or_the_language(string? country, string zone)
    {
        await using var accounts = await AccountsWorld.OpenAsync(Database.Sqlite);

        await accounts.Registration.RegisterAsync(Actor.Visitor, Dora(country: country));

        Assert.Equal(zone, (await accounts.MemberAsync("dora@example.org")).TimeZone);
    }

    [Theory]
    [OnBothDatabases]
    public async Task A_former_handle_goes_to_no_newcomer_of_that_name(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        var profiles = new Profiles(accounts.World.Db, accounts.World.Clock);
        var own = await profiles.OwnAsync(accounts.World.Bruno);
        await profiles.SaveAsync(accounts.World.Bruno, own.Values with { Handle = "bruno-weiss" }, own.Stamp);

        await accounts.Registration.RegisterAsync(Actor.Visitor, Dora(name: "Bruno"));
        await accounts.Registration.ConfirmAsync(Actor.Visitor, await accounts.CodeAsync());

        Assert.Equal("bruno-2", (await accounts.MemberAsync("dora@example.org")).Handle);
        Assert.Equal("bruno-weiss", (await new People(accounts.World.Db, accounts.World.Clock).ProfileAsync(accounts.World.Anna, "bruno")).Handle);
    }
}
