using System.Globalization;
using System.Threading.RateLimiting;
using VetCommunity.App.Limiting;
using VetCommunity.Core;

namespace VetCommunity.App.Members;

/// <summary>How often one place, one address and one member may try. A training room of thirty shares one place.</summary>
sealed class AccountLimits(ConfiguredLimits limits) : IDisposable
{
    readonly PartitionedRateLimiter<Try> _tries = PartitionedRateLimiter.Create<Try, Try>(one =>
        RateLimitPartition.GetFixedWindowLimiter(one, one => WindowOf(one, limits)));
    readonly PartitionedRateLimiter<Try> _turns = PartitionedRateLimiter.Create<Try, Try>(one =>
        RateLimitPartition.GetConcurrencyLimiter(one, _ => new() { PermitLimit = 1, QueueLimit = 10 }));

    /// <summary>
    /// Logging in: against trying one password on many accounts; each account locks itself. Until the answer is disposed, others for the same address wait:
    /// forty guesses at once would all be judged before the first one counts.
    /// </summary>
    public Task<IDisposable> LogInAsync(HttpContext http, string email) => MarkedAsync(http, () =>
    {
        Place(http);
        return TurnAsync(new(What.LogIn, KeyOf(email)), http.RequestAborted);
    });

    /// <summary>
    /// Logging in by what nobody guesses, a passkey or another service: counts for the place alone. Counted for a passkey or an account, whose numbers are no secret, it would let
    /// strangers keep the owner out.
    /// </summary>
    public void Place(HttpContext http)
    {
        try
        {
            Count(new(What.LogIn, Places.Of(http)));
        }
        catch (RefusedException refused)
        {
            TooMuch.Mark(http, refused);
            throw;
        }
    }

    /// <summary>
    /// What sends a mail to an address that somebody typed; null where none goes out. A form that comes back for a slip costs the address nothing: see
    /// <see cref="Mailed"/>. Until the answer is disposed, others for the same address wait, so that sixty at once are not all the first.
    /// </summary>
    public Task<IDisposable?> MailAsync(HttpContext http, string? email) => MarkedAsync(http, () => MailTurnAsync(http, email));

    async Task<IDisposable?> MailTurnAsync(HttpContext http, string? email)
    {
        Count(new(What.MailFrom, Places.Of(http)));
        if (email is null)
            return null;
        var turn = await TurnAsync(To(email), http.RequestAborted);
        try
        {
            Count(To(email), permits: 0);
            return turn;
        }
        catch (RefusedException)
        {
            turn.Dispose();
            throw;
        }
    }

    /// <summary>The mail is on its way.</summary>
    public void Mailed(string? email) => Count(To(email));

    /// <summary>Giving one's present password.</summary>
    public void Password(HttpContext http, Actor actor) => Marked(http, () => Count(new(What.Password, Of(actor))));

    /// <summary>Making invitations.</summary>
    public void Invite(Actor actor) => Count(new(What.Invite, Of(actor)));

    public void Dispose()
    {
        _tries.Dispose();
        _turns.Dispose();
    }

    static void Marked(HttpContext http, Action count)
    {
        try
        {
            count();
        }
        catch (RefusedException refused)
        {
            TooMuch.Mark(http, refused);
            throw;
        }
    }

    // The form comes again with the sentence; a program reads that it has to wait.
    static async Task<T> MarkedAsync<T>(HttpContext http, Func<Task<T>> count)
    {
        try
        {
            return await count();
        }
        catch (RefusedException refused)
        {
            TooMuch.Mark(http, refused);
            throw;
        }
    }

    // Not the handle: who changes it would begin anew.
    static string Of(Actor actor) => actor.MemberId.ToString(CultureInfo.InvariantCulture);

    static Try To(string? email) => new(What.MailTo, KeyOf(email));

    static string KeyOf(string? email) => email is { Length: <= 254 } ? email.Trim().ToUpperInvariant() : "";

    async Task<IDisposable> TurnAsync(Try one, CancellationToken cancel)
    {
        var turn = await _turns.AcquireAsync(one, 1, cancel);
        if (turn.IsAcquired)
            return turn;
        turn.Dispose();
        throw new RefusedException(Refusal.TooManyTries, 1);
    }

    void Count(Try one, int permits = 1)
    {
        if (!limits.AreOn)
            return;
        using var lease = _tries.AttemptAcquire(one, permits);
        if (!lease.IsAcquired)
            throw new RefusedException(Refusal.TooManyTries, lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? Math.Max(1, (int)Math.Ceiling(wait.TotalMinutes)) : 1);
    }

    static FixedWindowRateLimiterOptions WindowOf(Try one, ConfiguredLimits limits)
    {
        var (count, minutes) = one.What switch
        {
            What.LogIn => (limits.LogInsFromPlace, limits.LogInMinutes),
            What.MailFrom => (limits.MailsFromPlace, limits.MailMinutes),
            What.MailTo => (limits.MailsToAddress, limits.MailMinutes),
            What.Password => (limits.PasswordTries, limits.PasswordMinutes),
            _ => (limits.Invitations, limits.InvitationMinutes),
        };
        return new() { PermitLimit = count, Window = TimeSpan.FromMinutes(minutes), QueueLimit = 0, AutoReplenishment = true };
    }

    enum What
    {
        LogIn,
        MailFrom,
        MailTo,
        Password,
        Invite,
    }

    readonly record struct Try(What What, string Who);
}
