using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Members;
using Xunit;

namespace VetCommunity.Tests.Members;

/// <summary>What the word of another service makes and opens. How it is heard: see ComingInByOpenId.</summary>
public class LinkingProviders
{
    const string School = "https://school.example";

    static Arrival Of(string subject, string? email = null, string provider = School) => new(provider, subject, email, "Dora Conti");

    static Task<Arrived> JoinAsync(AccountsWorld accounts, Arrival arrival, string name = "Dora Conti") =>
        accounts.Providers.JoinAsync(Actor.Visitor, arrival, name, "it", country: null);

    static async Task<Actor> JoinedAsync(AccountsWorld accounts, string subject, string email) => (await JoinAsync(accounts, Of(subject, email))).SignedIn.Actor;

    [Theory]
    [OnBothDatabases]
    public async Task A_new_account_has_the_confirmed_address_and_an_address_that_has_one_makes_none(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        Assert.Null(await accounts.Providers.FindAsync(Of("17")));

        var arrived = await JoinAsync(accounts, Of("17", "dora@school.example"));

        var member = await accounts.MemberAsync("dora@school.example");
        Assert.Equal((member.Id, false), (arrived.SignedIn.Actor.MemberId, arrived.AsksCode));
        Assert.Equal((true, null, "it"), (member.EmailConfirmed, member.PasswordHash, member.Language));
        Assert.Equal(member.Id, (await accounts.Providers.FindAsync(Of("17", "moved@school.example")))!.SignedIn.Actor.MemberId);
        Assert.Null(await accounts.Providers.FindAsync(Of("17", provider: "https://other.example")));
        Assert.True(await accounts.Providers.HasAccountAsync(Of("18", "DORA@school.example")));
        Assert.False(await accounts.Providers.HasAccountAsync(Of("18")));
        Assert.Equal(Refusal.AddressKnown, await World.RefusalOfAsync(() => JoinAsync(accounts, Of("18", "Dora@school.example"))));
        Assert.Equal(Refusal.AddressKnown, await World.RefusalOfAsync(() => JoinAsync(accounts, Of("17", "other@school.example"))));
        Assert.Equal(Refusal.BadEmail, await World.RefusalOfAsync(() => JoinAsync(accounts, Of("19"))));
        Assert.Equal(Refusal.BadName, await World.RefusalOfAsync(() => JoinAsync(accounts, Of("19", "emil@school.example"), " ")));
        Assert.Equal(Refusal.ProviderTaken, await World.RefusalOfAsync(() => JoinAsync(accounts, Of(new string('1', 256), "emil@school.example"))));
        Assert.False(await accounts.World.InDbAsync(db => db.Users.AnyAsync(m => m.NormalizedEmail == "EMIL@SCHOOL.EXAMPLE")));
    }

    [Theory]
    [OnBothDatabases]
    public async Task An_account_that_nobody_confirmed_makes_way_and_a_suspended_one_does_not(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        await accounts.Registration.RegisterAsync(Actor.Visitor, new("dora@school.example", "Not Dora", "a quiet morning", "en"));
        var code = await accounts.CodeAsync();

        var dora = await JoinedAsync(accounts, "17", "dora@school.example");

        Assert.Equal("Dora Conti", dora.Name);
        Assert.Equal(Refusal.LinkExpired, await World.RefusalOfAsync(() => accounts.Registration.ConfirmAsync(Actor.Visitor, code)));
        await accounts.World.InDbAsync(db => db.Users.Where(m => m.Id == 2).ExecuteUpdateAsync(set => set.SetProperty(m => m.EmailConfirmed, false).SetProperty(m => m.SuspendedUntil, DateTimeOffset.MaxValue)));
        Assert.Equal(Refusal.AddressKnown, await World.RefusalOfAsync(() => JoinAsync(accounts, Of("18", "bruno@example.org"))));
    }

