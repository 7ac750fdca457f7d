using System.Globalization;
using System.Text;
using VetCommunity.Core.Files;

namespace VetCommunity.Core.Privacy;

/// <summary>
/// Who left, by number, in a file beside the database: a backup that was made before knows nothing of it, and whoever it brings back is deleted again at the next start.
/// It holds no name. A number may be given again in a database that was set back, so the moment of joining stands beside it.
/// </summary>
/// <param name="path">The file.</param>
public sealed class ErasureRegister(string path)
{
    readonly Lock _one = new();

    /// <summary>Whether anybody was ever written down here.</summary>
    public bool Exists => File.Exists(path);

    /// <summary>All of them. A line that cannot be read is none.</summary>
    internal IReadOnlyList<ErasedMember> Read() => ReadFrom(path);

    /// <summary>Writes one down. Answers false for one who left once already and came back with a backup.</summary>
    internal bool Add(ErasedMember one) => Change(all => all.Any(other => other.IsSame(one)) ? all : all.Append(one));

    /// <summary>Takes one out again that stayed after all.</summary>
    internal void Remove(ErasedMember one) => Change(all => all.Where(other => !other.IsSame(one)));

    /// <summary>Takes over what another register says, where there is one.</summary>
    internal void Merge(string other) => Change(all => all.Concat(ReadFrom(other)));

    bool Change(Func<IEnumerable<ErasedMember>, IEnumerable<ErasedMember>> change)
    {
        lock (_one)
        {
            var before = Read();
            var after = change(before).OrderBy(one => one.At).Select(one => one.ToLine()).Distinct(StringComparer.Ordinal).ToList();
            if (after.Count == before.Count)
                return false;
            var unfinished = path + ".part";
            using (var stream = PrivateFile.Create(unfinished))
            {
                stream.Write(Encoding.ASCII.GetBytes(string.Concat(after.Select(line => line + '\n'))));
                stream.Flush(flushToDisk: true);
            }
            File.Move(unfinished, path, overwrite: true);
            return true;
        }
    }

    static List<ErasedMember> ReadFrom(string file) =>
        File.Exists(file) ? [.. File.ReadLines(file).Select(ErasedMember.OfLine).OfType<ErasedMember>()] : [];
}

/// <summary>Somebody who left.</summary>
/// <param name="MemberId">The number.</param>
/// <param name="JoinedAt">When this one had joined, in whole milliseconds.</param>
/// <param name="At">When the account was emptied.</param>
/// <param name="WithTexts">What was written in rooms went as well.</param>
sealed record ErasedMember(int MemberId, DateTimeOffset JoinedAt, DateTimeOffset At, bool WithTexts)
{
    public bool IsSame(ErasedMember other) => MemberId == other.MemberId && JoinedAt.ToUnixTimeMilliseconds() == other.JoinedAt.ToUnixTimeMilliseconds();

    public string ToLine() => string.Create(CultureInfo.InvariantCulture, $"{MemberId} {JoinedAt.ToUnixTimeMilliseconds()} {At.ToUnixTimeMilliseconds()} {(WithTexts ? 1 : 0)}");

    public static ErasedMember? OfLine(string line) =>
        line.Split(' ') is [var member, var joined, var at, "0" or "1"] parts && int.TryParse(member, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && long.TryParse(joined, NumberStyles.None, CultureInfo.InvariantCulture, out var from) && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var until)
        && from < MostMilliseconds && until < MostMilliseconds
            ? new(number, DateTimeOffset.FromUnixTimeMilliseconds(from), DateTimeOffset.FromUnixTimeMilliseconds(until), parts[3] == "1")
            : null;

    // The year 9999 ends there.
    static readonly long MostMilliseconds = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds();
}
