using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Bridging;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Moderation;
using VetCommunity.Core.Noticing;
using Xunit;

namespace VetCommunity.Tests.Bridging;

public sealed class TranslatingAMessage
{
    [Theory, OnBothDatabases]
    public async Task A_translation_stands_under_the_message_when_who_asked_accepts_it(Database database)
    {
        await using var world = await BridgingWorld.OpenAsync(database);
        var told = Channel.CreateUnbounded<ConversationChanged>();
        using var listening = world.World.Feed.Subscribe<ConversationChanged>(fact => told.Writer.WriteAsync(fact));
        var seq = await world.SayAsync(world.Anna);
        await world.Bridges.AskAsync(world.Olga, "welding", seq, "ca");
        var version = (await world.World.Conversations.OpenAsync(world.Olga, "welding")).Version;

        var translation = await world.ProposeAsync(world.Bruno, seq, "La **formació**");
        Assert.Null(await world.UnderAsync(seq));
        Assert.Equal(version, (await world.World.Conversations.OpenAsync(world.Olga, "welding")).Version);
        Assert.Equal([NoticeKind.BridgeAnswered], await world.BellAsync(world.Olga));
        await world.AcceptAsync(world.Olga, seq, translation);

        var under = Assert.Single((await world.UnderAsync(seq))!);
        Assert.Equal(("ca", "bruno", "La **formació**", "<p>La <strong>formació</strong></p>", false, null), (under.Language, under.By.Handle, under.Markdown, under.Html, under.IsOutdated, under.Machine));
        var changes = await world.World.Conversations.ChangesAsync(world.Olga, "welding", version);
        var change = Assert.Single(changes.Changes);
        Assert.Equal((version + 1, ChangeKind.Translated), (change.Version, change.Kind));
        await told.Reader.ReadAsync().AsTask().WaitAsync(Patience.Enough);
        var live = Assert.Single((await told.Reader.ReadAsync().AsTask().WaitAsync(Patience.Enough)).Changes);
        Assert.Equal(change.Message.Translations, live.Message.Translations);
        Assert.Equal(Refusal.TranslatedAlready, await World.RefusalOfAsync(() => world.Bridges.AskAsync(world.Olga, "welding", seq, "ca")));
    }

    [Theory, OnBothDatabases]
    public async Task Only_who_translates_that_pair_hands_one_in(Database database)
    {
        await using var world = await BridgingWorld.OpenAsync(database);
        var seq = await world.SayAsync(world.Anna);
        Assert.Equal(Refusal.NotYourPair, await World.RefusalOfAsync(() => world.ProposeAsync(world.Olga, seq)));
        // Bruno translates into Catalan alone, not back.
        await world.World.Conversations.SetLanguageAsync(world.Anna, "welding", seq, "ca");
        Assert.Equal(Refusal.NotYourPair, await World.RefusalOfAsync(() => world.ProposeAsync(world.Bruno, seq, to: "es")));
        await world.ProposeAsync(world.Carla, seq, to: "es");
        Assert.Equal(Refusal.EmptyText, await World.RefusalOfAsync(() => world.ProposeAsync(world.Carla, seq, " ", "es")));
        Assert.Equal(Refusal.TextTooLong, await World.RefusalOfAsync(() => world.ProposeAsync(world.Carla, seq, new('x', Limits.Text + 1), "es")));
        var board = await world.SayAsync(world.Anna, room: "board");
        await Assert.ThrowsAsync<NotFoundException>(() => world.Bridges.ProposeAsync(world.Bruno, "board", board, new("ca", "x", BridgeRules.StampOf(BridgingWorld.Spanish))));
    }

    [Theory, OnBothDatabases]
    public async Task Nobody_else_accepts_it_and_not_the_one_who_wrote_it(Database database)
    {
        await using var world = await BridgingWorld.OpenAsync(database);
        var seq = await world.SayAsync(world.Anna);
        await world.Bridges.AskAsync(world.Bruno, "welding", seq, "ca");
        var translation = await world.ProposeAsync(world.Bruno, seq);
        foreach (var who in (Actor[])[world.Bruno, world.Olga])
        {
            Assert.False((await world.Bridges.FindAsync(who, "welding", seq)).Translations.Single().MayAccept);
            Assert.Equal(Refusal.NotYoursToAccept, await World.RefusalOfAsync(() => world.AcceptAsync(who, seq, translation)));
        }
        Assert.Null(await world.UnderAsync(seq));
        foreach (var who in (Actor[])[world.Anna, world.Carla])
            Assert.True((await world.Bridges.FindAsync(who, "welding", seq)).Translations.Single().MayAccept);
        await world.AcceptAsync(world.Carla, seq, translation);
        Assert.Single((await world.UnderAsync(seq))!);
    }

