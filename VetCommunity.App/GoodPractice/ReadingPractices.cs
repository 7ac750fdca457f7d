using VetCommunity.App.Shell;
using VetCommunity.Core;
using VetCommunity.Core.GoodPractice;

namespace VetCommunity.App.GoodPractice;

/// <summary>Reads the published texts, while people come already, so that who searches first does not wait for it.</summary>
sealed class ReadingPractices(Practices practices, TimeProvider clock, ILogger<ReadingPractices> log) : Rounds(TimeSpan.FromMinutes(1), clock, log)
{
    protected override Task GoAsync(CancellationToken cancel) => practices.PrepareAsync(Actor.Operator, cancel);
}
