using System.Net;
using VetCommunity.Core.Members;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.Members;

/// <summary>The first start without the demo world.</summary>
public class SettingUp
{
    static async Task<RunningCommunity> EmptyAsync()
    {
        var community = new RunningCommunity();
        community.Settings["Demo__Seed"] = "false";
        await community.InitializeAsync();
        return community;
    }

    static async Task<string> PrintedAsync(RunningCommunity community) => new Uri((await community.HearAsync("/Account/SetUp?code=")).Trim()).PathAndQuery;

    [Fact]
    public async Task The_printed_link_makes_the_first_administrator_once_and_each_start_prints_another()
    {
        await using var community = await EmptyAsync();
        var replaced = await PrintedAsync(community);
        await community.KillAsync();
        await community.StartAsync();
        var link = await PrintedAsync(community);
        using var late = new Visitor(community);
        Assert.StartsWith("This link no longer works", (await late.OpenAsync(replaced)).Says, StringComparison.Ordinal);
        using var first = new Visitor(community);
        using var second = new Visitor(community);
        await first.OpenAsync(link);
        await second.OpenAsync(link);

        await first.SendAsync("join", ("Input.Name", "Ada Klein"), ("Input.Email", "ada@example.org"), ("Input.Password", "a quiet morning"));
        await second.SendAsync("join", ("Input.Name", "Eve"), ("Input.Email", "eve@example.org"), ("Input.Password", "a quiet morning"));

        Assert.Equal("/Account/TwoFactor", first.Address);
        Assert.Contains("Your role in this network needs it.", first.Says, StringComparison.Ordinal);
        Assert.Equal("/Account/TwoFactor", (await first.OpenAsync("/invitations")).Address);
        Assert.Equal(HttpStatusCode.NotFound, (await first.OpenAsync("/there/is/no/such/page")).Status);
        await (await first.OpenAsync("/Account/TwoFactor")).SendAsync("begin");
        var key = first.Page.QuerySelector(".factor-key")!.TextContent.Replace(" ", "", StringComparison.Ordinal);
        Assert.Contains("QR", first.Page.QuerySelector("svg.qr[role=img]")!.GetAttribute("aria-label"), StringComparison.Ordinal);
        await first.SendAsync("confirm", ("Code", TimeCodes.CodeAt(key, DateTimeOffset.UtcNow)));
        var paper = first.Page.QuerySelectorAll(".recovery-codes code").Select(code => code.TextContent).ToList();
        Assert.Equal(SecondFactors.RecoveryCodes, paper.Count);
        Assert.Equal(HttpStatusCode.OK, (await first.OpenAsync("/invitations")).Status);
        Assert.Equal("/invitations", first.Address);
        Assert.StartsWith("This link no longer works", second.Says, StringComparison.Ordinal);
        await community.KillAsync();
        await community.StartAsync();
        using var again = new Visitor(community);
        await again.LogInAsync("ada@example.org", "a quiet morning");
        Assert.Equal("/Account/SecondStep?ReturnUrl=%2F", again.Address);
        await again.SendAsync("code", ("Code", paper[0]));
        Assert.Equal("/", again.Address);
        Assert.Equal(HttpStatusCode.OK, (await again.OpenAsync("/invitations")).Status);
        Assert.DoesNotContain(community.Said, line => line.Contains("SetUp", StringComparison.Ordinal));
        await APasskeyIsEnoughAndThePasswordBesideItIsNotAsync(community, again);
    }

    static async Task APasskeyIsEnoughAndThePasswordBesideItIsNotAsync(RunningCommunity community, Visitor administrator)
    {
        using var key = new SoftKey { Origin = community.Address.GetLeftPart(UriPartial.Authority) };
        using var other = new SoftKey { Origin = key.Origin };
        await administrator.OpenAsync("/Account/Passkeys");
        await administrator.SendAsync("add", ("New.Name", "Phone"), ("New.Answer", key.Make(await administrator.AskPasskeyAsync("Add"))));
        await (await administrator.OpenAsync("/Account/TwoFactor")).SendAsync("change", ("What", "off"));
        Assert.Equal("/invitations", (await administrator.OpenAsync("/invitations")).Address);

        using var byPassword = new Visitor(community);
        await byPassword.LogInAsync("ada@example.org", "a quiet morning");

        Assert.Equal("/Account/TwoFactor", byPassword.Address);
        Assert.Contains("yours is a passkey", byPassword.Says, StringComparison.Ordinal);
        Assert.Empty(byPassword.Page.QuerySelectorAll("main form:not([hidden])"));
        Assert.Equal("/Account/TwoFactor", (await byPassword.OpenAsync("/invitations")).Address);
        await byPassword.OpenAsync("/Account/Passkeys");
        await byPassword.SendAsync("add", ("New.Name", "Thief"), ("New.Answer", other.Make(await byPassword.AskPasskeyAsync("Add"))));
        Assert.Contains("Please show one of your passkeys first", byPassword.Says, StringComparison.Ordinal);
        await byPassword.OpenAsync("/Account/Export");
        await byPassword.SendAsync("make");
        Assert.Contains("Please show one of your passkeys first", byPassword.Says, StringComparison.Ordinal);
        Assert.Equal("/Account/Reconfirm?returnUrl=%2FAccount%2FExport", byPassword.Page.QuerySelector("main a.button")!.GetAttribute("href"));
        Assert.StartsWith("/Account/Reconfirm", (await byPassword.OpenAsync("/Account/Export/file")).Address, StringComparison.Ordinal);
        await byPassword.OpenAsync("/Account/Reconfirm?returnUrl=%2Finvitations");
        await byPassword.SendAsync("passkey", ("Answer", key.Show(await byPassword.AskPasskeyAsync("Prove"))));
        Assert.Equal("/invitations", byPassword.Address);
    }

    [Fact]
    public async Task A_wrong_mail_setting_is_a_sentence_at_the_start()
    {
        await using var community = new RunningCommunity();
        community.Settings["Mail__Host"] = "mail.example";

        (await community.RunAsync()).AssertRefused("Mail:Host is set, and Mail:From is missing");
    }
}
