using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Learning;
using VetCommunity.Core.Live;
using Xunit;

namespace VetCommunity.Tests.Live;

public class CollectingIdeas
{
    const string Slides = "# One\n\n::: question ideas\nid: board\nmost: 2\nvotes: 2\nWhat next?\n:::\n\n::: question text\nid: why\nWhy?\n:::\n";

    static async Task<(LiveWorld Live, int Number)> OpenAsync(Database database)
    {
        var live = await LiveWorld.OpenAsync(database);
        await live.WriteAsync(Slides);
        await live.Sessions.RegisterAsync(live.Olga, live.Slug);
        await live.Stages.StartAsync(live.Anna, live.Slug);
        await live.Questions.OpenAsync(live.Anna, live.Slug, "board");
        return (live, (await live.StateAsync()).Question!.Number);
    }

    static Task AnswerAsync(LiveWorld live, Actor who, int number, string? ideas, params string[]? votes) =>
        live.Questions.AnswerAsync(who, live.Slug, number, Answer.Written(ideas) with { Votes = votes?.Select(IdeasQuestion.KeyOf).ToList() });

    static async Task<IEnumerable<(string, int)>> SeenAsync(LiveWorld live) => (await live.StateAsync()).Question!.Result!.Count.Lines.Select(line => (line.Word, line.Count));

    [Theory, OnBothDatabases]
    public async Task Ideas_are_handed_in_seen_by_all_voted_for_and_stay_in_their_order(Database database)
    {
        var (live, number) = await OpenAsync(database);
        await using var _ = live;
        await AnswerAsync(live, live.Bruno, number, "A call\nShoes", null);
        await AnswerAsync(live, live.Olga, number, "a  CALL", null);
        Assert.Null((await live.StateAsync()).Question!.Result);
        Assert.Equal(["A call", "Shoes"], (await live.Questions.DeskAsync(live.Anna, live.Slug)).Newest!.Result!.Count.Lines.Select(line => line.Word));

        await live.Questions.ShowResultsAsync(live.Anna, live.Slug, "board");
        Assert.Equal([("A call", 0), ("Shoes", 0)], await SeenAsync(live));
        await AnswerAsync(live, live.Olga, number, null, "shoes");
        await AnswerAsync(live, live.Carla, number, "Lunch", "Shoes", "Lunch");
        Assert.Equal([("Shoes", 2), ("Lunch", 1), ("A call", 0)], await SeenAsync(live));
        // Whoever writes something else keeps the votes, and votes do not take ideas away.
        await AnswerAsync(live, live.Olga, number, "Keys", null);
        Assert.Equal([("Shoes", 2), ("Lunch", 1), ("A call", 0), ("Keys", 0)], await SeenAsync(live));
        Assert.Equal(Refusal.AnswerVotes, await World.RefusalOfAsync(() => AnswerAsync(live, live.Olga, number, null, "Shoes", "Lunch", "A call")));
        Assert.Equal(Refusal.AnswerIdeas, await World.RefusalOfAsync(() => AnswerAsync(live, live.Olga, number, "a\nb\nc", null)));
        Assert.Equal(4, (await SeenAsync(live)).Count());
        // Whoever takes an idea back takes the votes for it along, and with everything the answer.
        await AnswerAsync(live, live.Carla, number, "");
        Assert.Equal(2, (await live.StateAsync()).Question!.Answered);
        Assert.Equal([("Shoes", 1), ("A call", 0), ("Keys", 0)], await SeenAsync(live));
        Assert.Null((await live.Questions.MineAsync(live.Carla, live.Slug)).Kept);
        Assert.Equal(Refusal.AnswerMissing, await World.RefusalOfAsync(() => AnswerAsync(live, live.Carla, number, "")));

        await live.Questions.CloseAsync(live.Anna, live.Slug, "board");
        Assert.Equal(Refusal.QuestionClosed, await World.RefusalOfAsync(() => AnswerAsync(live, live.Bruno, number, null, "Shoes")));
        Assert.Equal([("Shoes", 1), ("A call", 0), ("Keys", 0)], await SeenAsync(live));
        // Nothing of it is right, so it can be opened again.
        await live.Questions.OpenAsync(live.Anna, live.Slug, "board");
        await AnswerAsync(live, live.Bruno, number, null, "Keys", "Shoes");
        await live.Questions.CloseAsync(live.Anna, live.Slug, "board");
        await live.Questions.ShowResultsAsync(live.Anna, live.Slug, "board");
        await live.Stages.EndAsync(live.Anna, live.Slug);
        var replay = await new Replays(live.World.Db, live.Stages, new(live.World.Db, live.World.Log)).SeeAsync(live.Bruno, live.Slug, TimeSpan.FromDays(1));
        Assert.Equal([("Shoes", 2), ("Keys", 1), ("A call", 0)], replay!.Stage.Question!.Result!.Count.Lines.Select(line => (line.Word, line.Count)));
    }

