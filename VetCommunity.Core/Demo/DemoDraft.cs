using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Core.Members;
using VetCommunity.Core.Noticing;

namespace VetCommunity.Core.Demo;

/// <summary>A draft of a practice out of a room's talk; not all whom it quotes have answered.</summary>
sealed record DemoDraft(string Title, string By, string Body, DemoQuote[] Quotes)
{
    static readonly TimeSpan BegunAfter = TimeSpan.FromHours(20), AnsweredAfter = TimeSpan.FromHours(7);

    public async Task StoreAsync(CommunityDb context, string purpose, IReadOnlyDictionary<string, Message> messages, Func<string, Member> person, CancellationToken cancel)
    {
        var (maker, chosen) = (person(By), Quotes.Select(quote => messages[quote.Message]).ToList());
        var at = chosen.Max(message => message.SentAt) + BegunAfter;
        var draft = new PracticeDraft
        {
            ConversationId = chosen[0].ConversationId,
            TopicId = chosen[0].TopicId,
            Title = Title,
            Body = Body.Replace("{{purpose}}", purpose, StringComparison.Ordinal),
            ById = maker.Id,
            At = at,
            ChangedById = maker.Id,
            ChangedAt = at,
            FormKey = "demo",
        };
        context.PracticeDrafts.Add(draft);
        context.ChangeTracker.DetectChanges();
        await context.SaveChangesAsync(cancel);
        foreach (var (index, (quote, message)) in Quotes.Zip(chosen).Index())
        {
            if (!Enum.TryParse<QuoteAnswer>(quote.Answer, out var answer))
                throw new InvalidDataException($"unknown answer {quote.Answer}");
            context.Quotes.Add(new()
            {
                DraftId = draft.Id,
                ConversationId = message.ConversationId,
                Seq = message.Seq,
                AuthorId = message.AuthorId!.Value,
                Position = index + 1,
                Text = message.Markdown,
                MessageVersion = message.Version,
                Answer = answer,
                AskedAt = at,
                AnsweredAt = answer == QuoteAnswer.Waiting ? null : at + AnsweredAfter,
            });
            if (answer == QuoteAnswer.Waiting)
                context.Notices.Add(new() { MemberId = message.AuthorId.Value, Kind = NoticeKind.QuoteAsked, Seq = draft.Id, ById = maker.Id, At = at });
        }
    }
}

sealed record DemoQuote(string Message, string Answer);
