using VetCommunity.Core.Conversations;
using static VetCommunity.Core.Conversations.Value;

namespace VetCommunity.Core.Discussion;

/// <summary>A change of a poll: raises the version of its message as any other change of it.</summary>
abstract class PollEntry(Actor actor, string room, long seq) : MessageEntry(actor, room, seq)
{
    protected Asked Poll { get; private set; } = null!;

    protected sealed override async Task<ChangeKind?> ChangeAsync(LogConnection connection, WritingPlace place, Found message, DateTimeOffset now)
    {
        if (message.IsDeleted)
            throw new RefusedException(Refusal.MessageDeleted);
        var row = await connection.RowAsync("""
            SELECT "Options", "Several", "Secret", "EndsAt", "EndedAt" FROM "Polls" WHERE "ConversationId" = @c AND "Seq" = @seq
            """, Int("c", place.Id), Long("seq", Seq)) ?? throw new NotFoundException("poll");
        Poll = new(((string)row[0]!).Split('\n').Length, row[1].Int() == 1, row[2].Int() == 1, row[3] is null ? null : row[3].At(), row[4] is not null);
        return await ChangesAsync(connection, place, message, now) ? ChangeKind.PollChanged : null;
    }

    /// <summary>Refuses, or says whether anything changes. Writes nothing.</summary>
    protected abstract Task<bool> ChangesAsync(LogConnection connection, WritingPlace place, Found message, DateTimeOffset now);

    protected sealed record Asked(int Options, bool Several, bool Secret, DateTimeOffset? EndsAt, bool Ended)
    {
        public bool IsOver(DateTimeOffset now) => Ended || EndsAt <= now;
    }
}

/// <summary>A member's vote, in the place of the one before; without a choice it is taken back.</summary>
sealed class VoteEntry(Actor actor, string room, long seq, int choices) : PollEntry(actor, room, seq)
{
    // Who votes in a secret poll stands with the vote, which has to be changeable, and nowhere else.
    protected override int? RecordedActor => Poll.Secret ? null : base.RecordedActor;

    protected override async Task<bool> ChangesAsync(LogConnection connection, WritingPlace place, Found message, DateTimeOffset now)
    {
        if (message.IsHidden)
            throw new RefusedException(Refusal.MessageHidden);
        if (place.Rule.WhyNotChange(Actor, place.Place) is { } whyNot)
            throw new RefusedException(whyNot);
        if (Poll.IsOver(now))
            throw new RefusedException(Refusal.PollEnded);
        if (choices >> Poll.Options != 0)
            throw new RefusedException(Refusal.PollChoiceUnknown);
        if (!Poll.Several && PollRules.Count(choices) > 1)
            throw new RefusedException(Refusal.PollOneChoice);
        var before = await connection.RowAsync("""
            SELECT "Choices" FROM "Votes" WHERE "ConversationId" = @c AND "Seq" = @seq AND "MemberId" = @actor
            """, Int("c", place.Id), Long("seq", Seq), Int("actor", Actor.MemberId));
        return (before is null ? 0 : before[0].Int()) != choices;
    }

    protected override Task StoreAsync(LogConnection connection, WritingPlace place, Found message, long version, DateTimeOffset now) => choices == 0
        ? connection.DoAsync("""DELETE FROM "Votes" WHERE "ConversationId" = @c AND "Seq" = @seq AND "MemberId" = @actor""",
            Int("c", place.Id), Long("seq", Seq), Int("actor", Actor.MemberId))
        : connection.DoAsync("""
            INSERT INTO "Votes" ("ConversationId", "Seq", "MemberId", "Choices", "At") VALUES (@c, @seq, @actor, @choices, @at)
            ON CONFLICT ("ConversationId", "Seq", "MemberId") DO UPDATE SET "Choices" = @choices, "At" = @at
            """, Int("c", place.Id), Long("seq", Seq), Int("actor", Actor.MemberId), Int("choices", choices), At("at", now));
}

/// <summary>No more votes, and everybody sees the result. Where its time is over nobody ended it.</summary>
/// <param name="actor">Who asked, or a moderator.</param>
/// <param name="room">Where.</param>
/// <param name="seq">The message.</param>
/// <param name="ifDue">Only where its time is over.</param>
sealed class EndPollEntry(Actor actor, string room, long seq, bool ifDue = false) : PollEntry(actor, room, seq)
{
    protected override Task<bool> ChangesAsync(LogConnection connection, WritingPlace place, Found message, DateTimeOffset now)
    {
        var asked = message.IsMine && place.Rule.WhyNotPost(Actor, place.Place) is null;
        if (!asked && !place.Rule.Moderates(Actor, place.Place))
            throw new RefusedException(Refusal.NotYourPoll);
        return Task.FromResult(!Poll.Ended && (!ifDue || Poll.IsOver(now)));
    }

    protected override Task StoreAsync(LogConnection connection, WritingPlace place, Found message, long version, DateTimeOffset now)
    {
        var (at, by) = Poll.IsOver(now) ? (Poll.EndsAt!.Value, null) : (now, RecordedActor);
        return connection.DoAsync("""UPDATE "Polls" SET "EndedAt" = @at, "EndedById" = @by WHERE "ConversationId" = @c AND "Seq" = @seq""",
            At("at", at), Int("by", by), Int("c", place.Id), Long("seq", Seq));
    }
}

static class PollStatements
{
    public static Task InsertPollAsync(this LogConnection connection, int conversation, long seq, NewPoll poll) => connection.DoAsync("""
        INSERT INTO "Polls" ("ConversationId", "Seq", "Options", "Several", "Secret", "Results", "EndsAt") VALUES (@c, @seq, @options, @several, @secret, @results, @ends)
        """, Int("c", conversation), Long("seq", seq), Text("options", string.Join('\n', poll.Options)), Int("several", poll.Several ? 1 : 0), Int("secret", poll.Secret ? 1 : 0),
        Int("results", (int)poll.Results), Long("ends", poll.EndsAt?.ToUnixTimeMilliseconds()));
}
