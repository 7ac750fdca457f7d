using System.Globalization;
using VetCommunity.App.Conversations;
using VetCommunity.Core;
using VetCommunity.Core.OfficeHours;

namespace VetCommunity.App.OfficeHours;

/// <summary>Shows all who watch a room how its queue stands now. Many who join in the same moment are shown together.</summary>
sealed class HoursNews(Feed feed, Watchers watchers, Queues queues, FragmentRenderer renderer, Broadcast broadcast, TimeProvider clock, ILogger<HoursNews> log)
    : BoardNews<OfficeHoursChanged, HoursState>(TimeSpan.FromMilliseconds(250), feed, watchers, broadcast, clock, log)
{
    protected override string Event => "HoursChanged";

    protected override int ConversationOf(OfficeHoursChanged fact) => fact.ConversationId;

    protected override Task<HoursState?> ReadAsync(int conversation) => queues.StateAsync(Actor.Operator, conversation);

    protected override async Task<object> ToldAsync(HoursState state, string language) =>
        new { conversation = state.Address, html = await renderer.HtmlAsync<HoursNow>(CultureInfo.GetCultureInfo(language), nameof(HoursNow.State), state) };
}
