using CsCheck;
using VetCommunity.Core.Learning;
using VetCommunity.Tests.Documents;
using Xunit;

namespace VetCommunity.Tests.Learning;

public sealed class ReadingQuestions
{
    const string Hook = """
        Before

        ::: question single
        id: hook
        points: 2
        What keeps an apprentice
        in the first hundred days?

        * not a choice

        - [x] A person who asks
          on the tenth day
        - [ ] A longer contract

        - More pay

        > Somebody who **asks**.
        >
        > Always.
        :::

        After
        """;

    [Fact]
    public void A_question_of_a_quiz_is_read()
    {
        var block = Assert.Single(QuestionBlocks.In(Hook));

        Assert.Equal((3, 20), (block.First, block.Last));
        var question = Assert.IsType<SingleQuestion>(block.Question);
        Assert.Equal(("hook", 2, 1), (question.Name, question.Points, question.Right));
        Assert.Equal("What keeps an apprentice\nin the first hundred days?\n\n* not a choice", question.Text);
        Assert.Equal(["A person who asks on the tenth day", "A longer contract", "More pay"], question.Choices);
        Assert.Equal("Somebody who **asks**.\n\nAlways.", question.Explanation);
    }

    [Fact]
    public void Every_kind_is_read_and_without_right_answers_it_is_a_poll()
    {
        var blocks = QuestionBlocks.In("""
            :::: question multiple ::::
            Which?
            - [x] a
            - [X] b
            - [ ] c
            ::::
            ::: question scale
            from: 0 not at all
            to: 10 entirely
            How sure are you?
            :::
            ::: question scale
            How sure?
            > Read later
            :::
            ::: question ranking

            In which order?
            - [2] second
            - [1] first
            :::
            ::: question words
            most: 2
            What comes to mind?
            :::
            ::: question TEXT
            What will you do on Monday?
            :::
            ::: question multiple
            Which ones?
            - a
            - b
            :::
            ::: question ideas
            most: 1
            votes: 5
            What next?
            > Read later
            :::
            ::: question ideas
            What else?
            :::
            """);

        Assert.Equal([QuestionKind.Multiple, QuestionKind.Scale, QuestionKind.Scale, QuestionKind.Ranking, QuestionKind.Words, QuestionKind.Text, QuestionKind.Multiple, QuestionKind.Ideas, QuestionKind.Ideas], blocks.Select(block => block.Question!.Kind));
        Assert.Equal([1, 2], Assert.IsType<MultipleQuestion>(blocks[0].Question).Right);
        Assert.Equal((0, "not at all", 10, "entirely"), blocks[1].Question is ScaleQuestion scale ? (scale.From, scale.FromLabel, scale.To, scale.ToLabel) : default);
        Assert.Equal((1, 5, "Read later"), blocks[2].Question is ScaleQuestion plain ? (plain.From, plain.To, plain.Explanation) : default);
        Assert.Equal([2, 1], Assert.IsType<RankingQuestion>(blocks[3].Question).Places);
        Assert.Equal(2, Assert.IsType<WordsQuestion>(blocks[4].Question).Most);
        Assert.Equal([(1, 5), (3, 3)], blocks.Select(block => block.Question).OfType<IdeasQuestion>().Select(board => (board.Most, board.Votes)));
        Assert.Equal([1, 0, 0, 1, 0, 0, 0, 0, 0], blocks.Select(block => block.Question!.Points));
    }

