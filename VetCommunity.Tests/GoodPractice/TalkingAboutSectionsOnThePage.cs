using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.Logging.Abstractions;
using VetCommunity.Core;
using VetCommunity.Core.Data;
using VetCommunity.Core.Demo;
using VetCommunity.Core.Members;
using VetCommunity.Tests.Members;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.GoodPractice;

/// <summary>The talk about the sections of a practice, without script and over the hub.</summary>
public sealed class TalkingAboutSectionsOnThePage(RunningCommunity community) : IClassFixture<RunningCommunity>
{
    const string Practice = "/practices/peer-visits-between-assessors";
    const string Said = "Who pays the second day?";

    async Task<Visitor> ComeAsync(string email)
    {
        var visitor = new Visitor(community);
        await visitor.LogInAsync(email, DemoWorld.Password);
        return visitor;
    }

    [Fact]
    public async Task Each_section_of_the_review_leads_to_its_talk_and_a_form_is_enough_to_take_part()
    {
        using var author = await ComeAsync("member8@demo.example");
        await author.OpenAsync(Practice + "/review");
        var links = author.Page.QuerySelectorAll(".section-talk a").Select(link => (link.TextContent, Address: link.GetAttribute("href")!)).ToList();
        Assert.Equal(author.Page.QuerySelectorAll("article.practice-text h2").Length, links.Count);
        Assert.Contains(links, link => link is { TextContent: "Talk about this section (Resources needed)" } && link.Address.EndsWith("&topic=resources-needed", StringComparison.Ordinal));
        Assert.Contains("3 messages", author.Page.QuerySelectorAll(".section-talk").Single(one => one.TextContent.Contains("Resources needed", StringComparison.Ordinal)).TextContent, StringComparison.Ordinal);

        // Nobody has opened this one: opening makes it.
        await author.OpenAsync(links.Single(link => link.TextContent.EndsWith("(Challenge)", StringComparison.Ordinal)).Address);
        Assert.Equal(Practice + "/talk?language=en&topic=challenge", author.Address);
        Assert.Equal("Challenge", author.Page.QuerySelector("article.practice-text h2")!.TextContent);
        Assert.Null(author.Page.QuerySelector(".composer-topic"));
        Assert.Equal(["Context", "All sections", "Approach"], author.Page.QuerySelectorAll(".talk-ways a").Select(link => link.TextContent.Trim().Replace("Previous section: ", "", StringComparison.Ordinal).Replace("Next section: ", "", StringComparison.Ordinal)));
        var form = author.Page.QuerySelector("form.composer")!;
        Assert.Equal("Challenge", form.QuerySelector("input[name=topic]")!.GetAttribute("value"));
        var room = form.GetAttribute("action")!;
        await author.SendAsync("post", ("markdown", "It is the habits, @montse-rovirola"));
        Assert.Equal(room, author.Address);
        Assert.Contains("It is the habits", author.Says, StringComparison.Ordinal);
        // The page in the room leads back to the section.
        Assert.Equal(Practice + "/talk?topic=challenge", author.Page.QuerySelectorAll("main a").Single(link => link.TextContent == "To the section that this is about").GetAttribute("href"));

        // Taken along, it says what it is about.
        await author.OpenAsync(room + "/export.md");
        Assert.Contains($"{Practice}\"\nlanguage: \"en\"\nsection: \"challenge\"\n", author.Page.Body!.TextContent, StringComparison.Ordinal);
        // Where one writes, the ways to all of them stand above the text.
        await author.OpenAsync(Practice + "/edit");
        var ways = author.Page.QuerySelectorAll(".writing-talk a").Select(link => (link.TextContent, link.GetAttribute("href"))).ToList();
        Assert.Equal(links.Count, ways.Count);
        Assert.Contains(("Challenge", Practice + "/talk?language=en&topic=challenge"), ways);

        using var reviewer = await ComeAsync("reviewer@demo.example");
        await reviewer.OpenAsync(Practice + "/talk");
        Assert.Contains(reviewer.Page.QuerySelectorAll(".talk-list li"), line => line.TextContent.Contains("Challenge", StringComparison.Ordinal) && line.TextContent.Contains("1 unread", StringComparison.Ordinal));
        await reviewer.OpenAsync(Practice + "/talk?topic=challenge");
        Assert.Contains("It is the habits", reviewer.Says, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await reviewer.OpenAsync(Practice + "/talk?section=nothing")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await reviewer.OpenAsync(Practice + "/talk?topic=general")).Status);

