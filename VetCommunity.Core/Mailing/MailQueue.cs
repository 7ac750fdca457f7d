using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using MimeKit;
using VetCommunity.Core.Data;

namespace VetCommunity.Core.Mailing;

/// <summary>
/// The mails that wait. Whoever writes one stores it in the transaction of what it tells of, so a request neither waits for a mail server
/// nor ends half done. One that cannot be sent is tried again after 1, 5, 15 and 60 minutes and then every 4 hours, until its link has expired.
/// </summary>
public sealed class MailQueue(CommunityDbFactory databases, Feed feed, IMailRoute route, MailSender sender, TimeProvider time, ILogger<MailQueue> log)
{
    static readonly TimeSpan[] Pauses =
        [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1), TimeSpan.FromHours(4)];

    /// <summary>How long a mail without a link is worth sending.</summary>
    static readonly TimeSpan Worth = TimeSpan.FromDays(2);

    /// <summary>Stored with the next save of <paramref name="db"/>; call <see cref="Wake"/> after it.</summary>
    internal void Add(CommunityDb db, Letter letter, DateTimeOffset? until = null)
    {
        var now = time.GetUtcNow();
        db.Mails.Add(letter.At(now, until ?? now + Worth));
    }

    /// <summary>The same for what is one mail of many.</summary>
    internal void AddDigest(CommunityDb db, Noticing.DigestLetter letter)
    {
        var now = time.GetUtcNow();
        db.Mails.Add(letter.At(now, now + Worth));
    }

    internal void Wake() => feed.Publish(new MailsQueued());

    /// <summary>Sends what is due, the oldest first. Answers how many were sent.</summary>
    /// <param name="actor">The program itself: the operator.</param>
    /// <param name="cancel">Stops after the mail that is being sent.</param>
    public async Task<int> SendDueAsync(Actor actor, CancellationToken cancel = default)
    {
        if (!actor.May(Members.Act.Administer))
            throw new NotFoundException("mails");
        var sent = 0;
        while (!cancel.IsCancellationRequested && await TakeAsync(cancel) is { } mail)
        {
            if (await SendAsync(mail, cancel))
                sent++;
        }
        return sent;
    }

    // Taken means: nobody else tries it before the next pause is over, also when this process ends in the middle.
    async Task<QueuedMail?> TakeAsync(CancellationToken cancel)
    {
        await using var db = databases.CreateDbContext();
        while (true)
        {
            var now = time.GetUtcNow();
            var mail = await db.Mails.AsNoTracking().Where(m => m.DueAt <= now).OrderBy(m => m.DueAt).ThenBy(m => m.Id).FirstOrDefaultAsync(cancel);
            if (mail is null)
                return null;
            if (mail.ExpiresAt <= now)
            {
                log.LogError("Mail {Number} could not be sent in time and was given up", mail.Id);
                await db.Mails.Where(m => m.Id == mail.Id).ExecuteDeleteAsync(cancel);
                continue;
            }
            var next = now + Pauses[Math.Min(mail.Attempts, Pauses.Length - 1)];
            if (await db.Mails.Where(m => m.Id == mail.Id && m.Attempts == mail.Attempts)
                .ExecuteUpdateAsync(set => set.SetProperty(m => m.DueAt, next).SetProperty(m => m.Attempts, mail.Attempts + 1), cancel) == 1)
                return mail;
        }
    }

    async Task<bool> SendAsync(QueuedMail mail, CancellationToken cancel)
    {
        try
        {
            using var message = MessageOf(mail);
            await route.SendAsync(message, mail, cancel);
        }
        catch (MailRefusedException refused)
        {
            // The address does not exist: trying again would not make it.
            log.LogWarning(refused, "Mail {Number} was refused for good", mail.Id);
        }
        catch (Exception error) when (!cancel.IsCancellationRequested)
        {
            log.LogWarning(error, "Mail {Number} could not be sent, attempt {Attempt}", mail.Id, mail.Attempts + 1);
            return false;
        }
        await using var db = databases.CreateDbContext();
        await db.Mails.Where(m => m.Id == mail.Id).ExecuteDeleteAsync(CancellationToken.None);
        return true;
    }

    MimeMessage MessageOf(QueuedMail mail)
    {
        var message = new MimeMessage { Subject = mail.Subject, Date = mail.At };
        // The same at every attempt: who gets it twice sees it once.
        message.MessageId = string.Create(CultureInfo.InvariantCulture, $"{mail.Id}.{mail.At.ToUnixTimeMilliseconds()}@{sender.Address.Domain}");
        message.From.Add(sender.Address);
        message.To.Add(new MailboxAddress(mail.Name, mail.Address));
        message.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        message.Headers.Add(HeaderId.ContentLanguage, mail.Language);
        if (mail.StopAddress is not null)
        {
            // RFC 8058: mail programs offer a button of their own.
            message.Headers.Add(HeaderId.ListUnsubscribe, $"<{mail.StopAddress}>");
            message.Headers.Add("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }
        message.Body = new BodyBuilder { TextBody = mail.Text, HtmlBody = mail.Html }.ToMessageBody();
        return message;
    }
}
