using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using VetCommunity.Core;
using VetCommunity.Core.OfficeHours;

namespace VetCommunity.App.OfficeHours;

/// <summary>Renders how a room with opening hours stands, for those who watch it.</summary>
sealed class HoursRenderer(IServiceScopeFactory scopes, ILoggerFactory logs)
{
    public async Task<string> HtmlAsync(HoursState state, string language)
    {
        var culture = CultureInfo.GetCultureInfo(Languages.OrEnglish(language));
        // The renderer's dispatcher takes the cultures of whoever calls it.
        (CultureInfo.CurrentCulture, CultureInfo.CurrentUICulture) = (culture, culture);
        await using var scope = scopes.CreateAsyncScope();
        await using var renderer = new HtmlRenderer(scope.ServiceProvider, logs);
        return await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<HoursNow>(ParameterView.FromDictionary(
            new Dictionary<string, object?> { [nameof(HoursNow.State)] = state }))).ToHtmlString());
    }
}
