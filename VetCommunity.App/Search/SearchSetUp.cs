using VetCommunity.Core.Search;

namespace VetCommunity.App.Search;

/// <summary>Finding messages, on a page and for programs.</summary>
static class SearchSetUp
{
    public static void AddSearch(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<MessageSearch>();
        builder.Services.AddSingleton<IndexFilling>();
        builder.Services.AddSingleton<IndexMerging>();
        builder.Services.AddSingleton<SearchLimit>();
        builder.Services.AddHostedService<FillingTheIndex>();
    }
}
