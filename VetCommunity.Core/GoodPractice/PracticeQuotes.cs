using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Documents;

namespace VetCommunity.Core.GoodPractice;

/// <summary>What a practice quotes of the talk that it grew out of, as far as its authors agree at this moment.</summary>
/// <param name="Language">The language of the room.</param>
/// <param name="Room">The room, for who may read it; null for others.</param>
/// <param name="TopicSlug">The address part of its topic there.</param>
/// <param name="Quotes">Those that may be quoted, in their order.</param>
public sealed record TalkBehind(string Language, FoundConversation? Room, string? TopicSlug, IReadOnlyList<TakenQuote> Quotes);

/// <summary>Drafts that become practices, and the quotes that stay behind them: the text of a practice holds a line where they go, and never their words.</summary>
public sealed class PracticeQuotes(CommunityDbFactory db, AllDocuments documents, DocumentKinds kinds)
{
    /// <summary>Makes a practice of the actor's draft: its text is in their editor, without names of people who did not agree. Answers with its address part; made twice, it is made once.</summary>
    /// <param name="actor">Who made the draft.</param>
    /// <param name="id">The draft's number.</param>
    /// <param name="nobody">What stands instead of a name, in the language of the text.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="NotFoundException">Not the actor's own draft.</exception>
    /// <exception cref="RefusedException">Somebody else wrote in it in this moment.</exception>
    public async Task<string> MakeAsync(Actor actor, int id, string nobody, CancellationToken cancel = default)
    {
        PracticeDraft draft;
        FoundConversation room;
        string title, text;
        TemplateText template;
        await using (var context = db.CreateDbContext())
        {
            (draft, room) = await DraftAccess.FindAsync(context, actor, id, cancel);
            if (!DraftAccess.IsMaker(actor, draft))
                throw new NotFoundException("draft");
            var quotes = await DraftAccess.QuotesAsync(context, id, cancel);
            var unnaming = await DraftAccess.UnnamingAsync(context, id, quotes, [draft.Title, draft.Body], nobody, cancel);
            (title, text) = (unnaming.In(draft.Title), unnaming.In(draft.Body));
            template = await TemplateText.PresentAsync(context, cancel);
        }
        var document = FrontMatter.Of(template.WithFields(WithPlace(text)) + "\n").With("title", FieldValue.Of(title)).With("summary", FieldValue.Of("")).Document;
        return await documents.CreateAsync(actor, new(DocumentKind.Practice, title, room.Language, FormattableString.Invariant($"draft-{id}")), document, async (context, made) =>
        {
            if (await context.PracticeDrafts.Where(d => d.Id == id && d.Version == draft.Version && d.DocumentId == null).ExecuteUpdateAsync(set => set.SetProperty(d => d.DocumentId, made.Id), cancel) == 0)
                throw new RefusedException(Refusal.ChangedElsewhere);
        }, cancel);
    }

    /// <summary>The talk that a practice grew out of; null where there was none, or its draft is no more.</summary>
    /// <param name="actor">Who reads: everybody what is published, others what they may read.</param>
    /// <param name="slug">The practice's address part.</param>
    /// <param name="nobody">What stands instead of a name, in the reader's language.</param>
    /// <param name="cancel">Stops the reading.</param>
    public async Task<TalkBehind?> BehindAsync(Actor actor, string slug, string nobody, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var published = DocumentAccess.Published(context);
        var readable = DocumentAccess.Seen(context, kinds[DocumentKind.Practice], actor, toWrite: false);
        var behind = await (
            from document in context.Documents
            where document.Kind == DocumentKind.Practice && document.Slug == slug && document.DeletedAt == null
                && (readable.Any(d => d.Id == document.Id) || published.Any(d => d.Id == document.Id))
            join draft in context.PracticeDrafts on document.Id equals draft.DocumentId
            join room in context.Conversations on draft.ConversationId equals room.Id
            select new { draft.Id, room.Slug, room.Language, Topic = context.Topics.Where(t => t.Id == draft.TopicId).Select(t => t.Slug).FirstOrDefault() }).FirstOrDefaultAsync(cancel);
        if (behind is null)
            return null;
        var quotes = await DraftAccess.QuotesAsync(context, behind.Id, cancel);
        var unnaming = await DraftAccess.UnnamingAsync(context, behind.Id, quotes, [], nobody, cancel);
        return new(behind.Language, await RoomAsync(context, actor, behind.Slug, cancel), behind.Topic, DraftAccess.Taken(quotes, unnaming));
    }

    /// <summary>Where quotes go, as a line of its own is rendered.</summary>
    public const string Place = $"<p>{PracticeDrafts.QuotesHere}</p>";

    /// <summary>Whether a line of a text is the one where quotes go.</summary>
    public static bool IsPlace(string line) => line.AsSpan().Trim().SequenceEqual(PracticeDrafts.QuotesHere);

    // As a paragraph of its own, which alone is replaced; and once.
    static string WithPlace(string text)
    {
        List<string> lines = [];
        var isThere = false;
        foreach (var line in text.Split('\n'))
        {
            if (IsPlace(line) && isThere)
                continue;
            if (lines.Count > 0 && (IsPlace(line) || IsPlace(lines[^1])) && !string.IsNullOrWhiteSpace(lines[^1]) && !string.IsNullOrWhiteSpace(line))
                lines.Add("");
            lines.Add(line);
            isThere |= IsPlace(line);
        }
        return isThere ? string.Join('\n', lines) : $"{text}\n\n{PracticeDrafts.QuotesHere}".TrimStart('\n');
    }

    static async Task<FoundConversation?> RoomAsync(CommunityDb context, Actor actor, string? slug, CancellationToken cancel)
    {
        try
        {
            return await AllConversations.FindAsync(context, actor, slug ?? "", cancel);
        }
        catch (NotFoundException)
        {
            return null;
        }
    }
}
