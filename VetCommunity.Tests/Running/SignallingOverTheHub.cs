using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using VetCommunity.Core.Live;
using Xunit;

namespace VetCommunity.Tests.Running;

/// <summary>What browsers tell each other to find a way for sound and picture, over the hub of the running program.</summary>
public class SignallingOverTheHub(RunningCommunity community) : IClassFixture<RunningCommunity>
{
    const string Slug = "the-first-hundred-days";
    static readonly string[] Participants = ["member2@demo.example", "member3@demo.example", "member4@demo.example", "member6@demo.example", "member7@demo.example", "member8@demo.example"];

    static CancellationToken Cancel => TestContext.Current.CancellationToken;

    Task HoldAsync(string slug = Slug) => community.HoldSessionAsync("trainer@demo.example", slug, SessionMedia.Mesh, Participants);

    sealed record Someone(HubConnection Line, string Peer, JsonElement Told, Channel<JsonElement> Signals) : IAsyncDisposable
    {
        public Task SignalAsync(string to, string kind, string text, string slug = Slug) => Line.InvokeAsync("SignalMedia", new { session = slug, to, kind, text }, Cancel);

        public async Task<JsonElement> HearAsync() => await Signals.Reader.ReadAsync(Cancel).AsTask().WaitAsync(Patience.Enough, Cancel);

        public ValueTask DisposeAsync() => Line.DisposeAsync();
    }

    async Task<HubConnection> OnStageAsync(string email)
    {
        var line = await community.ConnectAsync(email);
        var room = await community.RoomOfSessionAsync(Slug);
        await line.InvokeAsync<JsonElement>("Open", room, long.MaxValue, "json", Cancel);
        return line;
    }

    async Task<Someone> JoinAsync(string email, string? resume = null)
    {
        var line = await OnStageAsync(email);
        var signals = Channel.CreateUnbounded<JsonElement>();
        line.On<JsonElement>("MediaSignal", signal => signals.Writer.TryWrite(signal));
        var told = await line.InvokeAsync<JsonElement>("JoinMedia", Slug, resume, Cancel);
        return new(line, told.GetProperty("peer").GetString()!, told, signals);
    }

    // The client puts the name of the call before it.
    static async Task<string> RefusedAsync(Func<Task> act) => (await Assert.ThrowsAsync<HubException>(act)).Message.Split("HubException: ")[^1];

    [Fact]
    public async Task What_one_says_the_named_one_hears_with_the_servers_word_for_who_says_it_and_nobody_else()
    {
        await HoldAsync();
        await using var bruno = await JoinAsync(Participants[0]);
        await using var nuria = await JoinAsync(Participants[1]);
        await using var third = await JoinAsync(Participants[2]);
        Assert.Equal(6, nuria.Told.GetProperty("most").GetInt32());
        Assert.False(nuria.Told.GetProperty("leads").GetBoolean());
        Assert.Equal(0, nuria.Told.GetProperty("iceServers").GetArrayLength());
        Assert.Contains(nuria.Told.GetProperty("peers").EnumerateArray(), one => one.GetProperty("peer").GetString() == bruno.Peer && one.GetProperty("name").GetString()!.Length > 0);

        await nuria.SignalAsync(bruno.Peer, "offer", "v=0 <script>");

        var heard = await bruno.HearAsync();
        Assert.Equal((nuria.Peer, "offer", "v=0 <script>", Slug), (heard.GetProperty("from").GetString(), heard.GetProperty("kind").GetString(), heard.GetProperty("text").GetString(), heard.GetProperty("session").GetString()));
        await third.SignalAsync(bruno.Peer, "candidate", "{}");
        Assert.Equal(third.Peer, (await bruno.HearAsync()).GetProperty("from").GetString());
        Assert.Equal((0, 0), (third.Signals.Reader.Count, nuria.Signals.Reader.Count));
    }

