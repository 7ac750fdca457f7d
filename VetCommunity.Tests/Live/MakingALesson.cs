using System.Globalization;
using System.Text;
using Microsoft.EntityFrameworkCore;
using SkiaSharp;
using VetCommunity.Core;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Learning;
using VetCommunity.Core.Live;
using VetCommunity.Core.Markdown;
using VetCommunity.Core.Members;
using VetCommunity.Tests.Files;
using Xunit;

namespace VetCommunity.Tests.Live;

public class MakingALesson
{
    static readonly DateTimeOffset Begin = new(2026, 5, 4, 9, 0, 0, TimeSpan.Zero);

    static LessonSource Source(string deck, (int Second, int Slide, int Step)[] shown, (int Second, string Text)[]? captions = null, (string Key, Question Question)[]? asked = null, string? italian = null, string language = "en") =>
        new("welding", "Welding: in \"pairs\"", new(2026, 5, 4), language, [("en", Deck.Of(deck)), .. italian is null ? [] : ((string, Deck)[])[("it", Deck.Of(italian))]],
            [.. shown.Select(one => (Begin.AddSeconds(one.Second), one.Slide, one.Step))], [.. (captions ?? []).Select(one => (Begin.AddSeconds(one.Second), one.Text))],
            [.. (asked ?? []).Select(one => (one.Key, new QuestionTexts([("en", one.Question)])))]);

    static string BodyOf(string lesson) => FrontMatter.Of(lesson).Body.Trim('\n');

    [Fact]
    public void Each_slide_comes_once_as_far_as_it_was_shown_with_what_was_said_over_it()
    {
        var lesson = ReplayLesson.Of(Source("# One\n\nFirst\n\n???\n\nSecret\n\n---\n\n# Two\n\n## Below\n\n. . .\n\nStep\n\n. . .\n\nNever\n\n---\n\n# Three",
            [(0, 1, 0), (10, 2, 0), (20, 2, 1), (30, 1, 0), (40, 2, 0)], [(0, "Hello"), (5, "everybody."), (12, "The burr"), (35, "Once more"), (41, "And again")]));

        Assert.Equal("[The replay of the session](/sessions/welding/replay)\n\n## One\n\nFirst\n\nHello everybody. Once more\n\n## Two\n\n### Below\n\nStep\n\nThe burr And again", BodyOf(lesson));
        var front = FrontMatter.Of(lesson);
        Assert.Equal(("Welding: in \"pairs\"", "en", "welding", "2026-05-04"), (front["title"]!.AsText, front["language"]!.AsText, front["session"]!.AsText, front["date"]!.AsText));
    }

    [Fact]
    public void Questions_stand_where_they_stood_as_they_were_asked_and_what_was_asked_elsewhere_at_the_end()
    {
        const string Hook = "::: question single\nid: hook\npoints: 2\n\nWhat keeps them?\n\n- [x] Somebody who asks\n- [ ] Pay\n\n> Always.\n:::";
        const string Why = "::: question text\nid: why\n\nWhy?\n:::";
        var asked = QuestionBlocks.In(Hook.Replace("Pay", "A contract", StringComparison.Ordinal))[0].Question!;
        var late = QuestionBlocks.In(Why)[0].Question!;
        var lesson = ReplayLesson.Of(Source($"# One\n\nBefore\n\n{Hook}\n\nAfter\n\n::: question singel\nBroken\n:::\n\n---\n\n# Two\n\n{Why}", [(0, 1, 0)], asked: [("hook", asked), ("why", late)]));

        Assert.Equal($"[The replay of the session](/sessions/welding/replay)\n\n## One\n\nBefore\n\n{QuestionBlocks.Print(asked)}\nAfter\n\n\\::: question singel\nBroken\n\\:::\n\n## Questions\n\n{QuestionBlocks.Print(late)}".TrimEnd('\n'), BodyOf(lesson));
        Assert.All(QuestionBlocks.In(lesson), block => Assert.Null(block.Fault));
    }