    [Theory, OnBothDatabases]
    public async Task Of_several_the_one_that_was_accepted_last_stands_there(Database database)
    {
        await using var world = await BridgingWorld.OpenAsync(database);
        var seq = await world.SayAsync(world.Anna);
        var first = await world.ProposeAsync(world.Bruno, seq, "La primera");
        var second = await world.ProposeAsync(world.Carla, seq, "La segona");
        await world.AcceptAsync(world.Anna, seq, first);
        await world.AcceptAsync(world.Anna, seq, second);
        Assert.Equal(["La segona"], (await world.UnderAsync(seq))!.Select(one => one.Markdown));
        Assert.Equal([true, false], (await world.Bridges.FindAsync(world.Olga, "welding", seq)).Translations.Select(one => one.IsAccepted));
        var version = (await world.World.Conversations.OpenAsync(world.Anna, "welding")).Version;
        await world.AcceptAsync(world.Anna, seq, second);
        Assert.Equal(version, (await world.World.Conversations.OpenAsync(world.Anna, "welding")).Version);
    }

    [Theory, OnBothDatabases]
    public async Task Another_text_has_to_be_accepted_again_and_only_the_one_that_was_read_is(Database database)
    {
        await using var world = await BridgingWorld.OpenAsync(database);
        var seq = await world.SayAsync(world.Anna);
        await world.Bridges.AskAsync(world.Olga, "welding", seq, "ca");
        var translation = await world.ProposeAsync(world.Bruno, seq);
        await world.AcceptAsync(world.Olga, seq, translation);

        Assert.Equal(translation, await world.ProposeAsync(world.Bruno, seq, "Una altra cosa"));
        Assert.Null(await world.UnderAsync(seq));
        Assert.False((await world.Bridges.FindAsync(world.Olga, "welding", seq)).Wishes.Single().IsDone);
        Assert.Equal(Refusal.ChangedMeanwhile, await World.RefusalOfAsync(() => world.Bridges.AcceptAsync(world.Olga, "welding", seq, translation, version: 1)));
        await world.AcceptAsync(world.Olga, seq, translation);
        Assert.Equal(["Una altra cosa"], (await world.UnderAsync(seq))!.Select(one => one.Markdown));
    }

    [Theory, OnBothDatabases]
    public async Task Ones_own_message_needs_nobody_to_accept_it(Database database)
    {
        await using var world = await BridgingWorld.OpenAsync(database);
        var seq = await world.SayAsync(world.Bruno);
        await world.ProposeAsync(world.Bruno, seq);
        Assert.Equal([BridgingWorld.Catalan], (await world.UnderAsync(seq))!.Select(one => one.Markdown));
        await world.ProposeAsync(world.Bruno, seq, "Millor així");
        Assert.Equal(["Millor així"], (await world.UnderAsync(seq))!.Select(one => one.Markdown));
    }

    [Theory, OnBothDatabases]
    public async Task When_the_message_changes_its_translation_says_so_and_can_be_asked_for_again(Database database)
    {
        await using var world = await BridgingWorld.OpenAsync(database);
        var seq = await world.SayAsync(world.Anna);
        var stamp = (await world.Bridges.FindAsync(world.Bruno, "welding", seq)).Stamp;
        await world.AcceptAsync(world.Anna, seq, await world.ProposeAsync(world.Bruno, seq));
        await world.World.Conversations.EditAsync(world.Anna, "welding", seq, "Otra cosa");

        Assert.True((await world.UnderAsync(seq))!.Single().IsOutdated);
        Assert.Equal(Refusal.OriginalChanged, await World.RefusalOfAsync(() => world.Bridges.ProposeAsync(world.Bruno, "welding", seq, new("ca", "Una altra", stamp))));
        await world.World.Conversations.SetLanguageAsync(world.Anna, "welding", seq, "es");
        await world.Bridges.AskAsync(world.Olga, "welding", seq, "ca");
        Assert.Equal([NoticeKind.BridgeAsked], await world.BellAsync(world.Bruno));
        await world.AcceptAsync(world.Olga, seq, await world.ProposeAsync(world.Bruno, seq, "Una altra"));
        Assert.False((await world.UnderAsync(seq))!.Single().IsOutdated);
        await world.World.Conversations.EditAsync(world.Anna, "welding", seq, BridgingWorld.Spanish);
        Assert.True((await world.UnderAsync(seq))!.Single().IsOutdated);
    }

