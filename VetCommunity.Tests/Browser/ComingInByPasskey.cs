using System.Net;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.Playwright;
using VetCommunity.App.Limiting;
using VetCommunity.Core.Demo;
using VetCommunity.Tests.Members;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.Browser;

/// <summary>Passkeys of the running program: with the forms that its pages have, and once with Chromium's own dialogue and a device that it plays.</summary>
public class ComingInByPasskey(Chromium chromium) : IClassFixture<Chromium>
{
    const string Refused = "This passkey was not accepted.";

    RunningCommunity Community => chromium.Community;

    async Task<Visitor> InAsync(string email)
    {
        var visitor = new Visitor(Community);
        await visitor.LogInAsync(email, DemoWorld.Password);
        Assert.Equal("/", visitor.Address);
        return visitor;
    }

    async Task<SoftKey> AddedAsync(Visitor visitor, string name = "Phone")
    {
        var key = new SoftKey { Origin = Community.Address.GetLeftPart(UriPartial.Authority) };
        await visitor.OpenAsync("/Account/Passkeys");
        await visitor.SendAsync("add", ("New.Name", name), ("New.Answer", key.Make(await visitor.AskPasskeyAsync("Add"))));
        Assert.Equal("/Account/Passkeys?done=added", visitor.Address);
        return key;
    }

    async Task<Visitor> TriedAsync(SoftKey key)
    {
        var visitor = new Visitor(Community);
        await visitor.OpenAsync("/Account/Login?ReturnUrl=%2Frooms");
        await visitor.SendAsync("passkey", ("Passkey.Answer", key.Show(await visitor.AskPasskeyAsync("LogIn"))));
        return visitor;
    }

    async Task AssertRefusedAsync(SoftKey key)
    {
        using var visitor = await TriedAsync(key);
        Assert.Contains(Refused, visitor.Says, StringComparison.Ordinal);
        Assert.False(await visitor.IsInAsync());
    }

    [Fact]
    public async Task Added_it_logs_in_without_a_password_and_once_removed_no_longer()
    {
        using var owner = await InAsync("member2@demo.example");
        using var elsewhere = await InAsync("member2@demo.example");
        using var key = await AddedAsync(owner);
        Assert.True(await owner.IsInAsync());
        Assert.False(await elsewhere.IsInAsync());

        using var visitor = await TriedAsync(key);

        Assert.Equal("/rooms", visitor.Address);
        Assert.True(await visitor.IsInAsync());
        await visitor.OpenAsync("/Account/Reconfirm?returnUrl=%2Fpeople");
        await visitor.SendAsync("passkey", ("Answer", key.Show(await visitor.AskPasskeyAsync("Prove"))));
        Assert.Equal("/people", visitor.Address);
        await owner.OpenAsync("/Account/Passkeys");
        Assert.Contains("last used on", owner.Says, StringComparison.Ordinal);
        await owner.OpenAsync(owner.Page.QuerySelector("a[href*='?change=']")!.GetAttribute("href")!);
        await owner.SendAsync("change", ("Input.Name", "My phone"), ("Input.What", "rename"));
        Assert.Contains("My phone", owner.Says, StringComparison.Ordinal);
        await owner.OpenAsync(owner.Page.QuerySelector("a[href*='?change=']")!.GetAttribute("href")!);
        await owner.SendAsync("change", ("Input.Name", "My phone"), ("Input.What", "remove"));
        Assert.Contains("You have no passkey yet.", owner.Says, StringComparison.Ordinal);
        Assert.True(await owner.IsInAsync());
        Assert.False(await visitor.IsInAsync());
        await AssertRefusedAsync(key);
        // Each that came in by a passkey is noted and told.
        Assert.Equal(["A passkey was added", "A passkey was removed"], (await Community.MailsToAsync("member2@demo.example", 2)).Select(mail => mail.Subject));
    }

