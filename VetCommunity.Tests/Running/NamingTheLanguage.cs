using System.Net.Http.Json;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using VetCommunity.Tests.Api;
using VetCommunity.Tests.Browser;
using Xunit;

namespace VetCommunity.Tests.Running;

/// <summary>The language of a message, as programs say and hear it.</summary>
public class NamingTheLanguage(RunningCommunity community) : IClassFixture<RunningCommunity>
{
    const string Italian = "Domani mattina montiamo la nuova fresatrice nel laboratorio della scuola";

    [Fact]
    public async Task Who_listens_hears_the_language_and_who_corrected_it()
    {
        await using var author = await community.ConnectAsync("member@demo.example");
        await using var other = await community.ConnectAsync("member2@demo.example");
        var heard = Channel.CreateUnbounded<(string Event, JsonElement Message)>();
        foreach (var name in (string[])["MessagePosted", "MessageEdited"])
            other.On<JsonElement>(name, message => heard.Writer.TryWrite((name, message)));
        await other.OpenAsync("welcome");

        var seq = await author.PostAsync("welcome", Italian);
        Assert.Equal(("MessagePosted", "it"), await HearAsync());

        var refused = await Assert.ThrowsAsync<HubException>(() => other.InvokeAsync("SetLanguage", new { conversation = "welcome", seq, language = "de" }));
        Assert.Contains("Only the person who wrote this message can change it.", refused.Message, StringComparison.Ordinal);
        foreach (var wrong in (string?[])["xx", "IT", "", null, new string('d', 10_000)])
            await Assert.ThrowsAsync<HubException>(() => author.InvokeAsync("SetLanguage", new { conversation = "welcome", seq, language = wrong }));
        await author.InvokeAsync("SetLanguage", new { conversation = "welcome", seq, language = "ca" });
        Assert.Equal(("MessageEdited", "ca"), await HearAsync());

        // What a person said outlasts another text.
        await author.InvokeAsync("Edit", new { conversation = "welcome", seq, markdown = Italian + ", alle nove" });
        Assert.Equal(("MessageEdited", "ca"), await HearAsync());

        async Task<(string, string?)> HearAsync()
        {
            var (name, message) = await heard.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience.Enough, TestContext.Current.CancellationToken);
            Assert.Equal(seq, message.GetProperty("seq").GetInt64());
            return (name, message.GetProperty("language").GetString());
        }
    }

    [Fact]
    public async Task A_closed_room_says_no_more_than_one_that_is_not_there()
    {
        await using var outsider = await community.ConnectAsync("member3@demo.example");

        var closed = await Assert.ThrowsAsync<HubException>(() => outsider.InvokeAsync("SetLanguage", new { conversation = "board", seq = 1, language = "it" }));
        var absent = await Assert.ThrowsAsync<HubException>(() => outsider.InvokeAsync("SetLanguage", new { conversation = "there-is-none", seq = 1, language = "it" }));

        Assert.Equal(absent.Message, closed.Message);
    }

    [Fact]
    public async Task A_program_posts_with_a_language_and_changes_it_with_the_text_or_alone()
    {
        const string Messages = "/api/v1/rooms/welcome/messages";
        using var script = await community.ScriptAsync("member4@demo.example");
        using var posted = await script.PostAsJsonAsync(Messages, new { markdown = "OK", language = "el" });
        var one = $"{Messages}/{(await Answers.JsonAsync(posted)).GetProperty("seq").GetInt64()}";
        Assert.Equal(("OK", "el"), await ReadAsync());

        using var both = await script.PatchAsJsonAsync(one, new { markdown = "D'acord", language = "ca" });
        Assert.Equal("ca", (await Answers.JsonAsync(both)).GetProperty("language").GetString());
        using var same = await script.PatchAsJsonAsync(one, new { markdown = "D'acord", language = "it" });
        Assert.Equal(("D'acord", "it"), await ReadAsync());
        using var alone = await script.PatchAsJsonAsync(one, new { language = "es" });
        Assert.Equal(("D'acord", "es"), await ReadAsync());

        using var wrong = await script.PatchAsJsonAsync(one, new { markdown = "Lost?", language = "tlh" });
        await Answers.AssertProblemAsync(wrong, 400, "language");
        Assert.Equal(("D'acord", "es"), await ReadAsync());
        using var refused = await script.PostAsJsonAsync(Messages, new { markdown = "nuqneH", language = "tlh" });
        await Answers.AssertProblemAsync(refused, 400, "language");

        async Task<(string?, string?)> ReadAsync()
        {
            using var answer = await script.GetAsync(one);
            var message = await Answers.JsonAsync(answer);
            return (message.GetProperty("markdown").GetString(), message.GetProperty("language").GetString());
        }
    }
}
