using VetCommunity.Core.Bridging;

namespace VetCommunity.App.Bridging;

/// <summary>LibreTranslate, or what speaks like it.</summary>
sealed class LibreTranslateSuggestions(MachineCalls calls, string? key) : ISuggestTranslations, IDisposable
{
    public string Name => "LibreTranslate";

    public async Task<string> TranslateAsync(string text, string from, string to, CancellationToken cancel = default)
    {
        Dictionary<string, string> wanted = new(StringComparer.Ordinal) { ["q"] = text, ["source"] = from, ["target"] = to, ["format"] = "text" };
        if (!string.IsNullOrEmpty(key))
            wanted["api_key"] = key;
        using var question = JsonContent.Create(wanted);
        return await calls.AskAsync(HttpMethod.Post, "translate", question, answer => answer.GetProperty("translatedText").GetString() ?? "", cancel);
    }

    public void Dispose() => calls.Dispose();
}
