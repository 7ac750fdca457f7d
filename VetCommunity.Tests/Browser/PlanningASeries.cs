using System.Globalization;
using Microsoft.Playwright;
using Xunit;

namespace VetCommunity.Tests.Browser;

/// <summary>A trainer plans a course that meets weekly and asks something of whoever registers; members answer it, by the page, by the code, on a phone, without script.</summary>
public class PlanningASeries(Chromium chromium) : IClassFixture<Chromium>
{
    static Task PressAsync(IPage page, string name) => page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true }).First.ClickAsync();

    [Fact]
    public async Task A_series_is_seen_before_it_is_made_and_asks_what_its_trainers_read()
    {
        var trainer = await chromium.LogInAsync("trainer@demo.example");
        await trainer.GotoAsync("/sessions/new");
        await trainer.GetByLabel("Title").FillAsync("Sharpening, every week");
        foreach (var (field, value) in ((string, string)[])[("#day", Day(3)), ("#time", "09:00"), ("#until-day", Day(3)), ("#until-time", "10:00"), ("#lastday", Day(3 + 14))])
            await trainer.Locator(field).FillAsync(value);
        await trainer.GetByLabel("How often").SelectOptionAsync("Weekly");
        await trainer.GetByLabel("Number of sessions").FillAsync("2");
        await PressAsync(trainer, "Plan a session");
        await Assertions.Expect(trainer.GetByRole(AriaRole.Alert)).ToContainTextAsync("either how many sessions there are or the last day");
        await Assertions.Expect(trainer.GetByLabel("Title")).ToHaveValueAsync("Sharpening, every week");
        await trainer.GetByLabel("Number of sessions").FillAsync("");
        await PressAsync(trainer, "Plan a session");
        await Assertions.Expect(trainer.Locator(".series-dates > li")).ToHaveCountAsync(3);
        await Assertions.Expect(trainer.Locator(".series-dates > li").Last).ToContainTextAsync("09:00");
        // Other dates are shown before they are made.
        await trainer.Locator("#lastday").FillAsync(Day(3 + 7));
        await PressAsync(trainer, "Plan these 3 sessions");
        await Assertions.Expect(trainer.Locator(".series-dates > li")).ToHaveCountAsync(2);
        await trainer.Locator("#lastday").FillAsync(Day(3 + 14));
        await PressAsync(trainer, "Plan these 2 sessions");
        await PressAsync(trainer, "Plan these 3 sessions");
        await trainer.ArriveAsync("**/sessions/sharpening-every-week");
        await Assertions.Expect(trainer.Locator(".series-list > li")).ToHaveCountAsync(3);

        // Asked in all three; what cannot be asked stays in the field.
        await trainer.GetByRole(AriaRole.Link, new() { Name = "Questions at registration" }).ClickAsync();
        await trainer.GetByLabel("Questions in Markdown").FillAsync("::: question single\nrequired: yes\n\nMay we take photos?\n\n- Yes\n:::");
        await PressAsync(trainer, "Save");
        await Assertions.Expect(trainer.GetByRole(AriaRole.Alert)).ToContainTextAsync("Nothing is saved yet");
        await trainer.GetByLabel("Questions in Markdown").FillAsync("::: question single\nrequired: yes\n\nMay we take photos?\n\n- Yes\n- No\n:::\n\n::: question text\n\nWhat do you sharpen?\n:::");
        await PressAsync(trainer, "Save");
        await Assertions.Expect(trainer.GetByText("The questions are saved and asked from now on.")).ToBeVisibleAsync();
        await trainer.GotoAsync("/sessions/sharpening-every-week");
        var code = await trainer.Locator(".session-code-signs").InnerTextAsync();

        // On a phone, without script: what is missing is said, what was typed stays, and one press is for all three.
        var phone = await chromium.LogInAsync("member2@demo.example", script: false);
        await phone.SetViewportSizeAsync(360, 740);
        await phone.GotoAsync("/sessions/sharpening-every-week");
        await phone.GetByRole(AriaRole.Link, new() { Name = "Register", Exact = true }).ClickAsync();
        await Assertions.Expect(phone.GetByText("Those who lead the session read your answers, and nobody else does.")).ToBeVisibleAsync();
        await phone.GetByLabel("Your answer").FillAsync("=Irons");
        await PressAsync(phone, "Register");
        await Assertions.Expect(phone.GetByRole(AriaRole.Alert)).ToContainTextAsync("Question 1 needs an answer");
        await Assertions.Expect(phone.GetByLabel("Your answer")).ToHaveValueAsync("=Irons");
        await phone.GetByLabel("No", new() { Exact = true }).CheckAsync();
        await PressAsync(phone, "Register for this and all that follow");
        await Assertions.Expect(phone.GetByText("You have a place in 3 sessions.")).ToBeVisibleAsync();
        await phone.GetByRole(AriaRole.Link, new() { Name = "Your answers" }).ClickAsync();
        await phone.GetByLabel("Yes", new() { Exact = true }).CheckAsync();
        await PressAsync(phone, "Save answers");
        await Assertions.Expect(phone.GetByText("Your answers are saved.")).ToBeVisibleAsync();
        await Assertions.Expect(phone.GetByLabel("Yes", new() { Exact = true })).ToBeCheckedAsync();

        // By the code, from the list: it is asked there too.
        var other = await chromium.LogInAsync("member8@demo.example");
        await other.GotoAsync("/sessions");
        await other.GetByLabel("Join code").FillAsync(code);
        await PressAsync(other, "Join");
        await other.ArriveAsync("**/join/*");
        await PressAsync(other, "Join");
        await Assertions.Expect(other.GetByRole(AriaRole.Alert)).ToContainTextAsync("Question 1 needs an answer");
        await other.GetByLabel("No", new() { Exact = true }).CheckAsync();
        await PressAsync(other, "Join");
        await other.ArriveAsync("**/sessions/sharpening-every-week/stage");

        await trainer.GotoAsync("/sessions/sharpening-every-week/registrations");
        await Assertions.Expect(trainer.Locator(".answers-row")).ToHaveCountAsync(2);
        await Assertions.Expect(trainer.Locator(".answers-list").Filter(new() { HasText = "=Irons" })).ToContainTextAsync("Yes");
        var table = await (await trainer.APIRequest.GetAsync("/sessions/sharpening-every-week/registrations.csv")).TextAsync();
        Assert.Contains("May we take photos?,What do you sharpen?", table, StringComparison.Ordinal);
        Assert.Contains("'=Irons", table, StringComparison.Ordinal);
        Assert.Equal(404, (await other.GotoAsync("/sessions/sharpening-every-week/registrations"))!.Status);
        var calendar = await (await phone.APIRequest.GetAsync("/sessions/sharpening-every-week/series.ics")).TextAsync();
        Assert.Equal(3, calendar.Split("BEGIN:VEVENT").Length - 1);

        // This and those that follow are an hour later.
        await trainer.GotoAsync("/sessions/sharpening-every-week");
        await trainer.Locator(".series-list a").Nth(1).ClickAsync();
        await trainer.GetByRole(AriaRole.Link, new() { Name = "Change the plan" }).ClickAsync();
        await trainer.Locator("#time").FillAsync("10:00");
        await trainer.Locator("#until-time").FillAsync("11:00");
        await trainer.GetByLabel("This session and the one that follows").CheckAsync();
        await PressAsync(trainer, "Save");
        await Assertions.Expect(trainer.Locator(".series-list > li").First).ToContainTextAsync("09:00");
        await Assertions.Expect(trainer.Locator(".series-list > li").Last).ToContainTextAsync("10:00");
    }

    static string Day(int later) => TimeZoneInfo.ConvertTime(DateTimeOffset.UtcNow.AddDays(later), TimeZoneInfo.FindSystemTimeZoneById("Europe/Rome")).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
