using VetCommunity.Core;
using VetCommunity.Core.Documents;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Core.Members;
using VetCommunity.Core.Noticing;

namespace VetCommunity.Tests.Documents;

/// <summary>Eva and Erik edit for the guild, Nina edits for nobody. Bruno, a member of the guild, begins the practice "Welding in pairs"; Olga is in nothing.</summary>
sealed class DocumentsWorld : IAsyncDisposable
{
    DocumentsWorld(World world)
    {
        World = world;
        var (db, kinds, clock) = (world.Db, Kinds, world.Clock);
        All = new(db, kinds, world.Feed, clock);
        Languages = new(db, kinds, clock);
        Drafts = new(db, kinds, clock);
        Storing = new(db, kinds, clock);
        Revisions = new(db, kinds, Storing);
        Publications = new(db, kinds, world.Feed, clock);
        Submissions = new(db, kinds, world.Feed, clock);
        Comments = new(db, kinds, Storing, world.Feed, clock);
        Approvals = new(db, kinds, world.Feed, clock);
        Notices = new(db, world.Feed, clock);
        Talks = new(db, kinds, world.Topics, world.Feed, clock);
    }

    public World World { get; }
    public AllDocuments All { get; }
    public LanguageVersions Languages { get; }
    public DocumentDrafts Drafts { get; }
    public Storing Storing { get; }
    public Revisions Revisions { get; }
    public Publications Publications { get; }
    public Submissions Submissions { get; }
    public Comments Comments { get; }
    public Approvals Approvals { get; }
    public Notices Notices { get; }
    public SectionTalks Talks { get; }
    public DocumentKinds Kinds { get; } = new([new PracticeKind()]);

    public Actor Bruno => World.Bruno;
    public Actor Olga => World.Olga;
    public Actor Eva { get; private set; } = Actor.Visitor;
    public Actor Erik { get; private set; } = Actor.Visitor;
    public Actor Nina { get; private set; } = Actor.Visitor;

    public static VersionAddress English { get; } = new(DocumentKind.Practice, "welding-in-pairs", "en");
    public static VersionAddress Italian { get; } = English with { Language = "it" };

    public static async Task<DocumentsWorld> OpenAsync(Database database)
    {
        var one = new DocumentsWorld(await World.OpenAsync(database));
        var guild = await one.World.InDbAsync(async db =>
        {
            var organisation = new Organisation { Slug = "guild", Name = "Guild", Country = "DE" };
            db.Add(organisation);
            (await db.Users.FindAsync(one.Bruno.MemberId))!.Organisation = organisation;
            await db.SaveChangesAsync();
            return organisation.Id;
        });
        one.Eva = await one.AddEditorAsync(11, "eva", guild);
        one.Erik = await one.AddEditorAsync(12, "erik", guild);
        one.Nina = await one.AddEditorAsync(13, "nina", null);
        await one.All.CreateAsync(one.Bruno, new(DocumentKind.Practice, "Welding in pairs", "en", "begun"));
        return one;
    }

    /// <summary>An editor of an organisation that is made for them.</summary>
    public async Task<Actor> AddEditorElsewhereAsync(int id, string handle, string country)
    {
        var organisation = await World.InDbAsync(async db =>
        {
            var made = new Organisation { Slug = "of-" + handle, Name = "Of " + handle, Country = country };
            db.Add(made);
            await db.SaveChangesAsync();
            return made.Id;
        });
        return await AddEditorAsync(id, handle, organisation);
    }

    public async Task<Actor> AddEditorAsync(int id, string handle, int? organisation)
    {
        var actor = new Actor(id, handle, handle, Roles.Member | Roles.Editor, "en", "UTC");
        await World.InDbAsync(async db =>
        {
            db.Users.Add(new()
            {
                Id = id,
                Handle = handle,
                DisplayName = handle,
                Roles = actor.Roles,
                OrganisationId = organisation,
                UserName = handle,
                NormalizedUserName = handle.ToUpperInvariant(),
                Email = handle + "@example.org",
                NormalizedEmail = handle.ToUpperInvariant() + "@EXAMPLE.ORG",
                JoinedAt = World.Clock.GetUtcNow(),
            });
            return await db.SaveChangesAsync();
        });
        return actor;
    }

    /// <summary>Somebody writes a text on the newest revision, or on the one that is named, and stores it.</summary>
    public async Task<StoreResult> WriteAsync(Actor who, string text, int? on = null, VersionAddress? where = null, string? key = null)
    {
        var open = await Drafts.OpenAsync(who, where ?? English);
        var saved = await Drafts.SaveAsync(who, where ?? English, text, new(on ?? open.Newest, open.Version, open.Source));
        return await Storing.StoreAsync(who, where ?? English, saved.Version, "", key ?? Guid.NewGuid().ToString("N"));
    }

    public ValueTask DisposeAsync() => World.DisposeAsync();
}
