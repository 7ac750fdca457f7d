using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Live;
using VetCommunity.Core.Members;
using VetCommunity.Core.Noticing;

namespace VetCommunity.Core.Documents;

/// <summary>
/// The talk of those who write and review a document: one closed room, made when first somebody opens it, with a topic for each section. Who sees the review has a seat in it from the moment on in which they are
/// needed there or look, and nobody else ever has.
/// </summary>
public sealed class SectionTalks(CommunityDbFactory db, DocumentKinds kinds, Topics topics, Feed feed, TimeProvider clock)
{
    const int Most = 300;

    /// <summary>The sections of a revision with what was said about each, and after them those that are gone and were talked about.</summary>
    /// <param name="actor">Who reads.</param>
    /// <param name="address">Where.</param>
    /// <param name="number">The revision that is read.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="NotFoundException">Absent, or not the actor's to read.</exception>
    public async Task<IReadOnlyList<TalkedSection>> ListAsync(Actor actor, VersionAddress address, int number, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var version = await FindAsync(context, actor, address, cancel);
        var sections = (await DocumentAccess.SectionsAsync(context, version.Id, number, cancel)).Where(section => section.Key != Sections.FrontMatterKey).ToList();
        var me = actor.MemberId;
        // Who has not come in yet has nothing to catch up with.
        var read = await context.Memberships.Where(m => m.MemberId == me && context.Documents.Any(d => d.Id == version.DocumentId && d.TalkId == m.ConversationId)).Select(m => (long?)m.LastReadSeq).SingleOrDefaultAsync(cancel) ?? long.MaxValue;
        var talks = await (
            from talk in context.SectionTalks
            where talk.VersionId == version.Id
            join topic in context.Topics on talk.TopicId equals topic.Id
            orderby talk.EndedAt != null, topic.Id
            select new
            {
                talk.Key,
                IsGone = talk.EndedAt != null,
                topic.Name,
                topic.Slug,
                topic.Messages,
                Unread = topic.LastSeq <= read || context.Involvements.Any(i => i.MemberId == me && i.TopicId == topic.Id && i.Kind == InvolvementKind.Muted)
                    ? 0 : context.Messages.Count(m => m.TopicId == topic.Id && m.Seq > read && m.AuthorId != me && m.DeletedAt == null && m.HiddenAt == null),
            }).Take(Most).ToListAsync(cancel);
        // The talk is about the newest revision; what is reviewed may be an earlier one.
        var present = number == version.LastNumber ? null
            : FollowedSections.Of(await TalkTopics.TextAsync(context, version.Id, number, cancel), await TalkTopics.TextAsync(context, version.Id, version.LastNumber, cancel), sections.Select(section => section.Key).ToHashSet(StringComparer.Ordinal));
        return [.. sections.Select(Show), .. talks.Where(talk => talk.IsGone && talk.Messages > 0).Select(talk => new TalkedSection(talk.Key, talk.Name, talk.Slug, talk.Messages, talk.Unread, IsThere: false))];

        TalkedSection Show(KnownSection section)
        {
            var key = present is null ? section.Key : present.GetValueOrDefault(section.Key);
            var talk = key is null ? null : talks.Find(one => !one.IsGone && one.Key == key);
            return new(section.Key, section.Heading, talk?.Slug, talk?.Messages ?? 0, talk?.Unread ?? 0, key is not null);
        }
    }

    /// <summary>Opens the talk about a section of the newest revision, which is made when nobody did before.</summary>
    /// <exception cref="NotFoundException">Absent, not the actor's to read, or no such section.</exception>
    public async Task<OpenedTalk> OpenAsync(Actor actor, VersionAddress address, string key, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var version = await FindAsync(context, actor, address, cancel);
        var wanted = (await DocumentAccess.SectionsAsync(context, version.Id, version.LastNumber, cancel)).Find(section => section.Key == key && key != Sections.FrontMatterKey) ?? throw new NotFoundException("section");
        var talks = context.SectionTalks.Where(talk => talk.VersionId == version.Id && talk.Key == wanted.Key && talk.EndedAt == null);
        if (!await talks.AnyAsync(cancel))
            await MakeAsync(version, wanted, cancel);
        return await EnterAsync(context, actor, version, talks, wanted.Heading, cancel);
    }

