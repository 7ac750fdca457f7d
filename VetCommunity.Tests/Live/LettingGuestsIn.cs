using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Data;
using VetCommunity.Core.Learning;
using VetCommunity.Core.Live;
using VetCommunity.Core.Members;
using VetCommunity.Tests.Privacy;
using Xunit;

namespace VetCommunity.Tests.Live;

/// <summary>People without an account who come into one session by its code.</summary>
public class LettingGuestsIn
{
    const string Asked = "# Which?\n\n::: question single\nid: which\nWhich?\n- [x] One\n- [ ] Two\n:::\n";

    static Guests GuestsOf(LiveWorld live) => new(live.World.Db, live.World.Feed, live.World.Clock);

    static async Task<string> AllowAsync(LiveWorld live, bool allows = true, int? capacity = null)
    {
        var session = (await live.Sessions.FindAsync(live.Anna, live.Slug)).Session;
        await live.Sessions.ChangeAsync(live.Anna, live.Slug, live.Plan with { AllowsGuests = allows, Capacity = capacity }, session.Revision);
        return session.JoinCode;
    }

    static async Task<Actor> ComeAsync(LiveWorld live, string code, string name = "Gero") => (await GuestsOf(live).JoinAsync(Actor.Visitor, code, name, "de")).Actor;

    static Task<bool> LookAsync(LiveWorld live, Func<CommunityDb, Task> look) => live.World.InDbAsync(async db =>
    {
        await look(db);
        return true;
    });

    static Task<NotFoundException> AbsentAsync(Func<Task> act) => Assert.ThrowsAsync<NotFoundException>(act);

