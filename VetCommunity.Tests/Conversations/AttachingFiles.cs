using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Files;
using VetCommunity.Tests.Files;
using VetCommunity.Tests.Operation;
using Xunit;

namespace VetCommunity.Tests.Conversations;

public class AttachingFiles
{
    [Theory, OnBothDatabases]
    public async Task A_file_travels_with_its_message_in_the_order_that_its_author_gave(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var plan = await UploadAsync(world, world.Anna, MadeFiles.Pdf(), "../plan.pdf");
        var photo = await UploadAsync(world, world.Anna, MadeFiles.Photograph(600, 400), "IMG_1.HEIC", "The new bench");
        var told = Channel.CreateUnbounded<ConversationChanged>();
        using var listening = world.Feed.Subscribe<ConversationChanged>(fact => told.Writer.WriteAsync(fact));

        var receipt = await PostAsync(world, world.Anna, "", photo.Id, plan.Id);

        var read = (await world.Conversations.OpenAsync(world.Bruno, "welding")).Messages.Single(m => m.Seq == receipt.Seq);
        Assert.Equal([photo.Id, plan.Id], read.Attachments.Select(a => a.Id));
        Assert.Equal(("IMG_1.HEIC.jpg", FileKind.Image, "image/jpeg", 400, 600, "The new bench"),
            (read.Attachments[0].Name, read.Attachments[0].Kind, read.Attachments[0].ContentType, read.Attachments[0].Width, read.Attachments[0].Height, read.Attachments[0].Description));
        Assert.Equal(("plan.pdf", FileKind.Pdf, (long)MadeFiles.Pdf().Length), (read.Attachments[1].Name, read.Attachments[1].Kind, read.Attachments[1].Bytes));
        Assert.Equal(MadeFiles.Pdf(), await BytesAsync(world, world.Bruno, plan.Id));
        Assert.Equal(photo.Bytes, (await BytesAsync(world, world.Bruno, photo.Id)).Length);
        var fact = await told.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(read.Attachments, fact.Changes.Single().Message.Attachments);
        Assert.Equal(read.Attachments, (await world.Conversations.ChangesAsync(world.Bruno, "welding", 0)).Changes.Single().Message.Attachments);
    }

    [Theory, OnBothDatabases]
    public async Task Only_who_reads_the_conversation_gets_its_files_and_before_that_only_who_brought_them(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var photo = await UploadAsync(world, world.Anna, MadeFiles.Photograph(), "a.jpg");
        foreach (var other in (Actor[])[world.Bruno, world.Carla, world.Olga, world.Ada, Actor.Visitor])
        {
            await AbsentAsync(() => world.Attachments.OpenAsync(other, photo.Id));
            await AbsentAsync(() => world.Attachments.OpenAsync(other, photo.Id, thumbnail: true));
            await AbsentAsync(() => world.Attachments.UnpostedAsync(other, photo.Id));
            await AbsentAsync(() => world.Attachments.DescribeAsync(other, photo.Id, "mine now"));
            await AbsentAsync(() => world.Attachments.RemoveAsync(other, photo.Id));
        }
        Assert.NotEmpty(await BytesAsync(world, world.Anna, photo.Id));

        var receipt = await world.Conversations.PostAsync(world.Anna, new("board", "k", null, "Look", Attachments: [photo.Id]));

        Assert.NotEmpty(await BytesAsync(world, world.Ada, photo.Id, thumbnail: true));
        foreach (var other in (Actor[])[world.Bruno, world.Carla, world.Olga, Actor.Visitor])
            await AbsentAsync(() => world.Attachments.OpenAsync(other, photo.Id));
        // Posted is no draft any more, not even for its author.
        await AbsentAsync(() => world.Attachments.UnpostedAsync(world.Anna, photo.Id));
        await AbsentAsync(() => world.Attachments.DescribeAsync(world.Anna, photo.Id, "later"));
        await AbsentAsync(() => world.Attachments.RemoveAsync(world.Anna, photo.Id));

        var rooms = new Core.Discussion.Rooms(world.Db, world.Feed, world.Clock);
        await rooms.LeaveAsync(world.Ada, "board");
        await AbsentAsync(() => world.Attachments.OpenAsync(world.Ada, photo.Id));

        await world.Conversations.DeleteAsync(world.Anna, "board", receipt.Seq);
        await AbsentAsync(() => world.Attachments.OpenAsync(world.Anna, photo.Id));
        Assert.Empty(Directory.GetFiles(world.UploadPath));
        Assert.Equal(0, await world.InDbAsync(db => db.Attachments.CountAsync()));
    }

