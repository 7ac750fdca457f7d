using System.ComponentModel;
using VetCommunity.App.Api;
using VetCommunity.App.Members;
using VetCommunity.Core;
using VetCommunity.Core.Search;

namespace VetCommunity.App.Search;

/// <summary>A page of what was found, for programs.</summary>
/// <param name="Results">At most 20 messages.</param>
/// <param name="Next">The cursor of the next page; null on the last one.</param>
sealed record SearchAnswer(IReadOnlyList<SearchResult> Results, string? Next);

/// <summary>A message that was found.</summary>
sealed record SearchResult(
    string Conversation, long Seq, string Topic, SearchResultAuthor Author, DateTimeOffset SentAt, IReadOnlyList<SearchResultText> Snippet, string Address);

/// <summary>Who wrote it; the handle is empty for imported people without an account.</summary>
sealed record SearchResultAuthor(string Handle, string Name);

/// <summary>A part of the snippet; a hit is what was looked for.</summary>
sealed record SearchResultText(string Text, bool Hit);

static class SearchApi
{
    public static void Map(RouteGroupBuilder api) => api.MapGet("/search", FindAsync)
        .Described<SearchAnswer>("search", "Search", "Messages that the member may read");

    static async Task<IResult> FindAsync(
        [Description("Words, phrases in quotation marks, and the operators room: topic: from: has: before: after: lang:")] string? q,
        [Description("best (where nothing is said) or newest")] string? order,
        [Description("The next of the page before")] string? cursor,
        MessageSearch search, SearchLimit limit, CurrentActor who, CancellationToken cancel)
    {
        limit.Count(who.Actor);
        var found = await search.FindAsync(who.Actor, q, OrderOf(order), cursor, cancel);
        return Results.Ok(new SearchAnswer([.. found.Messages.Select(Told)], found.Next));
    }

    /// <exception cref="RefusedException">It is none of them.</exception>
    public static SearchOrder OrderOf(string? name) => name switch
    {
        null or "" or "best" => SearchOrder.Best,
        "newest" => SearchOrder.Newest,
        _ => throw new RefusedException(Refusal.BadChoice),
    };

    static SearchResult Told(FoundMessage one) => new(one.Conversation, one.Seq, one.Topic, new(one.Author.Handle, one.Author.Name), one.SentAt,
        [.. one.Snippet.Select(part => new SearchResultText(part.Text, part.IsHit))], one.Address);
}
