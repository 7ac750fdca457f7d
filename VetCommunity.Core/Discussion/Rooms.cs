using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Members;
using VetCommunity.Core.Moderation;
using VetCommunity.Core.Noticing;

namespace VetCommunity.Core.Discussion;

/// <summary>Rooms: made, found, joined and left; and direct conversations, which are none.</summary>
public sealed class Rooms(CommunityDbFactory db, Feed feed, TimeProvider clock)
{
    /// <summary>Rooms of one page of the list.</summary>
    public const int Page = 30;
    const int MembersPage = 50;

    /// <summary>Opens a new room; its maker moderates it. Answers with its address part.</summary>
    /// <exception cref="NotFoundException">The actor's roles do not allow it.</exception>
    /// <exception cref="RefusedException">Title, address or language refuse.</exception>
    public async Task<string> CreateAsync(Actor actor, NewRoom room, CancellationToken cancel = default)
    {
        if (!actor.May(Act.CreateRoom))
            throw new NotFoundException("page");
        var title = PlainText.Line(room.Title);
        if (title.Length is 0 or > 100)
            throw new RefusedException(Refusal.BadTitle, 100);
        var slug = string.IsNullOrWhiteSpace(room.Slug) ? Folding.Slug(title) : room.Slug.Trim();
        if (!IsSlug(slug))
            throw new RefusedException(Refusal.BadSlug);
        if (!Languages.All.Contains(room.Language))
            throw new RefusedException(Refusal.BadChoice);
        var purpose = PlainText.Line(room.Purpose);
        if (purpose.Length > 300)
            throw new RefusedException(Refusal.TextTooLong, purpose.Length, 300);
        await using var context = db.CreateDbContext();
        if (await context.Conversations.AnyAsync(c => c.Slug == slug, cancel))
            throw new RefusedException(Refusal.SlugTaken, slug);
        try
        {
            await AddAsync(context, new Conversation
            {
                Kind = ConversationKind.Room,
                Slug = slug,
                Title = title,
                Purpose = purpose,
                Language = room.Language,
                IsOpen = room.IsOpen ? 1 : 0,
            }, actor, [(actor.MemberId, MembershipRole.Moderator)], FirstTopic(room.Language), cancel);
        }
        catch (DbUpdateException) when (context.Conversations.Any(c => c.Slug == slug))
        {
            // Somebody else took the address in the same moment.
            throw new RefusedException(Refusal.SlugTaken, slug);
        }
        return slug;
    }

    /// <summary>The conversation of the actor and one other member, made at the first call. Answers with its number.</summary>
    public async Task<int> DirectAsync(Actor actor, string handle, CancellationToken cancel = default)
    {
        if (!actor.IsMember)
            throw new NotFoundException("page");
        await using var context = db.CreateDbContext();
        var other = await context.Users.Seen(clock.GetUtcNow()).Where(m => m.Handle == handle).Select(m => (int?)m.Id).FirstOrDefaultAsync(cancel)
            ?? throw new NotFoundException("member");
        if (other == actor.MemberId)
            throw new RefusedException(Refusal.NotWithYourself);
        var pair = FormattableString.Invariant($"{Math.Min(other, actor.MemberId)}-{Math.Max(other, actor.MemberId)}");
        var before = await context.Conversations.Where(c => c.Pair == pair).Select(c => (int?)c.Id).FirstOrDefaultAsync(cancel);
        if (before is { } id)
            return id;
        try
        {
            return await AddAsync(context, new Conversation { Kind = ConversationKind.Direct, Pair = pair, Language = actor.Language }, actor,
                [(actor.MemberId, MembershipRole.Participant), (other, MembershipRole.Participant)], "General", cancel);
        }
        catch (DbUpdateException)
        {
            // The other one opened it in the same moment.
            return await context.Conversations.Where(c => c.Pair == pair).Select(c => c.Id).FirstAsync(cancel);
        }
    }

    /// <summary>Joins an open room. Being in it already changes nothing.</summary>
    public async Task JoinAsync(Actor actor, string room, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var found = await AllConversations.FindAsync(context, actor, room, cancel);
        if (found.Standing.IsMember)
            return;
        if (found.Kind != ConversationKind.Room)
            throw new RefusedException(Refusal.DirectStaysDirect);
        await AddMemberAsync(context, found, actor.MemberId, cancel);
    }

