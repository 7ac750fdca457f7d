using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Core.Noticing;
using VetCommunity.Core.Privacy;
using VetCommunity.Tests.Documents;
using Xunit;
using static VetCommunity.Tests.Documents.DocumentsWorld;

namespace VetCommunity.Tests.GoodPractice;

/// <summary>Published practices that are to be looked at again.</summary>
public class LookingAgain
{
    static readonly TimeSpan UntilNear = TimeSpan.FromDays(710);

    [Theory, OnBothDatabases]
    public async Task Its_author_hears_once_when_the_day_is_near_and_still_true_pushes_it_out(Database database)
    {
        await using var world = await OpenAsync(database);
        await PublishAsync(world);
        var (rechecks, reminders) = Of(world);
        var published = await CardAsync(world);
        Assert.Equal(published.Dates.CheckedOn.AddMonths(24), published.Dates.DueOn);
        Assert.Equal(0, await reminders.TellAsync(Actor.Operator));
        Assert.Empty((await rechecks.DueAsync(world.Bruno, "en", 1)).Rows);

        world.World.Clock.Advance(UntilNear);
        Assert.Equal(1, await reminders.TellAsync(Actor.Operator));
        var row = Assert.Single(await BellAsync(world, world.Bruno));
        Assert.Equal(("Welding in pairs", "en", ""), (row.Text, row.Language, row.By.Name));
        Assert.StartsWith("/practice-checks/", row.Address!, StringComparison.Ordinal);
        Assert.Empty(await BellAsync(world, world.Eva));
        Assert.Equal("welding-in-pairs", Assert.Single((await rechecks.DueAsync(world.Bruno, "en", 1)).Rows).Slug);
        // The next round, another process, the days until then and after.
        Assert.Equal(0, await reminders.TellAsync(Actor.Operator));
        world.World.Clock.Advance(TimeSpan.FromDays(40));
        Assert.Equal(0, await reminders.TellAsync(Actor.Operator));
        Assert.Equal(0, await Of(world).Reminders.TellAsync(Actor.Operator));
        Assert.True(published.Dates.IsOverdue(Today(world)));

        await rechecks.ConfirmAsync(world.Bruno, English.Slug);
        await rechecks.ConfirmAsync(world.Eva, English.Slug);
        var (dates, read) = ((await CardAsync(world)).Dates, await rechecks.ReadAsync(world.Eva, English.Slug, "en"));
        Assert.Equal(new ReviewDates(Today(world), Today(world).AddMonths(24)), dates);
        Assert.Equal([world.Bruno.Name], read.Past.Select(past => past.By));
        Assert.Empty(await BellAsync(world, world.Bruno));
        Assert.Equal(0, await reminders.TellAsync(Actor.Operator));
        var practices = new Practices(world.World.Db);
        Assert.Equal((world.Bruno.Name, ""), ((await practices.ReadAsync(world.Olga, English.Slug, "en")).CheckedBy, (await practices.ReadAsync(Actor.Visitor, English.Slug, "en")).CheckedBy));

        // Two years later again.
        world.World.Clock.Advance(UntilNear);
        Assert.Equal(1, await reminders.TellAsync(Actor.Operator));
    }

    [Theory, OnBothDatabases]
    public async Task The_day_in_the_text_counts_and_a_publication_or_a_withdrawal_changes_it(Database database)
    {
        await using var world = await OpenAsync(database);
        var soon = Today(world).AddDays(20);
        await PublishAsync(world, FormattableString.Invariant($"review-by: {soon:yyyy-MM-dd}"));
        var (_, reminders) = Of(world);
        Assert.Equal(soon, (await CardAsync(world)).Dates.DueOn);
        Assert.Equal(1, await reminders.TellAsync(Actor.Operator));
        // A translation has no day of its own, and its publication is no look.
        await world.Languages.AddAsync(world.Bruno, English, "it");
        await world.WriteAsync(world.Bruno, "---\ntitle: Insieme\nreview-by: 2999-01-01\n---\n\n## Contesto\n\nTesto.\n", where: Italian);
        await world.Publications.PublishAsync(world.Eva, Italian, 1);
        Assert.Equal(soon, (await new Practices(world.World.Db).CardAsync(Actor.Visitor, English.Slug, "it"))!.Dates.DueOn);
        Assert.Equal(0, await reminders.TellAsync(Actor.Operator));

        // Over and published anew with the same day: that was the look.
        world.World.Clock.Advance(TimeSpan.FromDays(25));
        await PublishAsync(world, FormattableString.Invariant($"review-by: {soon:yyyy-MM-dd}"));
        Assert.Equal(Today(world).AddMonths(24), (await CardAsync(world)).Dates.DueOn);
        Assert.Equal(0, await reminders.TellAsync(Actor.Operator));

        world.World.Clock.Advance(UntilNear);
        await world.Publications.WithdrawAsync(world.Eva, English);
        await world.Publications.WithdrawAsync(world.Eva, Italian);
        Assert.Equal(0, await reminders.TellAsync(Actor.Operator));
        await Assert.ThrowsAsync<NotFoundException>(() => Of(world).Rechecks.ConfirmAsync(world.Bruno, English.Slug));
    }