    [Fact]
    public async Task Outsiders_forged_peers_and_those_without_the_stage_find_nothing()
    {
        await HoldAsync();
        await using var bruno = await JoinAsync(Participants[0]);
        await using var outsider = await community.ConnectAsync("member9@demo.example");
        await using var elsewhere = await community.ConnectAsync(Participants[1]);
        var nothing = await RefusedAsync(() => outsider.InvokeAsync("JoinMedia", "there-is-none", null, Cancel));
        foreach (var line in (HubConnection[])[outsider, elsewhere])
        {
            foreach (var call in (Func<Task>[])[
                () => line.InvokeAsync("JoinMedia", Slug, null, Cancel),
                () => line.InvokeAsync("JoinMedia", Slug, bruno.Peer, Cancel),
                () => line.InvokeAsync("SignalMedia", new { session = Slug, to = bruno.Peer, kind = "offer", text = "x" }, Cancel),
                () => line.InvokeAsync("SetMedia", new { session = Slug, microphone = true, camera = true, screen = true, pictures = true }, Cancel),
                () => line.InvokeAsync("MuteMedia", Slug, bruno.Peer, Cancel),
                () => line.InvokeAsync("RemoveMedia", Slug, bruno.Peer, Cancel),
                () => line.InvokeAsync("LeaveMedia", Slug, Cancel)])
                Assert.Equal(nothing, await RefusedAsync(call));
        }
        // In the session, on its stage, and not among those with sound and picture.
        await using var watcher = await OnStageAsync(Participants[1]);
        Assert.Equal(nothing, await RefusedAsync(() => watcher.InvokeAsync("SignalMedia", new { session = Slug, to = bruno.Peer, kind = "offer", text = "x" }, Cancel)));
        // A peer that there is not, oneself, and a session that is another one.
        foreach (var to in (string[])["", "0123456789abcdef", bruno.Peer, bruno.Line.ConnectionId ?? ""])
            Assert.Equal(nothing, await RefusedAsync(() => bruno.SignalAsync(to, "offer", "x")));
        await using var nuria = await JoinAsync(Participants[1]);
        Assert.Equal(nothing, await RefusedAsync(() => bruno.SignalAsync(nuria.Peer, "offer", "x", "a-quarter-of-an-hour-on-friday")));
        // Who does not lead mutes nobody and takes nobody out.
        Assert.Equal(nothing, await RefusedAsync(() => bruno.Line.InvokeAsync("MuteMedia", Slug, nuria.Peer, Cancel)));
        Assert.Equal(nothing, await RefusedAsync(() => bruno.Line.InvokeAsync("RemoveMedia", Slug, nuria.Peer, Cancel)));
        Assert.Equal(nothing, await RefusedAsync(() => bruno.Line.InvokeAsync("SignalMedia", (object?)null, Cancel)));
        await nuria.SignalAsync(bruno.Peer, "offer", "still");
        Assert.Equal("still", (await bruno.HearAsync()).GetProperty("text").GetString());
    }

    [Fact]
    public async Task What_is_no_signal_or_too_long_is_refused_with_a_sentence_and_the_line_stays()
    {
        await HoldAsync();
        await using var bruno = await JoinAsync(Participants[0]);
        await using var nuria = await JoinAsync(Participants[1]);

        foreach (var (kind, text) in ((string, string)[])[("", "x"), ("Offer", "x"), ("rollback", "x"), ("offer", ""), (new string('k', 1000), "x")])
            Assert.Contains("no kind that we know", await RefusedAsync(() => bruno.SignalAsync(nuria.Peer, kind, text)), StringComparison.Ordinal);
        var long64 = new string('x', 64 * 1024);
        Assert.Contains("65", await RefusedAsync(() => bruno.SignalAsync(nuria.Peer, "offer", long64 + "x")), StringComparison.Ordinal);
        foreach (var bad in (object[])["a string", new { session = 7, to = new { }, kind = true, text = 1 }, new { session = Slug, to = nuria.Peer, kind = "offer", text = new[] { "x" } }])
            Assert.DoesNotContain("System.", await RefusedAsync(() => bruno.Line.InvokeAsync("SignalMedia", bad, Cancel)), StringComparison.Ordinal);

        await bruno.SignalAsync(nuria.Peer, "offer", long64);
        Assert.Equal(64 * 1024, (await nuria.HearAsync()).GetProperty("text").GetString()!.Length);
    }

    [Fact]
    public async Task A_flood_is_refused_and_others_go_on()
    {
        await HoldAsync();
        await using var flooder = await JoinAsync(Participants[3]);
        await using var bruno = await JoinAsync(Participants[0]);
        await using var nuria = await JoinAsync(Participants[1]);

        var calls = Enumerable.Range(0, 1500).Select(_ => flooder.SignalAsync("0123456789abcdef", "candidate", "{}")).ToList();
        var mine = Enumerable.Range(0, 50).Select(number => bruno.SignalAsync(nuria.Peer, "candidate", number.ToString(System.Globalization.CultureInfo.InvariantCulture))).ToList();

        await Task.WhenAll(mine);
        for (var number = 0; number < 50; number++)
            Assert.Equal(number.ToString(System.Globalization.CultureInfo.InvariantCulture), (await nuria.HearAsync()).GetProperty("text").GetString());
        var sentences = new List<string>();
        foreach (var call in calls)
            sentences.Add(await RefusedAsync(() => call));
        Assert.InRange(sentences.Count(one => one.Contains("That was a lot in a short time.", StringComparison.Ordinal)), 1, 1500 - 400);
        // What one writes in the chat is counted by itself.
        await flooder.Line.InvokeAsync("Typing", await community.RoomOfSessionAsync(Slug), Cancel);
        Assert.Equal(HubConnectionState.Connected, flooder.Line.State);
    }

