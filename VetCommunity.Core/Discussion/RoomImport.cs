using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Markdown;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Discussion;

/// <summary>How far an import is, or how it ended.</summary>
/// <param name="Lines">Lines that were read and written.</param>
/// <param name="Added">Messages that are new.</param>
/// <param name="AlreadyThere">Messages that an earlier import had brought.</param>
public sealed record ImportCounts(long Lines, long Added, long AlreadyThere);

/// <summary>
/// Brings a conversation from elsewhere into a room: one JSON object a line, with <c>at</c>, <c>author</c> and <c>text</c>.
/// The file may be of any length; the same file again adds nothing.
/// </summary>
public sealed class RoomImport(CommunityDbFactory db, MessageLog log, Rooms rooms)
{
    const int InFlight = 256;
    // 10,000 characters, each written as an escape, and room for the rest.
    const int LineBytes = 128 * 1024;
    const int AuthorLength = 80;
    static readonly string[] Times = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"];

    /// <summary>Imports, in the order of the lines. A room that does not exist is made, open to all.</summary>
    /// <param name="actor">The operator or an administrator.</param>
    /// <param name="slug">The room.</param>
    /// <param name="lines">UTF-8.</param>
    /// <param name="progress">Hears about every 256 lines.</param>
    /// <param name="cancel">Stops after what is in flight.</param>
    /// <exception cref="RefusedException">A line cannot be read: what came before it is stored, nothing after it.</exception>
    public async Task<ImportCounts> ImportAsync(Actor actor, string slug, Stream lines, IProgress<ImportCounts>? progress = null, CancellationToken cancel = default)
    {
        if (!actor.May(Act.Administer))
            throw new NotFoundException("import");
        if (!Rooms.IsSlug(slug))
            throw new RefusedException(Refusal.BadSlug);
        await using var occurrences = await Occurrences.OpenAsync();
        var waiting = new Queue<Task<bool>>(InFlight);
        long added = 0, alreadyThere = 0, number = 0;
        var roomExists = false;
        try
        {
            await foreach (var bytes in ReadLinesAsync(lines, cancel))
            {
                number++;
                if (IsBlank(bytes.Span))
                    continue;
                var line = Read(bytes.Span, number);
                if (!roomExists)
                    await MakeRoomAsync(actor, slug, cancel);
                roomExists = true;
                waiting.Enqueue(log.WriteAsync(
                    new ImportEntry(actor, slug, occurrences.KeyOf(line), line.Author, line.At, line.Text, Rendered(line.Text, number)), CancellationToken.None));
                if (waiting.Count == InFlight)
                    await CountAsync(InFlight / 2);
            }
        }
        finally
        {
            await CountAsync(waiting.Count);
        }
        return new(added + alreadyThere, added, alreadyThere);

        async Task CountAsync(int count)
        {
            for (; count > 0; count--)
            {
                if (await waiting.Dequeue())
                    added++;
                else
                    alreadyThere++;
            }
            progress?.Report(new(added + alreadyThere, added, alreadyThere));
        }
    }

    async Task MakeRoomAsync(Actor actor, string slug, CancellationToken cancel)
    {
        await using var context = db.CreateDbContext();
        if (!await context.Conversations.AnyAsync(c => c.Slug == slug, cancel))
            await rooms.CreateAsync(actor, new(slug, slug, null, "en", IsOpen: true), cancel);
    }

