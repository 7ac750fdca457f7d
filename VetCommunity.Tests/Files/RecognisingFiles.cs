using System.Text;
using SkiaSharp;
using VetCommunity.Core;
using VetCommunity.Core.Files;
using Xunit;

namespace VetCommunity.Tests.Files;

public class RecognisingFiles
{
    public static TheoryData<string, string> Taken => new()
    {
        { "png", "image/png" }, { "jpeg", "image/jpeg" }, { "webp", "image/webp" }, { "gif", "image/gif" }, { "pdf", "application/pdf" },
        { "docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document" },
        { "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" },
        { "pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation" },
        { "odt", "application/vnd.oasis.opendocument.text" }, { "ods", "application/vnd.oasis.opendocument.spreadsheet" },
        { "odp", "application/vnd.oasis.opendocument.presentation" },
        { "txt", "text/plain" }, { "csv", "text/csv" }, { "md", "text/markdown" },
    };

    [Promise("IN3")]
    [Theory, MemberData(nameof(Taken))]
    public async Task What_people_work_with_is_recognised_by_its_content(string what, string type)
    {
        // A name that lies changes nothing, but for kinds of text, which have nothing else.
        var name = what is "csv" or "md" ? "x." + what : "x.exe";

        Assert.Equal(type, (await TypeAsync(FileOf(what), name)).ContentType);
    }

    public static TheoryData<string, Refusal> Refused => new()
    {
        { "nothing", Refusal.FileEmpty }, { "html", Refusal.FileNotAccepted }, { "html with a mark before it", Refusal.FileNotAccepted }, { "svg", Refusal.FileNotAccepted },
        { "program", Refusal.FileNotAccepted }, { "zip", Refusal.FileNotAccepted }, { "zip behind a program", Refusal.FileNotAccepted }, { "page behind a document", Refusal.FileNotAccepted },
        { "document cut off", Refusal.FileNotAccepted }, { "bomb", Refusal.FileNotAccepted }, { "bomb in the description", Refusal.FileNotAccepted }, { "swarm", Refusal.FileNotAccepted },
        { "latin text", Refusal.FileNotAccepted }, { "text with a zero", Refusal.FileNotAccepted }, { "old office", Refusal.FileNotAccepted }, { "sound", Refusal.FileNotAccepted },
        { "macros", Refusal.FileWithMacros }, { "hidden macros", Refusal.FileWithMacros }, { "macros of LibreOffice", Refusal.FileWithMacros },
    };

    [Promise("IN3")]
    [Theory, MemberData(nameof(Refused))]
    public async Task What_could_harm_or_is_unknown_is_refused_whatever_it_is_called(string what, Refusal why) =>
        Assert.Equal(why, await World.RefusalOfAsync(() => TypeAsync(FileOf(what), "holiday.png")));

    [Promise("IN7")]
    [Theory]
    [InlineData("../../etc/passwd", "passwd.pdf")]
    [InlineData("C:\\Users\\anna\\Report 2026.PDF", "Report 2026.pdf")]
    [InlineData("x.pdf:evil.exe", "evil.exe.pdf")]
    [InlineData("CON", "_CON.pdf")]
    [InlineData("lpt1.tar.pdf", "_lpt1.tar.pdf")]
    [InlineData("invoice\u202Efdp.exe", "invoicefdp.exe.pdf")]
    [InlineData("photo.png", "photo.pdf")]
    [InlineData("photo.jpeg", "photo.pdf")]
    [InlineData("a\r\nSet-Cookie: b=c", "b=c.pdf")]
    [InlineData("Λίστα μαθητών.pdf", "Λίστα μαθητών.pdf")]
    [InlineData("", "file.pdf")]
    [InlineData(null, "file.pdf")]
    [InlineData("...", "file.pdf")]
    [InlineData(".pdf", "pdf.pdf")]
    [InlineData("a<b>\"c\"|d?*.pdf", "abcd.pdf")]
    public void A_name_is_only_a_name_and_ends_as_its_type_does(string? given, string name) => Assert.Equal(name, FileNames.Clean(given, FileType.Pdf));

