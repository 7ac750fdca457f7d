using System.Runtime.InteropServices;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Conversations;

/// <summary>
/// Who may read and write in conversations of one kind. A rule sees only what the message log reads in the same transaction in which
/// it writes, so an answer cannot be outdated when the message is stored.
/// </summary>
public abstract class ConversationRule
{
    /// <summary>The rule of a kind.</summary>
    public static ConversationRule Of(ConversationKind kind) => kind switch
    {
        ConversationKind.Room => RoomRule.Instance,
        ConversationKind.Direct => DirectRule.Instance,
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "no rule for this kind"),
    };

    /// <summary>Whether the actor sees the conversation at all; otherwise it looks absent.</summary>
    public abstract bool MayRead(Actor actor, Place place);

    /// <summary>Null where the actor may write now, otherwise why not.</summary>
    public abstract Refusal? WhyNotPost(Actor actor, Place place);

    /// <summary>Null where the actor may change what stands there (edit, react), otherwise why not.</summary>
    public virtual Refusal? WhyNotChange(Actor actor, Place place) => WhyNotPost(actor, place);

    /// <summary>How long the actor still has to wait before writing again.</summary>
    public TimeSpan Wait(Actor actor, Place place, Pace pace, DateTimeOffset now) =>
        pace.SlowSeconds == 0 || Moderates(actor, place) ? TimeSpan.Zero : pace.Last + TimeSpan.FromSeconds(pace.SlowSeconds) - now;

    /// <summary>Whether the actor deletes and moves other people's messages.</summary>
    public virtual bool Moderates(Actor actor, Place place) => place.Role == MembershipRole.Moderator;

    /// <summary>All of it at once.</summary>
    public Standing Judge(Actor actor, Place place, long lastReadSeq = 0)
    {
        var reads = MayRead(actor, place);
        var whyNot = WhyNotPost(actor, place);
        return new(reads, reads && whyNot is null, whyNot, place.Role is not null, reads && Moderates(actor, place), lastReadSeq);
    }

    /// <summary>What a rule judges by.</summary>
    /// <param name="IsOpen">Any member may read and join.</param>
    /// <param name="Ended">It takes no more messages.</param>
    /// <param name="Role">The actor's place in it, null for none.</param>
    /// <param name="IsBanned">Moderators took the actor out of it, and that has not ended.</param>
    /// <param name="IsMuted">Moderators let the actor only read, and that has not ended.</param>
    /// <param name="OnlySpeakers">Only its moderators and speakers write.</param>
    public readonly record struct Place(
        bool IsOpen, bool Ended, MembershipRole? Role, bool IsBanned = false, bool IsMuted = false, bool OnlySpeakers = false);

    /// <summary>How fast one may write.</summary>
    /// <param name="SlowSeconds">Seconds between two messages of one member; 0: none.</param>
    /// <param name="Last">When the actor last wrote, or came in: else leaving and coming back would be a way around.</param>
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Pace(int SlowSeconds, DateTimeOffset Last);

    sealed class RoomRule : ConversationRule
    {
        public static readonly RoomRule Instance = new();

        // Reading an open room needs an account: what people say to colleagues is not for search engines.
        public override bool MayRead(Actor actor, Place place) => actor.May(Act.TakePart) && !place.IsBanned
            && (place.IsOpen || (place.Role is { } role && (role != MembershipRole.Reviewer || actor.May(Act.EditPractices))));

        public override Refusal? WhyNotPost(Actor actor, Place place) => WhyNotChange(actor, place)
            ?? (place.OnlySpeakers && place.Role != MembershipRole.Speaker && !Moderates(actor, place) ? Refusal.OnlySpeakers : null);

        public override Refusal? WhyNotChange(Actor actor, Place place) =>
            place.Ended ? Refusal.ConversationClosed : place.Role is null ? Refusal.JoinFirst : place.IsMuted ? Refusal.Muted : null;

        public override bool Moderates(Actor actor, Place place) => base.Moderates(actor, place) || actor.May(Act.ModerateRooms);
    }

    sealed class DirectRule : ConversationRule
    {
        public static readonly DirectRule Instance = new();

        public override bool MayRead(Actor actor, Place place) => place.Role is not null;

        public override Refusal? WhyNotPost(Actor actor, Place place) => place.Ended ? Refusal.ConversationClosed : null;

        // Nobody stands above two people who talk alone.
        public override bool Moderates(Actor actor, Place place) => false;
    }
}
