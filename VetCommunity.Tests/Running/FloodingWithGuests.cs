using System.Net;
using Xunit;

namespace VetCommunity.Tests.Running;

/// <summary>Somebody sends a form for guests again and again.</summary>
public class FloodingWithGuests
{
    [Fact]
    public async Task A_place_that_sends_more_guests_than_it_may_is_told_to_wait_and_keeps_what_was_typed()
    {
        await using var community = new RunningCommunity { Settings = { ["Limits__LogInsFromPlace"] = "3" } };
        await community.InitializeAsync();
        var door = $"/join/{await community.LetGuestsInAsync("the-first-hundred-days")}/guest";
        List<HttpStatusCode> answers = [];
        var last = "";
        foreach (var number in Enumerable.Range(1, 5))
        {
            using var http = new HttpClient(new HttpClientHandler { CookieContainer = new(), AllowAutoRedirect = false }) { BaseAddress = community.Address };
            using var language = await http.GetAsync("/language/en?return=/");
            using var form = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["__RequestVerificationToken"] = LoggingIn.FormToken(await http.GetStringAsync(door)),
                ["_handler"] = "guest",
                ["name"] = $"Guest number {number}",
            });
            using var answer = await http.PostAsync(door, form);
            answers.Add(answer.StatusCode);
            last = await answer.Content.ReadAsStringAsync();
        }

        Assert.Equal([HttpStatusCode.Redirect, HttpStatusCode.Redirect, HttpStatusCode.Redirect, HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests], answers);
        Assert.Contains("Guest number 5", last, StringComparison.Ordinal);
        Assert.Equal(3, await community.GuestsAsync());
    }
}