    [Fact]
    public async Task The_seventh_is_refused_a_second_window_takes_the_place_over_and_who_leads_mutes_and_takes_out()
    {
        await using var fresh = new SignallingCommunity();
        await fresh.InitializeAsync();
        var own = new SignallingOverTheHub(fresh.One);
        await own.HoldAsync();
        List<Someone> all = [];
        foreach (var one in Participants[..5])
            all.Add(await own.JoinAsync(one));
        await using var trainer = await own.JoinAsync("trainer@demo.example");
        Assert.True(trainer.Told.GetProperty("leads").GetBoolean());
        // The operator's servers go to those who come in, with the word for them.
        Assert.Equal(("turn:turn.example", "vet", "word"), trainer.Told.GetProperty("iceServers")[0] is var ice ? (ice.GetProperty("urls").GetString(), ice.GetProperty("username").GetString(), ice.GetProperty("credential").GetString()) : default);

        await using var seventh = await own.OnStageAsync(Participants[5]);
        Assert.Contains("6 people have sound and picture already", await RefusedAsync(() => seventh.InvokeAsync("JoinMedia", Slug, null, Cancel)), StringComparison.Ordinal);

        var gone = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        all[0].Line.On<JsonElement>("MediaGone", told => gone.TrySetResult(told));
        await using var again = await own.JoinAsync(Participants[0]);
        Assert.Equal("elsewhere", (await gone.Task.WaitAsync(Patience.Enough, Cancel)).GetProperty("why").GetString());
        Assert.Contains("in another window", await RefusedAsync(() => all[0].Line.InvokeAsync("JoinMedia", Slug, all[0].Peer, Cancel)), StringComparison.Ordinal);

        var muted = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        var peers = Channel.CreateUnbounded<JsonElement>();
        again.Line.On<JsonElement>("MediaMuted", told => muted.TrySetResult(told));
        all[1].Line.On<JsonElement>("MediaPeers", told => peers.Writer.TryWrite(told));
        await again.Line.InvokeAsync("SetMedia", new { session = Slug, microphone = true, camera = false, screen = false, pictures = true }, Cancel);
        await trainer.Line.InvokeAsync("MuteMedia", Slug, again.Peer, Cancel);
        Assert.Equal("Paolo Bressan", (await muted.Task.WaitAsync(Patience.Enough, Cancel)).GetProperty("by").GetString());
        // First it is heard that the microphone is on, then that it is off, and then nobody has it any more.
        await UntilAsync(peers, mine => mine is { } one && one.GetProperty("microphone").GetBoolean());
        await UntilAsync(peers, mine => mine is { } one && !one.GetProperty("microphone").GetBoolean());
        await trainer.Line.InvokeAsync("RemoveMedia", Slug, again.Peer, Cancel);
        await UntilAsync(peers, mine => mine is null);
        Assert.Contains("10 minutes", await RefusedAsync(() => again.Line.InvokeAsync("JoinMedia", Slug, null, Cancel)), StringComparison.Ordinal);
        // The place is free for whoever waits.
        await seventh.InvokeAsync("JoinMedia", Slug, null, Cancel);

        // A cut line keeps its place for a moment, and one that does not come back loses it.
        await all[2].DisposeAsync();
        await UntilAsync(peers, mine => mine is { } one && one.GetProperty("away").GetBoolean(), all[2].Peer);
        await UntilAsync(peers, mine => mine is null, all[2].Peer);
        foreach (var one in all)
            await one.DisposeAsync();

        async Task UntilAsync(Channel<JsonElement> told, Predicate<JsonElement?> isSo, string? peer = null)
        {
            while (true)
            {
                var list = await told.Reader.ReadAsync(Cancel).AsTask().WaitAsync(Patience.Enough, Cancel);
                var found = list.GetProperty("peers").EnumerateArray().Where(one => one.GetProperty("peer").GetString() == (peer ?? again.Peer)).Select(one => (JsonElement?)one).FirstOrDefault();
                if (isSo(found))
                    return;
            }
        }
    }

    /// <summary>One whose operator has a TURN server.</summary>
    sealed class SignallingCommunity : IAsyncDisposable
    {
        public RunningCommunity One { get; } = new() { Settings = { ["Media__IceServers__0__Url"] = "turn:turn.example", ["Media__IceServers__0__UserName"] = "vet", ["Media__IceServers__0__Credential"] = "word" } };

        public ValueTask InitializeAsync() => One.InitializeAsync();

        public ValueTask DisposeAsync() => One.DisposeAsync();
    }

    [Theory]
    [InlineData("https://stun.example", null, "must be an address such as stun:")]
    [InlineData("stun:", null, "must be an address such as stun:")]
    [InlineData("turn:turn.example", null, "needs UserName and Credential")]
    public async Task A_server_that_no_browser_understands_ends_the_start_with_a_sentence(string url, string? name, string sentence)
    {
        var bad = new RunningCommunity { Settings = { ["Media__IceServers__0__Url"] = url, ["Media__IceServers__0__UserName"] = name ?? "" } };

        var outcome = await bad.RunAsync();

        outcome.AssertRefused(sentence);
    }
}
