using VetCommunity.Core;
using VetCommunity.Core.Documents;
using VetCommunity.Core.GoodPractice;
using Xunit;
using static VetCommunity.Tests.Documents.DocumentsWorld;

namespace VetCommunity.Tests.GoodPractice;

public class PublishingPractices
{
    static readonly PracticeQuestion All = new("en");

    [Theory, OnBothDatabases]
    public async Task Readers_find_what_is_published_and_nothing_else(Database database)
    {
        await using var world = await OpenAsync(database);
        var practices = new Practices(world.World.Db);
        await world.WriteAsync(world.Bruno, Text("Welding in pairs", "theme: [trainers]"));
        Assert.Equal(0, (await practices.FindAsync(Actor.Visitor, All)).Total);
        await Assert.ThrowsAsync<NotFoundException>(() => practices.ReadAsync(world.Bruno, "welding-in-pairs", "en"));

        await world.Publications.PublishAsync(world.Eva, English, 1);
        await world.WriteAsync(world.Bruno, Text("A draft", "theme: [digital]"));
        var read = await practices.ReadAsync(Actor.Visitor, "welding-in-pairs", "el");
        Assert.Equal(("Welding in pairs", "en", 1, "Guild"), (read.Card.Record.Title, read.Card.Language, read.Number, read.Card.Organisation));
        Assert.Equal((world.Bruno.Handle, world.Bruno.Name), (read.Handle, read.By));
        Assert.Contains("<h2 id=\"s-context\">Context</h2><p>Said.</p>", read.Html, StringComparison.Ordinal);
        Assert.Equal([new OutlineLine("context", "Context")], read.Outline);
        Assert.Equal("Welding in pairs", Assert.Single((await practices.FindAsync(Actor.Visitor, All)).Rows).Record.Title);

        await world.Publications.PublishAsync(world.Eva, English, 2);
        Assert.Equal("A draft", (await practices.ReadAsync(Actor.Visitor, "welding-in-pairs", "en")).Card.Record.Title);
        await world.All.DeleteAsync(world.Eva, DocumentKind.Practice, "welding-in-pairs");
        await Assert.ThrowsAsync<NotFoundException>(() => practices.ReadAsync(Actor.Visitor, "welding-in-pairs", "en"));
        await world.All.RestoreAsync(world.Eva, DocumentKind.Practice, "welding-in-pairs");
        Assert.Equal(1, (await practices.FindAsync(Actor.Visitor, All)).Total);
        await world.Publications.WithdrawAsync(world.Eva, English);
        Assert.Equal(0, (await practices.FindAsync(Actor.Visitor, All)).Total);
        Assert.Empty(await world.World.InDbAsync(db => Task.FromResult(db.Editions.ToList())));
    }

    [Theory, OnBothDatabases]
    public async Task Each_reads_in_their_language_what_is_there_in_it(Database database)
    {
        await using var world = await OpenAsync(database);
        var practices = new Practices(world.World.Db);
        await world.WriteAsync(world.Bruno, Text("In English"));
        await world.Languages.AddAsync(world.Bruno, English, "it");
        await world.WriteAsync(world.Bruno, Text("In italiano"), where: Italian);
        await world.Publications.PublishAsync(world.Eva, English, 1);
        Assert.Equal("In English", (await practices.ReadAsync(Actor.Visitor, "welding-in-pairs", "it")).Card.Record.Title);

        await world.Publications.PublishAsync(world.Eva, Italian, 1);
        var read = await practices.ReadAsync(Actor.Visitor, "welding-in-pairs", "it");
        Assert.Equal(("In italiano", false), (read.Card.Record.Title, read.IsOriginal));
        Assert.Equal(["en", "it"], read.Card.Languages);
        var found = await practices.FindAsync(Actor.Visitor, new("it"));
        Assert.Equal("In italiano", Assert.Single(found.Rows).Record.Title);
        Assert.Equal([new FacetCount("en", 1), new FacetCount("it", 1)], found.Facets[PracticeFacet.Language]);
        Assert.Equal("In English", Assert.Single((await practices.FindAsync(Actor.Visitor, new("de"))).Rows).Record.Title);
    }

