using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Files;
using VetCommunity.Core.Members;
using VetCommunity.Core.Noticing;

namespace VetCommunity.Core.Moderation;

/// <summary>Deciding about messages: with a reason that the author reads, and on an appeal by somebody else.</summary>
public sealed class Decisions(CommunityDbFactory db, MessageLog log, Feed feed, UploadFolder uploads)
{
    /// <summary>The longest reason.</summary>
    public const int ReasonLength = 1000;

    /// <summary>How many months after a decision its author can answer it; no fewer than the law asks for (Regulation (EU) 2022/2065, Article 20).</summary>
    public const int AppealMonths = 6;

    /// <summary>The last moment at which its author can answer a decision.</summary>
    public static DateTimeOffset AppealUntil(DateTimeOffset decided) => decided.AddMonths(AppealMonths);

    /// <summary>For how many days a mute or a ban can be.</summary>
    public static IReadOnlyList<int> Days { get; } = [1, 3, 7, 30, 90, 365];

    /// <summary>A message with all that its moderators need to decide; of a conversation that they do not read, this message alone.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor is not in charge of it.</exception>
    public async Task<JudgeableMessage> FindAsync(Actor actor, string conversation, long seq, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var id = int.TryParse(conversation, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        var place = conversation.Contains('\0', StringComparison.Ordinal) ? null
            : await context.Conversations.AsNoTracking().FirstOrDefaultAsync(c => id != 0 ? c.Id == id : c.Slug == conversation, cancel);
        if (place is null || !await InCharge.OfAsync(context, actor, place.Id, seq, cancel))
            throw new NotFoundException("message");
        var message = await context.Messages.AsNoTracking().FirstOrDefaultAsync(m => m.ConversationId == place.Id && m.Seq == seq, cancel) ?? throw new NotFoundException("message");
        var author = await context.Users.Where(u => u.Id == message.AuthorId).Select(u => new Person(u.Handle, u.DisplayName, u.PictureVersion)).FirstOrDefaultAsync(cancel);
        var files = await context.Attachments.AsNoTracking().Where(a => a.ConversationId == place.Id && a.Seq == seq).OrderBy(a => a.Position).ToListAsync(cancel);
        var isMine = message.AuthorId is { } own && own == actor.MemberId;
        // Who reported whom is not for the one it is about, moderator or not.
        var reports = isMine ? [] : await ReadingModeration.ReportsAsync(context, context.Reports.Where(r => r.ConversationId == place.Id && r.Seq == seq).Take(200), cancel);
        var decisions = await ReadingModeration.DecisionsAsync(context, context.Decisions.Where(d => d.ConversationId == place.Id && d.Seq == seq), cancel);
        return new(
            place.Slug ?? place.Id.ToString(CultureInfo.InvariantCulture), place.Kind, place.Title, seq, author, author?.Name ?? message.ImportedAuthor ?? "", message.SentAt,
            message.Html, [.. files.Select(Attachments.Shown)], message.DeletedAt is not null, message.HiddenAt is not null,
            place.Kind == ConversationKind.Room && author is not null, await ReadsAsync(context, actor, place.Id, cancel), [.. reports.Select(r => r.Report)],
            reports.Count > 0 ? reports[^1].Quote : "", [.. decisions.OrderBy(d => d.Round).Select(d => d.Line)]);
    }

    /// <summary>Decides. Of two moderators who decide about the same, one does, and the other reads the first one's name. Answers with the decision's number.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor is not in charge of it.</exception>
    /// <exception cref="RefusedException">Decided meanwhile, one's own message, no reason, or a measure that is not possible there.</exception>
    public async Task<int> DecideAsync(Actor actor, string conversation, long seq, Ruling ruling, CancellationToken cancel = default)
    {
        if (!actor.IsMember)
            throw new NotFoundException("page");
        if (!Enum.IsDefined(ruling.Message) || !Enum.IsDefined(ruling.Member) || (ruling.Member != MemberMeasure.None && !Days.Contains(ruling.Days)))
            throw new RefusedException(Refusal.BadChoice);
        if (!Enum.IsDefined(ruling.Ground))
            throw new RefusedException(Refusal.GroundMissing);
        var decided = await log.WriteAsync(new DecideEntry(actor, conversation, seq, ruling with { Reason = Checked(ruling.Reason) }), cancel);
        uploads.Remove(decided.Attachments);
        if (decided.MemberId is not { } member)
            return decided.Id;
        if (decided.Member == MemberMeasure.Banned)
            feed.Publish(new AccessEnded(member, decided.ConversationId, AccessEndedReason.Banned));
        feed.Publish(new MembersNoticed([Telling.Decided(member, decided.Id)]));
        return decided.Id;
    }

    /// <summary>The author answers a decision, once.</summary>
    /// <exception cref="NotFoundException">Absent, or about somebody else.</exception>
    /// <exception cref="RefusedException">Nothing is said, it was answered before, or the time for it is over.</exception>
    public async Task AppealAsync(Actor actor, int decision, string? text, CancellationToken cancel = default)
    {
        var said = Checked(text);
        await using var context = db.CreateDbContext();
        var found = await context.Decisions.AsNoTracking().FirstOrDefaultAsync(d => d.Id == decision && d.MemberId == actor.MemberId, cancel);
        if (found is null || !actor.IsMember)
            throw new NotFoundException("decision");
        if (await context.Appeals.AnyAsync(a => a.DecisionId == decision, cancel))
            throw new RefusedException(Refusal.AppealedBefore);
        var now = context.Clock.GetUtcNow();
        if (now > AppealUntil(found.At))
            throw new RefusedException(Refusal.AppealTooLate, AppealMonths);
        context.Add(new Appeal { DecisionId = decision, Text = said, At = now });
        context.Note(now, actor, "appeal.made", actor.MemberId, FormattableString.Invariant($"{decision}"));
        try
        {
            await context.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException) when (context.Appeals.Any(a => a.DecisionId == decision))
        {
            throw new RefusedException(Refusal.AppealedBefore);
        }
    }

    /// <summary>Decides on an appeal. Who made the decision does not; there is always an administrator.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor is not in charge of it.</exception>
    /// <exception cref="RefusedException">One's own decision or case, decided before, or no reason.</exception>
    public async Task AnswerAsync(Actor actor, int decision, AppealOutcome outcome, string? reason, CancellationToken cancel = default)
    {
        if (!actor.IsMember)
            throw new NotFoundException("page");
        if (!Enum.IsDefined(outcome))
            throw new RefusedException(Refusal.BadChoice);
        var decided = await log.WriteAsync(new AnswerAppealEntry(actor, decision, outcome, Checked(reason)), cancel);
        feed.Publish(new MembersNoticed([Telling.Decided(decided.MemberId!.Value, -decision)]));
    }

    static string Checked(string? text)
    {
        var clean = PlainText.Within(PlainText.Lines(text), ReasonLength);
        return clean.Length > 0 ? clean : throw new RefusedException(Refusal.ReasonMissing);
    }

    static async Task<bool> ReadsAsync(CommunityDb context, Actor actor, int conversation, CancellationToken cancel)
    {
        try
        {
            await AllConversations.FindAsync(context, actor, conversation.ToString(CultureInfo.InvariantCulture), cancel);
            return true;
        }
        catch (NotFoundException)
        {
            return false;
        }
    }
}
