using System.Globalization;
using System.Text;

namespace VetCommunity.Core.Search;

/// <summary>What the two databases say differently about one index.</summary>
abstract class IndexDialect
{
    public static IndexDialect Sqlite { get; } = new Fts5();
    public static IndexDialect Postgres { get; } = new TsVector();

    /// <summary>Puts the document <c>@tokens</c> under the number <c>@id</c>.</summary>
    public abstract string Insert { get; }

    /// <summary>Ends a question for messages to index: another process takes others.</summary>
    public virtual string Claim => "";

    /// <summary>Ends a question for messages to index: until they are, nobody in another process changes them, and a change under way there is waited for.</summary>
    public virtual string Hold => "";

    /// <summary>A message's words in their order, and its marks.</summary>
    public abstract string Document(IReadOnlyList<string> words, IReadOnlyList<string> marks);

    /// <summary>Marks of the time, where the index itself cannot be read from the newest on.</summary>
    public virtual IReadOnlyList<string> TimeMarks(long searchId) => [];

    /// <summary>Questions that a message must answer all: of each clause at least one phrase.</summary>
    public abstract IReadOnlyList<string> Questions(IReadOnlyList<Clause> clauses);

    /// <summary>The newest messages that answer <c>@question0</c> and the others, between two numbers.</summary>
    public abstract string Newest(int questions);

    /// <summary>Whether any message answers <c>@question</c>.</summary>
    public abstract string Any { get; }

    sealed class Fts5 : IndexDialect
    {
        public override string Insert => """INSERT INTO "MessageIndex" (rowid, "Tokens") VALUES (@id, @tokens)""";

        public override string Newest(int questions) => """
            SELECT rowid AS "Value" FROM "MessageIndex" WHERE "MessageIndex" MATCH @question0 AND rowid >= @first AND rowid <= @last ORDER BY rowid DESC LIMIT @most
            """;

        public override string Any => """SELECT 1 FROM "MessageIndex" WHERE "MessageIndex" MATCH @question LIMIT 1""";

        public override string Document(IReadOnlyList<string> words, IReadOnlyList<string> marks)
        {
            var document = new StringBuilder().AppendJoin(' ', words);
            foreach (var mark in marks)
                document.Append(' ').Append(mark);
            return document.ToString();
        }

        public override IReadOnlyList<string> Questions(IReadOnlyList<Clause> clauses) => [string.Join(" AND ", clauses.Select(clause =>
            $"({string.Join(" OR ", clause.Phrases.Select(phrase => $"\"{string.Join(' ', phrase)}\""))})"))];
    }

    sealed class TsVector : IndexDialect
    {
        public override string Insert => """INSERT INTO "MessageIndex" (rowid, "Tokens") VALUES (@id, CAST(@tokens AS tsvector))""";

        public override string Claim => "FOR UPDATE OF m SKIP LOCKED";

        public override string Hold => "FOR SHARE OF m";

        // The sums keep it from walking through the table in the order of its key, or through all keys between two, instead of asking the index alone.
        // Asked one by one, what few messages answer lets the index leap over the long list of another question; as one question it would read that list.
        public override string Newest(int questions) => $"""
            SELECT rowid AS "Value" FROM "MessageIndex"
            WHERE {string.Join(" AND ", Enumerable.Range(0, questions).Select(number => $"\"Tokens\" @@ CAST(@question{number.ToString(CultureInfo.InvariantCulture)} AS tsquery)"))}
                AND rowid + 0 >= @first AND rowid + 0 <= @last
            ORDER BY rowid + 0 DESC LIMIT @most
            """;

        public override string Any => """SELECT 1 FROM "MessageIndex" WHERE "Tokens" @@ CAST(@question AS tsquery) LIMIT 1""";

        public override IReadOnlyList<string> TimeMarks(long searchId) =>
            [.. TimeWindow.Levels.Select(level => TimeWindow.Mark(level, SearchId.Millisecond(searchId) >> level))];

        public override string Document(IReadOnlyList<string> words, IReadOnlyList<string> marks)
        {
            var document = new StringBuilder();
            foreach (var word in words.Select((word, place) => (word, place)).GroupBy(one => one.word, one => one.place + 1, StringComparer.Ordinal))
                document.Append(CultureInfo.InvariantCulture, $"'{word.Key}':").AppendJoin(',', word).Append(' ');
            foreach (var mark in marks)
                document.Append(CultureInfo.InvariantCulture, $"'{mark}' ");
            return document.ToString();
        }

        public override IReadOnlyList<string> Questions(IReadOnlyList<Clause> clauses) => [.. clauses.Select(clause =>
            string.Join(" | ", clause.Phrases.Select(phrase => $"({string.Join(" <-> ", phrase.Select(token => $"'{token}'"))})")))];
    }
}

/// <summary>Phrases of which a message must hold at least one. A single word or mark is a phrase of one.</summary>
readonly record struct Clause(IReadOnlyList<IReadOnlyList<string>> Phrases)
{
    public static Clause Any(IEnumerable<string> tokens) => new([.. tokens.Select(token => (IReadOnlyList<string>)[token])]);
}
