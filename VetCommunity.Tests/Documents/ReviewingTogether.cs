using VetCommunity.Core;
using VetCommunity.Core.Documents;
using VetCommunity.Core.GoodPractice;
using Xunit;
using static VetCommunity.Tests.Documents.DocumentsWorld;

namespace VetCommunity.Tests.Documents;

public class ReviewingTogether
{
    const string Text = "---\ntitle: Welding in pairs\n---\n\n## Context\n\nWe are **ten** people.\n\n## Approach\n\nTwo weld, one watches. It costs nothing.\n";

    [Theory, OnBothDatabases]
    public async Task A_remark_stays_with_its_passage_and_ends_when_it_is_done(Database database)
    {
        await using var world = await WrittenAsync(database);
        var made = Remark("approach", "one watches", "Who?");
        var ids = await Task.WhenAll(world.Comments.AddAsync(world.Nina, English, made), world.Comments.AddAsync(world.Nina, English, made));
        Assert.Equal(ids[0], ids[1]);
        await world.Comments.AddAsync(world.Eva, English, Remark("context", "", "More, please"));

        await world.WriteAsync(world.Bruno, Text.Replace("We are", "In our guild we are", StringComparison.Ordinal));

        var shown = await world.Comments.ListAsync(world.Bruno, English, 2);
        Assert.Equal([("Context", "We are **ten** people.", "eva", true), ("Approach", "one watches", "nina", true)], shown.Select(one => (one.Heading, one.Quote, one.By, one.MayEnd)));
        Assert.False(shown[0].IsUnchanged);
        Assert.True(shown[1].IsUnchanged);
        Assert.Equal([false, true], (await world.Comments.ListAsync(world.Nina, English, 2)).Select(one => one.MayEnd));

        await world.Comments.AnswerAsync(world.Bruno, English, ids[0], "The third one", "answer");
        await world.Comments.AnswerAsync(world.Bruno, English, ids[0], "The third one", "answer");
        Assert.Equal([("The third one", world.Bruno.Name)], (await world.Comments.ListAsync(world.Nina, English, 2))[1].Answers.Select(one => (one.Text, one.By)));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Comments.SettleAsync(world.Olga, English, ids[0]));
        await world.Comments.SettleAsync(world.Bruno, English, ids[0]);
        await world.Comments.SettleAsync(world.Nina, English, ids[0]);
        Assert.Equal([(null, ""), (CommentOutcome.Settled, world.Bruno.Name)], (await world.Comments.ListAsync(world.Nina, English, 2)).Select(one => (one.Outcome, one.EndedBy)));
    }

    [Theory, OnBothDatabases]
    public async Task A_suggestion_is_put_in_its_place_once_wherever_that_is_now(Database database)
    {
        await using var world = await WrittenAsync(database);
        var id = await world.Comments.AddAsync(world.Nina, English, Remark("approach", "It costs nothing.", "") with { Suggestion = "It costs two hours a week." });
        await world.WriteAsync(world.Bruno, Text.Replace("We are **ten** people.", "We are **twelve** people.\n\nAnd a dog.", StringComparison.Ordinal));
        // A draft that Bruno has open goes on and is merged later.
        var open = await world.Drafts.OpenAsync(world.Bruno, English);
        await world.Drafts.SaveAsync(world.Bruno, English, open.Markdown + "\n## References\n\nNone.\n", new(open.Newest, open.Version, open.Source));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Comments.ApplyAsync(world.Nina, English, id, ""));

        var numbers = await Task.WhenAll(world.Comments.ApplyAsync(world.Bruno, English, id, "Said by Nina"), world.Comments.ApplyAsync(world.Bruno, English, id, "Said by Nina"));

        Assert.Equal([3, 3], numbers);
        var stored = await world.Revisions.ReadAsync(world.Bruno, English, 3);
        Assert.Contains("And a dog.", stored, StringComparison.Ordinal);
        Assert.EndsWith("one watches. It costs two hours a week.\n", stored, StringComparison.Ordinal);
        Assert.Equal(CommentOutcome.Applied, Assert.Single(await world.Comments.ListAsync(world.Nina, English, 3)).Outcome);
        Assert.EndsWith("None.\n", (await world.Drafts.OpenAsync(world.Bruno, English)).Markdown, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task What_cannot_be_remarked_or_put_in_says_why(Database database)
    {
        await using var world = await WrittenAsync(database);
        Assert.Equal(Refusal.PassageNotFound, await World.RefusalOfAsync(() => world.Comments.AddAsync(world.Nina, English, Remark("approach", "never said", "Hm"))));
        Assert.Equal(Refusal.EmptyText, await World.RefusalOfAsync(() => world.Comments.AddAsync(world.Nina, English, Remark("approach", "one watches", " "))));
        Assert.Equal(Refusal.TextTooLong, await World.RefusalOfAsync(() => world.Comments.AddAsync(world.Nina, English, Remark("approach", "", new('x', Comments.Longest + 1)))));
        Assert.Equal(Refusal.BadClientKey, await World.RefusalOfAsync(() => world.Comments.AddAsync(world.Nina, English, Remark("approach", "", "Hm") with { FormKey = "" })));
        foreach (var nowhere in (NewComment[])[Remark("nowhere", "", "Hm"), Remark(Sections.FrontMatterKey, "", "Hm"), Remark("approach", "", "Hm") with { Number = 7 }])
            await Assert.ThrowsAsync<NotFoundException>(() => world.Comments.AddAsync(world.Nina, English, nowhere));
        foreach (var nobody in (Actor[])[world.Olga, Actor.Visitor])
        {
            await Assert.ThrowsAsync<NotFoundException>(() => world.Comments.AddAsync(nobody, English, Remark("approach", "", "Hm")));
            await Assert.ThrowsAsync<NotFoundException>(() => world.Comments.ListAsync(nobody, English, 1));
        }

        var id = await world.Comments.AddAsync(world.Nina, English, Remark("approach", "It costs nothing", "") with { Suggestion = "" });
        await world.WriteAsync(world.Bruno, Text.Replace("It costs nothing", "It costs a little", StringComparison.Ordinal));
        Assert.Equal(Refusal.PassageChanged, await World.RefusalOfAsync(() => world.Comments.ApplyAsync(world.Bruno, English, id, "")));
        Assert.Null(Assert.Single(await world.Comments.ListAsync(world.Bruno, English, 2)).Outcome);
        for (var more = 1; more < Comments.Most; more++)
            await world.Comments.AddAsync(world.Nina, English, Remark("context", "", "Again"));
        Assert.Equal(Refusal.TooManyComments, await World.RefusalOfAsync(() => world.Comments.AddAsync(world.Nina, English, Remark("context", "", "Once more"))));
    }

    [Theory, OnBothDatabases]
    public async Task Reviewers_of_other_organisations_approve_and_nobody_their_own(Database database)
    {
        await using var world = await WrittenAsync(database);
        var (rosa, roza) = (await world.AddEditorElsewhereAsync(21, "rosa", "ES"), await world.AddEditorElsewhereAsync(22, "roza", "GR"));
        Assert.Equal(Refusal.ChangedElsewhere, await World.RefusalOfAsync(() => world.Approvals.ApproveAsync(rosa, English, 1)));
        await world.Submissions.SubmitAsync(world.Bruno, English, 1);

        Assert.Equal(Refusal.ReviewsOwnOrganisation, await World.RefusalOfAsync(() => world.Approvals.ApproveAsync(world.Eva, English, 1)));
        Assert.Equal(Refusal.ReviewsForNobody, await World.RefusalOfAsync(() => world.Approvals.ApproveAsync(world.Nina, English, 1)));
        foreach (var none in (Actor[])[world.Bruno, world.Olga, Actor.Visitor, Actor.Operator])
            await Assert.ThrowsAsync<NotFoundException>(() => world.Approvals.ApproveAsync(none, English, 1));
        await Task.WhenAll(world.Approvals.ApproveAsync(rosa, English, 1), world.Approvals.ApproveAsync(rosa, English, 1));
        await world.Approvals.ApproveAsync(roza, English, 1);
        var state = await world.Approvals.StateAsync(world.Bruno, English, 1);
        Assert.Equal((2, null), (state.Organisations, state.Mine));
        Assert.Equal([("rosa", "Of rosa"), ("roza", "Of roza")], state.Approvals.Select(one => (one.By, one.Organisation)).Order());
        Assert.Equal(ReviewerStanding.Approved, (await world.Approvals.StateAsync(rosa, English, 1)).Mine);

        await world.Approvals.TakeBackAsync(rosa, English, 1);
        Assert.Equal((1, ReviewerStanding.May), await world.Approvals.StateAsync(rosa, English, 1) is { } less ? (less.Organisations, less.Mine) : default);
        // Who writes in it later reviews it no more.
        await world.World.InDbAsync(async db =>
        {
            db.Documents.Single().OrganisationId = null;
            return await db.SaveChangesAsync();
        });
        await world.WriteAsync(rosa, Text + "\n## References\n\nOurs.\n");
        await world.Submissions.SubmitAsync(rosa, English, 2);
        Assert.Equal(Refusal.ReviewsOwnText, await World.RefusalOfAsync(() => world.Approvals.ApproveAsync(rosa, English, 2)));
        Assert.Equal(0, (await world.Approvals.StateAsync(roza, English, 2)).Organisations);
    }

    [Theory, OnBothDatabases]
    public async Task Where_reviews_are_asked_for_nobody_publishes_without_them(Database database)
    {
        await using var world = await WrittenAsync(database);
        var strict = new Publications(world.World.Db, new([new PracticeKind(approvalsToPublish: 2)]), world.World.Feed, world.World.Clock);
        var (rosa, roza) = (await world.AddEditorElsewhereAsync(21, "rosa", "ES"), await world.AddEditorElsewhereAsync(22, "roza", "GR"));
        await world.Submissions.SubmitAsync(world.Bruno, English, 1);
        await world.Approvals.ApproveAsync(rosa, English, 1);
        Assert.Equal(Refusal.NeedsReviews, await World.RefusalOfAsync(() => strict.PublishAsync(world.Eva, English, 1)));

        await world.Approvals.ApproveAsync(roza, English, 1);
        await strict.PublishAsync(world.Eva, English, 1);

        await world.WriteAsync(world.Bruno, Text + "\nNot approved.\n");
        Assert.Equal(Refusal.NeedsReviews, await World.RefusalOfAsync(() => strict.PublishAsync(world.Eva, English, 2)));
        await strict.PublishAsync(Actor.Operator, English, 2);
    }

    static NewComment Remark(string key, string words, string text) => new(1, key, words, text, null, Guid.NewGuid().ToString("N"));

    static async Task<DocumentsWorld> WrittenAsync(Database database)
    {
        var world = await OpenAsync(database);
        await world.WriteAsync(world.Bruno, Text);
        return world;
    }
}