    /// <summary>Opens a talk by its topic's address part, or by a former one; also that of a section that is gone.</summary>
    /// <exception cref="NotFoundException">Absent, not the actor's to read, or no topic that is a section's.</exception>
    public async Task<OpenedTalk> AgainAsync(Actor actor, DocumentKind kind, string slug, string topic, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        if (topic.Contains('\0', StringComparison.Ordinal))
            throw new NotFoundException("topic");
        var found = await (
            from d in context.Documents
            where d.Kind == kind && d.Slug == slug
            join s in context.TopicSlugs on d.TalkId equals s.ConversationId
            where s.Slug == topic
            join t in context.SectionTalks on s.TopicId equals t.TopicId
            join v in context.LanguageVersions on t.VersionId equals v.Id
            select new { t.TopicId, t.Key, v.Language }).SingleOrDefaultAsync(cancel) ?? throw new NotFoundException("topic");
        var version = await FindAsync(context, actor, new(kind, slug, found.Language), cancel);
        var section = (await DocumentAccess.SectionsAsync(context, version.Id, version.LastNumber, cancel)).Find(one => one.Key == found.Key);
        return await EnterAsync(context, actor, version, context.SectionTalks.Where(talk => talk.TopicId == found.TopicId), section?.Heading, cancel);
    }

    /// <summary>The room of a talk that begins.</summary>
    internal static Conversation RoomOf(Document document, LanguageVersion version, string markdown, DateTimeOffset at) => new()
    {
        Kind = ConversationKind.Room,
        Slug = LiveSessions.Unguessed("review"),
        Title = Called(NamedDocuments.TitleIn(markdown, document.Slug), version.Language),
        Language = Languages.OrEnglish(version.Language),
        CreatedById = document.CreatedById,
        CreatedAt = at,
    };

    // Whoever talks is somebody: the operator at the command line is not.
    async Task<LanguageVersion> FindAsync(CommunityDb context, Actor actor, VersionAddress address, CancellationToken cancel) => actor.May(Act.TakePart) && actor.IsMember
        ? await DocumentAccess.FindAsync(context, kinds, actor, address, toWrite: false, cancel)
        : throw new NotFoundException("document");

    // Gives the actor a seat, and the topic the name that its section has by now.
    async Task<OpenedTalk> EnterAsync(CommunityDb context, Actor actor, LanguageVersion version, IQueryable<SectionTalk> talks, string? heading, CancellationToken cancel)
    {
        var me = actor.MemberId;
        var found = await (
            from talk in talks
            join topic in context.Topics on talk.TopicId equals topic.Id
            join room in context.Conversations on topic.ConversationId equals room.Id
            select new
            {
                Room = room.Slug!,
                topic.ConversationId,
                topic.Id,
                topic.Name,
                topic.Slug,
                talk.Key,
                IsGone = talk.EndedAt != null,
                IsSeated = context.Memberships.Any(m => m.ConversationId == room.Id && m.MemberId == me),
                // Whose messages were all moved gave its address up.
                IsItself = context.TopicSlugs.Any(s => s.ConversationId == room.Id && s.Slug == topic.Slug && s.TopicId == topic.Id),
            }).SingleOrDefaultAsync(cancel) ?? throw new NotFoundException("topic");
        if (!found.IsSeated)
            await SeatAsync(version.DocumentId, me, cancel);
        if (!found.IsItself)
            await context.TopicSlugs.Where(s => s.ConversationId == found.ConversationId && s.Slug == found.Slug).ExecuteUpdateAsync(set => set.SetProperty(s => s.TopicId, found.Id), cancel);
        var (name, address) = (found.Name, found.Slug);
        if (!found.IsGone && heading is not null && await TalkTopics.OtherNameAsync(context, found.ConversationId, found.Id, found.Name, heading, version.Language, cancel) is { } other)
            (name, address) = (other, await topics.RenameAsync(Actor.Operator, found.Room, found.Slug, other, cancel));
        return new(found.Room, address, version.Language, found.Key, name, found.IsGone);
    }

