using VetCommunity.Core.Conversations;
using VetCommunity.Core.Noticing;
using static VetCommunity.Core.Conversations.Value;

namespace VetCommunity.Core.Moderation;

/// <summary>What a decision changed, to be told after the commit.</summary>
sealed record Decided(int Id, int ConversationId, int? MemberId, MemberMeasure Member, IReadOnlyList<string> Attachments);

/// <summary>
/// A decision about a message: stored, and done, in one transaction of the message log. So of two who decide at once the second sees the
/// first one's decision, and nobody ever reads of a measure that was not taken.
/// </summary>
sealed class DecideEntry(Actor actor, string conversation, long seq, Ruling ruling) : LogEntry<Decided>
{
    protected override async Task<Decided> WriteAsync(LogConnection connection, DateTimeOffset now)
    {
        var (place, isSuspended) = await WritingPlace.FindAsync(connection, actor, conversation, now);
        ConversationId = place.Id;
        if (isSuspended || !await connection.IsInChargeAsync(actor, place, seq))
            throw new NotFoundException("message");
        var message = await connection.JudgedAsync(place.Id, seq) ?? throw new NotFoundException("message");
        var last = await connection.RowAsync("""
            SELECT d."Round", m."DisplayName" FROM "Decisions" d LEFT JOIN "Members" m ON m."Id" = d."ById" WHERE d."ConversationId" = @c AND d."Seq" = @seq ORDER BY d."Round" DESC LIMIT 1
            """, Int("c", place.Id), Long("seq", seq));
        if ((last is null ? 0 : last[0].Int()) != ruling.Round)
            throw new RefusedException(Refusal.AlreadyDecided, (string?)last?[1] ?? "");
        if (message.AuthorId is { } author && author == actor.MemberId)
            throw new RefusedException(Refusal.OwnCase);
        var measure = message.IsDeleted ? MessageMeasure.Left : ruling.Message;
        if (ruling.Member != MemberMeasure.None)
            await CheckMemberAsync(connection, place, message);

        var quote = message.IsDeleted ? await connection.QuotedAsync(place.Id, seq) : await connection.QuoteAsync(place.Id, seq, message.Markdown);
        var until = ruling.Member == MemberMeasure.None ? (DateTimeOffset?)null : now.AddDays(ruling.Days);
        // The index is the judge: another process may have decided since the line above.
        var decided = await connection.RowAsync("""
            INSERT INTO "Decisions" ("ConversationId", "Seq", "Round", "MemberId", "Message", "Member", "Until", "Ground", "Reason", "Quote", "AfterReports", "ById", "At")
            VALUES (@c, @seq, @round, @member, @message, @measure, @until, @ground, @reason, @quote,
                CASE WHEN EXISTS (SELECT 1 FROM "Reports" r WHERE r."ConversationId" = @c AND r."Seq" = @seq AND r."DecisionId" IS NULL AND r."Id" <= @last) THEN 1 ELSE 0 END, @by, @at)
            ON CONFLICT DO NOTHING RETURNING "Id"
            """, Int("c", place.Id), Long("seq", seq), Int("round", ruling.Round + 1), Int("member", message.AuthorId), Int("message", (int)measure),
            Int("measure", (int)ruling.Member), Long("until", until?.ToUnixTimeMilliseconds()), Int("ground", (int)ruling.Ground), Text("reason", ruling.Reason),
            Text("quote", quote), Int("last", ruling.LastReport), Int("by", actor.MemberId), At("at", now)) ?? throw new RefusedException(Refusal.AlreadyDecided, "");
        var id = decided[0].Int();
        // What came in while the moderator was reading is not answered by this.
        await connection.DoAsync("""
            UPDATE "Reports" SET "DecisionId" = @id WHERE "ConversationId" = @c AND "Seq" = @seq AND "DecisionId" IS NULL AND "Id" <= @last
            """, Int("id", id), Int("c", place.Id), Long("seq", seq), Int("last", ruling.LastReport));
        IReadOnlyList<string> attachments = [];
        if (measure == MessageMeasure.Removed)
            attachments = await RemoveAsync(connection, place, message, now);
        else if (measure == MessageMeasure.Hidden)
            Changes.Add(await connection.HideAsync(place, message, id, actor, now));
        else if (message.HiddenById is not null)
            Changes.Add(await connection.UnhideAsync(place, message, actor, now));
        if (message.AuthorId is { } member && (ruling.Member != MemberMeasure.None || ruling.Round > 0))
            await connection.RestrictAsync(place, member, now);
        if (message.AuthorId is { } told)
            await connection.TellAsync(Telling.Decided(told, id), now);
        connection.Note(now, actor, "message.decided", message.AuthorId, place, seq, $"{measure} {ruling.Member}");
        return new(id, place.Id, message.AuthorId, ruling.Member, attachments);
    }

