using VetCommunity.Core.Live;
using VetCommunity.Tests.Documents;
using Xunit;

namespace VetCommunity.Tests.Live;

public sealed class SlicingALesson
{
    const string Lesson = """
        ---
        title: Whetting
        teaching: 30
        ---

        ::::: objectives
        - Tell a burr
        - Take it off
        :::::

        Before anything else. <!-- check this
        again --> Wash the stone.

        ## The burr {#burr}

        Feel it [with a finger](../fig/finger.md), or read [more][book].

        ![](fig/burr.svg){alt="A \"burr\" seen from the side"}

        ![Photo: [somebody][book]](fig/edge.jpg "A title"){width="60%" alt='The "edge"'}

        -   One

            of two paragraphs
        -   Two
            -   and below

        ::: instructor
        Show the iron.

        ### And again
        :::

        ::: challenge
        ### Your turn
        Whet.
        ::: solution
        #### Look
        Like this.
        :::
        :::

        Afterwards.

        ```yaml
        ## no heading
        ---
        ::: no block
        ```

        ::: question single
        id: side

        Which?

        - [x] a
        - [ ] b
        :::

        ???

        ::: keypoints
        - Done
        :::

        [book]: https://example.org/book "A book"
        """;

    [Fact]
    public void A_lesson_becomes_slides_steps_notes_and_questions()
    {
        var deck = Deck.Of(LessonSlides.Of(Lesson, "de"));

        Assert.Equal(["Whetting", "Ziele", "Whetting", "The burr", "Your turn", "The burr", "Das Wichtigste"], deck.Slides.Select(slide => slide.Title));
        Assert.Equal(SlideLayout.Title, deck.Slides[0].Layout);
        Assert.Contains("Before anything else. Wash the stone.", string.Join(' ', deck.Slides[2].Parts[0].Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        var burr = deck.Slides[3];
        Assert.Contains("Feel it with a finger, or read [more](https://example.org/book).", burr.Parts[0], StringComparison.Ordinal);
        Assert.Contains("*A \"burr\" seen from the side*\n\n*The \"edge\"*", burr.Parts[0].ReplaceLineEndings("\n"), StringComparison.Ordinal);
        // A list stays one, with what belongs to its items.
        Assert.Contains("-   One\n\n    of two paragraphs\n-   Two\n    -   and below", burr.Parts[0].ReplaceLineEndings("\n"), StringComparison.Ordinal);
        Assert.Equal("Show the iron.\n\n**And again**", burr.Notes);
        var turn = deck.Slides[4];
        Assert.Equal(("## Your turn\n\nWhet.", "**Look**\n\nLike this."), (turn.Parts[0], turn.Parts[1]));
        // Behind a block the chapter goes on; what would divide slides is meant as it is written.
        var after = deck.Slides[5];
        Assert.Equal("side", Assert.Single(after.Questions).Question.Name);
        Assert.Contains("## no heading\n---\n::: no block", after.Parts[0], StringComparison.Ordinal);
        Assert.Contains("\\???", after.Parts[0], StringComparison.Ordinal);
        Assert.Empty(deck.Faults);
    }

    [Fact]
    public void What_is_long_goes_on_on_the_next_slide_under_the_same_heading()
    {
        var sentence = "Begin " + string.Join(' ', Enumerable.Repeat("word", 28)) + " end.";
        var deck = Deck.Of(LessonSlides.Of($"# Long\n\n{string.Join(' ', Enumerable.Repeat(sentence, 7))}\n\nShort.", "en"));

        Assert.Equal(4, deck.Slides.Count);
        Assert.All(deck.Slides, slide => Assert.Equal("Long", slide.Title));
        Assert.Contains("Short.", deck.Slides[3].Parts[0], StringComparison.Ordinal);
        Assert.All(deck.Slides, slide => Assert.True(slide.Parts[0].Split([' ', '\n']).Length <= LessonSlides.Words + 4));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n\n ")]
    [InlineData("<!-- nothing -->")]
    [InlineData("::: objectives\n:::")]
    public void Without_words_there_are_no_slides(string text) => Assert.Equal("", LessonSlides.Of(text, "en"));

    [Theory]
    [InlineData("## Heading alone", "## Heading alone")]
    [InlineData("Heading\n===\ntext\n\nOther\n---\n\n***\n\nend", "## Heading\n\ntext|## Other\n\nend")]
    // Names of blocks as they are written elsewhere, and what stands beside them.
    [InlineData("::: {#id .callout}\na\n:::", "## Note\n\na")]
    [InlineData("::: Callout My title {.x}\na\n:::", "## My title {.x}\n\na")]
    [InlineData("::: {.callout title=\"My title\"}\na\n:::\nb", "## My title\n\na|b")]
    // What only looks like an address, a comment or a table.
    [InlineData("[Tip]: wear gloves\n\nSee[^1].\n\n[^1]: A note.", "[Tip]: wear gloves\n\nSee[^1].\n\n[^1]: A note.")]
    [InlineData("Write `<!--` there\n\nand <!-- so on", "Write `<!--` there\n\nand <!-- so on")]
    [InlineData("a <!-- ` --> b <!-- c --> d ` e <!-- f -->", "a  b  d ` e ")]
    [InlineData("Use <!-- here\n\n```\nA --> B\n```\n\nend", "Use <!-- here\n\n```\nA --> B\n```\n\nend")]
    [InlineData("a\n\n<!--\n```\nsolution\n```\n-->\n\nb", "a\n\nb")]
    [InlineData("![](f.png){width=\"80%\"\nalt=\"A bench\"}", "*A bench*")]
    [InlineData("# ![](x.png)\n\na", "a")]
    [InlineData("See [book].\n\n[book]: https://example.org", "See [book](https://example.org).")]
    [InlineData("Run this:\n```\n[a](b) ![](c) {.d}\n```\nafter", "Run this:\n\n```\n[a](b) ![](c) {.d}\n```\n\nafter")]
    public void Other_ways_to_write_are_understood(string text, string slides) => Assert.Equal(slides.Split('|'), LessonSlides.Of(text, "en").Split("\n\n---\n\n"));

    [Fact]
    public void What_is_for_trainers_never_comes_to_the_stage()
    {
        var deck = Deck.Of(LessonSlides.Of("## A\n\nb\n\n::: instructor\nnote\n\n---\n\nnote\n\n???\n\n. . .\n\n::: {#x .callout}\nnote\n\n### note\n:::\n\nnote\n===\n\n::: solution\nnote\n:::\n\n::: question text\nnote?\n:::\n:::\n\n::: {title=\"v.two\" .extra .instructor}\n::: question single\nnote\n---\nnote\n:::\n:::\n::: .instructor\nnote\n:::\n\nc", "en"));

        Assert.Equal(["## A\n\nb\n\nc"], deck.Slides.SelectMany(slide => slide.Parts));
        Assert.Empty(deck.Questions);
        Assert.Equal(10, deck.Slides[0].Notes.Split("note").Length - 1);
    }

    [Theory]
    [InlineData("![x](y){ ")]
    [InlineData("![")]
    [InlineData("<!-- ")]
    [InlineData(" a\n\n")]
    [InlineData("::: a\n\n")]
    [InlineData("::: challenge\n\n")]
    [InlineData("[a][")]
    [InlineData("[a]: b\n")]
    [InlineData("a. A ")]
    [InlineData("`<!--")]
    public void The_longest_text_there_can_be_is_divided_while_one_waits(string piece) => Assert.NotNull(LessonSlides.Of(string.Concat(Enumerable.Repeat(piece, 490_000 / piece.Length)), "en"));

    [Fact]
    public void No_word_is_lost_and_none_is_twice() => Seeds.Texts(40, "Word. ", "and ", "\n", "\n\n", "\n## Head\n", "\n- item ", "    more ", "\n---\n", "\n. . .\n", "\n::: challenge\n", "\n::: solution\n", "\n:::\n", "\n::: other\n", "\n::: {#id .callout}\n", "\n===\n", "\n```\n", "\n> quote ", "\n| a | b |\n").Hold(text =>
    {
        // Numbered, so that each is known.
        var count = 0;
        var numbered = string.Join(' ', text.Split(' ').Select(word => word.EndsWith("and", StringComparison.Ordinal) || word.EndsWith("Word.", StringComparison.Ordinal) || word.EndsWith("item", StringComparison.Ordinal) || word.EndsWith("quote", StringComparison.Ordinal)
            ? FormattableString.Invariant($"{word} n{count++}n") : word));
        var slides = LessonSlides.Of(numbered, "en");
        // Headings stand above each slide of their chapter.
        HashSet<string> headed = new(StringComparer.Ordinal);
        var found = slides.Split('\n').SelectMany(line => line.Split(' ').Where(word => word.StartsWith('n') && word.EndsWith('n') && word.Length > 2 && (!line.StartsWith('#') || headed.Add(word)))).ToList();

        Assert.Equal(Enumerable.Range(0, count).Select(number => FormattableString.Invariant($"n{number}n")), found);
        Assert.Empty(Deck.Of(slides).Faults);
    });

    [Fact]
    public async Task Episodes_that_others_wrote_become_decks_that_can_be_held()
    {
        var data = Environment.GetEnvironmentVariable("VET_DATA");
        Assert.SkipWhen(string.IsNullOrEmpty(data), "VET_DATA names no folder with real material");
        foreach (var file in Directory.GetFiles(Path.Combine(data!, "courses", "instructor-training", "episodes"), "*.md"))
        {
            var text = await File.ReadAllTextAsync(file);
            var deck = Deck.Of(LessonSlides.Of(text, "en"));

            Assert.InRange(deck.Slides.Count, 1, 100);
            Assert.Empty(deck.Faults);
            Assert.DoesNotContain(deck.Slides, slide => slide.Parts.Any(part => part.Contains(":::", StringComparison.Ordinal) || part.Contains("{alt", StringComparison.Ordinal) || part.Contains("](fig/", StringComparison.Ordinal)));
        }
        await using var live = await LiveWorld.OpenAsync(Database.Sqlite);
        var episode = await File.ReadAllTextAsync(Path.Combine(data!, "courses", "instructor-training", "episodes", "02-practice-learning.md"));
        await live.WriteAsync(LessonSlides.Of(episode, "en"));
        await live.Stages.StartAsync(live.Anna, live.Slug);
        var seen = new List<string>();
        while (true)
        {
            var state = (await live.Stages.SeeAsync(live.Bruno, live.Slug)).State;
            if (state.Step == 0)
                seen.Add(state.SlideIn("en")!.Value.Slide.Title);
            await live.Stages.TurnAsync(live.Anna, live.Slug, state.Turn, back: false);
            if ((await live.Stages.SeeAsync(live.Bruno, live.Slug)).State.Turn == state.Turn)
                break;
        }

        Assert.Equal("Building Skill With Practice", seen[0]);
        Assert.Equal(["Objectives", "Questions"], seen.Skip(1).Take(2));
        Assert.Contains("The Carpentries Pedagogical Model", seen);
        Assert.Equal("Key points", seen[^1]);
    }
}
