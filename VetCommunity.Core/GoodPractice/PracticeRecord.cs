using System.Globalization;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.GoodPractice;

/// <summary>By what readers narrow down the practices.</summary>
public enum PracticeFacet
{
    /// <summary>What it is about.</summary>
    Theme = 1,
    /// <summary>For whom it is.</summary>
    Audience = 2,
    /// <summary>Section of NACE Rev. 2.</summary>
    Sector = 3,
    /// <summary>Level of the European Qualifications Framework, 1 to 8.</summary>
    Eqf = 4,
    /// <summary>ISO 3166.</summary>
    Country = 5,
    /// <summary>In which languages it can be read, ISO 639.</summary>
    Language = 6,
    /// <summary>How far it has been borne out: see <see cref="EvidenceLevel"/>.</summary>
    Evidence = 7,
    /// <summary>How ripe it is: see <see cref="GoodPractice.Maturity"/>.</summary>
    Maturity = 8,
}

/// <summary>What the front matter of a practice says. Whatever is missing or unreadable is empty: the text is the truth, and a reader sees it as far as it goes.</summary>
public sealed record PracticeRecord
{
    /// <summary>The themes that have a name in every language of the interface.</summary>
    public static IReadOnlyList<string> Themes { get; } =
        ["apprenticeship", "digital", "green", "guidance", "inclusion", "micro-credentials", "mobility", "prior-learning", "quality", "small-firms", "trainers", "work-based-learning"];
    /// <summary>The groups of people that have one.</summary>
    public static IReadOnlyList<string> Audiences { get; } = ["adults", "apprentices", "counsellors", "in-company-trainers", "owners", "policy-makers", "students", "trainers"];
    /// <summary>Licences of Creative Commons by their SPDX names.</summary>
    public static IReadOnlyList<string> Licences { get; } =
        ["CC-BY-4.0", "CC-BY-SA-4.0", "CC-BY-NC-4.0", "CC-BY-NC-SA-4.0", "CC-BY-ND-4.0", "CC-BY-NC-ND-4.0", "CC0-1.0"];

    /// <summary>Where the terms of a licence stand; null for one that nobody here knows and that is no address itself.</summary>
    public static string? AddressOfLicence(string licence) => licence switch
    {
        "CC0-1.0" => "https://creativecommons.org/publicdomain/zero/1.0/",
        _ when Licences.Contains(licence, StringComparer.Ordinal) => $"https://creativecommons.org/licenses/{licence[3..^4].ToLowerInvariant()}/4.0/",
        _ => Uri.TryCreate(licence, UriKind.Absolute, out var address) && (address.Scheme == Uri.UriSchemeHttps || address.Scheme == Uri.UriSchemeHttp) ? address.AbsoluteUri : null,
    };

    /// <summary>Values of a field. More are no help to anybody who chooses.</summary>
    public const int Most = 20;
    /// <summary>Characters of one of them.</summary>
    public const int Longest = 60;

    /// <summary>What it is called.</summary>
    public required string Title { get; init; }
    /// <summary>Problem and solution in two sentences.</summary>
    public string Summary { get; init; } = "";
    /// <summary>Its values of one facet; those that are not written but known have none: languages, evidence and maturity.</summary>
    public IReadOnlyDictionary<PracticeFacet, IReadOnlyList<string>> Values { get; init; } = new Dictionary<PracticeFacet, IReadOnlyList<string>>();
    /// <summary>NUTS code or name of the region.</summary>
    public string Region { get; init; } = "";
    /// <summary>What it takes in money.</summary>
    public string Cost { get; init; } = "";
    /// <summary>What else it takes.</summary>
    public string Resources { get; init; } = "";
    /// <summary>Since when it is done, a year, month or day as it is written.</summary>
    public string Started { get; init; } = "";
    /// <summary>Until when.</summary>
    public string Ended { get; init; } = "";
    /// <summary>By when it is to be looked at again; null where it does not say: see <see cref="ReviewDates"/>.</summary>
    public DateOnly? ReviewBy { get; init; }
    /// <summary>Under which licence it may be used.</summary>
    public string Licence { get; init; } = "";
    /// <summary>Whom to ask: a handle, or words.</summary>
    public string Contact { get; init; } = "";
    /// <summary>Address parts of the practices in whose place it is.</summary>
    public IReadOnlyList<string> Supersedes { get; init; } = [];
    /// <summary>Address parts of the practices out of which it was made for another place or group.</summary>
    public IReadOnlyList<string> Adapts { get; init; } = [];
    /// <summary>Fields that nobody here knows, as they are written.</summary>
    public IReadOnlyList<Field> Others { get; init; } = [];

