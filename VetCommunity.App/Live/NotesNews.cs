using VetCommunity.App.Conversations;
using VetCommunity.Core;
using VetCommunity.Core.Live;

namespace VetCommunity.App.Live;

/// <summary>Says to all who have a session open that its shared notes were written in or closed, twice a second at most however many save. Guests do not hear of them. Whoever has the notes open fetches the text by their own right.</summary>
sealed class NotesNews(Feed feed, Watchers watchers, SharedNotes notes, Broadcast broadcast, TimeProvider clock, ILogger<NotesNews> log)
    : BoardNews<NotesChanged, NotesMove>(TimeSpan.FromMilliseconds(500), feed, watchers, broadcast, clock, log)
{
    protected override string Event => "NotesChanged";

    protected override int ConversationOf(NotesChanged fact) => fact.ConversationId;

    protected override Task<NotesMove?> ReadAsync(int conversation) => notes.OfRoomAsync(Actor.Operator, conversation);

    protected override Task<object> ToldAsync(NotesMove state, string language) => Task.FromResult<object>(new { conversation = state.Room, number = state.Number, closed = state.IsClosed });
}
