using System.Globalization;
using System.Text.Json.Nodes;
using VetCommunity.Core.GoodPractice;

namespace VetCommunity.App.GoodPractice;

/// <summary>A published practice as schema.org's <c>LearningResource</c>, with the fields that OERSI and other readers of the AMB profile look for. It says no more than the page does to a visitor.</summary>
sealed class PracticeData(PracticeAddresses addresses, FacetNames names)
{
    public static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public string NameOf(PracticeFacet facet, string value) => names.Of(facet, value);

    public JsonObject Of(ReadPractice practice)
    {
        var (card, record) = (practice.Card, practice.Card.Record);
        var address = addresses.In(card, card.Language);
        var data = new JsonObject
        {
            ["@context"] = "https://schema.org",
            ["@type"] = "LearningResource",
            ["@id"] = address,
            ["url"] = address,
            ["name"] = record.Title,
            ["inLanguage"] = card.Language,
            ["isAccessibleForFree"] = true,
            ["dateCreated"] = Day(card.BegunAt),
            ["datePublished"] = Day(card.FirstAt),
            ["dateModified"] = Day(card.At),
            ["version"] = practice.Number,
            ["learningResourceType"] = new JsonObject { ["@type"] = "DefinedTerm", ["@id"] = "https://w3id.org/kim/hcrt/case_study", ["name"] = "Case study" },
            ["publisher"] = Named("Organization", "VetCommunity", addresses.Home),
        };
        if (record.Summary.Length > 0)
            data["description"] = record.Summary;
        if (PracticeRecord.AddressOfLicence(record.Licence) is { } licence)
            data["license"] = licence;
        Put("creator", Creators(practice));
        Put("about", record.Values[PracticeFacet.Theme].Select(theme => Named("DefinedTerm", NameOf(PracticeFacet.Theme, theme))));
        Put("audience", record.Values[PracticeFacet.Audience].Select(group => new JsonObject { ["@type"] = "EducationalAudience", ["educationalRole"] = NameOf(PracticeFacet.Audience, group) }));
        Put("educationalLevel", record.Values[PracticeFacet.Eqf].Select(level => Named("DefinedTerm", "EQF " + level)));
        Put("spatialCoverage", record.Values[PracticeFacet.Country].Select(country => Named("Country", NameOf(PracticeFacet.Country, country))));
        Put("isBasedOn", practice.Ties.BuildsOn.Concat(practice.Ties.Replaces).Select(other => new JsonObject { ["@type"] = "LearningResource", ["@id"] = addresses.Of(other.Slug), ["name"] = other.Record.Title }));
        if (practice.IsOriginal)
            Put("workTranslation", card.Languages.Where(language => language != card.Language).Select(Translated));
        else if (card.Original is { } original)
            data["translationOfWork"] = Translated(original);
        return data;

        JsonObject Translated(string language) => new() { ["@type"] = "LearningResource", ["@id"] = addresses.In(card, language), ["inLanguage"] = language };

        void Put(string name, IEnumerable<JsonObject> values)
        {
            if (values.ToArray<JsonNode>() is { Length: > 0 } some)
                data[name] = new JsonArray(some);
        }
    }

    IEnumerable<JsonObject> Creators(ReadPractice practice)
    {
        if (practice.OrganisationSlug is { } organisation)
            yield return Named("Organization", practice.Card.Organisation, addresses.OfOrganisation(organisation));
        if (practice.By.Length > 0)
            yield return Named("Person", practice.By);
    }

    static JsonObject Named(string type, string name, string? url = null)
    {
        var one = new JsonObject { ["@type"] = type, ["name"] = name };
        if (url is not null)
            one["url"] = url;
        return one;
    }
}
