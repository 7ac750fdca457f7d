using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using Xunit;
using static VetCommunity.Tests.Documents.DocumentsWorld;

namespace VetCommunity.Tests.Documents;

/// <summary>The steps of a review in the audit log.</summary>
public class NotingReviewsDown
{
    [Theory, OnBothDatabases]
    public async Task Each_step_that_was_done_has_a_line_and_what_changed_nothing_has_none(Database database)
    {
        await using var world = await OpenAsync(database);
        var elsewhere = await world.AddEditorElsewhereAsync(21, "kim", "GR");
        await world.WriteAsync(world.Bruno, "## Context\n\nSaid.\n");

        await Task.WhenAll(Enumerable.Range(1, 3).Select(_ => world.Submissions.SubmitAsync(world.Bruno, English, 1)));
        await world.Submissions.TakeBackAsync(world.Bruno, English);
        await world.Submissions.TakeBackAsync(world.Bruno, English);
        await world.Submissions.SubmitAsync(world.Bruno, English, 1);
        await world.Submissions.ReturnAsync(world.Eva, English, 1, "No secret of the log's");
        Assert.Equal(Refusal.ChangedElsewhere, await World.RefusalOfAsync(() => world.Submissions.ReturnAsync(world.Eva, English, 1, "Again")));
        await world.Submissions.SubmitAsync(world.Bruno, English, 1);
        await world.Approvals.ApproveAsync(elsewhere, English, 1);
        await world.Approvals.ApproveAsync(elsewhere, English, 1);
        await world.Approvals.TakeBackAsync(elsewhere, English, 1);
        await world.Approvals.TakeBackAsync(elsewhere, English, 1);
        await Task.WhenAll(Enumerable.Range(1, 3).Select(_ => world.Publications.PublishAsync(world.Eva, English, 1)));
        await world.Publications.WithdrawAsync(Actor.Operator, English);
        await world.Publications.WithdrawAsync(Actor.Operator, English);

        var lines = await world.World.InDbAsync(db => db.Audit.OrderBy(a => a.Number).Where(a => a.What.StartsWith("practice.")).ToListAsync());
        Assert.Equal(["submitted 2", "recalled 2", "submitted 2", "returned 11", "submitted 2", "approved 21", "unapproved 21", "published 11", "withdrawn "], lines.Select(line => $"{line.What["practice.".Length..]} {line.ActorId}"));
        Assert.All(lines, line => Assert.Equal(("practice:welding-in-pairs", "en 1", world.World.Clock.GetUtcNow().ToUnixTimeMilliseconds()), (line.Subject, line.Detail, line.At.ToUnixTimeMilliseconds())));
        Assert.Equal(Enumerable.Range((int)lines[0].Number!, 9), lines.Select(line => (int)line.Number!));
    }
}
