using VetCommunity.Core.Search;

namespace VetCommunity.App.Search;

/// <summary>Finding messages, on a page and for programs.</summary>
static class SearchSetUp
{
    // Who pastes a whole text into the field reads a sentence, and not the web server's bare 414; a letter may take nine characters of an address.
    const int AddressBytes = 128 * 1024;

    public static void AddSearch(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(options => options.Limits.MaxRequestLineSize = AddressBytes);
        builder.Services.AddSingleton<MessageSearch>();
        builder.Services.AddSingleton<IndexFilling>();
        builder.Services.AddSingleton<IndexMerging>();
        builder.Services.AddSingleton<SearchLimit>();
        builder.Services.AddHostedService<FillingTheIndex>();
    }
}
