using System.Text.Json;
using Xunit;

namespace VetCommunity.Tests.Running;

public class TalkingFromJavaScript(RunningCommunity community) : IClassFixture<RunningCommunity>
{
    [Fact]
    public async Task The_npm_client_opens_posts_edits_and_catches_up()
    {
        var folder = await Tool.JavaScriptAsync();
        var said = JsonDocument.Parse(await Tool.RunAsync(folder, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ADDRESS"] = community.Address.ToString(),
            ["ANNA"] = await community.TokenAsync("member@demo.example"),
            ["BRUNO"] = await community.TokenAsync("member2@demo.example"),
        }, "node", "talk.mjs")).RootElement;

        Assert.Contains("401", said.GetProperty("refused").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(said.GetProperty("absent").GetString()!);

        var opened = said.GetProperty("opened");
        Assert.Equal("welcome", opened.GetProperty("conversation").GetString());
        Assert.Equal(opened.GetProperty("lastSeq").GetInt64(), opened.GetProperty("messages").EnumerateArray().Last().GetProperty("seq").GetInt64());
        Assert.Contains("<article", said.GetProperty("openedHtml").GetProperty("messages").EnumerateArray().Last().GetProperty("html").GetString(), StringComparison.Ordinal);
        Assert.True(said.GetProperty("older").GetProperty("messages").GetArrayLength() > 0);

        var seq = opened.GetProperty("lastSeq").GetInt64() + 1;
        var version = opened.GetProperty("version").GetInt64();
        Assert.Equal(seq, said.GetProperty("receipt").GetProperty("seq").GetInt64());
        Assert.False(said.GetProperty("receipt").GetProperty("duplicate").GetBoolean());
        Assert.Equal(seq, said.GetProperty("again").GetProperty("seq").GetInt64());
        Assert.True(said.GetProperty("again").GetProperty("duplicate").GetBoolean());
        AssertMessage(said.GetProperty("posted"), "<strong>npm</strong>", version + 1);
        AssertMessage(said.GetProperty("edited"), "<em>npm</em>", version + 2);
        AssertFragment(said.GetProperty("postedHtml"), "<strong>npm</strong>", version + 1);
        AssertFragment(said.GetProperty("editedHtml"), "<em>npm</em>", version + 2);

        foreach (var changes in (JsonElement[])[said.GetProperty("changes"), said.GetProperty("changesHtml")])
        {
            Assert.False(changes.GetProperty("limited").GetBoolean());
            Assert.Equal(version + 2, changes.GetProperty("version").GetInt64());
            Assert.Equal([version + 1, version + 2], changes.GetProperty("events").EnumerateArray().Select(told => told.GetProperty("version").GetInt64()));
        }

        void AssertMessage(JsonElement message, string html, long atVersion)
        {
            Assert.Equal((seq, atVersion), (message.GetProperty("seq").GetInt64(), message.GetProperty("version").GetInt64()));
            Assert.Contains(html, message.GetProperty("html").GetString(), StringComparison.Ordinal);
            Assert.Equal("from-npm", message.GetProperty("clientKey").GetString());
        }

        void AssertFragment(JsonElement fragment, string html, long atVersion)
        {
            Assert.Equal((seq, atVersion), (fragment.GetProperty("seq").GetInt64(), fragment.GetProperty("version").GetInt64()));
            Assert.Contains(html, fragment.GetProperty("html").GetString(), StringComparison.Ordinal);
            Assert.Equal("welcome", fragment.GetProperty("conversation").GetString());
        }
    }
}
