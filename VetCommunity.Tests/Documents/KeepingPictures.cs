using SkiaSharp;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Documents;
using VetCommunity.Tests.Files;
using Xunit;
using static VetCommunity.Tests.Documents.DocumentsWorld;

namespace VetCommunity.Tests.Documents;

public class KeepingPictures
{
    [Theory, OnBothDatabases]
    public async Task A_picture_is_read_by_who_may_read_its_document_and_by_nobody_else(Database database)
    {
        await using var world = await OpenAsync(database);
        var files = Files(world);
        var markdown = await AddAsync(files, world.Bruno, "bench [old]");
        var id = IdIn(markdown);
        Assert.Equal($"![bench \\[old\\]](/practice-files/{id}/bench%20%281%29.png)", markdown);

        foreach (var one in (Actor[])[world.Olga, Actor.Visitor])
            await Assert.ThrowsAsync<NotFoundException>(() => files.OpenAsync(one, id));
        await using (var open = (await files.OpenAsync(world.Nina, id)).Content)
            Assert.True(open.Length > 0);
        // Of messages it is none: not to be posted, not to be read as such, not to be swept.
        await Assert.ThrowsAsync<NotFoundException>(() => world.World.Attachments.OpenAsync(world.Bruno, id));
        Assert.Equal(Refusal.UnknownAttachment, await World.RefusalOfAsync(() => world.World.Conversations.PostAsync(world.Bruno, new("welding", "key", null, "Mine", Attachments: [id]))));
        world.World.Clock.Advance(Attachments.UnpostedLife * 2);
        await world.World.Attachments.SweepAsync(Actor.Operator);

        await world.WriteAsync(world.Bruno, $"## Context\n\n{markdown}\n");
        await world.Publications.PublishAsync(world.Eva, English, 1);
        await using (var open = (await files.OpenAsync(Actor.Visitor, id)).Content)
            Assert.True(open.Length > 0);
        await world.All.DeleteAsync(world.Bruno, DocumentKind.Practice, English.Slug);
        await Assert.ThrowsAsync<NotFoundException>(() => files.OpenAsync(Actor.Visitor, id));
        await Assert.ThrowsAsync<NotFoundException>(() => files.OpenAsync(Actor.Visitor, "../" + id));
    }

    [Theory, OnBothDatabases]
    public async Task Only_who_writes_adds_files_and_what_is_refused_leaves_nothing(Database database)
    {
        await using var world = await OpenAsync(database);
        var files = Files(world);

        foreach (var one in (Actor[])[world.Olga, world.Nina, Actor.Visitor])
            await Assert.ThrowsAsync<NotFoundException>(() => AddAsync(files, one, "a bench"));
        Assert.Equal(Refusal.PictureNotDescribed, await World.RefusalOfAsync(() => AddAsync(files, world.Bruno, " ")));
        Assert.Empty(await world.World.InDbAsync(db => Task.FromResult(db.Attachments.ToList())));
        Assert.Empty(Directory.GetFiles(world.World.UploadPath));

        using var text = new MemoryStream("A list"u8.ToArray());
        Assert.Matches(@"^\[a\\_list\.txt\]\(/practice-files/[0-9a-f]{32}/a_list\.txt\)$", await files.AddAsync(world.Bruno, DocumentKind.Practice, English.Slug, text, "a_list.txt", null));
    }

    [Theory, OnBothDatabases]
    public async Task Who_writes_takes_a_file_away_for_good(Database database)
    {
        await using var world = await OpenAsync(database);
        var files = Files(world);
        var id = IdIn(await AddAsync(files, world.Bruno, "a bench"));
        Assert.Equal([id], (await files.ListAsync(world.Eva, DocumentKind.Practice, English.Slug)).Select(file => file.Id));

        await Assert.ThrowsAsync<NotFoundException>(() => files.RemoveAsync(world.Olga, DocumentKind.Practice, English.Slug, id));
        await Assert.ThrowsAsync<NotFoundException>(() => files.ListAsync(world.Nina, DocumentKind.Practice, English.Slug));
        await world.All.CreateAsync(world.Olga, new(DocumentKind.Practice, "Hers", "en", "hers"));
        await files.RemoveAsync(world.Olga, DocumentKind.Practice, "hers", id);
        Assert.Single(await files.ListAsync(world.Bruno, DocumentKind.Practice, English.Slug));

        await files.RemoveAsync(world.Eva, DocumentKind.Practice, English.Slug, id);
        await files.RemoveAsync(world.Eva, DocumentKind.Practice, English.Slug, id);
        await Assert.ThrowsAsync<NotFoundException>(() => files.OpenAsync(world.Bruno, id));
        Assert.Empty(Directory.GetFiles(world.World.UploadPath));
    }

    static DocumentFiles Files(DocumentsWorld world) => new(world.World.Db, world.Kinds, world.World.Attachments, world.World.Uploads);

    static async Task<string> AddAsync(DocumentFiles files, Actor who, string description)
    {
        using var picture = new MemoryStream(MadeFiles.Picture(40, 20, SKEncodedImageFormat.Png));
        return await files.AddAsync(who, DocumentKind.Practice, English.Slug, picture, "bench (1).png", description);
    }

    static string IdIn(string markdown) => markdown[(markdown.IndexOf("files/", StringComparison.Ordinal) + 6)..][..32];
}
