using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Members;
using Xunit;

namespace VetCommunity.Tests.Members;

public class LoggingInInTwoSteps
{
    const string Password = "a quiet morning";

    static readonly DateTimeOffset Epoch = DateTimeOffset.UnixEpoch;

    static async Task<(AccountsWorld Accounts, string Key, IReadOnlyList<string> Codes)> OnAsync(Database database)
    {
        var accounts = await AccountsWorld.OpenAsync(database);
        var key = await BegunAsync(accounts, accounts.World.Bruno);
        var (_, codes) = await accounts.Factors.ConfirmAsync(accounts.World.Bruno, await accounts.ProofAsync(accounts.World.Bruno), accounts.CodeOf(key));
        accounts.World.Clock.Advance(TimeSpan.FromMinutes(2));
        return (accounts, key, codes);
    }

    static async Task<string> BegunAsync(AccountsWorld accounts, Actor actor)
    {
        var hash = Passwords.HashOf(Password);
        await accounts.World.InDbAsync(db => db.Users.Where(m => m.Id == actor.MemberId).ExecuteUpdateAsync(set => set.SetProperty(m => m.PasswordHash, hash)));
        await accounts.Factors.BeginAsync(actor);
        return (await accounts.Factors.StateAsync(actor)).Key!;
    }

    static async Task<SignedIn> PassAsync(AccountsWorld accounts, string code) =>
        await accounts.Factors.PassAsync(2, (await accounts.MemberAsync("bruno@example.org")).SecurityStamp, code);

    static async Task<Refusal?> RefusalAsync(AccountsWorld accounts, string code)
    {
        try
        {
            await PassAsync(accounts, code);
            return null;
        }
        catch (RefusedException refused)
        {
            return refused.Refusal;
        }
    }

    [Theory]
    [InlineData(59, "287082")]
    [InlineData(1111111109, "081804")]
    [InlineData(1111111111, "050471")]
    [InlineData(1234567890, "005924")]
    [InlineData(2000000000, "279037")]
    [InlineData(20000000000, "353130")]
    public void Codes_are_those_of_the_standard(long seconds, string code) =>
        Assert.Equal(code, TimeCodes.CodeAt("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", Epoch.AddSeconds(seconds)));

    [Promise("AU3")]
    [Theory]
    [InlineData(-61, false)]
    [InlineData(-60, false)]
    [InlineData(-30, true)]
    [InlineData(0, true)]
    [InlineData(30, true)]
    [InlineData(60, false)]
    public void A_clock_may_differ_by_one_step(int seconds, bool isTaken)
    {
        var now = Epoch.AddSeconds(1_800_000_000);
        var key = TimeCodes.NewKey();

        Assert.Equal(isTaken, TimeCodes.StepOf(key, TimeCodes.CodeAt(key, now.AddSeconds(seconds)), now, last: 0) is not null);
    }

    [Theory]
    [OnBothDatabases]
    public async Task Turned_on_by_password_and_code_it_ends_other_sessions_is_told_by_mail_and_noted(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        var bruno = accounts.World.Bruno;
        var key = await BegunAsync(accounts, bruno);
        var ended = new TaskCompletionSource<AccessEnded>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listening = accounts.World.Feed.Subscribe<AccessEnded>(fact => { ended.TrySetResult(fact); return ValueTask.CompletedTask; });
        var before = (await accounts.MemberAsync("bruno@example.org")).SecurityStamp;

        Assert.Equal(Refusal.ProveAgain, await World.RefusalOfAsync(() => accounts.Factors.ConfirmAsync(bruno, session: null, accounts.CodeOf(key))));
        Assert.Equal(Refusal.WrongCode, await World.RefusalOfAsync(async () => await accounts.Factors.ConfirmAsync(bruno, await accounts.ProofAsync(bruno), accounts.CodeOf(TimeCodes.NewKey()))));
        Assert.False((await accounts.Factors.StateAsync(bruno)).IsOn);
        var (signedIn, codes) = await accounts.Factors.ConfirmAsync(bruno, await accounts.ProofAsync(bruno), accounts.CodeOf(key));

        var state = await accounts.Factors.StateAsync(bruno);
        Assert.Equal((true, null, null, SecondFactors.RecoveryCodes), (state.IsOn, state.Key, state.Link, state.CodesLeft));
        Assert.Equal(SecondFactors.RecoveryCodes, codes.Distinct(StringComparer.Ordinal).Count());
        Assert.NotEqual(before, signedIn.SecurityStamp);
        Assert.Equal(AccessEndedReason.LoggedOut, (await ended.Task.WaitAsync(Patience.Enough, TestContext.Current.CancellationToken)).Reason);
        Assert.Equal("Die Anmeldung verlangt jetzt einen Code", Assert.Single(await accounts.MailsAsync()).Subject);
        Assert.Equal(1, await accounts.World.InDbAsync(db => db.Audit.CountAsync(a => a.What == "factor.on" && a.Subject == "member:2" && a.ActorId == 2)));
        Assert.Equal(Refusal.ChangedMeanwhile, await World.RefusalOfAsync(() => accounts.Factors.BeginAsync(bruno)));
        Assert.Equal(Refusal.ChangedMeanwhile, await World.RefusalOfAsync(async () => await accounts.Factors.ConfirmAsync(bruno, await accounts.ProofAsync(bruno), accounts.CodeOf(key))));
    }

