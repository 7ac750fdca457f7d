using VetCommunity.Core.Data;
using VetCommunity.Core.Members;
using VetCommunity.Core.Moderation;

namespace VetCommunity.Core.Demo;

/// <summary>A message of the demo world that was reported, hidden, and shown again on an appeal: what moderation looks like when it goes well.</summary>
sealed record DemoDecision(string Message, string Reporter, string Ground, string Sentence, string By, string Reason, string Appeal, string Judge, string Answer)
{
    /// <summary>How long after the message each step was taken.</summary>
    public static readonly TimeSpan ReportedAfter = TimeSpan.FromMinutes(35), HiddenAfter = TimeSpan.FromMinutes(80), AppealedAfter = TimeSpan.FromHours(5), LiftedAfter = TimeSpan.FromHours(9);

    public async Task StoreAsync(CommunityDb context, Conversations.Message message, Func<string, Member> person, CancellationToken cancel)
    {
        if (!Enum.TryParse<Ground>(Ground, out var ground))
            throw new InvalidDataException($"unknown ground {Ground}");
        var decision = new Decision
        {
            ConversationId = message.ConversationId,
            Seq = message.Seq,
            Round = 1,
            MemberId = message.AuthorId,
            Message = MessageMeasure.Hidden,
            Member = MemberMeasure.None,
            Ground = ground,
            Reason = Reason,
            Quote = message.Markdown,
            AfterReports = 1,
            ById = person(By).Id,
            At = message.SentAt + HiddenAfter,
            SeenAt = message.SentAt + LiftedAfter,
        };
        context.Decisions.Add(decision);
        context.ChangeTracker.DetectChanges();
        await context.SaveChangesAsync(cancel);
        context.Reports.Add(new()
        {
            ConversationId = message.ConversationId,
            Seq = message.Seq,
            ReporterId = person(Reporter).Id,
            ReportedId = message.AuthorId,
            Ground = ground,
            Sentence = Sentence,
            Quote = message.Markdown,
            At = message.SentAt + ReportedAfter,
            DecisionId = decision.Id,
            SeenAt = decision.SeenAt,
        });
        context.Appeals.Add(new()
        {
            DecisionId = decision.Id,
            Text = Appeal,
            At = message.SentAt + AppealedAfter,
            Outcome = AppealOutcome.Lifted,
            Reason = Answer,
            DecidedById = person(Judge).Id,
            DecidedAt = message.SentAt + LiftedAfter,
        });
    }
}
