using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Members;
using Xunit;

namespace VetCommunity.Tests.Members;

public class ProvingAgain
{
    const string Password = "a quiet morning";

    static async Task<AccountsWorld> OpenAsync(Database database)
    {
        var accounts = await AccountsWorld.OpenAsync(database);
        var hash = Passwords.HashOf(Password);
        await accounts.World.InDbAsync(db => db.Users.ExecuteUpdateAsync(set => set.SetProperty(m => m.PasswordHash, hash)));
        return accounts;
    }

    [Theory]
    [OnBothDatabases]
    public async Task A_proof_counts_for_ten_minutes_in_its_own_session_and_its_members_alone(Database database)
    {
        await using var accounts = await OpenAsync(database);
        var (bruno, clock) = (accounts.World.Bruno, accounts.World.Clock);
        async Task<Refusal> RefusedAsync(Guid? session) =>
            await World.RefusalOfAsync(() => accounts.Passwords.ChangeAsync(bruno, session, Password, "short"));
        var session = await accounts.ProofAsync(bruno);
        var hers = await accounts.ProofAsync(accounts.World.Olga);
        Assert.Equal(Refusal.ProveAgain, await RefusedAsync(null));
        Assert.Equal(Refusal.ProveAgain, await RefusedAsync(hers));

        clock.Advance(SessionRule.Usual.Proof - TimeSpan.FromSeconds(1));
        Assert.Equal(Refusal.PasswordTooShort, await RefusedAsync(session));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Refusal.ProveAgain, await RefusedAsync(session));
        var other = await accounts.ProofAsync(bruno);
        Assert.Equal(Refusal.ProveAgain, await RefusedAsync(session));
        await accounts.Sessions.EndAsync(bruno, other);
        Assert.Equal(Refusal.ProveAgain, await RefusedAsync(other));
        await accounts.Factors.ProveAsync(bruno, session, Password, code: null);

        Assert.Equal(Refusal.PasswordTooShort, await RefusedAsync(session));
    }

    [Theory]
    [OnBothDatabases]
    public async Task A_proof_counts_no_more_once_what_opens_the_account_has_changed(Database database)
    {
        await using var accounts = await OpenAsync(database);
        var bruno = accounts.World.Bruno;
        var sessions = new[] { await accounts.ProofAsync(bruno), await accounts.ProofAsync(bruno) };
        // In one of them a new password is set; a request of each is under way meanwhile.
        await accounts.Passwords.ChangeAsync(bruno, sessions[0], Password, "another quiet morning");
        var proven = await accounts.World.InDbAsync(db => db.Sessions.Where(s => sessions.Contains(s.Id)).Select(s => s.ProvenAt).ToListAsync());
        // Both rows are still there, and fresh.
        Assert.Equal(2, proven.Count(at => SessionRule.Usual.IsFresh(at, accounts.World.Clock.GetUtcNow())));

        foreach (var session in sessions)
        {
            Assert.Equal(Refusal.ProveAgain, await World.RefusalOfAsync(() => accounts.Passwords.ChangeAsync(bruno, session, "another quiet morning", "a noisy evening")));
            Assert.Equal(Refusal.ProveAgain, await World.RefusalOfAsync(() => accounts.Passkeys.RenameAsync(bruno, session, [1], "Mine")));
        }
    }

    [Theory]
    [OnBothDatabases]
    public async Task A_proof_gives_the_session_a_new_key_and_a_wrong_one_gives_nothing(Database database)
    {
        await using var accounts = await OpenAsync(database);
        var bruno = accounts.World.Bruno;
        var id = await accounts.ProofAsync(bruno);
        var hers = await accounts.ProofAsync(accounts.World.Olga);
        var before = (await accounts.Sessions.FindAsync(id))!.Session;
        accounts.World.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(Refusal.WrongPassword, await World.RefusalOfAsync(() => accounts.Factors.ProveAsync(bruno, id, "not it at all", code: null)));
        await Assert.ThrowsAsync<NotFoundException>(() => accounts.Factors.ProveAsync(bruno, hers, Password, code: null));
        await Assert.ThrowsAsync<NotFoundException>(() => accounts.Factors.ProveAsync(Actor.Visitor, id, Password, code: null));
        var unchanged = (await accounts.Sessions.FindAsync(id))!.Session;
        Assert.Equal((before.Key, before.ProvenAt), (unchanged.Key, unchanged.ProvenAt));
        var there = await accounts.Factors.ProveAsync(bruno, id, Password, code: null);

        var after = (await accounts.Sessions.FindAsync(id))!.Session;
        Assert.Equal((there.Session.Key, TimeSpan.FromHours(1)), (after.Key, after.ProvenAt - after.At));
        Assert.NotEqual(before.Key, after.Key);
    }

    [Theory]
    [OnBothDatabases]
    public async Task With_a_second_step_the_password_alone_proves_nothing(Database database)
    {
        await using var accounts = await OpenAsync(database);
        var bruno = accounts.World.Bruno;
        await accounts.Factors.BeginAsync(bruno);
        var key = (await accounts.Factors.StateAsync(bruno)).Key!;
        await accounts.Factors.ConfirmAsync(bruno, await accounts.ProofAsync(bruno), accounts.CodeOf(key));
        accounts.World.Clock.Advance(TimeSpan.FromMinutes(20));
        var id = await accounts.ProofAsync(bruno);

        Assert.Equal(Refusal.WrongCode, await World.RefusalOfAsync(() => accounts.Factors.ProveAsync(bruno, id, Password, code: null)));
        Assert.Equal(Refusal.WrongPassword, await World.RefusalOfAsync(() => accounts.Factors.ProveAsync(bruno, id, "not it at all", accounts.CodeOf(key))));
        await accounts.Factors.ProveAsync(bruno, id, Password, accounts.CodeOf(key));
        Assert.Equal(Refusal.WrongCode, await World.RefusalOfAsync(() => accounts.Factors.ProveAsync(bruno, id, Password, accounts.CodeOf(key))));
    }

    [Theory]
    [OnBothDatabases]
    public async Task Five_wrong_ones_lock_the_account_as_at_log_in_also_at_once(Database database)
    {
        await using var accounts = await OpenAsync(database);
        var bruno = accounts.World.Bruno;
        var id = await accounts.ProofAsync(bruno);

        var tries = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => World.RefusalOfAsync(() => accounts.Factors.ProveAsync(bruno, id, "not it at all", code: null))));

        Assert.Equal(4, tries.Count(refusal => refusal == Refusal.WrongPassword));
        Assert.Equal(4, tries.Count(refusal => refusal == Refusal.LockedOut));
        Assert.Equal(Refusal.LockedOut, await World.RefusalOfAsync(() => accounts.Factors.ProveAsync(bruno, id, Password, code: null)));
        accounts.World.Clock.Advance(SecondFactors.LockTime);
        await accounts.Factors.ProveAsync(bruno, id, Password, code: null);
    }
}
