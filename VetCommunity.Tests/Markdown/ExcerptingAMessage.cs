using VetCommunity.Core.Markdown;
using Xunit;

namespace VetCommunity.Tests.Markdown;

public class ExcerptingAMessage
{
    [Theory]
    [InlineData("# Title\n\nSome **bold** and `code`", 100, "Title Some bold and code")]
    [InlineData("[a link](https://x.example) ![a cow](https://x.example/c.png)", 100, "a link a cow")]
    [InlineData("> quoted\n\n- one\n- two\n\n|a|b|\n|-|-|\n|1|2|", 100, "quoted one two a b 1 2")]
    [InlineData("```js\nlet a;\n```\nthen", 100, "let a; then")]
    [InlineData("@anna said\nhi  there", 100, "@anna said hi there")]
    [InlineData("<b>x</b> &amp; y&#1;", 100, "<b>x</b> & y")]
    [InlineData("Καλημέρα κόσμε", 8, "Καλημέρα…")]
    [InlineData("Καλημέρα κόσμε", 9, "Καλημέρα…")]
    [InlineData("Exact", 5, "Exact")]
    [InlineData("ab👩‍⚕️cd", 4, "ab…")]
    [InlineData("abe\u0301f", 3, "ab…")]
    [InlineData("abc", 0, "…")]
    [InlineData("", 10, "")]
    public void The_first_characters_stand_on_one_line(string markdown, int length, string excerpt) =>
        Assert.Equal(excerpt, PersonsMarkdown.Excerpt(markdown, length));
}
