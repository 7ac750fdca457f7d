using System.Globalization;
using System.IO.Compression;
using System.Resources;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Files;

namespace VetCommunity.Core.Privacy;

/// <summary>
/// Everything that is one member's, written into a zip row by row: what the list of all tables names, the messages with where they stand, the files, and a page that says what each file is.
/// What others wrote, and who they are, is not in it.
/// </summary>
sealed class Gathering(CommunityDbFactory databases, UploadFolder uploads, int member, Func<long, long, Task> progress)
{
    const int AtOnce = 200;
    static readonly ResourceManager Texts = new("VetCommunity.Core.Texts.PrivacyTexts", typeof(Gathering).Assembly);
    // A file for its member, never part of a page.
    static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    readonly List<(string File, IReadOnlyList<string> Fields)> _written = [];
    long _done;
    long _all;

    public async Task WriteAsync(Stream target, CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        // Texts must be of one moment, so that a reply and what was deleted fit together; a reader holds nobody up.
        await using var snapshot = await databases.BeginSnapshotAsync(db, cancel);
        var culture = CultureInfo.GetCultureInfo(Languages.OrEnglish(await db.Users.Where(m => m.Id == member).Select(m => m.Language).SingleAsync(cancel)));
        var rooms = await db.Conversations.Where(c => db.Messages.Any(m => m.ConversationId == c.Id && m.AuthorId == member)).AsNoTracking().ToListAsync(cancel);
        _all = Holdings.All.Count(holding => holding.Mine is not null) + await db.Attachments.CountAsync(a => a.UploaderId == member, cancel);
        foreach (var room in rooms)
            _all += await db.Messages.LongCountAsync(m => m.ConversationId == room.Id && m.AuthorId == member && m.DeletedAt == null, cancel);
        await progress(0, _all);
        await using var zip = await ZipArchive.CreateAsync(target, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8, cancel);
        foreach (var holding in Holdings.All.Where(holding => holding.Mine is not null))
        {
            if (holding.File.Length > 0)
                await TableAsync(zip, db, holding, cancel);
            await StepAsync();
        }
        await MessagesAsync(zip, db, rooms, cancel);
        await FilesAsync(zip, db, cancel);
        await ReadMeAsync(zip, culture, cancel);
    }

    async Task TableAsync(ZipArchive zip, CommunityDb db, Holding holding, CancellationToken cancel)
    {
        var columns = db.Model.FindEntityType(holding.Table)!.GetProperties()
            .Where(p => p.PropertyInfo is not null && !holding.Withheld.Contains(p.Name) && !holding.Numbers.Contains(p.Name)).Select(p => p.PropertyInfo!).ToList();
        await JsonAsync(zip, holding.File, columns.ConvertAll(column => JsonNamingPolicy.CamelCase.ConvertName(column.Name)), async json =>
        {
            await foreach (var row in holding.Mine!(db, member).AsAsyncEnumerable().WithCancellation(cancel))
            {
                json.WriteStartObject();
                foreach (var column in columns)
                {
                    json.WritePropertyName(JsonNamingPolicy.CamelCase.ConvertName(column.Name));
                    Write(json, column.GetValue(row));
                }
                json.WriteEndObject();
                await FlushAsync(json, cancel);
            }
        }, cancel);
    }

    Task MessagesAsync(ZipArchive zip, CommunityDb db, List<Conversation> rooms, CancellationToken cancel) => JsonAsync(
        zip, "messages", ["room", "title", "address", "seq", "topic", "sentAt", "editedAt", "hiddenAt", "replyToSeq", "language", "text", "options", "former"], async json =>
        {
            foreach (var room in rooms)
            {
                for (long after = 0; ;)
                {
                    var page = await (
                        from m in db.Messages
                        where m.ConversationId == room.Id && m.AuthorId == member && m.DeletedAt == null && m.Seq > after
                        join t in db.Topics on m.TopicId equals t.Id
                        orderby m.Seq
                        select new { Message = m, Topic = t.Name, Options = db.Polls.Where(p => p.ConversationId == room.Id && p.Seq == m.Seq).Select(p => p.Options).FirstOrDefault() })
                        .AsNoTracking().Take(AtOnce).ToListAsync(cancel);
                    var seqs = page.ConvertAll(one => one.Message.Seq);
                    var former = (await db.MessageRevisions.AsNoTracking().Where(r => r.ConversationId == room.Id && seqs.Contains(r.Seq)).OrderBy(r => r.Version).ToListAsync(cancel)).ToLookup(r => r.Seq);
                    foreach (var one in page)
                    {
                        Write(json, room, one.Message, one.Topic, one.Options, former[one.Message.Seq]);
                        await FlushAsync(json, cancel);
                        await StepAsync();
                    }
                    if (page.Count < AtOnce)
                        break;
                    after = page[^1].Message.Seq;
                }
            }
        }, cancel);

