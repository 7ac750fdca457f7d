using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Discussion;

namespace VetCommunity.Core.Bridging;

/// <summary>A machine's translation of a message, for one who goes on with it.</summary>
/// <param name="Text">As markdown.</param>
/// <param name="Machine">The machine's name.</param>
public sealed record Suggestion(string Text, string Machine);

/// <summary>
/// Asks the machine, where there is one: for a member who translates that pair and says so, of a message in a room whose author agreed. Never of what two people say alone,
/// and never of counselling, which is no room.
/// </summary>
public sealed class MachineSuggestions(CommunityDbFactory db, MessageLog log, ISuggestTranslations machine)
{
    /// <summary>The machine's name; null where there is none.</summary>
    public string? Machine => machine.Name;

    /// <summary>What the machine said to the actor before; null for nothing.</summary>
    public async Task<Suggestion?> BeforeAsync(Actor actor, string room, long seq, string to, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var found = await Topics.FindRoomAsync(context, actor, room, cancel);
        return await context.BridgeSuggestions.Where(s => s.ConversationId == found.Id && s.Seq == seq && s.To == to && s.MemberId == actor.MemberId)
            .Select(s => new Suggestion(s.Text, s.Machine)).FirstOrDefaultAsync(cancel);
    }

    /// <summary>Asks it afresh.</summary>
    /// <exception cref="NotFoundException">No such message in a room for the actor, or no machine.</exception>
    /// <exception cref="RefusedException">The actor does not translate that pair, the author did not agree, or the machine does not answer well.</exception>
    public async Task<Suggestion> AskAsync(Actor actor, string room, long seq, string? to, CancellationToken cancel = default)
    {
        if (!actor.IsMember || machine.Name is not { } name)
            throw new NotFoundException("machine");
        var target = Limits.CheckedLanguage(to);
        string markdown, language;
        await using (var context = db.CreateDbContext())
        {
            var found = await Topics.FindRoomAsync(context, actor, room, cancel);
            var message = await context.Messages.AsNoTracking()
                .FirstOrDefaultAsync(m => m.ConversationId == found.Id && m.Seq == seq && m.DeletedAt == null && m.HiddenAt == null, cancel) ?? throw new NotFoundException("message");
            (markdown, language) = (message.Markdown, BridgeRules.LanguageOf(message.Language, found.Language));
            if (!await context.BridgePairs.AnyAsync(p => p.MemberId == actor.MemberId && p.From == language && p.To == target, cancel))
                throw new RefusedException(Refusal.NotYourPair);
            // A program's words are nobody's; of people out of a file nobody can be asked.
            if (message.WebhookId is null && message.AuthorId != actor.MemberId && !await context.MachineConsents.AnyAsync(c => c.MemberId == message.AuthorId, cancel))
                throw new RefusedException(Refusal.NoMachineConsent);
        }
        var text = MachineText.Of(markdown);
        if (text.Sent.Length == 0)
            throw new RefusedException(Refusal.NothingToTranslate);
        // Nothing is held open meanwhile; whether the message still says this is looked at when it is stored.
        var answer = await machine.TranslateAsync(text.Sent, language, target, cancel);
        if (text.Restored(answer) is not { Length: > 0 and <= Limits.Text } suggestion)
            throw new RefusedException(Refusal.MachineUnavailable);
        await log.WriteAsync(new SuggestedEntry(actor, room, seq, target, BridgeRules.StampOf(markdown), suggestion, name), cancel);
        return new(suggestion, name);
    }
}
