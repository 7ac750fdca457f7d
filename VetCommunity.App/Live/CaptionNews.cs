using VetCommunity.App.Conversations;
using VetCommunity.Core;
using VetCommunity.Core.Live;

namespace VetCommunity.App.Live;

/// <summary>Shows all who watch a session what was typed last, apart from the stage: a slide need not be sent once more with each line.</summary>
sealed class CaptionNews(Feed feed, Watchers watchers, Captions captions, FragmentRenderer renderer, Broadcast broadcast, TimeProvider clock, ILogger<CaptionNews> log)
    : BoardNews<CaptionsChanged, StageLines>(TimeSpan.FromMilliseconds(200), feed, watchers, broadcast, clock, log)
{
    protected override bool IsOnStage => true;

    protected override string Event => "CaptionsChanged";

    protected override int ConversationOf(CaptionsChanged fact) => fact.ConversationId;

    protected override Task<StageLines?> ReadAsync(int conversation) => captions.OfRoomAsync(Actor.Operator, conversation);

    protected override async Task<object> ToldAsync(StageLines state, string language) =>
        new { conversation = state.Room, html = await renderer.HtmlAsync<StageCaptions>(Languages.CultureOf(language), nameof(StageCaptions.Now), state) };
}