    [Fact]
    public async Task What_is_no_answer_of_this_passkey_to_this_browser_now_is_refused()
    {
        using var owner = await InAsync("member3@demo.example");
        using var key = await AddedAsync(owner);
        using var other = await InAsync("member4@demo.example");
        using var others = await AddedAsync(other);
        var (origin, domain, mine) = (key.Origin, key.Domain, key.Owner);

        key.Origin = "https://vet.example";
        await AssertRefusedAsync(key);
        (key.Origin, key.IsWithinAnother) = (origin, true);
        await AssertRefusedAsync(key);
        (key.IsWithinAnother, key.Domain) = (false, "vet.example");
        await AssertRefusedAsync(key);
        (key.Domain, key.Verifies) = (domain, false);
        await AssertRefusedAsync(key);
        // Somebody else's passkey under my number, mine under theirs, and theirs under the name of mine.
        (key.Verifies, key.Owner) = (true, others.Owner);
        await AssertRefusedAsync(key);
        (key.Owner, others.Owner) = (mine, mine);
        await AssertRefusedAsync(others);
        others.Id = key.Id;
        await AssertRefusedAsync(others);
        using (var first = new Visitor(Community))
        using (var second = new Visitor(Community))
        {
            await first.OpenAsync("/Account/Login");
            await second.OpenAsync("/Account/Login");
            await second.AskPasskeyAsync("LogIn");
            var answer = key.Show(await first.AskPasskeyAsync("LogIn"));
            await second.SendAsync("passkey", ("Passkey.Answer", answer));
            Assert.Contains(Refused, second.Says, StringComparison.Ordinal);
            using var copy = first.Copy();
            await copy.OpenAsync("/Account/Login");
            await first.SendAsync("passkey", ("Passkey.Answer", answer));
            Assert.True(await first.IsInAsync());
            // With the same cookie, as from a thief who has seen all of it.
            await copy.SendAsync("passkey", ("Passkey.Answer", answer));
            Assert.Contains(Refused, copy.Says, StringComparison.Ordinal);
            Assert.False(await copy.IsInAsync());
        }
        // A copy of it, which has counted less far or as far.
        var used = key.Count;
        foreach (var behind in (uint[])[1, 2])
        {
            key.Count = used - behind;
            await AssertRefusedAsync(key);
        }
        key.Count = used;
        await owner.OpenAsync("/Account/Reconfirm");
        var shown = key.Show(await owner.AskPasskeyAsync("Prove"));
        using (var thief = owner.Copy())
        {
            await (await thief.OpenAsync("/")).LogOutAsync();
            await thief.OpenAsync("/Account/Login");
            await thief.SendAsync("passkey", ("Passkey.Answer", shown));
            Assert.Contains(Refused, thief.Says, StringComparison.Ordinal);
        }
        await other.OpenAsync("/Account/Reconfirm");
        (key.Owner, others.Owner) = (others.Owner, others.Owner);
        await other.SendAsync("passkey", ("Answer", key.Show(await other.AskPasskeyAsync("Prove"))));
        Assert.Contains(Refused, other.Says, StringComparison.Ordinal);
        foreach (var nonsense in (string[])["", "{}", "[1]", "null", "{\"id\":7}", new string('x', 5000)])
        {
            using var visitor = new Visitor(Community);
            await visitor.OpenAsync("/Account/Login");
            await visitor.AskPasskeyAsync("LogIn");
            await visitor.SendAsync("passkey", ("Passkey.Answer", nonsense));
            Assert.Equal(HttpStatusCode.OK, visitor.Status);
        }
    }