    [Theory, OnBothDatabases]
    public async Task Only_where_it_is_on_and_no_code_tells_which_it_is(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var guests = GuestsOf(live);
        var code = (await live.Sessions.FindAsync(live.Anna, live.Slug)).Session.JoinCode;
        await AbsentAsync(() => guests.OfCodeAsync(Actor.Visitor, code));
        await AbsentAsync(() => guests.JoinAsync(Actor.Visitor, code, "Gero", "de"));
        await AbsentAsync(() => guests.OfCodeAsync(Actor.Visitor, ""));
        await AllowAsync(live);

        var door = await guests.OfCodeAsync(Actor.Visitor, $" {code[..4].ToLowerInvariant()}-{code[4..]} ");
        Assert.Equal((live.Slug, "Welding in pairs", "Europe/Rome"), (door.Slug, door.Title, door.TimeZone));
        // Who has an account comes with it.
        await AbsentAsync(() => guests.OfCodeAsync(live.Olga, code));
        await AbsentAsync(() => guests.JoinAsync(live.Olga, code, "Olga", "el"));
        foreach (var bad in (string?[])[null, " ", "\u200b", "…", new string('x', Guests.NameLength + 1)])
            Assert.Equal(Refusal.BadName, await World.RefusalOfAsync(() => guests.JoinAsync(Actor.Visitor, code, bad, "de")));
        var gero = await guests.JoinAsync(Actor.Visitor, code, " Gero\u202e \n Klein", "de");
        // The same form, sent twice before the first answer, is one guest; another one is another.
        var twice = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => guests.JoinAsync(Actor.Visitor, code, "Ines", "es", formKey: "once"))));
        Assert.Single(twice.Select(one => one.Actor.MemberId).Distinct());
        Assert.NotEqual(twice[0].Actor.MemberId, (await guests.JoinAsync(Actor.Visitor, code, "Ines", "es", formKey: "again")).Actor.MemberId);
        Assert.Equal((Roles.None, false, live.Slug, false), (gero.Actor.Roles, gero.Actor.IsMember, gero.Slug, gero.IsOver));
        await live.World.InDbAsync(db => db.Users.SingleAsync(u => u.GuestOf != null && u.DisplayName == "Gero Klein\u00a0(guest)" && u.SuspendedUntil == DateTimeOffset.MaxValue && u.Email == null && u.PasswordHash == null));
        await live.Stages.StartAsync(live.Anna, live.Slug);
        await live.Stages.EndAsync(live.Anna, live.Slug);
        await AbsentAsync(() => guests.OfCodeAsync(Actor.Visitor, code));
        await AbsentAsync(() => guests.JoinAsync(Actor.Visitor, code, "Late", "de"));
    }

    [Theory, OnBothDatabases]
    public async Task A_guest_sees_the_stage_answers_once_raises_a_hand_and_asks_in_this_session_alone(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var code = await AllowAsync(live);
        await live.WriteAsync(Asked);
        var gero = await ComeAsync(live, code);
        await live.Stages.StartAsync(live.Anna, live.Slug);
        await live.Questions.OpenAsync(live.Anna, live.Slug, "which");

        var asked = (await live.StateAsync(gero)).Question!;
        await live.Questions.AnswerAsync(gero, live.Slug, asked.Number, Answer.Of(2));
        await live.Questions.AnswerAsync(gero, live.Slug, asked.Number, Answer.Of(1));
        Assert.Equal(1, (await live.StateAsync()).Question!.Answered);
        await live.Stages.HandAsync(gero, live.Slug, up: true);
        await live.Stages.HandAsync(gero, live.Slug, up: true);
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("de");
        Assert.Equal(["Gero (Gast)"], (await live.StateAsync()).Hands.Select(hand => hand.Name));
        CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo("en");
        var number = await live.Audience.AskAsync(gero, live.Slug, "When?", anonymous: false);
        await live.Audience.VoteAsync(live.Bruno, live.Slug, number, on: true);
        Assert.Equal(["Gero (guest)"], (await live.Audience.SeeAsync(live.Bruno, live.Slug)).Open.Select(line => line.Name));

        // Neither another session nor what members do in this one.
        var other = await live.Sessions.PlanAsync(live.Anna, live.Plan with { Title = "Another" }, "another");
        await AbsentAsync(() => live.Stages.SeeAsync(gero, other));
        await AbsentAsync(() => live.Stages.HandAsync(gero, other, up: true));
        await AbsentAsync(() => live.Audience.AskAsync(gero, other, "x", anonymous: false));
        await AbsentAsync(() => live.Sessions.RegisterAsync(gero, other));
        await AbsentAsync(() => live.Sessions.FindAsync(gero, live.Slug));
        await AbsentAsync(() => live.Sessions.ListAsync(gero, past: false, 1));
        await AbsentAsync(() => live.Stages.EndAsync(gero, live.Slug));
        await AbsentAsync(() => live.TurnAsync(gero));
        var room = (await live.StateAsync()).Room;
        await AbsentAsync(() => live.World.Conversations.OlderAsync(gero, room, 1));
        await AbsentAsync(() => new Replays(live.World.Db, live.Stages, new(live.World.Db, live.World.Log)).ChaptersAsync(gero, live.Slug));
    }

    [Theory, OnBothDatabases]
    public async Task Guests_and_members_share_the_places_and_the_last_one_is_given_once(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        // Bruno has one of three.
        var code = await AllowAsync(live, capacity: 3);
        var came = await Task.WhenAll(Enumerable.Range(0, 6).Select(number => Task.Run(async () =>
        {
            try
            {
                await ComeAsync(live, code, $"Guest {number}");
                return true;
            }
            catch (RefusedException refused) when (refused.Refusal == Refusal.SessionFull)
            {
                return false;
            }
        })));
        Assert.Equal(2, came.Count(one => one));
        Assert.False((await live.Sessions.RegisterAsync(live.Olga, live.Slug)).IsIn);
        // Who is taken out makes room for whoever waits.
        var (rows, hasMore) = await GuestsOf(live).ListAsync(live.Carla, live.Slug, 1);
        Assert.Equal((2, false), (rows.Count, hasMore));
        await GuestsOf(live).RemoveAsync(live.Carla, live.Slug, rows[0].Handle);
        await GuestsOf(live).RemoveAsync(live.Carla, live.Slug, rows[0].Handle);
        Assert.NotNull((await live.Sessions.FindAsync(live.Olga, live.Slug)).Role);
        await AbsentAsync(() => GuestsOf(live).ListAsync(live.Bruno, live.Slug, 1));
        await AbsentAsync(() => GuestsOf(live).RemoveAsync(live.Bruno, live.Slug, rows[1].Handle));
        // A member's handle takes nobody out.
        await GuestsOf(live).RemoveAsync(live.Anna, live.Slug, "bruno");
        Assert.NotNull((await live.Sessions.FindAsync(live.Bruno, live.Slug)).Role);
    }

    [Theory, OnBothDatabases]
    public async Task Who_was_taken_out_is_out_and_does_not_come_back_as_the_same(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var (guests, code) = (GuestsOf(live), await AllowAsync(live));
        var gero = await ComeAsync(live, code);
        await live.Stages.StartAsync(live.Anna, live.Slug);
        await live.Stages.HandAsync(gero, live.Slug, up: true);
        Assert.Equal(gero, (await guests.FindAsync(Actor.Operator, gero.MemberId))!.Actor);
        // A second click is the same guest.
        Assert.Equal(gero, (await guests.JoinAsync(Actor.Visitor, code, "Other", "en", gero.MemberId)).Actor);

        await guests.RemoveAsync(live.Anna, live.Slug, gero.Handle);

        Assert.Null(await guests.FindAsync(Actor.Operator, gero.MemberId));
        Assert.Empty(await guests.StillThereAsync(Actor.Operator, [gero.MemberId]));
        Assert.Equal(Refusal.GuestRemoved, await World.RefusalOfAsync(() => guests.JoinAsync(Actor.Visitor, code, "Gero", "de", gero.MemberId)));
        await AbsentAsync(() => live.StateAsync(gero));
        await AbsentAsync(() => live.Stages.HandAsync(gero, live.Slug, up: true));
        await AbsentAsync(() => guests.StageAsync(gero, live.Slug));
        Assert.Empty((await live.StateAsync()).Hands);
        var log = await live.LogAsync();
        Assert.Equal(Enumerable.Range(1, log.Count).Select(number => (long)number), log.Select(one => one.Version));
        // No guest, no number of a member, lets a member in.
        Assert.Null(await guests.FindAsync(Actor.Operator, live.Bruno.MemberId));
        await AbsentAsync(() => guests.FindAsync(live.Anna, gero.MemberId));
    }

    [Theory, OnBothDatabases]
    public async Task A_guest_is_in_the_attendance_list_without_a_certificate_and_nowhere_else(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var session = (await live.Sessions.FindAsync(live.Anna, live.Slug)).Session;
        await live.Sessions.ChangeAsync(live.Anna, live.Slug, live.Plan with { AllowsGuests = true, CertificateMinutes = 1 }, session.Revision);
        var gero = await ComeAsync(live, session.JoinCode);
        await live.Stages.StartAsync(live.Anna, live.Slug);
        var attendance = new Attendance(live.World.Db, live.World.Clock);
        for (var look = 0; look < 10; look++)
        {
            await attendance.NoteAsync(Actor.Operator, _ => [gero.MemberId, live.Bruno.MemberId]);
            live.World.Clock.Advance(Attendance.Pause);
        }
        await live.Stages.EndAsync(live.Anna, live.Slug);

        var lines = (await attendance.ListAsync(live.Anna, live.Slug, 1)).Lines;
        var guest = Assert.Single(lines, line => line.IsGuest);
        Assert.Equal(("Gero (guest)", 3, false), (guest.Name, guest.Minutes, guest.Earns));
        Assert.True(lines.Single(line => line.Name == "Bruno Weiß").Earns);
        Assert.Contains((await new Figures(live.World.Db, live.World.Clock).SeeAsync(live.Anna, live.Slug, 1)).Lines, line => line.Name == "Gero (guest)");
        await AbsentAsync(() => new Certificates(live.World.Db, live.World.Clock).OwnAsync(gero, live.Slug));

        // Found by nobody, told nothing, of no list.
        var world = live.World;
        var accounts = new Accounts(world.Db, world.Feed, world.Clock);
        Assert.Null(await accounts.SignedInAsync(gero.MemberId));
        Assert.Equal(Refusal.UnknownMember, await World.RefusalOfAsync(() => accounts.SetRolesAsync(live.World.Ada, gero.Handle, Roles.Administrator)));
        var administration = new Core.Members.Administration(world.Db, world.Clock);
        Assert.DoesNotContain((await administration.MembersAsync(world.Ada, new(), 1)).Lines, line => line.Handle == gero.Handle);
        Assert.Empty((await administration.MembersAsync(world.Ada, new() { Words = "gero" }, 1)).Lines);
        await AbsentAsync(() => administration.MemberAsync(world.Ada, gero.Handle));
        await AbsentAsync(() => new People(world.Db, world.Clock).ProfileAsync(world.Ada, gero.Handle));
        Assert.Empty((await new People(world.Db, world.Clock).FindAsync(world.Ada, "gero", 1)).Lines);
        Assert.DoesNotContain(await new People(world.Db, world.Clock).NewestAsync(world.Ada, 50), line => line.Name.StartsWith("Gero", StringComparison.Ordinal));
        var next = await live.Sessions.PlanAsync(live.Anna, live.Plan, "next");
        Assert.Equal(Refusal.UnknownMember, await World.RefusalOfAsync(() => live.Sessions.NameAsync(live.Anna, next, gero.Handle, leads: true)));
    }

    [Theory, OnBothDatabases]
    public async Task A_session_that_is_moved_tells_members_and_no_guest(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var gero = await ComeAsync(live, await AllowAsync(live));
        var session = (await live.Sessions.FindAsync(live.Anna, live.Slug)).Session;
        await live.Sessions.ChangeAsync(live.Anna, live.Slug, live.Plan with { AllowsGuests = true, StartsAt = live.Plan.StartsAt.AddHours(3), EndsAt = live.Plan.EndsAt.AddHours(3) }, session.Revision);
        await live.Sessions.CallOffAsync(live.Anna, live.Slug);

        await LookAsync(live, async db =>
        {
            Assert.True(await db.Notices.AnyAsync(n => n.MemberId == live.Bruno.MemberId));
            Assert.False(await db.Notices.AnyAsync(n => n.MemberId == gero.MemberId));
            Assert.False(await db.SessionCalls.AnyAsync(c => c.MemberId == gero.MemberId));
        });
        Assert.True((await GuestsOf(live).FindAsync(Actor.Operator, gero.MemberId))!.IsOver);
    }

    [Theory, OnBothDatabases]
    public async Task After_its_days_the_name_goes_and_the_answers_stay_counted(Database database)
    {
        await using var leaving = await LeavingWorld.OpenAsync(database);
        // The world is put away once.
        var live = await LiveWorld.OpenAsync(leaving.World);
        var (guests, code) = (GuestsOf(live), await AllowAsync(live));
        await live.WriteAsync(Asked);
        var gero = await ComeAsync(live, code, "Qzxgero");
        await live.Stages.StartAsync(live.Anna, live.Slug);
        await live.Questions.OpenAsync(live.Anna, live.Slug, "which");
        foreach (var who in (Actor[])[gero, live.Bruno])
            await live.Questions.AnswerAsync(who, live.Slug, (await live.StateAsync()).Question!.Number, Answer.Of(1));
        await live.Stages.EndAsync(live.Anna, live.Slug);

        live.World.Clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromMinutes(1));
        Assert.Equal(0, await guests.ForgetAsync(Actor.Operator, 30));
        live.World.Clock.Advance(TimeSpan.FromMinutes(2));
        await AbsentAsync(() => guests.ForgetAsync(live.Anna, 30));
        Assert.Equal(1, await guests.ForgetAsync(Actor.Operator, 30));
        Assert.Equal(0, await guests.ForgetAsync(Actor.Operator, 30));
        await leaving.Erasing.GoOnAsync(Actor.Operator);
        live.World.Clock.Advance(Core.Privacy.Erasing.Settling);
        await leaving.Erasing.GoOnAsync(Actor.Operator);

        await LookAsync(live, async db =>
        {
            var row = await db.Users.SingleAsync(u => u.Id == gero.MemberId);
            Assert.Equal((true, "Former\u00a0member"), (row.ErasedAt is not null, row.DisplayName));
            Assert.Equal(2, await db.SessionAnswers.CountAsync());
            Assert.False(await db.SessionPlaces.AnyAsync(p => p.MemberId == gero.MemberId));
            Assert.False(await db.Users.AnyAsync(u => u.DisplayName.Contains("Qzxgero")));
        });
        Assert.Null(await guests.FindAsync(Actor.Operator, gero.MemberId));
        // Who was a member and leaves takes the own answers along, as ever.
        await LookAsync(live, async db =>
        {
            await Core.Privacy.Holdings.All.Single(one => one.Table == typeof(SessionAnswer)).EraseAsync!(db, live.Bruno.MemberId, default);
            Assert.Equal([gero.MemberId], await db.SessionAnswers.Select(a => a.MemberId).ToListAsync());
        });
    }

    /// <summary>Each file that asks for rows of the members without leaving guests out, and how often: by number, or because guests belong there. Who asks once more decides once more.</summary>
    [Fact]
    public void Every_question_to_the_table_of_members_is_decided()
    {
        var root = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", ".."));
        var found = Directory.EnumerateFiles(Path.Combine(root, "VetCommunity.Core"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}Migrations{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Select(file => (Name: Path.GetRelativePath(Path.Combine(root, "VetCommunity.Core"), file).Replace('\\', '/'), Count: Undecided(File.ReadAllText(file))))
            .Where(one => one.Count > 0).OrderBy(one => one.Name, StringComparer.Ordinal).Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Name} {one.Count}")).ToList();

        Assert.Equal(File.ReadAllLines(Path.Combine(root, "VetCommunity.Tests", "Live", "questions-to-members.txt")), found);

        static int Undecided(string text)
        {
            var count = 0;
            for (var at = text.IndexOf(".Users", StringComparison.Ordinal); at >= 0; at = text.IndexOf(".Users", at + 1, StringComparison.Ordinal))
            {
                var rest = text.AsSpan(at + ".Users".Length);
                if (rest.StartsWith(".AsNoTracking()", StringComparison.Ordinal))
                    rest = rest[".AsNoTracking()".Length..];
                if (!char.IsLetterOrDigit(rest[0]) && !rest.StartsWith(".WithAccount(", StringComparison.Ordinal) && !rest.StartsWith(".Seen(", StringComparison.Ordinal) && !rest.StartsWith(".Unsuspended(", StringComparison.Ordinal)
                    && !rest.StartsWith(".Add", StringComparison.Ordinal))
                    count++;
            }
            return count;
        }
    }
}
