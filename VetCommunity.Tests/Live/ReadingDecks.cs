using CsCheck;
using VetCommunity.Core.Live;
using VetCommunity.Tests.Documents;
using Xunit;

namespace VetCommunity.Tests.Live;

public sealed class ReadingDecks
{
    const string Welding = """
        ---
        title: Welding
        ---

        <!-- id: start -->
        # Welding in pairs

        One holds.

        . . .

        One welds.

        ???

        Say **why**.

        ---

        ## Heading
        Under a line of text
        ---

        ```yaml
        ---
        ???
        . . .
        ```

        ---


        ---

        Last
        """;

    [Fact]
    public void Slides_steps_notes_and_names_are_read()
    {
        var deck = Deck.Of(Welding);

        Assert.Equal(3, deck.Slides.Count);
        var first = deck.Slides[0];
        Assert.Equal((1, "start", "Welding in pairs", 1, "Say **why**."), (first.Place, first.Name, first.Title, first.Steps, first.Notes));
        Assert.Contains("One holds", first.At(0), StringComparison.Ordinal);
        Assert.DoesNotContain("One welds", first.At(0), StringComparison.Ordinal);
        Assert.Contains("One welds", first.At(1), StringComparison.Ordinal);
        Assert.Equal(first.At(1), first.At(int.MaxValue));
        Assert.DoesNotContain("why", first.At(1), StringComparison.Ordinal);
        Assert.Contains("<strong>why</strong>", first.NotesHtml, StringComparison.Ordinal);
        // A heading with a line under it and a block of code are one slide, and the empty one is none.
        Assert.Equal((0, "Heading", ""), (deck.Slides[1].Steps, deck.Slides[1].Title, deck.Slides[1].Notes));
        Assert.Contains("???", deck.Slides[1].At(0), StringComparison.Ordinal);
        Assert.Equal("Last", deck.Slides[2].Title);
        Assert.False(deck.IsCut);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n\n")]
    [InlineData("---\ntitle: x\n---\n")]
    public void Nothing_is_a_deck_without_slides(string markdown)
    {
        var deck = Deck.Of(markdown);

        Assert.Empty(deck.Slides);
        Assert.Null(deck.At(1));
        Assert.Equal((1, 0), deck.Next(1, 0, back: false));
        Assert.Equal((1, 0), deck.Next(7, 3, back: true));
    }

    [Theory]
    // A block of code that nobody closes hides neither the end of the slide nor the notes.
    [InlineData("# A\n\n```\ncode\n\n???\nsecret\n\n---\n\n# B", 2)]
    [InlineData("# A\n\n ??? \nsecret\n---\n# B", 2)]
    [InlineData("# A\n---\n# B\n???\nsecret", 2)]
    [InlineData("- a\n---\n> b\n---\n| c |\n---\n```\nd\n```\n---\n# B\n???\nsecret", 5)]
    [InlineData("---\n# A\n\n---\n\n# B\n???\nsecret", 2)]
    public void A_line_that_divides_divides_and_notes_are_notes(string markdown, int slides)
    {
        var deck = Deck.Of(markdown);

        Assert.Equal(slides, deck.Slides.Count);
        Assert.DoesNotContain("secret", string.Concat(deck.Slides.Select(slide => slide.At(int.MaxValue))), StringComparison.Ordinal);
        Assert.Contains(deck.Slides, slide => slide.Notes == "secret");
        Assert.Equal("B", deck.Slides[^1].Title);
    }

    [Fact]
    public void What_people_write_cannot_run()
    {
        var slide = Deck.Of("# <script>alert(1)</script>\n\n[x](javascript:alert(1)) <img src=x onerror=alert(1)>\n\n???\n<b onclick=x>n</b>").Slides[0];

        foreach (var html in (string[])[slide.At(0), slide.NotesHtml])
        {
            Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("<img", html, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("href=\"javascript", html, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain("<b onclick", html, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public void A_thousand_slides_are_kept_and_one_more_is_said()
    {
        static string Of(int count) => string.Join("\n\n---\n\n", Enumerable.Range(1, count).Select(number => $"# {number}"));

        Assert.Equal((1000, false), (Deck.Of(Of(1000)).Slides.Count, Deck.Of(Of(1000)).IsCut));
        Assert.Equal((1000, true), (Deck.Of(Of(1001)).Slides.Count, Deck.Of(Of(1001)).IsCut));
    }

    [Fact]
    public void The_same_slide_of_another_language_is_found_by_its_name_or_else_by_its_place()
    {
        var english = Deck.Of("<!-- id: a -->\n# A\n\n---\n\n<!-- id: b -->\n# B\n\n---\n\n# C");
        var italian = Deck.Of("<!-- id: b -->\n# Bi\n\n---\n\n# Di\n\n---\n\n# Ci\n\n---\n\n<!-- id: a -->\n# Ai");

        Assert.Equal(["Ai", "Bi", "Ci"], english.Slides.Select(slide => italian.Like(slide)!.Title));
        // What the other one does not have is read as it was written.
        Assert.Null(english.Like(Deck.Of("# 1\n\n---\n\n# 2\n\n---\n\n# 3\n\n---\n\n# 4").Slides[3]));
        Assert.Null(italian.Like(Deck.Of("<!-- id: z -->\n# Z").Slides[0]));
    }

    [Fact]
    public void A_slide_shows_what_its_question_asks_and_neither_answers_nor_explanation()
    {
        var deck = Deck.Of("---\ntitle: x\n---\n# A\n\n::: question single\nid: q\nWhich?\n- [x] yes\n- no\n> why\n:::\n\nEnd\n\n---\n\n::: question text\nAlone?\n:::\n\n---\n\n::: question single\nBroken\n- [x] one\n:::\n\n---\n::: callout\nHarmless\n:::\n???\n::: question essay\n");

        Assert.Equal(4, deck.Slides.Count);
        Assert.Equal(("# A\n\n\nWhich?\n\n\nEnd", false, "A"), (deck.Slides[0].Parts[0], deck.Slides[0].IsOnlyQuestions, deck.Slides[0].Title));
        Assert.Equal(("Alone?", true, "Alone?"), (deck.Slides[1].Parts[0], deck.Slides[1].IsOnlyQuestions, deck.Slides[1].Title));
        // What is no question stands there as it was written, and its author is told where.
        Assert.Contains("::: question single", deck.Slides[2].At(0), StringComparison.Ordinal);
        Assert.Contains("Harmless", deck.Slides[3].At(0), StringComparison.Ordinal);
        Assert.Equal([new(24, Core.Learning.QuestionFaultKind.TooFewChoices)], deck.Faults);
        Assert.Equal([("q", 1, 0), (deck.Questions[1].Key, 2, 0)], deck.Questions.Select(one => (one.Key, one.Slide, one.Order)));
        Assert.Matches(@"^\.[0-9a-f]{16}$", deck.Questions[1].Key);
    }

    [Fact]
    public void The_same_question_of_another_language_is_found_by_its_name_or_else_by_its_order_on_the_slide()
    {
        static string Ask(string fields, string text, params string[] choices) => $"::: question single\n{fields}\n{text}\n\n{string.Concat(choices.Select(choice => $"- {choice}\n"))}:::\n";

        var english = Deck.Of($"# A\n{Ask("id: q", "Which?", "a", "b")}{Ask("", "Second?", "a", "b")}\n---\n# B\n{Ask("", "Third?", "a", "b", "c")}");
        var italian = Deck.Of($"# A\n{Ask("", "Prima?", "a", "b")}{Ask("", "Seconda?", "a", "b")}\n---\n# B\n{Ask("", "Terza?", "a", "b")}{Ask("id: q", "Quale?", "a", "b")}");

        Assert.Equal(["Quale?", "Seconda?", null], english.Questions.Select(one => italian.Like(english, one)?.Text));
        // Twice the same words are two questions, twice the same name is one and a fault.
        var twice = Deck.Of($"# A\n{Ask("id: q", "Which?", "a", "b")}{Ask("id: q", "What?", "a", "b")}{Ask("", "Why?", "a", "b")}{Ask("", "Why?", "a", "b")}");
        Assert.Equal(["Which?", "Why?", "Why?"], twice.Questions.Select(one => one.Question.Text));
        Assert.Equal(3, twice.Questions.Select(one => one.Key).Distinct().Count());
        Assert.Equal(new(9, Core.Learning.QuestionFaultKind.NameTwice, "q"), Assert.Single(twice.Faults));
    }

    // Of lines that mean something, in any order.
    static readonly Gen<string> Decks = Seeds.Texts(40, "# A\n", "text\n", "\n", "---\n", ". . .\n", "???\n", "```\n", "~~~~\n", "````\n", "<!-- id: x -->\n", "- one\n", "===\n", "<!-- layout: two-columns -->\n", "<!-- layout: quote -->\n", "<!-- layout: x -->\n", "+++\n");

    [Fact]
    public void Going_on_to_the_end_and_back_passes_the_same_places() => Decks.Hold(markdown =>
    {
        var deck = Deck.Of(markdown);
        List<(int Slide, int Step)> there = [(1, 0)];
        while (deck.Next(there[^1].Slide, there[^1].Step, back: false) is var next && next != there[^1])
            there.Add(next);
        Assert.Equal(Math.Max(1, deck.Slides.Sum(slide => slide.Steps + 1)), there.Count);
        List<(int Slide, int Step)> back = [there[^1]];
        while (deck.Next(back[^1].Slide, back[^1].Step, back: true) is var before && before != back[^1])
            back.Add(before);
        back.Reverse();
        Assert.Equal(there, back);
    });

    [Fact]
    public void No_line_is_lost_but_those_that_divide() => Decks.Hold(markdown =>
    {
        var deck = Deck.Of("# first\n\n" + markdown);
        var kept = deck.Slides.Sum(slide => slide.Parts.Append(slide.Notes).Sum(part => part.Split('\n').Count(line => line is "text" or "# A" or "- one")));
        Assert.Equal(markdown.Split('\n').Count(line => line is "text" or "# A" or "- one"), kept);
    });

    [Fact]
    public void A_slide_says_how_it_is_laid_out_and_what_there_is_not_is_said_with_its_line()
    {
        var deck = Deck.Of("<!-- layout: title -->\n# A\n\n---\n\n> Words\n\n<!-- LAYOUT: Quote -->\n\n---\n\n<!-- layout: banner\" onload= -->\n# C\n\n---\n\n<!-- layout: picture -->\n<!-- layout: title -->\nD\n\n---\n\n```\n<!-- layout: title -->\n```\n\n???\n\n<!-- layout: title -->");

        Assert.Equal([SlideLayout.Title, SlideLayout.Plain, SlideLayout.Plain, SlideLayout.Picture, SlideLayout.Plain], deck.Slides.Select(one => one.Layout));
        Assert.Equal(["slide-title", null, null, "slide-picture", null], deck.Slides.Select(one => SlideLayouts.ClassOf(one.Layout)));
        Assert.Equal([new(12, LayoutFaultKind.UnknownLayout, "banner\" onload="), new(18, LayoutFaultKind.LayoutTwice)], deck.LayoutFaults);
        Assert.Empty(deck.Faults);
        // The line itself is not shown.
        Assert.Equal("<h3>C</h3>", deck.Slides[2].At(0));
        foreach (var (name, layout) in SlideLayouts.All)
            Assert.Equal((layout, "slide-" + name), (Deck.Of($"  <!--layout:{name}-->\nA").Slides[0].Layout, SlideLayouts.ClassOf(layout)));
    }

    [Fact]
    public void Two_columns_stand_under_the_heading_from_the_first_step_on()
    {
        var deck = Deck.Of("<!-- layout: two-columns -->\n# Head\n\nLeft *one\n\n. . .\n\nLeft two\n\n+++\n\nRight* one\n\n. . .\n\n- Right two\n\n+++\n\n---\n\nA\n\n+++\n\nB\n\n---\n\n<!-- layout: two-columns -->\n#tag\n\n```\n+++\n```\n\nC");
        var slide = deck.Slides[0];

        Assert.Equal((2, "Head"), (slide.Steps, slide.Title));
        Assert.Equal("<h3>Head</h3><div class=\"slide-column\"><p>Left *one</p></div><div class=\"slide-column\"></div>", slide.At(0));
        Assert.Equal("<h3>Head</h3><div class=\"slide-column\"><p>Left *one</p><p>Left two</p></div><div class=\"slide-column\"><p>Right* one</p></div>", slide.At(1));
        Assert.EndsWith("<p>Right* one</p><ul>\n<li>Right two</li>\n</ul>\n<p>+++</p></div>", slide.At(2), StringComparison.Ordinal);
        Assert.Equal([new(18, LayoutFaultKind.ThirdColumn)], deck.LayoutFaults);
        // Elsewhere the line is words, and in code it is code.
        Assert.Equal("<p>A</p>\n<p>+++</p>\n<p>B</p>", deck.Slides[1].At(0));
        Assert.DoesNotContain("slide-column", deck.Slides[2].At(0), StringComparison.Ordinal);
    }

    [Fact]
    public void Any_text_is_a_deck_whose_questions_have_a_key_each_and_whose_slides_close_what_they_open() => Decks.Hold(markdown =>
    {
        var deck = Deck.Of(markdown + "::: question text\nWhy?\n:::\n");
        Assert.Equal(deck.Questions.Count, deck.Questions.Select(one => one.Key).Distinct().Count());
        Assert.All(deck.LayoutFaults, fault => Assert.InRange(fault.Line, 1, markdown.Split('\n').Length));
        foreach (var slide in deck.Slides)
        {
            for (var step = 0; step <= slide.Steps; step++)
            {
                var html = slide.At(step);
                Assert.Equal(html.Split("<div").Length, html.Split("</div>").Length);
                Assert.Equal(slide.Columns is null ? 0 : 2, html.Split("<div class=\"slide-column\">").Length - 1);
            }
        }
    });
}
