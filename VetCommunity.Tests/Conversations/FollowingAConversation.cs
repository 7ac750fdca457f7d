using System.Text.Json;
using System.Threading.Channels;
using CsCheck;
using VetCommunity.Core;
using VetCommunity.Core.Bridging;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Moderation;
using Xunit;

namespace VetCommunity.Tests.Conversations;

public sealed class FollowingAConversation
{
    static readonly string[] Emoji = ["👍", "🔧"];

    static readonly Gen<(int Kind, int Who, int Seq, int What)[]> Acts =
        Gen.Select(Gen.Int[0, 25], Gen.Int[0, 2], Gen.Int[1, 8], Gen.Int[0, 3]).Array[1, 40];

    [Theory, OnBothDatabases]
    public async Task From_any_version_the_changes_lead_to_what_opening_shows(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var told = Channel.CreateUnbounded<ConversationChanged>();
        using var listening = world.Feed.Subscribe<ConversationChanged>(fact => told.Writer.WriteAsync(fact));
        foreach (var who in (Core.Actor[])[world.Anna, world.Bruno, world.Carla])
            await new Bridgers(world.Db, world.Clock).SaveAsync(who, [.. Languages.All.Take(4).SelectMany(from => new LanguagePair[] { new(from, "ca"), new(from, "el") })], agrees: null);
        var round = 0;
        await Acts.SampleAsync(async acts =>
        {
            var room = $"room-{Interlocked.Increment(ref round)}";
            await world.AddAsync(new() { Kind = ConversationKind.Room, Slug = room, IsOpen = 1 }, [world.Anna], [world.Bruno, world.Carla]);
            Dictionary<long, IReadOnlyList<PostedMessage>> seen = new() { [0] = [] };
            foreach (var act in acts)
            {
                world.Clock.Advance(TimeSpan.FromMilliseconds(act.What));
                await TryAsync(world, room, act);
                var now = await world.Conversations.OpenAsync(world.Olga, room);
                seen[now.Version] = now.Messages;
            }

            var final = await world.Conversations.OpenAsync(world.Olga, room);
            foreach (var (version, messages) in seen)
            {
                var changes = await world.Conversations.ChangesAsync(world.Olga, room, version);
                Assert.Equal((final.Version, false), (changes.Version, changes.Limited));
                AssertGapless(version, final.Version, changes.Changes);
                Assert.Equal(Text(final.Messages), Text(Follow(messages, changes.Changes)));
            }

            var live = await ReadUntilAsync(told.Reader, final.Id, final.Version);
            AssertGapless(0, final.Version, live);
            Assert.Equal(Text(final.Messages), Text(Follow([], live)));
        }, iter: 25, threads: 1);
    }

    [Theory, OnBothDatabases]
    public async Task Who_is_too_far_behind_opens_afresh(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await Task.WhenAll(Enumerable.Range(0, Limits.Changes + 1).Select(i => world.SayAsync(world.Anna, $"Number {i}")));
        var behind = await world.Conversations.ChangesAsync(world.Bruno, "welding", 0);
        Assert.Equal((true, Limits.Changes + 1), (behind.Limited, behind.Version));
        Assert.Empty(behind.Changes);
        var near = await world.Conversations.ChangesAsync(world.Bruno, "welding", 1);
        Assert.False(near.Limited);
        AssertGapless(1, Limits.Changes + 1, near.Changes);
        Assert.True((await world.Conversations.ChangesAsync(world.Bruno, "welding", near.Version + 1)).Limited);
    }

