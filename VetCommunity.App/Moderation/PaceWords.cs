using Microsoft.Extensions.Localization;
using VetCommunity.App.Shell;
using VetCommunity.App.Texts;

namespace VetCommunity.App.Moderation;

static class PaceWords
{
    /// <summary>How long one waits in a slow room, in words.</summary>
    public static string Pace(this IStringLocalizer<ModerationTexts> texts, int seconds) =>
        seconds == 0 ? texts["SlowOff"] : seconds < 60 ? texts.Count("Seconds", seconds) : texts.Count("Minutes", seconds / 60);
}
