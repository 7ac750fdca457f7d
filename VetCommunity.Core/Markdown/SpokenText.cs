using System.Text;
using Markdig.Syntax;
using Markdig.Syntax.Inlines;

namespace VetCommunity.Core.Markdown;

/// <summary>What a person says in a text: without program text, links, mentions and what others said.</summary>
static class SpokenText
{
    // A screenful tells the language as surely as ten.
    const int Enough = 600;

    public static string Of(MarkdownDocument document)
    {
        var text = new StringBuilder();
        Read(document, text);
        return text.ToString();
    }

    static void Read(Block block, StringBuilder text)
    {
        switch (block)
        {
            case QuoteBlock or CodeBlock:
                return;
            case LeafBlock { Inline: { } inline }:
                Read(inline, text);
                break;
            case ContainerBlock container:
                foreach (var child in container)
                {
                    if (text.Length >= Enough)
                        return;
                    Read(child, text);
                }
                break;
        }
        text.Append('\n');
    }

    static void Read(ContainerInline container, StringBuilder text)
    {
        foreach (var inline in container)
        {
            if (text.Length >= Enough)
                return;
            switch (inline)
            {
                case LiteralInline literal:
                    var words = literal.Content.ToString();
                    text.Append(words.AsSpan(0, Math.Min(words.Length, Enough)));
                    break;
                case LinkInline or AutolinkInline or CodeInline or MentionInline or LineBreakInline:
                    text.Append(' ');
                    break;
                case ContainerInline inner:
                    Read(inner, text);
                    break;
            }
        }
    }
}
