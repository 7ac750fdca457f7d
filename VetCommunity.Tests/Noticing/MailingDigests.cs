using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Members;
using VetCommunity.Core.Noticing;
using Xunit;

namespace VetCommunity.Tests.Noticing;

public class MailingDigests
{
    [Theory, OnBothDatabases]
    public async Task A_mail_tells_once_what_is_new_by_room_with_its_beginning_and_of_two_alone_only_who_wrote(Database database)
    {
        await using var noticing = await NoticingWorld.OpenAsync(database);
        var world = noticing.World;
        await world.SayAsync(world.Bruno, "Which gas?", topic: "Gas");
        await world.SayAsync(world.Anna, "**Argon**, dear @bruno, for <this>", topic: "Gas");
        await world.SayAsync(world.Anna, "Canary between us", world.Direct);
        await world.SayAsync(world.Anna, "For nobody by name", topic: "Masks");
        Assert.Empty(await noticing.MailsAsync());

        world.Clock.Advance(TimeSpan.FromDays(1));
        var mail = Assert.Single(await noticing.MailsAsync());

        Assert.Equal(("bruno@example.org", "2 Benachrichtigungen für Sie bei VetCommunity"), (mail.To, mail.Subject));
        Assert.Contains("== Welding ==\n\n* Anna Rossi erwähnt Sie im Thema „Gas“\n  Argon, dear @bruno, for <this>\n  https://vet.example/rooms/welding/messages/2\n", mail.Text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains($"* Anna Rossi hat Ihnen geschrieben\n  https://vet.example/conversations/{world.Direct}/messages/1\n", mail.Text.ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Contains("Argon, dear @bruno, for &lt;this&gt;", mail.Html, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"de\">", mail.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Canary", mail.Text + mail.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("nobody by name", mail.Text, StringComparison.Ordinal);
        Assert.Equal("List-Unsubscribe=One-Click", mail.OneClick);
        Assert.StartsWith("<https://vet.example/notices/stop?code=", mail.Unsubscribe, StringComparison.Ordinal);

        world.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Empty(await noticing.MailsAsync());
        Assert.Equal(0, await world.InDbAsync(db => db.Mails.CountAsync()));
    }

    [Theory, OnBothDatabases]
    public async Task What_was_read_deleted_muted_or_lost_meanwhile_is_not_told(Database database)
    {
        await using var noticing = await NoticingWorld.OpenAsync(database);
        var world = noticing.World;
        await noticing.Rooms.InviteAsync(world.Anna, "board", "bruno");
        await world.SayAsync(world.Anna, "Read @bruno");
        await world.SayAsync(world.Anna, "Deleted @bruno");
        await world.SayAsync(world.Anna, "Muted @bruno", topic: "Gas");
        await world.SayAsync(world.Anna, "Lost @bruno", "board");
        await noticing.FollowAsync();
        await noticing.Markers.MarkReadAsync(world.Bruno, "welding", 1);
        await world.Conversations.DeleteAsync(world.Anna, "welding", 2);
        await world.Topics.InvolveAsync(world.Bruno, "welding", "gas", Core.Discussion.InvolvementKind.Muted);
        await noticing.Rooms.LeaveAsync(world.Bruno, "board");

        world.Clock.Advance(TimeSpan.FromDays(1));

        Assert.Empty(await noticing.MailsAsync());
    }

    [Theory, OnBothDatabases]
    public async Task Of_many_in_one_room_some_are_shown_and_the_others_counted(Database database)
    {
        await using var noticing = await NoticingWorld.OpenAsync(database);
        var world = noticing.World;
        for (var n = 1; n <= 17; n++)
            await world.SayAsync(world.Bruno, string.Create(CultureInfo.InvariantCulture, $"Question {n}. @ada"));

        world.Clock.Advance(TimeSpan.FromDays(1));
        var mail = Assert.Single(await noticing.MailsAsync());

        Assert.Equal("17 notifications for you at VetCommunity", mail.Subject);
        Assert.Contains("Question 5.", mail.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Question 6.", mail.Text, StringComparison.Ordinal);
        Assert.Contains("and 12 more here", mail.Text, StringComparison.Ordinal);
        world.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Empty(await noticing.MailsAsync());
    }

    [Theory, OnBothDatabases]
    public async Task A_wish_decides_what_comes_by_mail_and_how_often(Database database)
    {
        await using var noticing = await NoticingWorld.OpenAsync(database);
        var world = noticing.World;
        var own = await noticing.Wishes.OwnAsync(world.Bruno);
        Assert.Equal((DigestRhythm.Daily, 7 * 60), (own.Rhythm, own.DigestMinute));
        await noticing.Wishes.SaveAsync(world.Bruno, own with { Mail = NoticeKind.Room, Rhythm = DigestRhythm.Hourly, Rooms = [own.Rooms[0] with { Calls = RoomCalls.All }] });
        Assert.Equal(RoomCalls.All, Assert.Single((await noticing.Wishes.OwnAsync(world.Bruno)).Rooms).Calls);
        await world.SayAsync(world.Anna, "Everybody");
        await world.SayAsync(world.Anna, "And @bruno");

        world.Clock.Advance(TimeSpan.FromHours(1));
        var mail = Assert.Single(await noticing.MailsAsync());
        Assert.Contains("Everybody", mail.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("And @bruno", mail.Text, StringComparison.Ordinal);

        await noticing.Wishes.SaveAsync(world.Bruno, await noticing.Wishes.OwnAsync(world.Bruno) with { Rhythm = DigestRhythm.Never });
        await world.SayAsync(world.Anna, "While no mail came");
        await noticing.FollowAsync();
        world.Clock.Advance(TimeSpan.FromDays(3));
        Assert.Empty(await noticing.MailsAsync());
        await noticing.Wishes.SaveAsync(world.Bruno, await noticing.Wishes.OwnAsync(world.Bruno) with { Rhythm = DigestRhythm.Hourly });
        world.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Empty(await noticing.MailsAsync());

        foreach (var bad in (NoticeChoices[])[own with { DigestMinute = 1440 }, own with { Rhythm = (DigestRhythm)9 }, own with { QuietFrom = -1, QuietTo = 5 }, own with { Rooms = [new("welding", "", "", (RoomCalls)9)] }])
            Assert.Equal(Refusal.BadChoice, await World.RefusalOfAsync(() => noticing.Wishes.SaveAsync(world.Bruno, bad)));
    }

    [Promise("FT20")]
    [Theory, OnBothDatabases]
    public async Task A_dead_mail_server_and_a_crash_send_nothing_twice_and_lose_nothing(Database database)
    {
        await using var noticing = await NoticingWorld.OpenAsync(database);
        var world = noticing.World;
        await world.SayAsync(world.Anna, "For @bruno and @ada");
        await noticing.FollowAsync();
        world.Clock.Advance(TimeSpan.FromDays(1));
        noticing.Accounts.MailServerSays = () => new IOException("the line is dead");

        // Killed before anything was stored, then three servers at once.
        using var killed = new CancellationTokenSource();
        await killed.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => noticing.Digests.QueueDueAsync(Actor.Operator, killed.Token));
        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(noticing.QueueAsync)));
        Assert.Empty(await noticing.MailsAsync());
        Assert.Equal(2, await world.InDbAsync(db => db.Mails.CountAsync()));

        noticing.Accounts.MailServerSays = null;
        world.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(["ada@example.org", "bruno@example.org"], (await noticing.MailsAsync()).Select(mail => mail.To).Order(StringComparer.Ordinal));
        await Assert.ThrowsAsync<NotFoundException>(() => noticing.Digests.QueueDueAsync(world.Ada));
    }

    [Theory, OnBothDatabases]
    public async Task Who_is_suspended_gets_none_and_who_is_forgotten_leaves_nothing(Database database)
    {
        await using var noticing = await NoticingWorld.OpenAsync(database);
        var world = noticing.World;
        await world.SayAsync(world.Anna, "For @bruno, @olga and @carla");
        await noticing.FollowAsync();
        await noticing.Accounts.Accounts.SuspendAsync(world.Carla, "bruno", "spam", until: null);
        await world.InDbAsync(db => db.Users.Where(m => m.Id == world.Olga.MemberId).ExecuteDeleteAsync());

        world.Clock.Advance(TimeSpan.FromDays(1));

        Assert.Equal(["carla@example.org"], (await noticing.MailsAsync()).Select(mail => mail.To));
        await noticing.Accounts.Accounts.LiftAsync(world.Carla, "bruno");
        world.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Empty(await noticing.MailsAsync());
    }

    [Promise("FT15")]
    [Theory, OnBothDatabases]
    public async Task A_clock_that_was_wrong_by_years_and_one_that_goes_back_send_no_mail_twice_and_stop_none_for_ever(Database database)
    {
        await using var noticing = await NoticingWorld.OpenAsync(database);
        var world = noticing.World;
        await world.SayAsync(world.Anna, "Before @bruno");
        world.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Single(await noticing.MailsAsync());
        world.Clock.Advance(-TimeSpan.FromMinutes(5));
        await world.SayAsync(world.Anna, "In the time that came twice @bruno");
        Assert.Empty(await noticing.MailsAsync());

        world.Clock.Advance(TimeSpan.FromDays(3650));
        Assert.Single(await noticing.MailsAsync());
        world.Clock.Advance(-TimeSpan.FromDays(3650));
        await world.SayAsync(world.Anna, "After @bruno");
        Assert.Empty(await noticing.MailsAsync());
        world.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Contains("After @bruno", Assert.Single(await noticing.MailsAsync()).Text, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task A_server_that_was_down_does_not_make_up_for_it_in_quiet_hours(Database database)
    {
        await using var noticing = await NoticingWorld.OpenAsync(database);
        var world = noticing.World;
        await noticing.Wishes.SaveAsync(world.Bruno, await noticing.Wishes.OwnAsync(world.Bruno) with { Rhythm = DigestRhythm.Hourly, QuietFrom = 22 * 60, QuietTo = 7 * 60 });
        await world.SayAsync(world.Anna, "For @bruno");
        await noticing.FollowAsync();

        // Nine in the morning, and then half past eleven at night in Berlin.
        world.Clock.Advance(TimeSpan.FromHours(14.5));
        Assert.Empty(await noticing.MailsAsync());
        world.Clock.Advance(TimeSpan.FromHours(7));
        Assert.Empty(await noticing.MailsAsync());
        world.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Single(await noticing.MailsAsync());
    }

    [Theory, OnBothDatabases]
    public async Task Who_moved_to_another_time_zone_gets_the_mail_by_the_clock_there(Database database)
    {
        await using var noticing = await NoticingWorld.OpenAsync(database);
        var world = noticing.World;
        await world.SayAsync(world.Anna, "For @bruno");
        await world.InDbAsync(db => db.Users.Where(m => m.Id == 2).ExecuteUpdateAsync(set => set.SetProperty(m => m.TimeZone, "Atlantic/Azores")));

        // Seven in Berlin, five on the Azores; then seven there.
        world.Clock.Advance(TimeSpan.FromHours(22));
        Assert.Empty(await noticing.MailsAsync());
        world.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Single(await noticing.MailsAsync());
    }

    [Theory, OnBothDatabases]
    public async Task Ten_thousand_members_are_served_some_at_a_time(Database database)
    {
        await using var noticing = await NoticingWorld.OpenAsync(database);
        var world = noticing.World;
        await world.InDbAsync(async db =>
        {
            db.Users.AddRange(Enumerable.Range(0, 120).Select(n => new Member
            {
                Handle = string.Create(CultureInfo.InvariantCulture, $"m-{n}"),
                DisplayName = "M",
                UserName = string.Create(CultureInfo.InvariantCulture, $"m-{n}"),
                NormalizedUserName = string.Create(CultureInfo.InvariantCulture, $"M-{n}"),
                Email = string.Create(CultureInfo.InvariantCulture, $"m-{n}@example.org"),
                NormalizedEmail = string.Create(CultureInfo.InvariantCulture, $"M-{n}@EXAMPLE.ORG"),
                EmailConfirmed = true,
            }));
            return await db.SaveChangesAsync();
        });
        await noticing.Digests.PlanAsync(Actor.Operator);
        await world.InDbAsync(async db =>
        {
            db.Notices.AddRange((await db.Users.Where(m => m.Id > 5).Select(m => m.Id).ToListAsync()).Select(member => new Notice
            {
                MemberId = member,
                Kind = NoticeKind.Moderation,
                Seq = 1,
                At = world.Clock.GetUtcNow(),
            }));
            return await db.SaveChangesAsync();
        });

        world.Clock.Advance(TimeSpan.FromDays(1));
        Assert.True(await noticing.Digests.QueueDueAsync(Actor.Operator));
        Assert.InRange(await world.InDbAsync(db => db.Mails.CountAsync()), 1, Digests.MembersAtOnce);
        Assert.Equal(120, (await noticing.MailsAsync()).Select(mail => mail.To).Distinct(StringComparer.Ordinal).Count());
    }

    [Theory, OnBothDatabases]
    public async Task The_link_in_a_mail_stops_its_members_mails_and_no_others_and_is_taken_back(Database database)
    {
        await using var noticing = await NoticingWorld.OpenAsync(database);
        var world = noticing.World;
        await world.SayAsync(world.Anna, "For @bruno and @ada");
        world.Clock.Advance(TimeSpan.FromDays(1));
        var mails = await noticing.MailsAsync();
        var code = CodeOf(mails.Single(mail => mail.To == "bruno@example.org").Unsubscribe!);

        // Whoever is logged in where the mail is read does not matter.
        await noticing.Wishes.StopAsync(world.Ada, code, stop: true);
        await noticing.Wishes.StopAsync(Actor.Visitor, code, stop: true);
        Assert.True(await noticing.Wishes.IsStoppedAsync(Actor.Visitor, code));
        Assert.NotNull((await noticing.Wishes.OwnAsync(world.Bruno)).StoppedAt);
        Assert.Null((await noticing.Wishes.OwnAsync(world.Ada)).StoppedAt);
        await world.SayAsync(world.Anna, "Again @bruno and @ada");
        world.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(["ada@example.org"], (await noticing.MailsAsync()).Select(mail => mail.To));

        await noticing.Wishes.StopAsync(Actor.Visitor, code, stop: false);
        await noticing.Wishes.StopAsync(Actor.Visitor, code, stop: false);
        world.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Contains("Again @bruno", Assert.Single(await noticing.MailsAsync()).Text, StringComparison.Ordinal);

        var elsewhere = NoticingWorld.CodesOf(new Microsoft.AspNetCore.DataProtection.EphemeralDataProtectionProvider());
        foreach (var forged in (string?[])[null, "", "2", code[..^2] + "AA", elsewhere.Of(2), new string('x', 2000)])
        {
            await Assert.ThrowsAsync<NotFoundException>(() => noticing.Wishes.StopAsync(world.Bruno, forged, stop: true));
            await Assert.ThrowsAsync<NotFoundException>(() => noticing.Wishes.IsStoppedAsync(world.Bruno, forged));
        }
        Assert.Null((await noticing.Wishes.OwnAsync(world.Bruno)).StoppedAt);
        await world.InDbAsync(db => db.Users.Where(m => m.Id == 2).ExecuteDeleteAsync());
        await Assert.ThrowsAsync<NotFoundException>(() => noticing.Wishes.StopAsync(Actor.Visitor, code, stop: true));
    }

    [Fact]
    public void A_kind_of_conversation_that_is_not_named_says_no_more_than_that_something_is_new()
    {
        var line = new DigestLine(1, NoticeKind.Mention, (Core.Conversations.ConversationKind)99, "Canary title", "Canary name", "Canary topic", "Canary text", "/rooms/x");
        var letter = new DigestLetter(new("a@example.org", "A", "en", "UTC"), [new([line], 1)], DigestRhythm.Daily, new(() => "https://vet.example"), "code");

        var mail = letter.At(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);

        Assert.Contains("New message", mail.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Canary", mail.Text + mail.Html + mail.Subject, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(NoticeKind.ReviewAsked)]
    [InlineData(NoticeKind.Reviewed)]
    [InlineData(NoticeKind.Remarked)]
    [InlineData(NoticeKind.ReviewDue)]
    public void Word_of_a_practice_names_it_and_its_title_is_no_markup(NoticeKind kind)
    {
        var line = new DigestLine(1, kind, null, "", "Eva <i>", "", "A <b>mask</b>", "/practice-reviews/1");
        foreach (var language in Core.Languages.All)
        {
            var mail = new DigestLetter(new("a@example.org", "A", language, "UTC"), [new([line], 1)], DigestRhythm.Daily, new(() => "https://vet.example"), "code").At(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch);
            Assert.Contains("A <b>mask</b>", mail.Text, StringComparison.Ordinal);
            Assert.Contains("A &lt;b&gt;mask&lt;/b&gt;", mail.Html, StringComparison.Ordinal);
            Assert.DoesNotContain("<b>mask", mail.Html, StringComparison.Ordinal);
        }
    }

    static string CodeOf(string header) => Uri.UnescapeDataString(header.Split("code=")[1].TrimEnd('>'));
}
