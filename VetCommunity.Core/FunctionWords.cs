using System.Collections.Frozen;

namespace VetCommunity.Core;

/// <summary>The small words that every sentence is held together by. Where those of one language are many and those of the others few, nothing else needs to be asked.</summary>
static class FunctionWords
{
    // A lead of fewer may be a name or a loan word.
    const int Lead = 3;

    static readonly (string Code, string Words)[] Lists =
    [
        ("en", "the of and to in is that it for was on are with as they be at one have this from or had by but not what all were we when your can there an each which she do how their if will up other about out many then them these so some her would like him into has two more see way could people my than first been who its now did get our you i any does should here why"),
        ("it", "il lo la i gli le un una di a da in con su per tra fra e o ma che non è sono ho hai ha abbiamo avete hanno questo questa questi queste quello quella più come anche se si ci ne del della dei delle dello degli al alla ai alle nel nella nei nelle dal dalla sul sulla chi cosa quando dove perché molto tutto tutti mi ti noi voi loro l d dell all nell c qui già ancora solo"),
        ("de", "der die das und ist nicht ein eine einen einem einer eines ich du er sie es wir ihr in im zu zum zur auf für mit von vom bei den dem des an am als auch so wie was wer wo wenn dass oder aber noch nur schon sich hat haben hatte sind war waren wird werden kann können muss müssen uns unser unsere ihre nach aus über mehr sehr hier da dann man kein keine mir mich ob doch"),
        ("es", "el la los las un una unos unas de del a al en con por para sin sobre y o u pero que qué no sí se es son está están fue ha han hay he hemos lo le les me te nos su sus mi tu este esta estos estas eso ese esa como cómo más muy también porque cuando donde dónde quien quién todo todos si ya nosotros ser tiene hasta desde aquí"),
        ("ca", "el la els les un una uns unes de del dels a al als en amb per sense sobre i o però que què no sí es és són està estan ha han hi he hem ho li em et ens us seu seva meu meva aquest aquesta aquests aquestes això com més molt també perquè quan on qui tot tots si ja nosaltres ser té cal l d s n fins des aquí"),
    ];

    static readonly FrozenDictionary<string, int> Languages = Lists
        .SelectMany((list, number) => list.Words.Split(' ').Select(word => (Word: word, Language: 1 << number)))
        .GroupBy(one => one.Word, StringComparer.Ordinal).ToFrozenDictionary(one => one.Key, one => one.Aggregate(0, (all, next) => all | next.Language), StringComparer.Ordinal);

    static readonly int Longest = Languages.Keys.Max(word => word.Length);

    /// <summary>The code of the language, where the words leave no doubt. Looks at each letter once.</summary>
    public static string? LanguageOf(ReadOnlySpan<char> text)
    {
        var known = Languages.GetAlternateLookup<ReadOnlySpan<char>>();
        Span<int> counts = stackalloc int[Lists.Length];
        Span<char> word = stackalloc char[Longest];
        var length = 0;
        for (var i = 0; i <= text.Length; i++)
        {
            if (i < text.Length && char.IsLetter(text[i]))
            {
                if (length < Longest)
                    word[length] = char.ToLowerInvariant(text[i]);
                length++;
                continue;
            }
            if (length > 0 && length <= Longest && known.TryGetValue(word[..length], out var languages))
            {
                for (var number = 0; number < counts.Length; number++)
                    counts[number] += (languages >> number) & 1;
            }
            length = 0;
        }
        var (best, next) = (0, 0);
        for (var number = 1; number < counts.Length; number++)
        {
            if (counts[number] > counts[best])
                best = number;
        }
        for (var number = 0; number < counts.Length; number++)
        {
            if (number != best)
                next = Math.Max(next, counts[number]);
        }
        return counts[best] >= next + Lead && counts[best] >= 2 * next ? Lists[best].Code : null;
    }
}