    /// <summary>Leaves a room. The messages stay; a closed room then looks absent, and open pages of it end.</summary>
    public async Task LeaveAsync(Actor actor, string room, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var found = await AllConversations.FindAsync(context, actor, room, cancel);
        if (found.Kind != ConversationKind.Room)
            throw new RefusedException(Refusal.DirectStaysDirect);
        var others = await context.Memberships.Where(m => m.ConversationId == found.Id && m.MemberId != actor.MemberId).Select(m => m.Role).ToListAsync(cancel);
        var mine = await context.Memberships.FirstOrDefaultAsync(m => m.ConversationId == found.Id && m.MemberId == actor.MemberId, cancel);
        if (mine is null)
            return;
        if (!found.IsOpen && mine.Role == MembershipRole.Moderator && others.Count > 0 && !others.Contains(MembershipRole.Moderator))
            throw new RefusedException(Refusal.LastModerator);
        await TalkSeats.KeepSeatsAsync(context, found.Id, cancel);
        await Live.LiveSessions.LeaveWithRoomAsync(context, actor, found.Id, cancel);
        context.Remove(mine);
        await context.SaveChangesAsync(cancel);
        if (!found.IsOpen)
            feed.Publish(new AccessEnded(actor.MemberId, found.Id, AccessEndedReason.Left));
    }

    /// <summary>Takes a member into a room. In a closed room only its moderators may; in an open one anybody who is in it.</summary>
    /// <returns>The member's name.</returns>
    public async Task<string> InviteAsync(Actor actor, string room, string handle, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var found = await AllConversations.FindAsync(context, actor, room, cancel);
        if (found.Kind != ConversationKind.Room)
            throw new RefusedException(Refusal.DirectStaysDirect);
        if (!found.Standing.IsMember || (!found.IsOpen && !found.Standing.IsModerator))
            throw new NotFoundException("page");
        if (await context.LiveSessions.AnyAsync(s => s.TrainersRoomId == found.Id, cancel))
            throw new RefusedException(Refusal.TrainersRoomFits);
        await TalkSeats.KeepSeatsAsync(context, found.Id, cancel);
        var now = clock.GetUtcNow();
        var typed = PlainText.Line(handle);
        var name = PlainText.Handle(handle);
        var seen = context.Users.Seen(now).Select(m => new { m.Id, m.Handle, m.DisplayName });
        var called = await seen.Where(m => m.Handle == name).ToListAsync(cancel);
        if (called.Count == 0)
            called = await seen.Where(m => m.DisplayName == typed).Take(2).ToListAsync(cancel);
        if (called is not [var member])
            throw new RefusedException(called.Count == 0 ? Refusal.UnknownMember : Refusal.SeveralOfThatName, typed);
        if (await context.Memberships.AnyAsync(m => m.ConversationId == found.Id && m.MemberId == member.Id, cancel))
            throw new RefusedException(Refusal.AlreadyIn);
        if (await Bans.Now(context).AnyAsync(r => r.ConversationId == found.Id && r.MemberId == member.Id, cancel))
            throw new RefusedException(Refusal.BannedFromRoom, member.DisplayName);
        var notice = Telling.TakenIn(context, actor, found, member.Id, now);
        if (await AddMemberAsync(context, found, member.Id, cancel))
            feed.Publish(new MembersNoticed([notice]));
        return member.DisplayName;
    }

