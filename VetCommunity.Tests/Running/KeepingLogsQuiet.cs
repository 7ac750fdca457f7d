using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using VetCommunity.Core.Demo;
using VetCommunity.Tests.Members;
using Xunit;

namespace VetCommunity.Tests.Running;

/// <summary>What members type, and what opens their accounts, stands in no log, however much the operator lets the program write.</summary>
[Promise("PR4")]
public sealed class KeepingLogsQuiet
{
    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Trace", "Trace", 1_000)]
    [InlineData(null, null, 0)]
    public async Task Texts_names_addresses_passwords_and_tokens_stand_in_no_log(string? all, string? framework, int atLeast)
    {
        await using var community = new RunningCommunity();
        if (all is not null)
            community.Settings["Logging__LogLevel__Default"] = all;
        foreach (var category in (string[])["Microsoft", "Microsoft.AspNetCore", "Microsoft.AspNetCore.DataProtection", "Microsoft.EntityFrameworkCore", "Microsoft.EntityFrameworkCore.Migrations", "Microsoft.Hosting.Lifetime", "System"])
        {
            if (framework is not null)
                community.Settings["Logging__LogLevel__" + category] = framework;
        }
        await community.InitializeAsync();
        var secrets = new Secrets();

        using (var newcomer = new Visitor(community))
        {
            await newcomer.RegisterAsync($"{secrets.Make("address")}@example.org", secrets.Make("password"), secrets.Make("name"));
            await newcomer.LogInAsync($"{secrets.Make("wrongaddress")}@example.org", secrets.Make("wrongpassword"));
            await newcomer.OpenAsync("/Account/ResetPassword?code=" + secrets.Make("code"));
            await newcomer.OpenAsync("/Account/Join/" + secrets.Make("invitation"));
        }
        using (var member = new Visitor(community))
        {
            await member.LogInAsync("member@demo.example", DemoWorld.Password);
            await member.OpenAsync("/search?q=" + secrets.Make("search"));
            await member.OpenAsync("/rooms/welcome");
            await member.SendAsync("post", ("markdown", secrets.Make("form")));
            await member.OpenAsync("/people?q=" + secrets.Make("person"));
        }
        var token = await community.TokenAsync("member2@demo.example");
        secrets.Add(token);
        await using (var hub = await community.ConnectAsync("member2@demo.example"))
        {
            await hub.OpenAsync("welcome");
            var seq = await hub.PostAsync("welcome", "quiet", secrets.Make("post"));
            await hub.InvokeAsync("Edit", new { conversation = "welcome", seq, markdown = secrets.Make("edit") }, Cancel);
            await hub.InvokeAsync("Draft", "welcome", secrets.Make("draft"), null, null, Cancel);
            await Assert.ThrowsAsync<HubException>(() => hub.PostAsync("welcome", "quiet-2", secrets.Make("refused") + new string('x', 20_000)));
            await Assert.ThrowsAsync<HubException>(() => hub.InvokeAsync("Post", new { conversation = 1, markdown = secrets.Make("mistyped") }, Cancel));
        }
        using (var program = new HttpClient { BaseAddress = community.Address })
        {
            List<HttpStatusCode> answers = [];
            using (var answer = await program.GetAsync(new Uri("/hubs/conversations?access_token=" + secrets.Make("token"), UriKind.Relative), Cancel))
                answers.Add(answer.StatusCode);
            program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using (var answer = await program.PostAsJsonAsync("/api/v1/rooms/welcome/messages", new { clientKey = "quiet-api", markdown = secrets.Make("api") }, Cancel))
                answers.Add(answer.StatusCode);
            using (var answer = await program.GetAsync(new Uri("/api/v1/search?q=" + secrets.Make("apisearch"), UriKind.Relative), Cancel))
                answers.Add(answer.StatusCode);
            using (var file = new MultipartFormDataContent())
            using (var content = new StringContent(secrets.Make("content")))
            {
                file.Add(content, "file", secrets.Make("filename") + ".txt");
                using var answer = await program.PostAsync(new Uri("/api/v1/uploads", UriKind.Relative), file, Cancel);
                answers.Add(answer.StatusCode);
            }
            Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.Created, HttpStatusCode.OK, HttpStatusCode.Created], answers);
        }
        await community.KillAsync();

        var said = community.Said;
        Assert.True(said.Count >= atLeast, $"{said.Count} lines were written");
        var told = secrets.All.Select(secret => (secret, said.FirstOrDefault(line => line.Contains(secret, StringComparison.OrdinalIgnoreCase)))).Where(one => one.Item2 is not null).ToList();
        Assert.True(told.Count == 0, string.Join('\n', told));
    }

    sealed class Secrets
    {
        readonly List<string> _all = [];

        public IReadOnlyList<string> All => _all;

        public string Make(string what)
        {
            var secret = what + Guid.NewGuid().ToString("N")[..12];
            _all.Add(secret);
            return secret;
        }

        public void Add(string secret) => _all.Add(secret);
    }
}
