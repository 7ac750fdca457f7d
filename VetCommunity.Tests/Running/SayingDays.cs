using System.Globalization;
using VetCommunity.App.Shell;
using Xunit;

namespace VetCommunity.Tests.Running;

public class SayingDays
{
    static readonly DateTimeOffset At = new(2026, 3, 1, 23, 30, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("en", "2 Mar 2026", "2 March 2026")]
    [InlineData("it", "2 mar 2026", "2 marzo 2026")]
    [InlineData("de", "2. März 2026", "2. März 2026")]
    [InlineData("es", "2 mar 2026", "2 de marzo de 2026")]
    [InlineData("ca", "2 de març 2026", "2 de març de 2026")]
    [InlineData("el", "2 Μαρ 2026", "2 Μαρτίου 2026")]
    public void A_day_is_said_as_the_readers_language_says_it(string language, string shortly, string inWords)
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(language);
            Assert.Equal((shortly, inWords, inWords), (At.In("Europe/Rome", Times.ShortDay), At.In("Europe/Rome", Times.LongDay), new DateOnly(2026, 3, 2).InWords()));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
