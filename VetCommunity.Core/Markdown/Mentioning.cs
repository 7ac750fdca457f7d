using System.Globalization;
using System.Text;
using Markdig;
using Markdig.Helpers;
using Markdig.Parsers;
using Markdig.Renderers;
using Markdig.Renderers.Html;
using Markdig.Syntax.Inlines;

namespace VetCommunity.Core.Markdown;

sealed class MentionInline(string handle) : LeafInline
{
    public string Handle { get; } = handle;
}

sealed class MentionExtension : IMarkdownExtension
{
    public void Setup(MarkdownPipelineBuilder pipeline) => pipeline.InlineParsers.AddIfNotAlready<MentionParser>();

    public void Setup(MarkdownPipeline pipeline, IMarkdownRenderer renderer)
    {
        if (renderer is HtmlRenderer html)
            html.ObjectRenderers.AddIfNotAlready<MentionRenderer>();
    }
}

sealed class MentionParser : InlineParser
{
    const int Shortest = 3;
    const int Longest = 30;

    public MentionParser() => OpeningCharacters = ['@'];

    public override bool Match(InlineProcessor processor, ref StringSlice slice)
    {
        // The at of an e-mail address, of example.org/@anna or of @anna@example.org names nobody here.
        if (EndsWord(slice.PeekCharExtra(-1), slice.PeekCharExtra(-2)) || slice.PeekCharExtra(-1) is '@' or '/')
            return false;
        var length = 0;
        while (length <= Longest && slice.PeekChar(length + 1) is var letter && (char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-'))
            length++;
        var after = slice.PeekChar(length + 1);
        if (length is < Shortest or > Longest || !char.IsAsciiLetterLower(slice.PeekChar(1)) || BeginsWord(after, slice.PeekChar(length + 2)) || after is '@')
            return false;
        processor.Inline = new MentionInline(slice.Text.Substring(slice.Start + 1, length));
        slice.Start += length + 1;
        return true;
    }

    static bool EndsWord(char last, char before) =>
        char.IsSurrogatePair(before, last) ? IsWord(new Rune(before, last)) : !char.IsSurrogate(last) && IsWord(new Rune(last));

    static bool BeginsWord(char first, char next) =>
        char.IsSurrogatePair(first, next) ? IsWord(new Rune(first, next)) : !char.IsSurrogate(first) && IsWord(new Rune(first));

    static bool IsWord(Rune rune) =>
        Rune.IsLetterOrDigit(rune) || rune.Value is '_'
        // An emoji's variation selector counts among the accents.
        || (Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark && rune.Value is not (0xFE0E or 0xFE0F));
}

sealed class MentionRenderer : HtmlObjectRenderer<MentionInline>
{
    // A handle's letters need no encoding, by the parser.
    protected override void Write(HtmlRenderer renderer, MentionInline obj) =>
        renderer.Write("<a class=\"mention\" href=\"/people/").Write(obj.Handle).Write("\">@").Write(obj.Handle).Write("</a>");
}
