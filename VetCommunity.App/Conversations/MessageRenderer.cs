using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;

namespace VetCommunity.App.Conversations;

/// <summary>Renders messages to html, the same component for the first page, for older ones and for pushes.</summary>
sealed class MessageRenderer(IServiceScopeFactory scopes, ILoggerFactory logs)
{
    /// <summary>
    /// Each change as a fragment. A message that changes again further on is rendered there only: of a thousand votes that come together one is shown.
    /// </summary>
    public async Task<List<Fragment>> FragmentsAsync(IReadOnlyList<Change> changes, string language)
    {
        Dictionary<long, long> last = [];
        foreach (var change in changes)
            last[change.Message.Seq] = change.Version;
        var fragments = new List<Fragment>(changes.Count);
        foreach (var change in changes)
        {
            fragments.Add(change.Kind != ChangeKind.Posted && change.Version < last[change.Message.Seq]
                ? new(change.Message.Conversation, "pass", $"m-{change.Message.Seq}", "", change.Message.Seq, change.Version)
                : await FragmentAsync(change, language));
        }
        return fragments;
    }

    async Task<Fragment> FragmentAsync(Change change, string language)
    {
        var message = change.Message;
        var appended = change.Kind == ChangeKind.Posted;
        return new(message.Conversation, appended ? "append" : "replace", appended ? "log" : $"m-{message.Seq}",
            await HtmlAsync(message, language), message.Seq, change.Version);
    }

    public async Task<string> HtmlAsync(PostedMessage message, string language)
    {
        var culture = CultureInfo.GetCultureInfo(Languages.OrEnglish(language));
        // The renderer's dispatcher takes the cultures of whoever calls it.
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, culture);
        // A renderer of its own each time: a shared one keeps 2 KB of every render.
        await using var scope = scopes.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, logs);
        return await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<MessageArticle>(ParameterView.FromDictionary(
                new Dictionary<string, object?> { [nameof(MessageArticle.Message)] = message }))).ToHtmlString());
    }

    public async Task<List<Fragment>> FragmentsAsync(IReadOnlyList<PostedMessage> messages, string language)
    {
        List<Fragment> fragments = [];
        foreach (var message in messages)
            fragments.Add(new(message.Conversation, "append", "log", await HtmlAsync(message, language), message.Seq, message.Version));
        return fragments;
    }
}
