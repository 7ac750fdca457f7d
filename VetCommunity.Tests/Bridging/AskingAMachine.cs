using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using VetCommunity.App.Bridging;
using VetCommunity.App.CommandLine;
using VetCommunity.Core;
using VetCommunity.Core.Bridging;
using VetCommunity.Core.Operation;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.Bridging;

public sealed class AskingAMachine
{
    [Fact]
    public async Task Apertium_translates_from_Spanish_into_Catalan_and_markdown_survives()
    {
        await using var apertium = await Apertium.StartAsync();
        using var machine = new ApySuggestions(new(apertium.Address, NullLogger<MachineCalls>.Instance));
        Assert.Equal("La formació és bona", await machine.TranslateAsync("La formación es buena", "es", "ca"));
        var text = MachineText.Of("La formación es **buena**, mira el [enlace](https://example.org/la/casa):\n\n- una escuela\n- `el código`");
        Assert.Equal("La formació és **bona**, mira l'[enllaç](https://example.org/la/casa):\n\n- una escola\n- `el código`",
            text.Restored(await machine.TranslateAsync(text.Sent, "es", "ca"))?.Replace("mira el [", "mira l'[", StringComparison.Ordinal));
        Assert.Equal(Refusal.MachineLacksPair, await World.RefusalOfAsync(() => machine.TranslateAsync("Guten Tag", "de", "el")));
    }

    [Theory, OnBothDatabases]
    public async Task A_suggestion_that_is_left_as_it_is_stays_marked_and_a_rewritten_one_is_a_persons(Database database)
    {
        await using var service = await LibreService.StartAsync(asked => Results.Json(new { translatedText = asked.GetProperty("q").GetString()!.Replace("formación", "formació", StringComparison.Ordinal) }));
        using var machine = service.Machine("secret");
        await using var world = await BridgingWorld.OpenAsync(database, machine);
        await world.Bridgers.SaveAsync(world.Anna, [], agrees: true);
        var seq = await world.SayAsync(world.Anna, "La **formación** es buena");

        var suggestion = await world.Machines.AskAsync(world.Bruno, "welding", seq, "ca");

        Assert.Equal(new Suggestion("La **formació** es buena", "LibreTranslate"), suggestion);
        Assert.Equal(suggestion, await world.Machines.BeforeAsync(world.Bruno, "welding", seq, "ca"));
        Assert.Null(await world.Machines.BeforeAsync(world.Carla, "welding", seq, "ca"));
        var asked = Assert.Single(service.Asked);
        Assert.Equal(("La ⟦0⟧formación⟦1⟧ es buena", "es", "ca", "text", "secret"), (asked.GetProperty("q").GetString(), asked.GetProperty("source").GetString(),
            asked.GetProperty("target").GetString(), asked.GetProperty("format").GetString(), asked.GetProperty("api_key").GetString()));
        await world.AcceptAsync(world.Anna, seq, await world.ProposeAsync(world.Bruno, seq, suggestion.Text));
        Assert.Equal("LibreTranslate", (await world.UnderAsync(seq))!.Single().Machine);
        await world.AcceptAsync(world.Anna, seq, await world.ProposeAsync(world.Bruno, seq, "Aquesta formació nostra val molt la pena"));
        Assert.Null((await world.UnderAsync(seq))!.Single().Machine);
        // Who did not ask it is no machine's, whatever the words.
        await world.AcceptAsync(world.Anna, seq, await world.ProposeAsync(world.Carla, seq, suggestion.Text));
        Assert.Null((await world.UnderAsync(seq))!.Single().Machine);
    }

