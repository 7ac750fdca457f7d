using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace VetCommunity.Bench;

/// <summary>
/// Debian's ejabberd with one MUC room, as the peer that others measure themselves by: anonymous log-in, no presence broadcast, no
/// history, nothing stored, plain TCP. It carries the markdown; it renders nothing.
/// </summary>
sealed class Ejabberd(ServerProcess server, int port) : Peer("ejabberd", server)
{
    const string Missing = "--ejabberd needs Debian's ejabberd, which is not installed: apt-get install ejabberd, then systemctl disable --now ejabberd";
    static readonly string[] Libraries = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib"];

    public static async Task<Ejabberd> StartAsync(string folder)
    {
        var libraries = Libraries.FirstOrDefault(path => Directory.Exists(path) && Directory.EnumerateDirectories(path, "ejabberd-*").Any())
            ?? throw new InvalidOperationException(Missing);
        var (port, place) = (ServerProcess.FreePort(), Directory.CreateDirectory(Path.Combine(folder, "ejabberd")).FullName);
        var config = Path.Combine(place, "ejabberd.yml");
        await File.WriteAllTextAsync(config, $$"""
            hosts: [localhost]
            loglevel: info
            auth_method: [anonymous]
            anonymous_protocol: sasl_anon
            listen:
              - {port: {{port}}, ip: "127.0.0.1", module: ejabberd_c2s, shaper: none, access: all}
            modules:
              mod_muc:
                host: conference.localhost
                max_users: 5000
                history_size: 0
                default_room_options: {presence_broadcast: [], max_users: 5000, logging: false, persistent: false}
            """);
        // Without a node name it starts no port mapper that would outlive it.
        var start = new ProcessStartInfo("erl", ["+K", "true", "-noinput", "-mnesia", "dir", $"\"{place}\"", "-s", "ejabberd"]) { WorkingDirectory = place };
        start.Environment["ERL_LIBS"] = libraries;
        start.Environment["HOME"] = place;
        start.Environment["EJABBERD_CONFIG_PATH"] = config;
        start.Environment["EJABBERD_LOG_PATH"] = Path.Combine(place, "ejabberd.log");
        return new(await ServerProcess.StartAsync(start, "Start accepting TCP connections at 127.0.0.1:" + port.ToString(CultureInfo.InvariantCulture)), port);
    }

    protected override async Task<Watcher> WatchAsync(Room room, int member)
    {
        var client = new XmppClient(port);
        var watcher = new Watcher(client, inOrder: false, client.PingAsync);
        client.OnNumber = watcher.Heard;
        await client.JoinAsync(room.Slug, member);
        return watcher;
    }

    public override async Task<long> PostAsync(Room room, Watcher author, long proposed)
    {
        await ((XmppClient)author.Connection).SayAsync(room.Slug, string.Create(CultureInfo.InvariantCulture, $"{proposed:D10} {BenchWorld.Text}"));
        return proposed;
    }

    /// <summary>As much XMPP as it takes to log in, join a room, talk and count.</summary>
    sealed class XmppClient(int port) : IDisposable
    {
        const string Header = "<?xml version='1.0'?><stream:stream to='localhost' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>";
        readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        readonly byte[] _buffer = new byte[16 * 1024];
        int _filled;

        public Action<long>? OnNumber { get; set; }

        public async Task JoinAsync(string room, int member)
        {
            await _socket.ConnectAsync("127.0.0.1", port);
            await AskAsync(Header, "</stream:features>");
            await AskAsync("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='ANONYMOUS'/>", "<success");
            await AskAsync(Header, "</stream:features>");
            await AskAsync("<iq type='set' id='bind'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>", "</iq>");
            await AskAsync($"<presence to='{room}@conference.localhost/member-{member}'><x xmlns='http://jabber.org/protocol/muc'><history maxstanzas='0'/></x></presence>", "<subject");
            _ = ReadAsync();
        }

        public Task SayAsync(string room, string text) =>
            SendAsync($"<message to='{room}@conference.localhost' type='groupchat'><body>{text}</body></message>");

        public Task PingAsync() => SendAsync(" ");

        public void Dispose() => _socket.Dispose();

        async Task SendAsync(string xml) => await _socket.SendAsync(Encoding.UTF8.GetBytes(xml));

        async Task AskAsync(string xml, string answer)
        {
            await SendAsync(xml);
            var sought = Encoding.UTF8.GetBytes(answer);
            _filled = 0;
            while (_buffer.AsSpan(0, _filled).IndexOf(sought) < 0)
            {
                var read = await _socket.ReceiveAsync(_buffer.AsMemory(_filled)).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
                if (read == 0)
                    throw new IOException("ejabberd closed the connection after: " + xml);
                _filled += read;
            }
            _filled = 0;
        }

        async Task ReadAsync()
        {
            try
            {
                int read;
                while ((read = await _socket.ReceiveAsync(_buffer.AsMemory(_filled))) > 0)
                {
                    _filled += read;
                    TakeBodies();
                }
            }
            catch (Exception error) when (error is SocketException or ObjectDisposedException)
            {
                // A watcher that is gone misses messages, and that shows.
            }
        }

        void TakeBodies()
        {
            var text = _buffer.AsSpan(0, _filled);
            for (int at; (at = text.IndexOf("<body>"u8)) >= 0 && text.Length >= at + 16;)
            {
                OnNumber?.Invoke(Community.Number(text[(at + 6)..]));
                text = text[(at + 16)..];
            }
            // The rest may hold the beginning of a body; what is before it is done with.
            var keep = text.IndexOf("<body>"u8) is >= 0 and var begun ? text[begun..] : text[Math.Max(0, text.Length - 5)..];
            keep.CopyTo(_buffer);
            _filled = keep.Length;
        }
    }
}
