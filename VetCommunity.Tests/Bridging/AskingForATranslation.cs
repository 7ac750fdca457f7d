using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Bridging;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Noticing;
using Xunit;

namespace VetCommunity.Tests.Bridging;

public sealed class AskingForATranslation
{
    [Theory, OnBothDatabases]
    public async Task Who_translates_that_pair_hears_of_it_and_nobody_else(Database database)
    {
        await using var world = await BridgingWorld.OpenAsync(database);
        await world.TranslatesAsync(world.Olga, "ca-es", "es-it");
        var seq = await world.SayAsync(world.Anna);

        await world.Bridges.AskAsync(world.Olga, "welding", seq, "ca");

        Assert.Equal([NoticeKind.BridgeAsked], await world.BellAsync(world.Bruno));
        Assert.Equal([NoticeKind.BridgeAsked], await world.BellAsync(world.Carla));
        Assert.Empty(await world.BellAsync(world.Olga));
        Assert.Empty(await world.BellAsync(world.Anna));
        var notice = Assert.Single((await world.Notices.ListAsync(world.Bruno)).Rows);
        Assert.Equal(FormattableString.Invariant($"/rooms/welding/messages/{seq}/translations"), notice.Address);
        Assert.Equal(BridgingWorld.Spanish, notice.Text);
    }

    [Theory, OnBothDatabases]
    public async Task Having_read_the_message_does_not_answer_it_and_looking_at_its_translations_does(Database database)
    {
        await using var world = await BridgingWorld.OpenAsync(database);
        var seq = await world.SayAsync(world.Anna);
        await new ReadMarkers(world.World.Db, world.World.Feed).MarkReadAsync(world.Bruno, "welding", seq);
        await world.Bridges.AskAsync(world.Olga, "welding", seq, "ca");

        Assert.Equal([NoticeKind.BridgeAsked], await world.BellAsync(world.Bruno));
        Assert.Equal(1, await world.Notices.UnreadAsync(world.Bruno));
        await world.Notices.TranslationsSeenAsync(world.Bruno, (await world.World.Conversations.FindAsync(world.Bruno, "welding")).Id, seq);
        Assert.Empty(await world.BellAsync(world.Bruno));
    }

    [Theory, OnBothDatabases]
    public async Task Who_asks_for_the_same_joins_and_rings_no_bell(Database database)
    {
        await using var world = await BridgingWorld.OpenAsync(database);
        var seq = await world.SayAsync(world.Anna);
        await world.Bridges.AskAsync(world.Olga, "welding", seq, "ca");
        foreach (var row in (await world.Notices.ListAsync(world.Bruno)).Rows)
            await world.Notices.ReadAsync(world.Bruno, row.Id);

        await world.Bridges.AskAsync(world.World.Ada, "welding", seq, "ca");
        await world.Bridges.AskAsync(world.Olga, "welding", seq, "ca");

        Assert.Empty(await world.BellAsync(world.Bruno));
        var wish = Assert.Single((await world.Bridges.FindAsync(world.Olga, "welding", seq)).Wishes);
        Assert.Equal(new BridgeWish("ca", 2, IsMine: true, IsDone: false), wish);

        await world.Bridges.UnaskAsync(world.Olga, "welding", seq, "ca");
        Assert.Single((await world.Queue.ListAsync(world.Bruno, BridgeList.Waiting, 1)).Rows);
    }

    [Theory, OnBothDatabases]
    public async Task At_most_five_hear_of_it_and_next_time_those_who_did_not(Database database)
    {
        await using var world = await BridgingWorld.OpenAsync(database);
        var more = await world.MoreTranslatorsAsync(6);
        Actor[] all = [world.Bruno, world.Carla, .. more];

        var heard = new List<IEnumerable<string>>();
        for (var i = 0; i < 3; i++)
        {
            var seq = await world.SayAsync(world.Anna, $"{BridgingWorld.Spanish} {i}");
            await world.Bridges.AskAsync(world.Olga, "welding", seq, "ca");
            world.World.Clock.Advance(TimeSpan.FromMinutes(1));
            List<string> now = [];
            foreach (var one in all)
            {
                if ((await world.Notices.ListAsync(one)).Rows.Any(row => row.Address!.EndsWith($"/{seq}/translations", StringComparison.Ordinal)))
                    now.Add(one.Handle);
            }
            heard.Add(now);
        }

        Assert.Equal(["bruno", "carla", "translator-0", "translator-1", "translator-2"], heard[0]);
        // Eight in all: three who have heard of none, then the first two again.
        Assert.Equal(["bruno", "carla", "translator-3", "translator-4", "translator-5"], heard[1]);
        Assert.Equal(["bruno", "carla", "translator-0", "translator-1", "translator-2"], heard[2]);
    }

