using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Moderation;

/// <summary>What a room's moderators set.</summary>
/// <param name="Title">1 to 100 characters.</param>
/// <param name="Purpose">One sentence, at most 300 characters.</param>
/// <param name="SlowSeconds">One of <see cref="RoomSettings.Slow"/>.</param>
/// <param name="OnlySpeakers">Only moderators and speakers write.</param>
public sealed record RoomSetting(string Title, string Purpose, int SlowSeconds, bool OnlySpeakers);

/// <summary>How a room is set, and who speaks in it.</summary>
public sealed record RoomSet(FoundConversation Room, RoomSetting Setting, IReadOnlyList<Person> Speakers);

/// <summary>How a room is kept by its moderators: its words, how fast one writes, and who writes.</summary>
public sealed class RoomSettings(CommunityDbFactory db)
{
    /// <summary>Seconds that can lie between two messages of one member; 0 is none.</summary>
    public static IReadOnlyList<int> Slow { get; } = [0, 10, 30, 60, 300, 900, 3600];

    /// <summary>How the room is set now.</summary>
    /// <exception cref="NotFoundException">Absent, or the actor does not moderate it.</exception>
    public async Task<RoomSet> FindAsync(Actor actor, string room, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var found = await ModeratedAsync(context, actor, room, cancel);
        var setting = await context.Conversations.Where(c => c.Id == found.Id).Select(c => new RoomSetting(c.Title, c.Purpose, c.SlowSeconds, c.OnlySpeakers == 1)).FirstAsync(cancel);
        var speakers = await context.Memberships.Where(m => m.ConversationId == found.Id && m.Role == MembershipRole.Speaker)
            .Join(context.Users, m => m.MemberId, u => u.Id, (_, u) => u).OrderBy(u => u.DisplayName).ThenBy(u => u.Id).Take(200)
            .Select(u => new Person(u.Handle, u.DisplayName, u.PictureVersion)).ToListAsync(cancel);
        return new(found, setting, speakers);
    }

    /// <summary>Sets the room anew, if it still is as the moderator saw it.</summary>
    /// <param name="actor">A moderator of the room.</param>
    /// <param name="room">Which room.</param>
    /// <param name="seen">How the moderator saw it.</param>
    /// <param name="wanted">How it is to be.</param>
    /// <param name="cancel">Gives up.</param>
    /// <exception cref="NotFoundException">Absent, or the actor does not moderate it.</exception>
    /// <exception cref="RefusedException">Title, purpose or pace refuse, or somebody else set it meanwhile.</exception>
    public async Task SaveAsync(Actor actor, string room, RoomSetting seen, RoomSetting wanted, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var found = await ModeratedAsync(context, actor, room, cancel);
        var title = PlainText.Line(wanted.Title);
        if (title.Length is 0 or > 100)
            throw new RefusedException(Refusal.BadTitle, 100);
        var purpose = PlainText.Within(PlainText.Line(wanted.Purpose), 300);
        if (!Slow.Contains(wanted.SlowSeconds))
            throw new RefusedException(Refusal.BadChoice);
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var (before, after) = (seen.OnlySpeakers ? 1 : 0, wanted.OnlySpeakers ? 1 : 0);
        var changed = await context.Conversations
            .Where(c => c.Id == found.Id && c.Title == seen.Title && c.Purpose == seen.Purpose && c.SlowSeconds == seen.SlowSeconds && c.OnlySpeakers == before)
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.Title, title).SetProperty(c => c.Purpose, purpose)
                .SetProperty(c => c.SlowSeconds, wanted.SlowSeconds).SetProperty(c => c.OnlySpeakers, after), cancel);
        if (changed == 0)
            throw new RefusedException(Refusal.ChangedElsewhere);
        Note(context, actor, found, FormattableString.Invariant($"slow {wanted.SlowSeconds}, speakers only {after}"), "room.set");
        await context.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Names somebody who is in the room as a speaker, or takes that back.</summary>
    /// <returns>The member's name.</returns>
    /// <exception cref="NotFoundException">Absent, or the actor does not moderate it.</exception>
    /// <exception cref="RefusedException">Nobody of that name is in the room, or a moderator, who writes anyway.</exception>
    public async Task<string> SpeakAsync(Actor actor, string room, string? handle, bool speaks, CancellationToken cancel = default)
    {
        await using var context = db.CreateDbContext();
        var found = await ModeratedAsync(context, actor, room, cancel);
        var typed = PlainText.Line(handle);
        var name = PlainText.Handle(handle);
        var member = await context.Users.WithAccount().Where(u => u.Handle == name).Select(u => new { u.Id, u.DisplayName }).FirstOrDefaultAsync(cancel)
            ?? throw new RefusedException(Refusal.UnknownMember, typed);
        var (before, after) = speaks ? (MembershipRole.Participant, MembershipRole.Speaker) : (MembershipRole.Speaker, MembershipRole.Participant);
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        var changed = await context.Memberships.Where(m => m.ConversationId == found.Id && m.MemberId == member.Id && m.Role == before)
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.Role, after), cancel);
        if (changed > 0)
        {
            Note(context, actor, found, "@" + name, speaks ? "speaker.named" : "speaker.unnamed");
            await context.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }
        else if (speaks && !await context.Memberships.AnyAsync(m => m.ConversationId == found.Id && m.MemberId == member.Id, cancel))
        {
            throw new RefusedException(Refusal.NotInRoom, member.DisplayName);
        }
        return member.DisplayName;
    }

    static void Note(CommunityDb context, Actor actor, FoundConversation room, string detail, string what) => context.Audit.Add(new()
    {
        At = context.Clock.GetUtcNow(),
        ActorId = actor.IsMember ? actor.MemberId : null,
        What = what,
        Subject = "room:" + room.Address,
        Detail = detail,
    });

    /// <summary>The room, for whoever says how it is run.</summary>
    /// <exception cref="NotFoundException">Absent, or nothing that the actor runs.</exception>
    internal static async Task<FoundConversation> ModeratedAsync(CommunityDb context, Actor actor, string room, CancellationToken cancel)
    {
        var found = await AllConversations.FindAsync(context, actor, room, cancel);
        if (found.Kind != ConversationKind.Room || !found.Standing.IsModerator)
            throw new NotFoundException("room");
        await TalkSeats.KeepRulesAsync(context, found.Id, cancel);
        return found;
    }
}