    static void Write(Utf8JsonWriter json, Conversation room, Message message, string topic, string? options, IEnumerable<MessageRevision> former)
    {
        var isRoom = room.Kind == ConversationKind.Room;
        json.WriteStartObject();
        json.WriteString("room", isRoom ? room.Slug : null);
        json.WriteString("title", isRoom ? room.Title : null);
        json.WriteString("address", string.Create(CultureInfo.InvariantCulture, $"/{(isRoom ? "rooms/" + room.Slug : "conversations/" + room.Id.ToString(CultureInfo.InvariantCulture))}/messages/{message.Seq}"));
        json.WriteNumber("seq", message.Seq);
        json.WriteString("topic", topic);
        (string Name, object? Value)[] rest =
        [
            ("sentAt", message.SentAt), ("editedAt", message.EditedAt), ("hiddenAt", message.HiddenAt), ("replyToSeq", message.ReplyToSeq), ("language", message.Language),
            // What is encrypted stays so.
            ("text", message.KeyId is null ? message.Markdown : null), ("options", options),
        ];
        foreach (var (name, value) in rest)
        {
            json.WritePropertyName(name);
            Write(json, value);
        }
        json.WriteStartArray("former");
        foreach (var text in former.Where(text => text.KeyId is null))
            json.WriteStringValue(text.Markdown);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    async Task FilesAsync(ZipArchive zip, CommunityDb db, CancellationToken cancel)
    {
        var jpeg = await db.Pictures.Where(p => p.MemberId == member).Select(p => p.Jpeg).SingleOrDefaultAsync(cancel);
        if (jpeg is not null)
        {
            await using var picture = await zip.CreateEntry("picture.jpg", CompressionLevel.NoCompression).OpenAsync(cancel);
            await picture.WriteAsync(jpeg, cancel);
        }
        var files = await db.Attachments.AsNoTracking().Where(a => a.UploaderId == member).OrderBy(a => a.UploadedAt).Select(a => new { a.Id, a.Name }).ToListAsync(cancel);
        foreach (var file in files)
        {
            await using var content = uploads.Open(file.Id, thumbnail: false);
            if (content is not null)
            {
                await using var entry = await zip.CreateEntry($"files/{file.Id}-{file.Name}", CompressionLevel.Fastest).OpenAsync(cancel);
                await content.CopyToAsync(entry, cancel);
            }
            await StepAsync();
        }
    }

    async Task ReadMeAsync(ZipArchive zip, CultureInfo culture, CancellationToken cancel)
    {
        await using var entry = await zip.CreateEntry("README.txt").OpenAsync(cancel);
        await using var text = new StreamWriter(entry, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        await text.WriteLineAsync(Say("ReadMe", culture));
        foreach (var (file, fields) in _written)
        {
            await text.WriteLineAsync($"\n{file}.json: {Say("File_" + file, culture)}");
            await text.WriteLineAsync($"    {string.Join(", ", fields)}");
        }
        await text.WriteLineAsync($"\nfiles/, picture.jpg: {Say("Files", culture)}");
        await text.WriteLineAsync($"\n{Say("NotInIt", culture)}");
    }

    internal static string Say(string name, CultureInfo culture) => Texts.GetString(name, culture) ?? throw new MissingManifestResourceException("PrivacyTexts: " + name);

    async Task JsonAsync(ZipArchive zip, string file, IReadOnlyList<string> fields, Func<Utf8JsonWriter, Task> write, CancellationToken cancel)
    {
        await using var entry = await zip.CreateEntry(file + ".json").OpenAsync(cancel);
        await using var json = new Utf8JsonWriter(entry, Readable);
        json.WriteStartArray();
        await write(json);
        json.WriteEndArray();
        _written.Add((file, fields));
    }

    // Never more of it in memory than this, however much a member wrote.
    static Task FlushAsync(Utf8JsonWriter json, CancellationToken cancel) => json.BytesPending < 64 * 1024 ? Task.CompletedTask : json.FlushAsync(cancel);

    Task StepAsync() => ++_done % AtOnce == 0 ? progress(_done, _all) : Task.CompletedTask;

    static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNullValue();
                break;
            case string text:
                json.WriteStringValue(text);
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case DateTimeOffset at:
                json.WriteStringValue(at.ToUniversalTime());
                break;
            case Enum chosen:
                json.WriteStringValue(chosen.ToString());
                break;
            case int or long:
                json.WriteNumberValue(Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            default:
                json.WriteStringValue(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }
}
