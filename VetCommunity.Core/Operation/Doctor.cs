using System.Data.Common;
using System.Globalization;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using MailKit;
using Microsoft.EntityFrameworkCore;

namespace VetCommunity.Core.Operation;

/// <summary>Looks at what an installation needs. It changes nothing, and works beside a running server and without one.</summary>
/// <param name="checks">In the order in which they are told.</param>
public sealed class Doctor(IEnumerable<Check> checks)
{
    /// <summary>Looks at one thing after the other.</summary>
    /// <param name="actor">The operator.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="NotFoundException">Somebody else asks.</exception>
    public async IAsyncEnumerable<Finding> ExamineAsync(Actor actor, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        if (actor != Actor.Operator)
            throw new NotFoundException("doctor");
        foreach (var check in checks)
            yield return await FindAsync(check, cancel);
    }

    static async Task<Finding> FindAsync(Check check, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(check.Limit);
        try
        {
            // What cannot be called back, as a disk that does not answer, is left alone.
            return new(check.Name, IsGood: true, await Task.Run(() => check.LookAsync(limit.Token), cancel).WaitAsync(check.Limit, cancel));
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException && !cancel.IsCancellationRequested)
        {
            return new(check.Name, IsGood: false, string.Create(CultureInfo.InvariantCulture, $"no answer within {check.Limit.TotalSeconds:0} seconds. {check.Remedy}"));
        }
        catch (OperationFailedException failed)
        {
            return new(check.Name, IsGood: false, failed.Message);
        }
        catch (Exception error) when (IsOutside(error))
        {
            return new(check.Name, IsGood: false, $"{error.GetBaseException().Message.TrimEnd('.')}. {check.Remedy}");
        }
    }

    static bool IsOutside(Exception error) => error is DbException or DbUpdateException or IOException or UnauthorizedAccessException or SocketException
        or NotSupportedException or ProtocolException or CommandException or ServiceNotConnectedException or MailKit.Security.AuthenticationException or MailKit.Security.SslHandshakeException or InvalidOperationException { InnerException: DbException };
}

/// <summary>Something to look at.</summary>
/// <param name="Name">One word or two.</param>
/// <param name="Limit">It must be done by then.</param>
/// <param name="Remedy">What to do where it cannot be told by looking.</param>
/// <param name="LookAsync">Answers what is good; throws an <see cref="OperationFailedException"/> that says what is wrong and what to do.</param>
public sealed record Check(string Name, TimeSpan Limit, string Remedy, Func<CancellationToken, Task<string>> LookAsync);

/// <summary>What was found.</summary>
/// <param name="Name">Of the check.</param>
/// <param name="IsGood">Whether all is as it should be.</param>
/// <param name="Sentence">In words for the operator.</param>
public sealed record Finding(string Name, bool IsGood, string Sentence);
