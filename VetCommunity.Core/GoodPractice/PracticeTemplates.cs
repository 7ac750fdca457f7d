using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Members;
using VetCommunity.Core.Privacy;

namespace VetCommunity.Core.GoodPractice;

/// <summary>A template as administrators see it.</summary>
/// <param name="Number">How many there were with it; 0 where nobody ever changed it.</param>
/// <param name="Text">The template itself.</param>
/// <param name="IsShipped">It is the one that came with the program.</param>
/// <param name="By">Who put it into use; empty for the program.</param>
/// <param name="At">When; null for the program.</param>
public sealed record TemplateState(int Number, TemplateText Text, bool IsShipped, string By, DateTimeOffset? At)
{
    /// <inheritdoc cref="FormerMember.Shown"/>
    public string By { get => FormerMember.Shown(field); init; } = By;
}

/// <summary>The template with which practices begin: a document that administrators change. What was written before stays as it is.</summary>
public sealed class PracticeTemplates(CommunityDbFactory db, TimeProvider clock)
{
    /// <summary>Former templates that an administrator looks back on.</summary>
    public const int Former = 10;

    /// <summary>The one that is in use.</summary>
    /// <param name="actor">Who asks: everybody may, each practice shows its headings.</param>
    /// <param name="cancel">Stops the reading.</param>
    public async Task<TemplateText> PresentAsync(Actor actor, CancellationToken cancel = default)
    {
        _ = actor;
        await using var context = db.CreateDbContext();
        return await TemplateText.PresentAsync(context, cancel);
    }

    /// <summary>The one that is in use first, then those before it.</summary>
    /// <param name="actor">An administrator.</param>
    /// <param name="cancel">Stops the reading.</param>
    /// <exception cref="NotFoundException">Somebody else asks.</exception>
    public async Task<IReadOnlyList<TemplateState>> ListAsync(Actor actor, CancellationToken cancel = default)
    {
        Demand(actor);
        await using var context = db.CreateDbContext();
        var rows = await (
            from t in context.PracticeTemplates
            orderby t.Number descending
            select new { Row = t, By = context.Users.Where(u => u.Id == t.ById).Select(u => u.DisplayName).FirstOrDefault() }).AsNoTracking().Take(Former + 1).ToListAsync(cancel);
        List<TemplateState> states = [.. rows.Select(one => new TemplateState(one.Row.Number, TemplateText.Of(one.Row), one.Row.Markdown is null, one.By ?? "", one.Row.At))];
        // Before the first change there was the program's.
        if (rows.Count <= Former)
            states.Add(new(0, TemplateText.Shipped, IsShipped: true, "", null));
        return states;
    }

    /// <summary>Puts a template into use, if the one that the actor had before them still is.</summary>
    /// <param name="actor">An administrator.</param>
    /// <param name="seen">The number of the one that they changed.</param>
    /// <param name="language">The language of its headings.</param>
    /// <param name="markdown">The template.</param>
    /// <param name="cancel">Stops before anything is stored.</param>
    /// <returns>False where somebody else changed it meanwhile; nothing is stored then.</returns>
    /// <exception cref="NotFoundException">Somebody else asks.</exception>
    /// <exception cref="RefusedException">No practice could begin with it: see <see cref="TemplateText"/>.</exception>
    public Task<bool> SaveAsync(Actor actor, int seen, string? language, string? markdown, CancellationToken cancel = default)
    {
        Demand(actor);
        return StoreAsync(actor, seen, TemplateText.Checked(markdown, language), cancel);
    }

    /// <summary>Puts the one that came with the program into use again.</summary>
    /// <inheritdoc cref="SaveAsync"/>
    public Task<bool> RestoreAsync(Actor actor, int seen, CancellationToken cancel = default)
    {
        Demand(actor);
        return StoreAsync(actor, seen, TemplateText.Shipped, cancel);
    }

    async Task<bool> StoreAsync(Actor actor, int seen, TemplateText text, CancellationToken cancel)
    {
        await using var context = db.CreateDbContext();
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var present = await context.PracticeTemplates.AsNoTracking().OrderByDescending(t => t.Number).FirstOrDefaultAsync(cancel);
        // Sent twice, or nothing changed: what is in use is in use.
        if (TemplateText.Of(present) is var now && now.Markdown == text.Markdown && now.Language == text.Language)
            return true;
        if ((present?.Number ?? 0) != seen)
            return false;
        var isShipped = ReferenceEquals(text, TemplateText.Shipped);
        context.Add(new PracticeTemplate { Number = seen + 1, Language = text.Language, Markdown = isShipped ? null : text.Markdown, ById = actor.MemberId, At = clock.GetUtcNow() });
        context.Audit.Add(new()
        {
            At = clock.GetUtcNow(),
            ActorId = actor.MemberId,
            What = isShipped ? "template.restored" : "template.changed",
            Subject = "practices",
            Detail = (seen + 1).ToString(CultureInfo.InvariantCulture),
        });
        try
        {
            await context.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
        catch (DbUpdateException) when (IsTaken(seen + 1))
        {
            return false;
        }
        return true;
    }

    static void Demand(Actor actor)
    {
        if (!actor.May(Act.Administer))
            throw new NotFoundException("template");
    }

    bool IsTaken(int number)
    {
        using var context = db.CreateDbContext();
        return context.PracticeTemplates.Any(t => t.Number == number);
    }
}
