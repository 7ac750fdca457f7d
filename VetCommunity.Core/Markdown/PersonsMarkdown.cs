using System.Buffers;
using System.Globalization;
using System.Text;
using Markdig;
using Markdig.Extensions.AutoLinks;
using Markdig.Extensions.EmphasisExtras;
using Markdig.Extensions.Tables;
using Markdig.Extensions.TaskLists;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace VetCommunity.Core.Markdown;

/// <summary>The one way from a person's markdown to html: Markdig, then an allow-list sanitiser.</summary>
public static class PersonsMarkdown
{
    /// <summary>Characters beyond which nothing is parsed: no kind of text of the community is near it.</summary>
    public const int MaximumLength = 100_000;

    /// <summary>Levels of quotes, lists and emphasis within each other; a list counts two for each of its levels.</summary>
    const int MaximumDepth = 48;

    // In a message the end of a line is meant; in a document lines are wrapped.
    static readonly MarkdownPipeline Pipeline = BuildPipeline(builder => builder.UseSoftlineBreakAsHardlineBreak());
    static readonly MarkdownPipeline DocumentPipeline = BuildPipeline(builder => builder);

    /// <summary>Renders and sanitises. Pure, safe for any input in bounded time, and callable from any thread.</summary>
    /// <exception cref="RefusedException"><see cref="Refusal.TextTooDeep"/> for nesting that no reader could follow,
    /// <see cref="Refusal.TextTooLong"/> for more than <see cref="MaximumLength"/> characters.</exception>
    public static string ToHtml(string markdown) => ToHtml(Parse(markdown), Pipeline);

    /// <summary>The same for a part of a document that stands under an <c>h2</c> of its page: its own headings begin with <c>h3</c>, and the ends of its lines are those of an editor. It shows pictures that lie here and say what they show.</summary>
    /// <exception cref="RefusedException">As <see cref="ToHtml(string)"/>.</exception>
    public static string PartToHtml(string markdown) => ToHtml(Parse(markdown, DocumentPipeline, level => Math.Clamp(level, 3, 6), showsPictures: true), DocumentPipeline);

    /// <summary>The html together with what a search wants to know of the same text, from one parsing.</summary>
    /// <exception cref="RefusedException">As <see cref="ToHtml(string)"/>.</exception>
    public static PersonsText Read(string markdown)
    {
        var document = Parse(markdown);
        return new(ToHtml(document, Pipeline), PlainOf(document), ContentsOf(document), SpokenLanguage.Of(SpokenText.Of(document)));
    }

    /// <summary>The words of a stored text on one line. Never refuses.</summary>
    public static string Plain(string markdown) => IsOnlyWords(markdown) ? markdown : Excerpt(markdown, int.MaxValue);

    /// <summary>What is in a stored text besides words. Never refuses.</summary>
    public static Contents Has(string markdown)
    {
        try
        {
            return ContentsOf(Parse(markdown));
        }
        catch (RefusedException)
        {
            return Contents.None;
        }
    }

    static string PlainOf(MarkdownDocument document)
    {
        var words = new PlainText();
        words.Read(document);
        return words.Line;
    }

    static Contents ContentsOf(MarkdownDocument document)
    {
        var has = Contents.None;
        foreach (var part in document.Descendants())
        {
            has |= part switch
            {
                LinkInline or AutolinkInline => Contents.Link,
                CodeInline or CodeBlock => Contents.Code,
                Table => Contents.Table,
                _ => Contents.None,
            };
        }
        return has;
    }

    static string ToHtml(MarkdownDocument document, MarkdownPipeline pipeline)
    {
        // Entities such as &#1; became characters only now.
        return PersonsHtml.OnlyAllowed(Legible(document.ToHtml(pipeline))).Trim();
    }

    /// <summary>The first characters as plain text on one line, for excerpts and notices; the caller encodes them. Never refuses: it reads what is stored.</summary>
    public static string Excerpt(string markdown, int length)
    {
        var words = new PlainText();
        try
        {
            words.Read(Parse(markdown.Length <= MaximumLength ? markdown : markdown[..MaximumLength]));
        }
        catch (RefusedException)
        {
            words = new();
            words.Add(Legible(markdown[..Math.Min(markdown.Length, MaximumLength)]));
        }
        return words.First(length);
    }

    /// <summary>The handles that the text mentions as @handle outside code and links, in order, each once.</summary>
    /// <exception cref="RefusedException">As <see cref="ToHtml(string)"/>.</exception>
    public static IReadOnlyList<string> Mentions(string markdown) =>
        [.. Parse(markdown).Descendants<MentionInline>().Select(mention => mention.Handle).Distinct(StringComparer.Ordinal)];

    static MarkdownPipeline BuildPipeline(Func<MarkdownPipelineBuilder, MarkdownPipelineBuilder> more)
    {
        var builder = more(new MarkdownPipelineBuilder { MaximumNestingDepth = MaximumDepth }
            .DisableHtml()
            .UsePipeTables()
            .UseEmphasisExtras(EmphasisExtraOptions.Strikethrough)
            .UseAutoLinks(new AutoLinkOptions { UseHttpsForWWWLinks = true })
            .UseTaskLists());
        builder.Extensions.AddIfNotAlready<MentionExtension>();
        return builder.Build();
    }

    // A message's page has its own h1 and h2.
    static MarkdownDocument Parse(string markdown) => Parse(markdown, Pipeline, level => Math.Min(6, level + 2));

