using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using VetCommunity.Core;
using VetCommunity.Core.Auditing;
using VetCommunity.Core.Data;
using VetCommunity.Core.Live;
using VetCommunity.Core.Members;
using Xunit;

namespace VetCommunity.Tests.Running;

/// <summary>How a run of the program ended.</summary>
public sealed record Outcome(int ExitCode, string Output, string Errors)
{
    /// <summary>Somebody who operates the machine reads one sentence, not a stack trace.</summary>
    public void AssertRefused(string sentence)
    {
        Assert.NotEqual(0, ExitCode);
        Assert.DoesNotContain("   at ", Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled", Errors, StringComparison.Ordinal);
        Assert.Single(Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains(sentence, Errors, StringComparison.Ordinal);
    }
}

/// <summary>The real program in a process of its own, with the demo world in a folder of its own; it can be killed and started again.</summary>
public sealed class RunningCommunity : IAsyncLifetime
{
    readonly string _folder = Directory.CreateTempSubdirectory("vet-running-").FullName;
    readonly string? _dataFolder;
    static int _lastPort = Random.Shared.Next(10_000, 19_000);
    readonly int _port = FreePort();
    Process? _server;
    readonly SemaphoreSlim _line = new(0);
    List<string> _said = [];

    public Uri Address => new($"http://localhost:{_port}");

    /// <summary>Where people's packages come from.</summary>
    public Uri SecondOrigin => new($"http://127.0.0.1:{_port + 1}");

    /// <summary>Where its data lie.</summary>
    public string DataFolder
    {
        get => _dataFolder ?? Path.Combine(_folder, "data");
        init => _dataFolder = value;
    }

    public string DatabaseFile => Path.Combine(DataFolder, "community.db");

    /// <summary>The same database beside the server, as a verb of the command line has it.</summary>
    CommunityDbFactory Db
    {
        get
        {
            var db = CommunityDbFactory.Sqlite(CommunityDbFactory.SqliteFile(DatabaseFile));
            db.AuditKey = AuditKey.In(Core.Operation.DataFolder.KeysIn(DataFolder));
            return db;
        }
    }

    /// <summary>What the server has printed since it was started.</summary>
    public IReadOnlyList<string> Said
    {
        get
        {
            lock (_said)
                return [.. _said];
        }
    }

    /// <summary>The first line that the server prints with these words in it.</summary>
    public async Task<string> HearAsync(string words)
    {
        while (true)
        {
            if (Said.FirstOrDefault(line => line.Contains(words, StringComparison.Ordinal)) is { } line)
                return line;
            Assert.True(await _line.WaitAsync(TimeSpan.FromMinutes(1)), "not printed: " + words);
        }
    }

    /// <summary>More settings, as environment variables.</summary>
    public Dictionary<string, string> Settings { get; } = new(StringComparer.Ordinal);

    /// <summary>A program and its arguments under which the server is to run.</summary>
    public IReadOnlyList<string> Under { get; init; } = [];

    /// <summary>The program that the tests were built with, or another one.</summary>
    public string Program { get; init; } = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "VetCommunity.App",
        Path.GetFileName(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)), "VetCommunity.App.dll"));

    /// <summary>Puts into the data folder what it begins with.</summary>
    public Func<string, Task> Fill { get; set; } = FilledFolder.CopyToAsync;

    /// <summary>Starts, with a copy of the filled demo world if it is to have one.</summary>
    public async ValueTask InitializeAsync()
    {
        if (!Settings.ContainsKey("Demo__Seed"))
            await Fill(DataFolder);
        await StartAsync();
    }

    public async Task StartAsync()
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _server = Begin(ready);
        // Not how long it may take: only that a hanging one ends.
        await ready.Task.WaitAsync(TimeSpan.FromMinutes(3));
    }

    /// <summary>Starts, and kills it as soon as the moment has come. Answers false if it was ready before.</summary>
    public async Task<bool> StartAndKillAsync(Func<bool> moment)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _server = Begin(ready);
        while (!moment() && !ready.Task.IsCompleted)
            await Task.Yield();
        await KillAsync();
        return !ready.Task.IsCompletedSuccessfully;
    }

    /// <summary>SIGKILL: nothing is said goodbye to.</summary>
    public async Task KillAsync()
    {
        _server!.Kill();
        await _server.WaitForExitAsync();
        _server.Dispose();
        _server = null;
    }

    /// <summary>SIGTERM: what a machine says to a program when it goes down or takes a new version. Answers with the exit code.</summary>
    public async Task<int> StopAsync()
    {
        using (var kill = Process.Start("kill", ["-TERM", _server!.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]))
            await kill.WaitForExitAsync();
        // The program gives itself ten seconds; a machine gives it as many before it kills.
        await _server.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(1));
        var code = _server.ExitCode;
        _server.Dispose();
        _server = null;
        return code;
    }

    public async Task<string> VerbAsync(params string[] words)
    {
        var outcome = await RunAsync(words);
        Assert.True(outcome.ExitCode == 0, outcome.Errors);
        return outcome.Output;
    }

    /// <summary>Runs to the end: a verb, or a start that does not succeed.</summary>
    public async Task<Outcome> RunAsync(params string[] words)
    {
        var start = StartOf([], words);
        // As dotnet run starts it.
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        using var run = Process.Start(start)!;
        try
        {
            var errors = run.StandardError.ReadToEndAsync();
            var output = run.StandardOutput.ReadToEndAsync();
            await run.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(2));
            return new(run.ExitCode, await output, await errors);
        }
        finally
        {
            if (!run.HasExited)
                run.Kill();
        }
    }

    /// <summary>Runs a verb, and kills it as soon as the moment has come. Answers false if it had ended before.</summary>
    public async Task<bool> RunAndKillAsync(Func<bool> moment, params string[] words)
    {
        using var run = Process.Start(StartOf([], words))!;
        var said = Task.WhenAll(run.StandardError.ReadToEndAsync(), run.StandardOutput.ReadToEndAsync());
        using var patience = new CancellationTokenSource(Patience.Enough);
        bool inTime;
        try
        {
            while (!moment() && !run.HasExited)
            {
                patience.Token.ThrowIfCancellationRequested();
                await Task.Yield();
            }
        }
        finally
        {
            inTime = !run.HasExited;
            run.Kill();
        }
        await run.WaitForExitAsync();
        await said;
        return inTime;
    }

    /// <summary>What <c>token create</c> does, in this process: starting one for each member who connects took a fifth of the time of all tests.</summary>
    public Task<string> TokenAsync(string email) =>
        new AccessTokens(Db, TimeProvider.System).CreateAsync(Actor.Operator, email, "test");

    /// <summary>Lets guests come into a session; answers with its code.</summary>
    public async Task<string> LetGuestsInAsync(string slug)
    {
        await using var db = Db.CreateDbContext();
        await db.LiveSessions.Where(s => s.Slug == slug).ExecuteUpdateAsync(set => set.SetProperty(s => s.AllowsGuests, true));
        return await db.LiveSessions.Where(s => s.Slug == slug).Select(s => s.JoinCode).SingleAsync();
    }

    /// <summary>How many guests there are.</summary>
    public async Task<int> GuestsAsync()
    {
        await using var db = Db.CreateDbContext();
        return await db.Users.CountAsync(u => u.GuestOf != null);
    }

    /// <summary>Begins a live session beside the server, as its trainer does at the desk.</summary>
    public async Task StartSessionAsync(string email, string slug)
    {
        await using var context = Db.CreateDbContext();
        var trainer = await context.Users.AsNoTracking().SingleAsync(member => member.Email == email);
        await new Stages(Db, new(NullLogger<Feed>.Instance), TimeProvider.System).StartAsync(new(trainer.Id, trainer.Handle, trainer.DisplayName, trainer.Roles, trainer.Language, trainer.TimeZone), slug);
    }

    /// <summary>Ends it.</summary>
    public async Task EndSessionAsync(string email, string slug)
    {
        await using var context = Db.CreateDbContext();
        var trainer = await context.Users.AsNoTracking().SingleAsync(member => member.Email == email);
        await new Stages(Db, new(NullLogger<Feed>.Instance), TimeProvider.System).EndAsync(new(trainer.Id, trainer.Handle, trainer.DisplayName, trainer.Roles, trainer.Language, trainer.TimeZone), slug);
    }

    /// <summary>As though the term of a session's minutes had passed.</summary>
    public async Task PassTermAsync(string slug)
    {
        await using var context = Db.CreateDbContext();
        var passed = DateTimeOffset.UtcNow.AddDays(-1);
        await context.SessionMinutes.Where(one => context.LiveSessions.Any(session => session.Id == one.SessionId && session.Slug == slug)).ExecuteUpdateAsync(set => set.SetProperty(one => one.Until, passed));
    }

    /// <summary>Begins a live session with sound and picture as chosen, beside the server, and gives these members a place. A second time changes nothing.</summary>
    public async Task HoldSessionAsync(string trainer, string slug, SessionMedia media, params IReadOnlyList<string> participants)
    {
        await using var context = Db.CreateDbContext();
        var feed = new Feed(NullLogger<Feed>.Instance);
        await new SoundAndPicture(Db, feed).ChooseAsync(await ActorAsync(trainer), slug, media, null);
        var session = await context.LiveSessions.AsNoTracking().SingleAsync(one => one.Slug == slug);
        foreach (var email in participants)
        {
            var member = await context.Users.AsNoTracking().SingleAsync(one => one.Email == email);
            if (await context.SessionPlaces.AnyAsync(one => one.SessionId == session.Id && one.MemberId == member.Id))
                continue;
            context.Add(new SessionPlace { SessionId = session.Id, MemberId = member.Id, Role = SessionRole.Participant, Since = DateTimeOffset.UtcNow });
            context.Add(new Core.Conversations.Membership { ConversationId = session.ConversationId, MemberId = member.Id, Role = Core.Conversations.MembershipRole.Participant, JoinedAt = DateTimeOffset.UtcNow });
            await context.SaveChangesAsync();
        }
        await StartSessionAsync(trainer, slug);

        async Task<Actor> ActorAsync(string email)
        {
            var member = await context.Users.AsNoTracking().SingleAsync(one => one.Email == email);
            return new(member.Id, member.Handle, member.DisplayName, member.Roles, member.Language, member.TimeZone);
        }
    }

    /// <summary>As though everybody who is in a session had been there before: nobody waits for minutes to pass.</summary>
    public async Task BeThereAsync(string slug, TimeSpan time)
    {
        await using var context = Db.CreateDbContext();
        var (from, until) = (DateTimeOffset.UtcNow - time, DateTimeOffset.UtcNow);
        foreach (var place in await context.SessionPlaces.Where(one => context.LiveSessions.Any(session => session.Id == one.SessionId && session.Slug == slug)).ToListAsync())
            context.Add(new SessionPresence { SessionId = place.SessionId, MemberId = place.MemberId, From = from, Until = until });
        await context.SaveChangesAsync();
    }

    /// <summary>The address part of a session's room.</summary>
    public async Task<string> RoomOfSessionAsync(string slug)
    {
        await using var context = Db.CreateDbContext();
        return await (from one in context.LiveSessions where one.Slug == slug join room in context.Conversations on one.ConversationId equals room.Id select room.Slug!).SingleAsync();
    }

    public async Task<HubConnection> ConnectAsync(string email, HttpTransportType transports = HttpTransportType.WebSockets | HttpTransportType.LongPolling)
    {
        var token = await TokenAsync(email);
        var connection = new HubConnectionBuilder()
            .WithUrl(new Uri(Address, "/hubs/conversations"), transports, options => options.AccessTokenProvider = () => Task.FromResult<string?>(token))
            .Build();
        await connection.StartAsync();
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is { HasExited: false })
            await KillAsync();
        _server?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    Process Begin(TaskCompletionSource ready)
    {
        var server = Process.Start(StartOf(Under, []))!;
        var said = _said = [];
        server.OutputDataReceived += (_, line) =>
        {
            lock (said)
                said.Add(line.Data ?? "");
            _line.Release();
            if (line.Data?.Contains(Address.ToString().TrimEnd('/'), StringComparison.Ordinal) == true)
                ready.TrySetResult();
        };
        server.ErrorDataReceived += (_, line) =>
        {
            lock (said)
                said.Add(line.Data ?? "");
        };
        server.EnableRaisingEvents = true;
        server.Exited += (_, _) =>
        {
            lock (said)
                ready.TrySetException(new InvalidOperationException("The server ended: " + string.Join('\n', said)));
        };
        server.BeginOutputReadLine();
        server.BeginErrorReadLine();
        return server;
    }

    ProcessStartInfo StartOf(IReadOnlyList<string> under, string[] words)
    {
        string[] line = [.. under, "dotnet", Program, .. words];
        var start = new ProcessStartInfo(line[0], line[1..]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = _folder };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Production";
        start.Environment["DOTNET_ENVIRONMENT"] = "Production";
        start.Environment["Urls"] = Address.ToString();
        start.Environment["Demo__Seed"] = "true";
        start.Environment["Data__Folder"] = DataFolder;
        // Servers here live for seconds: what code does often is not worth counting, and compiling it anew comes too late for most of it (a hexadecimal number of calls).
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_TC_CallCountThreshold"] = "1000";
        foreach (var (key, value) in Settings)
            start.Environment[key] = value;
        return start;
    }

    // Below those that systems give to outgoing connections, and none twice: it stays ours while the server is down. The next one is its second origin's.
    static int FreePort()
    {
        while (true)
        {
            var port = Interlocked.Add(ref _lastPort, 2);
            using var listener = new TcpListener(IPAddress.Loopback, port);
            using var next = new TcpListener(IPAddress.Loopback, port + 1);
            try
            {
                listener.Start();
                next.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody else's.
            }
        }
    }
}
