using System.Text.Json;
using Microsoft.Extensions.Localization;
using VetCommunity.App.Texts;

namespace VetCommunity.App.Live;

/// <summary>What the scripts of sound and picture say, in the reader's language.</summary>
static class MediaWords
{
    /// <summary>How much somebody wants to send and to see, as js/capture.js knows them.</summary>
    public static readonly IReadOnlyList<string> Modes = ["all", "low", "sound"];

    static readonly string[] Failures = ["Error_denied", "Error_none", "Error_taken", "Error_insecure", "Error_other", "Thing_microphone", "Thing_camera", "Thing_both"];

    /// <summary>The texts by their names; a script puts names of people into <c>{0}</c>.</summary>
    public static string Of(IStringLocalizer<MediaTexts> text, params string[] names) => JsonSerializer.Serialize(names.ToDictionary(name => name, name => text[name].Value, StringComparer.Ordinal));

    /// <summary>Why a device could not be opened.</summary>
    public static string Errors(IStringLocalizer<MediaTexts> text) => Of(text, Failures);
}
