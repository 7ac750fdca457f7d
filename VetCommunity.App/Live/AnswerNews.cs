using VetCommunity.App.Conversations;
using VetCommunity.Core;
using VetCommunity.Core.Live;

namespace VetCommunity.App.Live;

/// <summary>Shows all who watch a session how many have answered, five times a second at most however many do: one reading and one rendering a language for all of them.</summary>
sealed class AnswerNews(Feed feed, Watchers watchers, Stages stages, FragmentRenderer renderer, Broadcast broadcast, TimeProvider clock, ILogger<AnswerNews> log)
    : BoardNews<QuestionAnswered, StageState>(Window, feed, watchers, broadcast, clock, log)
{
    /// <summary>From one look to the next. A little more than a fifth of a second: what opens a question is drawn, too.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMilliseconds(225);

    protected override bool IsOnStage => true;

    protected override string Event => "StageChanged";

    protected override int ConversationOf(QuestionAnswered fact) => fact.ConversationId;

    protected override Task<StageState?> ReadAsync(int conversation) => stages.OfRoomAsync(Actor.Operator, conversation);

    protected override Task<object> ToldAsync(StageState state, string language) => StageNews.ToldAsync(renderer, state, language);
}
