using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Data;
using VetCommunity.Core.Noticing;

namespace VetCommunity.Core.GoodPractice;

/// <summary>Word of quotes: one notice a draft and person, that rings afresh when something new is to be said.</summary>
static class QuoteNotices
{
    /// <summary>The member is asked about quotes in a draft.</summary>
    public static WrittenNotice Asked(int member, int draft, Actor by) => Of(member, NoticeKind.QuoteAsked, draft, by);

    /// <summary>Somebody answered about quotes in the member's draft.</summary>
    public static WrittenNotice Answered(int member, int draft, Actor by) => Of(member, NoticeKind.QuoteAnswered, draft, by);

    /// <summary>The draft is gone, and all word of it.</summary>
    public static Task ForgetAsync(this CommunityDb context, int draft, CancellationToken cancel) => context.Notices
        .Where(n => n.ConversationId == 0 && n.Seq == draft && (n.Kind == NoticeKind.QuoteAsked || n.Kind == NoticeKind.QuoteAnswered)).ExecuteDeleteAsync(cancel);

    static WrittenNotice Of(int member, NoticeKind kind, int draft, Actor by) => new(member, kind, ConversationId: 0, draft, Conversation: "", In: null, Title: "", by.MemberId, by.Name);
}