    [Fact]
    public void In_another_language_it_has_the_slides_of_that_language_and_those_that_it_lacks_as_they_were_written()
    {
        var lesson = ReplayLesson.Of(Source("<!-- id: a -->\n# One\n\n---\n\n# Two", [(0, 1, 0), (1, 2, 0)], italian: "<!-- id: a -->\n# Uno", language: "it"));

        Assert.Equal("[Il replay della sessione](/sessions/welding/replay)\n\n## Uno\n\n## Two", BodyOf(lesson));
    }

    [Fact]
    public void It_is_read_with_its_questions_between_its_words()
    {
        var sections = Lessons.SectionsOf("---\ntitle: A\n---\n\nBefore [x]\n\n## Same\n\n::: question text\n\nWhy?\n:::\n\nAfter\n\n::: question singel\n:::\n\n## Same\n\n```\n::: question text\n```\n\n[x]: https://example.org\n");

        Assert.Equal(["", "same", "same-2"], sections.Select(one => one.Key));
        Assert.Contains("<a href=\"https://example.org\"", Assert.Single(sections[0].Parts).Html, StringComparison.Ordinal);
        Assert.Equal(["", "<p>After</p>"], sections[1].Parts.Select(part => part.Html.Split('\n')[0]));
        Assert.Contains("::: question singel", sections[1].Parts[1].Html, StringComparison.Ordinal);
        Assert.Equal("Why?", sections[1].Parts[0].Question!.Text);
        Assert.Null(Assert.Single(sections[2].Parts).Question);
    }

