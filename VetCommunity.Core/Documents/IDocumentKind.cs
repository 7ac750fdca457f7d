using VetCommunity.Core.Data;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Documents;

/// <summary>The rules of one kind of document: practices, decks and lessons today, news later. What is published everybody reads.</summary>
public interface IDocumentKind
{
    /// <summary>Whose rules these are.</summary>
    DocumentKind Kind { get; }

    /// <summary>Whether the actor may begin one.</summary>
    bool MayCreate(Actor actor);

    /// <summary>Those of its documents whose revisions the actor may read, published or not.</summary>
    IQueryable<Document> Readable(CommunityDb db, Actor actor);

    /// <summary>Those that the actor may write in, delete and restore.</summary>
    IQueryable<Document> Writable(CommunityDb db, Actor actor);

    /// <summary>Those whose pictures the actor may see without reading what stands around them; usually those that the actor reads.</summary>
    IQueryable<Document> Pictured(CommunityDb db, Actor actor) => Readable(db, actor);

    /// <summary>Files of one of its documents.</summary>
    int MostFiles => DocumentFiles.Most;

    /// <summary>Whether the actor may publish and withdraw those that they may read.</summary>
    bool MayPublish(Actor actor);

    /// <summary>The members who review them.</summary>
    IQueryable<Member> Reviewers(CommunityDb db);

    /// <summary>Whether others are asked before one is published, and its authors told what became of it.</summary>
    bool IsReviewed => true;

    /// <summary>From how many other organisations a revision needs an approval before it is published; 0 for none. Whoever publishes at the command line needs none.</summary>
    int ApprovalsToPublish => 0;

    /// <summary>Refuses what may not be published besides what all kinds refuse. Nobody publishes another of this kind meanwhile.</summary>
    /// <param name="db">Within the transaction of the publication.</param>
    /// <param name="address">Whose.</param>
    /// <param name="markdown">The revision.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="RefusedException">What is in the way.</exception>
    Task CheckAsync(CommunityDb db, VersionAddress address, string markdown, CancellationToken cancel) => Task.CompletedTask;

    /// <summary>The text with which a new document begins.</summary>
    /// <param name="db">Where the template stands, if an administrator changed it.</param>
    /// <param name="title">What it is to be called.</param>
    /// <param name="cancel">Stops the reading.</param>
    Task<string> BeginningAsync(CommunityDb db, string title, CancellationToken cancel);
}

/// <summary>All kinds of documents that the community has.</summary>
public sealed class DocumentKinds(IEnumerable<IDocumentKind> kinds)
{
    readonly Dictionary<DocumentKind, IDocumentKind> _kinds = kinds.ToDictionary(one => one.Kind);

    /// <summary>The rules of a kind.</summary>
    /// <exception cref="NotFoundException">The community has none of it.</exception>
    public IDocumentKind this[DocumentKind kind] => _kinds.GetValueOrDefault(kind) ?? throw new NotFoundException("document");
}