    async Task MakeAsync(LanguageVersion version, KnownSection section, CancellationToken cancel)
    {
        for (var time = 1; ; time++)
        {
            try
            {
                await ChangeAsync(version.DocumentId, (context, document) => MakeAsync(context, document, version, section, cancel), cancel);
                return;
            }
            catch (DbUpdateException) when (time == 1 && !cancel.IsCancellationRequested)
            {
                // Somebody wrote under the topic's name for the first time in the same moment.
            }
        }
    }

    Task SeatAsync(int document, int member, CancellationToken cancel) => ChangeAsync(document, async (context, seated) => seated.TalkId is { } room ? await TalkSeats.GiveAsync(context, seated, room, [member], clock.GetUtcNow(), cancel) : [], cancel);

    // Nobody else changes the talk of this document meanwhile: of two who come at once the second one finds what the first one made.
    async Task ChangeAsync(int id, Func<CommunityDb, Document, Task<List<int>>> change, CancellationToken cancel)
    {
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        await context.Documents.Where(d => d.Id == id).ExecuteUpdateAsync(set => set.SetProperty(d => d.TalkId, d => d.TalkId), cancel);
        var document = await context.Documents.SingleOrDefaultAsync(d => d.Id == id && d.DeletedAt == null, cancel) ?? throw new NotFoundException("document");
        var come = await change(context, document);
        await context.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        foreach (var member in come)
            feed.Publish(new MemberJoined(document.TalkId!.Value, member));
    }

    async Task<List<int>> MakeAsync(CommunityDb context, Document document, LanguageVersion version, KnownSection section, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (document.TalkId is not { } number)
        {
            var beginning = await context.Revisions.Where(r => r.VersionId == version.Id).OrderByDescending(r => r.Number).Select(r => r.Markdown.Substring(0, NamedDocuments.Beginning)).FirstAsync(cancel);
            var room = RoomOf(document, version, beginning, now);
            await Rooms.AddAsync(context, room, [], Rooms.FirstTopic(room.Language), now, cancel);
            document.TalkId = number = room.Id;
        }
        else if (await context.SectionTalks.AnyAsync(talk => talk.VersionId == version.Id && talk.Key == section.Key && talk.EndedAt == null, cancel))
        {
            return [];
        }
        var topic = (await TalkTopics.BeginAsync(context, number, section.Heading, version.Language, now, cancel)).Id;
        context.Add(new SectionTalk { TopicId = topic, VersionId = version.Id, Key = section.Key });
        await context.SaveChangesAsync(cancel);
        var come = await TalkSeats.GiveAsync(context, document, number, await TalkSeats.InvolvedAsync(context, document, cancel), now, cancel);
        // Who was there before hears of the new topic as well.
        var there = await context.Memberships.Where(m => m.ConversationId == number && !context.Involvements.Any(i => i.MemberId == m.MemberId && i.TopicId == topic)).Select(m => m.MemberId).ToListAsync(cancel);
        context.AddRange(there.Select(member => TalkTopics.Following(member, number, topic, now)));
        return come;
    }

    // It stands among all rooms of those who are in it.
    static string Called(string title, string language) => TrainersRooms.Called(language switch
    {
        "it" => "Revisione",
        "de" => "Begutachtung",
        "es" => "Revisión",
        "ca" => "Revisió",
        "el" => "Αξιολόγηση",
        _ => "Review",
    }, title);
}
