using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Xunit;

namespace VetCommunity.Tests.Running;

public class CallingTheHubBadly(RunningCommunity community) : IClassFixture<RunningCommunity>
{
    [Theory]
    [InlineData("")]
    [InlineData(" \n\t ")]
    [InlineData("\u0000\u0007\u001b\u007f")]
    public async Task A_message_of_nothing_is_refused_with_a_sentence(string text)
    {
        await using var anna = await community.ConnectAsync("member@demo.example");
        var before = (await anna.OpenAsync("welcome")).GetProperty("version").GetInt64();

        var refused = await Assert.ThrowsAsync<HubException>(() => anna.PostAsync("welcome", "empty", text));

        Assert.Contains("Write something", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before, (await anna.OpenAsync("welcome")).GetProperty("version").GetInt64());
    }

    [Fact]
    public async Task Control_characters_are_dropped_and_the_rest_is_kept()
    {
        await using var anna = await community.ConnectAsync("member@demo.example");

        var seq = await anna.PostAsync("welcome", "control", "one\u0000\u0007 two\u001b[31m\nthree");

        var stored = (await anna.OpenAsync("welcome")).GetProperty("messages").EnumerateArray().Single(m => m.GetProperty("seq").GetInt64() == seq);
        Assert.Equal("one two[31m\nthree", stored.GetProperty("markdown").GetString());
    }

    [Fact]
    public async Task A_text_of_a_hundred_thousand_characters_is_refused_in_the_members_language_and_the_connection_survives()
    {
        await using var anna = await community.ConnectAsync("member@demo.example");

        var refused = await Assert.ThrowsAsync<HubException>(() => anna.PostAsync("welcome", "long", new string('x', 100_000)));

        Assert.Contains("100", refused.Message, StringComparison.Ordinal);
        Assert.True(await anna.PostAsync("welcome", "short", "Shorter, then") > 0);
    }

    [Fact]
    public async Task A_key_that_is_too_long_a_topic_that_is_too_long_and_wrong_types_are_refused_and_the_connection_survives()
    {
        await using var anna = await community.ConnectAsync("member@demo.example");
        object[] messages =
        [
            Calling.Message("welcome", new string('k', 65), "x"),
            Calling.Message("welcome", "", "x"),
            new { conversation = "welcome", clientKey = "t", topic = new string('t', 1000), markdown = "x", replyToSeq = (long?)null, attachments = (string[]?)null },
            new { conversation = "welcome", clientKey = "r", topic = (string?)null, markdown = "x", replyToSeq = long.MaxValue, attachments = (string[]?)null },
            new { conversation = 17, clientKey = new { }, markdown = true },
            "a string",
        ];
        foreach (var message in messages)
        {
            var refused = await Assert.ThrowsAsync<HubException>(() => anna.InvokeAsync<JsonElement>("Post", message));
            Assert.DoesNotContain("Exception: System", refused.Message, StringComparison.Ordinal);
        }
        foreach (var call in (string[])["Post", "Edit", "Delete", "React", "Vote", "Withdraw", "EndPoll"])
            Assert.Contains("nothing here", (await Assert.ThrowsAsync<HubException>(() => anna.InvokeAsync(call, (object?)null))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<HubException>(() => anna.InvokeAsync("NoSuchCall", "welcome"));
        Assert.True(await anna.PostAsync("welcome", "after", "Still here") > 0);
    }

    [Theory]
    [InlineData("there-is-no-such-room")]
    [InlineData("board")]
    [InlineData("")]
    [InlineData("999999999")]
    [InlineData("99999999999999999999")]
    [InlineData("'; DROP TABLE Messages; --")]
    public async Task A_foreign_or_unknown_conversation_is_not_found(string conversation)
    {
        await using var outsider = await community.ConnectAsync("member3@demo.example");

        var absent = await Assert.ThrowsAsync<HubException>(() => outsider.PostAsync("there-is-really-no-such-room", "x", "x"));
        var refused = await Assert.ThrowsAsync<HubException>(() => outsider.PostAsync(conversation, "x", "x"));

        Assert.Equal(absent.Message, refused.Message);
        Assert.Equal(HubConnectionState.Connected, outsider.State);
    }

    [Fact]
    public async Task Hundreds_of_calls_at_once_get_a_sentence_and_the_connection_survives()
    {
        await using var anna = await community.ConnectAsync("member4@demo.example");

        var calls = Enumerable.Range(0, 300).Select(_ => anna.InvokeAsync("Typing", "welcome")).ToArray();
        var refusals = 0;
        foreach (var call in calls)
        {
            try
            {
                await call;
            }
            catch (HubException refused)
            {
                refusals++;
                Assert.Contains("That was a lot in a short time.", refused.Message, StringComparison.Ordinal);
            }
        }

        Assert.InRange(refusals, 1, 299);
        // Nothing else refuses meanwhile: sooner or later there is room for one more.
        for (var isHeard = false; !isHeard;)
        {
            try
            {
                isHeard = (await anna.OpenAsync("welcome")).GetProperty("lastSeq").GetInt64() > 0;
            }
            catch (HubException refused)
            {
                Assert.Contains("That was a lot in a short time.", refused.Message, StringComparison.Ordinal);
            }
        }
        Assert.Equal(HubConnectionState.Connected, anna.State);
    }
}
