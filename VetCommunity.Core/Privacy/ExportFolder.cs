using System.Globalization;

namespace VetCommunity.Core.Privacy;

/// <summary>Where exports lie until they are fetched or their time is over: outside of everything that is served, for the server's own account only.</summary>
/// <param name="path">The folder.</param>
public sealed class ExportFolder(string path)
{
    /// <summary>Where a member's file of this name lies.</summary>
    internal string PathOf(int member, string file)
    {
        Directory.CreateDirectory(path);
        return Path.Combine(path, string.Create(CultureInfo.InvariantCulture, $"{member}-{file}.zip"));
    }

    /// <summary>Takes away all that lies here of a member.</summary>
    internal void RemoveOf(int member)
    {
        foreach (var file in Of(string.Create(CultureInfo.InvariantCulture, $"{member}-*")))
            File.Delete(file);
    }

    /// <summary>Takes away what belongs to none of these files any more.</summary>
    internal void RemoveExcept(IReadOnlySet<string> wanted)
    {
        foreach (var file in Of("*").Where(file => !wanted.Contains(Path.GetFileNameWithoutExtension(file).Split('-')[^1].Split('.')[0])))
            File.Delete(file);
    }

    string[] Of(string pattern) => Directory.Exists(path) ? Directory.GetFiles(path, pattern) : [];
}