    [Theory, OnBothDatabases]
    public async Task It_is_asked_only_of_rooms_by_who_translates_and_where_the_author_agreed(Database database)
    {
        await using var service = await LibreService.StartAsync(asked => Results.Json(new { translatedText = asked.GetProperty("q").GetString() }));
        using var machine = service.Machine(key: null);
        await using var world = await BridgingWorld.OpenAsync(database, machine);
        var seq = await world.SayAsync(world.Anna);
        Assert.Equal(Refusal.NoMachineConsent, await World.RefusalOfAsync(() => world.Machines.AskAsync(world.Bruno, "welding", seq, "ca")));
        await world.Bridgers.SaveAsync(world.Anna, [], agrees: true);
        Assert.Equal(Refusal.NotYourPair, await World.RefusalOfAsync(() => world.Machines.AskAsync(world.Olga, "welding", seq, "ca")));
        Assert.Equal(Refusal.NotYourPair, await World.RefusalOfAsync(() => world.Machines.AskAsync(world.Bruno, "welding", seq, "it")));
        var alone = await world.SayAsync(world.Anna, room: world.World.Direct);
        await Assert.ThrowsAsync<NotFoundException>(() => world.Machines.AskAsync(world.Bruno, world.World.Direct, alone, "ca"));
        var board = await world.SayAsync(world.Anna, room: "board");
        await Assert.ThrowsAsync<NotFoundException>(() => world.Machines.AskAsync(world.Bruno, "board", board, "ca"));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Machines.AskAsync(Actor.Visitor, "welding", seq, "ca"));
        Assert.Empty(service.Asked);
        await world.Machines.AskAsync(world.Bruno, "welding", seq, "ca");
        await world.Bridgers.SaveAsync(world.Anna, [], agrees: false);
        Assert.Equal(Refusal.NoMachineConsent, await World.RefusalOfAsync(() => world.Machines.AskAsync(world.Bruno, "welding", seq, "ca")));
        Assert.Single(service.Asked);
        // One's own words one gives whom one likes.
        await world.Machines.AskAsync(world.Bruno, "welding", await world.SayAsync(world.Bruno), "ca");
    }

    [Theory, OnBothDatabases]
    public async Task Without_a_machine_nobody_can_ask_it(Database database)
    {
        await using var world = await BridgingWorld.OpenAsync(database);
        var seq = await world.SayAsync(world.Bruno);
        Assert.Null(world.Machines.Machine);
        await Assert.ThrowsAsync<NotFoundException>(() => world.Machines.AskAsync(world.Bruno, "welding", seq, "ca"));
    }

    [Fact]
    public async Task What_is_no_answer_is_a_sentence()
    {
        Dictionary<string, (Func<IResult> Answer, Refusal Refusal)> answers = new(StringComparer.Ordinal)
        {
            ["an error"] = (() => Results.StatusCode(500), Refusal.MachineUnavailable),
            ["no json"] = (() => Results.Text("<html>"), Refusal.MachineUnavailable),
            ["another form"] = (() => Results.Json(new { other = 1 }), Refusal.MachineUnavailable),
            ["an array"] = (() => Results.Json(new[] { 1 }), Refusal.MachineUnavailable),
            ["far too much"] = (() => Results.Json(new { translatedText = new string('x', 300_000) }), Refusal.MachineUnavailable),
            ["elsewhere"] = (() => Results.Redirect("http://127.0.0.1:1/"), Refusal.MachineUnavailable),
            ["an unknown language"] = (() => Results.BadRequest(new { error = "ca is not supported" }), Refusal.MachineLacksPair),
        };
        var now = answers["an error"].Answer;
        await using var service = await LibreService.StartAsync(_ => now());
        using var machine = service.Machine(key: null);
        foreach (var (_, (answer, refusal)) in answers)
        {
            now = answer;
            Assert.Equal(refusal, await World.RefusalOfAsync(() => machine.TranslateAsync("La casa", "es", "ca")));
        }
        using var nobody = new LibreTranslateSuggestions(new(new("http://127.0.0.1:1/"), NullLogger<MachineCalls>.Instance), key: null);
        Assert.Equal(Refusal.MachineUnavailable, await World.RefusalOfAsync(() => nobody.TranslateAsync("La casa", "es", "ca")));
    }

    [Theory]
    [InlineData("Google", "http://localhost:2737", "Translation:Service is Google")]
    [InlineData("Apy", "", "Translation:Url is")]
    [InlineData("Apy", "localhost", "Translation:Url is localhost")]
    [InlineData("LibreTranslate", "ftp://localhost", "Translation:Url is ftp://localhost")]
    public async Task A_setting_that_makes_no_sense_is_said_at_the_start(string service, string url, string sentence)
    {
        var folder = Directory.CreateTempSubdirectory("vet-machine-").FullName;
        try
        {
            await using var app = Server.Build(["--Urls", "http://127.0.0.1:0", "--Data:Folder", Path.Combine(folder, "data"), "--Translation:Service", service, "--Translation:Url", url]);
            var error = Assert.Throws<OperationFailedException>(() => app.Services.GetService(typeof(ISuggestTranslations)));
            Assert.StartsWith(sentence, error.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Debian's Apertium in a process of its own, on this machine alone.</summary>
    sealed class Apertium : IAsyncDisposable
    {
        // Its own command listens on all addresses of the machine.
        const string Program = """
            from tornado.httpserver import HTTPServer
            bind = HTTPServer.bind
            HTTPServer.bind = lambda self, port, *more: bind(self, port, '127.0.0.1')
            from apertium_apy.apy import main
            main()
            """;
        readonly Process _process;

        Apertium(Process process, Uri address) => (_process, Address) = (process, address);

        public Uri Address { get; }

        public static async Task<Apertium> StartAsync()
        {
            Tool.Need("apertium-apy");
            Tool.Need("cg-proc");
            Tool.Need("lrx-proc");
            Assert.SkipUnless(File.Exists("/usr/share/apertium/modes/spa-cat.mode"), "apertium-spa-cat is not installed; ./test.sh installs it");
            int port;
            using (var free = new TcpListener(IPAddress.Loopback, 0))
            {
                free.Start();
                port = ((IPEndPoint)free.LocalEndpoint).Port;
            }
            var start = new ProcessStartInfo("/usr/bin/python3", ["-c", Program, "/usr/share/apertium/modes", "-p", FormattableString.Invariant($"{port}")])
            {
                UseShellExecute = false,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
                WorkingDirectory = Path.GetTempPath(),
            };
            start.Environment["LC_ALL"] = "C.UTF-8";
            var process = Process.Start(start)!;
            var serves = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            process.OutputDataReceived += (_, _) => { };
            process.ErrorDataReceived += (_, line) =>
            {
                if (line.Data is null)
                    serves.TrySetException(new InvalidOperationException("Apertium ended"));
                // Said as soon as it listens.
                else if (line.Data.Contains("systemd", StringComparison.Ordinal))
                    serves.TrySetResult();
            };
            process.BeginErrorReadLine();
            process.BeginOutputReadLine();
            var apertium = new Apertium(process, new($"http://127.0.0.1:{port}/"));
            try
            {
                await serves.Task.WaitAsync(Patience.Enough);
            }
            catch
            {
                await apertium.DisposeAsync();
                throw;
            }
            return apertium;
        }

        public async ValueTask DisposeAsync()
        {
            if (!_process.HasExited)
                _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }
    }
}
