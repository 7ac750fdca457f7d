using System.Net.Http.Json;
using System.Text.Json;
using VetCommunity.Core;
using VetCommunity.Tests.Running;
using Xunit;
using static VetCommunity.Tests.Api.Answers;

namespace VetCommunity.Tests.Api;

/// <summary>A clicker in the trainer's hand, and a hand that goes up from a program.</summary>
public class ClickingThroughASession(RunningCommunity community) : IClassFixture<RunningCommunity>
{
    const string Session = "/api/v1/sessions/the-first-hundred-days";

    [Fact]
    public async Task A_press_is_one_step_an_answer_counts_once_and_who_does_not_lead_moves_nothing()
    {
        using var trainer = await community.ScriptAsync("trainer@demo.example");
        using var second = await community.ScriptAsync("cotrainer@demo.example");
        using var participant = await community.ScriptAsync("member5@demo.example");
        using var outsider = await community.ScriptAsync("member@demo.example");
        using (var early = await trainer.PostAsJsonAsync(Session + "/turn", new { seen = 0 }))
            await AssertAsync(early, 409, Refusal.SessionNotBegun);
        await community.StartSessionAsync("trainer@demo.example", "the-first-hundred-days");

        var before = await JsonAsync(await participant.GetAsync(Session + "/stage"));
        Assert.Equal(("running", 1, 0, "paolo-bressan"), (before.GetProperty("phase").GetString(), before.GetProperty("slide").GetInt32(), before.GetProperty("step").GetInt32(), before.GetProperty("lead").GetProperty("handle").GetString()));
        var seen = before.GetProperty("turn").GetInt64();
        foreach (var _ in (int[])[1, 2, 3])
        {
            var turned = await JsonAsync(await trainer.PostAsJsonAsync(Session + "/turn", new { seen }));
            Assert.Equal(2, turned.GetProperty("slide").GetInt32());
        }
        using (var other = await second.PostAsJsonAsync(Session + "/turn", new { seen = seen + 1 }))
            await AssertAsync(other, 409, Refusal.NotInTheLead);
        foreach (var nobody in (HttpClient[])[participant, outsider])
        {
            using var forged = await nobody.PostAsJsonAsync(Session + "/turn", new { seen = seen + 1 });
            Assert.Equal(404, (int)forged.StatusCode);
        }
        using (var nonsense = await trainer.PostAsJsonAsync(Session + "/turn", new { back = true }))
            Assert.Equal(400, (int)nonsense.StatusCode);

        foreach (var _ in (int[])[1, 2])
            Assert.Equal(204, (int)(await participant.PutAsync(Session + "/hand", null)).StatusCode);
        Assert.Equal(["aylin-demir"], (await JsonAsync(await trainer.GetAsync(Session + "/stage"))).GetProperty("hands").EnumerateArray().Select(one => one.GetProperty("handle").GetString()));
        Assert.Equal(204, (int)(await participant.DeleteAsync(Session + "/hand")).StatusCode);
        Assert.Equal(404, (int)(await outsider.PutAsync(Session + "/hand", null)).StatusCode);
        Assert.Empty((await JsonAsync(await trainer.GetAsync(Session + "/stage"))).GetProperty("hands").EnumerateArray());
        await AskAsync(trainer, participant, outsider);
    }

