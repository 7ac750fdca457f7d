using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using VetCommunity.Core;
using VetCommunity.Core.Data;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Live;

namespace VetCommunity.Bench;

/// <summary>Live sessions that the first member of the world leads.</summary>
sealed class SessionWorld
{
    static readonly TimeSpan Held = TimeSpan.FromHours(4);
    readonly CommunityDbFactory _db;
    readonly IReadOnlyList<Actor> _actors;
    readonly LiveSessions _sessions;
    readonly Decks _decks;
    readonly Stages _stages;

    public SessionWorld(CommunityDbFactory db, IReadOnlyList<Actor> actors)
    {
        (_db, _actors) = (db, actors);
        var (kinds, clock, feed) = (new DocumentKinds([new DeckKind()]), TimeProvider.System, new Feed(NullLogger<Feed>.Instance));
        var documents = new AllDocuments(db, kinds, feed, clock);
        var storing = new Storing(db, kinds, clock);
        _sessions = new(db, documents, feed, clock);
        _decks = new(db, feed, documents, new(db, kinds, clock), storing, new(db, kinds, storing), new(db, kinds, clock));
        _stages = new(db, feed, clock);
    }

    /// <summary>A session that is being held, with so many slides, and one more with so many polls; all others are in it.</summary>
    public async Task BeginAsync(string slug, int slides, int polls = 0)
    {
        var now = TimeProvider.System.GetUtcNow();
        await _sessions.PlanAsync(_actors[0], new(slug, "", "en", now.AddHours(1), now.AddHours(2), null), slug);
        var draft = await _decks.OpenAsync(_actors[0], slug, "en");
        var deck = string.Join("\n\n---\n\n", Enumerable.Range(1, slides).Select(number => string.Create(CultureInfo.InvariantCulture,
            $"## Slide {number:D3}\n\n{BenchWorld.Text}\n\n| What | Who | How long |\n|---|---|---|\n| A call in the week before | the owner | 5 minutes |\n| Shoes, key, locker | the office | 20 minutes |\n\n- one\n- two\n- three\n\n???\n\nNot for all")))
            + (polls == 0 ? "" : "\n\n---\n\n## Polls") + string.Concat(Enumerable.Range(1, polls).Select(number => string.Create(CultureInfo.InvariantCulture, $"\n\n::: question single\nid: poll-{number}\n\nWhat comes first?\n\n- A call\n- A locker\n- A name\n- A machine\n:::")));
        if (await _decks.SaveAsync(_actors[0], slug, "en", deck, new(draft.Base, draft.Version, draft.Source), slug) is not null)
            throw new InvalidOperationException("The deck was not stored.");
        foreach (var actor in _actors.Skip(1))
            await _sessions.RegisterAsync(actor, slug);
        await _stages.StartAsync(_actors[0], slug);
    }

    /// <summary>Four hours of a session that began then: a slide is turned in one event of ten, and hands go up and down in the others.</summary>
    public async Task LogAsync(string slug, int events)
    {
        await using var context = _db.CreateDbContext();
        context.ChangeTracker.AutoDetectChangesEnabled = false;
        var session = await context.LiveSessions.AsNoTracking().SingleAsync(s => s.Slug == slug);
        var begin = session.StartedAt!.Value - Held;
        await context.LiveSessions.Where(s => s.Id == session.Id).ExecuteUpdateAsync(set => set.SetProperty(s => s.StartedAt, begin).SetProperty(s => s.Version, events));
        await context.SessionEvents.Where(e => e.SessionId == session.Id).ExecuteUpdateAsync(set => set.SetProperty(e => e.At, begin));
        foreach (var chunk in Enumerable.Range(2, events - 1).Chunk(5_000))
        {
            context.AddRange(chunk.Select(version => new SessionEvent
            {
                SessionId = session.Id,
                Version = version,
                At = begin + (Held * ((double)version / events)),
                ById = _actors[version % 10 == 0 ? 0 : version / 2 % _actors.Count].MemberId,
                Kind = version % 10 == 0 ? SessionEventKind.Shown : version % 2 == 0 ? SessionEventKind.HandRaised : SessionEventKind.HandLowered,
                Slide = version % 10 == 0 ? (version / 10 % 20) + 1 : null,
                Step = version % 10 == 0 ? 0 : null,
            }));
            await context.SaveChangesAsync();
            context.ChangeTracker.Clear();
        }
    }

    /// <summary>Ends it.</summary>
    public Task EndAsync(string slug) => _stages.EndAsync(_actors[0], slug);
}
