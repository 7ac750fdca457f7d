using VetCommunity.App.Members;
using Xunit;

namespace VetCommunity.Tests.Members;

public class LookingForLostAccess
{
    [Fact]
    public void Where_nobody_writes_every_fifth_time_is_a_look()
    {
        var looks = new AccessLooks();

        Assert.Equal([true, false, false, false, false, true, false, false, false, false, true], Enumerable.Range(0, 11).Select(_ => looks.IsNow(isChanged: false)));
    }

    [Fact]
    public void Whatever_was_written_is_looked_for_at_once_and_puts_off_the_next()
    {
        var looks = new AccessLooks();
        looks.IsNow(isChanged: false);
        looks.IsNow(isChanged: false);

        Assert.True(looks.IsNow(isChanged: true));
        Assert.True(looks.IsNow(isChanged: true));
        Assert.Equal([false, false, false, false, true], Enumerable.Range(0, 5).Select(_ => looks.IsNow(isChanged: false)));
    }

    [Fact]
    public void Who_comes_or_was_not_found_out_about_is_looked_for_the_next_time()
    {
        var looks = new AccessLooks();
        looks.IsNow(isChanged: false);
        Assert.False(looks.IsNow(isChanged: false));

        looks.Demand();
        Assert.True(looks.IsNow(isChanged: false));
        Assert.False(looks.IsNow(isChanged: false));
    }
}
