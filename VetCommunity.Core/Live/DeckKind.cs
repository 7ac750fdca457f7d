using VetCommunity.Core.Data;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Live;

/// <summary>The rules of slide decks: those who lead the session read and write them, and nobody publishes them. What is on the stage is seen by those who are in the session.</summary>
public sealed class DeckKind : IDocumentKind
{
    /// <summary>How every deck begins, in words for whoever writes it: three slides that show what slides can do.</summary>
    public const string Beginning = "\n\n???\n\n---\n\n## 1\n\n- …\n\n. . .\n\n- …\n\n---\n\n## 2\n\n> …\n";

    /// <inheritdoc/>
    public DocumentKind Kind => DocumentKind.Deck;

    /// <inheritdoc/>
    public bool MayCreate(Actor actor) => actor.May(Act.HoldSessions);

    /// <inheritdoc/>
    public bool MayPublish(Actor actor) => false;

    /// <inheritdoc/>
    public IQueryable<Document> Readable(CommunityDb db, Actor actor) => Writable(db, actor);

    /// <inheritdoc/>
    public IQueryable<Document> Writable(CommunityDb db, Actor actor)
    {
        var led = LiveSessions.LedBy(db, actor);
        // A rehearsal shows the slides; they are its session's all the same.
        return db.Documents.Where(d => led.Any(s => s.DocumentId == d.Id && s.RehearsalOfId == null));
    }

    /// <summary>A picture is seen by everybody in the session, and by who writes the lesson that was made of it: its address is known to nobody who was not shown it.</summary>
    public IQueryable<Document> Pictured(CommunityDb db, Actor actor)
    {
        var (seen, written) = (LiveSessions.SeenBy(db, actor), new LessonKind().Writable(db, actor));
        return db.Documents.Where(d => seen.Any(s => s.DocumentId == d.Id) || db.LiveSessions.Any(s => s.DocumentId == d.Id && written.Any(lesson => lesson.Id == s.LessonId)));
    }

    /// <inheritdoc/>
    public int MostFiles => Deck.Most;

    /// <inheritdoc/>
    public IQueryable<Member> Reviewers(CommunityDb db) => db.Users.Where(u => false);

    /// <inheritdoc/>
    public Task<string> BeginningAsync(CommunityDb db, string title, CancellationToken cancel) => Task.FromResult($"# {title}{Beginning}");
}
