using VetCommunity.Core;
using VetCommunity.Core.Markdown;
using Xunit;

namespace VetCommunity.Tests.Conversations;

public sealed class TellingTheLanguage
{
    [Theory]
    [InlineData("en", "Can anyone help me set up the lathe tomorrow?")]
    [InlineData("en", "The students have finished their first week in the workshop.")]
    [InlineData("it", "Chi viene domani in officina?")]
    [InlineData("it", "Perfetto, ci vediamo giovedì")]
    [InlineData("it", "Buongiorno a tutti")]
    [InlineData("de", "Morgen ist Berufsschule.")]
    [InlineData("de", "Danke schön")]
    [InlineData("de", "Wer hat den Schlüssel zur Werkstatt?")]
    [InlineData("es", "¿Quién puede venir mañana al taller?")]
    [InlineData("es", "He subido los apuntes de soldadura")]
    [InlineData("es", "Buenos días a todos")]
    [InlineData("ca", "He penjat els apunts de soldadura")]
    [InlineData("ca", "Perfecte, ens veiem dijous")]
    [InlineData("ca", "Bon dia a tothom")]
    [InlineData("ca", "Gràcies")]
    [InlineData("el", "Ευχαριστώ")]
    [InlineData("el", "Ποιος έρχεται αύριο στο εργαστήριο;")]
    [InlineData("it", "Guardate questo:\n\n```\nfor each of the students in this class print the name\n```\n\nche cosa ne pensate voi?")]
    [InlineData("de", "> Can anyone help me set up the lathe tomorrow?\n\nJa, ich komme gerne nach der Schule vorbei.")]
    [InlineData("es", "@anna-of-the-workshop mira [the english documentation of this](https://example.org/read-the-manual), por favor, antes de la clase")]
    public void It_is_told_from_what_the_person_says(string language, string markdown) => Assert.Equal(language, PersonsMarkdown.Read(markdown).Language);

    [Theory]
    [InlineData("")]
    [InlineData("ok")]
    [InlineData("👍🎉")]
    [InlineData("12:30")]
    [InlineData("https://example.org/the/students/have/finished")]
    [InlineData("@anna @bruno")]
    [InlineData("```\nthe students have finished their first week\n```")]
    [InlineData("`the students have finished`")]
    [InlineData("> The students have finished their first week")]
    [InlineData("La maquina no funciona")]
    public void Where_that_is_not_clear_there_is_none(string markdown) => Assert.Null(PersonsMarkdown.Read(markdown).Language);

    [Theory]
    // A lead of two words may be a name or a loan word.
    [InlineData("the workshop of Torino", null)]
    [InlineData("the workshop of the town of Torino", "en")]
    // As many of one language as of another, and a lead of three that is less than twice as many.
    [InlineData("the and that was for it, der und nicht wir auch ist", null)]
    [InlineData("der und nicht wir auch ist bei zum, the that for with have", null)]
    [InlineData("der und nicht wir auch ist bei zum", "de")]
    public void Small_words_decide_where_they_leave_no_doubt(string text, string? language) => Assert.Equal(language, FunctionWords.LanguageOf(text));

    [Fact]
    public void A_long_text_is_told_from_its_beginning() =>
        Assert.Equal("ca", PersonsMarkdown.Read(string.Concat(Enumerable.Repeat("Els alumnes han acabat la primera setmana al taller. ", 200))[..10_000]).Language);
}
