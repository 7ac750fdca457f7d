using VetCommunity.App.Conversations;
using VetCommunity.Core;
using VetCommunity.Core.Live;

namespace VetCommunity.App.Live;

/// <summary>Shows all who watch a session what its audience asks, however many ask and vote in the same moment: one reading and one rendering a language for all of them.</summary>
sealed class AudienceNews(Feed feed, Watchers watchers, AudienceQuestions questions, FragmentRenderer renderer, Broadcast broadcast, TimeProvider clock, ILogger<AudienceNews> log)
    : BoardNews<AudienceQuestionsChanged, AudienceSeen>(Window, feed, watchers, broadcast, clock, log)
{
    /// <summary>From one look to the next. A list moves under the hand, and goes whole to everybody: once a second is enough.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    protected override bool IsOnStage => true;

    protected override string Event => "AudienceChanged";

    protected override int ConversationOf(AudienceQuestionsChanged fact) => fact.ConversationId;

    protected override Task<AudienceSeen?> ReadAsync(int conversation) => questions.OfRoomAsync(Actor.Operator, conversation);

    protected override async Task<object> ToldAsync(AudienceSeen state, string language) =>
        new { conversation = state.Room, html = await renderer.HtmlAsync<AudienceNow>(Languages.CultureOf(language), nameof(AudienceNow.Seen), state) };
}