    static async Task CheckMemberAsync(LogConnection connection, WritingPlace place, JudgedMessage message)
    {
        if (place.Kind != ConversationKind.Room || message.AuthorId is not { } author)
            throw new RefusedException(Refusal.BadChoice);
        var member = await connection.RowAsync("""
            SELECT a."DisplayName", a."Roles", m."Role" FROM "Members" a
            LEFT JOIN "Memberships" m ON m."ConversationId" = @c AND m."MemberId" = a."Id" WHERE a."Id" = @author
            """, Int("c", place.Id), Int("author", author)) ?? throw new NotFoundException("member");
        var roles = (Members.Roles)member[1].Int();
        if ((member[2] is not null && member[2].Int() == (int)MembershipRole.Moderator) || Members.Rights.Of(roles).Contains(Members.Act.ModerateRooms))
            throw new RefusedException(Refusal.ModeratesHere, (string)member[0]!);
    }

    async Task<IReadOnlyList<string>> RemoveAsync(LogConnection connection, WritingPlace place, JudgedMessage message, DateTimeOffset now)
    {
        var attachments = await connection.EraseAsync(place.Id, seq, message.SearchId, message.Markdown, now);
        Changes.Add(await connection.ChangeAsync(place.Id, seq, ChangeKind.Deleted, actor.MemberId, now));
        return attachments;
    }
}

/// <summary>An appeal decided, by somebody else than the first moderator; lifting undoes what the decision did, in the same transaction.</summary>
sealed class AnswerAppealEntry(Actor actor, int decision, AppealOutcome outcome, string reason) : LogEntry<Decided>
{
    protected override async Task<Decided> WriteAsync(LogConnection connection, DateTimeOffset now)
    {
        var row = await connection.RowAsync("""
            SELECT d."ConversationId", d."Seq", d."MemberId", d."ById", a."Outcome", m."DisplayName", d."Member"
            FROM "Decisions" d JOIN "Appeals" a ON a."DecisionId" = d."Id" LEFT JOIN "Members" m ON m."Id" = a."DecidedById" WHERE d."Id" = @id
            """, Int("id", decision)) ?? throw new NotFoundException("appeal");
        var seq = row[1].Long();
        var (place, isSuspended) = await WritingPlace.FindAsync(connection, actor, row[0].Int().ToString(System.Globalization.CultureInfo.InvariantCulture), now);
        ConversationId = place.Id;
        if (isSuspended || !await connection.IsInChargeAsync(actor, place, seq))
            throw new NotFoundException("appeal");
        var author = row[2].Int();
        if (author == actor.MemberId)
            throw new RefusedException(Refusal.OwnCase);
        if (row[4] is not null)
            throw new RefusedException(Refusal.AppealDecided, (string?)row[5] ?? "");
        if (row[3].Int() == actor.MemberId)
            throw new RefusedException(Refusal.AnotherDecides);

        if (await connection.RowAsync("""
            UPDATE "Appeals" SET "Outcome" = @outcome, "Reason" = @reason, "DecidedById" = @by, "DecidedAt" = @at WHERE "DecisionId" = @id AND "Outcome" IS NULL RETURNING "DecisionId"
            """, Int("outcome", (int)outcome), Text("reason", reason), Int("by", actor.MemberId), At("at", now), Int("id", decision)) is null)
            throw new RefusedException(Refusal.AppealDecided, "");
        await connection.DoAsync("""UPDATE "Decisions" SET "SeenAt" = NULL WHERE "Id" = @id""", Int("id", decision));
        if (outcome == AppealOutcome.Lifted)
        {
            var message = await connection.JudgedAsync(place.Id, seq);
            if (message is { IsDeleted: false } && message.HiddenById == decision)
                Changes.Add(await connection.UnhideAsync(place, message, actor, now));
            await connection.RestrictAsync(place, author, now);
        }
        await connection.TellAsync(Telling.Decided(author, -decision), now);
        connection.Note(now, actor, "appeal.decided", author, place, seq, outcome.ToString());
        return new(decision, place.Id, author, MemberMeasure.None, []);
    }
}
