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
    public void Who_always_has_a_little_to_do_is_stopped_every_twenty_seconds_at_most()
    {
        var ebb = new Ebb();
        var (allocated, given) = (0L, 0);
        for (var round = 0; round < 4 * 10; round++)
        {
            if (!ebb.IsNow(allocated += 15 * MiB))
                continue;
            given++;
            ebb.Gave(allocated);
        }

        Assert.InRange(given, 1, 10);
    }

    [Fact]
    public void What_was_given_back_costs_less_than_it_is_worth() =>
        Gen.OneOf(Gen.Long[0, 15 * MiB], Gen.Long[0, 400 * MiB]).Array[1, 120].Sample(rounds =>
        {
            var ebb = new Ebb();
            var (allocated, gave, rested, before) = (0L, 0L, 4, long.MaxValue);
            foreach (var round in rounds)
            {
                allocated += round;
                rested++;
                var isQuiet = round < 16 * MiB && before < 16 * MiB;
                before = round;
                if (!ebb.IsNow(allocated))
                    continue;
                Assert.True(isQuiet && allocated - gave >= 64 * MiB && rested >= 4);
                (gave, rested) = (allocated, 0);
                ebb.Gave(allocated);
            }
        });
}
