using System.Globalization;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace VetCommunity.Bench;

/// <summary>Prints each figure as a ratio to its floor, with what must be and what is the goal.</summary>
sealed class Figures
{
    readonly List<string> _lines = [];

    bool AllReached { get; set; } = true;

    /// <summary>Measures in a folder of its own, which is gone afterwards, and says what was reached. Answers with the exit code.</summary>
    public static async Task<int> MeasureAsync(string name, Func<string, Figures, Task> measure)
    {
        var folder = Directory.CreateTempSubdirectory($"vet-{name}-").FullName;
        var figures = new Figures();
        try
        {
            await measure(folder, figures);
        }
        finally
        {
            SqliteConnection.ClearAllPools();
            NpgsqlConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
        figures.Print();
        return figures.AllReached ? 0 : 1;
    }

    public void AtLeast(string what, double ratio, double must, double? goal = null) => Add(what, Text(ratio), ratio >= must, ratio >= goal, $"must {Text(must)}", goal);

    public void AtMost(string what, double value, double must, double? goal = null) => Add(what, Text(value), value <= must, value <= goal, $"must be at most {Text(must)}", goal);

    void Print()
    {
        Console.WriteLine();
        _lines.ForEach(Console.WriteLine);
        Console.WriteLine(AllReached ? "Every figure that must be reached is reached." : "NOT every figure that must be reached is reached.");
    }

    public static void Note(FormattableString note) => Console.WriteLine(note.ToString(CultureInfo.InvariantCulture));

    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }

    void Add(string what, string value, bool reached, bool goalReached, string must, double? goal)
    {
        AllReached &= reached;
        var verdict = !reached ? "NOT reached" : goal is null ? "reached" : goalReached ? "reached, and the goal" : "reached, the goal not";
        _lines.Add($"{what}: {value} ({must}{(goal is null ? "" : $", goal {Text(goal.Value)}")}): {verdict}");
    }

    static string Text(double value) => value.ToString(value >= 10 ? "F1" : "F2", CultureInfo.InvariantCulture);
}
