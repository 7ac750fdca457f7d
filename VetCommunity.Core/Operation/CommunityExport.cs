using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Files;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Operation;

/// <summary>What was exported.</summary>
/// <param name="Folder">Where to.</param>
/// <param name="Rooms">How many rooms.</param>
/// <param name="Messages">How many messages; deleted and hidden ones have no text and are not in it.</param>
/// <param name="Members">How many members.</param>
/// <param name="Practices">How many good practices, each language counted.</param>
/// <param name="Files">How many files of messages and of practices.</param>
/// <param name="Lost">Files that the database names and that are not there.</param>
public sealed record ExportMade(string Folder, int Rooms, long Messages, int Members, int Practices, int Files, IReadOnlyList<string> Lost);

/// <summary>
/// Writes the community as open files that other programs read: what one takes along who moves elsewhere, and not a backup. Rooms, practices, members, organisations and files; nothing of what people say to one another alone, no password, no key.
/// </summary>
public sealed class CommunityExport(CommunityDbFactory databases, DataFolder data, RoomExport rooms, UploadFolder uploads)
{
    static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true };

    /// <summary>Writes it into a new folder.</summary>
    /// <param name="actor">The operator.</param>
    /// <param name="path">The folder, which must not be there yet, or be empty.</param>
    /// <param name="cancel">Gives up; what was written stays beside the name with <c>.part</c> at its end.</param>
    /// <exception cref="NotFoundException">Somebody else asks.</exception>
    /// <exception cref="OperationFailedException">There is something at that place, it is one that the server keeps for itself, it cannot be made, or there is no community to export.</exception>
    public async Task<ExportMade> WriteAsync(Actor actor, string path, CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("export");
        var folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
            throw new OperationFailedException($"{folder} is there already, and an export overwrites nothing. Name another folder.");
        // The data folder itself may not be there yet, where PostgreSQL is the database.
        if (folder == data.Path || data.Keeps(folder))
            throw new OperationFailedException($"{folder} is in a folder that the server keeps for itself. Name a folder somewhere else.");
        DataFolder.RequireReadable(data.Path);
        await RequireOursAsync(cancel);
        var unfinished = folder + ".part";
        if (File.Exists(unfinished) || Directory.Exists(unfinished))
            throw new OperationFailedException($"{unfinished} is there: of an export that was broken off, or of one that is being written. Take it away first, or name another folder.");
        try
        {
            DataFolder.CreatePrivate(unfinished);
            var made = await FillAsync(actor, unfinished, cancel);
            if (Directory.Exists(folder))
                Directory.Delete(folder);
            Directory.Move(unfinished, folder);
            return made with { Folder = folder };
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new OperationFailedException($"{unfinished} cannot be written: {error.Message} Name a folder on a disk that has room and can be written.", error);
        }
    }

    async Task RequireOursAsync(CancellationToken cancel)
    {
        // Else SQLite would make an empty file.
        if (databases.File is { } file && !File.Exists(file))
            throw new OperationFailedException($"There is no database {file} to export. Set Data:Folder to the folder of the community.");
        await using var db = databases.CreateDbContext();
        if ((await db.Database.GetPendingMigrationsAsync(cancel)).Any())
            throw new OperationFailedException("The database is not that of this version. Start the server once.");
    }

    async Task<ExportMade> FillAsync(Actor actor, string folder, CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        // What is said about a practice goes with it: one that is deleted is not taken along, nor is its talk.
        var all = await db.Conversations.AsNoTracking().Where(c => c.Kind == ConversationKind.Room && c.Slug != null && !db.Documents.Any(d => d.TalkId == c.Id && d.DeletedAt != null)).OrderBy(c => c.Slug).ToListAsync(cancel);
        DataFolder.CreatePrivate(Path.Combine(folder, "rooms"));
        DataFolder.CreatePrivate(Path.Combine(folder, "files"));
        List<string> lost = [];
        var (practices, shown) = await PracticesAsync(folder, lost, cancel);
        long messages = 0;
        List<ExportedFile> files = [];
        List<object> described = [];
        foreach (var room in all)
        {
            var talk = await rooms.OpenAsync(actor, new(room.Slug!), cancel);
            await using (var lines = PrivateFile.Create(Path.Combine(folder, "rooms", room.Slug + ".jsonl")))
            await using (var buffered = new BufferedStream(lines, 64 * 1024))
                await RoomExport.WriteLinesAsync(talk with
                {
                    Messages = SeenAsync(talk.Messages, message =>
                {
                    messages++;
                    files.AddRange(message.Attachments.Select(file => new ExportedFile(room.Slug!, message.Seq, file.Id, file.Name)));
                })
                }, buffered, cancel);
            described.Add(new
            {
                Room = room.Slug,
                room.Title,
                IsOpen = room.IsOpen == 1,
                room.CreatedAt,
                Topics = await db.Topics.Where(t => t.ConversationId == room.Id).OrderBy(t => t.Id).Select(t => t.Name).ToListAsync(cancel),
                Members = await db.Memberships.Where(m => m.ConversationId == room.Id).Join(db.Users, m => m.MemberId, u => u.Id, (m, u) => new { u.Handle, Role = m.Role.ToString() }).ToListAsync(cancel),
                talk.Resolutions,
                talk.About?.Practice,
                Sections = talk.About is null ? null : await SectionsAsync(db, room.Id, cancel),
            });
        }
        var people = await db.Users.AsNoTracking().WithAccount().Where(m => m.ErasedAt == null).OrderBy(m => m.Id).Select(m => new
        {
            m.Handle,
            Name = m.DisplayName,
            m.Email,
            Roles = m.Roles.ToString(),
            Organisation = m.Organisation == null ? null : m.Organisation.Slug,
            m.Country,
            m.Language,
            m.TimeZone,
            m.Biography,
            m.Speaks,
            m.Sectors,
            m.JoinedAt,
        }).ToListAsync(cancel);
        var organisations = await db.Organisations.AsNoTracking().OrderBy(o => o.Slug).ToListAsync(cancel);
        await WriteAsync(folder, "rooms.json", described, cancel);
        await WriteAsync(folder, "members.json", people, cancel);
        await WriteAsync(folder, "organisations.json", organisations.Select(o => new { Organisation = o.Slug, o.Name, Kind = o.Kind.ToString(), o.Country, o.Region, o.Speaks, o.Sectors, o.Description, o.DescriptionLocal, o.Website }), cancel);
        await CopyAsync(folder, files, lost, cancel);
        await WriteAsync(folder, "files.json", files.Where(file => !lost.Contains(file.Id)), cancel);
        return new(folder, all.Count, messages, people.Count, practices, files.Count + shown - lost.Count, lost);
    }

    // Which topic of a talk is about which section.
    static async Task<IReadOnlyList<object>> SectionsAsync(CommunityDb db, int room, CancellationToken cancel) => await (
        from talk in db.SectionTalks
        join topic in db.Topics on talk.TopicId equals topic.Id
        where topic.ConversationId == room
        join version in db.LanguageVersions on talk.VersionId equals version.Id
        orderby topic.Id
        select new { Topic = topic.Name, version.Language, Section = talk.Key, IsGone = talk.EndedAt != null }).ToListAsync(cancel);

    // The newest revision of each language, each character as it is, and the files that it shows; import practices reads them again.
    async Task<(int Practices, int Files)> PracticesAsync(string folder, List<string> lost, CancellationToken cancel)
    {
        var practices = Path.Combine(folder, "practices");
        DataFolder.CreatePrivate(practices);
        var (count, files) = (0, 0);
        await foreach (var one in PracticeFiles.AllAsync(databases, cancel))
        {
            var path = Path.Combine(practices, one.Path);
            if (!Directory.Exists(Path.GetDirectoryName(path)))
                DataFolder.CreatePrivate(Path.GetDirectoryName(path)!);
            await using var file = PrivateFile.Create(path);
            await file.WriteAsync(Encoding.UTF8.GetBytes(one.Markdown), cancel);
            count++;
            foreach (var shown in one.Files)
                await CopyAsync(shown.Id, Path.Combine(practices, shown.Path), lost, cancel);
            files += one.Files.Count;
        }
        return (count, files);
    }

    async Task CopyAsync(string folder, List<ExportedFile> files, List<string> lost, CancellationToken cancel)
    {
        foreach (var file in files)
            await CopyAsync(file.Id, Path.Combine(folder, "files", file.Id), lost, cancel);
    }

    async Task CopyAsync(string id, string path, List<string> lost, CancellationToken cancel)
    {
        await using var content = uploads.Open(id, thumbnail: false);
        if (content is null)
        {
            lost.Add(id);
            return;
        }
        if (!Directory.Exists(Path.GetDirectoryName(path)))
            DataFolder.CreatePrivate(Path.GetDirectoryName(path)!);
        await using var copy = PrivateFile.Create(path);
        await content.CopyToAsync(copy, cancel);
    }

    static async IAsyncEnumerable<PostedMessage> SeenAsync(IAsyncEnumerable<PostedMessage> messages, Action<PostedMessage> see)
    {
        await foreach (var message in messages)
        {
            if (!message.IsGone)
                see(message);
            yield return message;
        }
    }

    static async Task WriteAsync<T>(string folder, string name, T content, CancellationToken cancel)
    {
        await using var file = PrivateFile.Create(Path.Combine(folder, name));
        await using var buffered = new BufferedStream(file, 64 * 1024);
        await JsonSerializer.SerializeAsync(buffered, content, Json, cancel);
    }

    sealed record ExportedFile(string Room, long Seq, string Id, string Name);
}
