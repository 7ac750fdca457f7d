using System.Data.Common;
using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using VetCommunity.App.Conversations;
using VetCommunity.App.Limiting;
using VetCommunity.App.Members;
using VetCommunity.Core;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Texts;

namespace VetCommunity.App.Shell;

/// <summary>What pages share whose forms are plain ones: what was sent stays in the form when it is refused or too old.</summary>
public abstract class PlainForm(ILogger log) : ComponentBase
{
    string? _refusal;

    [CascadingParameter] public HttpContext Http { get; set; } = null!;
    [Inject] internal CurrentActor Current { get; set; } = null!;
    [Inject] internal HubGate Gate { get; set; } = null!;
    [Inject] protected NavigationManager Navigation { get; set; } = null!;

    /// <summary>What a reader is told whose form was too old.</summary>
    protected abstract string FormExpired { get; }

    /// <summary>Why nothing was done, as a sentence.</summary>
    protected string? Refused => _refusal ?? (ExpiredForms.Came(Http) ? FormExpired : null);

    /// <summary>What was sent in a field, if anything was.</summary>
    protected string? Posted(string field) => Http.Request.HasFormContentType && Http.Request.Form.TryGetValue(field, out var value) ? value.ToString() : null;

    /// <summary>A number that was sent in a field; 0 where none was.</summary>
    protected int NumberOf(string field) => int.TryParse(Posted(field), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>A form sends other line ends than an editor writes. Nothing else in the text is changed.</summary>
    internal static string AsWritten(string? sent) => (sent ?? "").Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

    /// <summary>On what the text of a document was written that a form brings; null where nothing was stored before.</summary>
    protected DraftPlace? PostedPlace => Posted("base") is { Length: > 0 } ? new(NumberOf("base"), NumberOf("version"), Posted("source") is { Length: > 0 } ? NumberOf("source") : null) : null;

    /// <summary>What was chosen in a field, or what stands for nothing.</summary>
    protected T ChosenOf<T>(string field) where T : struct, Enum => Enum.TryParse<T>(Posted(field), out var chosen) ? chosen : default;

    /// <summary>One more form of who sends it.</summary>
    /// <exception cref="RefusedException">Too many.</exception>
    protected virtual void Count() => Gate.Count(Current.Actor);

    /// <summary>Does what the form asks, and leaves for the address it answers with; null stays.</summary>
    protected async Task TryAsync(Func<Task<string?>> act)
    {
        string? next;
        try
        {
            Count();
            next = await act();
        }
        catch (RefusedException refused)
        {
            TooMuch.Mark(Http, refused);
            _refusal = Sentences.For(refused, CultureInfo.CurrentUICulture);
            return;
        }
        catch (Exception error) when (error is DbException or DbUpdateException)
        {
            log.LogError(error, "The database did not answer a form");
            _refusal = Sentences.For(Refusal.StorageUnavailable, [], CultureInfo.CurrentUICulture);
            return;
        }
        if (next is not null)
            Navigation.NavigateTo(next);
    }
}
