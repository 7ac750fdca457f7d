using System.Security.Cryptography;
using System.Text;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.GoodPractice;

/// <summary>A file of an import as a text, read once for all who ask something of it.</summary>
/// <param name="File">Which file.</param>
/// <param name="Front">Its front matter, with the whole text.</param>
/// <param name="Record">What that says.</param>
/// <param name="Sections">What stands under its headings.</param>
/// <param name="FormKey">The same bytes again are the same revision.</param>
sealed record ImportedText(PracticeFile File, FrontMatter Front, PracticeRecord Record, IReadOnlyList<Section> Sections, string FormKey)
{
    // A byte order mark stays, and what is no text is not guessed.
    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Every character of it.</summary>
    public string Text => Front.Document;

    /// <summary>Which language version it is.</summary>
    public VersionAddress Address => new(DocumentKind.Practice, File.Slug, File.Language);

    /// <summary>Reads a file.</summary>
    /// <exception cref="RefusedException">Too long, no text, or a front matter that cannot be read.</exception>
    public static ImportedText Of(PracticeFile file, byte[] bytes)
    {
        var front = FrontMatter.Of(TextOf(bytes));
        if (front.Fault is { } fault)
            throw new RefusedException(Refusal.BadFrontMatter, fault.Line, fault.Column);
        return new(file, front, PracticeRecord.Of(front, file.Slug), Documents.Sections.Of(front), Convert.ToHexStringLower(SHA256.HashData(bytes))[..40]);
    }

    /// <summary>The language that the front matter of a file says; null for none.</summary>
    public static string? SaysLanguage(byte[] bytes)
    {
        var text = Encoding.UTF8.GetString(bytes, 0, Math.Min(bytes.Length, FrontMatter.Most));
        return FrontMatter.Of(text)["language"]?.AsText;
    }

    /// <summary>Its fields and sections that have no place here.</summary>
    public IEnumerable<string> UnknownTo(TemplateText template)
    {
        foreach (var field in Record.Others)
            yield return field.Name;
        foreach (var section in Sections.Where(section => section.Heading.Length > 0 && !template.Has(section.Key)))
            yield return "## " + PlainText.Beginning(section.Heading, 80);
    }

    static string TextOf(byte[] bytes)
    {
        if (bytes.Length > PracticeSource.MostOfFile)
            throw new RefusedException(Refusal.TextTooLong, bytes.Length, FrontMatter.MostOfDocument);
        try
        {
            var text = Strict.GetString(bytes);
            if (!text.Contains('\0', StringComparison.Ordinal))
                return text;
        }
        catch (DecoderFallbackException)
        {
            // Below.
        }
        throw new RefusedException(Refusal.NotText);
    }
}