    [Fact]
    public async Task The_name_that_it_is_for_comes_from_the_settings_and_not_from_the_request()
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = Community.Address };
        client.DefaultRequestHeaders.Host = "evil.example";
        var page = await client.GetStringAsync(new Uri("/Account/Login", UriKind.Relative), TestContext.Current.CancellationToken);
        using var document = new AngleSharp.Html.Parser.HtmlParser().ParseDocument(page);
        var token = document.QuerySelector("form[data-passkey] input[name=__RequestVerificationToken]")!.GetAttribute("value")!;
        using var content = new FormUrlEncodedContent([KeyValuePair.Create("__RequestVerificationToken", token)]);

        using var answer = await client.PostAsync(new Uri("/Account/Passkey/LogIn", UriKind.Relative), content, TestContext.Current.CancellationToken);
        using var question = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));

        Assert.Equal("localhost", question.RootElement.GetProperty("rpId").GetString());
        Assert.Equal("required", question.RootElement.GetProperty("userVerification").GetString());
        Assert.Contains("httponly", Assert.Single(answer.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith("vet-passkey=", StringComparison.Ordinal)), StringComparison.OrdinalIgnoreCase);
        using var forged = await client.PostAsync(new Uri("/Account/Passkey/LogIn", UriKind.Relative), new FormUrlEncodedContent([]), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
    }

    [Fact]
    public async Task Wrong_answers_of_strangers_under_its_number_never_keep_the_owner_out()
    {
        using var owner = await InAsync("member5@demo.example");
        using var key = await AddedAsync(owner);
        using var stranger = new SoftKey { Origin = key.Origin, Id = key.Id, Owner = key.Owner };
        for (var wrong = 0; wrong <= ConfiguredLimits.Usual[nameof(ConfiguredLimits.PasswordTries)]; wrong++)
            await AssertRefusedAsync(stranger);
        // Nor are answers judged for which nobody asked.
        using var unasked = new Visitor(Community);
        await unasked.OpenAsync("/Account/Login");
        await unasked.SendAsync("passkey", ("Passkey.Answer", key.Show("{\"challenge\":\"AAAA\"}")));
        Assert.Contains(Refused, unasked.Says, StringComparison.Ordinal);

        using var visitor = await TriedAsync(key);

        Assert.Equal("/rooms", visitor.Address);
        using var byPassword = await InAsync("member5@demo.example");
    }

    [Fact]
    public async Task A_suspended_member_reads_why_as_with_a_password()
    {
        using var owner = await InAsync("member6@demo.example");
        using var key = await AddedAsync(owner);
        await using (var db = new SqliteConnection($"Data Source={Community.DatabaseFile}"))
        {
            await db.OpenAsync(TestContext.Current.CancellationToken);
            await using var suspend = db.CreateCommand();
            suspend.CommandText = "UPDATE Members SET SuspendedUntil = 253402300799999 WHERE Email = 'member6@demo.example'";
            await suspend.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        using var visitor = await TriedAsync(key);

        using var byPassword = new Visitor(Community);
        await byPassword.LogInAsync("member6@demo.example", DemoWorld.Password);
        var notice = byPassword.Page.QuerySelector("[role=alert]")!.TextContent;
        Assert.Contains("suspended", notice, StringComparison.Ordinal);
        Assert.Equal(notice, visitor.Page.QuerySelector(".notice[role=alert]")!.TextContent);
    }

    [Fact]
    public async Task In_a_browser_a_device_adds_one_logs_in_with_it_and_after_its_removal_does_not()
    {
        var page = await chromium.LogInAsync("member7@demo.example");
        var device = await page.Context.NewCDPSessionAsync(page);
        await device.SendAsync("WebAuthn.enable");
        await device.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
        await page.GotoAsync("/Account/Security");
        await page.GetByRole(AriaRole.Link, new() { Name = "Show the passkeys" }).ClickAsync();
        await page.GetByLabel("Name of the passkey").FillAsync("Workshop laptop");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await Assertions.Expect(page.Locator(".notice[role=status]")).ToContainTextAsync("The passkey is added.");
        // The device says itself that it has one already.
        await page.GetByLabel("Name of the passkey").FillAsync("Once more");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByText("This device has a passkey for your account already.")).ToBeVisibleAsync();

        await page.Context.ClearCookiesAsync();
        await page.GotoAsync("/Account/Login?ReturnUrl=%2Frooms");
        await page.GetByLabel("Keep me logged in on this device").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(new Uri(Community.Address, "/rooms").ToString());
        Assert.Contains(await page.Context.CookiesAsync(), cookie => cookie is { Name: "vet", Expires: > 0 });

        await page.GotoAsync("/Account/Passkeys");
        await page.GetByRole(AriaRole.Link, new() { Name = "Change: Workshop laptop" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await Assertions.Expect(page.GetByText("You have no passkey yet.")).ToBeVisibleAsync();
        await page.Context.ClearCookiesAsync();
        await page.GotoAsync("/Account/Login");
        await page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert).Filter(new() { Visible = true })).ToContainTextAsync(Refused);
    }

    [Fact]
    public async Task Without_script_the_page_says_why_none_can_be_added()
    {
        var page = await chromium.LogInAsync("member8@demo.example", script: false);

        await page.GotoAsync("/Account/Passkeys");

        await Assertions.Expect(page.GetByText("Adding a passkey needs JavaScript")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" })).ToBeHiddenAsync();
    }
}
