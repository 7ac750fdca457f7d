using VetCommunity.Core;
using VetCommunity.Core.Bridging;
using Xunit;

namespace VetCommunity.Tests.Bridging;

public sealed class KeepingTheGlossary
{
    [Theory, OnBothDatabases]
    public async Task Who_translates_between_two_languages_looks_after_their_words_and_everybody_reads_who_did_what(Database database)
    {
        await using var world = await BridgingWorld.OpenAsync(database);
        var glossary = world.Glossary;
        var id = await glossary.AddAsync(world.Bruno, new("es", "ca", "soldadura", "soldadura per arc", "the trade"));
        Assert.Equal(Refusal.NotYourPair, await World.RefusalOfAsync(() => glossary.AddAsync(world.Olga, new("es", "ca", "taller", "taller", ""))));
        Assert.Equal(Refusal.TermThere, await World.RefusalOfAsync(() => glossary.AddAsync(world.Carla, new("ca", "es", "Soldadura per Arc", "SOLDADURA", ""))));
        Assert.Equal(Refusal.BadTerm, await World.RefusalOfAsync(() => glossary.AddAsync(world.Bruno, new("es", "ca", " ", "taller", ""))));
        Assert.Equal(Refusal.BadTerm, await World.RefusalOfAsync(() => glossary.AddAsync(world.Bruno, new("es", "ca", new('x', Glossary.TermLength + 1), "taller", ""))));

        await glossary.CorrectAsync(world.Carla, id, new(null, null, "soldadura", "soldadura", ""), version: 1);
        Assert.Equal(Refusal.ChangedMeanwhile, await World.RefusalOfAsync(() => glossary.CorrectAsync(world.Bruno, id, new(null, null, "x", "y", ""), version: 1)));
        Assert.Equal(Refusal.NotYourPair, await World.RefusalOfAsync(() => glossary.RemoveAsync(world.Olga, id, 2, isRemoved: true)));
        await glossary.RemoveAsync(world.Bruno, id, 2, isRemoved: true);
        Assert.Empty((await glossary.ListAsync(world.Olga, null, null, 1)).Terms);
        Assert.Equal(id, await glossary.AddAsync(world.Carla, new("es", "ca", "Soldadura", "Soldadura", "again")));

        var entry = await glossary.FindAsync(world.Olga, id);
        Assert.False(entry.MayChange);
        Assert.Equal([(GlossaryDeed.PutBack, "Carla Puig"), (GlossaryDeed.Removed, "Bruno Weiß"), (GlossaryDeed.Corrected, "Carla Puig"), (GlossaryDeed.Added, "Bruno Weiß")],
            entry.Changes.Select(step => (step.Deed, step.By)));
        Assert.Equal(("Soldadura", "Soldadura", "again", 4), (entry.Term.One, entry.Term.Other, entry.Term.Note, entry.Term.Version));
        await Assert.ThrowsAsync<NotFoundException>(() => glossary.ListAsync(Actor.Visitor, null, null, 1));
        await Assert.ThrowsAsync<NotFoundException>(() => glossary.FindAsync(world.Olga, 999));
    }

    [Theory, OnBothDatabases]
    public async Task Words_are_found_in_either_language_whatever_their_accents(Database database)
    {
        await using var world = await BridgingWorld.OpenAsync(database);
        await world.TranslatesAsync(world.Bruno, "es-ca", "en-el");
        await world.Glossary.AddAsync(world.Bruno, new("es", "ca", "formación", "formació", ""));
        await world.Glossary.AddAsync(world.Bruno, new("en", "el", "training", "κατάρτιση", ""));

        Assert.Equal(["formació"], (await world.Glossary.ListAsync(world.Olga, null, "FORMACION", 1)).Terms.Select(term => term.One));
        Assert.Equal(["κατάρτιση"], (await world.Glossary.ListAsync(world.Olga, null, "καταρτ", 1)).Terms.Select(term => term.One));
        Assert.Equal(["κατάρτιση"], (await world.Glossary.ListAsync(world.Olga, new("en", "el"), null, 1)).Terms.Select(term => term.One));
        Assert.Empty((await world.Glossary.ListAsync(world.Olga, new("en", "el"), "forma", 1)).Terms);
    }

    [Theory, OnBothDatabases]
    public async Task Beside_a_text_stand_the_words_that_are_whole_words_of_it(Database database)
    {
        await using var world = await BridgingWorld.OpenAsync(database);
        await world.Glossary.AddAsync(world.Bruno, new("es", "ca", "formación", "formació", ""));
        await world.Glossary.AddAsync(world.Bruno, new("es", "ca", "formación profesional", "formació professional", ""));
        await world.Glossary.AddAsync(world.Bruno, new("es", "ca", "cuela", "cola", ""));
        await world.Glossary.AddAsync(world.Bruno, new("es", "ca", "aprendiz", "aprenent", ""));

        var hits = await world.Glossary.HitsAsync(world.Bruno, BridgingWorld.Spanish, new("es", "ca"));
        Assert.Equal(["formació professional", "formació"], hits.Select(term => term.One));
        Assert.Equal(["formació"], (await world.Glossary.HitsAsync(world.Carla, "Una FORMACIÓ curta", new("ca", "es"))).Select(term => term.One));
    }

    [Theory, OnBothDatabases]
    public async Task It_is_read_page_by_page_in_the_order_of_its_words(Database database)
    {
        await using var world = await BridgingWorld.OpenAsync(database);
        for (var i = Glossary.Page; i >= 0; i--)
            await world.Glossary.AddAsync(world.Bruno, new("ca", "es", $"mot {i:000}", "palabra", ""));
        var first = await world.Glossary.ListAsync(world.Olga, null, null, 1);
        var second = await world.Glossary.ListAsync(world.Olga, null, null, 2);
        Assert.Equal((Glossary.Page, true, 1, false), (first.Terms.Count, first.HasMore, second.Terms.Count, second.HasMore));
        Assert.Equal("mot 000", first.Terms[0].One);
        Assert.Equal($"mot {Glossary.Page:000}", second.Terms[0].One);
    }
}
