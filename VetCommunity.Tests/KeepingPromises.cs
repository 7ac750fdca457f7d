using System.Reflection;
using Xunit;

namespace VetCommunity.Tests;

/// <summary>docs/promises.md and the tests say the same.</summary>
public sealed class KeepingPromises
{
    const string NotShown = "not shown";

    [Fact]
    public void Every_promise_has_a_test_or_says_that_it_is_not_shown_and_every_such_test_a_promise()
    {
        var rows = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "promises.md")).Where(line => line.StartsWith("| ", StringComparison.Ordinal) && char.IsDigit(line.Split('|')[1].Trim()[^1]))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries)).ToDictionary(cells => cells[1], cells => cells[2], StringComparer.Ordinal);
        var shown = typeof(KeepingPromises).Assembly.GetTypes().SelectMany(type => type.GetMethods().Cast<MemberInfo>().Append(type))
            .SelectMany(member => member.GetCustomAttributes<PromiseAttribute>(inherit: false)).Select(promise => promise.Id).ToHashSet(StringComparer.Ordinal);

        Assert.NotEmpty(rows);
        Assert.Equal(rows.Where(row => row.Value != NotShown).Select(row => row.Key).Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
    }
}
