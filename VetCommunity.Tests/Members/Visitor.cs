using System.Net;
using System.Text.RegularExpressions;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;
using MimeKit;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.Members;

/// <summary>A browser without script: it keeps cookies, follows redirects and posts the forms that it sees.</summary>
public sealed partial class Visitor : IDisposable
{
    readonly HttpClient _client;
    readonly CookieContainer _cookies;

    public Visitor(RunningCommunity community, string language = "en", CookieContainer? cookies = null, string? place = null)
    {
        Community = community;
        _cookies = cookies ?? new();
        _client = new(new SocketsHttpHandler { CookieContainer = _cookies }) { BaseAddress = community.Address };
        _client.DefaultRequestHeaders.Add("Accept-Language", language);
        if (place is not null)
            _client.DefaultRequestHeaders.Add("X-Forwarded-For", place);
    }

    public RunningCommunity Community { get; }

    /// <summary>The page that is open.</summary>
    public IHtmlDocument Page { get; private set; } = null!;

    /// <summary>Where it is.</summary>
    public string Address { get; private set; } = "";

    public HttpStatusCode Status { get; private set; }

    /// <summary>For how long the page asks programs to wait.</summary>
    public TimeSpan? RetryAfter { get; private set; }

    /// <summary>What the page says, as one line.</summary>
    public string Says => BlanksPattern().Replace(Page.QuerySelector("main")!.TextContent, " ").Trim();

    /// <summary>Another browser with the same cookies, as they are now.</summary>
    public Visitor Copy()
    {
        var cookies = new CookieContainer();
        cookies.Add(_cookies.GetCookies(Community.Address));
        return new(Community, cookies: cookies);
    }

    public async Task<Visitor> OpenAsync(string address)
    {
        using var answer = await _client.GetAsync(address);
        await TakeAsync(answer);
        return this;
    }

    /// <summary>Fills the page's form of this name and sends it, as it was served.</summary>
    public async Task<Visitor> SendAsync(string form, params (string Field, string Value)[] fields)
    {
        var found = Page.QuerySelectorAll("main form").Single(one => one.QuerySelector("input[name=_handler]")?.GetAttribute("value") == form);
        // What a script fills in stands there empty before.
        var values = found.QuerySelectorAll("input[type=hidden]").Select(field => (field.GetAttribute("name")!, field.GetAttribute("value") ?? ""))
            .Where(field => fields.All(given => given.Field != field.Item1)).Concat(fields);
        using var content = new FormUrlEncodedContent(values.Select(value => KeyValuePair.Create(value.Item1, value.Item2)));
        using var answer = await _client.PostAsync(found.GetAttribute("action") is { Length: > 0 } action ? action : Address, content);
        await TakeAsync(answer);
        return this;
    }

    /// <summary>Whether a field takes what somebody types.</summary>
    public static bool IsTypedInto(IElement field) =>
        field.LocalName == "textarea" || (field.GetAttribute("type") ?? "text") is not ("hidden" or "checkbox" or "radio" or "file" or "submit" or "button");

    /// <summary>Types into every field of a form and sends it with all else that stands in it, by its first button.</summary>
    public async Task<Visitor> SendAsync(IElement form, Func<IElement, string> typed)
    {
        List<KeyValuePair<string, string>> values = [];
        foreach (var field in form.QuerySelectorAll("input[name], textarea[name], select[name]"))
        {
            var value = IsTypedInto(field) && field.LocalName != "select" ? typed(field)
                : field.LocalName == "select" ? (field.QuerySelector("option[selected]") ?? field.QuerySelector("option"))?.GetAttribute("value")
                : field.GetAttribute("type") == "hidden" || field.HasAttribute("checked") ? field.GetAttribute("value") ?? "on" : null;
            if (value is not null)
                values.Add(new(field.GetAttribute("name")!, value));
        }
        if (form.QuerySelector("button[name]") is { } button)
            values.Add(new(button.GetAttribute("name")!, button.GetAttribute("value") ?? ""));
        using var content = new FormUrlEncodedContent(values);
        using var answer = await _client.PostAsync(form.GetAttribute("action") is { Length: > 0 } action ? action : Address, content);
        await TakeAsync(answer);
        return this;
    }

    /// <summary>The same with a file, chosen in a field of the form; hidden fields may be left out.</summary>
    public async Task<Visitor> SendFileAsync(string form, string name, byte[] file, bool withHidden = true, params (string Field, string Value)[] fields)
    {
        var found = Page.QuerySelectorAll("main form").Single(one => one.QuerySelector("input[name=_handler]")?.GetAttribute("value") == form);
        using var content = new MultipartFormDataContent();
        foreach (var (field, value) in found.QuerySelectorAll("input[type=hidden]").Select(one => (one.GetAttribute("name")!, one.GetAttribute("value") ?? "")).Where(one => withHidden || one.Item1 == "_handler").Concat(fields))
            content.Add(new StringContent(value), field);
        content.Add(new ByteArrayContent(file), found.QuerySelector("input[type=file]")!.GetAttribute("name")!, name);
        using var answer = await _client.PostAsync(Address, content);
        await TakeAsync(answer);
        return this;
    }

