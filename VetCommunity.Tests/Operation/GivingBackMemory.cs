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
    public void What_was_given_back_costs_less_than_it_is_worth() =>
        Gen.Long[0, 400 * MiB].Array[1, 60].Sample(rounds =>
        {
            var ebb = new Ebb();
            var (allocated, gave) = (0L, 0L);
            foreach (var round in rounds)
            {
                allocated += round;
                if (!ebb.IsNow(allocated))
                    continue;
                Assert.True(round < 16 * MiB && allocated - gave >= 256 * MiB);
                gave = allocated;
                ebb.Gave(allocated);
            }
        });
}
