using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using Xunit;

namespace VetCommunity.Tests.Conversations;

public sealed class ReadingAConversation
{
    [Theory, OnBothDatabases]
    public async Task Pages_backwards_have_no_gap_and_no_double(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await SayManyAsync(world, 120);
        var opened = await world.Conversations.OpenAsync(world.Bruno, "welding");
        Assert.True(opened.HasOlder);
        Assert.False(opened.HasMore);
        var read = opened.Messages.ToList();
        for (var older = true; older;)
        {
            var page = await world.Conversations.OlderAsync(world.Bruno, "welding", read[0].Seq);
            read.InsertRange(0, page.Messages);
            older = page.HasMore;
        }
        Assert.Equal(Enumerable.Range(1, 120).Select(i => (long)i), read.Select(m => m.Seq));
    }

    [Theory, OnBothDatabases]
    public async Task Pages_forwards_have_no_gap_and_no_double(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await SayManyAsync(world, 120);
        List<long> read = [];
        for (var more = true; more;)
        {
            var page = await world.Conversations.OpenAsync(world.Bruno, "welding", afterSeq: read.LastOrDefault());
            Assert.Equal(read.Count > 0, page.HasOlder);
            read.AddRange(page.Messages.Select(m => m.Seq));
            more = page.HasMore;
        }
        Assert.Equal(Enumerable.Range(1, 120).Select(i => (long)i), read);
    }

    [Theory, OnBothDatabases]
    public async Task A_topic_pages_through_its_own_messages(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await SayManyAsync(world, 120, i => i % 2 == 0 ? "Even" : null);
        var opened = await world.Conversations.OpenAsync(world.Bruno, "welding", topicSlug: "even");
        var older = await world.Conversations.OlderAsync(world.Bruno, "welding", opened.Messages[0].Seq, "even");
        Assert.True(opened.HasOlder);
        Assert.False(older.HasMore);
        Assert.Equal(Enumerable.Range(1, 60).Select(i => 2L * i), older.Messages.Concat(opened.Messages).Select(m => m.Seq));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Conversations.OpenAsync(world.Bruno, "welding", topicSlug: "odd"));
    }

    [Theory, OnBothDatabases]
    public async Task An_empty_room_opens_empty(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var opened = await world.Conversations.OpenAsync(world.Bruno, "welding");
        Assert.Empty(opened.Messages);
        Assert.Equal((0, 0, false, false), (opened.LastSeq, opened.Version, opened.HasMore, opened.HasOlder));
    }

    [Theory, OnBothDatabases]
    public async Task A_reader_does_not_wait_for_the_writer(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Anna, "Before");
        var held = new HeldEntry();
        var writing = world.Log.WriteAsync(held, TestContext.Current.CancellationToken);
        await held.Reached;
        try
        {
            Assert.Single((await world.Conversations.OpenAsync(world.Bruno, "welding")).Messages);
            Assert.Single((await world.Conversations.ChangesAsync(world.Bruno, "welding", 0)).Changes);
        }
        finally
        {
            held.LetGo();
            await writing;
        }
    }

    [Theory, OnBothDatabases]
    public async Task Opening_while_others_post_shows_one_moment(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var posting = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++)
                await world.SayAsync(world.Anna, $"Number {i}");
        })));
        OpenedConversation opened;
        do
        {
            opened = await world.Conversations.OpenAsync(world.Bruno, "welding");
            Assert.Equal((opened.LastSeq, opened.LastSeq), (opened.Version, opened.Messages is [.., var newest] ? newest.Seq : 0));
            var changes = await world.Conversations.ChangesAsync(world.Bruno, "welding", opened.Version);
            Assert.Equal(changes.Version - opened.Version, changes.Changes.Count);
        }
        while (opened.LastSeq < 200 && !posting.IsFaulted);
        await posting;
    }

    static Task<PostReceipt[]> SayManyAsync(World world, int count, Func<int, string?>? topic = null) =>
        Task.WhenAll(Enumerable.Range(1, count).Select(i => world.SayAsync(world.Anna, $"Number {i}", topic: topic?.Invoke(i))));
}
