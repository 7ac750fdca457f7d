using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using VetCommunity.App.Limiting;
using VetCommunity.Core;
using VetCommunity.Core.Operation;
using Xunit;

namespace VetCommunity.Tests.Limiting;

public sealed partial class SettingLimits
{
    [Fact]
    public void The_class_the_settings_file_and_the_page_about_limits_name_the_same_ones_with_the_same_values()
    {
        var written = JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "appsettings.json")))
            .GetProperty("Limits").EnumerateObject().ToDictionary(one => one.Name, one => one.Value.GetInt32(), StringComparer.Ordinal);
        var told = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "limits.md")).Select(line => RowPattern().Match(line)).Where(row => row.Success)
            .ToDictionary(row => row.Groups["name"].Value, row => int.Parse(row.Groups["value"].Value, CultureInfo.InvariantCulture), StringComparer.Ordinal);

        Assert.NotEmpty(ConfiguredLimits.Usual);
        Assert.Equal(ConfiguredLimits.Usual.OrderBy(one => one.Key, StringComparer.Ordinal), written.OrderBy(one => one.Key, StringComparer.Ordinal));
        Assert.Equal(ConfiguredLimits.Usual.OrderBy(one => one.Key, StringComparer.Ordinal), told.OrderBy(one => one.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_set_counts_and_the_rest_is_usual()
    {
        var limits = Of(("Limits:SearchesAtOnce", "3"), ("limits:uploadmegabytes", "7"), ("Limits:Invitations", ""), ("RateLimits:Enabled", "false"));

        Assert.Equal((3, 7, ConfiguredLimits.Usual["Invitations"], ConfiguredLimits.Usual["MailMinutes"], false),
            (limits.SearchesAtOnce, limits.Uploads.Megabytes, limits.Invitations, limits.MailMinutes, limits.AreOn));
    }

    [Fact]
    public void Every_one_of_them_refuses_nothing_less_than_nothing_too_much_and_words_in_one_sentence_that_names_it()
    {
        foreach (var name in ConfiguredLimits.Usual.Keys)
        {
            foreach (var nonsense in (string[])["0", "-1", "many", "1.5", "99999999999", "1000001", " "])
            {
                var refused = Assert.Throws<OperationFailedException>(() => Of(("Limits:" + name, nonsense)));
                Assert.StartsWith($"Limits:{name} is {nonsense}; it must be a number from ", refused.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("Limits:Serches", "3", "Limits:Serches is no limit that there is")]
    [InlineData("Limits:AreOn", "3", "Limits:AreOn is no limit that there is")]
    [InlineData("Limits:Invitations:Often", "3", "Limits:Invitations is no number")]
    [InlineData("Limits:SilenceSeconds", "19", "Limits:SilenceSeconds is 19; it must be at least twice Limits:PingSeconds, which is 10.")]
    [InlineData("Limits:PingSeconds", "11", "Limits:PingSeconds is 11; it must be a number from 1 to 10.")]
    public void A_name_that_is_none_and_numbers_that_do_not_go_together_are_refused(string key, string value, string sentence) =>
        Assert.StartsWith(sentence, Assert.Throws<OperationFailedException>(() => Of((key, value))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_pace_counts_each_one_alone_and_not_at_all_where_limits_are_off()
    {
        using var pace = new Pace(new(), 2, 1, 600);
        using var free = new Pace(new() { AreOn = false }, 1, 1, 600);
        for (var number = 0; number < 2; number++)
            pace.Count(1);

        var refused = Assert.Throws<RefusedException>(() => pace.Count(1));

        Assert.Equal((Refusal.TooFast, 600), (refused.Refusal, refused.Arguments[0]));
        pace.Count(2);
        for (var number = 0; number < 5; number++)
            free.Count(1);
    }

    static ConfiguredLimits Of(params (string Key, string Value)[] settings) =>
        ConfiguredLimits.Of(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(one => KeyValuePair.Create(one.Key, (string?)one.Value))).Build());

    [GeneratedRegex(@"^\| `(?<name>\w+)` \| (?<value>\d+) \|", RegexOptions.NonBacktracking)]
    private static partial Regex RowPattern();
}