    [Theory, OnBothDatabases]
    public async Task It_is_taken_away_by_its_author_the_messages_and_moderators_and_waits_again(Database database)
    {
        await using var world = await BridgingWorld.OpenAsync(database);
        var seq = await world.SayAsync(world.Anna);
        await world.Bridges.AskAsync(world.Olga, "welding", seq, "ca");
        foreach (var who in (Actor[])[world.Bruno, world.Anna, world.Carla])
        {
            var translation = await world.ProposeAsync(world.Bruno, seq);
            await world.AcceptAsync(world.Olga, seq, translation);
            Assert.Equal(Refusal.NotYourTranslation, await World.RefusalOfAsync(() => world.Bridges.TakeAwayAsync(world.Olga, "welding", seq, translation)));
            await world.Bridges.TakeAwayAsync(who, "welding", seq, translation);
            Assert.Null(await world.UnderAsync(seq));
            Assert.False((await world.Bridges.FindAsync(world.Olga, "welding", seq)).Wishes.Single().IsDone);
        }
        Assert.Equal([world.Anna.MemberId, world.Carla.MemberId],
            await world.World.InDbAsync(context => context.Audit.Where(a => a.What == "translation.removed").OrderBy(a => a.Id).Select(a => a.ActorId!.Value).ToListAsync()));
        var other = await world.SayAsync(world.Anna, "Otro mensaje en español");
        var stray = await world.ProposeAsync(world.Bruno, seq);
        await Assert.ThrowsAsync<NotFoundException>(() => world.Bridges.TakeAwayAsync(world.Bruno, "welding", other, stray));
    }

    [Theory, OnBothDatabases]
    public async Task Who_may_only_read_neither_asks_nor_translates_nor_accepts(Database database)
    {
        await using var world = await BridgingWorld.OpenAsync(database);
        var seq = await world.SayAsync(world.Anna);
        await world.Bridges.AskAsync(world.Olga, "welding", seq, "ca");
        var translation = await world.ProposeAsync(world.Carla, seq);
        await world.World.InDbAsync(async context =>
        {
            var room = await context.Conversations.SingleAsync(c => c.Slug == "welding");
            foreach (var who in (Actor[])[world.Bruno, world.Olga])
                context.Restrictions.Add(new() { ConversationId = room.Id, MemberId = who.MemberId, MutedUntil = world.World.Clock.GetUtcNow().AddDays(1) });
            return await context.SaveChangesAsync();
        });
        Assert.Equal(Refusal.Muted, await World.RefusalOfAsync(() => world.ProposeAsync(world.Bruno, seq)));
        Assert.Equal(Refusal.Muted, await World.RefusalOfAsync(() => world.Bridges.AskAsync(world.Bruno, "welding", seq, "it")));
        Assert.Equal(Refusal.Muted, await World.RefusalOfAsync(() => world.AcceptAsync(world.Olga, seq, translation)));
        await world.World.InDbAsync(context => context.Conversations.Where(c => c.Slug == "welding").ExecuteUpdateAsync(set => set.SetProperty(c => c.EndedAt, world.World.Clock.GetUtcNow())));
        Assert.Equal(Refusal.ConversationClosed, await World.RefusalOfAsync(() => world.AcceptAsync(world.Anna, seq, translation)));
        // What is wrong goes at any time.
        await world.Bridges.TakeAwayAsync(world.Anna, "welding", seq, translation);
    }

    [Theory, OnBothDatabases]
    public async Task A_hidden_message_hides_them_and_a_deleted_one_takes_all_of_it_along(Database database)
    {
        await using var world = await BridgingWorld.OpenAsync(database);
        var seq = await world.SayAsync(world.Anna);
        await world.Bridges.AskAsync(world.Olga, "welding", seq, "ca");
        await world.AcceptAsync(world.Olga, seq, await world.ProposeAsync(world.Bruno, seq));
        await world.Bridges.AskAsync(world.Olga, "welding", seq, "it");
        var hidden = await world.World.Decisions.DecideAsync(world.Carla, "welding", seq, new(MessageMeasure.Hidden, MemberMeasure.None, 0, Ground.Other, "For the test", 0, 0));
        Assert.Null(await world.UnderAsync(seq));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Bridges.FindAsync(world.Olga, "welding", seq));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Bridges.AskAsync(world.Olga, "welding", seq, "el"));
        Assert.Empty(await world.BellAsync(world.Bruno));
        Assert.Empty((await world.Queue.ListAsync(world.Olga, BridgeList.Asked, 1)).Rows);
        await world.World.Decisions.DecideAsync(world.Carla, "welding", seq, new(MessageMeasure.Left, MemberMeasure.None, 0, Ground.Other, "For the test", 1, 0));
        Assert.True(hidden > 0);
        Assert.Single((await world.UnderAsync(seq))!);

        await world.World.Conversations.DeleteAsync(world.Anna, "welding", seq);

        Assert.Equal((0, 0, 0), await world.World.InDbAsync(async context =>
            (await context.Translations.CountAsync(), await context.BridgeRequests.CountAsync(), await context.BridgeAsks.CountAsync())));
        Assert.Empty(await world.BellAsync(world.Bruno));
        Assert.Empty(await world.BellAsync(world.Olga));
    }
}
