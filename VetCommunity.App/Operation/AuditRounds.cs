using VetCommunity.App.Shell;
using VetCommunity.Core;
using VetCommunity.Core.Auditing;

namespace VetCommunity.App.Operation;

/// <summary>Holds the end of the audit log fast, two seconds after a new line at the latest.</summary>
sealed class HeldAudit(AuditAnchor anchor, TimeProvider clock, ILogger<HeldAudit> log) : Rounds(TimeSpan.FromSeconds(2), clock, log)
{
    protected override Task GoAsync(CancellationToken cancel) => anchor.AdvanceAsync(Actor.Operator, cancel);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        try
        {
            await GoAsync(cancellationToken);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            log.LogWarning(error, "The end of the audit log was not held fast; the next start does it");
        }
    }
}

/// <summary>Reads the whole audit log at the start and once an hour.</summary>
sealed class CheckedAudit(AuditWatch watch, TimeProvider clock, ILogger<CheckedAudit> log) : Rounds(TimeSpan.FromHours(1), clock, log)
{
    protected override async Task GoAsync(CancellationToken cancel)
    {
        if (await watch.CheckAsync(Actor.Operator, cancel) is { Fault: { } fault } found)
            log.LogError("The audit log is not as the program wrote it: {Fault} at line {Line}. The doctor says what to do", fault, found.Number);
    }
}