    [Theory, OnBothDatabases]
    public async Task Nobody_is_told_who_may_not_read_it_or_wants_to_hear_nothing(Database database)
    {
        await using var world = await BridgingWorld.OpenAsync(database);
        await world.TranslatesAsync(world.World.Ada, "es-ca");
        var closed = await world.SayAsync(world.Anna, room: "board");
        await world.Bridges.AskAsync(world.Anna, "board", closed, "ca");
        Assert.Equal([NoticeKind.BridgeAsked], await world.BellAsync(world.World.Ada));
        Assert.Empty(await world.BellAsync(world.Bruno));
        Assert.Empty(await world.BellAsync(world.Carla));

        var banned = await world.World.InDbAsync(async context =>
        {
            var room = await context.Conversations.SingleAsync(c => c.Slug == "welding");
            context.Restrictions.Add(new() { ConversationId = room.Id, MemberId = world.Bruno.MemberId, BannedUntil = world.World.Clock.GetUtcNow().AddDays(1) });
            context.RoomWishes.Add(new() { ConversationId = room.Id, MemberId = world.World.Ada.MemberId, Calls = RoomCalls.Nothing });
            context.NoticeSettings.Add(new() { MemberId = world.Carla.MemberId, BellOff = NoticeKind.BridgeAsked });
            return await context.SaveChangesAsync();
        });
        Assert.Equal(3, banned);
        var open = await world.SayAsync(world.Anna);
        await world.Bridges.AskAsync(world.Olga, "welding", open, "ca");
        Assert.Equal(0, await world.World.InDbAsync(context => context.Notices.CountAsync(n => n.Seq == open && n.Kind == NoticeKind.BridgeAsked && n.ConversationId != 0
            && context.Conversations.Any(c => c.Id == n.ConversationId && c.Slug == "welding"))));
    }

