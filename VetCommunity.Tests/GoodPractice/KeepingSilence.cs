using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.GoodPractice;
using Xunit;

namespace VetCommunity.Tests.GoodPractice;

public class KeepingSilence
{
    static readonly JsonSerializerOptions Legible = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whatever people answer, write and take back, in whatever order: what is taken along holds nothing of anybody who did not agree to it last.</summary>
    [Theory, OnBothDatabases]
    public async Task Nothing_is_taken_along_that_its_author_does_not_agree_to(Database database)
    {
        foreach (var seed in Enumerable.Range(1, 6))
            await PlayAsync(database, seed);
    }

    static async Task PlayAsync(Database database, int seed)
    {
        var random = new Random(seed);
        await using var world = await DraftingWorld.OpenAsync(database);
        var (anna, bruno, olga) = (world.World.Anna, world.World.Bruno, world.World.Olga);
        Actor[] authors = [bruno, olga];
        List<Said> all = [];
        foreach (var number in Enumerable.Range(1, 6))
        {
            var author = authors[number % 2];
            // Each has words of its own, names its author and the other one in many ways.
            var text = $"word{number}x by {author.Name} and @{author.Handle}, also @{authors[(number + 1) % 2].Handle.ToUpperInvariant()} and {authors[(number + 1) % 2].Name} [see](/people/{author.Handle})";
            all.Add(new(author, await world.SayAsync(author, text), $"word{number}x"));
        }
        var draft = await world.BeginAsync(anna, [.. all.Select(said => said.Seq)]);
        for (var step = 0; step < 25; step++)
        {
            var said = all[random.Next(all.Count)];
            switch (random.Next(8))
            {
                case 0 when said is { Deleted: false, Hidden: false }:
                    await world.World.Conversations.EditAsync(said.Author, "welding", said.Seq, $"newword{step} by @{said.Author.Handle}");
                    break;
                case 1 when said is { Deleted: false, Hidden: false } && random.Next(3) == 0:
                    await world.World.Conversations.DeleteAsync(said.Author, "welding", said.Seq);
                    said.Deleted = true;
                    break;
                case 2 when !said.Deleted:
                    await HideAsync(world, said, hidden: !said.Hidden);
                    break;
                default:
                    if (said.Deleted)
                        break;
                    var answer = (QuoteAnswer)random.Next(2, 5);
                    await world.Quotes.AnswerAsync(said.Author, await world.QuoteAsync(draft, said.Seq), answer);
                    said.Answer = answer;
                    break;
            }
            await CheckAsync(world, draft, all, authors, $"seed {seed}, step {step}");
        }
    }

    static async Task CheckAsync(DraftingWorld world, int draft, List<Said> all, Actor[] authors, string when)
    {
        var taken = await world.TakeAsync(world.World.Anna, draft);
        var text = JsonSerializer.Serialize(taken, Legible);
        foreach (var said in all)
            Assert.True(said.IsAllowed == text.Contains(said.Word, StringComparison.Ordinal), $"{when}: {said.Word} {said.Answer}");
        Assert.False(text.Contains("newword", StringComparison.Ordinal), when);
        foreach (var author in authors.Where(author => !all.Any(said => said.Author == author && said is { IsAllowed: true, Answer: QuoteAnswer.Agreed })))
        {
            foreach (var name in author.Name.Split(' ').Append(author.Handle))
                Assert.False(text.Contains(name, StringComparison.OrdinalIgnoreCase), $"{when}: {name} in {text}");
        }
        foreach (var quote in taken.Quotes.Where(quote => quote.Name is null))
        {
            var author = all.Single(said => quote.Text.Contains(said.Word, StringComparison.Ordinal)).Author;
            Assert.Null(quote.Seq);
            Assert.DoesNotContain(author.Handle, quote.Text, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(author.Name, quote.Text, StringComparison.OrdinalIgnoreCase);
        }
    }

    static Task<int> HideAsync(DraftingWorld world, Said said, bool hidden)
    {
        said.Hidden = hidden;
        var at = hidden ? world.World.Clock.GetUtcNow() : (DateTimeOffset?)null;
        return world.World.InDbAsync(context => context.Messages.Where(m => m.Seq == said.Seq && context.Conversations.Any(c => c.Id == m.ConversationId && c.Slug == "welding"))
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.HiddenAt, at)));
    }

    sealed class Said(Actor author, long seq, string word)
    {
        public Actor Author => author;
        public long Seq => seq;
        public string Word => word;
        public QuoteAnswer Answer { get; set; } = QuoteAnswer.Waiting;
        public bool Deleted { get; set; }
        public bool Hidden { get; set; }
        public bool IsAllowed => !Deleted && !Hidden && Answer is (QuoteAnswer.Agreed or QuoteAnswer.WithoutName);
    }
}