    [Theory, OnBothDatabases]
    public async Task Readers_are_told_after_the_commit_and_in_order(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var told = Channel.CreateUnbounded<(ConversationChanged Fact, long Stored)>();
        using var listening = world.Feed.Subscribe<ConversationChanged>(async fact =>
            await told.Writer.WriteAsync((fact, (await world.Conversations.OpenAsync(world.Bruno, "welding")).Version)));
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() => world.SayAsync(world.Anna, $"Number {i}"))));
        List<Change> live = [];
        while (live.Count < 100)
        {
            var (fact, stored) = await told.Reader.ReadAsync().AsTask().WaitAsync(Patience.Enough);
            live.AddRange(fact.Changes);
            Assert.True(stored >= live[^1].Version);
        }
        AssertGapless(0, 100, live);
    }

    // A refused act changes nothing, so it belongs into the sequence.
    static async Task TryAsync(World world, string room, (int Kind, int Who, int Seq, int What) act)
    {
        var who = (Core.Actor[])[world.Anna, world.Bruno, world.Carla];
        var conversations = world.Conversations;
        try
        {
            await (act.Kind switch
            {
                <= 3 => world.SayAsync(who[act.Who], $"Text {act.What}", room: room, topic: act.What == 0 ? null : $"Topic {act.What}"),
                4 or 5 => conversations.EditAsync(who[act.Who], room, act.Seq, $"Text {act.What}"),
                6 => conversations.DeleteAsync(who[act.Who], room, act.Seq),
                7 or 8 => (Task)conversations.ReactAsync(who[act.Who], room, act.Seq, Emoji[act.What % 2], on: act.What < 3),
                9 or 10 => world.Topics.MoveAsync(who[act.Who], room, act.Seq, $"Topic {act.What}", (MoveExtent)(act.What % 3)),
                12 or 13 => world.AskAsync(who[act.Who], ["Yes", "No", "Later"], several: act.Seq % 2 == 0, secret: act.Seq % 3 == 0, (PollResults)(1 + (act.What % 3)),
                    act.What == 3 ? world.Clock.GetUtcNow() + TimeSpan.FromMilliseconds(act.Seq) : null, room),
                14 or 15 => world.Polls.VoteAsync(who[act.Who], room, act.Seq, act.What == 3 ? [1, 2] : [act.What + 1]),
                16 => act.What < 2 ? world.Polls.WithdrawAsync(who[act.Who], room, act.Seq) : world.Polls.EndAsync(who[act.Who], room, act.Seq),
                17 => world.Polls.EndDueAsync(Core.Actor.Operator),
                // Hidden, shown again, or with an appeal that lifts the newest decision.
                18 => DecideAsync(world, room, act.Seq, act.What < 3 ? MessageMeasure.Hidden : MessageMeasure.Left),
                19 => LiftAsync(world, room, act.Seq),
                20 => conversations.SetLanguageAsync(who[act.Who], room, act.Seq, Languages.All[act.What]),
                21 or 22 or 23 => TranslateAsync(world, who[act.Who], room, act.Seq, act.What),
                24 => AcceptAsync(world, who[act.Who], room, act.Seq),
                25 => TakeAwayAsync(world, who[act.Who], room, act.Seq),
                _ => world.Topics.RenameAsync(who[act.Who], room, act.Seq % 2 == 0 ? "general" : $"topic-{act.What}", $"Topic {act.Seq}"),
            });
        }
        catch (Exception refusal) when (refusal is RefusedException or NotFoundException)
        {
        }
    }

    static async Task TranslateAsync(World world, Core.Actor who, string room, long seq, int what)
    {
        var bridges = new Bridges(world.Db, world.Log, world.Feed);
        if (what == 3)
            await bridges.AskAsync(who, room, seq, "ca");
        else
            await bridges.ProposeAsync(who, room, seq, new(what == 0 ? "el" : "ca", $"Translation {what}", (await bridges.FindAsync(who, room, seq)).Stamp));
    }

    static async Task AcceptAsync(World world, Core.Actor who, string room, long seq)
    {
        var bridges = new Bridges(world.Db, world.Log, world.Feed);
        if ((await bridges.FindAsync(who, room, seq)).Translations is [.., var last])
            await bridges.AcceptAsync(who, room, seq, last.Posted.Id, last.Version);
    }

    static async Task TakeAwayAsync(World world, Core.Actor who, string room, long seq)
    {
        var bridges = new Bridges(world.Db, world.Log, world.Feed);
        if ((await bridges.FindAsync(who, room, seq)).Translations is [var first, ..])
            await bridges.TakeAwayAsync(who, room, seq, first.Posted.Id);
    }

    static async Task<int> DecideAsync(World world, string room, long seq, MessageMeasure measure)
    {
        var found = await world.Decisions.FindAsync(world.Carla, room, seq);
        return await world.Decisions.DecideAsync(world.Carla, room, seq, new(measure, MemberMeasure.None, 0, Ground.Other, "For the test", found.Decisions.Count, 0));
    }

    static async Task LiftAsync(World world, string room, long seq)
    {
        var found = await world.Decisions.FindAsync(world.Ada, room, seq);
        if (found.Decisions.Count == 0 || found.Member is null)
            return;
        var author = found.Member.Handle == "anna" ? world.Anna : world.Bruno;
        await world.Decisions.AppealAsync(author, found.Decisions[^1].Id, "I do not agree");
        await world.Decisions.AnswerAsync(world.Ada, found.Decisions[^1].Id, AppealOutcome.Lifted, "Rightly so");
    }

    static List<PostedMessage> Follow(IReadOnlyList<PostedMessage> messages, IReadOnlyList<Change> changes)
    {
        var bySeq = new SortedDictionary<long, PostedMessage>(messages.ToDictionary(m => m.Seq));
        foreach (var change in changes)
            bySeq[change.Message.Seq] = change.Message;
        return [.. bySeq.Values];
    }

    static async Task<List<Change>> ReadUntilAsync(ChannelReader<ConversationChanged> told, int conversation, long version)
    {
        List<Change> live = [];
        while (live.Count == 0 ? version > 0 : live[^1].Version < version)
        {
            var fact = await told.ReadAsync().AsTask().WaitAsync(Patience.Enough);
            if (fact.ConversationId == conversation)
                live.AddRange(fact.Changes);
        }
        return live;
    }

    static void AssertGapless(long after, long last, IReadOnlyList<Change> changes) =>
        Assert.Equal(Enumerable.Range((int)after + 1, (int)(last - after)).Select(i => (long)i), changes.Select(c => c.Version));

    static string Text(IReadOnlyList<PostedMessage> messages) => string.Join('\n', messages.Select(m => JsonSerializer.Serialize(m)));
}