    [Theory, OnBothDatabases]
    public async Task An_upload_is_posted_once_and_by_its_owner(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var mine = await UploadAsync(world, world.Anna, MadeFiles.Pdf(), "a.pdf");

        Assert.Equal(Refusal.UnknownAttachment, await World.RefusalOfAsync(() => PostAsync(world, world.Bruno, "Mine", mine.Id)));
        Assert.Equal(Refusal.UnknownAttachment, await World.RefusalOfAsync(() => PostAsync(world, world.Anna, "Twice in one", mine.Id, mine.Id)));
        foreach (var wrong in (string[])["", "a\0b", new string('0', 32), mine.Id.ToUpperInvariant(), "../../community.db", new string('x', 100_000)])
            Assert.Equal(Refusal.UnknownAttachment, await World.RefusalOfAsync(() => PostAsync(world, world.Anna, "Unknown", mine.Id, wrong)));
        Assert.Equal(Refusal.UnknownAttachment, await World.RefusalOfAsync(() => PostAsync(world, world.Anna, "Null", mine.Id, null!)));

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(async n =>
        {
            try
            {
                return (await PostAsync(world, world.Anna, $"Number {n}", mine.Id)).Seq;
            }
            catch (RefusedException refused) when (refused.Refusal == Refusal.UnknownAttachment)
            {
                return 0;
            }
        }));

