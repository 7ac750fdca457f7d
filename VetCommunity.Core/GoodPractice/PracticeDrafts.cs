using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Members;
using VetCommunity.Core.Noticing;

namespace VetCommunity.Core.GoodPractice;

/// <summary>Drafts of good practices, begun out of the talk of rooms: begun, listed, read and taken along. What changes one is <see cref="DraftChanges"/>.</summary>
public sealed class PracticeDrafts(CommunityDbFactory db, Feed feed, TimeProvider clock)
{
    /// <summary>Messages that one draft quotes at most.</summary>
    public const int MostQuotes = 30;
    /// <summary>Characters of a title.</summary>
    public const int Title = 100;
    /// <summary>Characters of a body.</summary>
    public const int Body = 50_000;
    /// <summary>A line of the body that stands where the quotes are to stand.</summary>
    public const string QuotesHere = "{{quotes}}";

    const int Page = 20;

    /// <summary>Messages of a room or of one of its topics to choose from: those that say something and whose author can be asked.</summary>
    /// <param name="actor">Somebody who may write in the room.</param>
    /// <param name="room">The room's slug.</param>
    /// <param name="topic">The topic's address part; null for the whole room.</param>
    /// <param name="before">Messages before this one; null for the newest.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="NotFoundException">No room, or the actor may not write there.</exception>
    public async Task<QuotableMessages> QuotableAsync(Actor actor, string room, string? topic = null, long? before = null, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var found = await Topics.FindRoomAsync(context, actor, room, cancel);
        if (!found.Standing.MayPost)
            throw new NotFoundException("page");
        var chosen = topic is null ? null : await Topics.OneAsync(context, found, topic, cancel);
        var messages = Quotable(context, found.Id);
        if (chosen is not null)
            messages = messages.Where(m => m.TopicId == chosen.Id);
        if (before is { } seq)
            messages = messages.Where(m => m.Seq < seq);
        var read = await MessageReading.ReadAsync(context, messages.OrderByDescending(m => m.Seq).Take(Limits.Page), cancel);
        var hasOlder = read.Count > 0 && await messages.AnyAsync(m => m.Seq < read[0].Seq, cancel);
        return new(found, chosen?.Name, chosen?.Slug, read, hasOlder);
    }

