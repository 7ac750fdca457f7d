using System.Globalization;
using Microsoft.Extensions.Localization;
using VetCommunity.App.Shell;
using VetCommunity.App.Texts;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Core.Mailing;

namespace VetCommunity.App.GoodPractice;

/// <summary>Where practices stand on the network, as others write it down.</summary>
sealed class PracticeAddresses(Site site)
{
    /// <summary>The practice, in whatever language its reader reads.</summary>
    public string Of(string slug) => site.Address("/practices/" + slug);

    /// <summary>The practice in one of its languages.</summary>
    public string In(PracticeCard card, string language) => In(card.Slug, language, card.Languages.Count);

    /// <inheritdoc cref="In(PracticeCard, string)"/>
    public string In(string slug, string language, int languages) => Of(slug) + Query(language, languages);

    /// <summary>What an address says of the language: nothing where there is one alone.</summary>
    public static string Query(string language, int languages) => languages > 1 ? "?language=" + language : "";

    /// <summary>The picture that others show where somebody shares a link to it.</summary>
    /// <param name="card">In its language.</param>
    /// <param name="version">Says which of its states; the answer is always the present one.</param>
    public string CardOf(PracticeCard card, string version) => Of(card.Slug) + $"/card.png?language={card.Language}&v={version}";

    /// <summary>An organisation's page.</summary>
    public string OfOrganisation(string slug) => site.Address("/organisations/" + slug);

    /// <summary>The revision that was read, which stays there when another one is published.</summary>
    public string Of(ReadPractice practice) => string.Create(CultureInfo.InvariantCulture, $"{Of(practice.Card.Slug)}/versions/{practice.Number}") + Query(practice.Card.Language, practice.Card.Languages.Count);

    /// <summary>How what was read is cited.</summary>
    public Citation Cited(ReadPractice practice) => new(practice, Of(practice), "VetCommunity");

    /// <summary>The same as a sentence in the reader's language.</summary>
    public string InWords(ReadPractice practice, IStringLocalizer<PracticeTexts> text, string zone)
    {
        var (author, at) = (Cited(practice).Author, practice.Card.At.In(zone, Times.ShortDay));
        return author.Length > 0
            ? text["Citation", author, at, practice.Card.Record.Title, practice.Number, Of(practice)]
            : text["CitationWithoutAuthor", at, practice.Card.Record.Title, practice.Number, Of(practice)];
    }

    /// <summary>The first page.</summary>
    public string Home => site.Address("/");
}
