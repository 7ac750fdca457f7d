using VetCommunity.App.Limiting;
using VetCommunity.Core;

namespace VetCommunity.App.Search;

/// <summary>How often one member may search, by the page and by programs together.</summary>
sealed class SearchLimit(ConfiguredLimits limits, VisitorCalls visitors) : IDisposable
{
    readonly Pace _pace = new(limits, limits.SearchesAtOnce, 1, limits.SearchSeconds);

    /// <summary>One more search of this member.</summary>
    /// <exception cref="RefusedException"><see cref="Refusal.TooFast"/></exception>
    public void Count(Actor actor) => _pace.Count(actor.MemberId);

    /// <summary>One more of whoever asks: a visitor's counts as a call of the place.</summary>
    /// <exception cref="RefusedException"><see cref="Refusal.TooFast"/></exception>
    public void Count(Actor actor, HttpContext http)
    {
        if (actor.IsMember)
            Count(actor);
        else
            visitors.Count(http);
    }

    public void Dispose() => _pace.Dispose();
}
