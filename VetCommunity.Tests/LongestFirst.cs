using VetCommunity.Tests;
using VetCommunity.Tests.Browser;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace VetCommunity.Tests;

/// <summary>Begins with the classes that look at every page, then those with a browser or a server of their own: so nothing long runs alone at the end.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    static readonly Dictionary<string, int> Places = typeof(LongestFirst).Assembly.GetTypes().Where(type => type.FullName is not null)
        .ToDictionary(type => type.FullName!, PlaceOf, StringComparer.Ordinal);

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => PlaceOf(collection))];

    // A collection says of which class it is only in its name: "Test collection for NAME (id: ...)".
    static int PlaceOf(ITestCollection collection) =>
        collection.TestCollectionDisplayName.Split(' ').Select(word => Places.GetValueOrDefault(word, int.MaxValue)).Min();

    static int PlaceOf(Type type)
    {
        var fixtures = type.GetInterfaces().Where(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IClassFixture<>)).Select(one => one.GenericTypeArguments[0]).ToList();
        return fixtures.Contains(typeof(SeenPages)) ? 0 : fixtures.Contains(typeof(Chromium)) ? 1 : fixtures.Count > 0 ? 2 : 3;
    }
}
