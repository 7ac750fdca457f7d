using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Noticing;
using Xunit;

namespace VetCommunity.Tests.Noticing;

public class ReadingNotices
{
    [Theory, OnBothDatabases]
    public async Task Opening_the_message_reading_in_the_room_and_saying_so_all_read_it(Database database)
    {
        await using var noticing = await NoticingWorld.OpenAsync(database);
        var world = noticing.World;
        foreach (var text in (string[])["One @bruno", "Two @bruno", "Three @bruno", "Four @bruno"])
            await world.SayAsync(world.Anna, text, topic: "Gas");
        await noticing.FollowAsync();
        var id = (await world.Conversations.FindAsync(world.Bruno, "welding")).Id;
        Assert.Equal(4, await noticing.Notices.UnreadAsync(world.Bruno));

        await noticing.Markers.MarkReadAsync(world.Bruno, "welding", 1);
        Assert.Equal(3, await noticing.Notices.UnreadAsync(world.Bruno));
        await noticing.Notices.OpenedAsync(world.Bruno, id, 3);
        Assert.Equal(2, await noticing.Notices.UnreadAsync(world.Bruno));
        var last = (await noticing.Notices.ListAsync(world.Bruno)).Rows[0];
        await noticing.Notices.ReadAsync(world.Olga, last.Id);
        Assert.Equal(2, await noticing.Notices.UnreadAsync(world.Bruno));
        await noticing.Notices.ReadAsync(world.Bruno, last.Id);
        Assert.Equal(1, (await noticing.Notices.UnreadOfAsync(Actor.Operator, [world.Bruno.MemberId, world.Olga.MemberId]))[world.Bruno.MemberId]);
        await noticing.Notices.VisitedAsync(world.Bruno, id, topicSlug: null);
        Assert.Equal(1, await noticing.Notices.UnreadAsync(world.Bruno));
        await noticing.Notices.VisitedAsync(world.Bruno, id, "gas");
        Assert.Equal(0, await noticing.Notices.UnreadAsync(world.Bruno));
        await Assert.ThrowsAsync<NotFoundException>(() => noticing.Notices.UnreadOfAsync(world.Ada, [2]));
    }

