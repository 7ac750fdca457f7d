using VetCommunity.Core.Bridging;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Markdown;
using VetCommunity.Core.Members;
using VetCommunity.Core.Noticing;

namespace VetCommunity.Core.Demo;

/// <summary>Somebody asked for a message in another language. It waits, or has a translation that may have been accepted.</summary>
sealed record DemoTranslation(string Message, string To, string[] AskedBy, string? By, string? Text, string? AcceptedBy)
{
    public static readonly TimeSpan AcceptedAfter = TimeSpan.FromHours(2);
    static readonly TimeSpan AskedAfter = TimeSpan.FromMinutes(40), WrittenAfter = TimeSpan.FromMinutes(95);

    /// <exception cref="InvalidDataException">It is no pair.</exception>
    public static BridgePair Pair(Member member, string pair) => pair.Split('-') is [var from, var to] && from != to && Languages.All.Contains(from) && Languages.All.Contains(to)
        ? new() { MemberId = member.Id, From = from, To = to } : throw new InvalidDataException($"{member.Handle}: {pair} is no pair of languages");

    public void Store(CommunityDb context, Message message, string room, Func<string, Member> person)
    {
        context.BridgeRequests.Add(new()
        {
            ConversationId = message.ConversationId,
            Seq = message.Seq,
            To = To,
            AskedAt = message.SentAt + AskedAfter,
            DoneAt = AcceptedBy is null ? null : message.SentAt + AcceptedAfter,
        });
        context.BridgeAsks.AddRange(AskedBy.Select(person).Select(asker => new BridgeAsk
        {
            ConversationId = message.ConversationId,
            Seq = message.Seq,
            To = To,
            MemberId = asker.Id,
            At = message.SentAt + AskedAfter,
        }));
        if (By is null || Text is null)
            return;
        context.Translations.Add(new()
        {
            ConversationId = message.ConversationId,
            Seq = message.Seq,
            From = BridgeRules.LanguageOf(message.Language, room),
            To = To,
            ById = person(By).Id,
            Markdown = Text,
            Html = PersonsMarkdown.Read(Text).Html,
            OfText = BridgeRules.StampOf(message.Markdown),
            At = message.SentAt + WrittenAfter,
            IsAccepted = AcceptedBy is null ? 0 : 1,
            AcceptedById = AcceptedBy is null ? null : person(AcceptedBy).Id,
        });
    }

    public IEnumerable<Notice> Notices(CommunityDb context, Message message, string room, Func<string, Member> person)
    {
        var (from, asker) = (BridgeRules.LanguageOf(message.Language, room), person(AskedBy[0]).Id);
        foreach (var pair in context.BridgePairs.Local.Where(pair => pair.From == from && pair.To == To && pair.MemberId != asker).OrderBy(pair => pair.MemberId).Take(BridgeRules.MostAsked))
            yield return Notice(pair.MemberId, NoticeKind.BridgeAsked, asker, AskedAfter);
        if (By is null)
            yield break;
        foreach (var waiting in AskedBy.Select(person))
            yield return Notice(waiting.Id, NoticeKind.BridgeAnswered, person(By).Id, WrittenAfter);

        Notice Notice(int member, NoticeKind kind, int by, TimeSpan after) =>
            new() { MemberId = member, Kind = kind, ConversationId = message.ConversationId, Seq = message.Seq, ById = by, At = message.SentAt + after };
    }
}

/// <summary>A word of the field in two languages, which stand in the order of their codes.</summary>
sealed record DemoTerm(string[] Languages, string[] Words, string? Note, string By)
{
    public async Task StoreAsync(CommunityDb context, IReadOnlyDictionary<string, Member> people, DateTimeOffset at, CancellationToken cancel)
    {
        if (Languages is not [var one, var other] || Words is not [var first, var second] || string.CompareOrdinal(one, other) >= 0 || !people.TryGetValue(By, out var member))
            throw new InvalidDataException($"The glossary's word {string.Join(", ", Words)} cannot be read");
        var term = new GlossaryTerm
        {
            OneLanguage = one,
            OtherLanguage = other,
            One = first,
            Other = second,
            OneFolded = Folding.Fold(first),
            OtherFolded = Folding.Fold(second),
            Note = Note ?? "",
        };
        context.GlossaryTerms.Add(term);
        context.ChangeTracker.DetectChanges();
        await context.SaveChangesAsync(cancel);
        context.GlossaryChanges.Add(new() { TermId = term.Id, Version = 1, Deed = GlossaryDeed.Added, One = first, Other = second, Note = term.Note, ById = member.Id, At = at });
    }
}