    [Theory]
    [OnBothDatabases]
    public async Task Linking_takes_a_fresh_proof_is_told_by_mail_noted_and_ends_other_sessions(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        var (bruno, olga) = (accounts.World.Bruno, accounts.World.Olga);
        await accounts.World.InDbAsync(db => db.Users.ExecuteUpdateAsync(set => set.SetProperty(m => m.EmailConfirmed, true).SetProperty(m => m.PasswordHash, "some")));
        var elsewhere = await accounts.ProofAsync(bruno);
        var hers = await accounts.ProofAsync(olga);
        Assert.Equal(Refusal.ProveAgain, await World.RefusalOfAsync(() => accounts.Providers.LinkAsync(bruno, hers, Of("17"))));
        await Assert.ThrowsAsync<NotFoundException>(() => accounts.Providers.LinkAsync(Actor.Visitor, hers, Of("17")));

        await accounts.Providers.LinkAsync(bruno, await accounts.ProofAsync(bruno), Of("17", "bruno@school.example"));

        Assert.Equal(new LinkedProvider(School, "bruno@school.example"), Assert.Single(await accounts.Providers.OwnAsync(bruno)));
        Assert.Equal(2, (await accounts.Providers.FindAsync(Of("17")))!.SignedIn.Actor.MemberId);
        Assert.Null(await accounts.Sessions.FindAsync(elsewhere));
        Assert.Equal("Ein Konto eines anderen Dienstes wurde verbunden", Assert.Single(await accounts.MailsAsync()).Subject);
        Assert.Equal(1, await accounts.World.InDbAsync(db => db.Audit.CountAsync(a => a.What == "provider.linked" && a.Subject == "member:2" && a.ActorId == 2)));
        Assert.Equal(Refusal.ProviderTaken, await World.RefusalOfAsync(() => accounts.Providers.LinkAsync(olga, hers, Of("17"))));
        Assert.Equal(Refusal.ProviderTaken, await World.RefusalOfAsync(async () => await accounts.Providers.LinkAsync(bruno, await accounts.ProofAsync(bruno), Of("18"))));
        Assert.Null(await accounts.Providers.UnlinkAsync(olga, hers, School));
        Assert.Equal(Refusal.ProveAgain, await World.RefusalOfAsync(() => accounts.Providers.UnlinkAsync(bruno, hers, School)));
        Assert.NotNull(await accounts.Providers.UnlinkAsync(bruno, await accounts.ProofAsync(bruno), School));
        Assert.Null(await accounts.Providers.FindAsync(Of("17")));
        Assert.Equal("Ein Konto eines anderen Dienstes wurde getrennt", Assert.Single(await accounts.MailsAsync()).Subject);
    }

    [Theory]
    [OnBothDatabases]
    public async Task The_only_way_in_stays_until_there_is_another(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        var dora = await JoinedAsync(accounts, "17", "dora@school.example");
        Assert.Equal(Refusal.OnlyWayIn, await World.RefusalOfAsync(async () => await accounts.Providers.UnlinkAsync(dora, await accounts.ProofAsync(dora), School)));
        Assert.Single(await accounts.Providers.OwnAsync(dora));

        await accounts.Providers.LinkAsync(dora, await accounts.ProofAsync(dora), Of("5", provider: "https://other.example"));

        Assert.NotNull(await accounts.Providers.UnlinkAsync(dora, await accounts.ProofAsync(dora), School));
        Assert.Equal(Refusal.OnlyWayIn, await World.RefusalOfAsync(async () => await accounts.Providers.UnlinkAsync(dora, await accounts.ProofAsync(dora), "https://other.example")));
        await accounts.Passkeys.AddAsync(dora, await accounts.ProofAsync(dora), "Phone",
            new([1], [2], DateTimeOffset.UnixEpoch, 0, transports: null, isUserVerified: true, isBackupEligible: false, isBackedUp: false, [], []), [3]);
        Assert.NotNull(await accounts.Providers.UnlinkAsync(dora, await accounts.ProofAsync(dora), "https://other.example"));
        // And then the passkey is.
        Assert.Equal(Refusal.OnlyWayIn, await World.RefusalOfAsync(async () => await accounts.Passkeys.RemoveAsync(dora, await accounts.ProofAsync(dora), [1])));
    }

    [Theory]
    [OnBothDatabases]
    public async Task It_is_a_first_step_and_lets_in_nobody_who_is_shut_out(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        await JoinAsync(accounts, Of("17", "dora@school.example"));
        var normalized = "DORA@SCHOOL.EXAMPLE";

        await accounts.World.InDbAsync(db => db.Users.Where(m => m.NormalizedEmail == normalized).ExecuteUpdateAsync(set => set.SetProperty(m => m.TwoFactorEnabled, true)));

        Assert.True((await accounts.Providers.FindAsync(Of("17")))!.AsksCode);
        await accounts.Accounts.SuspendAsync(Actor.Operator, (await accounts.MemberAsync("dora@school.example")).Handle, "Adverts", until: null);
        Assert.Equal(Refusal.SuspendedBecause, await World.RefusalOfAsync(() => accounts.Providers.FindAsync(Of("17"))));
    }
}