    /// <summary>Begins a draft and asks everybody whom it quotes, except the actor. Answers with its number; the same form again is the same draft.</summary>
    /// <exception cref="NotFoundException">No room or topic that the actor may read.</exception>
    /// <exception cref="RefusedException">The actor may not write there, a bad title, no message or too many, or one that cannot be quoted.</exception>
    public async Task<int> BeginAsync(Actor actor, NewPracticeDraft wish, CancellationToken cancel = default)
    {
        var title = CheckedTitle(wish.Title);
        var seqs = wish.Messages.Distinct().ToList();
        if (seqs.Count is 0 or > MostQuotes)
            throw new RefusedException(Refusal.QuoteCount, MostQuotes);
        Limits.CheckedKey(wish.FormKey);
        await using var context = db.CreateDbContext();
        var same = context.PracticeDrafts.Where(d => d.ById == actor.MemberId && d.FormKey == wish.FormKey).Select(d => (int?)d.Id);
        List<WrittenNotice> notices;
        PracticeDraft draft;
        await using (var transaction = await context.Database.BeginTransactionAsync(cancel))
        {
            var found = await Topics.FindRoomAsync(context, actor, wish.Room, cancel);
            if (!found.Standing.MayPost)
                throw new RefusedException(found.Standing.WhyNot ?? Refusal.JoinFirst);
            if (await same.FirstOrDefaultAsync(cancel) is { } before)
                return before;
            var topic = string.IsNullOrEmpty(wish.Topic) ? null : await Topics.OneAsync(context, found, wish.Topic, cancel);
            var messages = await Quotable(context, found.Id).Where(m => seqs.Contains(m.Seq)).AsNoTracking().ToDictionaryAsync(m => m.Seq, cancel);
            if (messages.Count != seqs.Count)
                throw new RefusedException(Refusal.NotQuotable);
            var now = clock.GetUtcNow();
            draft = new()
            {
                ConversationId = found.Id,
                TopicId = topic?.Id,
                Title = title,
                Body = (await TemplateText.PresentAsync(context, cancel)).BegunOfTalk(found.Purpose),
                ById = actor.MemberId,
                At = now,
                ChangedById = actor.MemberId,
                ChangedAt = now,
                FormKey = wish.FormKey,
            };
            context.Add(draft);
            try
            {
                await context.SaveChangesAsync(cancel);
            }
            catch (DbUpdateException)
            {
                await transaction.RollbackAsync(CancellationToken.None);
                // Clicked twice.
                if (await same.FirstOrDefaultAsync(cancel) is { } first)
                    return first;
                throw;
            }
            List<Quote> quotes = [.. seqs.Select((seq, index) => QuoteOf(draft, messages[seq], index + 1, actor, now))];
            context.AddRange(quotes);
            notices = [.. quotes.Select(q => q.AuthorId).Where(author => author != actor.MemberId).Distinct().Select(author => QuoteNotices.Asked(author, draft.Id, actor))];
            context.Notices.AddRange(notices.Select(notice => notice.Row(now)));
            await context.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
        if (notices.Count > 0)
            feed.Publish(new MembersNoticed(notices));
        return draft.Id;
    }

    /// <summary>A page of the drafts that the actor may see, the latest changed first.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="page">1, 2, 3 …</param>
    /// <param name="cancel">Stops the reading.</param>
    public async Task<(IReadOnlyList<DraftRow> Rows, bool HasMore)> ListAsync(Actor actor, int page, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var rows = await Rows(context, actor, DraftAccess.Seen(context, actor).OrderByDescending(d => d.ChangedAt).ThenByDescending(d => d.Id)
            .Skip((Math.Clamp(page, 1, 10_000) - 1) * Page).Take(Page + 1)).ToListAsync(cancel);
        return ([.. rows.OrderByDescending(row => row.ChangedAt).ThenByDescending(row => row.Id).Take(Page)], rows.Count > Page);
    }

    /// <summary>The drafts out of these topics that the actor may see, and for all who read the room those that became published practices; at most three of each topic, the newest first.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="topics">Rooms' slugs and topics' present address parts.</param>
    /// <param name="cancel">Stops the reading.</param>
    public async Task<ILookup<(string Room, string Topic), DraftRow>> OfTopicsAsync(Actor actor, IReadOnlyCollection<(string Room, string Topic)> topics, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var (rooms, slugs) = (topics.Select(one => one.Room).Distinct().ToList(), topics.Select(one => one.Topic).Distinct().ToList());
        var wanted = topics.ToHashSet();
        var drafts = topics.Count == 0 ? [] : await Rows(context, actor, DraftAccess.Seen(context, actor, orPublished: true).Where(d =>
            context.Topics.Any(t => t.Id == d.TopicId && slugs.Contains(t.Slug)) && context.Conversations.Any(c => c.Id == d.ConversationId && rooms.Contains(c.Slug!)))
            .OrderByDescending(d => d.Id).Take(100)).ToListAsync(cancel);
        return drafts.Where(row => wanted.Contains((row.Room, row.TopicSlug ?? ""))).OrderByDescending(row => row.Id)
            .GroupBy(row => (row.Room, row.TopicSlug!)).SelectMany(topic => topic.Take(3)).ToLookup(row => (row.Room, row.TopicSlug!));
    }

    /// <summary>A draft.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="id">Number.</param>
    /// <param name="nobody">What stands instead of a name, in the reader's language.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="NotFoundException">Absent or not the actor's to see.</exception>
    public async Task<DraftView> FindAsync(Actor actor, int id, string nobody, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var (draft, room) = await DraftAccess.FindAsync(context, actor, id, cancel);
        var quotes = await DraftAccess.QuotesAsync(context, id, cancel);
        var unnaming = await DraftAccess.UnnamingAsync(context, id, quotes, [], nobody, cancel);
        var people = await context.Users.Where(u => u.Id == draft.ById || u.Id == draft.ChangedById).AsNoTracking().ToDictionaryAsync(u => u.Id, cancel);
        var topic = await context.Topics.AsNoTracking().FirstOrDefaultAsync(t => t.Id == draft.TopicId, cancel);
        var isMaker = DraftAccess.IsMaker(actor, draft);
        var maker = people.GetValueOrDefault(draft.ById);
        return new(
            id, draft.Title, draft.Body, draft.Version, room, topic?.Name, topic?.Slug, new(maker?.Handle ?? "", maker?.DisplayName ?? "", maker?.PictureVersion), draft.At,
            people.GetValueOrDefault(draft.ChangedById)?.DisplayName ?? "", draft.ChangedAt, isMaker, isMaker || room.Standing.IsModerator,
            isMaker && quotes.Any(one => DraftChanges.MayAskAgain(one.Quote, clock.GetUtcNow())), [.. quotes.Select(one => Shown(one, isMaker, unnaming))],
            await context.Documents.Where(d => d.Id == draft.DocumentId).Select(d => d.Slug).FirstOrDefaultAsync(cancel));
    }

    /// <summary>A draft to be taken along, with nothing of anybody who did not agree.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="id">Number.</param>
    /// <param name="nobody">What stands instead of a name.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="NotFoundException">Absent or not the actor's to see.</exception>
    public async Task<TakenDraft> TakeAsync(Actor actor, int id, string nobody, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        await using var snapshot = await db.BeginSnapshotAsync(context, cancel);
        var (draft, room) = await DraftAccess.FindAsync(context, actor, id, cancel);
        var quotes = await DraftAccess.QuotesAsync(context, id, cancel);
        var topic = await context.Topics.Where(t => t.Id == draft.TopicId).Select(t => t.Name).FirstOrDefaultAsync(cancel);
        var unnaming = await DraftAccess.UnnamingAsync(context, id, quotes, [draft.Title, draft.Body, topic ?? "", room.Title], nobody, cancel);
        return new(
            unnaming.In(draft.Title), unnaming.In(room.Title), room.Address, room.Language, topic is null ? null : unnaming.In(topic), draft.At, unnaming.In(draft.Body),
            DraftAccess.Taken(quotes, unnaming));
    }

    internal static string CheckedTitle(string? text)
    {
        var title = PlainText.Line(text);
        return title.Length is > 0 and <= Title ? title : throw new RefusedException(Refusal.BadTitle, Title);
    }

    static IQueryable<Message> Quotable(CommunityDb context, int room) => context.Messages.Where(m => m.ConversationId == room && m.AuthorId != null && m.KeyId == null
        && m.DeletedAt == null && m.HiddenAt == null && m.Markdown != "");

    static Quote QuoteOf(PracticeDraft draft, Message message, int position, Actor actor, DateTimeOffset now)
    {
        var isOwn = message.AuthorId == actor.MemberId;
        return new()
        {
            DraftId = draft.Id,
            ConversationId = message.ConversationId,
            Seq = message.Seq,
            AuthorId = message.AuthorId!.Value,
            Position = position,
            Text = message.Markdown,
            MessageVersion = message.Version,
            Answer = isOwn ? QuoteAnswer.Agreed : QuoteAnswer.Waiting,
            AskedAt = now,
            AnsweredAt = isOwn ? now : null,
        };
    }

    static IQueryable<DraftRow> Rows(CommunityDb context, Actor actor, IQueryable<PracticeDraft> drafts)
    {
        var published = DraftAccess.Published(context);
        return
            from d in drafts
            join c in context.Conversations on d.ConversationId equals c.Id
            join u in context.Users on d.ById equals u.Id
            select new DraftRow(
                d.Id, d.Title, c.Slug!, c.Title, c.Language, context.Topics.Where(t => t.Id == d.TopicId).Select(t => t.Slug).FirstOrDefault(), u.DisplayName, d.ById == actor.MemberId, d.ChangedAt,
                context.Quotes.Count(q => q.DraftId == d.Id), context.Quotes.Count(q => q.DraftId == d.Id && (q.Answer == QuoteAnswer.Agreed || q.Answer == QuoteAnswer.WithoutName)),
                context.Quotes.Count(q => q.DraftId == d.Id && q.Answer == QuoteAnswer.Waiting), context.Documents.Where(one => one.Id == d.DocumentId).Select(one => one.Slug).FirstOrDefault(),
                published.Where(one => one.DocumentId == d.DocumentId).Select(one => one.Title).FirstOrDefault());
    }

    static DraftQuote Shown(StoredQuote one, bool isMaker, Unnaming unnaming)
    {
        var quote = one.Quote;
        var named = isMaker || quote.Answer == QuoteAnswer.Agreed;
        var text = quote.Answer switch
        {
            QuoteAnswer.Agreed => unnaming.In(quote.Text),
            QuoteAnswer.WithoutName => unnaming.In(quote.Text, quote.AuthorId),
            QuoteAnswer.Waiting when isMaker => quote.Text,
            _ => null,
        };
        return new(quote.Id, quote.Answer, text, named ? new(one.Handle, one.Name, one.Picture) : null, named ? quote.Seq : null, named ? one.SaidAt : null, named ? one.EditedAt : null,
            quote.AskedAgainAt ?? quote.AskedAt);
    }
}