    [Theory, OnBothDatabases]
    public async Task What_another_process_publishes_is_found_here(Database database)
    {
        await using var world = await OpenAsync(database);
        var (here, there) = (new Practices(world.World.Db), new Practices(world.World.Db));
        Assert.Equal(0, (await here.FindAsync(Actor.Visitor, All)).Total);
        await world.WriteAsync(world.Bruno, Text("Welding in pairs"));
        await world.Publications.PublishAsync(world.Eva, English, 1);

        Assert.Equal(1, (await there.FindAsync(Actor.Visitor, All)).Total);
        Assert.Equal(1, (await here.FindAsync(Actor.Visitor, All)).Total);
    }

    [Theory, OnBothDatabases]
    public async Task What_cannot_be_shown_is_not_published_and_readers_keep_the_former_one(Database database)
    {
        await using var world = await OpenAsync(database);
        var practices = new Practices(world.World.Db);
        await world.WriteAsync(world.Bruno, Text("Shallow"));
        await world.Publications.PublishAsync(world.Eva, English, 1);
        await world.WriteAsync(world.Bruno, Text("Deep") + string.Concat(Enumerable.Repeat("> ", 200)) + "deep\n");

        Assert.Equal(Refusal.TextTooDeep, await World.RefusalOfAsync(() => world.Publications.PublishAsync(world.Eva, English, 2)));

        Assert.Equal("Shallow", (await practices.ReadAsync(Actor.Visitor, "welding-in-pairs", "en")).Card.Record.Title);
    }

    [Theory, OnBothDatabases]
    public async Task Submitted_returned_submitted_again_and_published_each_step_says_who(Database database)
    {
        await using var world = await OpenAsync(database);
        var (submissions, desk) = (world.Submissions, new PracticeDesk(world.World.Db, world.Kinds, world.World.Clock));
        await world.WriteAsync(world.Bruno, Text("First"));
        Assert.Null(await submissions.LastAsync(world.Bruno, English));
        await Assert.ThrowsAsync<NotFoundException>(() => submissions.SubmitAsync(world.Bruno, English, 2));

        await Task.WhenAll(submissions.SubmitAsync(world.Bruno, English, 1), submissions.SubmitAsync(world.Bruno, English, 1));
        Assert.Equal(("First", 1, true), Assert.Single((await desk.ListAsync(world.Nina, DeskList.Waiting, 1)).Rows) is { WaitsSince: not null } row ? (row.Title, row.Newest, true) : default);
        Assert.Equal(Refusal.EmptyText, await World.RefusalOfAsync(() => submissions.ReturnAsync(world.Nina, English, 1, " \n")));
        Assert.Equal(Refusal.ChangedElsewhere, await World.RefusalOfAsync(() => submissions.ReturnAsync(world.Nina, English, 2, "no such")));
        await submissions.ReturnAsync(world.Nina, English, 1, "Say what it cost");
        Assert.Equal((ReviewOutcome.Returned, "nina", "Say what it cost"), await submissions.LastAsync(world.Bruno, English) is { } last ? (last.Outcome, last.EndedBy, last.Note) : default);
        Assert.Empty((await desk.ListAsync(world.Nina, DeskList.Waiting, 1)).Rows);
        Assert.True(Assert.Single((await desk.ListAsync(world.Bruno, DeskList.Mine, 1)).Rows).IsReturned);

        await world.WriteAsync(world.Bruno, Text("Second"));
        await submissions.SubmitAsync(world.Bruno, English, 2);
        await world.WriteAsync(world.Bruno, Text("Third"));
        await submissions.SubmitAsync(world.Bruno, English, 3);
        await world.Publications.PublishAsync(world.Nina, English, 3);
        Assert.Equal([ReviewOutcome.Returned, ReviewOutcome.Replaced, ReviewOutcome.Published], await world.World.InDbAsync(db => Task.FromResult(db.Submissions.OrderBy(s => s.Id).Select(s => s.Outcome!.Value).ToList())));
        await submissions.SubmitAsync(world.Bruno, English, 3);
        await submissions.TakeBackAsync(world.Erik, English);
        Assert.Equal(ReviewOutcome.TakenBack, (await submissions.LastAsync(world.Bruno, English))!.Outcome);
    }

