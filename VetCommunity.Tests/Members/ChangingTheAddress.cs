using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Members;
using Xunit;

namespace VetCommunity.Tests.Members;

public class ChangingTheAddress
{
    const string Wanted = "bruno@new.example";

    static async Task<EmailChanges> ChangesAsync(AccountsWorld accounts)
    {
        await accounts.MailsAsync();
        return new(accounts.World.Db, accounts.Mails, new(() => "https://vet.example"), accounts.World.Clock);
    }

    // Asks as Bruno and gives the mails that went out, the link's first.
    static async Task<IReadOnlyList<AccountsWorld.SentMail>> AskedAsync(AccountsWorld accounts, EmailChanges changes, string email = Wanted)
    {
        await changes.AskAsync(accounts.World.Bruno, await accounts.ProofAsync(accounts.World.Bruno), email);
        return await accounts.MailsAsync();
    }

    static async Task<string?> AddressAsync(AccountsWorld accounts) =>
        await accounts.World.InDbAsync(db => db.Users.Where(m => m.Id == accounts.World.Bruno.MemberId).Select(m => m.Email).SingleAsync());

    [Theory]
    [OnBothDatabases]
    public async Task The_new_mailbox_answers_before_anything_changes_and_the_old_one_hears_of_both(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        var changes = await ChangesAsync(accounts);
        var session = await accounts.ProofAsync(accounts.World.Bruno);

        var asked = await AskedAsync(accounts, changes, "  Bruno@New.example ");

        Assert.Equal(["Bruno@New.example", "bruno@example.org"], asked.Select(mail => mail.To));
        Assert.DoesNotContain("Bruno Weiß", asked[0].Text, StringComparison.Ordinal);
        Assert.Equal("bruno@example.org", await AddressAsync(accounts));
        Assert.True(await changes.IsOpenAsync(Actor.Visitor, asked[0].Code));
        await changes.ConfirmAsync(Actor.Visitor, asked[0].Code);
        var bruno = await accounts.MemberAsync(Wanted);
        Assert.Equal(("Bruno@New.example", "BRUNO@NEW.EXAMPLE", "Bruno@New.example", "BRUNO@NEW.EXAMPLE", true),
            (bruno.Email, bruno.NormalizedEmail, bruno.UserName, bruno.NormalizedUserName, bruno.EmailConfirmed));
        Assert.Equal("bruno@example.org", Assert.Single(await accounts.MailsAsync()).To);
        Assert.NotNull(await accounts.Sessions.FindAsync(session));
        Assert.Equal(["email.asked", "email.changed"], await accounts.World.InDbAsync(db => db.Audit.Where(a => a.Subject == "member:2").OrderBy(a => a.Id).Select(a => a.What + a.Detail).ToListAsync()));

        Assert.Equal(Refusal.LinkExpired, await World.RefusalOfAsync(() => changes.ConfirmAsync(Actor.Visitor, asked[0].Code)));
        Assert.False(await changes.IsOpenAsync(Actor.Visitor, asked[0].Code));
    }

    [Theory]
    [OnBothDatabases]
    public async Task A_link_expires_and_a_later_wish_a_new_password_or_logging_out_everywhere_ends_it(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        var (changes, bruno) = (await ChangesAsync(accounts), accounts.World.Bruno);
        async Task WorthlessAsync(string code) => Assert.Equal(Refusal.LinkExpired, await World.RefusalOfAsync(() => changes.ConfirmAsync(bruno, code)));

        var late = (await AskedAsync(accounts, changes))[0].Code;
        accounts.World.Clock.Advance(EmailChanges.LinkLife);
        await WorthlessAsync(late);
        var first = (await AskedAsync(accounts, changes))[0].Code;
        var second = (await AskedAsync(accounts, changes, "bruno@other.example"))[0].Code;
        await WorthlessAsync(first);
        await accounts.Sessions.EndAllAsync(bruno);
        await WorthlessAsync(second);
        var third = (await AskedAsync(accounts, changes))[0].Code;
        await accounts.Passwords.AskResetAsync(Actor.Visitor, "bruno@example.org");
        await accounts.Passwords.ResetAsync(Actor.Visitor, await accounts.CodeAsync(), "another quiet morning");
        await WorthlessAsync(third);
        await WorthlessAsync("no such code");

        Assert.Equal("bruno@example.org", await AddressAsync(accounts));
    }

