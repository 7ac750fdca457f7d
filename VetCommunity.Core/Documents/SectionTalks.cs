using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Live;
using VetCommunity.Core.Markdown;
using VetCommunity.Core.Members;
using VetCommunity.Core.Moderation;
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
            : FollowedSections.Of(await TextAsync(context, version.Id, number, cancel), await TextAsync(context, version.Id, version.LastNumber, cancel), sections.Select(section => section.Key).ToHashSet(StringComparer.Ordinal));
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

    /// <summary>That a room is no such talk: who is in one is no room's matter.</summary>
    /// <exception cref="RefusedException">It is.</exception>
    internal static async Task KeepSeatsAsync(CommunityDb context, int conversation, CancellationToken cancel)
    {
        if (await IsOneAsync(context, conversation, cancel))
            throw new RefusedException(Refusal.TalkFits);
    }

    /// <summary>That a room is no such talk: how it is run, and what leaves it, is not for whoever moderates rooms. The author of a text would set rules for its reviewers.</summary>
    /// <exception cref="NotFoundException">It is.</exception>
    internal static async Task KeepRulesAsync(CommunityDb context, int conversation, CancellationToken cancel)
    {
        if (await IsOneAsync(context, conversation, cancel))
            throw new NotFoundException("page");
    }

    static Task<bool> IsOneAsync(CommunityDb context, int conversation, CancellationToken cancel) => context.Documents.AnyAsync(d => d.TalkId == conversation, cancel);

    /// <summary>In the caller's transaction: whose roles do not let them review loses the seats that they had by them.</summary>
    internal static Task LeaveAsync(CommunityDb context, Member member, CancellationToken cancel) => Rights.Of(member.Roles).Contains(Act.EditPractices) ? Task.CompletedTask
        : context.Memberships.Where(m => m.MemberId == member.Id && m.Role == MembershipRole.Reviewer).ExecuteDeleteAsync(cancel);

    /// <summary>In the caller's transaction, which has locked the document: nobody sees the review of one that is deleted. Answers who did.</summary>
    internal static async Task<List<int>> EmptyAsync(CommunityDb context, Document document, CancellationToken cancel)
    {
        // Somebody may have opened its first talk after it was read.
        await context.Entry(document).ReloadAsync(cancel);
        var seats = context.Memberships.Where(m => m.ConversationId == document.TalkId);
        var members = await seats.Select(m => m.MemberId).ToListAsync(cancel);
        await seats.ExecuteDeleteAsync(cancel);
        return members;
    }

    /// <summary>In the caller's transaction: the topics of a language version go on with their sections in its new revision. Where one is gone, its topic takes no more messages until it comes back.</summary>
    internal static async Task FollowAsync(CommunityDb context, Revision revision, CancellationToken cancel)
    {
        var talks = await context.SectionTalks.AsNoTracking().Where(talk => talk.VersionId == revision.VersionId).ToListAsync(cancel);
        if (talks.Count == 0)
            return;
        var living = talks.Where(talk => talk.EndedAt is null).ToList();
        var present = FollowedSections.Of(await TextAsync(context, revision.VersionId, revision.Number - 1, cancel), revision.Markdown, living.Select(talk => talk.Key).ToHashSet(StringComparer.Ordinal));
        // All leave their keys before one takes another's.
        var leaving = living.Where(talk => present.GetValueOrDefault(talk.Key) != talk.Key).ToList();
        foreach (var talk in leaving)
            await EndAsync(talk, talk.Key, revision.At);
        foreach (var talk in leaving)
        {
            if (present.GetValueOrDefault(talk.Key) is { } key)
                await EndAsync(talk, key, null);
        }
        var (held, there) = (present.Values.ToHashSet(StringComparer.Ordinal), Sections.Of(revision.Markdown).Where(section => section.SaysSomething).Select(section => section.Key).ToHashSet(StringComparer.Ordinal));
        foreach (var talk in talks.Where(talk => talk.EndedAt is not null && there.Contains(talk.Key)).OrderByDescending(talk => talk.EndedAt))
        {
            if (held.Add(talk.Key))
                await EndAsync(talk, talk.Key, null);
        }

        async Task EndAsync(SectionTalk talk, string key, DateTimeOffset? at)
        {
            await context.SectionTalks.Where(one => one.TopicId == talk.TopicId).ExecuteUpdateAsync(set => set.SetProperty(one => one.Key, key).SetProperty(one => one.EndedAt, at), cancel);
            await context.Topics.Where(topic => topic.Id == talk.TopicId).ExecuteUpdateAsync(set => set.SetProperty(topic => topic.EndedAt, at), cancel);
        }
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

    /// <summary>By what a member is in the talk: who began the document always is, all others by their roles.</summary>
    internal static MembershipRole RoleOf(Document document, int member) => member == document.CreatedById ? MembershipRole.Participant : MembershipRole.Reviewer;

    // Whoever talks is somebody: the operator at the command line is not.
    async Task<LanguageVersion> FindAsync(CommunityDb context, Actor actor, VersionAddress address, CancellationToken cancel) => actor.May(Act.TakePart) && actor.IsMember
        ? await DocumentAccess.FindAsync(context, kinds, actor, address, toWrite: false, cancel)
        : throw new NotFoundException("document");

    static async Task<string> TextAsync(CommunityDb context, int version, int number, CancellationToken cancel) => (await DocumentAccess.RevisionAsync(context, version, number, cancel))?.Markdown ?? "";

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
        if (!found.IsGone && heading is not null && await OtherNameAsync(context, found.ConversationId, found.Id, found.Name, heading, version.Language, cancel) is { } other)
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

    Task SeatAsync(int document, int member, CancellationToken cancel) => ChangeAsync(document, async (context, seated) => seated.TalkId is { } room ? await SeatAsync(context, seated, room, [member], cancel) : [], cancel);

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
        var topic = await TopicAsync(context, number, section.Heading, version.Language, now, cancel);
        context.Add(new SectionTalk { TopicId = topic, VersionId = version.Id, Key = section.Key });
        await context.SaveChangesAsync(cancel);
        var come = await SeatAsync(context, document, number, await InvolvedAsync(context, document, cancel), cancel);
        // Who was there before hears of the new topic as well.
        var there = await context.Memberships.Where(m => m.ConversationId == number && !context.Involvements.Any(i => i.MemberId == m.MemberId && i.TopicId == topic)).Select(m => m.MemberId).ToListAsync(cancel);
        context.AddRange(there.Select(member => Following(member, number, topic, now)));
        return come;
    }

    // A topic of that name that is no section's was begun by somebody who was faster, and is it.
    static async Task<int> TopicAsync(CommunityDb context, int room, string heading, string language, DateTimeOffset now, CancellationToken cancel)
    {
        foreach (var name in NamesOf(heading, language))
        {
            var folded = Folding.Fold(name);
            var same = await context.Topics.Where(t => t.ConversationId == room && t.Folded == folded)
                .Select(t => new { t.Id, IsFree = !context.SectionTalks.Any(talk => talk.TopicId == t.Id) && !context.Conversations.Any(c => c.DefaultTopicId == t.Id) }).SingleOrDefaultAsync(cancel);
            if (same is { IsFree: true })
                return same.Id;
            if (same is not null)
                continue;
            var topic = new Topic { ConversationId = room, Name = name, Folded = folded, Slug = await FreeSlugAsync(context, room, Folding.Slug(name), cancel), CreatedAt = now };
            context.Add(topic);
            await context.SaveChangesAsync(cancel);
            context.Add(new TopicSlug { ConversationId = room, Slug = topic.Slug, TopicId = topic.Id });
            return topic.Id;
        }
        throw new InvalidOperationException("There is always one more name.");
    }

    static async Task<string> FreeSlugAsync(CommunityDb context, int room, string wanted, CancellationToken cancel)
    {
        for (var number = 1; ; number++)
        {
            var slug = number == 1 ? wanted : string.Create(CultureInfo.InvariantCulture, $"{wanted}-{number}");
            if (!LogStatements.IsTaken(slug) && !await context.TopicSlugs.AnyAsync(s => s.ConversationId == room && s.Slug == slug, cancel))
                return slug;
        }
    }

    // The name that a topic should have and has not; null where it has it, or others have it.
    static async Task<string?> OtherNameAsync(CommunityDb context, int room, int topic, string name, string heading, string language, CancellationToken cancel)
    {
        foreach (var wanted in NamesOf(heading, language).Take(2))
        {
            var folded = Folding.Fold(wanted);
            if (folded == Folding.Fold(name))
                return null;
            if (!await context.Topics.AnyAsync(t => t.ConversationId == room && t.Folded == folded && t.Id != topic, cancel))
                return wanted;
        }
        return null;
    }

    // As the heading is read; where two languages or two sections are called the same, with what tells them apart.
    static IEnumerable<string> NamesOf(string heading, string language)
    {
        var name = PlainText.Line(PersonsMarkdown.Plain(heading));
        if (Folding.Slug(name).Length == 0)
            name = Beginning(language);
        yield return PlainText.Beginning(name, Limits.TopicName);
        var start = PlainText.Beginning(name, Limits.TopicName - 10);
        yield return $"{start} ({language})";
        for (var number = 2; ; number++)
            yield return string.Create(CultureInfo.InvariantCulture, $"{start} ({language} {number})");
    }

    // Seats for those of these who have none, may have one at this moment and are not banned; each follows what is talked about there. Answers who came.
    async Task<List<int>> SeatAsync(CommunityDb context, Document document, int room, IReadOnlyCollection<int> members, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var come = await context.Users.Where(u => members.Contains(u.Id) && (u.Id == document.CreatedById || (u.Roles & Roles.Editor) == Roles.Editor) && !context.Memberships.Any(m => m.ConversationId == room && m.MemberId == u.Id)
            && !Bans.Now(context).Any(r => r.ConversationId == room && r.MemberId == u.Id)).OrderBy(u => u.Id).Select(u => u.Id).ToListAsync(cancel);
        if (come.Count == 0)
            return come;
        // What was said before is there to read, but nobody owes it a reading.
        var last = await context.Conversations.Where(c => c.Id == room).Select(c => c.LastSeq).SingleAsync(cancel);
        context.AddRange(come.Select(member => new Membership
        {
            ConversationId = room,
            MemberId = member,
            Role = RoleOf(document, member),
            JoinedAt = now,
            LastReadSeq = last,
        }));
        var talked = await context.SectionTalks.Where(talk => context.LanguageVersions.Any(v => v.Id == talk.VersionId && v.DocumentId == document.Id)).Select(talk => talk.TopicId).ToListAsync(cancel);
        var known = (await context.Involvements.Where(i => i.ConversationId == room && come.Contains(i.MemberId)).Select(i => new { i.MemberId, i.TopicId }).ToListAsync(cancel)).ToHashSet();
        context.AddRange(come.SelectMany(member => talked.Where(topic => !known.Contains(new { MemberId = member, TopicId = topic })).Select(topic => Following(member, room, topic, now))));
        await context.SaveChangesAsync(cancel);
        return come;
    }

    internal static Involvement Following(int member, int room, int topic, DateTimeOffset at) => new() { MemberId = member, ConversationId = room, TopicId = topic, Kind = InvolvementKind.Followed, At = at };

    // Who wrote, submitted, remarked, approved or answered, and sees the review still.
    static async Task<List<int>> InvolvedAsync(CommunityDb context, Document document, CancellationToken cancel)
    {
        var versions = context.LanguageVersions.Where(v => v.DocumentId == document.Id);
        var people = versions.Select(v => v.CreatedById)
            .Concat(context.Submissions.Where(s => versions.Any(v => v.Id == s.VersionId)).Select(s => s.ById))
            .Concat(context.Submissions.Where(s => versions.Any(v => v.Id == s.VersionId)).Select(s => s.EndedById))
            .Concat(context.Comments.Where(c => versions.Any(v => v.Id == c.VersionId)).Select(c => (int?)c.AuthorId))
            .Concat(context.Approvals.Where(a => versions.Any(v => v.Id == a.VersionId)).Select(a => (int?)a.MemberId));
        return await context.Users.Where(u => u.ErasedAt == null && (u.Id == document.CreatedById || ((u.Roles & Roles.Editor) == Roles.Editor && people.Contains(u.Id)))).Select(u => u.Id).ToListAsync(cancel);
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

    static string Beginning(string language) => language switch
    {
        "it" => "Inizio",
        "de" => "Anfang",
        "es" => "Comienzo",
        "ca" => "Començament",
        "el" => "Αρχή",
        _ => "Beginning",
    };
}
