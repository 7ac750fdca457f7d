using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Markdown;

namespace VetCommunity.Core.Live;

/// <summary>How the slides of a session are written. Two who write at once are merged by lines, and where that fails nothing is stored and both texts are shown.</summary>
public sealed class Decks(CommunityDbFactory db, Feed feed, AllDocuments documents, DocumentDrafts drafts, Storing storing, Revisions revisions, LanguageVersions languages)
{
    /// <summary>The languages of a deck, the original first.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor does not lead the session.</exception>
    public async Task<IReadOnlyList<LanguageLine>> LanguagesAsync(Actor actor, string slug, CancellationToken cancel = default) =>
        (await documents.FindAsync(actor, DocumentKind.Deck, slug, cancel)).Languages;

    /// <summary>What there is to write on: what the actor wrote last, or the newest deck, or its original where there is none in this language yet.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor does not lead the session.</exception>
    public Task<OpenDraft> OpenAsync(Actor actor, string slug, string language, CancellationToken cancel = default) => drafts.OpenAsync(actor, AddressOf(slug, language), cancel);

    /// <summary>Adds a language. What is there stays as it is.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor does not lead the session.</exception>
    /// <exception cref="RefusedException">No language of the interface.</exception>
    public async Task AddLanguageAsync(Actor actor, string slug, string? language, CancellationToken cancel = default)
    {
        if (!Languages.All.Contains(language ?? ""))
            throw new RefusedException(Refusal.BadChoice);
        await languages.AddAsync(actor, AddressOf(slug, (await LanguagesAsync(actor, slug, cancel))[0].Language), language!, cancel);
    }

    /// <summary>Stores the deck. A session that is being held shows it from this moment on.</summary>
    /// <param name="actor">Who writes.</param>
    /// <param name="slug">Of which session.</param>
    /// <param name="language">Which of its languages.</param>
    /// <param name="markdown">See <see cref="Deck"/>.</param>
    /// <param name="place">On what it was written.</param>
    /// <param name="formKey">The same again is the same.</param>
    /// <param name="cancel">Stops.</param>
    /// <returns>Null, or what somebody else stored meanwhile and on what the actor writes now: nothing was stored then.</returns>
    /// <exception cref="NotFoundException">Absent, or the actor does not lead the session.</exception>
    /// <exception cref="RefusedException">Too long, too many slides, or one that cannot be shown.</exception>
    public async Task<(string Theirs, DraftPlace Place)?> SaveAsync(Actor actor, string slug, string language, string markdown, DraftPlace place, string formKey, CancellationToken cancel = default)
    {
        var saved = await Saving.SaveAsync(drafts, storing, revisions, actor, AddressOf(slug, language), markdown, place, formKey, Check, cancel);
        if (saved.Conflict is not null || saved.WasStored)
            return saved.Conflict;
        await using var context = db.CreateDbContext();
        await TellAsync(context, feed, slug, cancel);
        return null;
    }

    /// <summary>Tells the stages that show these slides that there are others: that of the session, and of a rehearsal of it.</summary>
    internal static async Task TellAsync(CommunityDb context, Feed feed, string slug, CancellationToken cancel)
    {
        foreach (var room in await context.LiveSessions.Where(s => context.LiveSessions.Any(one => one.Slug == slug && one.DocumentId == s.DocumentId) && s.Phase != SessionPhase.Ended).Select(s => s.ConversationId).ToListAsync(cancel))
            feed.Publish(new SessionChanged(room));
    }

    /// <summary>Refuses what could not be shown.</summary>
    internal static void Check(string markdown)
    {
        var deck = Deck.Of(markdown);
        if (deck.IsCut)
            throw new RefusedException(Refusal.TooManySlides, Deck.Most);
        foreach (var slide in deck.Slides)
        {
            try
            {
                foreach (var part in slide.Parts.Append(slide.Notes))
                    _ = PersonsMarkdown.PartToHtml(part);
            }
            catch (RefusedException)
            {
                throw new RefusedException(Refusal.BadSlide, slide.Place);
            }
        }
    }

    internal static VersionAddress AddressOf(string slug, string language) => new(DocumentKind.Deck, slug, language);
}