    [Theory, OnBothDatabases]
    public async Task Two_pages_that_read_all_agree_and_what_came_meanwhile_stays_unread(Database database)
    {
        await using var noticing = await NoticingWorld.OpenAsync(database);
        var world = noticing.World;
        await world.SayAsync(world.Anna, "One @bruno");
        await noticing.FollowAsync();
        var shown = await noticing.Notices.ListAsync(world.Bruno);
        await world.SayAsync(world.Anna, "Two @bruno");
        await noticing.FollowAsync();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => noticing.Notices.ReadAllAsync(world.Bruno, shown.Newest)));

        Assert.Equal([(NoticeKind.Mention, "Two @bruno", true), (NoticeKind.Mention, "One @bruno", false)], await noticing.BellAsync(world.Bruno));
    }

    [Theory, OnBothDatabases]
    public async Task A_deleted_message_calls_no_more_and_a_kind_that_is_off_is_neither_shown_nor_counted(Database database)
    {
        await using var noticing = await NoticingWorld.OpenAsync(database);
        var world = noticing.World;
        await world.SayAsync(world.Anna, "Regretted @bruno");
        await world.SayAsync(world.Anna, "Alone", world.Direct);
        await noticing.FollowAsync();
        Assert.Equal(2, await noticing.Notices.UnreadAsync(world.Bruno));

        await world.Conversations.DeleteAsync(world.Anna, "welding", 1);
        Assert.Equal([(NoticeKind.Direct, "Alone", true)], await noticing.BellAsync(world.Bruno));
        var own = await noticing.Wishes.OwnAsync(world.Bruno);
        await noticing.Wishes.SaveAsync(world.Bruno, own with { Bell = own.Bell & ~NoticeKind.Direct });
        Assert.Empty(await noticing.BellAsync(world.Bruno));
        Assert.Equal(0, await noticing.Notices.UnreadAsync(world.Bruno));
        Assert.Equal(0, (await noticing.Notices.UnreadOfAsync(Actor.Operator, [2]))[2]);
    }

    [Theory, OnBothDatabases]
    public async Task Ten_thousand_are_paged_without_a_gap_or_a_double_and_read_at_once(Database database)
    {
        await using var noticing = await NoticingWorld.OpenAsync(database);
        var world = noticing.World;
        await world.SayAsync(world.Anna, "The one message");
        var at = DateTimeOffset.FromUnixTimeMilliseconds(world.Clock.GetUtcNow().ToUnixTimeMilliseconds());
        var id = (await world.Conversations.FindAsync(world.Bruno, "welding")).Id;
        await world.InDbAsync(async db =>
        {
            db.Notices.AddRange(Enumerable.Range(0, 10_000).Select(n => new Notice
            {
                MemberId = 2,
                Kind = NoticeKind.Invitation,
                ConversationId = id,
                Seq = n,
                ById = 1,
                // Many of the same moment: the number decides.
                At = at.AddMilliseconds(-n / 100),
            }));
            return await db.SaveChangesAsync();
        });

        Assert.Equal(Notices.MostCounted, await noticing.Notices.UnreadAsync(world.Bruno));
        List<long> seen = [];
        NoticeCursor? cursor = null;
        do
        {
            var page = await noticing.Notices.ListAsync(world.Bruno, cursor);
            seen.AddRange(page.Rows.Select(row => row.Id));
            cursor = NoticeCursor.Parse(page.Next?.ToString());
        }
        while (cursor is not null && seen.Count < 1_000);
        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Equal(await world.InDbAsync(db => db.Notices.OrderByDescending(n => n.At).ThenByDescending(n => n.Id).Take(seen.Count).Select(n => n.Id).ToListAsync()), seen);

        await noticing.Notices.ReadAllAsync(world.Bruno, long.MaxValue);
        Assert.Equal(0, await noticing.Notices.UnreadAsync(world.Bruno));
    }

    [Theory, OnBothDatabases]
    public async Task After_ninety_days_they_go_and_with_the_member_at_once(Database database)
    {
        await using var noticing = await NoticingWorld.OpenAsync(database);
        var world = noticing.World;
        await world.SayAsync(world.Anna, "Old @bruno");
        await noticing.FollowAsync();
        world.Clock.Advance(Notices.Kept);
        await world.SayAsync(world.Anna, "Young @bruno @olga");
        await noticing.FollowAsync();
        await noticing.Markers.MarkReadAsync(world.Bruno, "welding", 2);
        world.Clock.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(1, await noticing.Notices.SweepAsync(Actor.Operator));
        Assert.Equal([(NoticeKind.Mention, "Young @bruno @olga", false)], await noticing.BellAsync(world.Bruno));
        Assert.NotNull(await world.InDbAsync(db => db.Notices.Where(n => n.MemberId == 2).Select(n => n.ReadAt).SingleAsync()));

        await world.InDbAsync(db => db.Users.Where(m => m.Id == world.Olga.MemberId).ExecuteDeleteAsync());
        Assert.Equal(0, await world.InDbAsync(db => db.Notices.CountAsync(n => n.MemberId == world.Olga.MemberId)));
        await Assert.ThrowsAsync<NotFoundException>(() => noticing.Notices.SweepAsync(world.Ada));
    }

    [Fact]
    public void A_place_in_the_list_that_makes_no_sense_is_the_beginning()
    {
        foreach (var text in (string?[])[null, "", "x", "1-", "-1", "1-2-3", "99999999999999999999-1", "9223372036854775807-1", string.Create(CultureInfo.InvariantCulture, $"{long.MaxValue}-{long.MaxValue}")])
            Assert.Null(NoticeCursor.Parse(text));
        Assert.Equal(new(DateTimeOffset.FromUnixTimeMilliseconds(5), 7), NoticeCursor.Parse("5-7"));
    }
}