    [Fact]
    public void A_long_name_is_cut_between_letters()
    {
        var name = FileNames.Clean(string.Concat(Enumerable.Repeat("👩‍🏫", 90)) + ".docx", FileType.Office[0]);

        Assert.True(name.Length <= FileNames.Length);
        Assert.EndsWith(".docx", name, StringComparison.Ordinal);
        Assert.DoesNotContain('\uFFFD', name);
        Assert.False(char.IsHighSurrogate(name[..^5][^1]));
    }

    static async Task<FileType> TypeAsync(byte[] file, string name)
    {
        using var stream = new MemoryStream(file);
        return await Recognition.OfAsync(stream, name, TestContext.Current.CancellationToken);
    }

    static byte[] FileOf(string what) => what switch
    {
        "png" => MadeFiles.Picture(9, 9, SKEncodedImageFormat.Png),
        "jpeg" => MadeFiles.Photograph(),
        "webp" => MadeFiles.Picture(9, 9, SKEncodedImageFormat.Webp),
        "gif" => MadeFiles.MovingGif(),
        "pdf" => MadeFiles.Pdf(),
        "docx" => MadeFiles.OpenXmlOf("wordprocessingml.document"),
        "xlsx" => MadeFiles.OpenXmlOf("spreadsheetml.sheet"),
        "pptx" => MadeFiles.OpenXmlOf("presentationml.presentation"),
        "odt" => MadeFiles.OpenDocumentOf("text"),
        "ods" => MadeFiles.OpenDocumentOf("spreadsheet"),
        "odp" => MadeFiles.OpenDocumentOf("presentation"),
        // A letter of several bytes lies across every border at which a reader may cut.
        "txt" => Encoding.UTF8.GetBytes("x" + new string('ß', 40_000)),
        "csv" => "name;trade\r\nAnna;welding\r\n"u8.ToArray(),
        "md" => "# Minutes\n\n<b>bold</b>"u8.ToArray(),
        "nothing" => [],
        "html" => "\n <!DOCTYPE html><script>alert(1)</script>"u8.ToArray(),
        "html with a mark before it" => [0xEF, 0xBB, 0xBF, .. "<HTML>"u8],
        "svg" => "<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>"u8.ToArray(),
        "program" => [.. "MZ"u8, 0x90, 0, 3, 0, 0, 0],
        "zip" => MadeFiles.Zip(("a.txt", "a"u8.ToArray())),
        "zip behind a program" => [.. "MZ"u8, 0, 1, .. MadeFiles.OpenXmlOf("wordprocessingml.document")],
        "page behind a document" => [.. MadeFiles.OpenXmlOf("wordprocessingml.document"), .. "<script>alert(1)</script>"u8],
        "document cut off" => MadeFiles.OpenXmlOf("wordprocessingml.document")[..^40],
        "bomb" => MadeFiles.Bomb(),
        "bomb in the description" => MadeFiles.BombInDescription(),
        "swarm" => MadeFiles.Swarm(),
        "latin text" => Encoding.Latin1.GetBytes("Größe"),
        "text with a zero" => "a\0b"u8.ToArray(),
        "old office" => [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, 0, 0],
        "sound" => [.. "RIFF"u8, 4, 0, 0, 0, .. "WAVE"u8],
        "macros" => MadeFiles.MacroDocument(),
        "hidden macros" => MadeFiles.OpenXmlOf("wordprocessingml.document", ("word/vbaProject.bin", [1, 2, 3])),
        "macros of LibreOffice" => MadeFiles.OpenDocumentOf("text", ("Basic/Standard/Module1.xml", "<x/>"u8.ToArray())),
        _ => throw new ArgumentOutOfRangeException(nameof(what), what, "no such file"),
    };
}