    [Theory, OnBothDatabases]
    public async Task Who_may_not_finds_nothing_to_submit_return_or_list(Database database)
    {
        await using var world = await OpenAsync(database);
        var desk = new PracticeDesk(world.World.Db, world.Kinds, world.World.Clock);
        await world.WriteAsync(world.Bruno, Text("First"));
        foreach (var stranger in (Actor[])[world.Olga, Actor.Visitor])
        {
            await Assert.ThrowsAsync<NotFoundException>(() => world.Submissions.SubmitAsync(stranger, English, 1));
            await Assert.ThrowsAsync<NotFoundException>(() => world.Submissions.TakeBackAsync(stranger, English));
            await Assert.ThrowsAsync<NotFoundException>(() => world.Submissions.LastAsync(stranger, English));
            Assert.Empty((await desk.ListAsync(stranger, DeskList.All, 1)).Rows);
        }
        // An editor of nobody's reads and decides, and writes nothing; its author decides nothing.
        await Assert.ThrowsAsync<NotFoundException>(() => world.Submissions.SubmitAsync(world.Nina, English, 1));
        await world.Submissions.SubmitAsync(world.Bruno, English, 1);
        await Assert.ThrowsAsync<NotFoundException>(() => world.Submissions.ReturnAsync(world.Bruno, English, 1, "No"));
        Assert.False(Assert.Single((await desk.ListAsync(world.Nina, DeskList.All, 1)).Rows).MayWrite);
    }

    [Theory, OnBothDatabases]
    public async Task Nobody_overwrites_unseen_what_another_window_or_person_wrote(Database database)
    {
        await using var world = await OpenAsync(database);
        var steps = new PracticeSteps(world.Drafts, world.Storing, world.Revisions, world.Submissions, world.Publications);
        await world.WriteAsync(world.Bruno, Text("Common"));
        var (bruno, eva) = (await world.Drafts.OpenAsync(world.Bruno, English), await world.Drafts.OpenAsync(world.Eva, English));

        var published = await steps.DoAsync(world.Eva, English, eva with { Markdown = Text("Eva's") }, PracticeStep.Publish, "", "eva");
        Assert.Null(published.Theirs);
        var met = await steps.DoAsync(world.Bruno, English, bruno with { Markdown = Text("Bruno's") }, PracticeStep.Submit, "", "bruno");
        Assert.Equal((Text("Eva's"), false, 2), (met.Theirs, met.IsOwnWindow, met.Base));
        var window = await steps.DoAsync(world.Bruno, English, bruno with { Markdown = Text("Another window") }, PracticeStep.Save, "", "bruno");
        Assert.Equal((Text("Bruno's"), true), (window.Theirs, window.IsOwnWindow));
        Assert.Equal("Eva's", (await new Practices(world.World.Db).ReadAsync(Actor.Visitor, "welding-in-pairs", "en")).Card.Record.Title);

        var settled = await steps.DoAsync(world.Bruno, English, new(Text("Both"), met.Base, met.Version, null, 2, null), PracticeStep.Submit, "", "bruno again");
        Assert.Equal((null, 3), (settled.Theirs, settled.Base));
        Assert.Equal(Text("Both"), await world.Revisions.ReadAsync(world.Nina, English, 3));
        await Assert.ThrowsAsync<NotFoundException>(() => steps.DoAsync(world.Bruno, English, new(Text("Mine"), 3, 0, null, 3, null), PracticeStep.Publish, "", "not mine to publish"));
        Assert.Equal("Eva's", (await new Practices(world.World.Db).ReadAsync(Actor.Visitor, "welding-in-pairs", "en")).Card.Record.Title);
    }

    [Theory, OnBothDatabases]
    public async Task Sent_twice_at_the_same_moment_each_step_is_done_once(Database database)
    {
        await using var world = await OpenAsync(database);
        foreach (var number in Enumerable.Range(1, 8))
        {
            await world.WriteAsync(world.Bruno, Text($"Number {number}"));
            await Task.WhenAll(Enumerable.Range(1, 4).Select(_ => world.Submissions.SubmitAsync(world.Bruno, English, number)));
            await Task.WhenAll(Enumerable.Range(1, 4).Select(_ => world.Publications.PublishAsync(world.Eva, English, number)));
        }

        Assert.Equal(Enumerable.Range(1, 8).Select(number => (number, (ReviewOutcome?)ReviewOutcome.Published)),
            await world.World.InDbAsync(db => Task.FromResult(db.Submissions.OrderBy(s => s.Id).ToList().Select(s => (s.Number, s.Outcome)).ToList())));
        Assert.Equal(Enumerable.Range(1, 8), await world.World.InDbAsync(db => Task.FromResult(db.Publications.OrderBy(p => p.Id).Select(p => p.Number).ToList())));
    }

