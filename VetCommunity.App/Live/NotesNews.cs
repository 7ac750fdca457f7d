using VetCommunity.App.Conversations;
using VetCommunity.Core;
using VetCommunity.Core.Live;

namespace VetCommunity.App.Live;

/// <summary>Shows all who have a session open how its shared notes stand, twice a second at most however many save. Guests do not hear of them.</summary>
sealed class NotesNews(Feed feed, Watchers watchers, SharedNotes notes, FragmentRenderer renderer, Broadcast broadcast, TimeProvider clock, ILogger<NotesNews> log)
    : BoardNews<NotesChanged, NotesSeen>(TimeSpan.FromMilliseconds(500), feed, watchers, broadcast, clock, log)
{
    protected override string Event => "NotesChanged";

    protected override int ConversationOf(NotesChanged fact) => fact.ConversationId;

    protected override Task<NotesSeen?> ReadAsync(int conversation) => notes.OfRoomAsync(Actor.Operator, conversation);

    protected override async Task<object> ToldAsync(NotesSeen state, string language) =>
        new { conversation = state.Room, html = await renderer.HtmlAsync<NotesNow>(Languages.CultureOf(language), nameof(NotesNow.Seen), state) };
}