    /// <summary>Reads the front matter of a document. Never refuses what can be stored.</summary>
    /// <param name="document">The document.</param>
    /// <param name="untitled">What it is called where it does not say.</param>
    public static PracticeRecord Of(string document, string untitled) => Of(FrontMatter.Of(document), untitled);

    /// <inheritdoc cref="Of(string, string)"/>
    internal static PracticeRecord Of(FrontMatter front, string untitled)
    {
        var (title, summary) = DocumentTitle.Of(front);
        return new()
        {
            Title = title.Length > 0 ? title : untitled,
            Summary = summary,
            Values = new Dictionary<PracticeFacet, IReadOnlyList<string>>
            {
                [PracticeFacet.Theme] = Lower("theme"),
                [PracticeFacet.Audience] = Lower("audience"),
                [PracticeFacet.Sector] = [.. Many("sector").Select(value => value.ToUpperInvariant())],
                [PracticeFacet.Eqf] = [.. Many("eqf").Where(value => value is [>= '1' and <= '8'])],
                [PracticeFacet.Country] = [.. Many("country").Select(value => value.ToUpperInvariant())],
            },
            Region = LineOf("region", 100),
            Cost = LineOf("cost", 500),
            Resources = LineOf("resources", 500),
            Started = LineOf("started", 40),
            Ended = LineOf("ended", 40),
            ReviewBy = DayIn(front["review-by"]?.AsText),
            Licence = LineOf("licence", 60) is { Length: > 0 } licence ? licence : LineOf("license", 60),
            Contact = LineOf("contact", 200),
            Supersedes = Slugs("supersedes"),
            Adapts = Slugs("adapts"),
            Others = [.. front.Fields.Where(field => !Known.Contains(field.Name) || IsTieElsewhere(field) || IsNoDay(field))],
        };

        // What stands elsewhere is shown as it is written.
        static bool IsTieElsewhere(Field field) => field.Name is "supersedes" or "adapts" && field.Value.AsTexts.Any(text => PracticeTies.SlugIn(text).Length == 0);

        static bool IsNoDay(Field field) => field.Name == "review-by" && field.Value.AsTexts.Count > 0 && DayIn(field.Value.AsText) is null;

        string LineOf(string name, int length) => PlainText.Beginning(PlainText.Line(front[name]?.AsText), length).ToString();

        List<string> Many(string name) => [.. (front[name]?.AsTexts ?? []).Select(value => PlainText.Line(value)).Where(value => value.Length is > 0 and <= Longest)
            .Distinct(StringComparer.OrdinalIgnoreCase).Take(Most)];

        IReadOnlyList<string> Slugs(string name) => [.. (front[name]?.AsTexts ?? []).Select(PracticeTies.SlugIn).Where(slug => slug.Length > 0).Distinct(StringComparer.Ordinal).Take(Most)];

        IReadOnlyList<string> Lower(string name) => [.. Many(name).Select(value => value.ToLowerInvariant())];
    }

    /// <summary>The record of a translation: what it does not say itself its original says.</summary>
    public PracticeRecord With(PracticeRecord original) => this with
    {
        Values = original.Values.ToDictionary(one => one.Key, one => Values.GetValueOrDefault(one.Key) is { Count: > 0 } own ? own : one.Value),
        Region = Or(Region, original.Region),
        Cost = Or(Cost, original.Cost),
        Resources = Or(Resources, original.Resources),
        Started = Or(Started, original.Started),
        Ended = Or(Ended, original.Ended),
        ReviewBy = ReviewBy ?? original.ReviewBy,
        Licence = Or(Licence, original.Licence),
        Contact = Or(Contact, original.Contact),
        Supersedes = Supersedes.Count > 0 ? Supersedes : original.Supersedes,
        Adapts = Adapts.Count > 0 ? Adapts : original.Adapts,
        Others = [.. Others, .. original.Others.Where(field => Others.All(own => own.Name != field.Name))],
    };

    /// <summary>The day that a text names as ISO 8601 has it; null for none.</summary>
    public static DateOnly? DayIn(string? text) =>
        DateOnly.TryParseExact(PlainText.Line(text), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 1900 and <= 9000 ? day : null;

    static string Or(string own, string original) => own.Length > 0 ? own : original;

    static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "title", "summary", "theme", "audience", "sector", "eqf", "country", "region", "cost", "resources", "started", "ended", "review-by", "licence", "license", "contact", "supersedes", "adapts",
        // What the document itself knows.
        "language", "organisation", "author",
    };
}
