using CsCheck;
using VetCommunity.Core.Learning;

namespace VetCommunity.Tests.Learning;

/// <summary>Questions of every kind, with texts that look like other things.</summary>
static class Questions
{
    static Gen<T> Of<T>(params T[] all) => Gen.Int[0, all.Length - 1].Select(index => all[index]);

    static readonly Gen<string> Word = Of("one", "λόγος", "a [x] b", "- dash", "[2] two", "note: it", "**bold**", "1. first", "l·l", "`code`", "👋🏽");

    static readonly Gen<string> Paragraphs = Of("why", "note: why\n\n* one\n* two\n\nend", "```\n:::\n- x\n```\n\nend", "> said\n\nWhat now?", "  - inner\nend").Select(text => text.Trim());

    static readonly Gen<string> Explained = Of("", "because", "because\n\n> of it\n\n- a\n- b");

    static readonly Gen<string?> Name = Of<string?>(null, "hook", "A_1-b");

    static readonly Gen<string[]> Choices = Word.Array[2, 10].Select(words => words.Select((word, index) => $"{word} {index}").ToArray());

    static readonly Gen<(string? Name, string Text, string Explanation)> Parts = Gen.Select(Name, Paragraphs, Explained);

    public static readonly Gen<Question> Any = Gen.OneOf<Question>(
        Gen.Select(Parts, Choices, Gen.Int[0, 10], Gen.Int[1, 100]).Select((parts, choices, right, points) => (Question)(right == 0 || right > choices.Length
            ? new SingleQuestion(parts.Name, 0, parts.Text, parts.Explanation, choices, null) : new SingleQuestion(parts.Name, points, parts.Text, parts.Explanation, choices, right))),
        Gen.Select(Parts, Choices, Gen.Int[0, 1023], Gen.Int[1, 100]).Select((parts, choices, bits, points) =>
        {
            int[] right = [.. Enumerable.Range(1, choices.Length).Where(number => (bits >> (number - 1) & 1) == 1)];
            return (Question)new MultipleQuestion(parts.Name, right.Length == 0 ? 0 : points, parts.Text, parts.Explanation, choices, right);
        }),
        Gen.Select(Parts, Gen.Int[-20, 20], Gen.Int[1, 10], Of("", "not at all", "3 of them")).Select((parts, from, steps, label) => (Question)new ScaleQuestion(parts.Name, parts.Text, parts.Explanation, from, label, from + steps, label)),
        Gen.Select(Parts, Choices, Gen.Int[0, 9], Gen.Int[1, 100]).Select((parts, choices, turn, points) =>
        {
            int[] places = turn == 0 ? [] : [.. Enumerable.Range(0, choices.Length).Select(index => (index + turn) % choices.Length + 1)];
            return (Question)new RankingQuestion(parts.Name, turn == 0 ? 0 : points, parts.Text, parts.Explanation, choices, places);
        }),
        Gen.Select(Parts, Gen.Int[1, 3]).Select((parts, most) => (Question)new WordsQuestion(parts.Name, parts.Text, parts.Explanation, most)),
        Gen.Select(Parts, Gen.Int[1, 3], Gen.Int[1, 5]).Select((parts, most, votes) => (Question)new IdeasQuestion(parts.Name, parts.Text, parts.Explanation, most, votes)),
        Parts.Select(parts => (Question)new TextQuestion(parts.Name, parts.Text, parts.Explanation)));
}
