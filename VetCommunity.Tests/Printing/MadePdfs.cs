using System.Globalization;
using System.Text;
using SkiaSharp;

namespace VetCommunity.Tests.Printing;

/// <summary>PDFs as people have them, and as nobody should.</summary>
static class MadePdfs
{
    public static byte[] Of(int width, int height, params IReadOnlyList<string> pages)
    {
        using var stream = new MemoryStream();
        using (var pdf = SKDocument.CreatePdf(stream))
        {
            using var paint = new SKPaint { Color = SKColors.DarkBlue, IsAntialias = true };
            using var font = new SKFont(SKTypeface.Default, 32);
            foreach (var words in pages)
            {
                var canvas = pdf.BeginPage(width, height);
                canvas.DrawRect(20, 20, width / 4f, height / 4f, paint);
                foreach (var (index, line) in words.Split('\n').Index())
                    canvas.DrawText(line, 40, (height / 2f) + (index * 40), SKTextAlign.Left, font, paint);
                pdf.EndPage();
            }
            pdf.Close();
        }
        return stream.ToArray();
    }

    public static byte[] OfPages(int count) => Of(320, 180, [.. Enumerable.Range(1, count).Select(number => string.Create(CultureInfo.InvariantCulture, $"Page {number}"))]);

    public static byte[] WithoutPages() => Written("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>");

    /// <summary>One that opens with a password only.</summary>
    public static byte[] Locked() => Written("/Encrypt 4 0 R /ID [<00> <00>]", [.. OnePage,
        $"<< /Filter /Standard /V 1 /R 2 /P -4 /O <{new string('1', 64)}> /U <{new string('2', 64)}> >>"]);

    /// <summary>One page that draws a form, which draws another one many times, and so on: to draw it takes longer than anybody lives.</summary>
    public static byte[] Endless()
    {
        const int levels = 12;
        List<string> objects = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 960 540] /Contents 4 0 R /Resources << /XObject << /F 5 0 R >> >> >>", Stream("", "/F Do")];
        for (var level = 0; level < levels; level++)
        {
            var next = level + 6;
            objects.Add(level == levels - 1 ? Stream("/Type /XObject /Subtype /Form /BBox [0 0 960 540]", "0 0 900 500 re f")
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
