namespace VetCommunity.Tests.Authorisation;

/// <summary>One row of docs/authorisation.md: what is called, a call of it, and what each kind of caller gets.</summary>
public sealed record AuthorisationRow(string What, string Example, IReadOnlyDictionary<string, string> Answers)
{
    public override string ToString() => $"| {What} | `{Example}` | {string.Join(" | ", Answers.Values)} |";
}

/// <summary>docs/authorisation.md, as it is read by the test.</summary>
public static class AuthorisationTable
{
    public static IReadOnlyList<AuthorisationRow> Read()
    {
        var lines = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "authorisation.md"))
            .Where(line => line.StartsWith('|')).Select(line => line.Trim('|', ' ').Split('|', StringSplitOptions.TrimEntries)).ToList();
        var callers = lines[0][2..];
        return [.. lines.Skip(2).Select(cells => new AuthorisationRow(
            cells[0], cells[1].Trim('`'), callers.Zip(cells[2..]).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal)))];
    }
}
