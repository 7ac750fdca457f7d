using CsCheck;
using VetCommunity.Core.Bridging;
using Xunit;

namespace VetCommunity.Tests.Bridging;

public sealed class GivingTextToAMachine
{
    static readonly string[] Pieces =
    [
        "La ", "casa", " ", "\n", "\n\n", "**", "*", "_", "`", "```", "~~", "[", "](https://a.example/b?c=1)", "](", ")", "> ", "- ", "1. ", "# ", "@anna-rossi", "anna@example.org",
        "https://example.org/x.", "www.example.org", "⟦0⟧", "⟦", "⟧", "| a | b |", "|---|", "\\", "<https://a.example>", "&amp;", "    code", "\t", "ß", "λόγος", "{x}", "\u2028", ".", "!",
    ];
    static readonly Gen<string> Texts = Gen.Int[0, Pieces.Length - 1].Array[0, 20].Select(parts => string.Concat(parts.Select(part => Pieces[part])));

    [Fact]
    public void A_machine_that_changes_nothing_changes_nothing() => Texts.Sample(markdown =>
    {
        var text = MachineText.Of(markdown);
        if (text.Sent.Length > 0)
            Assert.Equal(markdown, text.Restored(text.Sent) ?? markdown);
    });

    [Theory]
    [InlineData("Mira el [enlace](https://example.org/la/casa) y `el código`.", "enlace", "example.org|código")]
    [InlineData("Pregunta a @anna-rossi o a anna@example.org, o en https://example.org/casa.", "Pregunta", "anna|example")]
    [InlineData("```\nel código\n```\nla casa", "la casa", "código")]
    [InlineData("Una **casa** muy _grande_", "casa", "*|_")]
    public void Program_text_addresses_and_people_are_not_sent(string markdown, string sent, string kept)
    {
        var text = MachineText.Of(markdown);
        Assert.Contains(sent, text.Sent, StringComparison.Ordinal);
        Assert.All(kept.Split('|'), part => Assert.DoesNotContain(part, text.Sent, StringComparison.Ordinal));
        Assert.Equal(markdown, text.Restored(text.Sent));
    }

    [Fact]
    public void Words_come_back_into_their_places()
    {
        var text = MachineText.Of("# La casa\n\n- una **puerta**  \n- otra [casa](https://example.org)\n\n```\nla casa\n```");
        Assert.Equal("La casa\n\nuna ⟦0⟧puerta⟦1⟧\n\notra ⟦2⟧casa⟦3⟧", text.Sent);
        Assert.Equal("# THE HOUSE\n\n- a **door**  \n- another [house](https://example.org)\n\n```\nla casa\n```",
            text.Restored("THE HOUSE\n\na ⟦0⟧door⟦1⟧\n\nanother ⟦2⟧house⟦3⟧"));
    }

    [Fact]
    public void A_line_whose_marks_are_lost_stays_as_it_was()
    {
        var text = MachineText.Of("La casa\nUna **puerta**");
        Assert.Equal("The house\nUna **puerta**", text.Restored("The house\n\nA ⟦0⟧door"));
        Assert.Equal("The house\nUna **puerta**", text.Restored("The house\n\nA ⟦0⟧door⟦1⟧ ⟦7⟧"));
        Assert.Null(text.Restored("The house and a door"));
        Assert.Null(MachineText.Of("Una **puerta**").Restored("A door"));
    }

    [Theory]
    [InlineData("La formació és bona", "La formació és bona", true)]
    [InlineData("La formació és molt bona aquí a casa nostra avui", "La formació és molt bona aquí a casa nostra", true)]
    [InlineData("u dos tres quatre cinc sis set vuit x y", "u dos tres quatre cinc sis set vuit nou deu", true)]
    [InlineData("u dos tres quatre cinc sis set x y z", "u dos tres quatre cinc sis set vuit nou deu", false)]
    [InlineData("Una cosa del tot diferent", "La formació és bona", false)]
    [InlineData("La formació és bona", "La formació és bona i a més hi ha moltes altres paraules", false)]
    public void A_text_is_the_machines_until_it_is_rewritten(string text, string suggestion, bool isMachines) => Assert.Equal(isMachines, BridgeRules.IsMachines(text, suggestion));
}