    [Theory]
    [InlineData("::: question\nText\n- a\n- b\n:::", 1, QuestionFaultKind.UnknownKind, "")]
    [InlineData("::: question essay\nText\n:::", 1, QuestionFaultKind.UnknownKind, "essay")]
    [InlineData("::: question 1\nText\n- a\n- b\n:::", 1, QuestionFaultKind.UnknownKind, "1")]
    [InlineData("\n::: question text\nText\n", 2, QuestionFaultKind.NotClosed, "")]
    [InlineData("::: question text\nText\n---\n:::", 1, QuestionFaultKind.NotClosed, "")]
    [InlineData("::: question text\nText\n. . .\nMore\n:::", 1, QuestionFaultKind.NotClosed, "")]
    [InlineData("::: question text\nText\n::: callout\n:::", 1, QuestionFaultKind.NotClosed, "")]
    [InlineData("::: question single\npoint: 2\nText\n- a\n- b\n:::", 2, QuestionFaultKind.UnknownField, "point")]
    [InlineData("::: question single\nmost: 2\nText\n- a\n- b\n:::", 2, QuestionFaultKind.UnknownField, "most")]
    [InlineData("::: question text\nid: ä b\nText\n:::", 2, QuestionFaultKind.BadName, "")]
    [InlineData("::: question single\npoints: 0\nText\n- [x] a\n- b\n:::", 2, QuestionFaultKind.BadPoints, "100")]
    [InlineData("::: question single\npoints: 2\nText\n- a\n- b\n:::", 2, QuestionFaultKind.PointsForNothing, "")]
    [InlineData("::: question text\npoints: 2\nText\n:::", 2, QuestionFaultKind.PointsForNothing, "")]
    [InlineData("::: question single\n- a\n- b\n:::", 1, QuestionFaultKind.NoText, "")]
    [InlineData("::: question single\nText\n- a\n:::", 1, QuestionFaultKind.TooFewChoices, "")]
    [InlineData("::: question single\nText\n- a\n- b\nMore text\n:::", 1, QuestionFaultKind.TooFewChoices, "")]
    [InlineData("::: question multiple\nText\n- a\n-\n:::", 4, QuestionFaultKind.EmptyChoice, "")]
    [InlineData("::: question multiple\nText\n- a\n- [x]\n:::", 4, QuestionFaultKind.EmptyChoice, "")]
    [InlineData("::: question multiple\nText\n- a\n- [x] a\n:::", 4, QuestionFaultKind.ChoiceTwice, "a")]
    [InlineData("::: question multiple\nText\n- a\n- [2] b\n:::", 4, QuestionFaultKind.BadMark, "2")]
    [InlineData("::: question ranking\nText\n- a\n- [x] b\n:::", 4, QuestionFaultKind.BadMark, "x")]
    [InlineData("::: question single\nText\n- [x] a\n- [x] b\n:::", 4, QuestionFaultKind.TwoRight, "")]
    [InlineData("::: question ranking\nText\n- [1] a\n- [1] b\n:::", 3, QuestionFaultKind.BadPlaces, "")]
    [InlineData("::: question ranking\nText\n- [1] a\n- b\n:::", 3, QuestionFaultKind.BadPlaces, "")]
    [InlineData("::: question scale\nfrom: 5\nto: 5\nText\n:::", 3, QuestionFaultKind.BadScale, "")]
    [InlineData("::: question scale\nto: many\nText\n:::", 2, QuestionFaultKind.BadScale, "")]
    [InlineData("::: question scale\nfrom: 1\nto: 12\nText\n:::", 3, QuestionFaultKind.BadScale, "")]
    [InlineData("::: question ideas\nmost: 4\nText\n:::", 2, QuestionFaultKind.BadIdeas, "3")]
    [InlineData("::: question ideas\nmost: 2\nvotes: 6\nText\n:::", 3, QuestionFaultKind.BadVotes, "5")]
    [InlineData("::: question ideas\nvotes: 0\nText\n:::", 2, QuestionFaultKind.BadVotes, "5")]
    [InlineData("::: question ideas\npoints: 2\nText\n:::", 2, QuestionFaultKind.PointsForNothing, "")]
    [InlineData("::: question words\nvotes: 2\nText\n:::", 2, QuestionFaultKind.UnknownField, "votes")]
    [InlineData("::: question words\nmost: 4\nText\n:::", 2, QuestionFaultKind.BadMost, "3")]
    public void What_is_no_question_says_in_which_line_and_why(string markdown, int line, QuestionFaultKind kind, string detail)
    {
        var block = QuestionBlocks.In(markdown)[0];

        Assert.Null(block.Question);
        Assert.Equal(new QuestionFault(line, kind, detail), block.Fault);
    }

    [Fact]
    public void Texts_and_answers_have_their_ends()
    {
        static QuestionFaultKind? Of(string text, int choices, string choice) =>
            QuestionBlocks.In($"::: question single\n{text}\n{string.Concat(Enumerable.Range(1, choices).Select(number => $"- {choice}{number % 10}{number / 10}\n"))}:::")[0].Fault?.Kind;

        Assert.Null(Of(new('x', 2000), 10, new('y', 198)));
        Assert.Equal(QuestionFaultKind.TextTooLong, Of(new('x', 2001), 10, "y"));
        Assert.Equal(QuestionFaultKind.TooManyChoices, Of("x", 11, "y"));
        Assert.Equal(QuestionFaultKind.ChoiceTooLong, Of("x", 2, new('y', 199)));
    }

    [Theory]
    [InlineData("::: callout\n- [x] a\n:::\n\n:::::: questions\n- one\n::::::")]
    [InlineData("```\n::: question single\nText\n- a\n- b\n:::\n```")]
    [InlineData(":::\n:::\n::::")]
    [InlineData("    ::: question text\n    Text\n    :::")]
    public void Other_blocks_and_code_are_left_alone(string markdown) => Assert.Empty(QuestionBlocks.In(markdown));

    [Fact]
    public void A_block_of_code_in_a_question_is_its_text()
    {
        var question = QuestionBlocks.In("::: question single\nWhich?\n```\n- x\n:::\n> y\n```\n- a\n- b\n:::")[0].Question!;

        Assert.Equal("Which?\n```\n- x\n:::\n> y\n```", question.Text);
        Assert.Equal(["a", "b"], question.Choices);
    }

    // Lines that mean something, in any order.
    static readonly Gen<string> Markdown = Seeds.Texts(30, "::: question single\n", "::: question ranking\n", "::: question scale\n", "::: question ideas\n", "votes: 4\n", ":::\n", "::: callout\n", "id: x\n", "points: 2\n", "from: 1\n", "to: 9 x\n", "most: 1\n",
        "text\n", "\n", "- [x] a\n", "- [1] b\n", "- c\n", "-\n", "  more\n", "> why\n", ">\n", "```\n", "---\n", "\0\n", "-", ":::", "[x]");

    [Fact]
    public void Any_text_can_be_read_and_what_is_a_question_is_printed_as_the_same_one() => Markdown.Hold(markdown =>
    {
        foreach (var block in QuestionBlocks.In(markdown))
        {
            Assert.True((block.Question is null) != (block.Fault is null));
            Assert.InRange(block.Last, block.First, markdown.Split('\n').Length);
            if (block.Question is { } question)
                Assert.Equivalent(question, Assert.Single(QuestionBlocks.In(QuestionBlocks.Print(question))).Question, strict: true);
        }
    }, cases: 3000);

    [Fact]
    public void A_question_that_is_printed_is_read_as_the_same_one() => Questions.Any.Hold(question =>
    {
        var block = Assert.Single(QuestionBlocks.In("# Before\n\n" + QuestionBlocks.Print(question) + "\nAfter\n\n- after"));
        Assert.Null(block.Fault);
        Assert.Equal(question.GetType(), block.Question!.GetType());
        Assert.Equivalent(question, block.Question, strict: true);
    }, cases: 1000);
}
