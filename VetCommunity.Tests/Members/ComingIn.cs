using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using VetCommunity.Core;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.Members;

/// <summary>The plain forms of the running program, and the mails that they send.</summary>
public class ComingIn(RunningCommunity community) : IClassFixture<RunningCommunity>
{
    const string Password = "a quiet morning";

    [Fact]
    public async Task From_registering_over_a_forgotten_password_to_the_end_of_the_old_session()
    {
        using var dora = new Visitor(community, "it-IT,it;q=0.9");
        await dora.RegisterAsync("way@example.org", Password);
        Assert.StartsWith("Controlla la tua posta", dora.Says, StringComparison.Ordinal);
        var mail = Assert.Single(await community.MailsToAsync("way@example.org", 1));
        Assert.Equal("Conferma il tuo indirizzo", mail.Subject);

        await dora.LogInAsync("way@example.org", Password);
        Assert.Contains("non è ancora confermato", dora.Says, StringComparison.Ordinal);
        await dora.OpenAsync(mail.Link());
        await dora.OpenAsync(mail.Link());
        await dora.SendAsync("confirm");
        Assert.Equal("/Account/Login?done=confirmed", dora.Address);
        await dora.LogInAsync("way@example.org", Password);
        Assert.Equal("/", dora.Address);
        Assert.Contains("Dora Conti", dora.Says, StringComparison.Ordinal);

        using var forgetful = new Visitor(community);
        await (await forgetful.OpenAsync("/Account/ForgotPassword")).SendAsync("mail", ("Email", "way@example.org"));
        var reset = (await community.MailsToAsync("way@example.org", 2))[1];
        Assert.Equal("Scegli una nuova password", reset.Subject);
        await (await forgetful.OpenAsync(reset.Link())).SendAsync("reset", ("Password", "short"));
        Assert.Equal("true", forgetful.Page.QuerySelector("#password")!.GetAttribute("aria-invalid"));
        Assert.Equal("password-hint password-error", forgetful.Page.QuerySelector("#password")!.GetAttribute("aria-describedby"));
        Assert.True(await dora.IsInAsync());
        await (await forgetful.OpenAsync(reset.Link())).SendAsync("reset", ("Password", "another morning"));

        Assert.Equal("/Account/Login?done=reset", forgetful.Address);
        Assert.False(await dora.IsInAsync());
        await forgetful.LogInAsync("way@example.org", Password);
        Assert.Contains("do not belong together", forgetful.Says, StringComparison.Ordinal);
        await forgetful.LogInAsync("way@example.org", "another morning");
        Assert.Equal("/", forgetful.Address);
        using var late = new Visitor(community);
        Assert.StartsWith("This link no longer works", (await late.OpenAsync(reset.Link())).Says, StringComparison.Ordinal);
        Assert.Equal("La tua password è stata cambiata", (await community.MailsToAsync("way@example.org", 3))[2].Subject);
    }

    [Fact]
    public async Task No_form_tells_whether_an_address_has_an_account()
    {
        async Task<string> AnswerAsync(string email, Func<Visitor, string, Task<Visitor>> ask)
        {
            using var stranger = new Visitor(community);
            await ask(stranger, email);
            return $"{stranger.Status} {stranger.Address} {stranger.Says.Replace(email, "", StringComparison.Ordinal)}";
        }

        foreach (var ask in (Func<Visitor, string, Task<Visitor>>[])[
            (visitor, email) => visitor.RegisterAsync(email, Password),
            async (visitor, email) => await (await visitor.OpenAsync("/Account/ForgotPassword")).SendAsync("mail", ("Email", email)),
            async (visitor, email) => await (await visitor.OpenAsync("/Account/Resend")).SendAsync("mail", ("Email", email)),
            (visitor, email) => visitor.LogInAsync(email, "not the password")])
        {
            Assert.Equal(await AnswerAsync("nobody@example.org", ask), await AnswerAsync("member8@demo.example", ask));
        }
        Assert.Equal("You already have an account", (await community.MailsToAsync("member8@demo.example", 1))[0].Subject);
    }

