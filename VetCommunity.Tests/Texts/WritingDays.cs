using VetCommunity.Core;
using Xunit;

namespace VetCommunity.Tests.Texts;

public class WritingDays
{
    public static TheoryData<string> AllLanguages => [.. Languages.All];

    [Theory]
    [MemberData(nameof(AllLanguages))]
    public void Each_language_counts_24_hours_and_puts_the_day_first(string language)
    {
        var evening = new DateTime(2026, 11, 27, 20, 12, 0);
        var culture = Languages.CultureOf(language);

        Assert.Equal(language, culture.TwoLetterISOLanguageName);
        Assert.StartsWith("27", evening.ToString("g", culture), StringComparison.Ordinal);
        Assert.All((string[])["g", "f", "t"], format => Assert.EndsWith("20:12", evening.ToString(format, culture), StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_no_language_of_the_interface_is_written_as_english() => Assert.Equal("en-GB", Languages.CultureOf("xx").Name);
}