    [Theory, OnBothDatabases]
    public async Task Two_servers_that_look_at_once_remind_once_and_two_who_confirm_do_it_once(Database database)
    {
        await using var world = await OpenAsync(database);
        await PublishAsync(world);
        List<ReviewReminders> servers = [.. Enumerable.Range(0, 6).Select(_ => Of(world).Reminders)];
        // Each has read the shelf already, so that they come at once.
        foreach (var server in servers)
            Assert.Equal(0, await server.TellAsync(Actor.Operator));
        world.World.Clock.Advance(UntilNear);

        Assert.Equal(1, (await Task.WhenAll(servers.Select(server => Task.Run(() => server.TellAsync(Actor.Operator))))).Sum());
        Assert.Single(await BellAsync(world, world.Bruno));
        await Task.WhenAll(((Actor[])[world.Bruno, world.Eva, world.Bruno, world.Eva]).Select(who => Of(world).Rechecks.ConfirmAsync(who, English.Slug)));
        Assert.Equal(1, await world.World.InDbAsync(db => db.Rechecks.CountAsync()));
    }

    /// <summary>Whatever comes first of a round and a word that it is still true, nobody is called to look at what was looked at.</summary>
    [Theory, OnBothDatabases]
    public async Task A_round_and_a_word_at_the_same_moment_leave_no_call(Database database)
    {
        await using var world = await OpenAsync(database);
        await PublishAsync(world);
        for (var round = 0; round < 4; round++)
        {
            world.World.Clock.Advance(UntilNear + TimeSpan.FromDays(1));
            await Task.WhenAll(Of(world).Reminders.TellAsync(Actor.Operator), Of(world).Rechecks.ConfirmAsync(world.Bruno, English.Slug));
            Assert.Empty(await BellAsync(world, world.Bruno));
        }
    }

    [Theory, OnBothDatabases]
    public async Task Where_the_author_is_gone_the_editors_who_may_write_are_reminded(Database database)
    {
        await using var world = await OpenAsync(database);
        await PublishAsync(world);
        var now = world.World.Clock.GetUtcNow();
        await world.World.InDbAsync(db => db.Users.Where(u => u.Id == world.Bruno.MemberId).ExecuteUpdateAsync(set => set.SetProperty(u => u.ErasedAt, now)));
        world.World.Clock.Advance(UntilNear);

        Assert.Equal(2, await Of(world).Reminders.TellAsync(Actor.Operator));
        Assert.Single(await BellAsync(world, world.Eva));
        Assert.Single(await BellAsync(world, world.Erik));
        Assert.Empty(await BellAsync(world, world.Nina));
        await Assert.ThrowsAsync<NotFoundException>(() => Of(world).Reminders.TellAsync(world.Eva));
    }

    [Theory, OnBothDatabases]
    public async Task Only_who_may_write_in_it_says_so_and_to_others_there_is_nothing(Database database)
    {
        await using var world = await OpenAsync(database);
        var (rechecks, _) = Of(world);
        // Not published yet.
        await Assert.ThrowsAsync<NotFoundException>(() => rechecks.ConfirmAsync(world.Bruno, English.Slug));
        await Assert.ThrowsAsync<NotFoundException>(() => rechecks.ReadAsync(world.Bruno, English.Slug, "en"));
        await PublishAsync(world);
        world.World.Clock.Advance(UntilNear);

        foreach (var other in (Actor[])[world.Olga, Actor.Visitor])
        {
            await Assert.ThrowsAsync<NotFoundException>(() => rechecks.ConfirmAsync(other, English.Slug));
            await Assert.ThrowsAsync<NotFoundException>(() => rechecks.ReadAsync(other, English.Slug, "en"));
        }
        await Assert.ThrowsAsync<NotFoundException>(() => rechecks.DueAsync(Actor.Visitor, "en", 1));
        // An editor of another organisation reads it, no more.
        Assert.False((await rechecks.ReadAsync(world.Nina, English.Slug, "en")).MayConfirm);
        await Assert.ThrowsAsync<NotFoundException>(() => rechecks.ConfirmAsync(world.Nina, English.Slug));
        Assert.Empty((await rechecks.DueAsync(world.Nina, "en", 1)).Rows);
        Assert.True((await rechecks.ReadAsync(world.Erik, English.Slug, "en")).MayConfirm);
        Assert.Equal(0, await world.World.InDbAsync(db => db.Rechecks.CountAsync()));

        await rechecks.ConfirmAsync(world.Erik, English.Slug);
        await world.World.InDbAsync(async db =>
        {
            var holding = Assert.Single(Holdings.All, one => one.Table == typeof(Recheck));
            Assert.Equal(Leaving.Stays, holding.Leaving);
            Assert.Single(await holding.Mine!(db, world.Erik.MemberId).ToListAsync());
            return 0;
        });
    }

    static (PracticeRechecks Rechecks, ReviewReminders Reminders) Of(DocumentsWorld world) => (
        new(world.World.Db, world.Kinds, new Practices(world.World.Db), world.World.Feed, world.World.Clock), new(world.World.Db, world.Kinds, new Practices(world.World.Db), world.World.Feed, world.World.Clock));

    static DateOnly Today(DocumentsWorld world) => DateOnly.FromDateTime(world.World.Clock.GetUtcNow().UtcDateTime);

    static async Task<PracticeCard> CardAsync(DocumentsWorld world) => (await new Practices(world.World.Db).CardAsync(Actor.Visitor, English.Slug, "en"))!;

    static async Task<IReadOnlyList<NoticeRow>> BellAsync(DocumentsWorld world, Actor who) => [.. (await world.Notices.ListAsync(who)).Rows.Where(row => row.Kind == NoticeKind.ReviewDue)];

    static async Task PublishAsync(DocumentsWorld world, string field = "country: IT")
    {
        var stored = await world.WriteAsync(world.Bruno, $"---\ntitle: Welding in pairs\n{field}\n---\n\n## Context\n\nText {Guid.NewGuid():N}.\n");
        await world.Publications.PublishAsync(world.Eva, English, stored.Number!.Value);
    }
}
