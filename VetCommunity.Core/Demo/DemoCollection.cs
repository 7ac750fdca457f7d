using VetCommunity.Core.Data;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Demo;

/// <summary>A collection of practices of the demo world.</summary>
sealed record DemoCollection(string Slug, string By, string Title, string Text, bool Public, int DaysAgo, string[] Practices)
{
    public async Task StoreAsync(CommunityDb context, IReadOnlyDictionary<string, int> documents, IReadOnlyDictionary<string, Member> members, DateTimeOffset now, CancellationToken cancel)
    {
        var member = members.GetValueOrDefault(By) ?? throw new InvalidDataException($"{Slug}: nobody is called {By}");
        var at = now.AddDays(-DaysAgo);
        var collection = new PracticeCollection { Slug = Slug, Title = Title, Text = Text, IsPublic = Public, ById = member.Id, At = at, ChangedAt = at, FormKey = $"demo-{Slug}" };
        context.Add(collection);
        await context.SaveChangesAsync(cancel);
        context.AddRange(Practices.Index().Select(one => new CollectedPractice
        {
            CollectionId = collection.Id,
            DocumentId = documents.TryGetValue(one.Item, out var document) ? document : throw new InvalidDataException($"{Slug}: there is no practice {one.Item}"),
            Position = one.Index + 1,
            At = at,
        }));
    }
}
