using System.Globalization;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace VetCommunity.Core.Mailing;

/// <summary>From whom the community's mails come.</summary>
public sealed record MailSender(MailboxAddress Address);

/// <summary>How mails leave the house.</summary>
public interface IMailRoute
{
    /// <summary>Sends one mail, or throws: then it is tried again later.</summary>
    /// <exception cref="MailRefusedException">It will never be taken.</exception>
    Task SendAsync(MimeMessage message, QueuedMail mail, CancellationToken cancel);
}

/// <summary>The receiving side said no for good.</summary>
public sealed class MailRefusedException(string why, Exception cause) : Exception(why, cause);

/// <summary>Writes each mail as a file, for a network that has no mail server yet. Names sort by time; one mail is one file, however often it is tried.</summary>
/// <param name="folder">The outbox.</param>
public sealed class Outbox(string folder) : IMailRoute
{
    /// <inheritdoc/>
    public async Task SendAsync(MimeMessage message, QueuedMail mail, CancellationToken cancel)
    {
        Directory.CreateDirectory(folder);
        await WriteAsync(message, Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{mail.At.UtcDateTime:yyyyMMdd'T'HHmmssfff}-{mail.Id:D8}.eml")), cancel);
    }

    /// <summary>Takes away the mails to an address, and out of the others what is not to stand in them.</summary>
    /// <param name="address">Whose mails go.</param>
    /// <param name="without">A text, with the mail's language, without it.</param>
    /// <param name="cancel">Stops between two mails.</param>
    internal async Task ForgetAsync(string address, Func<string, string, string> without, CancellationToken cancel)
    {
        foreach (var file in Directory.Exists(folder) ? Directory.GetFiles(folder, "*.eml") : [])
        {
            using var message = await MimeMessage.LoadAsync(file, cancel);
            if (message.To.Mailboxes.Any(to => string.Equals(to.Address, address, StringComparison.OrdinalIgnoreCase)))
            {
                File.Delete(file);
                continue;
            }
            var language = message.Headers[HeaderId.ContentLanguage] ?? "en";
            var changed = without(message.Subject ?? "", language) is var subject && subject != message.Subject;
            message.Subject = subject;
            foreach (var part in message.BodyParts.OfType<TextPart>())
            {
                var text = without(part.Text, language);
                changed |= text != part.Text;
                part.Text = text;
            }
            if (changed)
                await WriteAsync(message, file, cancel);
        }
    }

    // Whoever reads the folder never sees half a mail.
    static async Task WriteAsync(MimeMessage message, string file, CancellationToken cancel)
    {
        var unfinished = file + ".part";
        await using (var stream = new FileStream(unfinished, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            await message.WriteToAsync(stream, cancel);
            stream.Flush(flushToDisk: true);
        }
        File.Move(unfinished, file, overwrite: true);
    }
}

/// <summary>A mail server.</summary>
/// <param name="Host">Its name.</param>
/// <param name="Port">25, 465 or 587, mostly.</param>
/// <param name="Tls">How the connection is protected.</param>
/// <param name="User">Null where it wants no name.</param>
/// <param name="Password">The user's.</param>
public sealed record SmtpServer(string Host, int Port, SecureSocketOptions Tls, string? User, string? Password);

/// <summary>Hands each mail to a mail server; gives up a connection that says nothing for 30 seconds.</summary>
public sealed class Smtp(SmtpServer server) : IMailRoute
{
    /// <summary>Connects and logs in, and sends nothing: throws what would keep a mail from being sent.</summary>
    public async Task GreetAsync(CancellationToken cancel)
    {
        using var client = new SmtpClient { Timeout = 10_000 };
        await client.ConnectAsync(server.Host, server.Port, server.Tls, cancel);
        if (server.User is not null)
            await client.AuthenticateAsync(server.User, server.Password ?? "", cancel);
        await client.DisconnectAsync(quit: true, cancel);
    }

    /// <inheritdoc/>
    public async Task SendAsync(MimeMessage message, QueuedMail mail, CancellationToken cancel)
    {
        using var client = new SmtpClient { Timeout = 30_000 };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        await client.ConnectAsync(server.Host, server.Port, server.Tls, limit.Token);
        if (server.User is not null)
            await client.AuthenticateAsync(server.User, server.Password ?? "", limit.Token);
        try
        {
            await client.SendAsync(message, limit.Token);
        }
        catch (SmtpCommandException refused) when (refused.ErrorCode == SmtpErrorCode.RecipientNotAccepted && (int)refused.StatusCode >= 500)
        {
            throw new MailRefusedException(refused.Message, refused);
        }
        await client.DisconnectAsync(quit: true, limit.Token);
    }
}