        Assert.Single(answers, seq => seq > 0);
        var messages = (await world.Conversations.OpenAsync(world.Anna, "welding")).Messages;
        Assert.Single(messages);
        Assert.Equal(mine.Id, Assert.Single(messages[0].Attachments).Id);
    }

    [Theory, OnBothDatabases]
    public async Task The_same_post_again_is_the_same_message(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var file = await UploadAsync(world, world.Anna, MadeFiles.Pdf(), "a.pdf");
        var post = new NewMessage("welding", "key", null, "", Attachments: [file.Id]);

        var first = await world.Conversations.PostAsync(world.Anna, post);
        var again = await world.Conversations.PostAsync(world.Anna, post);

        Assert.Equal((first.Seq, true), (again.Seq, again.Duplicate));
    }

    [Theory, OnBothDatabases]
    public async Task Ten_files_are_enough_and_a_message_of_nothing_stays_refused(Database database)
    {
        await using var world = await World.OpenAsync(database);
        List<string> ids = [];
        for (var n = 0; n < 11; n++)
            ids.Add((await UploadAsync(world, world.Anna, MadeFiles.Pdf(), $"{n}.pdf")).Id);

        Assert.Equal(Refusal.TooManyAttachments, await World.RefusalOfAsync(() => PostAsync(world, world.Anna, "All", [.. ids])));
        Assert.Equal(Refusal.EmptyText, await World.RefusalOfAsync(() => PostAsync(world, world.Anna, " \n ")));
        var receipt = await PostAsync(world, world.Anna, " ", [.. ids[..10]]);

        Assert.Equal(ids[..10], (await world.Conversations.OpenAsync(world.Anna, "welding")).Messages[^1].Attachments.Select(a => a.Id));
        // Whose text is changed keeps the files; with a file the text may go as well, without one it may not.
        await world.Conversations.EditAsync(world.Anna, "welding", receipt.Seq, "Ten plans");
        await world.Conversations.EditAsync(world.Anna, "welding", receipt.Seq, "");
        Assert.Equal(10, (await world.Conversations.OpenAsync(world.Anna, "welding")).Messages[^1].Attachments.Count);
        var plain = await world.SayAsync(world.Anna, "Only words", replyTo: receipt.Seq);
        Assert.Equal(Refusal.EmptyText, await World.RefusalOfAsync(() => world.Conversations.EditAsync(world.Anna, "welding", plain.Seq, "")));
        // Who answers a file without words quotes its name.
        Assert.Equal("0.pdf", (await world.Conversations.OpenAsync(world.Anna, "welding")).Messages[^1].ReplyTo!.Text);
    }

    [Theory, OnBothDatabases]
    public async Task What_nobody_posts_in_time_goes_and_what_a_crash_left_behind_as_well(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var posted = await UploadAsync(world, world.Anna, MadeFiles.Photograph(), "posted.jpg");
        await PostAsync(world, world.Anna, "Stays", posted.Id);
        var old = await UploadAsync(world, world.Anna, MadeFiles.Photograph(), "old.jpg");
        world.Clock.Advance(Attachments.UnpostedLife - TimeSpan.FromMinutes(1));
        var young = await UploadAsync(world, world.Anna, MadeFiles.Pdf(), "young.pdf");
        await world.Attachments.SweepAsync(Actor.Operator);
        Assert.NotEmpty(await BytesAsync(world, world.Anna, old.Id));
        world.Clock.Advance(TimeSpan.FromMinutes(2));

        // Expired is gone for everybody, swept or not.
        await AbsentAsync(() => world.Attachments.OpenAsync(world.Anna, old.Id));
        Assert.Equal(Refusal.UnknownAttachment, await World.RefusalOfAsync(() => PostAsync(world, world.Anna, "Too late", old.Id)));
        var orphan = Path.Combine(world.UploadPath, new string('a', 32));
        var onItsWay = Path.Combine(world.UploadPath, new string('b', 32) + ".part");
        foreach (var file in (string[])[orphan, orphan + ".thumbnail", onItsWay])
            await File.WriteAllTextAsync(file, "left");
        foreach (var file in Directory.GetFiles(world.UploadPath))
            File.SetLastWriteTimeUtc(file, (world.Clock.GetUtcNow() - TimeSpan.FromDays(2)).UtcDateTime);
        File.SetLastWriteTimeUtc(onItsWay, world.Clock.GetUtcNow().UtcDateTime);

        Assert.Equal(2, await world.Attachments.SweepAsync(Actor.Operator));

        Assert.Equal(new[] { onItsWay, Of(posted), Of(posted) + ".thumbnail", Of(young) }.Order(StringComparer.Ordinal), Directory.GetFiles(world.UploadPath).Order(StringComparer.Ordinal));
        Assert.Equal(2, await world.InDbAsync(db => db.Attachments.CountAsync()));
        await AbsentAsync(() => world.Attachments.SweepAsync(world.Anna));

        string Of(PostedAttachment attachment) => Path.Combine(world.UploadPath, attachment.Id);
    }

    [Theory, OnBothDatabases]
    public async Task What_is_refused_leaves_nothing_behind(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var most = UploadSizes.Usual.Megabytes * 1024 * 1024;
        var text = new byte[most + 1];
        Array.Fill(text, (byte)'x');

        Assert.Equal(Refusal.FileTooLarge, await RefusedAsync(text));
        Assert.Equal(Refusal.FileEmpty, await RefusedAsync([]));
        Assert.Equal(Refusal.FileNotAccepted, await RefusedAsync([0, 1, 2]));
        Assert.Equal(Refusal.PictureTooLarge, await RefusedAsync(MadeFiles.PngOf(50_000, 50_000)));
        Assert.Equal(Refusal.DescriptionTooLong, await World.RefusalOfAsync(() => UploadAsync(world, world.Anna, MadeFiles.Photograph(), "a.jpg", new string('x', 501))));
        await AbsentAsync(() => UploadAsync(world, Actor.Visitor, MadeFiles.Pdf(), "a.pdf"));
        using var broken = new BreakingOff(text);
        await Assert.ThrowsAsync<IOException>(() => world.Attachments.UploadAsync(world.Anna, broken, "a.txt"));
        Assert.Empty(Directory.GetFiles(world.UploadPath));
        Assert.Equal(0, await world.InDbAsync(db => db.Attachments.CountAsync()));

        // To the last byte it is taken.
        Assert.Equal(most, (await UploadAsync(world, world.Anna, text[..^1], "a.txt")).Bytes);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Assert.Single(Directory.GetFiles(world.UploadPath))));

        Task<Refusal> RefusedAsync(byte[] file) => World.RefusalOfAsync(() => UploadAsync(world, world.Anna, file, "holiday.png"));
    }

    [Theory, OnBothDatabases]
    public async Task Whoever_keeps_too_much_unposted_sends_or_removes_something_first(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var kept = await UploadAsync(world, world.Anna, MadeFiles.Pdf(), "a.pdf");
        await world.InDbAsync(db => db.Attachments.ExecuteUpdateAsync(set => set.SetProperty(a => a.Bytes, UploadSizes.Usual.UnpostedMegabytes * 1024L * 1024)));

        Assert.Equal(Refusal.TooMuchUnposted, await World.RefusalOfAsync(() => UploadAsync(world, world.Anna, MadeFiles.Pdf(), "b.pdf")));
        await UploadAsync(world, world.Bruno, MadeFiles.Pdf(), "b.pdf");
        await world.Attachments.RemoveAsync(world.Anna, kept.Id);

        await UploadAsync(world, world.Anna, MadeFiles.Pdf(), "b.pdf");
        Assert.False(File.Exists(Path.Combine(world.UploadPath, kept.Id)));
    }

    [Theory, OnBothDatabases]
    public async Task A_picture_is_described_before_it_is_posted(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var photo = await UploadAsync(world, world.Anna, MadeFiles.Photograph(), "a.jpg");
        var plan = await UploadAsync(world, world.Anna, MadeFiles.Pdf(), "a.pdf", "Documents speak for themselves");

        await world.Attachments.DescribeAsync(world.Anna, photo.Id, "  Two boards,\nglued ");

        Assert.Equal("Two boards, glued", (await world.Attachments.UnpostedAsync(world.Anna, photo.Id)).Description);
        Assert.Equal("", plan.Description);
        await AbsentAsync(() => world.Attachments.DescribeAsync(world.Anna, plan.Id, "x"));
    }

    [Fact]
    public async Task A_full_disk_in_the_middle_is_a_sentence_and_the_next_upload_works()
    {
        using var disk = SmallDisk.Mount("size=1m");
        await using var world = await World.OpenAsync(Database.Sqlite);
        var attachments = new Attachments(world.Db, new UploadFolder(disk.Folder), world.Clock, NullLogger<Attachments>.Instance);
        var text = new byte[3 * 1024 * 1024];
        Array.Fill(text, (byte)'x');

        Assert.Equal(Refusal.StorageUnavailable, await World.RefusalOfAsync(() => attachments.UploadAsync(world.Anna, new MemoryStream(text), "a.txt")));

        Assert.Empty(Directory.GetFiles(disk.Folder));
        Assert.Equal(0, await world.InDbAsync(db => db.Attachments.CountAsync()));
        disk.Resize("16m");
        Assert.Equal(text.Length, (await attachments.UploadAsync(world.Anna, new MemoryStream(text), "a.txt")).Bytes);
    }

    static Task<PostedAttachment> UploadAsync(World world, Actor who, byte[] content, string name, string? description = null) =>
        world.Attachments.UploadAsync(who, new MemoryStream(content), name, description);

    static Task<PostReceipt> PostAsync(World world, Actor who, string text, params string[] ids) =>
        world.Conversations.PostAsync(who, new("welding", Guid.NewGuid().ToString("N"), null, text, Attachments: ids));

    static async Task<byte[]> BytesAsync(World world, Actor who, string id, bool thumbnail = false)
    {
        await using var content = (await world.Attachments.OpenAsync(who, id, thumbnail)).Content;
        using var all = new MemoryStream();
        await content.CopyToAsync(all);
        return all.ToArray();
    }

    static async Task AbsentAsync(Func<Task> act) => await Assert.ThrowsAsync<NotFoundException>(act);

    /// <summary>A member whose connection ends after some bytes.</summary>
    sealed class BreakingOff(byte[] content) : MemoryStream(content)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Position > 1_000_000 ? throw new IOException("The connection was reset") : base.ReadAsync(buffer, cancellationToken);
    }
}
