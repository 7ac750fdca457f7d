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
        Assert.True(ebb.IsNow(601 * MiB));
        ebb.Gave(601 * MiB);
        Assert.False(ebb.IsNow(602 * MiB));
        Assert.False(ebb.IsNow(603 * MiB));
    }

    [Fact]
    public void Nobody_waits_for_it_while_others_are_served()
    {
        var ebb = new Ebb();

        Assert.All(Enumerable.Range(1, 100), round => Assert.False(ebb.IsNow(round * 17 * MiB)));
        Assert.True(ebb.IsNow(1701 * MiB));
    }

    [Fact]
    public void Who_always_has_a_little_to_do_is_stopped_every_two_minutes_at_most()
    {
        var ebb = new Ebb();
        var (allocated, given) = (0L, 0);
        for (var round = 0; round < 24 * 10; round++)
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
            var (allocated, gave, rested) = (0L, 0L, 24);
            foreach (var round in rounds)
            {
                allocated += round;
                rested++;
                if (!ebb.IsNow(allocated))
                    continue;
                Assert.True(round < 16 * MiB && allocated - gave >= 256 * MiB && rested >= 24);
                (gave, rested) = (allocated, 0);
                ebb.Gave(allocated);
            }
        });
}
