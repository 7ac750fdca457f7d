using VetCommunity.Core.Bridging;
using VetCommunity.Core.Operation;

namespace VetCommunity.App.Bridging;

/// <summary>Translations of messages, the glossary, and the machine that suggests where one is set up.</summary>
static class BridgingSetUp
{
    public static void AddBridging(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSingleton<Bridgers>();
        services.AddSingleton<Bridges>();
        services.AddSingleton<BridgeQueue>();
        services.AddSingleton<Glossary>();
        services.AddSingleton<MachineSuggestions>();
        services.AddSingleton<SectionSuggestions>();
        services.AddSingleton(provider => MachineOf(builder.Configuration.GetSection("Translation"), provider));
    }

    /// <exception cref="OperationFailedException">A setting makes no sense.</exception>
    static ISuggestTranslations MachineOf(IConfigurationSection settings, IServiceProvider provider)
    {
        var service = settings["Service"] is { Length: > 0 } chosen ? chosen : "None";
        if (service.Equals("None", StringComparison.OrdinalIgnoreCase))
            return new NoSuggestions();
        var isApy = service.Equals("Apy", StringComparison.OrdinalIgnoreCase);
        if (!isApy && !service.Equals("LibreTranslate", StringComparison.OrdinalIgnoreCase))
            throw new OperationFailedException($"Translation:Service is {service}; it must be None, Apy or LibreTranslate.");
        if (!Uri.TryCreate(settings["Url"]?.TrimEnd('/') + "/", UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.Query.Length > 0)
            throw new OperationFailedException($"Translation:Url is {settings["Url"]}; it must be the address of the translation service, such as http://localhost:2737.");
        var calls = new MachineCalls(address, provider.GetRequiredService<ILogger<MachineCalls>>());
        return isApy ? new ApySuggestions(calls) : new LibreTranslateSuggestions(calls, settings["Key"]);
    }
}
