using VetCommunity.Core.Markdown;
using Xunit;

namespace VetCommunity.Tests.Markdown;

public class MentioningPeople
{
    [Theory]
    [InlineData("@anna", "anna")]
    [InlineData("Ask @anna-b2, please", "anna-b2")]
    [InlineData("(@anna) **@bob** \"@carla\".", "anna bob carla")]
    [InlineData("Γεια σου @anna!\n@bob: και εσύ", "anna bob")]
    [InlineData("👋@anna ❤️@bob", "anna bob")]
    [InlineData("@bob @anna @bob", "bob anna")]
    [InlineData("> # @anna\n\n- [x] @bob\n\n|@carla|\n|-|\n|@dora|", "anna bob carla dora")]
    [InlineData("[@anna]", "anna")]
    [InlineData("@abcdefghijklmnopqrstuvwxyz-123", "abcdefghijklmnopqrstuvwxyz-123")]
    [InlineData("@abcdefghijklmnopqrstuvwxyz-1234", "")]
    [InlineData("@ab", "")]
    [InlineData("@1anna @-anna @_anna", "")]
    [InlineData("@Anna @annA @anna_b @annaά", "")]
    [InlineData("anna@example.org x_@anna ά@anna é@anna e\u0301@anna 𝒜@anna", "")]
    [InlineData("@anna@example.org https://example.org/@anna example.org/@anna <x@anna.example>", "")]
    [InlineData("`@anna` ``@anna``\n\n    @anna\n\n```\n@anna\n```", "")]
    [InlineData("[@anna](https://x.example) ![@anna](/x) [x **@anna**](/y)", "")]
    [InlineData("\\@anna &#64;anna", "")]
    [InlineData("", "")]
    public void A_handle_after_an_at_names_a_person(string markdown, string handles)
    {
        Assert.Equal(handles, string.Join(' ', PersonsMarkdown.Mentions(markdown)));
        var links = AllowedHtml.Parsed(PersonsMarkdown.ToHtml(markdown)).QuerySelectorAll("a.mention");
        Assert.Equal(handles, string.Join(' ', links.Select(link => link.TextContent.TrimStart('@')).Distinct()));
        Assert.All(links, link => Assert.Equal("/people/" + link.TextContent.TrimStart('@'), link.GetAttribute("href")));
    }

    [Fact]
    public void A_mention_is_a_link_to_the_person() =>
        Assert.Equal("<p>Hello <a class=\"mention\" href=\"/people/anna\">@anna</a></p>", PersonsMarkdown.ToHtml("Hello @anna"));
}
