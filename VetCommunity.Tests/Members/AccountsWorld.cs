using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using MimeKit;
using VetCommunity.Core;
using VetCommunity.Core.Mailing;
using VetCommunity.Core.Members;

namespace VetCommunity.Tests.Members;

/// <summary>The world's accounts, with a mail route that keeps what it was given, or refuses it.</summary>
public sealed partial class AccountsWorld : IAsyncDisposable
{
    readonly World _world;
    readonly Kept _kept = new();

    AccountsWorld(World world, BreachedPasswords? stolen)
    {
        _world = world;
        Mails = new(world.Db, world.Feed, _kept, new(new MailboxAddress("VetCommunity", "noreply@vet.example")), world.Clock, NullLogger<MailQueue>.Instance);
        Registration = new(world.Db, Mails, Site, world.Clock, stolen);
        Passwords = new(world.Db, Mails, Site, world.Feed, world.Clock, stolen);
        Sessions = new(world.Db, world.Feed, world.Clock);
        Invitations = new(world.Db, Mails, Registration, Site, world.Clock);
        FirstAdministrator = new(world.Db, world.Clock);
        Accounts = new(world.Db, world.Feed, world.Clock);
        Passkeys = new(world.Db, Mails, Site, world.Feed, Accounts, FactorRule.Strict, world.Clock);
        Providers = new(world.Db, Mails, Site, world.Feed, Accounts, world.Clock);
        Factors = new(world.Db, Mails, Site, new(Reversed, Reversed), world.Feed, FactorRule.Strict, world.Clock);
    }

    public World World => _world;
    public Site Site { get; } = new(() => "https://vet.example");
    public MailQueue Mails { get; }
    public Registration Registration { get; }
    public Passwords Passwords { get; }
    public Sessions Sessions { get; }
    public Invitations Invitations { get; }
    public FirstAdministrator FirstAdministrator { get; }
    public Accounts Accounts { get; }
    public SecondFactors Factors { get; }
    public Passkeys Passkeys { get; }
    public Providers Providers { get; }

    /// <summary>What the mail server answers instead of taking a mail.</summary>
    public Func<Exception>? MailServerSays { get; set; }

    public static async Task<AccountsWorld> OpenAsync(Database database, BreachedPasswords? stolen = null) => new(await World.OpenAsync(database), stolen);

    /// <summary>The mails sent since the last look.</summary>
    public async Task<IReadOnlyList<SentMail>> MailsAsync()
    {
        _kept.Says = MailServerSays;
        _kept.Sent.Clear();
        await Mails.SendDueAsync(Actor.Operator);
        return [.. _kept.Sent];
    }

    /// <summary>The code in the link of the one mail that was sent now.</summary>
    public async Task<string> CodeAsync() => Xunit.Assert.Single(await MailsAsync()).Code;

    /// <summary>A session in which somebody has just given the password.</summary>
    public async Task<Guid> ProofAsync(Actor who) =>
        (await Sessions.BeginAsync((await Accounts.SignedInAsync(who.MemberId))!, userAgent: null, isRemembered: false)).Id;

    public Task<Member> MemberAsync(string email)
    {
        var normalized = email.ToUpperInvariant();
        return _world.InDbAsync(db => db.Users.AsNoTracking().SingleAsync(m => m.NormalizedEmail == normalized));
    }

    /// <summary>What an app with this key shows now.</summary>
    internal string CodeOf(string key) => TimeCodes.CodeAt(key, _world.Clock.GetUtcNow());

    static string Reversed(string text) => new([.. text.Reverse()]);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    sealed class Kept : IMailRoute
    {
        public List<SentMail> Sent { get; } = [];
        public Func<Exception>? Says { get; set; }

        public Task SendAsync(MimeMessage message, QueuedMail mail, CancellationToken cancel)
        {
            if (Says is { } says)
                throw says();
            Sent.Add(new(message.To.Mailboxes.Single().Address, message.Subject ?? "", message.TextBody ?? "", message.HtmlBody ?? "",
                message.Headers["List-Unsubscribe"], message.Headers["List-Unsubscribe-Post"]));
            return Task.CompletedTask;
        }
    }

    public sealed partial record SentMail(string To, string Subject, string Text, string Html, string? Unsubscribe, string? OneClick)
    {
        public string Code => LinkPattern().Match(Text).Groups["code"].Value;

        [GeneratedRegex("https://vet.example/Account/(Confirm\\?code=|NewEmail\\?code=|ResetPassword\\?code=|Join/)(?<code>[A-Za-z0-9_-]{43})", RegexOptions.ExplicitCapture, 1000)]
        private static partial Regex LinkPattern();
    }
}
