using CsCheck;
using VetCommunity.App.Operation;
using Xunit;

namespace VetCommunity.Tests.Operation;

public class GivingBackMemory
{
    const long MiB = 1 << 20;

    [Fact]
    public void After_a_busy_time_it_is_given_back_once()
    {
        var ebb = new Ebb();

        Assert.False(ebb.IsNow(600 * MiB));
        Assert.False(ebb.IsNow(601 * MiB));
        Assert.True(ebb.IsNow(602 * MiB));
        ebb.Gave(602 * MiB);
        Assert.All(Enumerable.Range(603, 20), one => Assert.False(ebb.IsNow(one * MiB)));
    }

    [Fact]
    public void Nobody_waits_for_it_while_others_are_served()
    {
        var ebb = new Ebb();

        Assert.All(Enumerable.Range(1, 100), round => Assert.False(ebb.IsNow(round * 17 * MiB)));
        Assert.False(ebb.IsNow(1701 * MiB));
        Assert.True(ebb.IsNow(1702 * MiB));
    }

    [Fact]
    public void A_moment_between_two_waves_is_no_quiet()
    {
        var ebb = new Ebb();

        Assert.All(Enumerable.Range(1, 50), wave => Assert.False(ebb.IsNow(wave * 100 * MiB) || ebb.IsNow((wave * 100 + 1) * MiB)));
    }

    [Fact]
    public void Who_always_has_a_little_to_do_is_stopped_once_after_a_busy_time()
    {
        var ebb = new Ebb();
        Assert.All(Enumerable.Range(1, 40), round => Assert.False(ebb.IsNow(round * 15 * MiB)));
        var allocated = 640 * MiB;
        Assert.False(ebb.IsNow(allocated));

        var given = 0;
        for (var round = 0; round < 40; round++)
        {
            if (!ebb.IsNow(allocated += 15 * MiB))
                continue;
            given++;
            ebb.Gave(allocated);
        }

        Assert.Equal(1, given);
    }

    [Fact]
    public void While_it_stays_quiet_what_comes_together_is_looked_through_little_by_little()
    {
        var ebb = new Ebb();
        Assert.False(Still(600));
        Assert.False(Still(601));
        Assert.True(ebb.IsNow(602 * MiB));
        ebb.Gave(602 * MiB);

        Assert.Equal([false, true, false, false, true], new long[] { 605, 606, 607, 609, 610 }.Select(Still));
        // Whoever is served now pays for nothing but what is needed.
        Assert.Equal([false, false, true], new long[] { 640, 645, 650 }.Select(Still));

        bool Still(long allocated) => !ebb.IsNow(allocated * MiB) && ebb.IsStill(allocated * MiB);
    }

    [Fact]
    public void What_was_given_back_costs_less_than_it_is_worth() =>
        Gen.OneOf(Gen.Long[0, 15 * MiB], Gen.Long[0, 400 * MiB]).Array[1, 120].Sample(rounds =>
        {
            var ebb = new Ebb();
            var (allocated, gave, rested, before, wasBusy) = (0L, 0L, 4, long.MaxValue, false);
            foreach (var round in rounds)
            {
                allocated += round;
                rested++;
                var isQuiet = round < 16 * MiB && before < 16 * MiB;
                before = round;
                wasBusy |= round >= 16 * MiB;
                if (!ebb.IsNow(allocated))
                    continue;
                Assert.True(wasBusy && isQuiet && allocated - gave >= 64 * MiB && rested >= 4);
                (gave, rested, wasBusy) = (allocated, 0, false);
                ebb.Gave(allocated);
            }
        });
}