    [Theory]
    [InlineData("member9@demo.example")]
    [InlineData("stranger@example.org")]
    public async Task Five_wrong_passwords_lock_an_address_with_a_sentence_that_says_for_how_long(string email)
    {
        using var visitor = new Visitor(community);
        for (var attempt = 1; attempt < 5; attempt++)
            Assert.Contains("do not belong together", (await visitor.LogInAsync(email, "not the password")).Says, StringComparison.Ordinal);

        await visitor.LogInAsync(email, "not the password");
        Assert.Contains("too many wrong attempts. You can try again in 15 minutes.", visitor.Says, StringComparison.Ordinal);
        await visitor.LogInAsync(email, Core.Demo.DemoWorld.Password);
        Assert.Contains("You can try again in 15 minutes.", visitor.Says, StringComparison.Ordinal);
        Assert.Equal(email, visitor.Page.QuerySelector("#email")!.GetAttribute("value"));
    }

    [Fact]
    public async Task Who_is_suspended_reads_why_and_until_when_and_nobody_else_does()
    {
        using var visitor = new Visitor(community, "it");
        var db = CommunityDbFactory.Sqlite(CommunityDbFactory.SqliteFile(community.DatabaseFile));
        await using (var context = db.CreateDbContext())
        {
            var handle = await context.Users.Where(m => m.Email == "member3@demo.example").Select(m => m.Handle).SingleAsync(TestContext.Current.CancellationToken);
            await new Accounts(db, new(NullLogger<Feed>.Instance), TimeProvider.System).SuspendAsync(Actor.Operator, handle, "Adverts in every room", null);
        }

        await visitor.LogInAsync("member3@demo.example", Core.Demo.DemoWorld.Password);
        Assert.Contains("Il motivo: Adverts in every room", visitor.Says, StringComparison.Ordinal);
        await visitor.LogInAsync("member3@demo.example", "not the password");
        Assert.DoesNotContain("Adverts", visitor.Says, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_guesses_at_once_are_judged_one_after_another()
    {
        var visitors = Enumerable.Range(0, 11).Select(_ => new Visitor(community)).ToList();
        await Task.WhenAll(visitors.Select(visitor => visitor.OpenAsync("/Account/Login")));

        await Task.WhenAll(visitors.Select(visitor => visitor.SendAsync("login", ("Input.Email", "cotrainer@demo.example"), ("Input.Password", "not the password"))));

        Assert.Equal(4, visitors.Count(visitor => visitor.Says.Contains("do not belong together", StringComparison.Ordinal)));
        Assert.Equal(7, visitors.Count(visitor => visitor.Says.Contains("You can try again in", StringComparison.Ordinal)));
        visitors.ForEach(visitor => visitor.Dispose());
    }

    [Fact]
    public async Task A_new_password_ends_the_links_for_another_one_that_were_asked_for_before()
    {
        using var visitor = new Visitor(community);
        await (await visitor.OpenAsync("/Account/ForgotPassword")).SendAsync("mail", ("Email", "member4@demo.example"));
        var link = (await community.MailsToAsync("member4@demo.example", 1))[0].Link();
        using var owner = new Visitor(community);
        await owner.LogInAsync("member4@demo.example", Core.Demo.DemoWorld.Password);
        await (await owner.OpenAsync("/Account/Security")).SendAsync("password", ("Input.Current", Core.Demo.DemoWorld.Password), ("Input.Password", "another quiet morning"));

        Assert.StartsWith("This link no longer works", (await visitor.OpenAsync(link)).Says, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/rooms/%CE%B1", "/rooms/%CE%B1")]
    [InlineData("%2F%C3%A9", "/%C3%A9")]
    [InlineData("%2F%2Fevil.example", "/")]
    public async Task A_switch_of_the_language_leads_back_to_any_address_of_ours(string back, string expected)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = community.Address };

        using var answer = await client.GetAsync(new Uri("/language/en?return=" + back, UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(expected, answer.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task A_form_that_comes_again_keeps_what_was_typed_beside_the_sentence()
    {
        using var visitor = new Visitor(community, "de");

        await visitor.RegisterAsync("nowhere", Password, "Dora Conti");

        Assert.Equal("Dora Conti", visitor.Page.QuerySelector("#name")!.GetAttribute("value"));
        Assert.Equal("nowhere", visitor.Page.QuerySelector("#email")!.GetAttribute("value"));
        Assert.Equal("email-error", visitor.Page.QuerySelector("#email")!.GetAttribute("aria-describedby"));
        Assert.True(visitor.Page.QuerySelector("#email")!.HasAttribute("autofocus"));
        Assert.Equal("Das ist keine vollständige E-Mail-Adresse.", visitor.Page.QuerySelector("#email-error")!.TextContent);
        Assert.Null(visitor.Page.QuerySelector("#password")!.GetAttribute("value"));
    }

    [Fact]
    public async Task One_address_gets_five_mails_an_hour_and_a_slip_costs_none()
    {
        using var visitor = new Visitor(community);
        for (var slip = 0; slip < 6; slip++)
            await visitor.RegisterAsync("often@example.org", "short");
        for (var mail = 0; mail < 5; mail++)
        {
            await (await visitor.OpenAsync("/Account/ForgotPassword")).SendAsync("mail", ("Email", "often@example.org"));
            Assert.Equal("/Account/ForgotPassword?sent=true", visitor.Address);
        }

        await (await visitor.OpenAsync("/Account/Resend")).SendAsync("mail", ("Email", "Often@example.org"));

        Assert.Contains("tried often in a short time", visitor.Says, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_password_keeps_this_browser_and_logging_out_everywhere_keeps_none()
    {
        using var here = new Visitor(community);
        await here.LogInAsync("policy@demo.example", Core.Demo.DemoWorld.Password);
        using var elsewhere = here.Copy();
        await using var hub = await community.ConnectAsync("policy@demo.example");
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        hub.Closed += _ => { closed.TrySetResult(); return Task.CompletedTask; };
        Assert.True(await elsewhere.IsInAsync());

        await (await here.OpenAsync("/Account/Security")).SendAsync("password", ("Input.Current", "not the password"), ("Input.Password", "another morning"));
        Assert.Equal("The current password is not right.", here.Page.QuerySelector("#current-error")!.TextContent);
        await here.SendAsync("password", ("Input.Current", Core.Demo.DemoWorld.Password), ("Input.Password", "another morning"));

        Assert.Equal("/Account/Security?done=password", here.Address);
        Assert.True(await here.IsInAsync());
        Assert.False(await elsewhere.IsInAsync());
        await closed.Task.WaitAsync(Patience.Enough, TestContext.Current.CancellationToken);

        using var copy = here.Copy();
        await (await here.OpenAsync("/Account/Security")).SendAsync("sessions");
        Assert.Equal("/Account/Login?done=everywhere", here.Address);
        Assert.False(await here.IsInAsync());
        Assert.False(await copy.IsInAsync());
    }

    [Fact]
    public async Task One_invitation_link_used_by_two_at_once_makes_one_account()
    {
        using var admin = new Visitor(community);
        await admin.LogInAsync("admin@demo.example", Core.Demo.DemoWorld.Password);
        await (await admin.OpenAsync("/invitations")).SendAsync("invite", ("Input.Language", "en"), ("Input.Roles", "Trainer"), ("Input.Roles", "Editor"));
        var link = new Uri(admin.Page.QuerySelector("#link")!.GetAttribute("value")!).PathAndQuery;
        Assert.Contains("Trainer, Editor", admin.Says, StringComparison.Ordinal);
        using var first = new Visitor(community);
        using var second = new Visitor(community);
        await first.OpenAsync(link);
        await second.OpenAsync(link);

        await Task.WhenAll(Enumerable.Zip([first, second], (string[])["one@example.org", "two@example.org"]).Select(pair =>
            pair.First.SendAsync("join", ("Input.Name", "Twin Conti"), ("Input.Email", pair.Second), ("Input.Password", Password))));

        string[] answers = [first.Says, second.Says];
        Assert.Single(answers, says => says.StartsWith("Check your e-mail", StringComparison.Ordinal));
        Assert.Single(answers, says => says.StartsWith("This link no longer works", StringComparison.Ordinal));
        Assert.Contains("Used: Twin Conti", (await admin.OpenAsync("/invitations")).Says, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_mailed_invitation_lets_in_at_once_and_a_withdrawn_one_nobody()
    {
        using var admin = new Visitor(community);
        await admin.LogInAsync("admin@demo.example", Core.Demo.DemoWorld.Password);
        await (await admin.OpenAsync("/invitations")).SendAsync("invite", ("Input.Email", "greta@example.org"), ("Input.Language", "de"));
        await (await admin.OpenAsync("/invitations")).SendAsync("invite", ("Input.Email", "harald@example.org"), ("Input.Language", "de"));
        var withdraw = admin.Page.QuerySelectorAll("main tr").First(row => row.TextContent.Contains("harald@example.org", StringComparison.Ordinal)).QuerySelector("button")!;
        await admin.SendAsync("withdraw", ("Withdrawn", withdraw.GetAttribute("value")!));
        Assert.Equal("/invitations?done=withdrawn", admin.Address);

        using var greta = new Visitor(community, "de");
        await greta.OpenAsync((await community.MailsToAsync("greta@example.org", 1))[0].Link());
        await greta.SendAsync("join", ("Input.Name", "Greta Huber"), ("Input.Password", Password));
        using var harald = new Visitor(community, "de");
        await harald.OpenAsync((await community.MailsToAsync("harald@example.org", 1))[0].Link());

        Assert.Equal("/", greta.Address);
        Assert.True(await greta.IsInAsync());
        Assert.StartsWith("Dieser Link gilt nicht mehr", harald.Says, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Members_who_may_not_invite_find_no_page_for_it()
    {
        using var member = new Visitor(community);
        await member.LogInAsync("member7@demo.example", Core.Demo.DemoWorld.Password);

        Assert.Equal(HttpStatusCode.NotFound, (await member.OpenAsync("/invitations")).Status);
    }

    [Fact]
    public async Task With_the_second_step_on_a_password_alone_opens_nothing()
    {
        const string Email = "member6@demo.example";
        using var here = new Visitor(community);
        await here.LogInAsync(Email, Core.Demo.DemoWorld.Password);
        await (await here.OpenAsync("/Account/TwoFactor")).SendAsync("begin");
        var key = here.Page.QuerySelector(".factor-key")!.TextContent.Replace(" ", "", StringComparison.Ordinal);
        await here.SendAsync("confirm", ("Code", "000000 "));
        Assert.StartsWith("This code is not right", here.Page.QuerySelector("#code-error")!.TextContent, StringComparison.Ordinal);
        await here.SendAsync("confirm", ("Code", TimeCodes.CodeAt(key, DateTimeOffset.UtcNow)));
        var paper = here.Page.QuerySelectorAll(".recovery-codes code").Select(code => code.TextContent).ToList();
        Assert.True(await here.IsInAsync());

        using var visitor = new Visitor(community);
        await (await visitor.OpenAsync("/Account/Login?ReturnUrl=%2Fpeople")).SendAsync("login", ("Input.Email", Email), ("Input.Password", Core.Demo.DemoWorld.Password));
        Assert.Equal("/Account/SecondStep?ReturnUrl=%2Fpeople", visitor.Address);
        Assert.False(await visitor.IsInAsync());
        await visitor.OpenAsync("/Account/SecondStep?ReturnUrl=%2F%2Fevil.example");
        for (var wrong = 0; wrong < 4; wrong++)
            await visitor.SendAsync("code", ("Code", "no such code"));
        Assert.StartsWith("This code is not right", visitor.Page.QuerySelector("#code-error")!.TextContent, StringComparison.Ordinal);

        // The right password does not give four more guesses.
        using var guesser = new Visitor(community);
        await (await guesser.LogInAsync(Email, Core.Demo.DemoWorld.Password)).SendAsync("code", ("Code", "no such code"));
        Assert.Contains("You can try again in 15 minutes.", guesser.Says, StringComparison.Ordinal);
        await visitor.SendAsync("code", ("Code", paper[1]));
        Assert.Contains("You can try again in", visitor.Says, StringComparison.Ordinal);
        Assert.False(await visitor.IsInAsync());

        await community.VerbAsync("user", "reset-factors", Email);
        Assert.False(await here.IsInAsync());
        using var late = new Visitor(community);
        Assert.Contains("Too much time has passed", (await late.OpenAsync("/Account/SecondStep")).Says, StringComparison.Ordinal);
    }
}
