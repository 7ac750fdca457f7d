using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Bridging;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Privacy;
using Xunit;

namespace VetCommunity.Tests.Privacy;

public class NamingNobodyWhoLeft
{
    [Theory, OnBothDatabases]
    public async Task Translations_under_others_messages_stay_without_her_name_or_go_as_she_chose(Database database)
    {
        foreach (var texts in (bool[])[false, true])
        {
            await using var world = await LeavingWorld.OpenAsync(database);
            var (bridges, pairs) = (new Bridges(world.World.Db, world.World.Log, world.World.Feed), new Bridgers(world.World.Db, world.World.Clock));
            await pairs.SaveAsync(world.Quenza, [new("es", "ca")], agrees: true);
            var seqs = new long[2];
            foreach (var number in (int[])[0, 1])
            {
                seqs[number] = (await world.World.Conversations.PostAsync(world.World.Anna, new("welding", $"text-{number}", null, "Un texto", Language: "es"))).Seq;
                await bridges.AskAsync(world.World.Olga, "welding", seqs[number], "ca");
                var translation = await bridges.ProposeAsync(world.Quenza, "welding", seqs[number], new("ca", $"Text {number}", BridgeRules.StampOf("Un texto")));
                if (number == 0)
                    await bridges.AcceptAsync(world.World.Anna, "welding", seqs[number], translation, 1);
            }

            await world.LeaveAsync(texts);

            Assert.Empty((await bridges.FindAsync(world.World.Olga, "welding", seqs[1])).Translations);
            var found = await bridges.FindAsync(world.World.Olga, "welding", seqs[0]);
            Assert.Equal(texts ? [] : ["Text 0"], found.Translations.Where(one => one.Posted.By is { Handle: "", Name: "Former member" }).Select(one => one.Posted.Markdown));
            Assert.Equal(!texts, found.Wishes.Single().IsDone);
            Assert.Equal(texts ? ChangeKind.Translated : null, await world.World.InDbAsync(db => db.ConversationEvents
                .Where(e => e.Seq == seqs[0] && e.ActorId == null).OrderByDescending(e => e.Version).Select(e => (ChangeKind?)e.Kind).FirstOrDefaultAsync()));
            Assert.False(await world.World.InDbAsync(db => db.BridgePairs.AnyAsync()));
            Assert.False(await world.World.InDbAsync(db => db.MachineConsents.AnyAsync()));
        }
    }

    [Theory, OnBothDatabases]
    public async Task What_others_say_of_her_in_translations_words_and_biographies_names_her_no_more_and_stays_what_it_was(Database database)
    {
        await using var world = await LeavingWorld.OpenAsync(database);
        var (bridges, pairs) = (new Bridges(world.World.Db, world.World.Log, world.World.Feed), new Bridgers(world.World.Db, world.World.Clock));
        var glossary = new Glossary(world.World.Db, world.World.Clock);
        await pairs.SaveAsync(world.World.Bruno, [new("en", "it")], agrees: null);
        var seq = (await world.World.Conversations.PostAsync(world.World.Anna, new("welding", "asked", null, "I asked @qzxhandle", Language: "en"))).Seq;
        await bridges.AcceptAsync(world.World.Anna, "welding", seq,
            await bridges.ProposeAsync(world.World.Bruno, "welding", seq, new("it", "Ho chiesto a @qzxhandle", BridgeRules.StampOf("I asked @qzxhandle"))), 1);
        // Both would be the same word afterwards, and the note would be too long for its column.
        foreach (var word in (string[])["@qzxhandle", "former member"])
            await glossary.AddAsync(world.World.Bruno, new("en", "it", word, "collisione", ""));
        await glossary.AddAsync(world.World.Bruno, new("en", "it", "note", "nota", string.Concat(Enumerable.Repeat("@qzxhandle ", 27)).TrimEnd()));
        await world.World.InDbAsync(db => db.Users.Where(m => m.Id == world.World.Anna.MemberId).ExecuteUpdateAsync(set => set.SetProperty(m => m.Biography, "I work with @qzxhandle")));

        await world.LeaveAsync(texts: false);

        Assert.Equal([], await world.FindAsync());
        var translation = (await bridges.FindAsync(world.World.Anna, "welding", seq)).Translations.Single().Posted;
        Assert.False(translation.IsOutdated);
        Assert.StartsWith("Ho chiesto a ", translation.Markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("<a", translation.Html, StringComparison.Ordinal);
        Assert.Equal(3, (await glossary.ListAsync(world.World.Bruno, null, null, 1)).Terms.Count);
    }

    [Promise("PR2")]
    [Theory, OnBothDatabases]
    public async Task A_topic_that_mentions_her_gets_another_name_and_another_address(Database database)
    {
        await using var world = await LeavingWorld.OpenAsync(database);
        await world.World.Conversations.PostAsync(world.World.Anna, new("welding", "one", "A question for @qzxhandle", "First"));
        await world.World.Conversations.PostAsync(world.World.Anna, new("welding", "two", "A question for former member", "Second"));
        // Cut to its length, the last letter would be half a one.
        await world.World.Conversations.PostAsync(world.World.Anna, new("welding", "three", "@qzxhandle, " + string.Concat(Enumerable.Repeat("\U0001f600", 34)), "Third"));
        var version = await world.World.InDbAsync(db => db.Conversations.Where(c => c.Slug == "welding").Select(c => c.Version).SingleAsync());

        await world.LeaveAsync(texts: false);

        Assert.Equal([], await world.FindAsync());
        var topics = await world.World.InDbAsync(db => db.Topics.Where(t => t.Messages == 1).OrderBy(t => t.LastSeq).Select(t => t.Name).ToListAsync());
        Assert.Equal("A question for former member", topics[1]);
        Assert.StartsWith("A question for ", topics[0], StringComparison.Ordinal);
        Assert.NotEqual(topics[1], topics[0]);
        Assert.EndsWith("\U0001f600", topics[2], StringComparison.Ordinal);
        // Open pages hear of it.
        Assert.Equal(ChangeKind.Moved, await world.World.InDbAsync(db => db.ConversationEvents.Where(e => e.Version > version && e.Seq == 1).Select(e => e.Kind).SingleAsync()));
    }

    [Theory]
    [InlineData("Dear Ana, Anatole wrote to Ana.", "Ana", "Dear X, Anatole wrote to X.")]
    [InlineData("Go to https://a.example/http?x=http now, http!", "http", "Go to https://a.example/http?x=http now, X!")]
    [InlineData("<p style=\"color:red\">color: <a href=\"https://a.example/color\">color</a></p>", "color", "<p style=\"color:red\">X: <a href=\"https://a.example/color\">X</a></p>")]
    [InlineData("@ana and @ana-maria", "@ana", "X and @ana-maria")]
    public void A_name_goes_from_mails_as_a_word_and_not_as_a_part_of_others_of_addresses_or_of_markup(string text, string name, string expected) =>
        Assert.Equal(expected, MailErasing.InWords(text, name, "X"));
}
