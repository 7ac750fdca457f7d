using Microsoft.Playwright;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.Browser;

/// <summary>Debian's Chromium on the running program.</summary>
public sealed class Chromium : IAsyncLifetime
{
    readonly List<(string? Test, IBrowserContext Context)> _open = [];
    IPlaywright? _playwright;

    public RunningCommunity Community { get; } = new()
    {
        // Why a circuit refused an event stands nowhere else.
        Settings = { ["Logging__LogLevel__Microsoft.AspNetCore.Components.Server.Circuits"] = "Debug" },
    };
    public IBrowser Browser { get; private set; } = null!;

    /// <summary>One test goes on with the pages of another.</summary>
    public bool KeepsPages { get; init; }

    public async ValueTask InitializeAsync()
    {
        await Community.InitializeAsync();
        _playwright = await Playwright.CreateAsync();
        Assertions.SetDefaultExpectTimeout((float)Patience.Enough.TotalMilliseconds);
        Browser = await LaunchAsync();
    }

    /// <summary>One more browser, without these arguments that Playwright gives otherwise.</summary>
    public Task<IBrowser> LaunchAsync(params string[] without) => LaunchAsync([], without);

    /// <summary>One with more arguments, and without some that Playwright gives otherwise.</summary>
    public Task<IBrowser> LaunchAsync(IReadOnlyList<string> with, IReadOnlyList<string> without) => _playwright!.Chromium.LaunchAsync(new()
    {
        ExecutablePath = Environment.GetEnvironmentVariable("VET_CHROMIUM") ?? "/usr/bin/chromium",
        Args = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync", .. with],
        IgnoreDefaultArgs = without,
    });

    /// <summary>A visitor's page, in a browser of its own.</summary>
    public async Task<IPage> NewPageAsync(bool script = true, IBrowser? browser = null, Uri? address = null)
    {
        await CloseWhatIsOverAsync();
        var context = await (browser ?? Browser).NewContextAsync(new()
        {
            BaseURL = (address ?? Community.Address).ToString(),
            Locale = "en-GB",
            JavaScriptEnabled = script,
        });
        _open.Add((Test, context));
        context.SetDefaultTimeout((float)Patience.Enough.TotalMilliseconds);
        return await context.NewPageAsync();
    }

    /// <summary>The page of somebody who has logged in, with nothing open yet. How one logs in with a browser is looked at elsewhere: here it would be two pages drawn for nothing.</summary>
    public async Task<IPage> LogInAsync(string email, bool script = true, IBrowser? browser = null, Uri? address = null)
    {
        var page = await NewPageAsync(script, browser, address);
        var form = page.APIRequest.CreateFormData();
        form.Set("__RequestVerificationToken", LoggingIn.FormToken(await (await page.APIRequest.GetAsync("/Account/Login")).TextAsync()));
        form.Set("_handler", "login");
        form.Set("Input.Email", email);
        form.Set("Input.Password", Core.Demo.DemoWorld.Password);
        var answer = await page.APIRequest.PostAsync("/Account/Login", new() { Form = form, MaxRedirects = 0 });
        Assert.Equal(302, answer.Status);
        return page;
    }

    /// <summary>Closes the browser; the community runs on.</summary>
    public async Task CloseAsync()
    {
        if (_playwright is null)
            return;
        await Browser.DisposeAsync();
        _playwright.Dispose();
        _playwright = null;
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        await Community.DisposeAsync();
    }

    static string? Test => TestContext.Current.Test?.UniqueID;

    // Pages that nobody looks at any more go on hearing of all that is said, and draw it.
    async Task CloseWhatIsOverAsync()
    {
        if (KeepsPages)
            return;
        var over = _open.Where(one => one.Test is not null && one.Test != Test).ToList();
        _open.RemoveAll(over.Contains);
        // Some closed theirs themselves, or the browser that it was in.
        foreach (var (_, context) in over.Where(one => one.Context.Browser is { IsConnected: true } browser && browser.Contexts.Contains(one.Context)))
            await context.CloseAsync();
    }
}