    /// <summary>The rooms the actor may read, the liveliest first.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="mine">Only those the actor is in.</param>
    /// <param name="page">1, 2, 3 …</param>
    /// <param name="cancel">Stops the reading.</param>
    public async Task<(IReadOnlyList<RoomRow> Rooms, bool HasMore)> ListAsync(Actor actor, bool mine, int page, CancellationToken cancel = default)
    {
        if (!actor.May(Act.TakePart))
            return ([], false);
        await using var context = db.CreateDbContext();
        var (muted, gone, banned, reviews) = (MutedMessage.In(context), GoneMessages.In(context), Bans.Now(context), actor.May(Act.EditPractices));
        var rows = await (
            from c in context.Conversations
            where c.Kind == ConversationKind.Room
            join m in context.Memberships.Where(m => m.MemberId == actor.MemberId) on c.Id equals m.ConversationId into places
            from place in places.DefaultIfEmpty()
            where place != null ? reviews || place.Role != MembershipRole.Reviewer : !mine && c.IsOpen == 1
            where !banned.Any(r => r.ConversationId == c.Id && r.MemberId == actor.MemberId)
            orderby c.LastAt ?? c.CreatedAt descending, c.Id
            select new
            {
                c.Id,
                c.Slug,
                c.Title,
                c.Purpose,
                c.Language,
                c.IsOpen,
                c.LastSeq,
                c.LastAt,
                LastRead = (long?)place!.LastReadSeq,
                Silent = muted.Count(x => x.MemberId == actor.MemberId && x.ConversationId == c.Id && x.Seq > place.LastReadSeq)
                    + gone.Count(x => x.ConversationId == c.Id && x.Seq > place.LastReadSeq),
                Members = context.Memberships.Count(m => m.ConversationId == c.Id),
                Last = context.Messages.Where(m => m.ConversationId == c.Id && m.Seq == c.LastSeq)
                    .Select(m => new { Markdown = m.HiddenAt == null ? m.Markdown : "", m.HiddenAt, Name = context.Users.Where(u => u.Id == m.AuthorId).Select(u => u.DisplayName).FirstOrDefault() ?? m.ImportedAuthor })
                    .FirstOrDefault(),
                File = context.Attachments.Where(a => a.ConversationId == c.Id && a.Seq == c.LastSeq).OrderBy(a => a.Position).Select(a => a.Name).FirstOrDefault(),
            }).Skip((Math.Clamp(page, 1, 10_000) - 1) * Page).Take(Page + 1).ToListAsync(cancel);
        return ([.. rows.Take(Page).Select(r => new RoomRow(r.Slug!, r.Title, r.Purpose, r.Language, r.IsOpen == 1, r.LastRead is not null, r.Members,
            r.LastRead is { } read ? r.LastSeq - read - r.Silent : 0, r.Last?.Name ?? "", MessageReading.Excerpt(r.Last?.Markdown ?? "", r.Last?.HiddenAt is null ? r.File : null, 140), r.LastAt))], rows.Count > Page);
    }

    /// <summary>The actor's direct conversations in which something was said, the newest first, in one query.</summary>
    /// <param name="actor">Whose; nobody else's are ever seen.</param>
    /// <param name="page">1, 2, 3 …</param>
    /// <param name="cancel">Stops the reading.</param>
    public async Task<(IReadOnlyList<DirectRow> Directs, bool HasMore)> DirectsAsync(Actor actor, int page, CancellationToken cancel = default)
    {
        if (!actor.IsMember)
            return ([], false);
        await using var context = db.CreateDbContext();
        var gone = GoneMessages.In(context);
        var rows = await (
            from mine in context.Memberships
            where mine.MemberId == actor.MemberId
            join c in context.Conversations on mine.ConversationId equals c.Id
            where c.Kind == ConversationKind.Direct && c.LastSeq > 0
            join theirs in context.Memberships on c.Id equals theirs.ConversationId
            where theirs.MemberId != actor.MemberId
            join other in context.Users on theirs.MemberId equals other.Id
            orderby c.LastAt ?? c.CreatedAt descending, c.Id
            select new
            {
                c.Id,
                other.Handle,
                other.DisplayName,
                other.PictureVersion,
                Unread = c.LastSeq - mine.LastReadSeq - gone.Count(x => x.ConversationId == c.Id && x.Seq > mine.LastReadSeq),
                c.LastAt,
                Last = context.Messages.Where(m => m.ConversationId == c.Id && m.Seq == c.LastSeq).Select(m => new { Markdown = m.HiddenAt == null ? m.Markdown : "", m.HiddenAt }).FirstOrDefault(),
                File = context.Attachments.Where(a => a.ConversationId == c.Id && a.Seq == c.LastSeq).OrderBy(a => a.Position).Select(a => a.Name).FirstOrDefault(),
            }).Skip((Math.Clamp(page, 1, 10_000) - 1) * Page).Take(Page + 1).ToListAsync(cancel);
        return ([.. rows.Take(Page).Select(r => new DirectRow(
            r.Id, r.Handle, r.DisplayName, r.PictureVersion, r.Unread, MessageReading.Excerpt(r.Last?.Markdown ?? "", r.Last?.HiddenAt is null ? r.File : null, 140), r.LastAt))], rows.Count > Page);
    }

