using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Learning;
using VetCommunity.Core.Live;
using Xunit;

namespace VetCommunity.Tests.Live;

/// <summary>A session in numbers, for those who lead it.</summary>
public class CountingASession
{
    [Theory, OnBothDatabases]
    public async Task What_each_did_is_counted_from_what_is_kept(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var figures = new Figures(live.World.Db, live.World.Clock);
        await live.Sessions.RegisterAsync(live.Olga, live.Slug);
        var room = (await live.Sessions.FindAsync(live.Anna, live.Slug)).Room;
        await live.World.Conversations.PostAsync(live.Bruno, new(room, "before", null, "Before it begins"));
        Assert.Null((await figures.SeeAsync(live.Anna, live.Slug, 1)).Begin);
        live.World.Clock.Advance(TimeSpan.FromMinutes(1));
        await live.WriteAsync("# One\n\n::: question single\nid: q\npoints: 3\n\nWhich?\n\n- [x] a\n- [ ] b\n:::");
        await live.Stages.StartAsync(live.Anna, live.Slug);
        var begin = live.World.Clock.GetUtcNow();
        await ThereAsync(live, live.Bruno, begin, 30);
        await ThereAsync(live, live.Anna, begin, 60);
        await live.World.Conversations.PostAsync(live.Bruno, new(room, "one", null, "Hello"));
        await live.World.Conversations.PostAsync(live.Anna, new(room, "two", null, "Welcome"));
        await live.Questions.OpenAsync(live.Anna, live.Slug, (await live.Questions.DeskAsync(live.Anna, live.Slug)).Questions[0].Key);
        await live.Questions.AnswerAsync(live.Bruno, live.Slug, (await live.Questions.DeskAsync(live.Anna, live.Slug)).Newest!.Number, Answer.Of(1));
        await live.Stages.HandAsync(live.Bruno, live.Slug, up: true);
        await live.Stages.GiveFloorAsync(live.Carla, live.Slug, "bruno");
        live.World.Clock.Advance(TimeSpan.FromMinutes(60));
        await live.Stages.EndAsync(live.Anna, live.Slug);
        live.World.Clock.Advance(TimeSpan.FromMinutes(1));
        await live.World.Conversations.PostAsync(live.Bruno, new(room, "after", null, "Thank you"));

        var seen = await figures.SeeAsync(live.Carla, live.Slug, 1);

        Assert.Equal((2, 1, 2, 1, 1), (seen.Registered, seen.Came, seen.Messages, seen.Answers, seen.Hands));
        Assert.Equal([(60, 1, 0, 0, 0, 0), (30, 1, 1, 3, 1, 1), (0, 0, 0, 0, 0, 0), (0, 0, 0, 0, 0, 0)],
            seen.Lines.Select(line => (line.Minutes, line.Messages, line.Answers, line.Points, line.Hands, line.Floor)));
        Assert.Equal(2, seen.Presence[0].People);
        Assert.Equal(1, seen.Presence[^2].People);
        Assert.InRange(seen.Presence.Count, 20, Figures.Moments);
        // Two who take part are not shown by country.
        Assert.Empty(seen.Countries);
        Assert.Equal(4, (await figures.SeeAsync(live.Anna, live.Slug, null)).Lines.Count);
        Assert.Empty((await figures.SeeAsync(live.Anna, live.Slug, 2)).Lines);
        foreach (var other in (Actor[])[live.Bruno, live.Olga, live.World.Ada, Actor.Visitor, Actor.Operator])
            await Assert.ThrowsAsync<NotFoundException>(() => figures.SeeAsync(other, live.Slug, 1));
    }

    [Fact]
    public void Nobody_is_shown_alone_and_nobody_can_be_reckoned_from_the_rest()
    {
        // A group of one would be what is left over: the smallest one goes along.
        Assert.Equal([("IT", false, 5), ("", true, 4)], Of(("IT", 5), ("DE", 3), ("GR", 1)));
        // Two small ones are enough for each other.
        Assert.Equal([("IT", false, 5), ("", true, 4)], Of(("IT", 5), ("DE", 2), ("GR", 2)));
        Assert.Equal([("IT", false, 3), ("ES", false, 3)], Of(("IT", 3), ("ES", 3)).OrderByDescending(one => one.Item1));
        Assert.Equal([("", true, 3)], Of(("IT", 1), ("ES", 1), ("DE", 1)));
        Assert.Empty(Of(("IT", 2)));
        Assert.Empty(Of());

        static IEnumerable<(string, bool, int)> Of(params (string Country, int People)[] groups)
        {
            var people = groups.SelectMany(group => Enumerable.Range(0, group.People).Select(_ => new FigureLine("x", null, group.Country, SessionRole.Participant, 1, group.People, 0, 0, 0, 0))).ToList();
            var lines = Figures.VoiceOf(people, line => line.Country);
            if (lines.Count > 0)
                Assert.Equal((1.0, 1.0), (Math.Round(lines.Sum(line => line.ShareOfPeople), 6), Math.Round(lines.Sum(line => line.ShareOfVoice), 6)));
            return lines.Select(line => (line.Name, line.IsRest, line.People));
        }
    }

    [Fact]
    public void Presence_is_a_few_moments_however_long_it_is()
    {
        var begin = new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);
        Assert.Empty(Figures.PresenceOf([], begin, begin));
        Assert.Equal([1, 1, 0], Figures.PresenceOf([(1, begin, begin.AddSeconds(20)), (1, begin.AddSeconds(40), begin.AddSeconds(90))], begin, begin.AddMinutes(2)).Select(point => point.People));
        var day = Figures.PresenceOf([(1, begin, begin.AddHours(12))], begin, begin.AddHours(24));
        Assert.Equal((Figures.Moments, 1, 0), (day.Count, day[12].People, day[^1].People));
        Assert.All(Figures.PresenceOf([], begin, begin.AddHours(1)), point => Assert.Equal(0, point.People));
    }

    static Task<int> ThereAsync(LiveWorld live, Actor who, DateTimeOffset from, int minutes) => live.World.InDbAsync(async db =>
    {
        var session = await db.LiveSessions.Where(s => s.Slug == live.Slug).Select(s => s.Id).SingleAsync();
        db.Add(new SessionPresence { SessionId = session, MemberId = who.MemberId, From = from, Until = from.AddMinutes(minutes) });
        return await db.SaveChangesAsync();
    });
}
