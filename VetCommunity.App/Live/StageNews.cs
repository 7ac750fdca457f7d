using VetCommunity.App.Conversations;
using VetCommunity.Core;
using VetCommunity.Core.Live;

namespace VetCommunity.App.Live;

/// <summary>Shows all who watch a session what is on its stage now. A slide is to be there at once; what many do in the same moment is shown together.</summary>
sealed class StageNews(Feed feed, Watchers watchers, Stages stages, FragmentRenderer renderer, Broadcast broadcast, TimeProvider clock, ILogger<StageNews> log)
    : BoardNews<SessionChanged, StageState>(TimeSpan.FromMilliseconds(50), feed, watchers, broadcast, clock, log)
{
    protected override bool IsOnStage => true;

    protected override string Event => "StageChanged";

    protected override int ConversationOf(SessionChanged fact) => fact.ConversationId;

    protected override Task<StageState?> ReadAsync(int conversation) => stages.OfRoomAsync(Actor.Operator, conversation);

    protected override Task<object> ToldAsync(StageState state, string language) => ToldAsync(renderer, state, language);

    internal static async Task<object> ToldAsync(FragmentRenderer renderer, StageState state, string language) =>
        new { conversation = state.Room, version = state.Version, html = await renderer.HtmlAsync<StageNow>(Languages.CultureOf(language), nameof(StageNow.State), state) };
}
