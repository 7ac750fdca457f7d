using System.Security.Cryptography;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Members;
using VetCommunity.Core.Privacy;
using Xunit;

namespace VetCommunity.Tests.Members;

/// <summary>What a passkey that was shown opens, and who may change passkeys. That the signature is right was seen before: see Browser/ComingInByPasskey.</summary>
public class KeepingPasskeys
{
    const string Password = "a quiet morning";

    static async Task<AccountsWorld> OpenAsync(Database database)
    {
        var accounts = await AccountsWorld.OpenAsync(database);
        var hash = Passwords.HashOf(Password);
        await accounts.World.InDbAsync(db => db.Users.ExecuteUpdateAsync(set => set.SetProperty(m => m.PasswordHash, hash).SetProperty(m => m.EmailConfirmed, true)));
        return accounts;
    }

    static UserPasskeyInfo Made(byte number, uint count = 0) =>
        new([number, 1, 2, 3], [4, 5], DateTimeOffset.UnixEpoch, count, ["internal"], isUserVerified: true, isBackupEligible: false, isBackedUp: false, [6], [7]);

    static byte[] Question() => RandomNumberGenerator.GetBytes(32);

    static ShownPasskey Shown(Actor of, byte number, uint count = 0, byte[]? question = null) => new(of.MemberId, [number, 1, 2, 3], count, IsBackedUp: false, question ?? Question());

    static async Task<SignedIn> AddAsync(AccountsWorld accounts, Actor actor, byte number, uint count = 0, Guid? session = null) =>
        await accounts.Passkeys.AddAsync(actor, session ?? await accounts.ProofAsync(actor), "Phone", Made(number, count), Question());

    static async Task<Actor> NowAsync(AccountsWorld accounts, SignedIn signedIn) =>
        (await accounts.Sessions.FindAsync((await accounts.Sessions.BeginAsync(signedIn, userAgent: null, isRemembered: false)).Id))!.SignedIn.Actor;

    [Theory]
    [OnBothDatabases]
    public async Task One_is_added_with_a_fresh_proof_told_by_mail_noted_and_ends_other_sessions(Database database)
    {
        await using var accounts = await OpenAsync(database);
        var bruno = accounts.World.Bruno;
        var elsewhere = await accounts.ProofAsync(bruno);
        Assert.Equal(Refusal.ProveAgain, await World.RefusalOfAsync(() => accounts.Passkeys.AddAsync(bruno, null, "Phone", Made(1), Question())));
        Assert.Equal(Refusal.BadName, await World.RefusalOfAsync(async () => await accounts.Passkeys.AddAsync(bruno, await accounts.ProofAsync(bruno), " ", Made(1), Question())));

        var signedIn = await AddAsync(accounts, bruno, 1);

        var passkey = Assert.Single(await accounts.Passkeys.OwnAsync(bruno));
        Assert.Equal(("Phone", null), (passkey.Name, passkey.UsedAt));
        Assert.Empty(await accounts.Passkeys.OwnAsync(accounts.World.Olga));
        Assert.True(signedIn.ByPasskey);
        Assert.Null(await accounts.Sessions.FindAsync(elsewhere));
        var mail = Assert.Single(await accounts.MailsAsync());
        Assert.Equal("Ein Passkey wurde hinzugefügt", mail.Subject);
        Assert.Contains("„Phone“", mail.Text, StringComparison.Ordinal);
        Assert.Equal(1, await accounts.World.InDbAsync(db => db.Audit.CountAsync(a => a.What == "passkey.added" && a.Subject == "member:2" && a.ActorId == 2)));
        Assert.Equal(Refusal.PasskeyRefused, await World.RefusalOfAsync(() => AddAsync(accounts, accounts.World.Olga, 1)));
        await Assert.ThrowsAsync<NotFoundException>(() => accounts.Passkeys.OwnAsync(Actor.Visitor));
    }

