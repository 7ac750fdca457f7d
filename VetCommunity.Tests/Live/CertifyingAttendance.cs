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

        Assert.Equal([10, 9, null, 0], (int?[])[await MinutesAsync(live.Bruno), await MinutesAsync(live.Olga), await MinutesAsync(live.Carla), await MinutesAsync(live.World.Ada)]);
        // Two looks at once make one.
        var looks = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => certificates.OwnAsync(live.Bruno, live.Slug))));
        var own = Assert.Single(looks.DistinctBy(one => one.Code));
        Assert.Equal(("Bruno Weiß", "Welding in pairs", 10, "Anna Rossi, Carla Puig", "Europe/Rome"), (own.Name, own.Title, own.Facts.Minutes, string.Join(", ", own.Trainers), own.TimeZone));
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

        async Task<int?> MinutesAsync(Actor who) => (await certificates.FactsAsync(who, live.Slug))?.Minutes;
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

        Assert.Null(await certificates.FactsAsync(live.Bruno, live.Slug));
        await Assert.ThrowsAsync<NotFoundException>(() => certificates.OwnAsync(live.Bruno, live.Slug));
        await Assert.ThrowsAsync<NotFoundException>(() => certificates.FactsAsync(Actor.Visitor, live.Slug));
        Assert.Equal([(30, false), (30, false), (0, false)], await LinesAsync());
        await RuleAsync(31);
        Assert.Equal([(30, false), (30, false), (0, false)], await LinesAsync());
        // Whoever leads earns none.
        await RuleAsync(30);
        Assert.Equal([(30, false), (30, true), (0, false)], await LinesAsync());

        Task<int> RuleAsync(int minutes) => live.World.InDbAsync(db => db.LiveSessions.Where(s => s.Slug == live.Slug).ExecuteUpdateAsync(set => set.SetProperty(s => s.CertificateMinutes, minutes)));
        async Task<IEnumerable<(int, bool)>> LinesAsync() => (await new Attendance(live.World.Db, live.World.Clock).ListAsync(live.Anna, live.Slug, 1)).Lines.Select(line => (line.Minutes, line.Earns));
    }

    [Theory, OnBothDatabases]
    public async Task A_rule_can_ask_for_answers_alone_or_with_minutes(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var certificates = new Certificates(live.World.Db, live.World.Clock);
        foreach (var wrong in (int[])[0, -1, 101])
            Assert.Equal(Refusal.BadCertificateAnswers, await World.RefusalOfAsync(() => live.Sessions.ChangeAsync(live.Anna, live.Slug, live.Plan with { CertificateAnswers = wrong }, revision: 0)));
        await live.Sessions.ChangeAsync(live.Anna, live.Slug, live.Plan with { CertificateAnswers = 50 }, revision: 0);
        await live.Sessions.RegisterAsync(live.Olga, live.Slug);
        await live.Stages.StartAsync(live.Anna, live.Slug);
        await ThereAsync(live, live.Bruno, 5);
        await ThereAsync(live, live.Olga, 5);
        await AskedAsync("1-1", live.Bruno, live.Anna);
        await AskedAsync("1-2", live.Bruno);
        await AskedAsync("1-3", live.Olga);
        await live.Stages.EndAsync(live.Anna, live.Slug);

        Assert.Equal([new(5, 2, 3), new(5, 1, 3)], [await certificates.FactsAsync(live.Bruno, live.Slug), await certificates.FactsAsync(live.Olga, live.Slug)]);
        var own = await certificates.OwnAsync(live.Bruno, live.Slug);
        Assert.Equal((new CertificateFacts(5, 2, 3), new CertificateRule(null, 50)), (own.Facts, own.Rule));
        Assert.Equal(own.Facts, (await certificates.FindAsync(own.Code)).Facts);
        await Assert.ThrowsAsync<NotFoundException>(() => certificates.OwnAsync(live.Olga, live.Slug));
        var list = await new Attendance(live.World.Db, live.World.Clock).ListAsync(live.Anna, live.Slug, 1);
        Assert.Equal((3, "Bruno Weiß"), (list.Asked, Assert.Single(list.Lines, line => line.Earns).Name));
        Assert.Equal([1, 2, 0, 1], list.Lines.Select(line => line.Answered));

        Task<int> AskedAsync(string key, params Actor[] answered) => live.World.InDbAsync(async db =>
        {
            var now = live.World.Clock.GetUtcNow();
            var question = new SessionQuestion { SessionId = await db.LiveSessions.Where(s => s.Slug == live.Slug).Select(s => s.Id).SingleAsync(), Key = key, Texts = "", OpenedAt = now, ClosedAt = now };
            db.Add(question);
            await db.SaveChangesAsync();
            db.AddRange(answered.Select(who => new SessionAnswer { QuestionId = question.Id, MemberId = who.MemberId, Answer = "1", At = now }));
            return await db.SaveChangesAsync();
        });
    }

    [Fact]
    public void Nobody_owes_answers_where_nothing_was_asked_but_everybody_a_minute()
    {
        Assert.False(new CertificateRule(null, null).IsFulfilledBy(new(60, 5, 5)));
        Assert.True(new CertificateRule(null, 100).IsFulfilledBy(new(1, 0, 0)));
        Assert.False(new CertificateRule(null, 100).IsFulfilledBy(new(0, 0, 0)));
        Assert.False(new CertificateRule(30, 50).IsFulfilledBy(new(29, 5, 5)));
        Assert.False(new CertificateRule(30, 50).IsFulfilledBy(new(60, 2, 5)));
        // 70 of a hundred of four questions are three.
        Assert.Equal([false, true], [new CertificateRule(null, 70).IsFulfilledBy(new(1, 2, 4)), new CertificateRule(null, 70).IsFulfilledBy(new(1, 3, 4))]);
    }

    static Task<int> ThereAsync(LiveWorld live, Actor who, int minutes) => live.World.InDbAsync(async db =>
    {
        var session = await db.LiveSessions.Where(s => s.Slug == live.Slug).Select(s => s.Id).SingleAsync();
        db.Add(new SessionPresence { SessionId = session, MemberId = who.MemberId, From = live.World.Clock.GetUtcNow(), Until = live.World.Clock.GetUtcNow().AddMinutes(minutes) });
        return await db.SaveChangesAsync();
    });
}
