using Xunit.v3;

namespace VetCommunity.Tests;

/// <summary>Names a promise of docs/promises.md that this test shows to be kept; <c>./test.sh --promises</c> prints them with their results.</summary>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Class, AllowMultiple = true)]
public sealed class PromiseAttribute(string id) : Attribute, ITraitAttribute
{
    public string Id => id;

    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [KeyValuePair.Create("Promise", id)];
}
