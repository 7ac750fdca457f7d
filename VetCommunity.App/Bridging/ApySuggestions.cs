using VetCommunity.Core;
using VetCommunity.Core.Bridging;

namespace VetCommunity.App.Bridging;

/// <summary>Apertium's APy. It names languages with three letters in most packages and with two in some.</summary>
sealed class ApySuggestions(MachineCalls calls) : ISuggestTranslations, IDisposable
{
    static readonly Dictionary<string, string[]> Codes = new(StringComparer.Ordinal)
    {
        ["en"] = ["eng", "en"],
        ["it"] = ["ita", "it"],
        ["de"] = ["deu", "de"],
        ["es"] = ["spa", "es"],
        ["ca"] = ["cat", "ca"],
        ["el"] = ["ell", "el"],
    };

    public string Name => "Apertium";

    public async Task<string> TranslateAsync(string text, string from, string to, CancellationToken cancel = default)
    {
        var known = await calls.AskAsync(HttpMethod.Get, "listPairs", question: null, answer => answer.GetProperty("responseData").EnumerateArray()
            .Select(pair => (pair.GetProperty("sourceLanguage").GetString(), pair.GetProperty("targetLanguage").GetString())).ToList(), cancel);
        var pair = known.Find(one => Codes[from].Contains(one.Item1, StringComparer.Ordinal) && Codes[to].Contains(one.Item2, StringComparer.Ordinal));
        if (pair.Item1 is null)
            throw new RefusedException(Refusal.MachineLacksPair);
        // Words that it does not know would come with an asterisk, which is markdown.
        using var question = new FormUrlEncodedContent([new("langpair", $"{pair.Item1}|{pair.Item2}"), new("q", text), new("markUnknown", "no")]);
        return await calls.AskAsync(HttpMethod.Post, "translate", question, answer => answer.GetProperty("responseData").GetProperty("translatedText").GetString() ?? "", cancel);
    }

    public void Dispose() => calls.Dispose();
}
