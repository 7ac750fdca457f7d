using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Live;
using VetCommunity.Tests.Documents;
using Xunit;

namespace VetCommunity.Tests.Live;

public class KeepingAttendance
{
    static readonly DateTimeOffset Start = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    [Theory, OnBothDatabases]
    public async Task Who_was_there_is_known_to_the_minute_and_after_the_end(Database database)
    {
        await using var live = await LiveWorld.OpenAsync(database);
        var attendance = new Attendance(live.World.Db, live.World.Clock);
        await live.Sessions.RegisterAsync(live.Olga, live.Slug);
        await LookAsync(60, live.Anna, live.Bruno);
        // Before the beginning nobody is noted down.
        Assert.All((await attendance.ListAsync(live.Anna, live.Slug, 1)).Lines, line => Assert.Null(line.Came));

        await live.Stages.StartAsync(live.Anna, live.Slug);
        // Ada is in nothing and only looks; Bruno loses the line for a minute, goes for five, and comes back.
        await LookAsync(0, live.Anna, live.Bruno, live.World.Ada);
        for (var look = 0; look < 9; look++)
            await LookAsync(20, live.Anna, live.Bruno);
        await LookAsync(60, live.Anna, live.Bruno);
        for (var look = 0; look < 15; look++)
            await LookAsync(20, live.Anna);
        for (var look = 0; look < 7; look++)
            await LookAsync(20, live.Anna, live.Bruno);
        await live.Stages.EndAsync(live.Anna, live.Slug);
        await LookAsync(20, live.Anna, live.Bruno);

        var (_, _, _, lines, hasMore) = await attendance.ListAsync(live.Carla, live.Slug, 1);
        Assert.False(hasMore);
        Assert.Equal(["Anna Rossi", "Bruno Weiß", "Carla Puig", "Όλγα Νικολάου"], lines.Select(line => line.Name));
        // 10 looks of 20 s and one of 60 s are 4 minutes; 5 away; then 6 times 20 s.
        Assert.Equal([11, 6, 0, 0], lines.Select(line => line.Minutes));
        Assert.Equal([1, 2], await live.World.InDbAsync(db => db.SessionPresences.GroupBy(p => p.MemberId).OrderBy(p => p.Key).Select(p => p.Count()).ToListAsync()));
        Assert.Equal(lines, (await attendance.ListAsync(live.Anna, live.Slug, page: null)).Lines);

        foreach (var other in (Actor[])[live.Bruno, live.World.Ada, Actor.Visitor, Actor.Operator])
            await Assert.ThrowsAsync<NotFoundException>(() => attendance.ListAsync(other, live.Slug, 1));
        await Assert.ThrowsAsync<NotFoundException>(() => attendance.NoteAsync(live.Anna, _ => []));

        async Task LookAsync(int seconds, params Actor[] here)
        {
            live.World.Clock.Advance(TimeSpan.FromSeconds(seconds));
            await attendance.NoteAsync(Actor.Operator, _ => here.Select(one => one.MemberId));
        }
    }

    [Fact]
    public void Minutes_that_two_spans_share_count_once() => Seeds.Texts(12, "0-5 ", "3-9 ", "20-21 ", "8-20 ", "4-4 ", "30-20 ").Hold(text =>
    {
        var spans = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(span => span.Split('-').Select(end => int.Parse(end, CultureInfo.InvariantCulture)).ToArray()).ToList();
        var there = spans.SelectMany(span => Enumerable.Range(span[0], Math.Max(0, span[1] - span[0]))).Distinct().Count();

        Assert.Equal(there, Attendance.MinutesOf(spans.Select(span => (Start.AddMinutes(span[0]), Start.AddMinutes(span[1])))));
    });
}
