using System.Globalization;
using AngleSharp.Dom;
using VetCommunity.Core.Demo;
using VetCommunity.Tests.Browser;
using VetCommunity.Tests.Members;
using Xunit;

namespace VetCommunity.Tests.Running;

/// <summary>Every field of every form of every page, filled with what no form hopes for. A new page is tried as soon as it has its row in <see cref="EveryPageForEveryone.Pages"/>.</summary>
public sealed class TypingAnythingAnywhere : IAsyncLifetime
{
    // What cannot be printed, what is not what it looks like, what other languages would do something with, what is too long, nothing, and no number or day.
    static readonly string[] Anything =
    [
        "\0\u0001\u001B[31m\u007F\u0085\u2028\uFEFF",
        "\u202Etxt.exe\u202C \u200B\u200D\u00AD Z\u0338\u0327a\u0337lgo \U0001F469\u200D\U0001F469\u200D\U0001F467 \uFDFD \uFFFD \uD83D",
        "'; DROP TABLE \"Members\";-- {{7*7}} ${jndi:ldap://x} %s%n%x <script>alert(1)</script> <!--#exec--> ]]> ../../etc/passwd\\..\\ %00 &#0; __proto__",
        new('ß', 20_000),
        " \t\r\n \r\n ",
        "-9223372036854775809e999 NaN 0x0 1/0 \u0660\u0661\u0662 2026-13-45 99:99 true null",
    ];

    readonly RunningCommunity _community = new();
    IReadOnlyDictionary<string, string> _made = new Dictionary<string, string>(StringComparer.Ordinal);

    public async ValueTask InitializeAsync()
    {
        _community.Settings["Sessions__ProofMinutes"] = "600";
        _community.Fill = async folder => _made = await PreparedPages.CopyToAsync(folder);
        await _community.InitializeAsync();
    }

    [Promise("IN2")]
    [Fact]
    public async Task Whatever_is_typed_is_taken_or_refused_with_a_page_that_says_so()
    {
        var (sent, forms) = (0, new HashSet<string>(StringComparer.Ordinal));
        List<string> failed = [];
        foreach (var (who, pages) in EveryPageForEveryone.Pages.GroupBy(page => page.Who, StringComparer.Ordinal).Select(group => (group.Key, group)))
        {
            using var visitor = new Visitor(_community);
            foreach (var (route, address, _) in pages)
            {
                await OpenAsync(visitor, who, address);
                var count = FormsOf(visitor).Count;
                for (var form = 0; form < count; form++)
                {
                    foreach (var (number, typed) in Anything.Index())
                    {
                        await OpenAsync(visitor, who, address);
                        // What was sent before may have ended what the form was for.
                        if (FormsOf(visitor).ElementAtOrDefault(form) is not { } there)
                            continue;
                        var name = $"{route} {there.QuerySelector("input[name=_handler]")?.GetAttribute("value")}";
                        await visitor.SendAsync(there, _ => typed);
                        sent++;
                        forms.Add(name);
                        if ((int)visitor.Status >= 500 || visitor.Page.QuerySelector("main") is not { TextContent.Length: > 0 })
                            failed.Add(string.Create(CultureInfo.InvariantCulture, $"{name} with {number}: {visitor.Status}"));
                    }
                }
            }
        }

        Assert.Empty(failed);
        Assert.True(forms.Count > 40, $"only {forms.Count} forms were found, {sent} were sent");
    }

    public ValueTask DisposeAsync() => _community.DisposeAsync();

    async Task OpenAsync(Visitor visitor, string who, string address)
    {
        var filled = _made.Aggregate(address, (filled, made) => filled.Replace(made.Key, made.Value, StringComparison.Ordinal));
        await visitor.OpenAsync(filled);
        if (who.Length == 0 || !visitor.Address.StartsWith("/Account/Login", StringComparison.Ordinal))
            return;
        await visitor.LogInAsync(who, DemoWorld.Password);
        await visitor.OpenAsync(filled);
    }

    static List<IElement> FormsOf(Visitor visitor) =>
        [.. visitor.Page.QuerySelectorAll("main form[method=post]").Where(form => form.QuerySelectorAll("input[name], textarea[name]").Any(Visitor.IsTypedInto))];
}
