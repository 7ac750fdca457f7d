using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Live;
using VetCommunity.Core.Mailing;
using VetCommunity.Core.Noticing;
using VetCommunity.Tests.Members;
using VetCommunity.Tests.Noticing;
using Xunit;

namespace VetCommunity.Tests.Live;

/// <summary>What members hear of sessions: under the bell and at once by mail, by their own clock and in their own language.</summary>
public class TellingOfSessions
{
    [Theory, OnBothDatabases]
    public async Task A_moved_session_is_told_to_all_who_are_in_it_or_wait_by_their_own_clock(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        var (live, reminders) = await OpenAsync(accounts);
        await live.Sessions.ChangeAsync(live.Anna, live.Slug, live.Plan with { Capacity = 1 }, revision: 0);
        await live.Sessions.RegisterAsync(live.Olga, live.Slug);
        Assert.Equal(0, await reminders.MailAsync(Actor.Operator));

        // 15 July, 09:30 in Greenwich.
        var begin = new DateTimeOffset(live.World.Clock.GetUtcNow().Year + 1, 7, 15, 9, 30, 0, TimeSpan.Zero);
        await live.Sessions.ChangeAsync(live.Anna, live.Slug, live.Plan with { Capacity = 1, StartsAt = begin, EndsAt = begin.AddHours(2) }, revision: 1);

        Assert.Equal(3, await reminders.MailAsync(Actor.Operator));
        Assert.Equal(0, await reminders.MailAsync(Actor.Operator));
        var mails = await accounts.MailsAsync();
        // Who moved it knows.
        Assert.Equal(["bruno@example.org", "carla@example.org", "olga@example.org"], mails.Select(mail => mail.To).Order(StringComparer.Ordinal));
        var (german, greek) = (mails.Single(mail => mail.To.StartsWith("bruno", StringComparison.Ordinal)), mails.Single(mail => mail.To.StartsWith("olga", StringComparison.Ordinal)));
        Assert.Equal("Welding in pairs: Eine Live-Sitzung findet zu einer anderen Zeit statt", german.Subject);
        Assert.Contains("15. Juli", german.Text, StringComparison.Ordinal);
        Assert.Contains("11:30 – 13:30 (Europe/Berlin)", german.Text, StringComparison.Ordinal);
        Assert.Contains("https://vet.example/sessions/welding-in-pairs", german.Text, StringComparison.Ordinal);
        Assert.Contains("Ιουλίου", greek.Text, StringComparison.Ordinal);
        Assert.Contains("(Europe/Athens)", greek.Html, StringComparison.Ordinal);
        Assert.Equal("List-Unsubscribe=One-Click", greek.OneClick);
        Assert.Equal((NoticeKind.SessionMoved, begin), Assert.Single(await GivingPlaces.BellAsync(live, live.Olga)) is var row ? (row.Kind, row.Begins) : default);
        Assert.Empty(await GivingPlaces.BellAsync(live, live.Anna));
        // The digest does not say it again.
        Assert.Equal(0, await live.World.InDbAsync(db => db.Notices.CountAsync(n => n.Kind == NoticeKind.SessionMoved && n.MailedAt == null)));

        // The same time with another title moves nothing.
        await live.Sessions.ChangeAsync(live.Anna, live.Slug, live.Plan with { Title = "Welding", Capacity = 1, StartsAt = begin, EndsAt = begin.AddHours(2) }, revision: 2);
        Assert.Equal(0, await reminders.MailAsync(Actor.Operator));
    }

    [Theory, OnBothDatabases]
    public async Task Called_off_is_told_once_and_what_was_told_before_is_no_more(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        var (live, reminders) = await OpenAsync(accounts);
        await live.Sessions.ChangeAsync(live.Anna, live.Slug, live.Plan with { StartsAt = live.Plan.StartsAt.AddMinutes(15) }, revision: 0);

        await live.Sessions.CallOffAsync(live.Carla, live.Slug);
        await live.Sessions.CallOffAsync(live.Carla, live.Slug);

        Assert.Equal(NoticeKind.SessionCalledOff, Assert.Single(await GivingPlaces.BellAsync(live, live.Bruno)).Kind);
        // The mail that it was moved waited still, and is not sent any more.
        Assert.Equal(2, await reminders.MailAsync(Actor.Operator));
        Assert.All(await accounts.MailsAsync(), mail => Assert.DoesNotContain("anderen Zeit", mail.Text, StringComparison.Ordinal));
        live.World.Clock.Advance(TimeSpan.FromHours(23.5));
        Assert.Equal(0, await reminders.RemindAsync(Actor.Operator));
    }

