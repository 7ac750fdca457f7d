using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using VetCommunity.Core;
using VetCommunity.Core.Live;

namespace VetCommunity.App.Live;

/// <summary>Renders what is on the stage, for those who watch it.</summary>
sealed class StageRenderer(IServiceScopeFactory scopes, ILoggerFactory logs)
{
    public async Task<string> HtmlAsync(StageState state, string language)
    {
        var culture = Languages.CultureOf(language);
        // The renderer's dispatcher takes the cultures of whoever calls it.
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, culture);
        await using var scope = scopes.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, logs);
        return await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<StageNow>(ParameterView.FromDictionary(
            new Dictionary<string, object?> { [nameof(StageNow.State)] = state }))).ToHtmlString());
    }
}
