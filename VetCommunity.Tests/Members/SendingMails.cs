using System.Net;
using System.Net.Sockets;
using System.Text;
using MailKit.Security;
using Microsoft.EntityFrameworkCore;
using MimeKit;
using VetCommunity.Core;
using VetCommunity.Core.Mailing;
using VetCommunity.Core.Members;
using Xunit;

namespace VetCommunity.Tests.Members;

public class SendingMails
{
    static readonly QueuedMail Mail = new()
    {
        Id = 17,
        Address = "olga@example.org",
        Language = "el",
        Subject = "Επιβεβαιώστε τη διεύθυνσή σας",
        Text = "Γεια σας",
        Html = "<p>Γεια σας</p>",
        At = new(2026, 3, 2, 8, 0, 0, 123, TimeSpan.Zero),
    };

    static MimeMessage Message() => new([new MailboxAddress("VetCommunity", "noreply@vet.example")], [new MailboxAddress("Όλγα", Mail.Address)], Mail.Subject, new TextPart("plain") { Text = Mail.Text });

    [Theory]
    [InlineData("it", "Europe/Rome", "lunedì 2 marzo 2026, 11:00 (Europe/Rome)")]
    [InlineData("de", "Europe/Berlin", "Montag, 2. März 2026, 11:00 (Europe/Berlin)")]
    [InlineData("el", "Europe/Athens", "Δευτέρα 2 Μαρτίου 2026, 12:00 (Europe/Athens)")]
    [InlineData("en", "Europe/London", "2 March 2026, 10:00 (Europe/London)")]
    public async Task A_mail_speaks_the_members_language_and_tells_the_time_in_their_zone(string language, string zone, string until)
    {
        await using var accounts = await AccountsWorld.OpenAsync(Database.Sqlite);
        await accounts.World.InDbAsync(db => db.Users.Where(m => m.Handle == "bruno")
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.Language, language).SetProperty(m => m.TimeZone, zone)));

        await accounts.Passwords.AskResetAsync(Actor.Visitor, "bruno@example.org");

        var mail = Assert.Single(await accounts.MailsAsync());
        Assert.Contains(until, mail.Text, StringComparison.Ordinal);
        Assert.Contains($"<html lang=\"{language}\">", mail.Html, StringComparison.Ordinal);
        Assert.Contains($"href=\"https://vet.example/Account/ResetPassword?code={mail.Code}\"", mail.Html, StringComparison.Ordinal);
        Assert.Contains("Bruno Weiß", mail.Text, StringComparison.Ordinal);
    }

    [Theory]
    [OnBothDatabases]
    public async Task A_mail_that_could_not_be_sent_is_tried_again_later_and_given_up_when_its_link_is_dead(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        accounts.MailServerSays = () => new IOException("the line is dead");
        await accounts.Passwords.AskResetAsync(Actor.Visitor, "bruno@example.org");
        Assert.Empty(await accounts.MailsAsync());
        accounts.MailServerSays = null;

        Assert.Empty(await accounts.MailsAsync());
        accounts.World.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Single(await accounts.MailsAsync());
        accounts.World.Clock.Advance(TimeSpan.FromHours(5));
        Assert.Empty(await accounts.MailsAsync());

        accounts.MailServerSays = () => new IOException("the line is dead");
        await accounts.Passwords.AskResetAsync(Actor.Visitor, "bruno@example.org");
        await accounts.MailsAsync();
        accounts.MailServerSays = null;
        accounts.World.Clock.Advance(Passwords.LinkLife);
        Assert.Empty(await accounts.MailsAsync());
        Assert.Equal(0, await accounts.World.InDbAsync(db => db.Mails.CountAsync()));
    }

    [Theory]
    [OnBothDatabases]
    public async Task A_mail_that_is_refused_for_good_is_not_tried_again_and_holds_up_no_other(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        await accounts.Passwords.AskResetAsync(Actor.Visitor, "bruno@example.org");
        accounts.MailServerSays = () => new MailRefusedException("no such mailbox", new IOException());

        await accounts.MailsAsync();

        Assert.Equal(0, await accounts.World.InDbAsync(db => db.Mails.CountAsync()));
    }

    [Theory]
    [OnBothDatabases]
    public async Task Two_senders_send_each_mail_once_and_leave_none_behind(Database database)
    {
        await using var accounts = await AccountsWorld.OpenAsync(database);
        for (var n = 0; n < 10; n++)
            await accounts.Registration.RegisterAsync(Actor.Visitor, new($"dora{n}@example.org", "Dora", "a quiet morning", "it"));

        var sent = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Task.Run(() => accounts.Mails.SendDueAsync(Actor.Operator))));

        Assert.Equal(10, sent.Sum());
        Assert.Equal(0, await accounts.World.InDbAsync(db => db.Mails.CountAsync()));
        await Assert.ThrowsAsync<NotFoundException>(() => accounts.Mails.SendDueAsync(accounts.World.Bruno));
    }

    [Fact]
    public async Task Without_a_mail_server_a_mail_is_one_whole_file_that_sorts_by_time()
    {
        var folder = Directory.CreateTempSubdirectory("vet-outbox-").FullName;
        var outbox = new Outbox(Path.Combine(folder, "outbox"));
        using var message = Message();

        await outbox.SendAsync(message, Mail, TestContext.Current.CancellationToken);
        await outbox.SendAsync(message, Mail, TestContext.Current.CancellationToken);

        var file = Assert.Single(Directory.GetFiles(folder, "*", SearchOption.AllDirectories));
        Assert.Equal("20260302T080000123-00000017.eml", Path.GetFileName(file));
        using var read = await MimeMessage.LoadAsync(file, TestContext.Current.CancellationToken);
        Assert.Equal((Mail.Subject, "Όλγα"), (read.Subject, read.To.Mailboxes.Single().Name));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_mail_server_gets_the_mail_and_its_no_for_good_is_told_from_its_not_now()
    {
        await using var server = new MailServer();
        var smtp = new Smtp(new("127.0.0.1", server.Port, SecureSocketOptions.None, User: null, Password: null));
        using var message = Message();

        await smtp.SendAsync(message, Mail, TestContext.Current.CancellationToken);
        Assert.Contains("Content-Type: text/plain", server.Taken, StringComparison.Ordinal);
        Assert.Contains("RCPT TO:<olga@example.org>", server.Heard, StringComparison.Ordinal);

        server.SaysToRecipient = "550 5.1.1 no such mailbox";
        await Assert.ThrowsAsync<MailRefusedException>(() => smtp.SendAsync(message, Mail, TestContext.Current.CancellationToken));
        server.SaysToRecipient = "451 4.7.1 come back later";
        var later = await Assert.ThrowsAnyAsync<Exception>(() => smtp.SendAsync(message, Mail, TestContext.Current.CancellationToken));
        Assert.IsNotType<MailRefusedException>(later);
    }

    /// <summary>Takes mails on a port of its own, one connection after the other.</summary>
    sealed class MailServer : IAsyncDisposable
    {
        readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        readonly Task _serving;

        public MailServer()
        {
            _listener.Start();
            _serving = ServeAsync();
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;
        public string SaysToRecipient { get; set; } = "250 ok";
        public string Taken { get; private set; } = "";
        public string Heard { get; private set; } = "";

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _serving;
            _listener.Dispose();
        }

        async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    try
                    {
                        await TalkAsync(client.GetStream());
                    }
                    catch (IOException)
                    {
                        // The client hung up.
                    }
                }
            }
            catch (Exception ended) when (ended is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // The test is over.
            }
        }

        async Task TalkAsync(NetworkStream stream)
        {
            using var reader = new StreamReader(stream, Encoding.UTF8);
            await using var writer = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\r\n", AutoFlush = true };
            await writer.WriteLineAsync("220 ready");
            while (await reader.ReadLineAsync() is { } line)
            {
                Heard += line + "\n";
                switch (line.Split(' ', ':')[0].ToUpperInvariant())
                {
                    case "DATA":
                        await writer.WriteLineAsync("354 go on");
                        var mail = new StringBuilder();
                        while (await reader.ReadLineAsync() is { } part && part != ".")
                            mail.AppendLine(part);
                        Taken = mail.ToString();
                        await writer.WriteLineAsync("250 taken");
                        break;
                    case "RCPT":
                        await writer.WriteLineAsync(SaysToRecipient);
                        break;
                    case "QUIT":
                        await writer.WriteLineAsync("221 bye");
                        return;
                    default:
                        await writer.WriteLineAsync("250 ok");
                        break;
                }
            }
        }
    }
}
