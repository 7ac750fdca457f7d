using VetCommunity.Core.Documents;

namespace VetCommunity.Core.GoodPractice;

/// <summary>What a level of maturity asks for.</summary>
public enum MaturityNeed
{
    /// <summary>No field that readers look for is missing.</summary>
    Fields = 1,
    /// <summary>No section of the template is missing or empty.</summary>
    Sections = 2,
    /// <summary>Reviewers of <see cref="Approvals.Needed"/> other organisations approved it.</summary>
    Reviewers = 3,
    /// <summary>It worked in three other organisations.</summary>
    Adopted = 4,
    /// <summary>In two countries.</summary>
    Countries = 5,
}

/// <summary>A line of the checklist.</summary>
/// <param name="Level">The level that asks for it. What the first level asks for is advice: a practice without it is published all the same.</param>
/// <param name="Need">What.</param>
/// <param name="IsMet">It is so.</param>
public sealed record NeedLine(Maturity Level, MaturityNeed Need, bool IsMet)
{
    /// <summary>The whole checklist of a revision.</summary>
    /// <param name="lacks">What it lacks: see <see cref="PracticeChecks"/>; null where that cannot be told, as of a translation.</param>
    /// <param name="bearing">What others made of it.</param>
    public static IReadOnlyList<NeedLine> Of(IReadOnlyList<PracticeCheck>? lacks, Bearing bearing)
    {
        List<NeedLine> lines = [];
        if (lacks is not null)
        {
            lines.Add(new(Maturity.Initial, MaturityNeed.Fields, lacks.All(lack => lack.Kind != PracticeLack.Field)));
            lines.Add(new(Maturity.Initial, MaturityNeed.Sections, lacks.All(lack => lack.Kind == PracticeLack.Field)));
        }
        lines.Add(new(Maturity.Structured, MaturityNeed.Reviewers, bearing.Approvals >= Approvals.Needed));
        lines.Add(new(Maturity.Validated, MaturityNeed.Adopted, bearing.Organisations >= 3));
        lines.Add(new(Maturity.Validated, MaturityNeed.Countries, bearing.Countries >= 2));
        return lines;
    }
}