    [Theory]
    [OnBothDatabases]
    public async Task At_most_ten_and_only_ones_own_is_renamed_or_removed(Database database)
    {
        await using var accounts = await OpenAsync(database);
        var (bruno, olga) = (accounts.World.Bruno, accounts.World.Olga);
        for (byte number = 1; number <= Passkeys.Most; number++)
            await AddAsync(accounts, bruno, number);
        Assert.Equal(Refusal.TooManyPasskeys, await World.RefusalOfAsync(() => AddAsync(accounts, bruno, 99)));
        var hers = await accounts.ProofAsync(olga);
        await accounts.Passkeys.RenameAsync(olga, hers, [1, 1, 2, 3], "Hers now");
        Assert.Null(await accounts.Passkeys.RemoveAsync(olga, hers, [1, 1, 2, 3]));
        Assert.Equal(Refusal.ProveAgain, await World.RefusalOfAsync(() => accounts.Passkeys.RemoveAsync(bruno, hers, [1, 1, 2, 3])));
        Assert.Equal(Refusal.ProveAgain, await World.RefusalOfAsync(() => accounts.Passkeys.RenameAsync(bruno, session: null, [1, 1, 2, 3], "Ring")));
        await accounts.MailsAsync();

        await accounts.Passkeys.RenameAsync(bruno, await accounts.ProofAsync(bruno), [2, 1, 2, 3], "  Key  ring ");
        var signedIn = await accounts.Passkeys.RemoveAsync(bruno, await accounts.ProofAsync(bruno), [1, 1, 2, 3]);

        Assert.False(signedIn!.ByPasskey);
        Assert.Equal(["Key ring", .. Enumerable.Repeat("Phone", 8)], (await accounts.Passkeys.OwnAsync(bruno)).Select(p => p.Name).Order(StringComparer.Ordinal));
        Assert.Equal("Ein Passkey wurde entfernt", Assert.Single(await accounts.MailsAsync()).Subject);
        Assert.Equal(Refusal.PasskeyRefused, await World.RefusalOfAsync(() => accounts.Passkeys.PassAsync(Shown(bruno, 1))));
        Assert.Equal(9, await accounts.World.InDbAsync(db => db.UserPasskeys.CountAsync()));
    }

