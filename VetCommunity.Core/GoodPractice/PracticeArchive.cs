using System.IO.Compression;
using System.IO.Pipelines;
using System.Text;
using VetCommunity.Core.Data;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Files;

namespace VetCommunity.Core.GoodPractice;

/// <summary>All practices with the pictures and files that they show as one ZIP file, for those who may read all: the same files that the export writes, and that an import reads.</summary>
public sealed class PracticeArchive(CommunityDbFactory db, DocumentKinds kinds, UploadFolder uploads)
{
    /// <summary>Refuses whoever may not take them along.</summary>
    /// <exception cref="NotFoundException">The actor is no editor.</exception>
    public void Require(Actor actor)
    {
        if (!kinds[DocumentKind.Practice].MayPublish(actor))
            throw new NotFoundException("practices");
    }

    /// <summary>Writes it, one practice after the other.</summary>
    /// <param name="actor">An editor.</param>
    /// <param name="into">Where to; it is not closed.</param>
    /// <param name="cancel">Breaks off.</param>
    /// <exception cref="NotFoundException">The actor is no editor.</exception>
    public async Task WriteAsync(Actor actor, Stream into, CancellationToken cancel = default)
    {
        Require(actor);
        // The end of an entry is written at once, as no web server allows: so each is held until it is whole, and handed on from there.
        var held = new Pipe(new PipeOptions(pauseWriterThreshold: 0));
        await using (var zip = await ZipArchive.CreateAsync(held.Writer.AsStream(leaveOpen: true), ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8, cancel))
        {
            await foreach (var one in PracticeFiles.AllAsync(db, cancel))
            {
                var entry = zip.CreateEntry(one.Path);
                entry.LastWriteTime = one.At;
                await using (var content = await entry.OpenAsync(cancel))
                    await content.WriteAsync(Encoding.UTF8.GetBytes(one.Markdown), cancel);
                await HandOnAsync(held.Reader, into, cancel);
                foreach (var (path, id) in one.Files)
                {
                    await using var file = uploads.Open(id, thumbnail: false);
                    if (file is null)
                        continue;
                    var shown = zip.CreateEntry(path, CompressionLevel.NoCompression);
                    shown.LastWriteTime = one.At;
                    await using (var content = await shown.OpenAsync(cancel))
                        await file.CopyToAsync(content, cancel);
                    await HandOnAsync(held.Reader, into, cancel);
                }
            }
        }
        await HandOnAsync(held.Reader, into, cancel);
    }

    static async Task HandOnAsync(PipeReader held, Stream into, CancellationToken cancel)
    {
        if (!held.TryRead(out var read))
            return;
        foreach (var part in read.Buffer)
            await into.WriteAsync(part, cancel);
        held.AdvanceTo(read.Buffer.End);
    }
}