    [Theory]
    [OnBothDatabases]
    public async Task An_address_with_an_account_is_told_there_and_is_never_taken(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        var changes = await ChangesAsync(accounts);

        var asked = await AskedAsync(accounts, changes, "Olga@example.org");
        Assert.Equal(["olga@example.org", "bruno@example.org"], asked.Select(mail => mail.To));
        Assert.Equal("", asked[0].Code);
        Assert.Equal(0, await accounts.World.InDbAsync(db => db.AccountLinks.CountAsync()));

        var code = (await AskedAsync(accounts, changes))[0].Code;
        await accounts.World.InDbAsync(db => db.Users.Where(m => m.Handle == "olga").ExecuteUpdateAsync(set => set.SetProperty(m => m.NormalizedEmail, "BRUNO@NEW.EXAMPLE")));
        Assert.Equal(Refusal.LinkExpired, await World.RefusalOfAsync(() => changes.ConfirmAsync(Actor.Visitor, code)));
        Assert.Equal("bruno@example.org", await AddressAsync(accounts));
    }

    [Theory]
    [OnBothDatabases]
    public async Task Two_who_want_the_same_address_at_once_do_not_both_get_it(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        var changes = await ChangesAsync(accounts);
        var codes = new List<string>();
        foreach (var who in (Actor[])[accounts.World.Bruno, accounts.World.Olga])
        {
            await changes.AskAsync(who, await accounts.ProofAsync(who), "both@new.example");
            codes.Add((await accounts.MailsAsync())[0].Code);
        }

        var done = await Task.WhenAll(codes.Select(async code =>
        {
            try
            {
                await changes.ConfirmAsync(Actor.Visitor, code);
                return true;
            }
            catch (RefusedException refused) when (refused.Refusal == Refusal.LinkExpired)
            {
                return false;
            }
        }));

        Assert.Single(done, one => one);
        Assert.Equal(1, await accounts.World.InDbAsync(db => db.Users.CountAsync(m => m.NormalizedEmail == "BOTH@NEW.EXAMPLE")));
    }

    [Theory]
    [OnBothDatabases]
    public async Task Who_typed_the_address_and_never_confirmed_it_makes_way(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        var changes = await ChangesAsync(accounts);
        await accounts.Registration.RegisterAsync(Actor.Visitor, new(Wanted, "Squatter", "a long quiet morning", "en"));
        await accounts.MailsAsync();

        await changes.ConfirmAsync(Actor.Visitor, (await AskedAsync(accounts, changes))[0].Code);

        Assert.Equal(accounts.World.Bruno.MemberId, (await accounts.MemberAsync(Wanted)).Id);
        Assert.Equal(0, await accounts.World.InDbAsync(db => db.Users.CountAsync(m => m.DisplayName == "Squatter")));
    }

    [Theory]
    [OnBothDatabases]
    public async Task Asking_takes_a_fresh_proof_and_an_address(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        var (changes, bruno) = (await ChangesAsync(accounts), accounts.World.Bruno);
        var session = await accounts.ProofAsync(bruno);

        Assert.Equal(Refusal.BadEmail, await World.RefusalOfAsync(() => changes.AskAsync(bruno, session, "no address")));
        accounts.World.Clock.Advance(SessionRule.Usual.Proof);
        Assert.Equal(Refusal.ProveAgain, await World.RefusalOfAsync(() => changes.AskAsync(bruno, session, Wanted)));
        await Assert.ThrowsAsync<NotFoundException>(() => changes.AskAsync(Actor.Visitor, session, Wanted));
        Assert.Empty(await accounts.MailsAsync());
    }
}