    [Theory]
    [OnBothDatabases]
    public async Task An_answer_is_taken_once_also_when_it_comes_several_times_at_once(Database database)
    {
        await using var accounts = await OpenAsync(database);
        var bruno = accounts.World.Bruno;
        await AddAsync(accounts, bruno, 1);
        var shown = Shown(bruno, 1);

        var tries = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            try
            {
                await accounts.Passkeys.PassAsync(shown);
                return (Refusal?)null;
            }
            catch (RefusedException refused)
            {
                return refused.Refusal;
            }
        }));

        Assert.Single(tries, refusal => refusal is null);
        Assert.Equal(3, tries.Count(refusal => refusal == Refusal.PasskeyRefused));
        var session = await accounts.ProofAsync(bruno);
        Assert.Equal(Refusal.PasskeyRefused, await World.RefusalOfAsync(() => accounts.Passkeys.ProveAsync(bruno, session, shown)));
        Assert.Equal(accounts.World.Clock.GetUtcNow().ToUnixTimeMilliseconds(), Assert.Single(await accounts.Passkeys.OwnAsync(bruno)).UsedAt?.ToUnixTimeMilliseconds());
        accounts.World.Clock.Advance(Passkeys.Patience + Passkeys.Patience + TimeSpan.FromSeconds(1));
        await accounts.Passkeys.PassAsync(Shown(bruno, 1));
        Assert.Equal(1, await accounts.World.InDbAsync(db => db.SpentQuestions.CountAsync()));
    }

    [Theory]
    [OnBothDatabases]
    public async Task A_count_that_does_not_grow_is_that_of_a_copy(Database database)
    {
        await using var accounts = await OpenAsync(database);
        var bruno = accounts.World.Bruno;
        await AddAsync(accounts, bruno, 1, count: 5);

        await accounts.Passkeys.PassAsync(Shown(bruno, 1, count: 7));

        foreach (var count in (uint[])[0, 6, 7])
            Assert.Equal(Refusal.PasskeyRefused, await World.RefusalOfAsync(() => accounts.Passkeys.PassAsync(Shown(bruno, 1, count))));
        await accounts.Passkeys.PassAsync(Shown(bruno, 1, count: 8));
    }

    [Theory]
    [OnBothDatabases]
    public async Task It_lets_in_where_wrong_passwords_locked_the_account_and_nobody_who_is_shut_out(Database database)
    {
        await using var accounts = await OpenAsync(database);
        var bruno = accounts.World.Bruno;
        await AddAsync(accounts, bruno, 1);
        var (later, handle) = (accounts.World.Clock.GetUtcNow() + TimeSpan.FromMinutes(5), bruno.Handle);
        await accounts.World.InDbAsync(db => db.Users.Where(m => m.Id == 2).ExecuteUpdateAsync(set => set.SetProperty(m => m.LockoutEnd, later).SetProperty(m => m.AccessFailedCount, 3)));

        Assert.Equal(2, (await accounts.Passkeys.PassAsync(Shown(bruno, 1))).Actor.MemberId);

        Assert.Equal(3, (await accounts.MemberAsync("bruno@example.org")).AccessFailedCount);
        await accounts.World.InDbAsync(db => db.Users.Where(m => m.Id == 2).ExecuteUpdateAsync(set => set.SetProperty(m => m.EmailConfirmed, false)));
        Assert.Equal(Refusal.EmailNotConfirmed, await World.RefusalOfAsync(() => accounts.Passkeys.PassAsync(Shown(bruno, 1))));
        await accounts.World.InDbAsync(db => db.Users.Where(m => m.Id == 2).ExecuteUpdateAsync(set => set.SetProperty(m => m.EmailConfirmed, true)));
        await accounts.Accounts.SuspendAsync(Actor.Operator, handle, "Adverts", until: null);
        Assert.Equal(Refusal.SuspendedBecause, await World.RefusalOfAsync(() => accounts.Passkeys.PassAsync(Shown(bruno, 1))));
        Assert.Equal(Refusal.PasskeyRefused, await World.RefusalOfAsync(() => accounts.Passkeys.PassAsync(Shown(accounts.World.Olga, 1))));
        Assert.Equal(Refusal.PasskeyRefused, await World.RefusalOfAsync(() => accounts.Passkeys.PassAsync(Shown(bruno with { MemberId = 999 }, 1))));
    }

    [Theory]
    [OnBothDatabases]
    public async Task It_proves_who_one_is_in_ones_own_session_alone(Database database)
    {
        await using var accounts = await OpenAsync(database);
        var (bruno, olga) = (accounts.World.Bruno, accounts.World.Olga);
        await AddAsync(accounts, bruno, 1);
        var id = await accounts.ProofAsync(bruno);
        var hers = await accounts.ProofAsync(olga);
        var before = (await accounts.Sessions.FindAsync(id))!.Session;
        accounts.World.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(Refusal.PasskeyRefused, await World.RefusalOfAsync(() => accounts.Passkeys.ProveAsync(olga, hers, Shown(bruno, 1))));
        await Assert.ThrowsAsync<NotFoundException>(() => accounts.Passkeys.ProveAsync(bruno, hers, Shown(bruno, 1)));
        await Assert.ThrowsAsync<NotFoundException>(() => accounts.Passkeys.ProveAsync(Actor.Visitor, id, Shown(bruno, 1)));
        var there = await accounts.Passkeys.ProveAsync(bruno, id, Shown(bruno, 1));

        var after = (await accounts.Sessions.FindAsync(id))!.Session;
        Assert.Equal((there.Session.Key, true, TimeSpan.FromHours(1)), (after.Key, after.ByPasskey, after.ProvenAt - after.At));
        Assert.NotEqual(before.Key, after.Key);
    }

    [Promise("AU2")]
    [Theory]
    [OnBothDatabases]
    public async Task A_guarded_role_counts_in_a_session_that_has_shown_a_passkey_and_a_password_alone_brings_neither_role_nor_another_second_step(Database database)
    {
        await using var accounts = await OpenAsync(database);
        var carla = accounts.World.Carla;
        var tokens = new AccessTokens(accounts.World.Db, accounts.World.Clock);
        var token = await tokens.CreateAsync(Actor.Operator, "carla@example.org", "script");
        Assert.Equal(Roles.Member, (await tokens.OwnerAsync(token))!.Roles);
        // Who has no second step yet may set up a passkey with the password.
        var first = await AddAsync(accounts, carla, 1);
        Assert.Equal(carla.Roles, (await NowAsync(accounts, first)).Roles);
        Assert.Equal(carla.Roles, (await NowAsync(accounts, await accounts.Passkeys.PassAsync(Shown(carla, 1)))).Roles);
        Assert.Equal(carla.Roles, (await tokens.OwnerAsync(token))!.Roles);
        Assert.Equal((carla.Roles, false), ((await accounts.Accounts.SignedInAsync(carla.MemberId))!.Actor.Roles, (await accounts.Accounts.SignedInAsync(carla.MemberId))!.NeedsFactor));

        var session = await accounts.ProofAsync(carla);
        var byPassword = (await accounts.Sessions.FindAsync(session))!.SignedIn;

        Assert.Equal((Roles.Member, true), (byPassword.Actor.Roles, byPassword.NeedsFactor));
        var world = accounts.World;
        var school = new Arrival("https://school.example", "17", Email: null, "Carla Roca");
        var changes = new EmailChanges(world.Db, accounts.Mails, accounts.Site, world.Clock);
        var erasures = new Erasures(world.Db, accounts.Mails, accounts.Site, world.Feed, new(), world.Clock);
        var exports = new Exports(world.Db, new(Path.GetTempPath()), world.Clock);
        await accounts.Factors.BeginAsync(byPassword.Actor);
        var key = (await accounts.Factors.StateAsync(byPassword.Actor)).Key!;
        foreach (var deed in (Func<Task>[])[
            () => AddAsync(accounts, byPassword.Actor, 2, session: session),
            () => accounts.Passkeys.RemoveAsync(byPassword.Actor, session, [1, 1, 2, 3]),
            () => accounts.Passkeys.RenameAsync(byPassword.Actor, session, [1, 1, 2, 3], "Mine"),
            () => accounts.Factors.ConfirmAsync(byPassword.Actor, session, accounts.CodeOf(key)),
            () => accounts.Passwords.ChangeAsync(byPassword.Actor, session, Password, "another quiet morning"),
            () => accounts.Providers.LinkAsync(byPassword.Actor, session, school),
            () => accounts.Providers.UnlinkAsync(byPassword.Actor, session, "https://former.example"),
            () => changes.AskAsync(byPassword.Actor, session, "carla@elsewhere.example"),
            () => erasures.AskAsync(byPassword.Actor, session, deletesTexts: true),
            () => exports.AskAsync(byPassword.Actor, session),
            () => exports.OpenAsync(byPassword.Actor, session)])
        {
            Assert.Equal(Refusal.ShowPasskey, await World.RefusalOfAsync(deed));
        }
        Assert.Null((await erasures.LookAsync(carla)).Planned);
        await accounts.Passkeys.ProveAsync(byPassword.Actor, session, Shown(carla, 1));
        await changes.AskAsync(carla, session, "carla@elsewhere.example");
        await exports.AskAsync(carla, session);
        var there = (await accounts.Sessions.FindAsync(session))!.SignedIn;
        Assert.Equal((carla.Roles, false), (there.Actor.Roles, there.NeedsFactor));
        await AddAsync(accounts, carla, 2, session: session);
        var left = await accounts.Passkeys.RemoveAsync(carla, (await accounts.Sessions.BeginAsync(await accounts.Passkeys.PassAsync(Shown(carla, 2)), null, false)).Id, [1, 1, 2, 3]);
        Assert.Equal(carla.Roles, (await NowAsync(accounts, left!)).Roles);
        var none = await accounts.Passkeys.RemoveAsync(carla, (await accounts.Sessions.BeginAsync(left!, null, false)).Id, [2, 1, 2, 3]);
        Assert.Equal(Roles.Member, (await NowAsync(accounts, none!)).Roles);
        Assert.Equal(Roles.Member, (await tokens.OwnerAsync(token))!.Roles);
    }

    [Promise("AU5")]
    [Theory]
    [OnBothDatabases]
    public async Task A_new_password_leaves_passkeys_and_a_reset_by_the_operator_takes_them(Database database)
    {
        await using var accounts = await OpenAsync(database);
        var bruno = accounts.World.Bruno;
        await AddAsync(accounts, bruno, 1);
        await accounts.MailsAsync();
        await accounts.Passwords.AskResetAsync(Actor.Visitor, "bruno@example.org");
        await accounts.Passwords.ResetAsync(Actor.Visitor, await accounts.CodeAsync(), "another quiet morning");
        var signedIn = await accounts.Passkeys.PassAsync(Shown(bruno, 1));
        var session = await accounts.Sessions.BeginAsync(signedIn, userAgent: null, isRemembered: false);
        await accounts.MailsAsync();

        await accounts.Factors.ResetAsync(Actor.Operator, "bruno@example.org");

        Assert.Empty(await accounts.Passkeys.OwnAsync(bruno));
        Assert.Null(await accounts.Sessions.FindAsync(session.Id));
        Assert.Equal(Refusal.PasskeyRefused, await World.RefusalOfAsync(() => accounts.Passkeys.PassAsync(Shown(bruno, 1))));
        Assert.Equal("Die Anmeldung verlangt nur noch Ihr Passwort", Assert.Single(await accounts.MailsAsync()).Subject);
    }
}
