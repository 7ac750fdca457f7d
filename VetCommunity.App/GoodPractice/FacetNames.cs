using Microsoft.Extensions.Localization;
using VetCommunity.App.Members;
using VetCommunity.App.Texts;
using VetCommunity.Core.GoodPractice;

namespace VetCommunity.App.GoodPractice;

/// <summary>What the values of facets are called in the reader's language. A value that has no name is shown as its author wrote it.</summary>
sealed class FacetNames(IStringLocalizer<PracticeTexts> text, IStringLocalizer<MemberTexts> members)
{
    public string Of(PracticeFacet facet, string value) => facet switch
    {
        PracticeFacet.Theme => text.NameOf("Theme_", value),
        PracticeFacet.Audience => text.NameOf("Audience_", value),
        PracticeFacet.Sector => members.NameOf("Sector_", value),
        PracticeFacet.Eqf => text["EqfLevel", value],
        PracticeFacet.Country => members.NameOf("Country_", value),
        PracticeFacet.Language => members.NameOf("Language_", value),
        PracticeFacet.Evidence => text.NameOf("Evidence_", value),
        PracticeFacet.Maturity => text.NameOf("Maturity_", value),
        _ => value,
    };

    public string OfLicence(string value) => text.NameOf("Licence_", value);
}
