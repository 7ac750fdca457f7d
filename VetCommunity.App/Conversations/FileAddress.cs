using VetCommunity.Core.Conversations;
using VetCommunity.Core.Files;

namespace VetCommunity.App.Conversations;

/// <summary>Where the files of messages are found, and how their size is said.</summary>
static class FileAddress
{
    public static WireAttachment Of(PostedAttachment a) => new(
        a.Id, a.Name, KindOf(a), a.ContentType, a.Bytes, a.Width, a.Height, a.Description, Whole(a), a.Kind == FileKind.Image ? Thumbnail(a) : null);

    /// <summary>The name is for people and their download folders; the id alone counts.</summary>
    public static string Whole(PostedAttachment a) => $"/files/{a.Id}/{Uri.EscapeDataString(a.Name)}";

    public static string Thumbnail(PostedAttachment a) => $"/files/{a.Id}/thumbnail";

    public static string KindOf(PostedAttachment a) => a.Kind.ToString().ToLowerInvariant();
}