    [Theory, OnBothDatabases]
    public async Task Who_leads_takes_an_idea_away_for_good_and_everybody_else_is_told_nothing_of_it(Database database)
    {
        var (live, number) = await OpenAsync(database);
        await using var _ = live;
        await AnswerAsync(live, live.Bruno, number, "Rude\nShoes", "rude");
        await AnswerAsync(live, live.Olga, number, "RUDE");
        await live.Questions.ShowResultsAsync(live.Anna, live.Slug, "board");
        var rude = IdeasQuestion.KeyOf("rude");
        foreach (var other in (Actor[])[live.Bruno, live.World.Ada, Actor.Visitor, Actor.Operator])
            await Assert.ThrowsAsync<NotFoundException>(() => live.Questions.TakeIdeaAsync(other, live.Slug, "board", rude));
        foreach (var (key, idea) in ((string, string)[])[("board", IdeasQuestion.KeyOf("nobody")), ("board", ""), ("why", rude), ("nosuch", rude)])
            await Assert.ThrowsAsync<NotFoundException>(() => live.Questions.TakeIdeaAsync(live.Anna, live.Slug, key, idea));
        var version = (await live.StateAsync()).Version;

        await live.Questions.TakeIdeaAsync(live.Carla, live.Slug, "board", rude);
        await live.Questions.TakeIdeaAsync(live.Anna, live.Slug, "board", rude);

        Assert.Equal([("Shoes", 0)], await SeenAsync(live));
        // Whoever wrote nothing else has answered all the same.
        Assert.Equal((version + 1, 2), await live.StateAsync() is var now ? (now.Version, now.Question!.Answered) : default);
        Assert.Equal("\nShoes", (await live.Questions.MineAsync(live.Bruno, live.Slug)).Kept);
        Assert.Null((await live.Questions.MineAsync(live.Olga, live.Slug)).Kept);
        Assert.Equal((SessionEventKind.IdeaTaken, number), (await live.LogAsync()).Last() is var last ? (last.Kind, last.QuestionId ?? 0) : default);
        // Nobody brings it back, and what they wrote beside it is told why.
        Assert.Equal(Refusal.IdeaTaken, await World.RefusalOfAsync(() => AnswerAsync(live, live.Olga, number, "Lunch\n rude", null)));
        await AnswerAsync(live, live.Olga, number, "Lunch", "Rude");
        Assert.Equal([("Lunch", 0), ("Shoes", 0)], await SeenAsync(live));

        // What was answered can be seen again when it is over, so it can be taken away then, too.
        await live.Stages.EndAsync(live.Anna, live.Slug);
        await live.Questions.TakeIdeaAsync(live.Anna, live.Slug, "board", IdeasQuestion.KeyOf("lunch"));
        Assert.Equal(["Shoes"], (await live.Questions.DeskAsync(live.Anna, live.Slug)).Newest!.Result!.Count.Lines.Select(line => line.Word));
    }

    [Theory, OnBothDatabases]
    public async Task An_idea_that_is_taken_away_while_all_answer_is_nobodys_afterwards(Database database)
    {
        var (live, number) = await OpenAsync(database);
        await using var _ = live;
        await AnswerAsync(live, live.Bruno, number, "Rude\nShoes");
        var rude = IdeasQuestion.KeyOf("rude");

        await Task.WhenAll([
            .. ((Actor[])[live.Bruno, live.Olga, live.Carla]).SelectMany(who => Enumerable.Range(0, 4).Select(press => Task.Run(async () =>
            {
                try
                {
                    await AnswerAsync(live, who, number, $"Rude\nIdea {press}", "Rude");
                }
                catch (RefusedException refused) when (refused.Refusal == Refusal.IdeaTaken)
                {
                    // Too late.
                }
            }))),
            Task.Run(() => live.Questions.TakeIdeaAsync(live.Anna, live.Slug, "board", rude)),
        ]);

        Assert.DoesNotContain(await live.World.InDbAsync(db => db.SessionAnswers.AsNoTracking().Select(a => a.Answer).ToListAsync()), kept => kept.Contains("Rude", StringComparison.Ordinal) || kept.Contains(rude, StringComparison.Ordinal));
    }
}
