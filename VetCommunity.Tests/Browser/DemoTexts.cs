using System.Globalization;
using Microsoft.Data.Sqlite;
using VetCommunity.Core.Documents;

namespace VetCommunity.Tests.Browser;

/// <summary>What people have written, as the database has it: names, titles, messages. Also names that nobody translates, and those of the calendar, which the culture has.</summary>
sealed class DemoTexts
{
    /// <summary>Words that are the same in every language.</summary>
    static readonly string[] Everywhere =
    [
        .. Core.Languages.All.Select(Core.Languages.NameOf),
        "VetCommunity", "UTC", "SQLite", "PostgreSQL",
        // Of dates in Catalan, in whose place the pseudo-language stands.
        "de",
    ];

    readonly IReadOnlyList<string> _names;
    readonly string _all;

    DemoTexts(IReadOnlyList<string> texts, DateTimeFormatInfo calendar)
    {
        _names = [.. texts.Where(text => text.Length is >= 3 and <= 200).Concat(Everywhere).Concat(calendar.DayNames).Concat(calendar.MonthNames).Concat(calendar.MonthGenitiveNames).Where(name => name.Length > 0).Distinct(StringComparer.Ordinal).OrderByDescending(text => text.Length)];
        _all = string.Join('\n', texts.Select(Letters));
    }

    public static async Task<DemoTexts> ReadAsync(string file, CultureInfo culture)
    {
        List<string> texts = [];
        await using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        await connection.OpenAsync();
        foreach (var (table, column) in await PairsAsync(connection, "SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.sql NOT LIKE '%VIRTUAL%' AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\' AND c.type = 'TEXT'"))
            texts.AddRange((await PairsAsync(connection, $"SELECT DISTINCT \"{column}\", '' FROM \"{table}\" WHERE \"{column}\" <> ''")).Select(pair => pair.First));
        texts.AddRange(texts.Where(text => text.StartsWith("---\n", StringComparison.Ordinal)).SelectMany(text => FrontMatter.Of(text).Fields).Where(field => field.Name is "region" or "cost" or "started").Select(field => field.Value.AsText).OfType<string>().ToList());
        return new(texts, culture.DateTimeFormat);
    }

    /// <summary>What is left of a text of a page when all that people wrote is taken out of it.</summary>
    public string Without(string text)
    {
        // An excerpt has lost its markdown, and perhaps its end.
        if (Letters(text) is { Length: >= 12 } letters && _all.Contains(letters, StringComparison.Ordinal))
            return "";
        foreach (var name in _names)
        {
            for (var at = text.IndexOf(name, StringComparison.Ordinal); at >= 0; at = text.IndexOf(name, at + 1, StringComparison.Ordinal))
            {
                if (!IsLetter(text, at - 1) && !IsLetter(text, at + name.Length))
                    text = text[..at] + ' ' + text[(at + name.Length)..];
            }
        }
        return text.Trim();
    }

    static bool IsLetter(string text, int at) => at >= 0 && at < text.Length && char.IsLetter(text[at]);

    static string Letters(string text) => string.Concat(text.Normalize().Where(char.IsLetter));

    static async Task<List<(string First, string Second)>> PairsAsync(SqliteConnection connection, string query)
    {
        List<(string, string)> pairs = [];
        await using var command = connection.CreateCommand();
        command.CommandText = query;
        await using var rows = await command.ExecuteReaderAsync();
        while (await rows.ReadAsync())
            pairs.Add((Convert.ToString(rows.GetValue(0), CultureInfo.InvariantCulture)!, Convert.ToString(rows.GetValue(1), CultureInfo.InvariantCulture)!));
        return pairs;
    }
}
