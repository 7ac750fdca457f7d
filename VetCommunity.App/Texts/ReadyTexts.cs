using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace VetCommunity.App.Texts;

/// <summary>The texts of the resources, each looked up once for a language: a page shows some hundred, and the resources' own look-up builds a key for each.</summary>
sealed class ReadyTexts(IOptions<LocalizationOptions> options, ILoggerFactory logs) : IStringLocalizerFactory
{
    readonly ResourceManagerStringLocalizerFactory _resources = new(options, logs);
    readonly ConcurrentDictionary<Type, IStringLocalizer> _ready = new();

    public IStringLocalizer Create(Type resourceSource) => _ready.GetOrAdd(resourceSource, type => new OfOneSource(_resources.Create(type)));

    public IStringLocalizer Create(string baseName, string location) => _resources.Create(baseName, location);

    sealed class OfOneSource(IStringLocalizer resources) : IStringLocalizer
    {
        readonly ConcurrentDictionary<CultureInfo, ConcurrentDictionary<string, LocalizedString>> _languages = new();

        public LocalizedString this[string name]
        {
            get
            {
                var texts = _languages.GetOrAdd(CultureInfo.CurrentUICulture, _ => new(StringComparer.Ordinal));
                if (texts.TryGetValue(name, out var ready))
                    return ready;
                var text = resources[name];
                // What is no name of a text could be anything, without end.
                return text.ResourceNotFound ? text : texts.GetOrAdd(name, text);
            }
        }

        public LocalizedString this[string name, params object[] arguments] => this[name] is { ResourceNotFound: false } text
            ? new(name, string.Format(CultureInfo.CurrentCulture, text.Value, arguments))
            : resources[name, arguments];

        public IEnumerable<LocalizedString> GetAllStrings(bool includeParentCultures) => resources.GetAllStrings(includeParentCultures);
    }
}