    [Theory, OnBothDatabases]
    public async Task Who_is_in_is_reminded_a_day_and_an_hour_before_each_once(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        var (live, reminders) = await OpenAsync(accounts);
        var begin = live.Plan.StartsAt.AddDays(2);
        await live.Sessions.ChangeAsync(live.Anna, live.Slug, live.Plan with { Capacity = 1, StartsAt = begin, EndsAt = begin.AddHours(1) }, revision: 0);
        await live.Sessions.RegisterAsync(live.Olga, live.Slug);
        await reminders.MailAsync(Actor.Operator);
        _ = await accounts.MailsAsync();
        Assert.Equal(0, await reminders.RemindAsync(Actor.Operator));

        GoTo(begin.AddHours(-23));
        // Six servers look at once; one that starts later finds nothing to do.
        Assert.Equal(3, (await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => Of(accounts).RemindAsync(Actor.Operator))))).Sum());
        Assert.Equal(0, await Of(accounts).RemindAsync(Actor.Operator));
        Assert.Equal(3, (await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Of(accounts).MailAsync(Actor.Operator))))).Sum());
        Assert.Equal(["anna@example.org", "bruno@example.org", "carla@example.org"], (await accounts.MailsAsync()).Select(mail => mail.To).Order(StringComparer.Ordinal));
        // Who waits has no place to come to.
        Assert.DoesNotContain(await GivingPlaces.BellAsync(live, live.Olga), row => row.Kind == NoticeKind.SessionSoon);

        GoTo(begin.AddMinutes(-50));
        Assert.Equal(3, await reminders.RemindAsync(Actor.Operator));
        Assert.Equal(0, await reminders.RemindAsync(Actor.Operator));
        Assert.True(Assert.Single(await GivingPlaces.BellAsync(live, live.Bruno), row => row.Kind == NoticeKind.SessionSoon).IsUnread);

        // Moved, it reminds anew of its new time.
        await live.Sessions.ChangeAsync(live.Anna, live.Slug, live.Plan with { Capacity = 1, StartsAt = begin.AddDays(3), EndsAt = begin.AddDays(3).AddHours(1) }, revision: 1);
        Assert.DoesNotContain(await GivingPlaces.BellAsync(live, live.Bruno), row => row.Kind == NoticeKind.SessionSoon);
        Assert.Equal(0, await reminders.RemindAsync(Actor.Operator));
        GoTo(begin.AddDays(3).AddHours(-20));
        Assert.Equal(3, await reminders.RemindAsync(Actor.Operator));
        // Begun, it needs no reminder.
        await live.Stages.StartAsync(live.Anna, live.Slug);
        GoTo(begin.AddDays(3).AddMinutes(-30));
        Assert.Equal(0, await reminders.RemindAsync(Actor.Operator));
        await Assert.ThrowsAsync<NotFoundException>(() => reminders.RemindAsync(live.Anna));
        await Assert.ThrowsAsync<NotFoundException>(() => reminders.MailAsync(live.Anna));

        void GoTo(DateTimeOffset at) => live.World.Clock.Advance(at - live.World.Clock.GetUtcNow());
    }

    [Theory, OnBothDatabases]
    public async Task What_a_member_switched_off_comes_neither_by_mail_nor_under_the_bell(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        var (live, reminders) = await OpenAsync(accounts);
        await live.World.InDbAsync(async db =>
        {
            db.Add(new NoticeSettings { MemberId = live.Bruno.MemberId, BellOff = NoticeKind.SessionCalledOff, MailOff = NoticeKind.SessionCalledOff });
            db.Add(new NoticeSettings { MemberId = live.Anna.MemberId, Rhythm = DigestRhythm.Never });
            return await db.SaveChangesAsync();
        });

        await live.Sessions.CallOffAsync(live.Carla, live.Slug);

        Assert.Equal(0, await reminders.MailAsync(Actor.Operator));
        Assert.Empty(await GivingPlaces.BellAsync(live, live.Bruno));
        Assert.Single(await GivingPlaces.BellAsync(live, live.Anna));
        Assert.Equal(0, await live.World.InDbAsync(db => db.SessionCalls.CountAsync()));
    }

    [Theory, OnBothDatabases]
    public async Task Of_a_rehearsal_nobody_is_reminded(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        var (live, reminders) = await OpenAsync(accounts);
        var slug = await new Rehearsals(accounts.World.Db, accounts.World.Feed, accounts.World.Clock).BeginAsync(live.Anna, live.Slug);
        await accounts.World.InDbAsync(db => db.LiveSessions.Where(s => s.Slug == slug).ExecuteUpdateAsync(set => set.SetProperty(s => s.StartsAt, accounts.World.Clock.GetUtcNow().AddMinutes(50))));

        Assert.Equal(0, await reminders.RemindAsync(Actor.Operator));
        // The same session, if it were none.
        await accounts.World.InDbAsync(db => db.LiveSessions.Where(s => s.Slug == slug).ExecuteUpdateAsync(set => set.SetProperty(s => s.RehearsalOfId, (int?)null)));
        Assert.Equal(2, await reminders.RemindAsync(Actor.Operator));
    }

    static async Task<(LiveWorld Live, SessionReminders Reminders)> OpenAsync(AccountsWorld accounts) => (await LiveWorld.OpenAsync(accounts.World), Of(accounts));

    static SessionReminders Of(AccountsWorld accounts) => new(accounts.World.Db, accounts.Mails, new Site(() => "https://vet.example"), NoticingWorld.CodesOf(new EphemeralDataProtectionProvider()), accounts.World.Feed, accounts.World.Clock);
}
