using VetCommunity.Core;
using VetCommunity.Core.Moderation;
using VetCommunity.Tests.Search;
using Xunit;

namespace VetCommunity.Tests.Conversations;

public sealed class SayingTheLanguage
{
    const string Italian = "Chi viene domani in officina?";

    [Theory, OnBothDatabases]
    public async Task A_message_has_its_own_language_and_is_found_by_it(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Bruno, Italian);
        await world.SayAsync(world.Bruno, "ok");
        var opened = await world.Conversations.OpenAsync(world.Anna, "welding");
        Assert.Equal(["it", null], opened.Messages.Select(m => m.Language));
        Assert.Equal([opened.Messages[1].RoomLanguage == "it" ? null : "it", null], opened.Messages.Select(m => m.OtherLanguage));
        Assert.Equal([Italian], await world.TextsAsync(world.Anna, "officina lang:it"));
        Assert.Empty(await world.TextsAsync(world.Anna, "officina lang:de"));
        Assert.Equal(["ok"], await world.TextsAsync(world.Anna, $"ok lang:{opened.Messages[1].RoomLanguage}"));
    }

    [Theory, OnBothDatabases]
    public async Task What_a_person_said_stands_and_is_found_at_once(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Bruno, Italian);
        Assert.Equal(2, await world.Conversations.SetLanguageAsync(world.Bruno, "welding", 1, "ca"));
        Assert.Equal(2, await world.Conversations.SetLanguageAsync(world.Bruno, "welding", 1, "ca"));
        Assert.Empty(await world.TextsAsync(world.Anna, "officina lang:it"));
        Assert.Equal([Italian], await world.TextsAsync(world.Anna, "officina lang:ca"));
        await world.Conversations.EditAsync(world.Bruno, "welding", 1, Italian + " Io vengo.");
        var message = Assert.Single((await world.Conversations.OpenAsync(world.Anna, "welding")).Messages);
        Assert.Equal(("ca", 3L), (message.Language, message.Version));
        Assert.Single(await world.TextsAsync(world.Anna, "vengo lang:ca"));
    }

    [Theory, OnBothDatabases]
    public async Task An_edit_tells_it_anew(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Bruno, Italian);
        await world.Conversations.EditAsync(world.Bruno, "welding", 1, "Morgen ist Berufsschule.");
        Assert.Equal("de", Assert.Single((await world.Conversations.OpenAsync(world.Anna, "welding")).Messages).Language);
        Assert.Single(await world.TextsAsync(world.Anna, "Berufsschule lang:de"));
        await world.Conversations.DeleteAsync(world.Bruno, "welding", 1);
        Assert.Null(Assert.Single((await world.Conversations.OpenAsync(world.Anna, "welding")).Messages).Language);
    }

    [Theory, OnBothDatabases]
    public async Task Saying_what_was_told_from_the_text_anyway_makes_it_stand(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Bruno, Italian);
        Assert.Equal(2, await world.Conversations.SetLanguageAsync(world.Bruno, "welding", 1, "it"));
        await world.Conversations.EditAsync(world.Bruno, "welding", 1, "Morgen ist Berufsschule.");
        Assert.Equal("it", Assert.Single((await world.Conversations.OpenAsync(world.Anna, "welding")).Messages).Language);
    }

    [Theory, OnBothDatabases]
    public async Task Who_may_not_write_says_no_language_and_a_hidden_message_has_none(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Bruno, Italian);
        await world.Decisions.DecideAsync(world.Carla, "welding", 1, Moderation.Rulings.Hide with { Message = MessageMeasure.Left, Member = MemberMeasure.Muted, Days = 1 });
        Assert.Equal(Refusal.Muted, await World.RefusalOfAsync(() => world.Conversations.SetLanguageAsync(world.Bruno, "welding", 1, "ca")));
        var seen = await world.Decisions.FindAsync(world.Carla, "welding", 1);
        await world.Decisions.DecideAsync(world.Carla, "welding", 1, Moderation.Rulings.Of(seen, MessageMeasure.Hidden));
        Assert.Null(Assert.Single((await world.Conversations.OpenAsync(world.Anna, "welding")).Messages).Language);
        foreach (var who in (Core.Actor[])[world.Bruno, world.Anna])
            Assert.Equal(Refusal.MessageHidden, await World.RefusalOfAsync(() => world.Conversations.SetLanguageAsync(who, "welding", 1, "ca")));
    }

    [Theory, OnBothDatabases]
    public async Task Its_author_and_moderators_say_it_and_nobody_else(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.SayAsync(world.Bruno, Italian);
        Assert.Equal(Refusal.NotYourMessage, await World.RefusalOfAsync(() => world.Conversations.SetLanguageAsync(world.Olga, "welding", 1, "de")));
        Assert.Equal(Refusal.UnknownLanguage, await World.RefusalOfAsync(() => world.Conversations.SetLanguageAsync(world.Bruno, "welding", 1, "fr")));
        Assert.Equal(Refusal.UnknownLanguage, await World.RefusalOfAsync(() => world.Conversations.PostAsync(world.Bruno, new("welding", "k", null, "Salut", Language: "fr"))));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Conversations.SetLanguageAsync(world.Bruno, "welding", 9, "de"));
        Assert.Equal(2, await world.Conversations.SetLanguageAsync(world.Carla, "welding", 1, "de"));
        Assert.Equal(3, await world.Conversations.SetLanguageAsync(world.Anna, "welding", 1, "it"));
        await world.Conversations.DeleteAsync(world.Bruno, "welding", 1);
        Assert.Equal(Refusal.MessageDeleted, await World.RefusalOfAsync(() => world.Conversations.SetLanguageAsync(world.Bruno, "welding", 1, "it")));
    }
}
