using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;

namespace VetCommunity.App.Conversations;

/// <summary>Renders messages to html, the same component for the first page, for older ones and for pushes.</summary>
sealed class MessageRenderer(IServiceScopeFactory scopes, ILoggerFactory logs, ReadyArticles ready)
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
        if (appended)
            ready.Pushed(message, Languages.OrEnglish(language));
        return new(message.Conversation, appended ? "append" : "replace", appended ? "log" : $"m-{message.Seq}",
            await HtmlAsync(message, language), message.Seq, change.Version);
    }

    /// <summary>A message in the words of one language.</summary>
    /// <param name="message">The message.</param>
    /// <param name="language">The words around it.</param>
    /// <param name="me">The handle of the one who reads the page; null for what goes to many.</param>
    public async Task<string> HtmlAsync(PostedMessage message, string language, string? me = null) => (await HtmlAsync([message], language, me))[0];

    /// <summary>The same for many, in their order. A poll is as it is for somebody who has not voted.</summary>
    public async Task<IReadOnlyList<string>> HtmlAsync(IReadOnlyList<PostedMessage> messages, string language, string? me = null)
    {
        var spoken = Languages.OrEnglish(language);
        var html = new string[messages.Count];
        List<int> missing = [];
        for (var i = 0; i < messages.Count; i++)
        {
            if (ready.Find(messages[i], spoken, IsMine(messages[i], me)) is { } kept)
                html[i] = kept;
            else
                missing.Add(i);
        }
        if (missing.Count > 0)
            await RenderAsync(messages, spoken, me, missing, html);
        return html;
    }

    async Task RenderAsync(IReadOnlyList<PostedMessage> messages, string language, string? me, List<int> which, string[] html)
    {
        var culture = CultureInfo.GetCultureInfo(language);
        // The renderer's dispatcher takes the cultures of whoever calls it.
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, culture);
        // A renderer of its own each time: a shared one keeps 2 KB of every render.
        await using var scope = scopes.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, logs);
        await renderer.Dispatcher.InvokeAsync(async () =>
        {
            foreach (var i in which)
            {
                html[i] = (await renderer.RenderComponentAsync<MessageArticle>(ParameterView.FromDictionary(
                    new Dictionary<string, object?> { [nameof(MessageArticle.Message)] = messages[i], [nameof(MessageArticle.Me)] = me }))).ToHtmlString();
                ready.Keep(messages[i], language, IsMine(messages[i], me), html[i]);
            }
        });
    }

    static bool IsMine(PostedMessage message, string? me) => me is { Length: > 0 } && message.Author.Handle == me;

    public async Task<List<Fragment>> FragmentsAsync(IReadOnlyList<PostedMessage> messages, string language)
    {
        var html = await HtmlAsync(messages, language);
        return [.. messages.Select((message, i) => new Fragment(message.Conversation, "append", "log", html[i], message.Seq, message.Version))];
    }
}
