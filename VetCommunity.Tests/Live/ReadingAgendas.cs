using VetCommunity.Core;
using VetCommunity.Core.Live;
using VetCommunity.Tests.Documents;
using Xunit;

namespace VetCommunity.Tests.Live;

public class ReadingAgendas
{
    static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public void Each_point_begins_where_the_one_before_ends()
    {
        var points = Agenda.Of(Agenda.Checked("  10   Welcome \r\n\r\n20\t“Why?” & <why not>\n 5 2 groups\n", Hour));

        Assert.Equal([new(0, 10, "Welcome"), new(10, 20, "“Why?” & <why not>"), new(30, 5, "2 groups")], points);
        var begin = new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
        Assert.Equal([null, 0, 0, 1, 2, null], ((double[])[-0.1, 0, 9.9, 10, 34.9, 35]).Select(minutes => Agenda.Due(points, begin, begin.AddMinutes(minutes))));
        Assert.Empty(Agenda.Of(Agenda.Checked(" \n ", Hour)));
        Assert.Empty(Agenda.Of(Agenda.Checked(null, Hour)));
    }

    [Fact]
    public void What_is_no_point_is_refused_with_its_line()
    {
        Assert.Equal((Refusal.AgendaLine, "2"), RefusalOf("10 Welcome\nWelcome"));
        Assert.Equal((Refusal.AgendaLine, "3"), RefusalOf("10 Welcome\n\n10"));
        Assert.Equal((Refusal.AgendaLine, "1"), RefusalOf("0 Nothing"));
        Assert.Equal((Refusal.AgendaLine, "1"), RefusalOf("99999 Too long"));
        Assert.Equal((Refusal.AgendaLine, "1"), RefusalOf("-5 Back"));
        Assert.Equal((Refusal.AgendaLine, "1"), RefusalOf("١٠ Welcome"));
        Assert.Equal((Refusal.AgendaTitle, "1"), RefusalOf("10 " + new string('x', Agenda.TitleLength + 1)));
        Assert.Equal((Refusal.AgendaTooLong, "61"), RefusalOf("60 All\n1 More"));
        Assert.Equal((Refusal.TooManyPoints, "40"), RefusalOf(string.Join('\n', Enumerable.Repeat("1 Point", Agenda.Most + 1))));
        // What may be written fits where it is kept.
        Assert.True(Agenda.Checked(string.Join('\n', Enumerable.Repeat("1440 " + new string('x', Agenda.TitleLength), Agenda.Most)), TimeSpan.FromDays(100)).Length <= Agenda.Text);

        static (Refusal, string) RefusalOf(string text) => Assert.Throws<RefusedException>(() => Agenda.Checked(text, Hour)) is var refused ? (refused.Refusal, FormattableString.Invariant($"{refused.Arguments[0]}")) : default;
    }

    /// <summary>Whatever is typed: it is refused, or reads the same however often it is stored.</summary>
    [Fact]
    public void Stored_once_more_it_is_the_same() => Seeds.Texts(12, "10 ", "5\t", "\n", "Welcome ", "0 ", " ", "20 \r\n", "2 ").Hold(text =>
    {
        try
        {
            var once = Agenda.Checked(text, Hour);
            Assert.Equal(once, Agenda.Checked(once, Hour));
            Assert.Equal(once.Length == 0 ? 0 : once.Split('\n').Length, Agenda.Of(once).Count);
            Assert.True(Agenda.Of(once).Sum(point => point.Minutes) <= 60);
        }
        catch (RefusedException refused)
        {
            Assert.Contains(refused.Refusal, (Refusal[])[Refusal.AgendaLine, Refusal.AgendaTooLong]);
        }
    });

    [Theory, OnBothDatabases]
    public async Task It_is_planned_changed_and_read_with_the_session(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        await live.Sessions.ChangeAsync(live.Anna, live.Slug, live.Plan with { Agenda = "10 Welcome\n50 Welding" }, revision: 0);
        Assert.Equal(["Welcome", "Welding"], Agenda.Of((await live.Sessions.FindAsync(live.Olga, live.Slug)).Session.Agenda).Select(point => point.Title));

        Assert.Equal(Refusal.AgendaTooLong, await World.RefusalOfAsync(() => live.Sessions.ChangeAsync(live.Anna, live.Slug, live.Plan with { Agenda = "10 Welcome\n51 Welding" }, revision: 1)));
        var other = await live.Sessions.PlanAsync(live.Anna, live.Plan with { Agenda = "60 All" }, "other");
        Assert.Equal("60 All", (await live.Sessions.FindAsync(live.Olga, other)).Session.Agenda);
    }
}
