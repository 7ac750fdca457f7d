using System.Text.Json;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.Live;

public class NegotiatingInJavaScript
{
    [Fact]
    public async Task Two_who_offer_at_once_always_agree_and_nonsense_breaks_nothing()
    {
        Tool.Need("node");
        var said = JsonDocument.Parse(await Tool.RunAsync(NpmPackages.Scripts, new Dictionary<string, string>(StringComparer.Ordinal), "node", "negotiating.mjs")).RootElement;

        Assert.Equal("[]", said.GetProperty("failed").GetRawText());
        Assert.True(said.GetProperty("glares").GetInt32() > 100);
        Assert.Equal("""{"before":"have-local-offer","after":["stable","stable"],"again":1}""", said.GetProperty("lost").GetRawText());
        Assert.Equal("stable", said.GetProperty("nonsense").GetString());
        var levels = said.GetProperty("levels").EnumerateArray().Select(one => Math.Round(one.GetDouble(), 2)).ToList();
        Assert.Equal([0, 0, 0, 0.67, 1], levels);
        Assert.Equal("""[false,false,{"ideal":"x"},{"ideal":320}]""", said.GetProperty("wishes").GetRawText());
        Assert.True(said.GetProperty("isLess").GetBoolean());
        Assert.Equal("""["denied","none","none","taken","insecure","other"]""", said.GetProperty("reasons").GetRawText());
        Assert.Equal(("other", "No camera was found."), (said.GetProperty("nothing").GetString(), said.GetProperty("sentence").GetString()));
    }
}
