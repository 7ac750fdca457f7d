using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Bridging;

/// <summary>A language from which and one into which a member translates.</summary>
public sealed record LanguagePair(string From, string To);

/// <summary>Who translates what, as members say it themselves; and who agrees to machines.</summary>
public sealed class Bridgers(CommunityDbFactory db, TimeProvider clock)
{
    /// <summary>What a member translates, in the order of the languages; nothing for visitors and of somebody unknown.</summary>
    public async Task<IReadOnlyList<LanguagePair>> OfAsync(Actor actor, string handle, CancellationToken cancel = default)
    {
        if (!actor.May(Act.TakePart))
            return [];
        await using var context = db.CreateDbContext();
        return Sorted(await context.BridgePairs.Where(p => context.Users.Any(u => u.Id == p.MemberId && u.Handle == handle))
            .Select(p => new LanguagePair(p.From, p.To)).ToListAsync(cancel));
    }

    /// <summary>What the actor translates.</summary>
    public async Task<IReadOnlyList<LanguagePair>> OwnAsync(Actor actor, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        return Sorted(await context.BridgePairs.Where(p => p.MemberId == actor.MemberId).Select(p => new LanguagePair(p.From, p.To)).ToListAsync(cancel));
    }

    /// <summary>Whether the actor agrees that a machine suggests translations of what the actor writes.</summary>
    public async Task<bool> AgreesAsync(Actor actor, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        return await context.MachineConsents.AnyAsync(c => c.MemberId == actor.MemberId, cancel);
    }

    /// <summary>Says what the actor translates from now on, and whether machines may read what the actor writes.</summary>
    /// <param name="actor">Whose.</param>
    /// <param name="pairs">All of them; what is not named is not translated any more.</param>
    /// <param name="agrees">A machine may suggest translations of the actor's messages; null leaves it as it is.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="RefusedException">A language that is none of the community's, or the same twice.</exception>
    public async Task SaveAsync(Actor actor, IReadOnlyCollection<LanguagePair> pairs, bool? agrees, CancellationToken cancel = default)
    {
        if (!actor.IsMember)
            throw new NotFoundException("member");
        var wanted = pairs.Select(pair => BridgeRules.CheckedPair(pair.From, pair.To)).ToHashSet();
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var before = await context.BridgePairs.Where(p => p.MemberId == actor.MemberId).ToListAsync(cancel);
        context.RemoveRange(before.Where(pair => !wanted.Contains((pair.From, pair.To))));
        context.AddRange(wanted.Where(pair => !before.Exists(one => one.From == pair.From && one.To == pair.To))
            .Select(pair => new BridgePair { MemberId = actor.MemberId, From = pair.From, To = pair.To }));
        var consent = await context.MachineConsents.FirstOrDefaultAsync(c => c.MemberId == actor.MemberId, cancel);
        if (agrees == true && consent is null)
            context.Add(new MachineConsent { MemberId = actor.MemberId, At = clock.GetUtcNow() });
        else if (agrees == false && consent is not null)
            context.Remove(consent);
        try
        {
            await context.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
        catch (DbUpdateException error) when (error is DbUpdateConcurrencyException || error.IsThereAlready())
        {
            // Another form of the same member, in the same moment.
            throw new RefusedException(Refusal.ChangedElsewhere);
        }
    }

    static List<LanguagePair> Sorted(List<LanguagePair> pairs) => [.. pairs.OrderBy(pair => Place(pair.From)).ThenBy(pair => Place(pair.To))];

    static int Place(string language) => Languages.All.Index().FirstOrDefault(one => one.Item == language).Index;
}
