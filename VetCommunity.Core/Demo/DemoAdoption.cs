using VetCommunity.Core.GoodPractice;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Demo;

/// <summary>What a member of the demo world tells of a practice that they adopted.</summary>
sealed record DemoAdoption(string Practice, string By, string Country, string Place, string Result, int DaysAgo, string CameOut, string Changed)
{
    public Adoption Of(int document, IReadOnlyDictionary<string, Member> members, DateTimeOffset now)
    {
        var member = members.GetValueOrDefault(By) ?? throw new InvalidDataException($"{Practice}: nobody is called {By}");
        return new()
        {
            DocumentId = document,
            MemberId = member.Id,
            OrganisationId = member.OrganisationId,
            Country = Country,
            Place = Place,
            Changed = Changed,
            CameOut = CameOut,
            Result = Enum.TryParse<AdoptionResult>(Result, out var result) ? result : throw new InvalidDataException($"{Practice}: unknown result {Result}"),
            At = now.AddDays(-DaysAgo),
        };
    }
}
