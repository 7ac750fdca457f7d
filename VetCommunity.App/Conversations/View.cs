using VetCommunity.Core;

namespace VetCommunity.App.Conversations;

/// <summary>The views of the contract: <c>json</c>, or <c>html:it</c> for a page in Italian.</summary>
static class View
{
    public static string Of(string? view) => view is not null && view.StartsWith("html:", StringComparison.Ordinal)
        ? "html:" + Languages.OrEnglish(view[5..])
        : "json";

    public static string? Language(string view) => view.StartsWith("html:", StringComparison.Ordinal) ? view[5..] : null;
}
