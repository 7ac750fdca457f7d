using System.Globalization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using VetCommunity.App.CommandLine;
using VetCommunity.App.Members;
using VetCommunity.App.Webhooks;
using VetCommunity.Core.Data;
using VetCommunity.Core.Mailing;
using VetCommunity.Core.Operation;

namespace VetCommunity.App.Operation;

/// <summary>What the doctor looks for in what only the program knows: keys, mail, settings.</summary>
sealed class ProgramChecks(DataFolder folder, CommunityDbFactory databases, IDataProtectionProvider protection, IServiceProvider services, IConfiguration configuration)
{
    const string Redis = "ConnectionStrings:Redis";
    static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    public IEnumerable<Check> All
    {
        get
        {
            yield return new("keys", Soon, "Restore the folder keys from a backup.", OpenKeysAsync);
            yield return new("mail", Soon, "Look at Mail:Host, Mail:Port, Mail:Tls, Mail:User and Mail:Password, and whether the mail server runs.", GreetMailAsync);
            yield return new("origin", Soon, "Look at Content:Origin.", AskSecondOriginAsync);
            if (configuration[Redis] is { Length: > 0 })
                yield return new("redis", Soon, "", _ => throw new OperationFailedException($"{Redis} is set, and this version does not use Redis: it runs as one server. Take the setting out."));
        }
    }

    // Not whether there is a key, but whether it is the one: secrets in the database were sealed with it.
    async Task<string> OpenKeysAsync(CancellationToken cancel)
    {
        var files = Directory.Exists(folder.Keys) ? Directory.GetFiles(folder.Keys, "key-*.xml").Length : 0;
        if (files == 0)
            throw new OperationFailedException($"There is no key in {folder.Keys}. Restore the folder from a backup; where there never was one, start the server and open a page: it makes one.");
        await using var db = databases.CreateDbContext();
        var seal = WebhooksSetUp.SealOf(protection.CreateProtector(SecondStepSetUp.Purpose));
        int opened = 0, closed = 0;
        await foreach (var key in db.SecondFactors.Select(f => f.SealedKey).AsAsyncEnumerable().WithCancellation(cancel))
        {
            if (seal.Open(key) is null)
                closed++;
            else
                opened++;
        }
        return closed == 0 ? string.Create(CultureInfo.InvariantCulture, $"{files} in {folder.Keys}, they open all {opened} keys of authenticator apps")
            : throw new OperationFailedException(string.Create(CultureInfo.InvariantCulture,
                $"{closed} of {opened + closed} keys of authenticator apps cannot be opened: {folder.Keys} is not the folder that they were sealed with. Restore it from a backup, or reset these members' second step with user reset-factors."));
    }

    async Task<string> AskSecondOriginAsync(CancellationToken cancel)
    {
        var origin = services.GetRequiredService<Settings>().Content.Address;
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        try
        {
            using var answer = await client.GetAsync(new Uri(origin), HttpCompletionOption.ResponseHeadersRead, cancel);
            return answer.StatusCode == System.Net.HttpStatusCode.NotFound && answer.Headers.TryGetValues("Content-Security-Policy", out var said) && said.Single().StartsWith("sandbox", StringComparison.Ordinal)
                ? $"people's packages come from {origin}, and it leads here"
                : throw new OperationFailedException($"What answers at {origin} is not this server's second origin. Let the address lead here and nowhere else, or set Content:Origin to another one.");
        }
        catch (HttpRequestException)
        {
            return $"people's packages come from {origin}, where nobody answers now; with the server running this looks again";
        }
    }

    async Task<string> GreetMailAsync(CancellationToken cancel)
    {
        // A wrong setting is a sentence of its own.
        switch (services.GetRequiredService<IMailRoute>())
        {
            case Smtp server:
                await server.GreetAsync(cancel);
                return $"{configuration["Mail:Host"]} answers";
            default:
                return Directory.Exists(folder.Outbox)
                    ? $"no mail server is set (Mail:Host); mails are written to {folder.Outbox}"
                    : throw new OperationFailedException($"There is no folder {folder.Outbox} for mails. Start the server once: it makes it.");
        }
    }
}
