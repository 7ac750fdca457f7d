using System.Net;
using System.Text.Json;
using Xunit;

namespace VetCommunity.Tests.Running;

public class LookingAtTheDemoWorld(RunningCommunity community) : IClassFixture<RunningCommunity>
{
    [Fact]
    public async Task Its_messages_carry_files_that_open_and_pictures_that_are_described()
    {
        using var coordinator = await community.ScriptAsync("coordinator@demo.example");
        List<JsonElement> files = [];
        foreach (var room in (string[])["borrowed-machines", "board"])
        {
            using var page = JsonDocument.Parse(await coordinator.GetStringAsync($"/api/v1/rooms/{room}/messages?after=0&limit=100"));
            files.AddRange(page.RootElement.GetProperty("messages").EnumerateArray().SelectMany(message => message.GetProperty("attachments").EnumerateArray()).Select(file => file.Clone()));
        }

        Assert.Equal(["sei-inquadrature.png", "giro-del-venerdi.pdf", "questions-first-two-weeks.csv"], files.Select(file => file.GetProperty("name").GetString()));
        Assert.StartsWith("Schema di una macchina", files[0].GetProperty("alt").GetString(), StringComparison.Ordinal);
        foreach (var address in files.Select(file => file.GetProperty("address").GetString()).Append(files[0].GetProperty("thumbnail").GetString()))
        {
            using var opened = await coordinator.GetAsync(address);
            Assert.Equal(HttpStatusCode.OK, opened.StatusCode);
        }
        using var member = await community.ScriptAsync("member3@demo.example");
        using var closed = await member.GetAsync(files[2].GetProperty("address").GetString());
        Assert.Equal(HttpStatusCode.NotFound, closed.StatusCode);
    }
}
