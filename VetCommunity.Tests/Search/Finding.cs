using VetCommunity.Core;
using VetCommunity.Core.Search;

namespace VetCommunity.Tests.Search;

/// <summary>A search in a test's words.</summary>
static class Finding
{
    public static Task<FoundMessages> FindAsync(this World world, Actor who, string text, SearchOrder order = SearchOrder.Newest, string? cursor = null) =>
        new MessageSearch(world.Db, world.Log).FindAsync(who, text, order, cursor);

    /// <summary>What is found, newest first, as the texts of the snippets.</summary>
    public static async Task<string[]> TextsAsync(this World world, Actor who, string text, SearchOrder order = SearchOrder.Newest) =>
        [.. (await world.FindAsync(who, text, order)).Messages.Select(message => string.Concat(message.Snippet.Select(part => part.Text)))];

    /// <summary>What is marked in the first message found.</summary>
    public static async Task<string[]> MarksAsync(this World world, Actor who, string text) =>
        [.. (await world.FindAsync(who, text)).Messages[0].Snippet.Where(part => part.IsHit).Select(part => part.Text)];
}
