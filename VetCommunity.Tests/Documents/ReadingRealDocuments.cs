using System.Text;
using VetCommunity.Core.Documents;
using Xunit;

namespace VetCommunity.Tests.Documents;

/// <summary>Practices that others wrote, where they lie beside the repository (VET_DATA).</summary>
public sealed class ReadingRealDocuments
{
    [Theory]
    [InlineData("innersource", 80)]
    [InlineData("18f-methods", 30)]
    public async Task Every_real_file_is_read_split_and_the_same_again_byte_for_byte(string folder, int least)
    {
        var data = Environment.GetEnvironmentVariable("VET_DATA");
        Assert.SkipWhen(string.IsNullOrEmpty(data), "VET_DATA names no folder with real material");
        var files = Directory.GetFiles(Path.Combine(data!, "practices", folder), "*.md", SearchOption.AllDirectories);
        Assert.True(files.Length >= least, $"{files.Length} files");
        List<string> dropped = [];
        foreach (var file in files)
        {
            var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
            var text = Encoding.UTF8.GetString(bytes);
            var (read, sections) = (FrontMatter.Of(text), Sections.Of(text));
            if (read.Fault is not null || sections.Count == 0 || !Encoding.UTF8.GetBytes(Sections.Join(sections)).AsSpan().SequenceEqual(bytes))
                dropped.Add($"{file}: {read.Fault}");
            // A field that is changed and changed back leaves nothing behind.
            var there = read.With("x-trial", FieldValue.Of("a: b"));
            Assert.Equal(read.Head.Length == 0 ? "---\n---\n" + text : text, there.With("x-trial", null).Document);
        }
        Assert.Empty(dropped);
    }
}
