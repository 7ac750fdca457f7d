using VetCommunity.Core.GoodPractice;

namespace VetCommunity.App.GoodPractice;

/// <summary>What the pages share on which a collection is written.</summary>
public abstract class CollectionForm(ILogger log) : PracticeForm(log)
{
    /// <summary>What was sent, or what stands there.</summary>
    protected WrittenCollection Sent(WrittenCollection stands) => Posted("readers") is { } readers ? new(Posted("title") ?? "", Posted("text") ?? "", readers == "all") : stands;
}
