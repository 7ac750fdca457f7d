using Microsoft.AspNetCore.SignalR;
using VetCommunity.App.Members;
using VetCommunity.Core;

namespace VetCommunity.App.Limiting;

/// <summary>
/// How many connections of a hub each member has, whatever carries them. The requests under way do not say it: with long polling a connection has none between two questions.
/// </summary>
sealed class ConnectionGate(ConfiguredLimits limits) : IHubFilter
{
    static readonly object Refused = new();
    readonly Tally<int> _open = new();

    public int Of(int member) => _open.Of(member);

    public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
    {
        var member = CurrentActor.Of(context.Context.User!).MemberId;
        if (_open.Add(member) > limits.ConnectionsOfMember && limits.AreOn)
        {
            context.Context.Items[Refused] = true;
            context.Context.Abort();
            return;
        }
        try
        {
            await next(context);
        }
        catch
        {
            // Of a connection that did not begin SignalR tells no end.
            _open.Remove(member);
            throw;
        }
    }

    public ValueTask<object?> InvokeMethodAsync(HubInvocationContext context, Func<HubInvocationContext, ValueTask<object?>> next) =>
        // What came along with the connection is not done either.
        context.Context.Items.ContainsKey(Refused)
            ? throw new RefusedException(Refusal.TooManyConnections, limits.ConnectionsOfMember)
            : next(context);

    public async Task OnDisconnectedAsync(HubLifetimeContext context, Exception? exception, Func<HubLifetimeContext, Exception?, Task> next)
    {
        _open.Remove(CurrentActor.Of(context.Context.User!).MemberId);
        if (!context.Context.Items.ContainsKey(Refused))
            await next(context, exception);
    }
}
