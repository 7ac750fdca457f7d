namespace VetCommunity.Core.Files;

/// <summary>What a file is, for its reader.</summary>
public enum FileKind
{
    /// <summary>A photograph or drawing that is shown.</summary>
    Image = 1,
    /// <summary>A PDF.</summary>
    Pdf = 2,
    /// <summary>A text document with layout.</summary>
    Document = 3,
    /// <summary>A spreadsheet.</summary>
    Spreadsheet = 4,
    /// <summary>A slide deck of an office program.</summary>
    Presentation = 5,
    /// <summary>Plain text, also markdown and CSV.</summary>
    Text = 6,
}

/// <summary>A type of files that the community takes.</summary>
/// <param name="Kind">What it is for its reader.</param>
/// <param name="ContentType">Its media type.</param>
/// <param name="Extension">How its names end, with the dot.</param>
sealed record FileType(FileKind Kind, string ContentType, string Extension)
{
    public static readonly FileType Png = new(FileKind.Image, "image/png", ".png");
    public static readonly FileType Jpeg = new(FileKind.Image, "image/jpeg", ".jpg");
    public static readonly FileType WebP = new(FileKind.Image, "image/webp", ".webp");
    public static readonly FileType Gif = new(FileKind.Image, "image/gif", ".gif");
    public static readonly FileType Pdf = new(FileKind.Pdf, "application/pdf", ".pdf");
    public static readonly FileType Text = new(FileKind.Text, "text/plain", ".txt");
    public static readonly FileType Csv = new(FileKind.Text, "text/csv", ".csv");
    public static readonly FileType Markdown = new(FileKind.Text, "text/markdown", ".md");

    public static readonly FileType Doc = new(FileKind.Document, "application/msword", ".doc");
    public static readonly FileType Xls = new(FileKind.Spreadsheet, "application/vnd.ms-excel", ".xls");
    public static readonly FileType Ppt = new(FileKind.Presentation, "application/vnd.ms-powerpoint", ".ppt");

    /// <summary>Office packages, by what they say of themselves.</summary>
    public static readonly IReadOnlyList<FileType> Office =
    [
        new(FileKind.Document, OpenXml + "wordprocessingml.document", ".docx"),
        new(FileKind.Document, OpenXml + "wordprocessingml.template", ".dotx"),
        new(FileKind.Spreadsheet, OpenXml + "spreadsheetml.sheet", ".xlsx"),
        new(FileKind.Spreadsheet, OpenXml + "spreadsheetml.template", ".xltx"),
        new(FileKind.Presentation, OpenXml + "presentationml.presentation", ".pptx"),
        new(FileKind.Presentation, OpenXml + "presentationml.template", ".potx"),
        new(FileKind.Presentation, OpenXml + "presentationml.slideshow", ".ppsx"),
        new(FileKind.Document, OpenDocument + "text", ".odt"),
        new(FileKind.Spreadsheet, OpenDocument + "spreadsheet", ".ods"),
        new(FileKind.Presentation, OpenDocument + "presentation", ".odp"),
    ];

    const string OpenXml = "application/vnd.openxmlformats-officedocument.";
    const string OpenDocument = "application/vnd.oasis.opendocument.";

    /// <summary>Other endings that people use for one of the types.</summary>
    static readonly Dictionary<string, string> Same = new(StringComparer.OrdinalIgnoreCase) { [".jpeg"] = ".jpg", [".jpe"] = ".jpg", [".markdown"] = ".md", [".text"] = ".txt" };

    /// <summary>All endings of names that are taken.</summary>
    public static IReadOnlySet<string> Extensions { get; } = new HashSet<string>(
        [.. ((FileType[])[Png, Jpeg, WebP, Gif, Pdf, Text, Csv, Markdown, Doc, Xls, Ppt, .. Office]).Select(type => type.Extension), .. Same.Keys], StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a name that ends so tells the truth about this type.</summary>
    public bool IsCalled(string extension) => string.Equals(Same.GetValueOrDefault(extension, extension), Extension, StringComparison.OrdinalIgnoreCase);
}
