using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace VetCommunity.App.Live;

/// <summary>A table that offices read (RFC 4180, UTF-8 with a byte order mark, without which some take accents for something else).</summary>
static class TableFile
{
    public const string Type = "text/csv; charset=utf-8";

    // What begins like a formula must not become one where it is opened.
    static readonly CsvConfiguration Format = new(CultureInfo.InvariantCulture) { InjectionOptions = InjectionOptions.Escape };

    public static async Task<byte[]> OfAsync(IReadOnlyList<string> heads, IEnumerable<IReadOnlyList<string>> lines)
    {
        using var file = new MemoryStream();
        await using (var writer = new StreamWriter(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true)))
        await using (var table = new CsvWriter(writer, Format))
        {
            foreach (var line in lines.Prepend(heads))
            {
                foreach (var field in line)
                    table.WriteField(field);
                await table.NextRecordAsync();
            }
        }
        return file.ToArray();
    }
}
