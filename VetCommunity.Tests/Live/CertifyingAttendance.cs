using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Live;
using VetCommunity.Core.Privacy;
using Xunit;

namespace VetCommunity.Tests.Live;

public class CertifyingAttendance
{
    [Theory, OnBothDatabases]
    public async Task Whoever_was_there_long_enough_has_one_certificate_that_anybody_can_verify(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var certificates = new Certificates(live.World.Db, live.World.Clock);
        await live.Sessions.ChangeAsync(live.Anna, live.Slug, live.Plan with { CertificateMinutes = 10 }, revision: 0);
        await live.Sessions.RegisterAsync(live.Olga, live.Slug);
        await live.Stages.StartAsync(live.Anna, live.Slug);
        await ThereAsync(live, live.Anna, 30);
        await ThereAsync(live, live.Carla, 30);
        await ThereAsync(live, live.Bruno, 10);
        await ThereAsync(live, live.Olga, 9);
        // Not before the end, however long somebody is there.
        await Assert.ThrowsAsync<NotFoundException>(() => certificates.OwnAsync(live.Bruno, live.Slug));
        await live.Stages.EndAsync(live.Anna, live.Slug);

        Assert.Equal([10, 9, null, 0], [await MinutesAsync(live.Bruno), await MinutesAsync(live.Olga), await MinutesAsync(live.Carla), await MinutesAsync(live.World.Ada)]);
        // Two looks at once make one.
        var looks = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => certificates.OwnAsync(live.Bruno, live.Slug))));
        var own = Assert.Single(looks.DistinctBy(one => one.Code));
        Assert.Equal(("Bruno Weiß", "Welding in pairs", 10, "Anna Rossi, Carla Puig", "Europe/Rome"), (own.Name, own.Title, own.Minutes, string.Join(", ", own.Trainers), own.TimeZone));
        Assert.Equal(Certificates.CodeLength, own.Code.Length);
        foreach (var other in (Actor[])[live.Olga, live.Anna, live.Carla, live.World.Ada, Actor.Visitor, Actor.Operator])
            await Assert.ThrowsAsync<NotFoundException>(() => certificates.OwnAsync(other, live.Slug));

        Assert.Equal(own.Code, (await certificates.FindAsync($" {own.Code[..6].ToLowerInvariant()}-{own.Code[6..]}")).Code);
        foreach (var wrong in (string?[])[own.Code[1..], own.Code + "A", "", null, new string('A', 1000), "%", own.Code[..23] + (own.Code[^1] == 'A' ? 'B' : 'A')])
            await Assert.ThrowsAsync<NotFoundException>(() => certificates.FindAsync(wrong));

        // Another name makes it no certificate of somebody else.
        await live.World.InDbAsync(db => db.Users.Where(u => u.Id == live.Bruno.MemberId).ExecuteUpdateAsync(set => set.SetProperty(u => u.DisplayName, "Somebody Else")));
        Assert.Equal("Bruno Weiß", (await certificates.FindAsync(own.Code)).Name);
        // Whoever deletes the account has none any more.
        await live.World.InDbAsync(async db =>
        {
            var holding = Holdings.All.Single(one => one.Table == typeof(SessionCertificate));
            Assert.Single(await holding.Mine!(db, live.Bruno.MemberId).ToListAsync());
            await holding.EraseAsync!(db, live.Bruno.MemberId, CancellationToken.None);
            return 0;
        });
        await Assert.ThrowsAsync<NotFoundException>(() => certificates.FindAsync(own.Code));

        Task<int?> MinutesAsync(Actor who) => certificates.MinutesAsync(who, live.Slug);
    }

    [Theory, OnBothDatabases]
    public async Task Without_a_rule_there_is_none_and_trainers_see_who_fulfils_it(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var certificates = new Certificates(live.World.Db, live.World.Clock);
        foreach (var wrong in (int[])[0, -1, 61])
            Assert.Equal(Refusal.BadCertificateMinutes, await World.RefusalOfAsync(() => live.Sessions.ChangeAsync(live.Anna, live.Slug, live.Plan with { CertificateMinutes = wrong }, revision: 0)));
        await live.Stages.StartAsync(live.Anna, live.Slug);
        await ThereAsync(live, live.Bruno, 30);
        await ThereAsync(live, live.Anna, 30);
        await live.Stages.EndAsync(live.Anna, live.Slug);

        Assert.Null(await certificates.MinutesAsync(live.Bruno, live.Slug));
        await Assert.ThrowsAsync<NotFoundException>(() => certificates.OwnAsync(live.Bruno, live.Slug));
        await Assert.ThrowsAsync<NotFoundException>(() => certificates.MinutesAsync(Actor.Visitor, live.Slug));
        var lines = (await new Attendance(live.World.Db, live.World.Clock).ListAsync(live.Anna, live.Slug, 1)).Lines;
        Assert.Equal([(30, false), (30, true), (0, false)], lines.Select(line => (line.Minutes, Certificates.Fulfils(30, line))));
        Assert.DoesNotContain(lines, line => Certificates.Fulfils(31, line) || Certificates.Fulfils(null, line));
    }

    static Task<int> ThereAsync(LiveWorld live, Actor who, int minutes) => live.World.InDbAsync(async db =>
    {
        var session = await db.LiveSessions.Where(s => s.Slug == live.Slug).Select(s => s.Id).SingleAsync();
        db.Add(new SessionPresence { SessionId = session, MemberId = who.MemberId, From = live.World.Clock.GetUtcNow(), Until = live.World.Clock.GetUtcNow().AddMinutes(minutes) });
        return await db.SaveChangesAsync();
    });
}
