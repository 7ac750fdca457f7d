using VetCommunity.App.Shell;
using VetCommunity.Core;
using VetCommunity.Core.GoodPractice;

namespace VetCommunity.App.GoodPractice;

/// <summary>Tells members of new practices that answer their saved searches.</summary>
sealed class TellingSearchers(SearchNotices notices, TimeProvider clock, ILogger<TellingSearchers> log) : Rounds(TimeSpan.FromSeconds(10), clock, log)
{
    protected override async Task GoAsync(CancellationToken cancel) => await notices.TellAsync(Actor.Operator, cancel);
}
