using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Mailing;

namespace VetCommunity.Core.Privacy;

/// <summary>Mails that wait, and those that lie in the outbox because there is no mail server: the member's own go, in those of others the name does.</summary>
sealed class MailErasing(CommunityDbFactory databases, Outbox? outbox)
{
    static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public async Task EraseAsync(Erasure erasure, CancellationToken cancel)
    {
        string[] names = [erasure.Name, erasure.Email, .. erasure.Handles.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(handle => "@" + handle)];
        names = [.. names.Where(name => name.Length > 0)];
        if (names.Length == 0)
            return;
        await using var db = databases.CreateDbContext();
        await db.Mails.Where(m => m.Address == erasure.Email).ExecuteDeleteAsync(cancel);
        // Two days at most lie there.
        foreach (var id in await db.Mails.Select(m => m.Id).ToListAsync(cancel))
        {
            if (await db.Mails.AsNoTracking().FirstOrDefaultAsync(m => m.Id == id, cancel) is not { } mail)
                continue;
            var (subject, text, html) = (Without(mail.Subject, mail.Language), Without(mail.Text, mail.Language), Without(mail.Html, mail.Language));
            if (subject != mail.Subject || text != mail.Text || html != mail.Html)
                await db.Mails.Where(m => m.Id == id).ExecuteUpdateAsync(set => set.SetProperty(m => m.Subject, subject).SetProperty(m => m.Text, text).SetProperty(m => m.Html, html), cancel);
        }
        if (outbox is not null)
            await outbox.ForgetAsync(erasure.Email, Without, cancel);

        string Without(string text, string language)
        {
            foreach (var name in names)
            {
                foreach (var written in ((string[])[name, MailFrame.Encoded(name)]).Distinct(StringComparer.Ordinal))
                    text = InWords(text, written, FormerMember.InText(language));
            }
            return text;
        }
    }

    // A name can be a part of a word, of an address or of the markup, which are none of the member's.
    internal static string InWords(string text, string name, string instead)
    {
        var kept = text.Contains("</", StringComparison.Ordinal) ? @"https?://[^\s<>""]+|</?[a-zA-Z!][^>]*>" : @"https?://[^\s<>""]+";
        return Regex.Replace(text, $@"(?<kept>{kept})|(?<![\p{{L}}\p{{N}}_]){Regex.Escape(name)}(?![\p{{L}}\p{{N}}_-])",
            found => found.Groups["kept"].Success ? found.Value : instead, RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, Limit);
    }
}
