using VetCommunity.Core;
using VetCommunity.Core.Bridging;
using VetCommunity.Core.Noticing;

namespace VetCommunity.Tests.Bridging;

/// <summary>The world with its translators: Bruno and Carla translate from Spanish into Catalan, Carla the way back too. Anna writes in Spanish, Olga asks.</summary>
sealed class BridgingWorld(World world, ISuggestTranslations machine) : IAsyncDisposable
{
    public const string Spanish = "La formación profesional es muy buena en nuestra escuela";
    public const string Catalan = "La formació professional és molt bona a la nostra escola";

    public World World => world;
    public Bridgers Bridgers { get; } = new(world.Db, world.Clock);
    public Bridges Bridges { get; } = new(world.Db, world.Log, world.Feed);
    public BridgeQueue Queue { get; } = new(world.Db);
    public Glossary Glossary { get; } = new(world.Db, world.Clock);
    public MachineSuggestions Machines { get; } = new(world.Db, world.Log, machine);
    public Notices Notices { get; } = new(world.Db, world.Feed, world.Clock);
    public Actor Anna => world.Anna;
    public Actor Bruno => world.Bruno;
    public Actor Carla => world.Carla;
    public Actor Olga => world.Olga;

    public static async Task<BridgingWorld> OpenAsync(Database database, ISuggestTranslations? machine = null)
    {
        var bridging = new BridgingWorld(await World.OpenAsync(database), machine ?? new NoSuggestions());
        await bridging.TranslatesAsync(bridging.Bruno, "es-ca");
        await bridging.TranslatesAsync(bridging.Carla, "es-ca", "ca-es");
        return bridging;
    }

    public Task TranslatesAsync(Actor who, params string[] pairs) => Bridgers.SaveAsync(who, [.. pairs.Select(pair => new LanguagePair(pair[..2], pair[3..]))], agrees: null);

    /// <summary>Something in Spanish, whatever it looks like.</summary>
    public async Task<long> SayAsync(Actor who, string text = Spanish, string room = "welding") =>
        (await world.Conversations.PostAsync(who, new(room, Guid.NewGuid().ToString("N"), null, text, Language: "es"))).Seq;

    public async Task<int> ProposeAsync(Actor who, long seq, string text = Catalan, string to = "ca", string room = "welding") =>
        await Bridges.ProposeAsync(who, room, seq, new(to, text, (await Bridges.FindAsync(who, room, seq)).Stamp));

    public async Task AcceptAsync(Actor who, long seq, int translation, string room = "welding") => await Bridges.AcceptAsync(who, room, seq, translation,
        (await Bridges.FindAsync(who, room, seq)).Translations.Single(one => one.Posted.Id == translation).Version);

    /// <summary>What stands under the message for who reads the room.</summary>
    public async Task<IReadOnlyList<PostedTranslation>?> UnderAsync(long seq, string room = "welding") =>
        (await world.Conversations.OpenAsync(Anna, room)).Messages.Single(message => message.Seq == seq).Translations;

    public async Task<IReadOnlyList<NoticeKind>> BellAsync(Actor who) => [.. (await Notices.ListAsync(who)).Rows.Where(row => row.IsUnread).Select(row => row.Kind)];

    /// <summary>Other members who translate from Spanish into Catalan, the first with the lowest number.</summary>
    public async Task<List<Actor>> MoreTranslatorsAsync(int count)
    {
        List<Actor> more = [];
        for (var i = 0; i < count; i++)
        {
            var id = await world.InDbAsync(async context =>
            {
                var handle = $"translator-{i}";
                var member = new Core.Members.Member
                {
                    Handle = handle,
                    DisplayName = handle,
                    UserName = handle,
                    NormalizedUserName = handle.ToUpperInvariant(),
                    Email = handle + "@example.org",
                    NormalizedEmail = handle.ToUpperInvariant() + "@EXAMPLE.ORG",
                    JoinedAt = world.Clock.GetUtcNow(),
                };
                context.Users.Add(member);
                await context.SaveChangesAsync();
                return member.Id;
            });
            more.Add(Olga with { MemberId = id, Handle = $"translator-{i}", Name = $"translator-{i}" });
            await TranslatesAsync(more[^1], "es-ca");
        }
        return more;
    }

    public ValueTask DisposeAsync() => world.DisposeAsync();
}
