using System.Net;
using System.Text.RegularExpressions;
using VetCommunity.Core.Demo;

namespace VetCommunity.Bench;

/// <summary>Forms of pages, as a browser without script sends them.</summary>
static partial class Forms
{
    public static async Task LogInAsync(HttpClient client, string email, string password = DemoWorld.Password)
    {
        using var answer = await client.SendAsync(await OfAsync(client, "/Account/Login", ("_handler", "login"), ("Input.Email", email), ("Input.Password", password)));
        if (!(await answer.Content.ReadAsStringAsync()).Contains("/Account/Profile", StringComparison.Ordinal))
            throw new InvalidOperationException($"{email} could not log in.");
    }

    public static async Task<HttpRequestMessage> OfAsync(HttpClient client, string address, params (string Name, string Value)[] fields)
    {
        var token = await TokenAsync(client, address);
        return new(HttpMethod.Post, address) { Content = Filled(token, fields) };
    }

    /// <summary>What a form of that page has to bring along.</summary>
    public static async Task<string> TokenAsync(HttpClient client, string address) =>
        WebUtility.HtmlDecode(Token().Match(await client.GetStringAsync(new Uri(address, UriKind.Relative))).Groups["token"].Value);

    public static FormUrlEncodedContent Filled(string token, params (string Name, string Value)[] fields) =>
        new(fields.Append(("__RequestVerificationToken", token)).Select(field => KeyValuePair.Create(field.Item1, field.Item2)));

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Token();
}