    // On the same server: a session begins once.
    static async Task AskAsync(HttpClient trainer, HttpClient participant, HttpClient outsider)
    {
        const string Key = Session + "/questions/how-sure";
        foreach (var nobody in (HttpClient[])[participant, outsider])
            Assert.Equal(404, (int)(await nobody.PutAsJsonAsync(Key, new { open = true })).StatusCode);
        Assert.Equal(404, (int)(await trainer.PutAsJsonAsync(Session + "/questions/there-is-none", new { open = true })).StatusCode);

        foreach (var _ in (int[])[1, 2])
            Assert.Equal(204, (int)(await trainer.PutAsJsonAsync(Key, new { open = true })).StatusCode);
        var asked = (await JsonAsync(await participant.GetAsync(Session + "/stage"))).GetProperty("question");
        Assert.Equal(("how-sure", "scale", true, 0), (asked.GetProperty("key").GetString(), asked.GetProperty("kind").GetString(), asked.GetProperty("isOpen").GetBoolean(), asked.GetProperty("answered").GetInt32()));
        Assert.Equal((1, 5, 0), (asked.GetProperty("from").GetInt32(), asked.GetProperty("to").GetInt32(), asked.GetProperty("choices").GetArrayLength()));
        var answers = $"{Session}/answers/{asked.GetProperty("number").GetInt32()}";
        Assert.Equal(404, (int)(await outsider.PutAsJsonAsync(answers, new { numbers = new[] { 1 } })).StatusCode);
        using (var wrong = await participant.PutAsJsonAsync(answers, new { numbers = new[] { 400 } }))
            Assert.Equal(400, (int)wrong.StatusCode);
        foreach (var number in (int[])[1, 2, 2])
            Assert.Equal(204, (int)(await participant.PutAsJsonAsync(answers, new { numbers = new[] { number } })).StatusCode);
        Assert.Equal(1, (await JsonAsync(await trainer.GetAsync(Session + "/stage"))).GetProperty("question").GetProperty("answered").GetInt32());

        Assert.Equal(204, (int)(await trainer.PutAsJsonAsync(Key, new { open = false, shown = true })).StatusCode);
        using (var late = await participant.PutAsJsonAsync(answers, new { numbers = new[] { 3 } }))
            await AssertAsync(late, 409, Refusal.QuestionClosed);
        var shown = (await JsonAsync(await participant.GetAsync(Session + "/stage"))).GetProperty("question");
        Assert.Equal((false, 1), (shown.GetProperty("isOpen").GetBoolean(), shown.GetProperty("answered").GetInt32()));
        // What is not said stays as it is.
        Assert.Equal(204, (int)(await trainer.PutAsJsonAsync(Key, new { open = false })).StatusCode);
        Assert.Equal("how-sure", (await JsonAsync(await participant.GetAsync(Session + "/stage"))).GetProperty("question").GetProperty("key").GetString());
        Assert.Equal(204, (int)(await trainer.PutAsJsonAsync(Key, new { open = false, shown = false })).StatusCode);
        Assert.Equal(JsonValueKind.Null, (await JsonAsync(await participant.GetAsync(Session + "/stage"))).GetProperty("question").ValueKind);
        await VoteAsync(trainer, participant);
    }

    // Ideas and votes are sent each for itself, and what is not sent stays.
    static async Task VoteAsync(HttpClient trainer, HttpClient participant)
    {
        const string Key = Session + "/questions/on-monday";
        Assert.Equal(204, (int)(await trainer.PutAsJsonAsync(Key, new { open = true })).StatusCode);
        var asked = (await JsonAsync(await participant.GetAsync(Session + "/stage"))).GetProperty("question");
        Assert.Equal(("ideas", 2, 3, 0), (asked.GetProperty("kind").GetString(), asked.GetProperty("mostIdeas").GetInt32(), asked.GetProperty("mostVotes").GetInt32(), asked.GetProperty("ideas").GetArrayLength()));
        var answers = $"{Session}/answers/{asked.GetProperty("number").GetInt32()}";
        Assert.Equal(204, (int)(await participant.PutAsJsonAsync(answers, new { text = "A call\nShoes" })).StatusCode);
        Assert.Equal(204, (int)(await trainer.PutAsJsonAsync(Key, new { open = true, shown = true })).StatusCode);
        var shoes = (await JsonAsync(await trainer.GetAsync(Session + "/stage"))).GetProperty("question").GetProperty("ideas")[1].GetProperty("id").GetString();
        Assert.Equal(204, (int)(await participant.PutAsJsonAsync(answers, new { votes = new[] { shoes } })).StatusCode);
        using (var wrong = await participant.PutAsJsonAsync(answers, new { votes = new[] { "shoes" } }))
            await AssertAsync(wrong, 400, Refusal.AnswerUnknown);
        Assert.Equal([("Shoes", 1), ("A call", 0)], (await JsonAsync(await participant.GetAsync(Session + "/stage"))).GetProperty("question").GetProperty("ideas").EnumerateArray()
            .Select(one => (one.GetProperty("text").GetString(), one.GetProperty("votes").GetInt32())));
    }
}
