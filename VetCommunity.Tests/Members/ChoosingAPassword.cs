using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Members;
using Xunit;

namespace VetCommunity.Tests.Members;

public class ChoosingAPassword
{
    static bool Opens(Member member, string password) =>
        new PasswordHasher<Member>().VerifyHashedPassword(member, member.PasswordHash!, password) != PasswordVerificationResult.Failed;

    static async Task<AccountLinkUse> AskedAsync(AccountsWorld accounts)
    {
        await accounts.Passwords.AskResetAsync(Actor.Visitor, "bruno@example.org");
        return new(await accounts.CodeAsync(), (await accounts.MemberAsync("bruno@example.org")).SecurityStamp);
    }

    sealed record AccountLinkUse(string Code, string? Stamp);

    [Theory]
    [OnBothDatabases]
    public async Task The_link_sets_a_new_password_once_opens_a_locked_account_and_ends_every_session(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        await accounts.World.InDbAsync(db => db.Users.Where(m => m.Handle == "bruno")
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.LockoutEnd, accounts.World.Clock.GetUtcNow().AddMinutes(15)).SetProperty(m => m.AccessFailedCount, 3)));
        var ended = new TaskCompletionSource<AccessEnded>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listening = accounts.World.Feed.Subscribe<AccessEnded>(fact => { ended.TrySetResult(fact); return ValueTask.CompletedTask; });
        var asked = await AskedAsync(accounts);

        await accounts.Passwords.ResetAsync(Actor.Visitor, asked.Code, "a new quiet morning");

        var member = await accounts.MemberAsync("bruno@example.org");
        Assert.True(Opens(member, "a new quiet morning"));
        Assert.NotEqual(asked.Stamp, member.SecurityStamp);
        Assert.Null(member.LockoutEnd);
        Assert.Equal(0, member.AccessFailedCount);
        Assert.Equal(new AccessEnded(2, null, AccessEndedReason.LoggedOut), await ended.Task.WaitAsync(Patience.Enough, TestContext.Current.CancellationToken));
        Assert.Equal("Ihr Passwort wurde geändert", Assert.Single(await accounts.MailsAsync()).Subject);
        Assert.Equal(Refusal.LinkExpired, await World.RefusalOfAsync(() => accounts.Passwords.ResetAsync(Actor.Visitor, asked.Code, "a third quiet morning")));
        Assert.False(await accounts.Passwords.IsOpenAsync(Actor.Visitor, asked.Code));
    }

    [Theory]
    [OnBothDatabases]
    public async Task Used_in_parallel_one_link_sets_one_password(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        var asked = await AskedAsync(accounts);

        var tries = await Task.WhenAll(Enumerable.Range(0, 6).Select(async n =>
        {
            try
            {
                await accounts.Passwords.ResetAsync(Actor.Visitor, asked.Code, $"quiet morning {n}");
                return n;
            }
            catch (RefusedException refused)
            {
                Assert.Equal(Refusal.LinkExpired, refused.Refusal);
                return -1;
            }
        }));

        Assert.True(Opens(await accounts.MemberAsync("bruno@example.org"), $"quiet morning {Assert.Single(tries, n => n >= 0)}"));
    }

    [Theory]
    [OnBothDatabases]
    public async Task Using_one_link_ends_the_others_and_a_refused_password_leaves_it_open(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        var first = await AskedAsync(accounts);
        var second = await AskedAsync(accounts);

        Assert.Equal(Refusal.PasswordTooShort, await World.RefusalOfAsync(() => accounts.Passwords.ResetAsync(Actor.Visitor, second.Code, "short")));
        Assert.True(await accounts.Passwords.IsOpenAsync(Actor.Visitor, second.Code));
        await accounts.Passwords.ResetAsync(Actor.Visitor, second.Code, "a new quiet morning");

        Assert.Equal(Refusal.LinkExpired, await World.RefusalOfAsync(() => accounts.Passwords.ResetAsync(Actor.Visitor, first.Code, "a third quiet morning")));
    }

    [Theory]
    [OnBothDatabases]
    public async Task The_link_expires_and_a_confirmation_link_resets_nothing(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        await accounts.Registration.RegisterAsync(Actor.Visitor, new("dora@example.org", "Dora", "a quiet morning", "en"));
        var confirm = await accounts.CodeAsync();
        var asked = await AskedAsync(accounts);
        accounts.World.Clock.Advance(Passwords.LinkLife);

        Assert.Equal(Refusal.LinkExpired, await World.RefusalOfAsync(() => accounts.Passwords.ResetAsync(Actor.Visitor, asked.Code, "a new quiet morning")));
        Assert.Equal(Refusal.LinkExpired, await World.RefusalOfAsync(() => accounts.Passwords.ResetAsync(Actor.Visitor, confirm, "a new quiet morning")));
    }

    [Theory]
    [OnBothDatabases]
    public async Task For_an_unknown_address_nothing_is_sent_and_nothing_is_said(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);

        await accounts.Passwords.AskResetAsync(Actor.Visitor, "nobody@example.org");

        Assert.Empty(await accounts.MailsAsync());
        Assert.Equal(Refusal.BadEmail, await World.RefusalOfAsync(() => accounts.Passwords.AskResetAsync(Actor.Visitor, "nobody")));
    }

    [Theory]
    [OnBothDatabases]
    public async Task Changing_it_takes_the_present_one_and_gives_the_browser_a_new_stamp(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        var asked = await AskedAsync(accounts);
        await accounts.Passwords.ResetAsync(Actor.Visitor, asked.Code, "a new quiet morning");
        var bruno = accounts.World.Bruno;

        Assert.Equal(Refusal.WrongPassword, await World.RefusalOfAsync(async () => await accounts.Passwords.ChangeAsync(bruno, await accounts.ProofAsync(bruno), "another morning", "the next morning")));
        Assert.Equal(Refusal.PasswordTooShort, await World.RefusalOfAsync(async () => await accounts.Passwords.ChangeAsync(bruno, await accounts.ProofAsync(bruno), "a new quiet morning", "short")));
        var signedIn = await accounts.Passwords.ChangeAsync(bruno, await accounts.ProofAsync(bruno), "a new quiet morning", "the next morning");

        Assert.Equal((await accounts.Accounts.SignedInAsync(bruno.MemberId))!.SecurityStamp, signedIn.SecurityStamp);
        Assert.True(Opens(await accounts.MemberAsync("bruno@example.org"), "the next morning"));
        await Assert.ThrowsAsync<NotFoundException>(() => accounts.Passwords.ChangeAsync(Actor.Visitor, session: null, "x", "the next morning"));
    }

    [Theory]
    [OnBothDatabases]
    public async Task Logging_out_everywhere_makes_every_cookie_worthless_and_ends_connections(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        var before = await accounts.Accounts.SignedInAsync(2);
        var ended = new TaskCompletionSource<AccessEnded>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listening = accounts.World.Feed.Subscribe<AccessEnded>(fact => { ended.TrySetResult(fact); return ValueTask.CompletedTask; });

        await accounts.Sessions.EndAllAsync(accounts.World.Bruno);

        Assert.NotEqual(before!.SecurityStamp, (await accounts.Accounts.SignedInAsync(2))!.SecurityStamp);
        Assert.Equal(2, (await ended.Task.WaitAsync(Patience.Enough, TestContext.Current.CancellationToken)).MemberId);
        await Assert.ThrowsAsync<NotFoundException>(() => accounts.Sessions.EndAllAsync(Actor.Visitor));
    }
}