    [Promise("AU3")]
    [Theory]
    [OnBothDatabases]
    public async Task A_code_works_once_also_for_whoever_types_it_at_the_same_time(Database database)
    {
        var (accounts, key, _) = await OnAsync(database);
        await using var world = accounts;
        var code = accounts.CodeOf(key);

        var tries = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => RefusalAsync(accounts, code)));

        Assert.Single(tries, refusal => refusal is null);
        Assert.Equal(3, tries.Count(refusal => refusal == Refusal.WrongCode));
        accounts.World.Clock.Advance(TimeCodes.Step);
        Assert.Equal(Refusal.WrongCode, await RefusalAsync(accounts, code));
        Assert.Equal(2, (await PassAsync(accounts, accounts.CodeOf(key))).Actor.MemberId);
    }

    [Theory]
    [OnBothDatabases]
    public async Task The_code_that_turned_it_on_does_not_log_in(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        var key = await BegunAsync(accounts, accounts.World.Bruno);
        await accounts.Factors.ConfirmAsync(accounts.World.Bruno, await accounts.ProofAsync(accounts.World.Bruno), accounts.CodeOf(key));

        Assert.Equal(Refusal.WrongCode, await RefusalAsync(accounts, accounts.CodeOf(key)));
    }

    [Promise("AU4")]
    [Theory]
    [OnBothDatabases]
    public async Task A_recovery_code_works_once_however_it_is_typed_and_cannot_be_read_in_the_database(Database database)
    {
        var (accounts, key, codes) = await OnAsync(database);
        await using var world = accounts;
        await accounts.MailsAsync();

        await PassAsync(accounts, codes[3].Replace('-', ' ').ToLowerInvariant());

        Assert.Equal(Refusal.WrongCode, await RefusalAsync(accounts, codes[3]));
        Assert.Contains("Verbleibende Codes: 9.", Assert.Single(await accounts.MailsAsync()).Text, StringComparison.Ordinal);
        var (hashes, sealedKey) = await accounts.World.InDbAsync(async db =>
            (await db.RecoveryCodes.Select(c => c.Hash).ToListAsync(), await db.SecondFactors.Select(f => f.SealedKey).SingleAsync()));
        Assert.All(hashes, hash => Assert.Equal(32, hash.Length));
        Assert.DoesNotContain(key, sealedKey, StringComparison.Ordinal);
    }

    [Theory]
    [OnBothDatabases]
    public async Task Five_wrong_codes_lock_the_account_also_at_once_and_a_right_one_forgets_them(Database database)
    {
        var (accounts, key, codes) = await OnAsync(database);
        await using var world = accounts;
        for (var wrong = 0; wrong < 4; wrong++)
            Assert.Equal(Refusal.WrongCode, await RefusalAsync(accounts, "no such code"));
        await PassAsync(accounts, accounts.CodeOf(key));

        var tries = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => RefusalAsync(accounts, "no such code")));

        Assert.Equal(4, tries.Count(refusal => refusal == Refusal.WrongCode));
        Assert.Equal(4, tries.Count(refusal => refusal == Refusal.LockedOut));
        Assert.Equal(Refusal.LockedOut, await RefusalAsync(accounts, codes[0]));
        accounts.World.Clock.Advance(SecondFactors.LockTime);
        Assert.Null(await RefusalAsync(accounts, codes[0]));
    }

    [Promise("AU5")]
    [Theory]
    [OnBothDatabases]
    public async Task A_new_password_keeps_the_second_step_and_makes_the_first_one_worthless(Database database)
    {
        var (accounts, key, _) = await OnAsync(database);
        await using var world = accounts;
        var stamp = (await accounts.MemberAsync("bruno@example.org")).SecurityStamp;
        await accounts.MailsAsync();
        await accounts.Passwords.AskResetAsync(Actor.Visitor, "bruno@example.org");
        await accounts.Passwords.ResetAsync(Actor.Visitor, await accounts.CodeAsync(), "another quiet morning");

        Assert.True((await accounts.Factors.StateAsync(accounts.World.Bruno)).IsOn);
        Assert.Equal(Refusal.LogInAnew, await World.RefusalOfAsync(() => accounts.Factors.PassAsync(2, stamp, accounts.CodeOf(key))));
    }

    [Theory]
    [OnBothDatabases]
    public async Task Turning_off_and_new_recovery_codes_take_a_fresh_proof(Database database)
    {
        var (accounts, _, codes) = await OnAsync(database);
        await using var world = accounts;
        var bruno = accounts.World.Bruno;
        var session = await accounts.ProofAsync(bruno);
        accounts.World.Clock.Advance(SessionRule.Usual.Proof);
        Assert.Equal(Refusal.ProveAgain, await World.RefusalOfAsync(() => accounts.Factors.TurnOffAsync(bruno, session)));
        Assert.Equal(Refusal.ProveAgain, await World.RefusalOfAsync(() => accounts.Factors.RenewCodesAsync(bruno, session)));
        await accounts.Factors.ProveAsync(bruno, session, Password, codes[0]);

        var stamp = (await accounts.MemberAsync("bruno@example.org")).SecurityStamp;
        await accounts.MailsAsync();
        var renewed = await accounts.Factors.RenewCodesAsync(bruno, session);
        // Whoever else is in this account is out, and its owner hears of it.
        Assert.NotEqual(stamp, renewed.SignedIn.SecurityStamp);
        Assert.Equal("Neue Wiederherstellungscodes", Assert.Single(await accounts.MailsAsync()).Subject);
        Assert.Equal(Refusal.WrongCode, await RefusalAsync(accounts, codes[1]));
        session = await accounts.ProofAsync(bruno);
        await accounts.Factors.TurnOffAsync(bruno, session);

        Assert.Equal(Refusal.LogInAnew, await RefusalAsync(accounts, renewed.Codes[1]));
        var state = await accounts.Factors.StateAsync(bruno);
        Assert.Equal((false, null, 0), (state.IsOn, state.Key, state.CodesLeft));
    }

    [Promise("AU2")]
    [Theory]
    [OnBothDatabases]
    public async Task A_guarded_role_gives_nothing_until_the_second_step_is_on(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        var carla = accounts.World.Carla;
        var tokens = new AccessTokens(accounts.World.Db, accounts.World.Clock);
        var token = await tokens.CreateAsync(Actor.Operator, "carla@example.org", "script");
        var before = await accounts.Accounts.SignedInAsync(carla.MemberId);
        Assert.Equal((Roles.Member, true), (before!.Actor.Roles, before.NeedsFactor));
        Assert.Equal(Roles.Member, (await tokens.OwnerAsync(token))!.Roles);
        Assert.True((await accounts.Factors.StateAsync(before.Actor)).IsRequired);

        var key = await BegunAsync(accounts, before.Actor);
        await accounts.Factors.ConfirmAsync(before.Actor, await accounts.ProofAsync(before.Actor), accounts.CodeOf(key));

        var after = await accounts.Accounts.SignedInAsync(carla.MemberId);
        Assert.Equal((carla.Roles, false), (after!.Actor.Roles, after.NeedsFactor));
        Assert.Equal(carla.Roles, (await tokens.OwnerAsync(token))!.Roles);
        var trainer = await accounts.Accounts.SignedInAsync(accounts.World.Anna.MemberId);
        Assert.Equal((accounts.World.Anna.Roles, false), (trainer!.Actor.Roles, trainer.NeedsFactor));
        var demo = await new Accounts(accounts.World.Db, accounts.World.Feed, accounts.World.Clock, FactorRule.Free).SignedInAsync(accounts.World.Ada.MemberId);
        Assert.Equal((accounts.World.Ada.Roles, false), (demo!.Actor.Roles, demo.NeedsFactor));
    }

    [Theory]
    [OnBothDatabases]
    public async Task Only_the_operator_takes_it_from_another_account(Database database)
    {
        var (accounts, _, codes) = await OnAsync(database);
        await using var world = accounts;

        await Assert.ThrowsAsync<NotFoundException>(() => accounts.Factors.ResetAsync(accounts.World.Ada, "bruno@example.org"));
        Assert.Equal(Refusal.UnknownMember, await World.RefusalOfAsync(() => accounts.Factors.ResetAsync(Actor.Operator, "nobody@example.org")));
        await accounts.Factors.ResetAsync(Actor.Operator, "Bruno@example.org");

        Assert.False((await accounts.Factors.StateAsync(accounts.World.Bruno)).IsOn);
        Assert.Equal(Refusal.LogInAnew, await RefusalAsync(accounts, codes[0]));
        Assert.Equal(0, await accounts.World.InDbAsync(db => db.RecoveryCodes.CountAsync()));
        await Assert.ThrowsAsync<NotFoundException>(() => accounts.Factors.StateAsync(Actor.Visitor));
        await Assert.ThrowsAsync<NotFoundException>(() => accounts.Factors.BeginAsync(Actor.Visitor));
    }
}