    [Theory, OnBothDatabases]
    public async Task What_cannot_be_asked_for_is_refused(Database database)
    {
        await using var world = await BridgingWorld.OpenAsync(database);
        var seq = await world.SayAsync(world.Anna);
        Assert.Equal(Refusal.AlreadyInLanguage, await World.RefusalOfAsync(() => world.Bridges.AskAsync(world.Olga, "welding", seq, "es")));
        Assert.Equal(Refusal.UnknownLanguage, await World.RefusalOfAsync(() => world.Bridges.AskAsync(world.Olga, "welding", seq, "xx")));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Bridges.AskAsync(world.Olga, "welding", 99, "ca"));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Bridges.AskAsync(Actor.Visitor, "welding", seq, "ca"));
        var board = await world.SayAsync(world.Anna, room: "board");
        await Assert.ThrowsAsync<NotFoundException>(() => world.Bridges.AskAsync(world.Olga, "board", board, "ca"));
        var alone = await world.SayAsync(world.Anna, room: world.World.Direct);
        await Assert.ThrowsAsync<NotFoundException>(() => world.Bridges.AskAsync(world.Bruno, world.World.Direct, alone, "ca"));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Bridges.FindAsync(world.Bruno, world.World.Direct, alone));
        await world.World.Conversations.DeleteAsync(world.Anna, "welding", seq);
        await Assert.ThrowsAsync<NotFoundException>(() => world.Bridges.AskAsync(world.Olga, "welding", seq, "ca"));
    }

    [Theory, OnBothDatabases]
    public async Task One_member_has_so_many_waiting_and_may_take_one_back(Database database)
    {
        await using var world = await BridgingWorld.OpenAsync(database);
        var first = await world.SayAsync(world.Anna);
        for (var i = 0; i < BridgeRules.MostWaiting; i++)
        {
            var seq = i == 0 ? first : await world.SayAsync(world.Anna, $"{BridgingWorld.Spanish} {i}");
            await world.Bridges.AskAsync(world.Olga, "welding", seq, "ca");
        }
        Assert.Equal(Refusal.TooManyAsks, await World.RefusalOfAsync(() => world.Bridges.AskAsync(world.Olga, "welding", first, "it")));

        await world.Bridges.UnaskAsync(world.Olga, "welding", first, "ca");
        await world.Bridges.AskAsync(world.Olga, "welding", first, "it");

        Assert.Equal(["it"], (await world.Bridges.FindAsync(world.Olga, "welding", first)).Wishes.Select(wish => wish.To));
    }

    [Theory, OnBothDatabases]
    public async Task Taken_back_and_asked_for_again_it_rings_only_after_a_day_or_when_it_is_another_text(Database database)
    {
        await using var world = await BridgingWorld.OpenAsync(database);
        var seq = await world.SayAsync(world.Anna);
        await AskedAgainAsync();
        Assert.Equal([NoticeKind.BridgeAsked], await BellOfBrunoAsync());

        await AskedAgainAsync();
        Assert.Empty(await BellOfBrunoAsync());
        Assert.Single((await world.Queue.ListAsync(world.Bruno, BridgeList.Waiting, 1)).Rows);
        world.World.Clock.Advance(BridgeRules.RingsAgainAfter);
        await AskedAgainAsync();
        Assert.Equal([NoticeKind.BridgeAsked], await BellOfBrunoAsync());

        world.World.Clock.Advance(TimeSpan.FromMinutes(1));
        await world.AcceptAsync(world.Anna, seq, await world.ProposeAsync(world.Carla, seq));
        await world.World.Conversations.EditAsync(world.Anna, "welding", seq, "Otra cosa muy distinta");
        await world.World.Conversations.SetLanguageAsync(world.Anna, "welding", seq, "es");
        world.World.Clock.Advance(TimeSpan.FromMinutes(1));
        await AskedAgainAsync();
        Assert.Equal([NoticeKind.BridgeAsked], await BellOfBrunoAsync());
        await AskedAgainAsync();
        Assert.Empty(await BellOfBrunoAsync());

        async Task AskedAgainAsync()
        {
            await world.Bridges.UnaskAsync(world.Olga, "welding", seq, "ca");
            Assert.Empty((await world.Queue.ListAsync(world.Bruno, BridgeList.Waiting, 1)).Rows);
            await world.Bridges.AskAsync(world.Olga, "welding", seq, "ca");
        }

        async Task<IReadOnlyList<NoticeKind>> BellOfBrunoAsync()
        {
            var rings = await world.BellAsync(world.Bruno);
            await world.Notices.TranslationsSeenAsync(world.Bruno, (await world.World.Conversations.FindAsync(world.Bruno, "welding")).Id, seq);
            return rings;
        }
    }

    [Theory, OnBothDatabases]
    public async Task Members_say_which_pairs_they_translate_each_way_by_itself(Database database)
    {
        await using var world = await BridgingWorld.OpenAsync(database);
        Assert.Equal([new LanguagePair("es", "ca"), new LanguagePair("ca", "es")], await world.Bridgers.OfAsync(world.Anna, "carla"));
        Assert.Empty(await world.Bridgers.OfAsync(Actor.Visitor, "carla"));
        await world.TranslatesAsync(world.Carla, "ca-es", "en-el");
        Assert.Equal([new LanguagePair("en", "el"), new LanguagePair("ca", "es")], await world.Bridgers.OfAsync(world.Anna, "carla"));
        Assert.Equal(Refusal.BadChoice, await World.RefusalOfAsync(() => world.TranslatesAsync(world.Carla, "es-es")));
        Assert.Equal(Refusal.UnknownLanguage, await World.RefusalOfAsync(() => world.TranslatesAsync(world.Carla, "es-xx")));
    }
}
