using Microsoft.EntityFrameworkCore;
using VetCommunity.App.Live;
using VetCommunity.Core;
using VetCommunity.Core.Learning;
using VetCommunity.Core.Live;
using VetCommunity.Core.Mailing;
using VetCommunity.Core.Members;
using VetCommunity.Core.Noticing;
using Xunit;

namespace VetCommunity.Tests.Live;

/// <summary>Sessions that come again: made together or not at all, changed and registered for from one on.</summary>
public class HoldingASeries
{
    static LiveSeries SeriesOf(LiveWorld live) => new(live.World.Db, live.Documents, live.Sessions, live.World.Feed, live.World.Clock);

    static readonly SeriesPlan Five = new(SeriesRule.Weekly, 5, null);

    static async Task<(string First, List<LiveSession> All)> MadeAsync(LiveWorld live, SessionPlan? plan = null)
    {
        var first = await SeriesOf(live).PlanAsync(live.Anna, plan ?? live.Plan with { Title = "Course" }, Five, "series");
        return (first, await AllAsync(live));
    }

    static Task<List<LiveSession>> AllAsync(LiveWorld live) => live.World.InDbAsync(db => db.LiveSessions.AsNoTracking().Where(s => s.SeriesId != null).OrderBy(s => s.StartsAt).ToListAsync());

    [Theory, OnBothDatabases]
    public async Task Each_is_a_session_of_its_own_and_the_same_form_again_makes_no_others(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);

        var (first, all) = await MadeAsync(live);

