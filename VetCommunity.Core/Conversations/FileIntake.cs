using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using VetCommunity.Core.Files;

namespace VetCommunity.Core.Conversations;

/// <summary>Brings a file into the uploads folder: written and synced, recognised by its content, a picture drawn anew.</summary>
sealed class FileIntake(UploadFolder uploads, ILogger log)
{
    const int Part = 64 * 1024;

    long Longest => uploads.Sizes.Megabytes * 1024L * 1024;

    /// <summary>The file's row, which belongs to nobody yet. Where it is refused, nothing of the file stays.</summary>
    /// <exception cref="RefusedException">It is empty, too large, damaged or nothing that is taken, or there is no more room for it.</exception>
    public async Task<Attachment> TakeAsync(Stream content, string? name, string description, CancellationToken cancel)
    {
        var id = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var isKept = false;
        try
        {
            await ReceiveAsync(id, content, cancel);
            var attachment = await FinishAsync(id, name, cancel);
            attachment.Description = attachment.Kind == FileKind.Image ? description : "";
            isKept = true;
            return attachment;
        }
        finally
        {
            if (!isKept)
                uploads.Remove([id]);
        }
    }

    async Task ReceiveAsync(string id, Stream content, CancellationToken cancel)
    {
        await using var file = await OnDiskAsync(() => Task.FromResult(uploads.Begin(id)));
        var part = new byte[Part];
        var length = 0L;
        for (int read; (read = await content.ReadAsync(part, cancel)) > 0;)
        {
            length += read;
            if (length > Longest)
                throw TooLarge();
            await OnDiskAsync(async () =>
            {
                await file.WriteAsync(part.AsMemory(0, read), cancel);
                return read;
            });
        }
        await OnDiskAsync(() =>
        {
            file.Flush(flushToDisk: true);
            return Task.FromResult(length);
        });
    }

    async Task<Attachment> FinishAsync(string id, string? given, CancellationToken cancel)
    {
        FileType type;
        long length;
        await using (var file = File.OpenRead(uploads.UnfinishedOf(id)))
        {
            type = await Recognition.OfAsync(file, given ?? "", cancel);
            length = file.Length;
        }
        if (type.Kind != FileKind.Image)
        {
            await OnDiskAsync(() =>
            {
                uploads.Finish(id);
                return Task.FromResult(true);
            });
            return new() { Id = id, Name = FileNames.Clean(given, type), Kind = type.Kind, ContentType = type.ContentType, Bytes = length };
        }
        var picture = await CleanPicture.OfAsync(uploads.UnfinishedOf(id), cancel);
        if (picture.Whole.Length > Longest)
            throw TooLarge();
        await OnDiskAsync(async () =>
        {
            await uploads.FinishAsync(id, picture.Whole, picture.Thumbnail, cancel);
            return true;
        });
        return new()
        {
            Id = id,
            Name = FileNames.Clean(given, picture.Type),
            Kind = FileKind.Image,
            ContentType = picture.Type.ContentType,
            Bytes = picture.Whole.Length,
            Width = picture.Width,
            Height = picture.Height,
        };
    }

    // Only writing: who brings the file may break off as well, and that is no fault of the disk.
    async Task<T> OnDiskAsync<T>(Func<Task<T>> write)
    {
        try
        {
            return await write();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            log.LogError(error, "An upload could not be written");
            throw new RefusedException(Refusal.StorageUnavailable);
        }
    }

    RefusedException TooLarge() => new(Refusal.FileTooLarge, uploads.Sizes.Megabytes);
}
