using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace VetCommunity.App.Conversations;

/// <summary>Renders a component outside of a page.</summary>
sealed class FragmentRenderer(IServiceScopeFactory scopes, ILoggerFactory logs)
{
    /// <summary>The html of a component that takes one parameter, once for all who watch in a language.</summary>
    public Task<string> HtmlAsync<TComponent>(CultureInfo culture, string parameter, object value) where TComponent : IComponent
    {
        // The renderer's dispatcher takes the cultures of whoever calls it.
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, culture);
        return HtmlAsync<TComponent>(new() { [parameter] = value });
    }

    /// <summary>The html of a component, in the caller's language.</summary>
    public async Task<string> HtmlAsync<TComponent>(Dictionary<string, object?> parameters) where TComponent : IComponent
    {
        await using var scope = scopes.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, logs);
        return await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<TComponent>(ParameterView.FromDictionary(parameters))).ToHtmlString());
    }
}
