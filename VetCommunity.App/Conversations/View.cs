using VetCommunity.Core;

namespace VetCommunity.App.Conversations;

/// <summary>The views of the contract: <c>json</c>, or <c>html:it</c> for a page in Italian.</summary>
static class View
{
    public static string Of(string? view) => view is not null && view.StartsWith("html:", StringComparison.Ordinal)
        ? "html:" + Languages.OrEnglish(view[5..])
        : "json";

    /// <summary>What a guest hears of a session: its stage in a language. No message and nothing of the room is sent into it.</summary>
    public static string OfStage(string? language) => Stage + Languages.OrEnglish(language);

    public static bool IsStage(string view) => view.StartsWith(Stage, StringComparison.Ordinal);

    const string Stage = "stage:";

    /// <summary>The language of what stands on a stage, for all who watch it.</summary>
    public static string? StageLanguage(string view) => IsStage(view) ? view[Stage.Length..] : Language(view);

    public static string? Language(string view) => view.StartsWith("html:", StringComparison.Ordinal) ? view[5..] : null;
}
