using System.Globalization;
using MailKit.Security;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using MimeKit;
using VetCommunity.Core.Mailing;
using VetCommunity.Core.Operation;

namespace VetCommunity.App.Mailing;

/// <summary>Mails: to a mail server where one is set, otherwise as files into the outbox.</summary>
static class MailSetUp
{
    public static void AddMailing(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton(provider => new Site(() => OriginOf(provider)));
        services.AddSingleton(provider => SenderOf(builder.Configuration, provider));
        services.AddSingleton<IMailRoute>(provider => ServerOf(builder.Configuration) is { } server
            ? new Smtp(server)
            : new Outbox(provider.GetRequiredService<DataFolder>().Outbox));
        services.AddSingleton<MailQueue>();
        services.AddHostedService<MailDelivery>();
    }

    static string OriginOf(IServiceProvider provider)
    {
        var settings = provider.GetRequiredService<IConfiguration>();
        if (settings["Site:Origin"] is { Length: > 0 } origin)
        {
            return Uri.TryCreate(origin, UriKind.Absolute, out var address) && address.Scheme is "http" or "https"
                ? origin
                : throw new OperationFailedException($"Site:Origin is {origin}; it must be an address such as https://vet.example.");
        }
        var listening = BindingAddress.Parse(provider.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? "http://localhost:5000");
        var host = listening.Host is "*" or "+" or "0.0.0.0" or "[::]" ? "localhost" : listening.Host;
        return string.Create(CultureInfo.InvariantCulture, $"{listening.Scheme}://{host}:{listening.Port}");
    }

    static MailSender SenderOf(ConfigurationManager settings, IServiceProvider provider)
    {
        if (settings["Mail:From"] is { Length: > 0 } from)
            return MailboxAddress.TryParse(from, out var address) ? new(address) : throw new OperationFailedException($"Mail:From is {from}; it must be an e-mail address.");
        return settings["Mail:Host"] is { Length: > 0 }
            ? throw new OperationFailedException("Mail:Host is set, and Mail:From is missing: the address from which mails come.")
            : new(new MailboxAddress("VetCommunity", "noreply@" + new Uri(OriginOf(provider)).Host));
    }

    static SmtpServer? ServerOf(ConfigurationManager settings)
    {
        if (settings["Mail:Host"] is not { Length: > 0 } host)
            return null;
        var tls = (settings["Mail:Tls"] ?? "auto").ToLowerInvariant() switch
        {
            "auto" => SecureSocketOptions.Auto,
            "starttls" => SecureSocketOptions.StartTls,
            "tls" => SecureSocketOptions.SslOnConnect,
            "none" => SecureSocketOptions.None,
            var other => throw new OperationFailedException($"Mail:Tls is {other}; it must be auto, starttls, tls or none."),
        };
        var port = settings["Mail:Port"] switch
        {
            null or "" => tls == SecureSocketOptions.SslOnConnect ? 465 : 587,
            var text when ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 => number,
            var text => throw new OperationFailedException($"Mail:Port is {text}; it must be a number from 1 to 65535."),
        };
        return new(host, port, tls, settings["Mail:User"] is { Length: > 0 } user ? user : null, settings["Mail:Password"]);
    }
}