    /// <summary>Who is in a room, by name; at most 50 a page.</summary>
    public async Task<(IReadOnlyList<RoomMember> Members, bool HasMore)> MembersAsync(Actor actor, string room, int page, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var found = await AllConversations.FindAsync(context, actor, room, cancel);
        var members = await (
            from m in context.Memberships
            where m.ConversationId == found.Id
            join u in context.Users on m.MemberId equals u.Id
            orderby u.DisplayName, u.Id
            select new RoomMember(u.Handle, u.DisplayName, u.Organisation!.Name, u.Country, u.PictureVersion, m.Role == MembershipRole.Moderator))
            .Skip((Math.Clamp(page, 1, 10_000) - 1) * MembersPage).Take(MembersPage + 1).ToListAsync(cancel);
        return ([.. members.Take(MembersPage)], members.Count > MembersPage);
    }

    async Task<bool> AddMemberAsync(CommunityDb context, FoundConversation found, int member, CancellationToken cancel)
    {
        // What was said before is there to read, but nobody owes it a reading.
        context.Add(new Membership
        {
            ConversationId = found.Id,
            MemberId = member,
            Role = MembershipRole.Participant,
            JoinedAt = clock.GetUtcNow(),
            LastReadSeq = found.LastSeq,
        });
        try
        {
            await context.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException) when (context.Memberships.Any(m => m.ConversationId == found.Id && m.MemberId == member))
        {
            // Clicked twice: in is in.
            return false;
        }
        feed.Publish(new MemberJoined(found.Id, member));
        return true;
    }

    async Task<int> AddAsync(
        CommunityDb context, Conversation conversation, Actor actor, (int Member, MembershipRole Role)[] members, string defaultTopic, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        conversation.CreatedById = actor.IsMember ? actor.MemberId : null;
        conversation.CreatedAt = now;
        await AddAsync(context, conversation, members, defaultTopic, now, cancel);
        await transaction.CommitAsync(cancel);
        return conversation.Id;
    }

    /// <summary>In the caller's transaction: a conversation with its first topic and those who are in it.</summary>
    internal static async Task AddAsync(CommunityDb context, Conversation conversation, (int Member, MembershipRole Role)[] members, string defaultTopic, DateTimeOffset now, CancellationToken cancel)
    {
        context.Add(conversation);
        await context.SaveChangesAsync(cancel);
        var topic = new Topic { ConversationId = conversation.Id, Name = defaultTopic, Folded = Folding.Fold(defaultTopic), Slug = Folding.Slug(defaultTopic), CreatedAt = now };
        context.Add(topic);
        await context.SaveChangesAsync(cancel);
        // Said, not found: the demo world looks for no changes.
        context.Entry(conversation).Property(c => c.DefaultTopicId).CurrentValue = topic.Id;
        context.Add(new TopicSlug { ConversationId = conversation.Id, Slug = topic.Slug, TopicId = topic.Id });
        context.AddRange(members.Where(m => m.Member != 0).Select(m => new Membership { ConversationId = conversation.Id, MemberId = m.Member, Role = m.Role, JoinedAt = now }));
        await context.SaveChangesAsync(cancel);
    }

    // A room speaks one language before anybody says a word in it.
    internal static string FirstTopic(string language) => language switch
    {
        "it" => "Generale",
        "de" => "Allgemeines",
        "el" => "Γενικά",
        _ => "General",
    };

    internal static bool IsSlug(string slug) => slug.Length is >= 2 and <= 60 && slug != "new" && slug.Any(char.IsAsciiLetterLower)
        && slug.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-') && slug[0] != '-' && slug[^1] != '-';
}
