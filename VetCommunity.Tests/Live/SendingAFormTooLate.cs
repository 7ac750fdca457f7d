using System.Globalization;
using System.Net;
using VetCommunity.Core.Demo;
using VetCommunity.Core.Live;
using VetCommunity.Tests.Members;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.Live;

/// <summary>Notes and minutes in browsers without script: somebody else was quicker, and what was typed is still there.</summary>
public sealed class SendingAFormTooLate(RunningCommunity community) : IClassFixture<RunningCommunity>
{
    const string Slug = "the-first-hundred-days";
    const string Trainer = "trainer@demo.example";
    const string Member = "member2@demo.example";
    const string Minutes = $"/sessions/{Slug}/minutes";

    static string Day(int days) => DateTime.UtcNow.AddDays(days).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    async Task<Visitor> InAsync(string email, string address)
    {
        var one = new Visitor(community);
        await one.LogInAsync(email, DemoWorld.Password);
        await one.OpenAsync("/language/en?return=%2Fsessions");
        return await one.OpenAsync(address);
    }

    static void AssertKept(Visitor who, string sentence, string field, string text)
    {
        Assert.Equal(HttpStatusCode.OK, who.Status);
        Assert.Contains(sentence, who.Page.QuerySelector("[role=alert]")?.TextContent ?? who.Says, StringComparison.Ordinal);
        var kept = who.Page.QuerySelector(field)!;
        Assert.Equal((text, true), (kept.TextContent, kept.HasAttribute("readonly")));
        Assert.Null(kept.Closest("[hidden]"));
    }

    [Fact]
    public async Task Whatever_happened_meanwhile_it_is_said_and_what_was_typed_stays()
    {
        await community.HoldSessionAsync(Trainer, Slug, SessionMedia.Mesh, Member);
        await community.EndSessionAsync(Trainer, Slug);
        // Those who lead bring back what a participant emptied.
        using (var one = await InAsync(Trainer, $"/sessions/{Slug}/notes"))
        using (var other = await InAsync(Member, $"/sessions/{Slug}/notes"))
        {
            await one.SendAsync("notes", ("text", "What was agreed"), ("act", "save"));
            await (await other.OpenAsync($"/sessions/{Slug}/notes")).SendAsync("notes", ("text", ""), ("act", "save"));
            await one.OpenAsync($"/sessions/{Slug}/notes");
            await one.OpenAsync(one.Page.QuerySelector("main")!.QuerySelectorAll("a").Single(link => link.TextContent == "Earlier versions").GetAttribute("href")!);
            await one.OpenAsync(one.Page.QuerySelectorAll("main ol a[href*='state=']")[^1].GetAttribute("href")!);
            Assert.Contains("What was agreed", one.Says, StringComparison.Ordinal);
            await one.SendAsync("back");
            Assert.Equal("What was agreed", one.Page.QuerySelector("#text")!.TextContent);
            Assert.Null(one.Page.QuerySelector("main [role=alert]"));
            await other.OpenAsync($"/sessions/{Slug}/notes?state=1");
            Assert.Equal(HttpStatusCode.NotFound, other.Status);
        }
        using var member = await InAsync(Member, $"/sessions/{Slug}/notes");
        using var reader = await InAsync(Member, $"/sessions/{Slug}/notes");
        using var trainer = await InAsync(Trainer, Minutes);
        using var second = await InAsync(Trainer, Minutes);

        // The minutes are made while somebody writes in the notes, and by two at once.
        await trainer.SendAsync("make");
        await second.SendAsync("make");
        Assert.Equal(Minutes + "?done=made", second.Address);
        await member.SendAsync("notes", ("text", "My line\n<b>"), ("act", "save"));
        AssertKept(member, "nobody writes in them any more", "#text", "My line\n<b>");
        Assert.Empty(member.Page.QuerySelectorAll(".notes-form button"));
        await member.OpenAsync($"/sessions/{Slug}/notes");
        Assert.NotNull(member.Page.QuerySelector(".notes-writing[hidden]"));

        // Both send them, each until another day.
        await trainer.SendAsync("send", ("day", Day(14)));
        Assert.Equal(Minutes + "?done=sent", trainer.Address);
        await second.SendAsync("send", ("day", Day(30)));
        AssertKept(second, "changed elsewhere", "#unsent", Day(30));

        // A change takes back what somebody is about to answer.
        await member.OpenAsync(Minutes);
        await reader.OpenAsync(Minutes);
        await trainer.OpenAsync(Minutes);
        await trainer.SendAsync("text", ("text", "Another text"), ("act", "save"));
        await member.SendAsync("answer", ("say", "object"), ("objection", "Helmets are missing"));
        AssertKept(member, "changed meanwhile", "#unsent", "Helmets are missing");
        await reader.SendAsync("answer", ("say", "approve"), ("objection", ""));
        Assert.Contains("changed meanwhile", reader.Says, StringComparison.Ordinal);

        // The term passes over an answer and a change.
        await trainer.OpenAsync(Minutes);
        await trainer.SendAsync("send", ("day", Day(14)));
        await trainer.OpenAsync(Minutes);
        await member.OpenAsync(Minutes);
        await community.PassTermAsync(Slug);
        await trainer.SendAsync("text", ("text", "Too late\nby a day"), ("act", "save"));
        AssertKept(trainer, "approved and stay as they are", "#unsent", "Too late\nby a day");
        await member.SendAsync("answer", ("say", "object"), ("objection", "Gloves are missing"));
        AssertKept(member, "approved and stay as they are", "#unsent", "Gloves are missing");
    }
}
