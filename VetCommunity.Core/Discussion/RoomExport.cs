using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Discussion;

/// <summary>What is exported: a room or one of its topics, from a time and before another.</summary>
public sealed record ExportWish(string Room, string? TopicSlug = null, DateTimeOffset? From = null, DateTimeOffset? Before = null);

/// <summary>A talk to be taken along. Its messages are read a few hundred at a time while they are written out.</summary>
/// <param name="Room">The room.</param>
/// <param name="Topic">The topic; null for the whole room.</param>
/// <param name="Authors">The names of those who wrote, in the order of their first message.</param>
/// <param name="Resolutions">How its topics ended, oldest first, reopened ones too.</param>
/// <param name="About">What it is about; null for an ordinary room.</param>
/// <param name="Messages">Oldest first, deleted and hidden ones without their text.</param>
public sealed record ExportedTalk(
    FoundConversation Room, TopicState? Topic, IReadOnlyList<string> Authors, IReadOnlyList<ExportedResolution> Resolutions, ExportedAbout? About, IAsyncEnumerable<PostedMessage> Messages);

/// <summary>The practice whose review a talk belongs to.</summary>
/// <param name="Practice">Its address part.</param>
/// <param name="Language">In which language the section stands; null for the whole talk, and for a topic that is no section's.</param>
/// <param name="Section">Its key in the newest revision; of one that is gone, in the last that had it.</param>
public sealed record ExportedAbout(string Practice, string? Language, string? Section);

/// <summary>How a topic ended, and when it was opened again.</summary>
public sealed record ExportedResolution(string Topic, Outcome Outcome, string Sentence, string Name, DateTimeOffset At, DateTimeOffset? ReopenedAt);

/// <summary>Takes the talk of a room or a topic out, of any length, for reading elsewhere or for importing again.</summary>
public sealed class RoomExport(CommunityDbFactory db, Topics topics)
{
    const int AtOnce = 300;
    static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    static readonly byte[] NewLine = "\n"u8.ToArray();

    /// <summary>Finds what is wished for; nothing of the messages is read yet.</summary>
    /// <exception cref="NotFoundException">Absent or not readable for the actor; also while the messages are read, when that ends meanwhile.</exception>
    public async Task<ExportedTalk> OpenAsync(Actor actor, ExportWish wish, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var found = await Topics.FindRoomAsync(context, actor, wish.Room, cancel);
        var topic = wish.TopicSlug is { } slug ? await topics.FindAsync(actor, wish.Room, slug, cancel) : null;
        var topicId = topic is null ? null : (int?)(await Topics.OneAsync(context, found, topic.Slug, cancel)).Id;
        var written = await Wished(context, found.Id, topicId, wish).GroupBy(m => new { m.AuthorId, m.ImportedAuthor })
            .Select(one => new { one.Key.AuthorId, one.Key.ImportedAuthor, First = one.Min(m => m.Seq) }).ToListAsync(cancel);
        var names = await context.Users.Where(u => written.Select(one => one.AuthorId).Contains(u.Id)).ToDictionaryAsync(u => u.Id, u => u.DisplayName, cancel);
        var resolutions = await (
            from r in context.Resolutions
            where r.ConversationId == found.Id && (topicId == null || r.TopicId == topicId)
            join t in context.Topics on r.TopicId equals t.Id
            join u in context.Users on r.ById equals u.Id
            orderby r.At, r.Id
            select new ExportedResolution(t.Name, r.Outcome, r.Sentence, u.DisplayName, r.At, r.ReopenedAt)).ToListAsync(cancel);
        List<string> authors = [.. written.OrderBy(one => one.First).Select(one => one.ImportedAuthor ?? names.GetValueOrDefault(one.AuthorId ?? 0, ""))];
        return new(found, topic, authors, resolutions, await AboutAsync(context, found.Id, topicId, cancel), ReadAsync(actor, wish, topicId, cancel));
    }

    static async Task<ExportedAbout?> AboutAsync(CommunityDb context, int room, int? topic, CancellationToken cancel)
    {
        if (await context.Documents.Where(d => d.TalkId == room).Select(d => d.Slug).SingleOrDefaultAsync(cancel) is not { } practice)
            return null;
        var section = await (
            from talk in context.SectionTalks
            where talk.TopicId == topic
            join version in context.LanguageVersions on talk.VersionId equals version.Id
            select new { version.Language, talk.Key }).SingleOrDefaultAsync(cancel);
        return new(practice, section?.Language, section?.Key);
    }

    /// <summary>Writes one line a message, as <see cref="RoomImport"/> reads them. Deleted and hidden messages have no text and are left out.</summary>
    public static async Task WriteLinesAsync(ExportedTalk talk, Stream lines, CancellationToken cancel = default)
    {
        await foreach (var message in talk.Messages.WithCancellation(cancel))
        {
            if (message.IsGone)
                continue;
            await JsonSerializer.SerializeAsync(lines, new { at = message.SentAt.UtcDateTime, author = message.Author.Name, text = message.Markdown }, Json, cancel);
            await lines.WriteAsync(NewLine, cancel);
        }
    }

    async IAsyncEnumerable<PostedMessage> ReadAsync(Actor actor, ExportWish wish, int? topic, [EnumeratorCancellation] CancellationToken cancel)
    {
        for (long read = 0; ;)
        {
            List<PostedMessage> messages;
            // A slow reader holds no transaction open, and one who loses the access in between gets no more.
            await using (var context = db.CreateDbContext())
            {
                var found = await Topics.FindRoomAsync(context, actor, wish.Room, cancel);
                messages = await MessageReading.ReadAsync(context, Wished(context, found.Id, topic, wish).Where(m => m.Seq > read).OrderBy(m => m.Seq).Take(AtOnce), cancel);
            }
            foreach (var message in messages)
                yield return message;
            if (messages.Count < AtOnce)
                yield break;
            read = messages[^1].Seq;
        }
    }

    static IQueryable<Message> Wished(CommunityDb context, int room, int? topic, ExportWish wish)
    {
        var messages = context.Messages.Where(m => m.ConversationId == room);
        if (topic is { } one)
            messages = messages.Where(m => m.TopicId == one);
        if (wish.From is { } from)
            messages = messages.Where(m => m.SentAt >= from);
        if (wish.Before is { } before)
            messages = messages.Where(m => m.SentAt < before);
        return messages;
    }
}
