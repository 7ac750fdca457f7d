using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Members;
using Xunit;

namespace VetCommunity.Tests.Conversations;

public sealed class NamingPeople
{
    [Theory, OnBothDatabases]
    public async Task Only_people_who_can_read_it_are_named(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Anna, "What do @ada and @olga and @nobody think?", room: "board");
        await world.SayAsync(world.Anna, "What does @olga think?");
        Assert.Equal([world.Ada.MemberId, world.Olga.MemberId], await world.InDbAsync(db => db.Mentions.OrderByDescending(m => m.MemberId).Select(m => m.MemberId).ToListAsync()));
    }

    [Theory, OnBothDatabases]
    public async Task A_told_message_names_whom_it_mentions(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var told = Channel.CreateUnbounded<ConversationChanged>();
        using var listening = world.Feed.Subscribe<ConversationChanged>(fact => told.Writer.WriteAsync(fact));
        await world.SayAsync(world.Anna, "Ask @bruno");
        var change = Assert.Single((await told.Reader.ReadAsync().AsTask().WaitAsync(Patience.Enough)).Changes);
        Assert.Equal([world.Bruno.MemberId], change.Mentioned);
    }

    [Theory, OnBothDatabases]
    public async Task A_former_handle_names_its_owner_once(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var profiles = new Profiles(world.Db, world.Clock);
        var own = await profiles.OwnAsync(world.Bruno);
        await profiles.SaveAsync(world.Bruno, own.Values with { Handle = "bruno-weiss" }, own.Stamp);

        await world.SayAsync(world.Anna, "Ask @bruno");
        await world.SayAsync(world.Anna, "Ask @bruno, that is @bruno-weiss");

        Assert.Equal([world.Bruno.MemberId, world.Bruno.MemberId], await world.InDbAsync(db => db.Mentions.Select(m => m.MemberId).ToListAsync()));
        Assert.Contains("href=\"/people/bruno\"", (await world.Conversations.OpenAsync(world.Anna, "welding", null)).Messages[^1].Html, StringComparison.Ordinal);
        Assert.Equal("bruno-weiss", (await new People(world.Db, world.Clock).ProfileAsync(world.Anna, "bruno")).Handle);
    }
}
