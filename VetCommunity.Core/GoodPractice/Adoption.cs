using System.Runtime.InteropServices;
using VetCommunity.Core.Privacy;

namespace VetCommunity.Core.GoodPractice;

/// <summary>What came of a practice elsewhere.</summary>
public enum AdoptionResult
{
    /// <summary>It worked.</summary>
    Worked = 1,
    /// <summary>Parts of it did.</summary>
    InPart = 2,
    /// <summary>It did not work there: as good to know as the others.</summary>
    DidNotWork = 3,
}

/// <summary>That a member did what a practice describes, with what became of it. One a member.</summary>
public sealed class Adoption
{
    /// <summary>Number.</summary>
    public int Id { get; set; }
    /// <summary>The practice.</summary>
    public int DocumentId { get; set; }
    /// <summary>Who says so.</summary>
    public int MemberId { get; set; }
    /// <summary>For whom they worked then; null for nobody.</summary>
    public int? OrganisationId { get; set; }
    /// <summary>Where, ISO 3166-1 alpha-2.</summary>
    public required string Country { get; set; }
    /// <summary>Region or town; may be empty.</summary>
    public string Place { get; set; } = "";
    /// <summary>What was done otherwise than the practice says; may be empty.</summary>
    public string Changed { get; set; } = "";
    /// <summary>What came out.</summary>
    public required string CameOut { get; set; }
    /// <summary>In one word.</summary>
    public AdoptionResult Result { get; set; }
    /// <summary>When it was said, or said otherwise.</summary>
    public DateTimeOffset At { get; set; }
}

/// <summary>How far a practice has been borne out, by who adopted it and never by what it claims of itself.</summary>
public enum EvidenceLevel
{
    /// <summary>Nobody else has said yet that it works.</summary>
    None = 1,
    /// <summary>It worked, at least in part, in one other organisation.</summary>
    Tried = 2,
    /// <summary>In two.</summary>
    Repeated = 3,
    /// <summary>In three or more, of two countries at least.</summary>
    Confirmed = 4,
}

/// <summary>How ripe a published practice is. The levels are those of the InnerSource Commons patterns.</summary>
public enum Maturity
{
    /// <summary>It is published.</summary>
    Initial = 1,
    /// <summary>Reviewers of <see cref="Documents.Approvals.Needed"/> other organisations approved what is published.</summary>
    Structured = 2,
    /// <summary>It is structured, and its evidence is <see cref="EvidenceLevel.Confirmed"/>.</summary>
    Validated = 3,
}

/// <summary>What adoptions and approvals add up to.</summary>
/// <param name="Organisations">Other organisations in which it worked at least in part.</param>
/// <param name="Countries">In so many countries.</param>
/// <param name="Failed">Organisations in which it did not work.</param>
/// <param name="Approvals">Other organisations whose reviewers approved the published revision.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Bearing(int Organisations, int Countries, int Failed, int Approvals)
{
    /// <summary>The level of evidence.</summary>
    public EvidenceLevel Evidence => Organisations switch
    {
        0 => EvidenceLevel.None,
        1 => EvidenceLevel.Tried,
        >= 3 when Countries >= 2 => EvidenceLevel.Confirmed,
        _ => EvidenceLevel.Repeated,
    };

    /// <summary>The level of maturity.</summary>
    public Maturity Maturity => Approvals < Documents.Approvals.Needed ? Maturity.Initial : Evidence == EvidenceLevel.Confirmed ? Maturity.Validated : Maturity.Structured;
}

/// <summary>What a member tells of their adoption.</summary>
/// <param name="Country">Where, ISO 3166-1 alpha-2.</param>
/// <param name="Place">Region or town.</param>
/// <param name="Changed">What was done otherwise.</param>
/// <param name="CameOut">What came out.</param>
/// <param name="Result">In one word.</param>
public sealed record ToldAdoption(string Country, string Place, string Changed, string CameOut, AdoptionResult Result);

/// <summary>An adoption in a list.</summary>
/// <param name="Id">Number.</param>
/// <param name="By">Who says so.</param>
/// <param name="Organisation">For whom they worked; empty for nobody.</param>
/// <param name="Told">What they tell.</param>
/// <param name="At">When.</param>
/// <param name="MayRemove">The actor may take it away.</param>
public sealed record AdoptionRow(int Id, string By, string Organisation, ToldAdoption Told, DateTimeOffset At, bool MayRemove)
{
    /// <inheritdoc cref="FormerMember.Shown"/>
    public string By { get => FormerMember.Shown(field); init; } = By;

    /// <summary>In which language it is told; null where that is not clear.</summary>
    public string? Language { get; } = SpokenLanguage.Of(Told.CameOut);
}