    static Line Read(ReadOnlySpan<byte> bytes, long number)
    {
        if (bytes.Length > LineBytes)
            throw Bad(number, $"it is longer than {LineBytes / 1024} KiB");
        RawLine? raw;
        try
        {
            raw = JsonSerializer.Deserialize<RawLine>(bytes, JsonSerializerOptions.Web);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw Bad(number, "it is not a JSON object with \"at\", \"author\" and \"text\", all strings");
        }
        if (raw?.At is null || !DateTimeOffset.TryParseExact(raw.At, Times, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
            throw Bad(number, "\"at\" is not a time such as 2026-03-01T09:30:00Z");
        var author = raw.Author?.Trim() ?? "";
        if (author.Length is 0 or > AuthorLength || author.Any(char.IsControl))
            throw Bad(number, $"\"author\" is not a name of 1 to {AuthorLength} characters");
        if (raw.Text is null)
            throw Bad(number, "\"text\" is missing");
        try
        {
            return new(at.ToUniversalTime(), author, Limits.CleanText(raw.Text));
        }
        catch (RefusedException refused)
        {
            throw Bad(number, Reason(refused));
        }
    }

    static PersonsText Rendered(string text, long number)
    {
        try
        {
            return PersonsMarkdown.Read(text);
        }
        catch (RefusedException refused)
        {
            throw Bad(number, Reason(refused));
        }
    }

    static RefusedException Bad(long number, string why) => new(Refusal.BadLine, number, why);

    static string Reason(RefusedException refused) => refused.Refusal switch
    {
        Refusal.EmptyText => "\"text\" is empty",
        Refusal.TextTooLong => $"\"text\" has {refused.Arguments[0]} characters, {Limits.Text} are allowed",
        Refusal.TooManyMentions => $"\"text\" names more than {Limits.Mentions} people",
        Refusal.TextTooDeep => "\"text\" is nested too deeply",
        _ => refused.Refusal.ToString(),
    };

    static bool IsBlank(ReadOnlySpan<byte> line) => line.Trim(" \t\r\n"u8).IsEmpty;

    /// <summary>Lines without their ends. One that is too long comes cut, still longer than allowed, so that no file fills the memory.</summary>
    static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadLinesAsync(Stream stream, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var buffer = new byte[LineBytes + 1];
        var filled = await stream.ReadAtLeastAsync(buffer, 3, throwOnEndOfStream: false, cancel);
        var start = buffer.AsSpan(0, filled).StartsWith("\uFEFF"u8) ? 3 : 0;
        while (true)
        {
            for (int end; (end = buffer.AsSpan(start, filled - start).IndexOf((byte)'\n')) >= 0; start += end + 1)
                yield return buffer.AsMemory(start, end);
            buffer.AsSpan(start, filled - start).CopyTo(buffer);
            filled -= start;
            start = 0;
            if (filled == buffer.Length)
            {
                yield return buffer;
                yield break;
            }
            var read = await stream.ReadAsync(buffer.AsMemory(filled), cancel);
            if (read == 0)
                break;
            filled += read;
        }
        if (filled > 0)
            yield return buffer.AsMemory(0, filled);
    }

    sealed record RawLine(string? At, string? Author, string? Text);

    sealed record Line(DateTimeOffset At, string Author, string Text);

    /// <summary>
    /// Tells equal lines of one file apart, so that two people who both said "yes" in the same minute keep both. A private temporary database
    /// on the disk counts them: the memory stays the same however long the file is.
    /// </summary>
    sealed class Occurrences : IAsyncDisposable
    {
        readonly SqliteConnection _connection;
        readonly SqliteCommand _count;

        Occurrences(SqliteConnection connection)
        {
            _connection = connection;
            _count = connection.CreateCommand();
            _count.CommandText = "INSERT INTO seen VALUES (@hash, 1) ON CONFLICT (hash) DO UPDATE SET times = times + 1 RETURNING times";
            _count.Parameters.Add("@hash", SqliteType.Blob);
        }

        public static async Task<Occurrences> OpenAsync()
        {
            var connection = new SqliteConnection("Data Source=;Pooling=False");
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; CREATE TABLE seen (hash BLOB PRIMARY KEY, times INTEGER) WITHOUT ROWID; BEGIN";
            await command.ExecuteNonQueryAsync();
            return new(connection);
        }

        public string KeyOf(Line line)
        {
            var said = Encoding.UTF8.GetBytes($"{line.At:yyyy-MM-ddTHH:mm:ss.fffffffZ}|{line.Author}\n{line.Text}");
            _count.Parameters[0].Value = SHA256.HashData(said);
            var times = (long)_count.ExecuteScalar()!;
            return Convert.ToHexStringLower(SHA256.HashData([.. said, .. Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"\n{times}"))]));
        }

        public async ValueTask DisposeAsync()
        {
            await _count.DisposeAsync();
            await _connection.DisposeAsync();
        }
    }
}