        Assert.Equal("course", first);
        Assert.Equal((5, 5, 5, 5), (all.Count, all.Select(s => s.Slug).Distinct().Count(), all.Select(s => s.ConversationId).Distinct().Count(), all.Select(s => s.DocumentId).Distinct().Count()));
        Assert.All(all.Skip(1), one => Assert.Equal("course-" + TimeZoneInfo.ConvertTime(one.StartsAt, TimeZones.Of("Europe/Rome")).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), one.Slug));
        Assert.Equal(5, all.Select(s => s.JoinCode).Distinct().Count());
        // Two presses at once, and a third.
        var again = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => SeriesOf(live).PlanAsync(live.Anna, live.Plan with { Title = "Course" }, Five, "series"))));
        Assert.Equal(["course", "course"], again);
        Assert.Equal(5, (await AllAsync(live)).Count);
        // Another of the same name and days gets addresses of its own; its trainer finds slides to begin with in each.
        Assert.Equal("course-2", await SeriesOf(live).PlanAsync(live.Anna, live.Plan with { Title = "Course" }, Five, "other"));
        Assert.Equal(10, (await AllAsync(live)).Select(s => s.Slug).Distinct().Count());
        foreach (var one in all)
            Assert.StartsWith("# Course", (await live.Decks.OpenAsync(live.Anna, one.Slug, "en")).Markdown, StringComparison.Ordinal);
        var seen = await SeriesOf(live).FindAsync(live.Olga, all[2].Slug);
        Assert.Equal((SeriesRule.Weekly, "Europe/Rome"), (seen!.Rule, seen.TimeZone));
        Assert.Equal(all.Select(s => s.Slug), seen.Rows.Select(row => row.Session.Slug));
        Assert.Null(await SeriesOf(live).FindAsync(live.Olga, live.Slug));
        await Assert.ThrowsAsync<NotFoundException>(() => SeriesOf(live).FindAsync(Actor.Visitor, first));
    }

    [Theory, OnBothDatabases]
    public async Task Twice_at_once_makes_one_series(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);

        var made = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => SeriesOf(live).PlanAsync(live.Anna, live.Plan with { Title = "Course" }, Five, "series"))));

        Assert.Equal(["course", "course", "course"], made);
        Assert.Equal((5, 1), (await live.World.InDbAsync(db => db.LiveSessions.CountAsync(s => s.SeriesId != null)), await live.World.InDbAsync(db => db.SessionSeries.CountAsync())));
    }

    [Theory, OnBothDatabases]
    public async Task What_is_refused_makes_none_of_them(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var (series, plan) = (SeriesOf(live), live.Plan with { Title = "Course" });

        Assert.Equal(Refusal.BadTitle, await World.RefusalOfAsync(() => series.PlanAsync(live.Anna, plan with { Title = "" }, Five, "k")));
        Assert.Equal(Refusal.SeriesLength, await World.RefusalOfAsync(() => series.PlanAsync(live.Anna, plan, Five with { Count = 53 }, "k")));
        Assert.Equal(Refusal.SessionInThePast, await World.RefusalOfAsync(() => series.PlanAsync(live.Anna, plan with { StartsAt = plan.StartsAt.AddDays(-8), EndsAt = plan.EndsAt.AddDays(-8) }, Five, "k")));
        foreach (var other in (Actor[])[live.Bruno, live.Olga, Actor.Visitor, Actor.Operator])
            await Assert.ThrowsAsync<NotFoundException>(() => series.PlanAsync(other, plan, Five, "k"));
        Assert.Empty(await AllAsync(live));
        // The last of them cannot be stored: nor is any other, nor anything of them.
        await live.World.InDbAsync(async db =>
        {
            var begin = plan.StartsAt.AddDays(28);
            var slug = "course-" + TimeZoneInfo.ConvertTime(begin, TimeZones.Of("Europe/Rome")).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
            // A session whose slides are called otherwise has taken the address.
            await db.LiveSessions.Where(s => s.Slug == live.Slug).ExecuteUpdateAsync(set => set.SetProperty(s => s.Slug, slug));
            return 0;
        });
        var before = await CountsAsync(live);
        await Assert.ThrowsAsync<DbUpdateException>(() => series.PlanAsync(live.Anna, plan, Five, "k"));
        Assert.Equal(before, await CountsAsync(live));

        static Task<(int, int, int, int)> CountsAsync(LiveWorld live) => live.World.InDbAsync(async db => (await db.LiveSessions.CountAsync(), await db.Documents.CountAsync(), await db.Conversations.CountAsync(), await db.SessionSeries.CountAsync()));
    }

    [Theory, OnBothDatabases]
    public async Task This_and_those_that_follow_are_changed_by_the_clock_and_each_is_told_once(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var (_, all) = await MadeAsync(live);
        foreach (var one in all)
            await live.Sessions.RegisterAsync(live.Bruno, one.Slug);
        await live.Sessions.CallOffAsync(live.Anna, all[3].Slug);
        var zone = TimeZones.Of("Europe/Rome");
        var (second, shown) = (all[1], TimeZoneInfo.ConvertTime(all[1].StartsAt, zone).DateTime);
        // Two days and one hour later by the clock, and half as long.
        var begin = TimeZones.InstantOf(shown.AddDays(2).AddHours(1), "Europe/Rome");
        var plan = live.Plan with { Title = "Course, later", StartsAt = begin, EndsAt = begin.AddMinutes(30) };

        Assert.Equal(3, await SeriesOf(live).ChangeFollowingAsync(live.Anna, second.Slug, plan, second.Revision));

        var after = (await live.World.InDbAsync(db => db.LiveSessions.AsNoTracking().Where(s => s.SeriesId != null).ToListAsync())).ToDictionary(s => s.Id);
        Assert.Equal([(all[0].StartsAt, "Course"), (all[3].StartsAt, "Course")], ((int[])[0, 3]).Select(at => (after[all[at].Id].StartsAt, after[all[at].Id].Title)));
        foreach (var one in (LiveSession[])[all[1], all[2], all[4]])
        {
            var now = after[one.Id];
            Assert.Equal((TimeZoneInfo.ConvertTime(one.StartsAt, zone).DateTime.AddDays(2).AddHours(1), "Course, later", one.Revision + 1, TimeSpan.FromMinutes(30)),
                (TimeZoneInfo.ConvertTime(now.StartsAt, zone).DateTime, now.Title, now.Revision, now.EndsAt - now.StartsAt));
        }
        var notice = Assert.Single(await GivingPlaces.BellAsync(live, live.Bruno), one => one.Kind == NoticeKind.SessionMoved);
        Assert.Equal("Course, later", notice.Text);
        // Somebody else changed it meanwhile; one refuses, and none is changed.
        Assert.Equal(Refusal.ChangedElsewhere, await World.RefusalOfAsync(() => SeriesOf(live).ChangeFollowingAsync(live.Anna, second.Slug, plan, second.Revision)));
        await live.Sessions.RegisterAsync(live.Olga, all[4].Slug);
        Assert.Equal(Refusal.CapacityTaken, await World.RefusalOfAsync(() => SeriesOf(live).ChangeFollowingAsync(live.Anna, second.Slug, plan with { Capacity = 1, Title = "Small" }, second.Revision + 1)));
        Assert.DoesNotContain(await AllAsync(live), one => one.Title == "Small");
        foreach (var other in (Actor[])[live.Bruno, live.Carla, live.Olga, Actor.Visitor, Actor.Operator])
            await Assert.ThrowsAsync<NotFoundException>(() => SeriesOf(live).ChangeFollowingAsync(other, second.Slug, plan, second.Revision + 1));
        await Assert.ThrowsAsync<NotFoundException>(() => SeriesOf(live).ChangeFollowingAsync(live.Anna, live.Slug, plan, 0));
        // A co-trainer of one of them changes that one, and none that they do not lead.
        await live.Sessions.NameAsync(live.Anna, second.Slug, "carla", leads: true);
        Assert.Equal(1, await SeriesOf(live).ChangeFollowingAsync(live.Carla, second.Slug, plan with { Title = "Hers" }, second.Revision + 1));
        Assert.Equal(["Hers"], (await AllAsync(live)).Where(one => one.Title == "Hers").Select(one => one.Title));
    }

    [Theory, OnBothDatabases]
    public async Task One_registers_for_one_or_for_all_that_follow(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var (_, all) = await MadeAsync(live);
        await live.Sessions.ChangeAsync(live.Anna, all[2].Slug, live.Plan with { Title = "Course", StartsAt = all[2].StartsAt, EndsAt = all[2].EndsAt, Capacity = 1 }, all[2].Revision);
        await live.Sessions.RegisterAsync(live.Bruno, all[2].Slug);
        var forms = new RegistrationForms(live.World.Db, live.World.Clock);
        // The same is asked in the second and those that follow, and the fourth asks something of its own.
        await forms.SaveAsync(live.Anna, all[1].Slug, "en", "::: question text\nrequired: yes\n\nWhy?\n:::", 0, following: true);
        await forms.SaveAsync(live.Anna, all[3].Slug, "en", "::: question text\nrequired: yes\n\nWhy?\n:::\n::: question text\nrequired: yes\n\nHow?\n:::", 1);
        Assert.Empty(await forms.AskedAsync(live.Olga, all[0].Slug));
        var why = Assert.Single(await forms.AskedAsync(live.Olga, all[1].Slug)).Number;
        Assert.Single(await forms.AskedAsync(live.Olga, all[4].Slug));

        Assert.Equal(Refusal.FormAnswerMissing, await World.RefusalOfAsync(() => SeriesOf(live).RegisterAsync(live.Olga, all[1].Slug, RegistrationForms.NoAnswers)));
        var came = await SeriesOf(live).RegisterAsync(live.Olga, all[1].Slug, new Dictionary<int, Answer> { [why] = Answer.Written("To learn") });

        Assert.Equal(new SeriesRegistration(Places: 2, Waiting: 1, Refused: 1), came);
        Assert.Equal([null, SessionRole.Participant, null, null, SessionRole.Participant], (await SeriesOf(live).FindAsync(live.Olga, all[0].Slug))!.Rows.Select(row => row.Session.Role));
        Assert.Equal("To learn", Assert.Single(await forms.AskedAsync(live.Olga, all[4].Slug)).Mine);
        // Again it is the same, and for one it is one.
        Assert.Equal(came, await SeriesOf(live).RegisterAsync(live.Olga, all[1].Slug, new Dictionary<int, Answer> { [why] = Answer.Written("To learn") }));
        Assert.True((await live.Sessions.RegisterAsync(live.World.Ada, all[0].Slug)).IsIn);
        Assert.Equal(1, await live.World.InDbAsync(db => db.SessionPlaces.CountAsync(p => p.MemberId == live.World.Ada.MemberId)));
        await Assert.ThrowsAsync<NotFoundException>(() => SeriesOf(live).RegisterAsync(Actor.Visitor, all[0].Slug, RegistrationForms.NoAnswers));
    }

    [Theory, OnBothDatabases]
    public async Task A_calendar_knows_each_by_a_name_that_stays(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var (_, all) = await MadeAsync(live);
        var site = new Site(() => "https://vet.example");
        var before = Uids(SessionCalendar.Of(await SeriesOf(live).OfCalendarAsync(live.Olga, all[3].Slug), site));

        await live.Sessions.CallOffAsync(live.Anna, all[1].Slug);
        await SeriesOf(live).ChangeFollowingAsync(live.Anna, all[2].Slug, live.Plan with { Title = "Other", StartsAt = all[2].StartsAt.AddDays(1), EndsAt = all[2].EndsAt.AddDays(1) }, all[2].Revision);

        var file = SessionCalendar.Of(await SeriesOf(live).OfCalendarAsync(live.Olga, all[0].Slug), site);
        Assert.Equal(all.Select(one => $"UID:session-{one.Slug}@vet.example"), before);
        Assert.Equal(before, Uids(file));
        Assert.Single(file.Split("STATUS:CANCELLED").Skip(1));
        Assert.Single(await SeriesOf(live).OfCalendarAsync(live.Olga, live.Slug));
        await Assert.ThrowsAsync<NotFoundException>(() => SeriesOf(live).OfCalendarAsync(Actor.Visitor, all[0].Slug));

        static List<string> Uids(string file) => [.. file.ReplaceLineEndings("\n").Replace("\n ", "", StringComparison.Ordinal).Split('\n').Where(line => line.StartsWith("UID:", StringComparison.Ordinal))];
    }
}
