using System.Collections.Frozen;
using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Microsoft.AspNetCore.SignalR;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using VetCommunity.App.Limiting;
using VetCommunity.App.Live;
using VetCommunity.App.Members;
using VetCommunity.App.Texts;
using VetCommunity.Core;
using VetCommunity.Core.Texts;
using VetCommunity.Core.Watching;

namespace VetCommunity.App.Conversations;

/// <summary>Stands before every hub call: limits the rate of each member and turns refusals into sentences in the member's language.</summary>
sealed class HubGate(ConfiguredLimits limits, Readings readings, IStringLocalizer<RoomTexts> text, SeenSessions seen, Meshes meshes, ILogger<HubGate> log) : IHubFilter, IDisposable
{
    static readonly FrozenSet<string> Reads = FrozenSet.Create(StringComparer.Ordinal, nameof(ConversationsHub.Open), nameof(ConversationsHub.Older), nameof(ConversationsHub.Changes));
    readonly Pace _pace = new(limits, limits.CallsAtOnce, limits.CallsPerSecond, 1);

    /// <summary>One more call of this member, by the hub or by a form that does the same.</summary>
    /// <exception cref="RefusedException"><see cref="Refusal.TooFast"/></exception>
    public void Count(Actor actor) => _pace.Count(actor.MemberId);

    public async ValueTask<object?> InvokeMethodAsync(HubInvocationContext context, Func<HubInvocationContext, ValueTask<object?>> next)
    {
        using var span = Traces.AreHeard ? Traces.Begin("hub " + context.HubMethodName, ActivityKind.Server) : null;
        var isSignal = context.HubMethodName == nameof(ConversationsHub.SignalMedia);
        try
        {
            if (isSignal)
                meshes.CountSignal(CurrentActor.Holder(context.Context.User!));
            else
                Count(CurrentActor.Holder(context.Context.User!));
            // Nothing here is for guests that does not say so.
            if (GuestCookie.Of(context.Context.User!) is not null && context.HubMethod.GetCustomAttribute<GuestsTooAttribute>() is null)
                throw new NotFoundException("method");
            seen.Note(context.Context.User!);
            // A call about nothing names no conversation.
            if (context.HubMethodArguments.Zip(context.HubMethod.GetParameters()).Any(one => one.First is null && one.Second.ParameterType.Namespace == typeof(HubGate).Namespace))
                throw new NotFoundException("conversation");
            if (!Reads.Contains(context.HubMethodName))
                return await next(context);
            using (await readings.BeginAsync(context.Context.ConnectionAborted))
                return await next(context);
        }
        catch (RefusedException refused)
        {
            span?.SetTag("error.type", refused.Refusal.ToString());
            if (isSignal)
                Measures.SignalRefused(refused.Refusal.ToString());
            throw new HubException(Sentences.For(refused.Refusal, refused.Arguments, CultureInfo.CurrentUICulture), refused);
        }
        catch (NotFoundException absent)
        {
            span?.SetTag("error.type", nameof(NotFoundException));
            if (isSignal)
                Measures.SignalRefused("NotFound");
            throw new HubException(text["NotFound"], absent);
        }
        catch (Exception error) when (error is DbException or DbUpdateException)
        {
            span?.SetStatus(ActivityStatusCode.Error);
            log.LogError(error, "The database did not answer a hub call");
            throw new HubException(Sentences.For(Refusal.StorageUnavailable, [], CultureInfo.CurrentUICulture), error);
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            span?.SetStatus(ActivityStatusCode.Error);
            log.LogError(error, "{Method} failed", context.HubMethodName);
            throw;
        }
    }

    public void Dispose() => _pace.Dispose();
}