    static readonly string[] Signs = ["*", "_", "`", "#", "# ", "1. ", "- ", "> ", "::: question text", ":::", "---", "???", ". . .", "[a](b)", "![", "<!--", "<pre>", "&amp;", "@bruno", "```", "~~~", "~~", "\\", "|", "https://example.org/a_b?c=1&d", "two words", "Ελλάδα", "😀", "=", "+", "\t"];
    static readonly string[] Written =
    [
        "# Heading", "## ", "Setext\n---", "Setext\n===", "- item\n- item", "```\ncode ## x\n---\n```", "```", "~~~~", "<!-- note -->", "<!-- open", "<pre>", "::: question single\n\nWhich {0}?\n\n- [x] a\n- [ ] b\n:::", "::: question text\nid: q{0}\n\n# Why {0}?\n:::",
        "::: question singel\nx\n:::", "::: question text", ":::", "::: callout\nx\n:::", "> quote", "    indented", "| a | b |\n| - | - |\n| 1 | 2 |", "[x]: https://example.org", "+++", "<!-- layout: two-columns -->", "Plain {0} text.",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Whatever_was_shown_and_typed_is_in_it_and_it_reads_back_without_a_fault(int seed)
    {
        var random = new Random(seed);
        for (var time = 0; time < 300; time++)
        {
            var text = new StringBuilder();
            var count = random.Next(1, 6);
            for (var slide = 1; slide <= count; slide++)
            {
                text.Append(slide == 1 ? "" : "\n\n---\n\n");
                for (var part = random.Next(1, 4); part > 0; part--)
                {
                    for (var piece = random.Next(1, 4); piece > 0; piece--)
                        text.Append(Written[random.Next(Written.Length)].Replace("{0}", FormattableString.Invariant($"{time}x{text.Length}"), StringComparison.Ordinal)).Append("\n\n");
                    text.Append(CultureInfo.InvariantCulture, $"word{slide}n{part}").Append(part > 1 ? "\n\n. . .\n\n" : "");
                }
            }
            var deck = Deck.Of(text.ToString());
            List<(int Second, int Slide, int Step)> shown = [];
            for (var move = random.Next(1, 8); move > 0; move--)
            {
                var slide = deck.Slides[random.Next(deck.Slides.Count)];
                shown.Add((shown.Count * 10, slide.Place, random.Next(slide.Steps + 1)));
            }
            (int Second, string Text)[] captions = [.. Enumerable.Range(0, random.Next(6)).Select(number => (random.Next(90), string.Concat(Enumerable.Range(0, random.Next(1, 5)).Select(_ => Signs[random.Next(Signs.Length)])).Trim() + FormattableString.Invariant($" caption{number}"))).OrderBy(one => one.Item1)];
            (string, Question)[] asked = [.. deck.Questions.Where(_ => random.Next(2) == 0).Select(one => (one.Key, one.Question))];
            var lesson = ReplayLesson.Of(Source(text.ToString(), [.. shown], captions, asked));

            var front = FrontMatter.Of(lesson);
            Assert.Null(front.Fault);
            var sections = Lessons.SectionsOf(lesson);
            var read = string.Join(' ', sections.Select(section => section.Heading + " " + string.Join(' ', section.Parts.Select(part => part.Question is { } question ? PersonsMarkdown.Plain(question.Text) : RenderedDocument.PlainOf(part.Html)))));
            foreach (var (_, caption) in captions)
                Assert.True(Squeezed(read).Contains(Squeezed(caption), StringComparison.Ordinal), $"{caption}\n---\n{read}\n---\n{lesson}");
            foreach (var of in shown.GroupBy(one => one.Slide))
            {
                var slide = deck.Slides[of.Key - 1];
                for (var part = 0; part <= slide.Steps; part++)
                {
                    foreach (var word in slide.Parts[part].Split([' ', '\n']).Where(word => word.StartsWith("word", StringComparison.Ordinal)))
                        Assert.True(read.Contains(word, StringComparison.Ordinal) == part <= of.Max(one => one.Step), $"{word}\n---\n{lesson}");
                }
            }
            Assert.All(QuestionBlocks.In(front.Body), block => Assert.True(block.Fault is null, $"{block.Fault}\n{lesson}"));
            var there = QuestionBlocks.In(front.Body).Select(block => block.Question!.Name ?? block.Question.Text.TrimStart('#', ' ', '\\')).ToList();
            foreach (var (_, question) in asked)
                Assert.Single(there, one => one == (question.Name ?? question.Text.TrimStart('#', ' ', '\\')));
            // Slides of it again, as of any text.
            Assert.Empty(Deck.Of(LessonSlides.Of(lesson, "en")).Faults);
        }

        static string Squeezed(string text) => string.Concat(text.Where(letter => !char.IsWhiteSpace(letter))).Replace("&amp;", "&", StringComparison.Ordinal);
    }

    const string Slides = "# One\n\n???\n\nSecret\n\n---\n\n# Two\n\n::: question text\nid: why\n\nWhy?\n:::\n\n::: question ideas\nid: board\n\nWhat else?\n:::\n\n---\n\n# Three";

    static async Task<LiveWorld> HeldAsync(Database database, string slides = Slides)
    {
        var live = await LiveWorld.OpenAsync(database);
        await live.WriteAsync(slides);
        await live.Stages.StartAsync(live.Anna, live.Slug);
        return live;
    }

    [Theory, OnBothDatabases]
    public async Task Nothing_of_those_who_took_part_is_in_it(Database database)
    {
        await using var live = await HeldAsync(database);
        var captions = new Captions(live.World.Db, live.World.Feed, live.World.Clock);
        string[] theirs = ["chatted", "answered", "invented", "wondered", "noted", "Bruno", "Weiß", "Anna", "Rossi", "Carla", "secret"];
        await captions.TypeAsync(live.Anna, live.Slug, "en", "Feel the burr", "1");
        await captions.TypeAsync(live.Anna, live.Slug, "it", "Sentite la bava", "2");
        live.World.Clock.Advance(TimeSpan.FromMinutes(1));
        await live.TurnAsync(live.Anna);
        await captions.TypeAsync(live.Carla, live.Slug, "en", "Now take it off", "3");
        await live.World.Conversations.PostAsync(live.Bruno, new((await live.StateAsync()).Room, "chat", null, "Bruno chatted", null));
        await live.Audience.AskAsync(live.Bruno, live.Slug, "Bruno wondered?", anonymous: false);
        await new SharedNotes(live.World.Db, live.World.Feed, live.World.Clock).SaveAsync(live.Bruno, live.Slug, "Bruno noted", 0);
        foreach (var (key, answer) in (((string, string)[])[("why", "Bruno answered"), ("board", "Bruno invented")]))
        {
            await live.Questions.OpenAsync(live.Anna, live.Slug, key);
            await live.Questions.AnswerAsync(live.Bruno, live.Slug, (await live.StateAsync()).Question!.Number, Answer.Written(answer));
            await live.Questions.CloseAsync(live.Anna, live.Slug, key);
            await live.Questions.ShowResultsAsync(live.Anna, live.Slug, key);
        }
        Assert.False((await live.Lessons.BeginningAsync(live.Anna, live.Slug, null)).IsOver);
        await live.Stages.EndAsync(live.Anna, live.Slug);

        var made = await live.Lessons.BeginningAsync(live.Carla, live.Slug, null);
        Assert.Equal("en", made.Language);
        Assert.Equal(["en", "it"], made.Languages);
        Assert.Equal("[The replay of the session](/sessions/welding-in-pairs/replay)\n\n## One\n\nFeel the burr\n\n## Two\n\n::: question text\nid: why\n\nWhy?\n:::\n\n::: question ideas\nid: board\nmost: 3\nvotes: 3\n\nWhat else?\n:::\n\nNow take it off", BodyOf(made.Markdown));
        var italian = await live.Lessons.BeginningAsync(live.Anna, live.Slug, "it");
        Assert.Contains("Sentite la bava", italian.Markdown, StringComparison.Ordinal);
        Assert.DoesNotContain("Feel the burr", italian.Markdown, StringComparison.Ordinal);
        foreach (var text in (string[])[made.Markdown, italian.Markdown])
            Assert.All(theirs, word => Assert.DoesNotContain(word, text, StringComparison.OrdinalIgnoreCase));
        // Seeing it stores nothing.
        Assert.Equal(0, await live.World.InDbAsync(db => db.Documents.CountAsync(d => d.Kind == DocumentKind.Lesson)));
        await Assert.ThrowsAsync<NotFoundException>(() => live.Lessons.BeginningAsync(live.Anna, live.Slug, "el"));
    }

    [Theory, OnBothDatabases]
    public async Task It_is_saved_published_read_by_everybody_and_withdrawn(Database database)
    {
        await using var live = await HeldAsync(database);
        await live.Stages.EndAsync(live.Anna, live.Slug);
        var made = await live.Lessons.BeginningAsync(live.Anna, live.Slug, "en");

        var saved = await live.Lessons.BeginAsync(live.Anna, live.Slug, "Two who weld", "en", made.Markdown, null, "form");
        Assert.Equal(("two-who-weld", 1), (saved.Slug, saved.Number));
        // Sent twice it is one.
        Assert.Equal(saved, await live.Lessons.BeginAsync(live.Anna, live.Slug, "Two who weld", "en", made.Markdown, null, "form"));
        await Assert.ThrowsAsync<NotFoundException>(() => live.Lessons.ReadAsync(Actor.Visitor, saved.Slug, "en"));
        Assert.Empty((await live.Lessons.ListAsync(Actor.Visitor, "en", 1)).Rows);
        Assert.Null(await live.Lessons.OfSessionAsync(live.Bruno, live.Slug));
        Assert.Equal(new(saved.Slug, false), await live.Lessons.OfSessionAsync(live.Carla, live.Slug));

        await live.Lessons.PublishAsync(live.Carla, saved.Slug, "en", saved.Number);
        var read = await live.Lessons.ReadAsync(Actor.Visitor, saved.Slug, "it");
        Assert.Equal(("Two who weld", "en", live.Slug), (read.Row.Title, read.Row.Language, read.Session));
        Assert.Equal(["", "One"], read.Sections.Select(section => section.Heading));
        Assert.Equal(new(saved.Slug, true), await live.Lessons.OfSessionAsync(live.Bruno, live.Slug));
        Assert.Equal([saved.Slug], (await live.Lessons.ListAsync(Actor.Visitor, "en", 1)).Rows.Select(row => row.Slug));
        var (version, all) = await live.Lessons.AllAsync(Actor.Visitor);
        Assert.Equal((1, 1), (version, all.Count));
        // Nobody reviews it, so nobody is told of a review.
        Assert.Equal(0, await live.World.InDbAsync(db => db.Notices.CountAsync(n => n.Kind == Core.Noticing.NoticeKind.Reviewed || n.Kind == Core.Noticing.NoticeKind.ReviewAsked)));

        // A further language is of the same lesson.
        Assert.Equal([], (await live.Lessons.BeginningAsync(live.Anna, live.Slug, null)).Languages);
        var second = await live.Lessons.BeginAsync(live.Anna, live.Slug, "In due", "it", "Una parola", null, "other form");
        await live.Lessons.PublishAsync(live.Anna, second.Slug, "it", second.Number);
        Assert.Equal(saved.Slug, second.Slug);
        Assert.Equal("In due", (await live.Lessons.ReadAsync(Actor.Visitor, saved.Slug, "it")).Row.Title);
        Assert.Equal(["en", "it"], (await live.Lessons.ReadAsync(Actor.Visitor, saved.Slug, "de")).Row.Languages.Select(one => one.Language));

        await live.Lessons.WithdrawAsync(live.Anna, saved.Slug, "en");
        await live.Lessons.WithdrawAsync(live.Anna, saved.Slug, "it");
        await Assert.ThrowsAsync<NotFoundException>(() => live.Lessons.ReadAsync(Actor.Visitor, saved.Slug, "en"));
        Assert.Contains("## One", (await live.Lessons.OpenAsync(live.Anna, saved.Slug, "en")).Draft.Markdown, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task Two_who_write_see_both_texts_and_nothing_is_overwritten(Database database)
    {
        await using var live = await HeldAsync(database);
        await live.Stages.EndAsync(live.Anna, live.Slug);

        // Both make one at once: there is one, and whoever is second has the other's text before them.
        var both = await Task.WhenAll(((Actor[])[live.Anna, live.Carla]).Select(who => Task.Run(() => live.Lessons.BeginAsync(who, live.Slug, "Welding", "en", $"Of {who.Handle}\n", null, "form"))));
        Assert.Equal(1, await live.World.InDbAsync(db => db.Documents.CountAsync(d => d.Kind == DocumentKind.Lesson)));
        Assert.Single(both, one => one.Conflict is null);
        var late = both.Single(one => one.Conflict is not null);
        var (first, second) = both[0].Conflict is null ? (live.Anna, live.Carla) : (live.Carla, live.Anna);
        Assert.EndsWith($"Of {first.Handle}\n", late.Conflict!.Value.Theirs, StringComparison.Ordinal);
        // Who has seen both sends once more.
        var settled = await live.Lessons.BeginAsync(second, live.Slug, "Welding", "en", $"Of {first.Handle} and {second.Handle}\n", late.Conflict.Value.Place, "form again");
        Assert.Equal((null, 2), (settled.Conflict, settled.Number));

        var (mine, theirs) = (await live.Lessons.OpenAsync(first, late.Slug, "en"), await live.Lessons.OpenAsync(second, late.Slug, "en"));
        var to = new DraftPlace(mine.Draft.Base, mine.Draft.Version);
        Assert.Null((await live.Lessons.SaveAsync(first, late.Slug, "en", "Welding", mine.Draft.Markdown.Replace("Of ", "By ", StringComparison.Ordinal), to, "a")).Conflict);
        var conflict = (await live.Lessons.SaveAsync(second, late.Slug, "en", "Welding", theirs.Draft.Markdown.Replace("Of ", "From ", StringComparison.Ordinal), new(theirs.Draft.Base, theirs.Draft.Version), "b")).Conflict;
        Assert.Contains("By ", conflict!.Value.Theirs, StringComparison.Ordinal);
        Assert.Contains("By ", (await live.Lessons.OpenAsync(first, late.Slug, "en")).Draft.Markdown, StringComparison.Ordinal);
    }

    [Theory, OnBothDatabases]
    public async Task What_others_wrote_meanwhile_is_read_before_it_is_published(Database database)
    {
        await using var live = await HeldAsync(database);
        await live.Stages.EndAsync(live.Anna, live.Slug);
        const string Text = "One\n\nTwo\n\nThree\n\nFour\n";
        var saved = await live.Lessons.BeginAsync(live.Anna, live.Slug, "Welding", "en", Text, null, "form");
        Assert.True(saved.IsAsSent);
        var (hers, other) = (await live.Lessons.OpenAsync(live.Anna, saved.Slug, "en"), await live.Lessons.OpenAsync(live.Carla, saved.Slug, "en"));

        var one = await SaveAsync(live.Carla, other, "Four", "Four of Carla", "a");
        Assert.Equal((2, true), (one.Number, one.IsAsSent));
        var both = await SaveAsync(live.Anna, hers, "One", "One of Anna", "b");
        Assert.Equal((3, false), (both.Number, both.IsAsSent));
        // The answer was lost, and the same form comes again.
        var again = await SaveAsync(live.Carla, other, "Four", "Four of Carla", "a");
        Assert.Equal((2, false), (again.Number, again.IsAsSent));

        // The same form in another session is another lesson.
        var second = await live.Sessions.PlanAsync(live.Anna, live.Plan, "second");
        await live.Stages.StartAsync(live.Anna, second);
        await live.Stages.EndAsync(live.Anna, second);
        Assert.NotEqual(saved.Slug, (await live.Lessons.BeginAsync(live.Anna, second, "Welding", "en", Text, null, "form")).Slug);

        Task<LessonSaved> SaveAsync(Actor who, OpenLesson open, string from, string to, string key) =>
            live.Lessons.SaveAsync(who, saved.Slug, "en", "Welding", open.Draft.Markdown.Replace(from, to, StringComparison.Ordinal), new(open.Draft.Base, open.Draft.Version), key);
    }

    [Theory, OnBothDatabases]
    public async Task Only_who_leads_the_session_and_its_editors_write_and_refusals_say_why(Database database)
    {
        await using var live = await HeldAsync(database);
        foreach (var trainer in (Actor[])[live.Anna, live.Carla])
            await Assert.ThrowsAsync<NotFoundException>(() => live.Lessons.BeginAsync(trainer, live.Slug, "Too early", "en", "Text", null, "early"));
        await live.Stages.EndAsync(live.Anna, live.Slug);
        var saved = await live.Lessons.BeginAsync(live.Anna, live.Slug, "Welding", "en", "Text\n", null, "form");
        var editor = live.Olga with { Roles = Roles.Member | Roles.Editor };
        foreach (var other in (Actor[])[live.Bruno, live.Olga, live.World.Ada, Actor.Visitor])
        {
            await Assert.ThrowsAsync<NotFoundException>(() => live.Lessons.BeginningAsync(other, live.Slug, null));
            await Assert.ThrowsAsync<NotFoundException>(() => live.Lessons.BeginAsync(other, live.Slug, "", "en", "", null, "form"));
            await Assert.ThrowsAsync<NotFoundException>(() => live.Lessons.OpenAsync(other, saved.Slug, "en"));
            await Assert.ThrowsAsync<NotFoundException>(() => live.Lessons.SaveAsync(other, saved.Slug, "en", "", "", new(1, 0), "form"));
            await Assert.ThrowsAsync<NotFoundException>(() => live.Lessons.PublishAsync(other, saved.Slug, "en", 1));
            await Assert.ThrowsAsync<NotFoundException>(() => live.Lessons.WithdrawAsync(other, saved.Slug, "en"));
        }
        await Assert.ThrowsAsync<NotFoundException>(() => live.Lessons.BeginningAsync(editor, live.Slug, null));
        Assert.Equal(2, (await live.Lessons.SaveAsync(editor, saved.Slug, "en", "Welding", "Better\n", new(1, 0), "edited")).Number);
        await live.Lessons.PublishAsync(editor, saved.Slug, "en", 2);

        Assert.Equal(Refusal.BadTitle, await World.RefusalOfAsync(() => SaveAsync(" ", "Text")));
        Assert.Equal(Refusal.EmptyText, await World.RefusalOfAsync(() => SaveAsync("Welding", "---\ntitle: A\n---\n\n")));
        Assert.Equal(Refusal.BadFrontMatter, await World.RefusalOfAsync(() => SaveAsync("Welding", "---\ntitle: [\n---\n\nText")));
        Assert.Equal(Refusal.TextTooLong, await World.RefusalOfAsync(() => SaveAsync("Welding", new string('a', FrontMatter.MostOfDocument + 1))));
        // What could not be published is not stored: sent once more in short it meets no text of its own.
        Assert.Equal(Refusal.TextTooDeep, await World.RefusalOfAsync(() => SaveAsync("Welding", new string('>', 500) + " x")));
        Assert.Null((await SaveAsync("Welding", "Mended\n")).Conflict);
        // A rehearsal makes none, and takes none of its session's.
        var rehearsed = await live.Sessions.PlanAsync(live.Anna, live.Plan, "second");
        var rehearsal = await new Rehearsals(live.World.Db, live.World.Feed, live.World.Clock).BeginAsync(live.Anna, rehearsed);
        await Assert.ThrowsAsync<NotFoundException>(() => live.Lessons.BeginningAsync(live.Anna, rehearsal, null));

        async Task<LessonSaved> SaveAsync(string title, string text)
        {
            var draft = (await live.Lessons.OpenAsync(live.Anna, saved.Slug, "en")).Draft;
            return await live.Lessons.SaveAsync(live.Anna, saved.Slug, "en", title, text, new(draft.Base, draft.Version), "refused");
        }
    }

    [Theory, OnBothDatabases]
    public async Task A_picture_of_the_slides_is_seen_by_everybody_while_a_published_lesson_shows_it(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var files = new DocumentFiles(live.World.Db, new([new DeckKind(), new LessonKind()]), live.World.Attachments, live.World.Uploads);
        var (shown, kept) = (await AddAsync("Shown"), await AddAsync("Kept"));
        await live.WriteAsync($"# One\n\n{shown}\n\n---\n\n# Two\n\n{kept}");
        await live.Stages.StartAsync(live.Anna, live.Slug);
        await live.Stages.EndAsync(live.Anna, live.Slug);
        var saved = await live.Lessons.BeginAsync(live.Anna, live.Slug, "Welding", "en", (await live.Lessons.BeginningAsync(live.Anna, live.Slug, null)).Markdown, null, "form");
        await Assert.ThrowsAsync<NotFoundException>(() => files.OpenAsync(Actor.Visitor, IdOf(shown)));
        // Who may write in the lesson sees what it shows, though they were not in the session.
        await Assert.ThrowsAsync<NotFoundException>(() => files.OpenAsync(live.Olga, IdOf(shown)));
        await using (var content = (await files.OpenAsync(live.Olga with { Roles = Roles.Member | Roles.Editor }, IdOf(shown))).Content)
            Assert.True(content.Length > 0);

        await live.Lessons.PublishAsync(live.Anna, saved.Slug, "en", 1);
        await using (var content = (await files.OpenAsync(Actor.Visitor, IdOf(shown))).Content)
            Assert.True(content.Length > 0);
        await Assert.ThrowsAsync<NotFoundException>(() => files.OpenAsync(Actor.Visitor, IdOf(kept)));

        await live.Lessons.WithdrawAsync(live.Anna, saved.Slug, "en");
        await Assert.ThrowsAsync<NotFoundException>(() => files.OpenAsync(Actor.Visitor, IdOf(shown)));

        static string IdOf(string markdown) => markdown.Split(DocumentFiles.Address)[1].Split('/')[0];

        async Task<string> AddAsync(string words)
        {
            using var picture = new MemoryStream(MadeFiles.Picture(40, 30, SKEncodedImageFormat.Png));
            return await files.AddAsync(live.Anna, DocumentKind.Deck, live.Slug, picture, "plan.png", words);
        }
    }
}
