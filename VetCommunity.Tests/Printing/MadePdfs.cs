using System.Globalization;
using System.Text;
using VetCommunity.App.Printing;
using Xunit;

namespace VetCommunity.Tests.Printing;

/// <summary>PDFs as people have them, and as nobody should.</summary>
static class MadePdfs
{
    /// <summary>A page for each text, with a picture and its lines in a font that every program has.</summary>
    public static byte[] Of(int width, int height, params IReadOnlyList<string> pages)
    {
        List<string> objects = ["<< /Type /Catalog /Pages 2 0 R >>",
            string.Create(CultureInfo.InvariantCulture, $"<< /Type /Pages /Kids [{string.Join(' ', pages.Select((_, page) => $"{4 + (2 * page)} 0 R"))}] /Count {pages.Count} >>"),
            "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"];
        foreach (var words in pages)
        {
            objects.Add(string.Create(CultureInfo.InvariantCulture,
                $"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents {objects.Count + 2} 0 R /Resources << /Font << /F 3 0 R >> >> >>"));
            var lines = words.Split('\n').Select((line, index) => string.Create(CultureInfo.InvariantCulture, $"1 0 0 1 40 {(height / 2) - (index * 60)} Tm ({line}) Tj"));
            objects.Add(Stream("", string.Create(CultureInfo.InvariantCulture, $"0 0.3 0.4 rg 20 20 {width / 4} {height / 4} re f BT /F 32 Tf {string.Join(' ', lines)} ET")));
        }
        return Written("", [.. objects]);
    }

    public static byte[] OfPages(int count) => Of(320, 180, [.. Enumerable.Range(1, count).Select(number => string.Create(CultureInfo.InvariantCulture, $"Page {number}"))]);

    public static byte[] WithoutPages() => Written("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>");

    /// <summary>One that opens with a password only.</summary>
    public static byte[] Locked() => Written("/Encrypt 4 0 R /ID [<00> <00>]", [.. OnePage,
        $"<< /Filter /Standard /V 1 /R 2 /P -4 /O <{new string('1', 64)}> /U <{new string('2', 64)}> >>"]);

    /// <summary>One page that draws a form, which draws another one many times, and so on: to draw it takes longer than anybody lives.</summary>
    public static byte[] Endless()
    {
        const int Levels = 12;
        List<string> objects = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 960 540] /Contents 4 0 R /Resources << /XObject << /F 5 0 R >> >> >>", Stream("", "/F Do")];
        for (var level = 0; level < Levels; level++)
        {
            var next = level + 6;
            objects.Add(level == Levels - 1 ? Stream("/Type /XObject /Subtype /Form /BBox [0 0 960 540]", "0 0 900 500 re f")
                : Stream(string.Create(CultureInfo.InvariantCulture, $"/Type /XObject /Subtype /Form /BBox [0 0 960 540] /Resources << /XObject << /F {next} 0 R >> >>"), string.Concat(Enumerable.Repeat("/F Do ", 30))));
        }
        return Written("", [.. objects]);
    }

    static string[] OnePage => ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 960 540] >>"];

    static string Stream(string about, string content) => string.Create(CultureInfo.InvariantCulture, $"<< {about} /Length {content.Length} >>\nstream\n{content}\nendstream");

    static byte[] Written(string catalog, string pages) => Written("", [catalog, pages]);

    static byte[] Written(string trailer, string[] objects)
    {
        var pdf = new StringBuilder("%PDF-1.7\n");
        List<int> at = [];
        foreach (var (index, content) in objects.Index())
        {
            at.Add(pdf.Length);
            pdf.Append(CultureInfo.InvariantCulture, $"{index + 1} 0 obj\n{content}\nendobj\n");
        }
        var table = pdf.Length;
        pdf.Append(CultureInfo.InvariantCulture, $"xref\n0 {objects.Length + 1}\n0000000000 65535 f \n");
        foreach (var place in at)
            pdf.Append(CultureInfo.InvariantCulture, $"{place:0000000000} 00000 n \n");
        pdf.Append(CultureInfo.InvariantCulture, $"trailer\n<< /Size {objects.Length + 1} /Root 1 0 R {trailer} >>\nstartxref\n{table}\n%%EOF\n");
        return Encoding.Latin1.GetBytes(pdf.ToString());
    }
}

/// <summary>What draws them.</summary>
static class Poppler
{
    /// <summary>Where Debian puts them.</summary>
    public const string Programs = "/usr/bin";

    /// <summary>Skips a test where the programs are not.</summary>
    public static void Demand() => Assert.SkipUnless(PdfPages.AreIn(Programs), "Poppler's programs are not in " + Programs);
}
