using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Mailing;
using VetCommunity.Core.Noticing;
using VetCommunity.Tests.Members;

namespace VetCommunity.Tests.Noticing;

/// <summary>The world with its notices. What the server does in the background is done here when the test says so.</summary>
public sealed class NoticingWorld : IAsyncDisposable
{
    readonly AccountsWorld _accounts;

    NoticingWorld(AccountsWorld accounts)
    {
        _accounts = accounts;
        var world = accounts.World;
        Codes = CodesOf(new EphemeralDataProtectionProvider());
        Writing = new(world.Db, world.Feed, world.Clock);
        Notices = new(world.Db, world.Feed, world.Clock);
        Wishes = new(world.Db, Codes, world.Clock);
        Digests = new(world.Db, accounts.Mails, new Site(() => "https://vet.example"), Codes, world.Clock);
        Markers = new(world.Db, world.Feed);
        Rooms = new(world.Db, world.Feed, world.Clock);
    }

    public World World => _accounts.World;
    public AccountsWorld Accounts => _accounts;
    public StopCodes Codes { get; }
    public NoticeWriting Writing { get; }
    public Notices Notices { get; }
    public NoticeWishes Wishes { get; }
    public Digests Digests { get; }
    public ReadMarkers Markers { get; }
    public Rooms Rooms { get; }

    public static async Task<NoticingWorld> OpenAsync(Database database)
    {
        var world = new NoticingWorld(await AccountsWorld.OpenAsync(database));
        await world.Digests.PlanAsync(Actor.Operator);
        return world;
    }

    /// <summary>The background writer comes by once.</summary>
    public async Task FollowAsync(params int[] looking)
    {
        while (await Writing.BehindAsync(Actor.Operator) is { Count: > 0 } behind)
            await Writing.WriteAsync(Actor.Operator, behind, _ => looking.ToHashSet());
        await Writing.SettleAsync(Actor.Operator);
    }

    /// <summary>What stands under the actor's bell, the newest first.</summary>
    public async Task<IReadOnlyList<(NoticeKind Kind, string Text, bool IsUnread)>> BellAsync(Actor who) =>
        [.. (await Notices.ListAsync(who)).Rows.Select(row => (row.Kind, row.Text, row.IsUnread))];

    /// <summary>The mails of all who are due now.</summary>
    public async Task<IReadOnlyList<AccountsWorld.SentMail>> MailsAsync()
    {
        await QueueAsync();
        return await _accounts.MailsAsync();
    }

    public async Task QueueAsync()
    {
        await FollowAsync();
        await Digests.PlanAsync(Actor.Operator);
        while (await Digests.QueueDueAsync(Actor.Operator))
        {
            // Until nobody is due.
        }
    }

    public static StopCodes CodesOf(IDataProtectionProvider protection)
    {
        var protector = protection.CreateProtector("stop");
        return new(protector.Protect, code =>
        {
            try
            {
                return protector.Unprotect(code);
            }
            catch (CryptographicException)
            {
                return null;
            }
        });
    }

    public ValueTask DisposeAsync() => _accounts.DisposeAsync();
}
