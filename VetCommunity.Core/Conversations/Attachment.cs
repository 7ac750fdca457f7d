using VetCommunity.Core.Files;

namespace VetCommunity.Core.Conversations;

/// <summary>A file that travels with a message or belongs to a document. Until then it is its uploader's alone, and not for long.</summary>
public sealed class Attachment
{
    /// <summary>128 random bits; nobody finds a file by counting.</summary>
    public required string Id { get; set; }
    /// <summary>Who brought it.</summary>
    public int UploaderId { get; set; }
    /// <summary>Where it was posted; null until then.</summary>
    public int? ConversationId { get; set; }
    /// <summary>With which message; null until then.</summary>
    public long? Seq { get; set; }
    /// <summary>To which document it belongs; null for none.</summary>
    public int? DocumentId { get; set; }
    /// <summary>Its place among the attachments of the message.</summary>
    public int Position { get; set; }
    /// <summary>What it is called, ending as its type does.</summary>
    public required string Name { get; set; }
    /// <summary>What it is for its reader.</summary>
    public FileKind Kind { get; set; }
    /// <summary>Its media type, as its content says.</summary>
    public required string ContentType { get; set; }
    /// <summary>Its length.</summary>
    public long Bytes { get; set; }
    /// <summary>Of an image, in pixels.</summary>
    public int? Width { get; set; }
    /// <summary>Of an image, in pixels.</summary>
    public int? Height { get; set; }
    /// <summary>What an image shows, for people who do not see it.</summary>
    public string Description { get; set; } = "";
    /// <summary>When it came.</summary>
    public DateTimeOffset UploadedAt { get; set; }
}

/// <summary>An attachment as its readers get it.</summary>
public sealed record PostedAttachment(string Id, string Name, FileKind Kind, string ContentType, long Bytes, int? Width, int? Height, string Description)
{
    /// <summary>The size of an image's small picture, so that its place is kept before it comes.</summary>
    public (int Width, int Height) ThumbnailSize => CleanPicture.ThumbnailOf(Width ?? 1, Height ?? 1);
}

/// <summary>A file opened for one who may read it.</summary>
/// <param name="Content">To be disposed by the caller.</param>
/// <param name="Attachment">What it is.</param>
public sealed record OpenedFile(Stream Content, PostedAttachment Attachment);
