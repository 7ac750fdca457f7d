using System.Data.Common;
using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using VetCommunity.App.Conversations;
using VetCommunity.App.Members;
using VetCommunity.App.Shell;
using VetCommunity.Core;
using VetCommunity.Core.Texts;

namespace VetCommunity.App.Discussion;

/// <summary>What pages with a plain form share: what was sent stays in the form when it is refused or too old.</summary>
public abstract class PlainForm(ILogger log) : ComponentBase
{
    string? _refusal;

    [CascadingParameter] public HttpContext Http { get; set; } = null!;
    [Inject] internal CurrentActor Current { get; set; } = null!;
    [Inject] internal HubGate Gate { get; set; } = null!;
    [Inject] protected NavigationManager Navigation { get; set; } = null!;

    /// <summary>Says that the form was too old.</summary>
    protected abstract string TooOld { get; }

    /// <summary>Why nothing was done, as a sentence.</summary>
    protected string? Refused => _refusal ?? (ExpiredForms.Came(Http) ? TooOld : null);

    /// <summary>What was sent in a field, if anything was.</summary>
    protected string? Posted(string field) => Http.Request.HasFormContentType && Http.Request.Form.TryGetValue(field, out var value) ? value.ToString() : null;

    /// <summary>Does what the form asks, and leaves for the address it answers with.</summary>
    protected async Task TryAsync(Func<Task<string>> act)
    {
        string next;
        try
        {
            Gate.Count(Current.Actor);
            next = await act();
        }
        catch (RefusedException refused)
        {
            _refusal = Sentences.For(refused.Refusal, refused.Arguments, CultureInfo.CurrentUICulture);
            return;
        }
        catch (Exception error) when (error is DbException or DbUpdateException)
        {
            log.LogError(error, "The database did not answer a form");
            _refusal = Sentences.For(Refusal.StorageUnavailable, [], CultureInfo.CurrentUICulture);
            return;
        }
        Navigation.NavigateTo(next);
    }
}
