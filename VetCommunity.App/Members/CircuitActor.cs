using System.Data.Common;
using System.Globalization;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Members;
using VetCommunity.Core.Texts;

namespace VetCommunity.App.Members;

/// <summary>Who sits before an island. A circuit lives for hours: the member is looked up anew before each deed.</summary>
sealed class CircuitActor(AuthenticationStateProvider authentication, Sessions sessions, SeenSessions seen, ILogger<CircuitActor> log)
{
    /// <summary>Once true, the island shows nothing but that its access has ended.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Called when the access ends.</summary>
    public Action Ended { get; set; } = () => { };

    /// <summary>Does something with the member's present rights. Null when it is done, otherwise the sentence that says why not.</summary>
    public async Task<string?> TryAsync(Func<Actor, Task> deed)
    {
        var culture = CultureInfo.CurrentUICulture;
        try
        {
            if (!HasEnded && await NowAsync() is { } actor)
            {
                await deed(actor);
                return null;
            }
        }
        catch (NotFoundException) when (!HasEnded)
        {
            // Only who has no access any more loses the island; a thing that is gone is a sentence.
            if (await NowAsync() is not null)
                return Sentences.For(Refusal.NothingThere, [], culture);
        }
        catch (RefusedException refused)
        {
            return Sentences.For(refused, culture);
        }
        catch (Exception error) when (error is DbException or DbUpdateException)
        {
            log.LogError(error, "A deed on an island could not be stored");
            return Sentences.For(Refusal.StorageUnavailable, [], culture);
        }
        HasEnded = true;
        Ended();
        return "";
    }

    async Task<Actor?> NowAsync()
    {
        var user = (await authentication.GetAuthenticationStateAsync()).User;
        if (MemberPrincipals.SessionOf(user) is not { } session)
            return null;
        seen.Note(user);
        return (await sessions.FindAsync(session))?.SignedIn.Actor;
    }
}