        // Nothing of it for anybody else, and nothing on what everybody reads.
        using var outsider = await ComeAsync("member3@demo.example");
        foreach (var address in (string[])[Practice + "/talk", Practice + "/talk?topic=challenge", Practice + "/talk?section=challenge", room, room + "/export.md"])
            Assert.Equal(HttpStatusCode.NotFound, (await outsider.OpenAsync(address)).Status);
        await outsider.OpenAsync("/search?q=habits");
        Assert.DoesNotContain("It is the habits", outsider.Says, StringComparison.Ordinal);
        using var anybody = new HttpClient { BaseAddress = community.Address };
        foreach (var address in (string[])[Practice, Practice + "/versions", "/practices/feed.atom", "/sitemap.xml", "/api/v1/practices/peer-visits-between-assessors"])
        {
            var body = await anybody.GetStringAsync(address, TestContext.Current.CancellationToken);
            Assert.DoesNotContain("/talk", body, StringComparison.Ordinal);
            Assert.DoesNotContain("second day", body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_reviewer_who_is_taken_off_hears_no_more_of_it_and_finds_it_no_more()
    {
        using var editor = await ComeAsync("editor@demo.example");
        await editor.OpenAsync(Practice + "/talk?topic=resources-needed");
        Assert.Contains(Said, editor.Says, StringComparison.Ordinal);
        var room = editor.Page.QuerySelector("live-conversation")!.GetAttribute("data-conversation")!;
        await using var author = await community.ConnectAsync("member8@demo.example");
        await using var hub = await community.ConnectAsync("editor@demo.example");
        await using var outsider = await community.ConnectAsync("member3@demo.example");
        var (heard, cut) = (System.Threading.Channels.Channel.CreateUnbounded<string>(), new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        hub.On<JsonElement>("MessagePosted", message => heard.Writer.TryWrite(message.GetProperty("markdown").GetString()!));
        hub.Closed += _ =>
        {
            cut.TrySetResult();
            return Task.CompletedTask;
        };
        await hub.OpenAsync(room);
        await Assert.ThrowsAsync<HubException>(() => outsider.OpenAsync(room));
        await author.PostAsync(room, "while-there", "While you are there");
        Assert.Equal("While you are there", await heard.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience.Enough, TestContext.Current.CancellationToken));

        // Another process takes the role away: the test is one beside the server, on the same database.
        var db = CommunityDbFactory.Sqlite(CommunityDbFactory.SqliteFile(community.DatabaseFile));
        await new Accounts(db, new(NullLogger<Feed>.Instance), TimeProvider.System).SetRolesAsync(Actor.Operator, "marco-zanolli", Roles.Member);

        await cut.Task.WaitAsync(Patience.Enough, TestContext.Current.CancellationToken);
        await author.PostAsync(room, "after", "After you have gone");
        await using var again = await community.ConnectAsync("editor@demo.example");
        foreach (var call in (Func<Task>[])[() => again.OpenAsync(room), () => again.PostAsync(room, "x", "x"), () => again.InvokeAsync<JsonElement>("Changes", room, 0L, "json"), () => again.InvokeAsync("React", new { conversation = room, seq = 1L, emoji = "👍", on = true })])
            await Assert.ThrowsAsync<HubException>(call);
        Assert.False(heard.Reader.TryRead(out _));
        using var former = await ComeAsync("editor@demo.example");
        foreach (var address in (string[])[Practice + "/talk", Practice + "/talk?topic=resources-needed", "/rooms/" + room])
            Assert.Equal(HttpStatusCode.NotFound, (await former.OpenAsync(address)).Status);
        await former.OpenAsync("/rooms");
        Assert.DoesNotContain("After you have gone", former.Says, StringComparison.Ordinal);
    }
}
