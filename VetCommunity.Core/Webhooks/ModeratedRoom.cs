using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Webhooks;

/// <summary>What both kinds of webhooks ask of a room and write of it.</summary>
static class ModeratedRoom
{
    /// <summary>Living webhooks of each kind in one room.</summary>
    public const int Most = 20;

    /// <summary>The most characters of a webhook's name.</summary>
    public const int NameLength = 60;

    /// <summary>The room, for whoever moderates it; for everybody else nothing is there.</summary>
    public static async Task<FoundConversation> FindAsync(CommunityDb context, Actor actor, string room, CancellationToken cancel)
    {
        var found = await Topics.FindRoomAsync(context, actor, room, cancel);
        if (!found.Standing.IsModerator || !actor.IsMember)
            throw new NotFoundException("page");
        await TalkSeats.KeepRulesAsync(context, found.Id, cancel);
        return found;
    }

    public static string CheckedName(string? typed) => PlainText.Name(typed, NameLength);

    /// <summary>A line of the audit log about a room, stored with the next save.</summary>
    public static void Note(this CommunityDb context, DateTimeOffset at, Actor actor, string what, FoundConversation room, string detail) => context.Audit.Add(new()
    {
        At = at,
        ActorId = actor.MemberId,
        What = what,
        Subject = "room:" + room.Address,
        Detail = detail,
    });
}
