using System.Globalization;
using System.Text;
using VetCommunity.Core.Markdown;

namespace VetCommunity.Core.Search;

/// <summary>Words that stand next to each other in what is looked for; mostly it is one.</summary>
/// <param name="Words">Folded, in their order.</param>
/// <param name="IsBeginning">The last of them may be unfinished.</param>
public sealed record SearchTerm(IReadOnlyList<string> Words, bool IsBeginning);

/// <summary>What somebody typed to find messages: words, phrases in quotation marks, and operators such as <c>room:welding</c>. Any text can be read.</summary>
public sealed class SearchQuery
{
    /// <summary>Characters of a search.</summary>
    public const int Longest = 500;

    readonly List<SearchTerm> _terms = [];
    readonly List<string> _rooms = [], _topics = [], _authors = [], _languages = [];

    SearchQuery(string text) => Text = text;

    /// <summary>As it was typed.</summary>
    public string Text { get; }
    /// <summary>Words and phrases; all of them must be there.</summary>
    public IReadOnlyList<SearchTerm> Terms => _terms;
    /// <summary>Short names of rooms; one of them must be the message's.</summary>
    public IReadOnlyList<string> Rooms => _rooms;
    /// <summary>Parts of topics' names, folded; one of them must be in the message's.</summary>
    public IReadOnlyList<string> Topics => _topics;
    /// <summary>Handles, or <c>me</c>.</summary>
    public IReadOnlyList<string> Authors => _authors;
    /// <summary>Codes of languages.</summary>
    public IReadOnlyList<string> Languages => _languages;
    /// <summary>What must be in the message besides words.</summary>
    public Contents Has { get; private set; }
    /// <summary>Sent before this instant.</summary>
    public DateTimeOffset? Before { get; private set; }
    /// <summary>Sent at this instant or later.</summary>
    public DateTimeOffset? Since { get; private set; }
    /// <summary>Why this search cannot be done; null where it can.</summary>
    public RefusedException? Wrong { get; private set; }

    bool IsEmpty => _terms.Count == 0 && _rooms.Count == 0 && _topics.Count == 0 && _authors.Count == 0 && _languages.Count == 0
        && Has == Contents.None && Before is null && Since is null;

    /// <summary>Reads what was typed.</summary>
    /// <param name="text">Anything.</param>
    /// <param name="timeZone">Where days begin and end.</param>
    public static SearchQuery Parse(string? text, string timeZone)
    {
        var query = new SearchQuery(Legible(text ?? ""));
        if (query.Text.Length > Longest)
        {
            query.Wrong = new(Refusal.SearchTooLong, Longest);
            return query;
        }
        foreach (var part in SearchPart.Of(query.Text))
        {
            if (!query.TryOperator(part, timeZone))
                query.Add(part.Text, isBeginning: !part.IsQuoted);
        }
        query.OnlyLastIsBeginning();
        if (query.IsEmpty)
            query.Wrong ??= new(Refusal.NothingToSearch);
        return query;
    }

    /// <summary>Words and phrases alone, for what knows no operators: there they are words too.</summary>
    /// <param name="text">Anything.</param>
    /// <exception cref="RefusedException"><see cref="Refusal.SearchTooLong"/></exception>
    public static IReadOnlyList<SearchTerm> TermsOf(string? text)
    {
        var query = new SearchQuery(Legible(text ?? ""));
        if (query.Text.Length > Longest)
            throw new RefusedException(Refusal.SearchTooLong, Longest);
        foreach (var part in SearchPart.Of(query.Text))
            query.Add(part.Text, isBeginning: !part.IsQuoted);
        query.OnlyLastIsBeginning();
        return query._terms;
    }

    // Halves of letters and control characters: no database takes them.
    internal static string Legible(string text) =>
        string.Concat(text.EnumerateRunes().Select(rune => Rune.IsControl(rune) ? " " : rune.ToString()));

    void Add(string text, bool isBeginning)
    {
        if (Words.In(text) is [_, ..] words)
            _terms.Add(new(words.ConvertAll(word => word.Folded), isBeginning && words[^1].Folded.Length >= Prefixes.Shortest));
    }

    // Only what was typed last may be unfinished.
    void OnlyLastIsBeginning()
    {
        for (var i = 0; i < _terms.Count - 1; i++)
            _terms[i] = _terms[i] with { IsBeginning = false };
    }

    bool TryOperator(SearchPart part, string timeZone)
    {
        if (string.IsNullOrWhiteSpace(part.Value))
            return false;
        switch (part.Operator)
        {
            case "room":
                _rooms.Add(part.Value);
                return true;
            case "topic" when Words.In(part.Value).Count > 0:
                _topics.Add(Folding.Fold(part.Value));
                return true;
            case "from":
                _authors.Add(part.Value.TrimStart('@').ToLowerInvariant());
                return true;
            case "lang" when Core.Languages.All.Contains(part.Value.ToLowerInvariant(), StringComparer.Ordinal):
                _languages.Add(part.Value.ToLowerInvariant());
                return true;
            case "lang":
                Wrong ??= new(Refusal.SearchLanguageUnknown, part.Value, string.Join(", ", Core.Languages.All));
                return true;
            case "has" when KindOf(part.Value) is { } kind:
                Has |= kind;
                return true;
            case "has":
                Wrong ??= new(Refusal.SearchContentUnknown, part.Value, string.Join(", ", Kinds.Select(NameOf)));
                return true;
            case "before" or "after" when DayOf(part.Value) is { } day:
                Limit(part.Operator, BeginningOf(day, timeZone));
                return true;
            case "before" or "after":
                Wrong ??= new(Refusal.SearchDateWrong, part.Value);
                return true;
            default:
                return false;
        }
    }

    void Limit(string name, DateTimeOffset at)
    {
        if (name == "before")
            Before = Before < at ? Before : at;
        else
            Since = Since > at ? Since : at;
    }

    static IEnumerable<Contents> Kinds => Enum.GetValues<Contents>().Where(kind => kind != Contents.None);

    static string NameOf(Contents kind) => kind.ToString().ToLowerInvariant();

    static Contents? KindOf(string name) => Kinds.Where(kind => NameOf(kind).Equals(name, StringComparison.OrdinalIgnoreCase)).Select(kind => (Contents?)kind).FirstOrDefault();

    static DateOnly? DayOf(string text) =>
        DateOnly.TryParseExact(text, ["yyyy-MM-dd", "yyyy-M-d"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    static DateTimeOffset BeginningOf(DateOnly day, string timeZone)
    {
        var zone = TimeZoneInfo.TryFindSystemTimeZoneById(timeZone, out var known) ? known : TimeZoneInfo.Utc;
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        // The calendar ends a few hours before some zones do.
        return day.Year is 1 or 9999 ? new(midnight, TimeSpan.Zero) : new(midnight, zone.GetUtcOffset(midnight));
    }
}
