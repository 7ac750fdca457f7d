using System.Net;
using System.Text.RegularExpressions;

namespace VetCommunity.Tests.Running;

/// <summary>A member who uses the pages without a browser: with the cookie, and with the forms' tokens.</summary>
static partial class LoggingIn
{
    public static async Task<HttpClient> LogInAsync(this RunningCommunity community, string email)
    {
        var http = new HttpClient(new HttpClientHandler { CookieContainer = new() }) { BaseAddress = community.Address };
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["__RequestVerificationToken"] = FormToken(await http.GetStringAsync("/Account/Login")),
            ["_handler"] = "login",
            ["Input.Email"] = email,
            ["Input.Password"] = "Demo-2026-vet!",
        });
        using var answer = await http.PostAsync("/Account/Login", form);
        answer.EnsureSuccessStatusCode();
        // The sentences are compared in English.
        using var language = await http.GetAsync("/language/en?return=/");
        return http;
    }

    /// <summary>What a form of this page proves itself with.</summary>
    public static string FormToken(string page) => WebUtility.HtmlDecode(Token().Match(page).Groups["value"].Value);

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<value>[^\"]+)\"", RegexOptions.NonBacktracking)]
    private static partial Regex Token();
}
