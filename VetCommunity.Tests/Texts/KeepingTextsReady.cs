using System.Globalization;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using VetCommunity.App.Texts;
using VetCommunity.Core;
using Xunit;

namespace VetCommunity.Tests.Texts;

public sealed class KeepingTextsReady
{
    static readonly LocalizationOptions Options = new();

    [Fact]
    public void Each_language_has_its_own_words_whoever_asked_before()
    {
        var ready = new ReadyTexts(new OptionsWrapper<LocalizationOptions>(Options), NullLoggerFactory.Instance).Create(typeof(RoomTexts));
        var plain = new ResourceManagerStringLocalizerFactory(new OptionsWrapper<LocalizationOptions>(Options), NullLoggerFactory.Instance).Create(typeof(RoomTexts));
        foreach (var language in Languages.All.Concat(Languages.All))
        {
            In(language, () =>
            {
                Assert.Equal(plain["Send"].Value, ready["Send"].Value);
                Assert.Equal(plain["ActionsFor", "Anna"].Value, ready["ActionsFor", "Anna"].Value);
                Assert.Equal(plain["ActionsFor", 1234.5].Value, ready["ActionsFor", 1234.5].Value);
                Assert.True(ready["There is none"].ResourceNotFound);
                Assert.Equal("There is none", ready["There is none"].Value);
                Assert.Equal(plain["There is none {0}", 1].Value, ready["There is none {0}", 1].Value);
            });
        }
        Assert.Equal("Senden", In("de", () => ready["Send"].Value));
        Assert.Equal("Send", In("en", () => ready["Send"].Value));
    }

    static void In(string language, Action act) => In(language, () =>
    {
        act();
        return 0;
    });

    static T In<T>(string language, Func<T> act)
    {
        var before = (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture);
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (CultureInfo.GetCultureInfo(language), CultureInfo.GetCultureInfo(language));
        try
        {
            return act();
        }
        finally
        {
            (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = before;
        }
    }
}