    [Theory, OnBothDatabases]
    public async Task What_was_submitted_since_is_not_ended_with_what_is_published(Database database)
    {
        await using var world = await OpenAsync(database);
        await world.WriteAsync(world.Bruno, Text("First"));
        await world.Submissions.SubmitAsync(world.Bruno, English, 1);
        await world.WriteAsync(world.Bruno, Text("Second"));
        await world.Submissions.SubmitAsync(world.Bruno, English, 2);

        await world.Publications.PublishAsync(world.Nina, English, 1);

        Assert.Equal((2, null), await world.Submissions.LastAsync(world.Bruno, English) is { } last ? (last.Number, last.Outcome) : default);
    }

    [Theory, OnBothDatabases]
    public async Task A_form_that_comes_twice_publishes_once_and_with_another_text_it_is_another_form(Database database)
    {
        await using var world = await OpenAsync(database);
        var steps = new PracticeSteps(world.Drafts, world.Storing, world.Revisions, world.Submissions, world.Publications);
        var written = await world.Drafts.OpenAsync(world.Bruno, English) with { Markdown = Text("Once") };
        var eva = new OpenDraft(Text("Eva's"), 1, 0, null, 1, null);

        Assert.Equal((null, 1), await steps.DoAsync(world.Bruno, English, written, PracticeStep.Submit, "", "key") is { } first ? (first.Theirs, first.Base) : default);
        Assert.Equal((null, 1), await steps.DoAsync(world.Bruno, English, written, PracticeStep.Submit, "", "key") is { } again ? (again.Theirs, again.Base) : default);
        Assert.Equal((null, 2), await steps.DoAsync(world.Eva, English, eva, PracticeStep.Publish, "", "eva") is { } published ? (published.Theirs, published.Base) : default);
        Assert.Equal((null, 3), await steps.DoAsync(world.Eva, English, eva with { Markdown = Text("Mended"), Base = 2 }, PracticeStep.Publish, "", "eva") is { } mended ? (mended.Theirs, mended.Base) : default);
        Assert.Equal("Mended", (await new Practices(world.World.Db).ReadAsync(Actor.Visitor, "welding-in-pairs", "en")).Card.Record.Title);
    }

    [Theory, OnBothDatabases]
    public async Task What_cannot_be_shown_is_not_even_stored_on_the_way_to_readers(Database database)
    {
        await using var world = await OpenAsync(database);
        var steps = new PracticeSteps(world.Drafts, world.Storing, world.Revisions, world.Submissions, world.Publications);
        var deep = new OpenDraft(Text("Deep") + string.Concat(Enumerable.Repeat("> ", 200)) + "deep\n", 0, 0, null, 0, null);

        Assert.Equal(Refusal.TextTooDeep, await World.RefusalOfAsync(() => steps.DoAsync(world.Eva, English, deep, PracticeStep.Publish, "", "key")));
        Assert.Equal((null, 1), await steps.DoAsync(world.Eva, English, deep with { Markdown = Text("Shallow") }, PracticeStep.Publish, "", "key") is { } done ? (done.Theirs, done.Base) : default);
    }

    [Theory, OnBothDatabases]
    public async Task Another_name_of_the_organisation_is_read_at_once_and_pages_of_our_own_keep_their_addresses(Database database)
    {
        await using var world = await OpenAsync(database);
        var practices = new Practices(world.World.Db);
        await world.WriteAsync(world.Bruno, Text("Welding"));
        await world.Publications.PublishAsync(world.Eva, English, 1);
        Assert.Equal("Guild", (await practices.ReadAsync(Actor.Visitor, "welding-in-pairs", "en")).Card.Organisation);

        var organisations = new Core.Members.Organisations(world.World.Db, world.World.Clock);
        var own = await organisations.OwnAsync(world.World.Ada, "guild");
        await organisations.EditAsync(world.World.Ada, "guild", own.Values with { Name = "The Guild" }, own.Stamp);

        Assert.Equal("The Guild", (await practices.ReadAsync(Actor.Visitor, "welding-in-pairs", "en")).Card.Organisation);
        Assert.Equal("document", await world.All.CreateAsync(world.Bruno, new(DocumentKind.Practice, "Desk", "en", "desk")));
        Assert.Equal(Refusal.BadSlug, await World.RefusalOfAsync(() => world.All.CreateAsync(world.Bruno, new(DocumentKind.Practice, "Mine", "en", "new", "desk"))));
    }

    static string Text(string title, string more = "summary: Short.") => $"---\ntitle: {title}\n{more}\n---\n\n## Context\n\nSaid.\n";
}