    static MarkdownDocument Parse(string markdown, MarkdownPipeline pipeline, Func<int, int> levels, bool showsPictures = false)
    {
        if (markdown.Length > MaximumLength)
            throw new RefusedException(Refusal.TextTooLong, markdown.Length, MaximumLength);
        MarkdownDocument document;
        try
        {
            document = Markdig.Markdown.Parse(Legible(markdown), pipeline);
        }
        catch (ArgumentException)
        {
            // Markdig has no exception of its own for its depth limit.
            throw new RefusedException(Refusal.TextTooDeep);
        }
        Adapt(document, 0, levels, showsPictures);
        return document;
    }

    // Most headings; no mark of markdown is a letter, a comma or a blank between words.
    static bool IsOnlyWords(string text)
    {
        for (var at = 0; at < text.Length; at++)
        {
            if (!char.IsLetter(text[at]) && (text[at] is not (',' or ' ') || at == 0 || at == text.Length - 1 || text[at - 1] == ' '))
                return false;
        }
        return true;
    }

    // Control characters, other ends of lines, and what may be half a letter.
    static readonly SearchValues<char> PerhapsIllegible = SearchValues.Create([.. Enumerable.Range(0, 0xFFFF).Select(code => (char)code).Where(letter =>
        (char.IsControl(letter) && letter is not ('\n' or '\t')) || letter is '\u2028' or '\u2029' || char.IsSurrogate(letter))]);

    static string Legible(string text)
    {
        if (!text.AsSpan().ContainsAny(PerhapsIllegible))
            return text;
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.ReplaceLineEndings("\n").EnumerateRunes())
        {
            if (rune.Value is '\n' or '\t' || !Rune.IsControl(rune))
                clean.Append(rune);
        }
        return clean.ToString();
    }

    static void Adapt(Block block, int depth, Func<int, int> levels, bool showsPictures)
    {
        if (depth > MaximumDepth)
            throw new RefusedException(Refusal.TextTooDeep);
        if (block is HeadingBlock heading)
            heading.Level = levels(heading.Level);
        if (block is LeafBlock { Inline: { } inline })
            Adapt(inline, depth, inLink: false, showsPictures);
        if (block is ContainerBlock container)
        {
            foreach (var child in container)
                Adapt(child, depth + 1, levels, showsPictures);
        }
    }

    static void Adapt(ContainerInline container, int depth, bool inLink, bool showsPictures)
    {
        if (depth > MaximumDepth)
            throw new RefusedException(Refusal.TextTooDeep);
        for (var child = container.FirstChild; child is not null;)
        {
            var next = child.NextSibling;
            switch (child)
            {
                case LinkInline { IsImage: true } picture when showsPictures && PersonsHtml.IsPicture(picture.Url) && picture.FirstChild is not null:
                    Adapt(picture, depth + 1, inLink: true, showsPictures: false);
                    break;
                case LinkInline link:
                    // A picture from elsewhere would tell its host who reads.
                    link.IsImage = false;
                    if (link.FirstChild is null)
                        link.AppendChild(new LiteralInline(link.Url ?? ""));
                    Adapt(link, depth + 1, inLink: true, showsPictures);
                    if (inLink)
                        Unwrap(link);
                    break;
                case AutolinkInline auto when inLink:
                    auto.ReplaceBy(new LiteralInline(auto.Url));
                    break;
                case MentionInline mention when inLink:
                    mention.ReplaceBy(new LiteralInline("@" + mention.Handle));
                    break;
                case TaskList task:
                    // A character needs neither a form element nor a label to be read aloud.
                    task.ReplaceBy(new LiteralInline(task.Checked ? "☑" : "☐"));
                    break;
                case ContainerInline inner:
                    Adapt(inner, depth + 1, inLink, showsPictures);
                    break;
            }
            child = next;
        }
    }

    static void Unwrap(LinkInline link)
    {
        while (link.FirstChild is { } child)
        {
            child.Remove();
            link.InsertBefore(child);
        }
        link.Remove();
    }

    sealed class PlainText
    {
        readonly StringBuilder _text = new();

        public void Add(string words) => _text.Append(words);

        public void Read(Block block)
        {
            switch (block)
            {
                case LeafBlock { Inline: { } inline }:
                    Read(inline);
                    break;
                case CodeBlock code:
                    Add(code.Lines.ToString());
                    break;
                case ContainerBlock container:
                    foreach (var child in container)
                        Read(child);
                    break;
            }
            Add(" ");
        }

        void Read(ContainerInline container)
        {
            foreach (var inline in container)
            {
                switch (inline)
                {
                    case LiteralInline literal:
                        Add(literal.Content.ToString());
                        break;
                    case CodeInline code:
                        Add(code.Content);
                        break;
                    case MentionInline mention:
                        Add("@" + mention.Handle);
                        break;
                    case AutolinkInline auto:
                        Add(auto.Url);
                        break;
                    case HtmlEntityInline entity:
                        Add(Legible(entity.Transcoded.ToString()));
                        break;
                    case LineBreakInline:
                        Add(" ");
                        break;
                    case ContainerInline inner:
                        Read(inner);
                        break;
                }
            }
        }

        public string Line => string.Join(' ', _text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

        public string First(int length)
        {
            var line = Line;
            if (line.Length <= length)
                return line;
            // Half an emoji or a letter without its accent is not what the person wrote.
            var end = 0;
            while (StringInfo.GetNextTextElementLength(line.AsSpan(end)) is var next && end + next <= length)
                end += next;
            return line[..end].TrimEnd() + "…";
        }
    }
}