    public async Task<Visitor> LogInAsync(string email, string password) =>
        await (await OpenAsync("/Account/Login")).SendAsync("login", ("Input.Email", email), ("Input.Password", password));

    public async Task<Visitor> RegisterAsync(string email, string password, string name = "Dora Conti") =>
        await (await OpenAsync("/Account/Register")).SendAsync("register", ("Input.Name", name), ("Input.Email", email), ("Input.Password", password));

    /// <summary>Asks what a passkey of this page's form has to answer, as the script of the page does.</summary>
    public async Task<string> AskPasskeyAsync(string use)
    {
        var form = Page.QuerySelector($"form[data-passkey='/Account/Passkey/{use}']")!;
        using var content = new FormUrlEncodedContent(form.QuerySelectorAll("input[type=hidden]").Select(field => KeyValuePair.Create(field.GetAttribute("name")!, field.GetAttribute("value") ?? "")));
        using var answer = await _client.PostAsync(form.GetAttribute("data-passkey"), content);
        Status = answer.StatusCode;
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>Presses the button of the menu that stands on every page.</summary>
    public async Task<Visitor> LogOutAsync()
    {
        var token = Page.QuerySelector("form[action='/Account/Logout'] input[type=hidden]")!;
        using var content = new FormUrlEncodedContent([KeyValuePair.Create(token.GetAttribute("name")!, token.GetAttribute("value")!)]);
        using var answer = await _client.PostAsync("/Account/Logout", content);
        await TakeAsync(answer);
        return this;
    }

    /// <summary>The cookies as a program sends them.</summary>
    public string CookieHeader => _cookies.GetCookieHeader(Community.Address);

    /// <summary>Whether the cookies still open what only members see.</summary>
    public async Task<bool> IsInAsync()
    {
        await OpenAsync("/people");
        return !Address.Contains("Login", StringComparison.Ordinal);
    }

    /// <summary>Whether a request of this kind is answered by taking cookies away.</summary>
    public async Task<bool> LosesCookieAsync(string mode)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/people");
        request.Headers.Add("Cookie", CookieHeader);
        request.Headers.Add("Sec-Fetch-Mode", mode);
        // By its own client, which keeps nothing of the answer.
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = Community.Address };
        using var answer = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return answer.Headers.TryGetValues("Set-Cookie", out var given) && given.Any(one => one.Contains("expires=Thu, 01 Jan 1970", StringComparison.OrdinalIgnoreCase));
    }

    public void Dispose() => _client.Dispose();

    async Task TakeAsync(HttpResponseMessage answer)
    {
        Status = answer.StatusCode;
        RetryAfter = answer.Headers.RetryAfter?.Delta;
        Address = answer.RequestMessage!.RequestUri!.PathAndQuery;
        Page = await new HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStringAsync());
    }

    [GeneratedRegex("\\s+", RegexOptions.NonBacktracking)]
    private static partial Regex BlanksPattern();
}

/// <summary>The outbox of a running community.</summary>
public static partial class Outboxes
{
    /// <summary>The mails to an address in the order in which they were written, as soon as there are so many.</summary>
    public static async Task<IReadOnlyList<MimeMessage>> MailsToAsync(this RunningCommunity community, string address, int count)
    {
        var folder = Path.Combine(community.DataFolder, "outbox");
        Directory.CreateDirectory(folder);
        using var watcher = new FileSystemWatcher(folder);
        using var written = new SemaphoreSlim(0);
        watcher.Renamed += (_, _) => written.Release();
        watcher.EnableRaisingEvents = true;
        while (true)
        {
            var mails = Directory.GetFiles(folder, "*.eml").Order(StringComparer.Ordinal).Select(file => MimeMessage.Load(file))
                .Where(mail => mail.To.Mailboxes.Single().Address == address).ToList();
            if (mails.Count >= count)
                return mails;
            Assert.True(await written.WaitAsync(Patience.Enough), $"{mails.Count} mails to {address} instead of {count}");
        }
    }

    /// <summary>Where the mail's link leads, without the host.</summary>
    public static string Link(this MimeMessage mail) => LinkPattern().Match(mail.TextBody!).Groups["path"].Value;

    [GeneratedRegex("http://localhost:\\d+(?<path>/Account/\\S+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LinkPattern();
}
