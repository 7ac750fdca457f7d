using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Live;

namespace VetCommunity.Tests.Live;

/// <summary>Anna plans a session "Welding in pairs" for tomorrow, with three slides of which the second has two steps. Carla leads with her, Bruno takes part, Olga is in nothing.</summary>
public sealed class LiveWorld : IAsyncDisposable
{
    public const string Slides = "# One\n\n???\n\nSecret\n\n---\n\n# Two\n\n. . .\n\nStep\n\n---\n\n# Three";

    LiveWorld(World world)
    {
        World = world;
        var (db, kinds, clock) = (world.Db, new DocumentKinds([new DeckKind(), new LessonKind()]), world.Clock);
        Documents = new(db, kinds, world.Feed, clock);
        var storing = new Storing(db, kinds, clock);
        Sessions = new(db, Documents, world.Feed, clock);
        Decks = new(db, world.Feed, Documents, new(db, kinds, clock), storing, new(db, kinds, storing), new(db, kinds, clock));
        Stages = new(db, world.Feed, clock);
        Registrations = new(db, world.Feed, clock);
        Questions = new(db, world.Feed, clock, Stages);
        Audience = new(db, world.Feed, clock, Stages);
        Lessons = new(db, Stages, Documents, new(db, kinds, clock), storing, new(db, kinds, storing), new(db, kinds, clock), new(db, kinds, world.Feed, clock));
    }

    public World World { get; }
    public AllDocuments Documents { get; }
    public LiveSessions Sessions { get; }
    public Decks Decks { get; }
    public Stages Stages { get; }
    public Registrations Registrations { get; }
    public StageQuestions Questions { get; }
    public AudienceQuestions Audience { get; }
    public Lessons Lessons { get; }
    public string Slug { get; private set; } = "";
    public Actor Anna => World.Anna;
    public Actor Bruno => World.Bruno;
    public Actor Carla => World.Carla;
    public Actor Olga => World.Olga;

    public SessionPlan Plan => new("Welding in pairs", "One holds, one welds.", "en", World.Clock.GetUtcNow().AddDays(1), World.Clock.GetUtcNow().AddDays(1).AddHours(1), null);

    public static async Task<LiveWorld> OpenAsync(Database database) => await OpenAsync(await World.OpenAsync(database));

    public static async Task<LiveWorld> OpenAsync(World world)
    {
        var live = new LiveWorld(world);
        live.Slug = await live.Sessions.PlanAsync(live.Anna, live.Plan, "first");
        await live.WriteAsync(Slides);
        await live.Sessions.NameAsync(live.Anna, live.Slug, "@Carla", leads: true);
        await live.Sessions.RegisterAsync(live.Bruno, live.Slug);
        return live;
    }

    public async Task WriteAsync(string markdown, string language = "en")
    {
        var draft = await Decks.OpenAsync(Anna, Slug, language);
        if (await Decks.SaveAsync(Anna, Slug, language, markdown, new(draft.Base, draft.Version, draft.Source), Guid.NewGuid().ToString("N")) is not null)
            throw new InvalidOperationException("Somebody else wrote.");
    }

    public async Task<StageState> StateAsync(Actor? who = null) => (await Stages.SeeAsync(who ?? Bruno, Slug)).State;

    public async Task TurnAsync(Actor who, bool back = false) => await Stages.TurnAsync(who, Slug, (await StateAsync()).Turn, back);

    public Task<List<SessionEvent>> LogAsync() => World.InDbAsync(db => db.SessionEvents.AsNoTracking().OrderBy(e => e.Version).ToListAsync());

    public ValueTask DisposeAsync() => World.DisposeAsync();
}
