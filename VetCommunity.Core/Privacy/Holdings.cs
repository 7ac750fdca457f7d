using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Auditing;
using VetCommunity.Core.Bridging;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Documents;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Core.Live;
using VetCommunity.Core.Members;
using VetCommunity.Core.Moderation;
using VetCommunity.Core.Noticing;
using VetCommunity.Core.OfficeHours;
using VetCommunity.Core.Webhooks;

namespace VetCommunity.Core.Privacy;

/// <summary>
/// Every table in which something of a member stands, and what becomes of it. A test compares the list with the model: a table or a member's number that is
/// not in it is red.
/// </summary>
static class Holdings
{
    /// <summary>In the order in which an erasure goes through them.</summary>
    public static readonly IReadOnlyList<Holding> All =
    [
        // The account and what opens it.
        Holding.Emptied<Member>([], erase: null, "account", id => m => m.Id == id,
            nameof(Member.PasswordHash), nameof(Member.SecurityStamp), nameof(Member.ConcurrencyStamp), nameof(Member.NormalizedEmail), nameof(Member.NormalizedUserName), nameof(Member.GuestOf)),
        Holding.Goes<Picture>("", nameof(Picture.MemberId), id => p => p.MemberId == id, nameof(Picture.Jpeg)),
        Holding.Goes<IdentityUserClaim<int>>("claims", nameof(IdentityUserClaim<int>.UserId), id => c => c.UserId == id),
        Holding.Goes<IdentityUserLogin<int>>("logins", nameof(IdentityUserLogin<int>.UserId), id => l => l.UserId == id),
        Holding.Goes<IdentityUserToken<int>>("codes", nameof(IdentityUserToken<int>.UserId), id => t => t.UserId == id, nameof(IdentityUserToken<int>.Value)),
        Holding.Goes<Passkey>("passkeys", nameof(Passkey.MemberId), id => p => p.MemberId == id, nameof(Passkey.CredentialId)),
        Holding.Goes<IdentityUserPasskey<int>>("", nameof(IdentityUserPasskey<int>.UserId), id => p => p.UserId == id, nameof(IdentityUserPasskey<int>.CredentialId)),
        Holding.Goes<AccountLink>("links-in-mails", nameof(AccountLink.MemberId), id => l => l.MemberId == id, nameof(AccountLink.CodeHash), nameof(AccountLink.PasswordHash)),
        Holding.Goes<SecondFactor>("", nameof(SecondFactor.MemberId), id => f => f.MemberId == id, nameof(SecondFactor.SealedKey)),
        Holding.Goes<RecoveryCode>("", nameof(RecoveryCode.MemberId), id => c => c.MemberId == id, nameof(RecoveryCode.Hash)),
        Holding.Goes<Session>("sessions", nameof(Session.MemberId), id => s => s.MemberId == id, nameof(Session.Id), nameof(Session.Key), nameof(Session.Stamp)),
        Holding.Goes<AccessToken>("access-tokens", nameof(AccessToken.MemberId), id => t => t.MemberId == id, nameof(AccessToken.Hash)),
        // Whom somebody invited is the other one's address.
        Holding.Emptied<Invitation>([nameof(Invitation.ById), nameof(Invitation.UsedById)], InvitationsAsync, "invitations", id => i => i.ById == id,
            nameof(Invitation.CodeHash), nameof(Invitation.Email), nameof(Invitation.UsedById)),
        Holding.Goes<Acceptance>("consents", nameof(Acceptance.MemberId), id => a => a.MemberId == id),
        Holding.Goes<DataExport>("", nameof(DataExport.MemberId), id => e => e.MemberId == id),
        Holding.Stays<Erasure>([nameof(Erasure.MemberId), nameof(Erasure.AskedById)], "erasure", id => e => e.MemberId == id, nameof(Erasure.AskedById)),
        Holding.Emptied<AuditEntry>([nameof(AuditEntry.ActorId)], AuditAsync, "audit", AboutOrBy, nameof(AuditEntry.ActorId),
            nameof(AuditEntry.Number), nameof(AuditEntry.Salt), nameof(AuditEntry.Digest), nameof(AuditEntry.Hash), nameof(AuditEntry.Seal)),

        // Places in rooms and what is kept for oneself there. Who talked alone with somebody stays there as nobody, so that the other one can go on reading.
        new(typeof(Membership), Leaving.Goes, [nameof(Membership.MemberId)], (db, member, cancel) => db.Memberships
            .Where(m => m.MemberId == member && db.Conversations.Any(c => c.Id == m.ConversationId && c.Kind == ConversationKind.Room)).ExecuteDeleteAsync(cancel),
            (db, member) => db.Memberships.AsNoTracking().Where(m => m.MemberId == member), "memberships", []),
        Holding.Goes<Draft>("drafts", nameof(Draft.MemberId), id => d => d.MemberId == id),
        Holding.Goes<ScheduledMessage>("scheduled-messages", nameof(ScheduledMessage.MemberId), id => s => s.MemberId == id),
        Holding.Goes<Involvement>("followed-topics", nameof(Involvement.MemberId), id => i => i.MemberId == id),
        Holding.Goes<Mention>("mentions", nameof(Mention.MemberId), id => m => m.MemberId == id),
        Holding.Emptied<Notice>([nameof(Notice.MemberId), nameof(Notice.ById)], (db, member, cancel) => db.Notices.Where(n => n.MemberId == member).ExecuteDeleteAsync(cancel),
            "notices", id => n => n.MemberId == id, nameof(Notice.ById)),
        Holding.Goes<NoticeSettings>("notice-settings", nameof(NoticeSettings.MemberId), id => s => s.MemberId == id),
        Holding.Goes<RoomWish>("room-wishes", nameof(RoomWish.MemberId), id => w => w.MemberId == id),
        Holding.Goes<RoomHost>("hosted-rooms", nameof(RoomHost.MemberId), id => h => h.MemberId == id),
        Holding.Emptied<QueuePlace>([nameof(QueuePlace.MemberId), nameof(QueuePlace.HostId)],
            (db, member, cancel) => db.QueuePlaces.Where(q => q.MemberId == member).ExecuteDeleteAsync(cancel), "queue-places", id => q => q.MemberId == id, nameof(QueuePlace.HostId)),

        // What was written. The log does it, in steps: see Erasing.
        Holding.Emptied<Message>([nameof(Message.AuthorId)], erase: null),
        new(typeof(Reaction), Leaving.Goes, [nameof(Reaction.MemberId)], null, (db, member) => db.Reactions.AsNoTracking().Where(r => r.MemberId == member), "reactions", []),
        Holding.Emptied<Attachment>([nameof(Attachment.UploaderId)], erase: null, "files", id => a => a.UploaderId == id),
        Holding.Stays<Vote>([nameof(Vote.MemberId)], "votes", id => v => v.MemberId == id),
        Holding.Stays<Poll>([nameof(Poll.EndedById)]),
        Holding.Stays<ConversationEvent>([nameof(ConversationEvent.ActorId)]),
        Holding.Stays<Resolution>([nameof(Resolution.ById), nameof(Resolution.ReopenedById)], "outcomes", id => r => r.ById == id, nameof(Resolution.ReopenedById)),
        Holding.Stays<Enquiry>([nameof(Enquiry.AnsweredById)]),

        // What others see as the room's.
        Holding.Stays<Conversation>([nameof(Conversation.CreatedById)], "rooms-made", id => c => c.CreatedById == id && c.Kind == ConversationKind.Room),
        Holding.Stays<Pin>([nameof(Pin.ById)], "pins", id => p => p.ById == id),
        Holding.Stays<IncomingWebhook>([nameof(IncomingWebhook.MadeById), nameof(IncomingWebhook.EndedById)], "programs-that-post", id => w => w.MadeById == id,
            nameof(IncomingWebhook.Hash), nameof(IncomingWebhook.SealedSecret), nameof(IncomingWebhook.EndedById)),
        Holding.Stays<OutgoingWebhook>([nameof(OutgoingWebhook.MadeById), nameof(OutgoingWebhook.PausedById), nameof(OutgoingWebhook.EndedById)], "programs-that-hear",
            id => w => w.MadeById == id, nameof(OutgoingWebhook.SealedSecret), nameof(OutgoingWebhook.PausedById), nameof(OutgoingWebhook.EndedById)),

        // Drafts go with who makes them; whose words others want to quote is asked no more.
        Holding.Emptied<Quote>([nameof(Quote.AuthorId)], QuotesAsync, "quotes", id => q => q.AuthorId == id),
        Holding.Emptied<PracticeDraft>([nameof(PracticeDraft.ById), nameof(PracticeDraft.ChangedById)],
            (db, member, cancel) => db.PracticeDrafts.Where(d => d.ById == member).ExecuteDeleteAsync(cancel), "practice-drafts", id => d => d.ById == id, nameof(PracticeDraft.ChangedById)),

        // What was stored is the document's, which others read, translate and cite; what was not stored goes.
        Holding.Goes<DocumentDraft>("document-drafts", nameof(DocumentDraft.MemberId), id => d => d.MemberId == id),
        Holding.Stays<Revision>([nameof(Revision.AuthorId)], "revisions", id => r => r.AuthorId == id, nameof(Revision.FormKey)),
        Holding.Stays<Document>([nameof(Document.CreatedById), nameof(Document.DeletedById)], "documents", id => d => d.CreatedById == id, nameof(Document.FormKey), nameof(Document.DeletedById)),
        Holding.Stays<LanguageVersion>([nameof(LanguageVersion.CreatedById)]),
        Holding.Stays<SectionTranslation>([nameof(SectionTranslation.ById)]),
        Holding.Stays<Submission>([nameof(Submission.ById), nameof(Submission.EndedById)], "submissions", id => s => s.ById == id, nameof(Submission.EndedById)),
        Holding.Emptied<Comment>([nameof(Comment.AuthorId), nameof(Comment.EndedById)],
            (db, member, cancel) => db.Comments.Where(c => c.AuthorId == member).ExecuteUpdateAsync(set => set.SetProperty(c => c.Text, "").SetProperty(c => c.Suggestion, (string?)null), cancel),
            "comments", id => c => c.AuthorId == id, nameof(Comment.FormKey), nameof(Comment.EndedById)),
        Holding.Stays<Approval>([nameof(Approval.MemberId)], "approvals", id => a => a.MemberId == id),
        Holding.Stays<Adoption>([nameof(Adoption.MemberId)], "adoptions", id => a => a.MemberId == id),
        Holding.Stays<Publication>([nameof(Publication.ById), nameof(Publication.EndedById)], "publications", id => p => p.ById == id, nameof(Publication.EndedById)),
        Holding.Stays<PracticeTemplate>([nameof(PracticeTemplate.ById)], "practice-templates", id => t => t.ById == id),
        Holding.Goes<SavedSearch>("saved-searches", nameof(SavedSearch.MemberId), id => s => s.MemberId == id, nameof(SavedSearch.Key)),
        Holding.Stays<Recheck>([nameof(Recheck.ById)], "practices-looked-at", id => r => r.ById == id),
        // What is put together for others stays theirs to read, as the practices do.
        Holding.Stays<PracticeCollection>([nameof(PracticeCollection.ById)], "collections", id => c => c.ById == id, nameof(PracticeCollection.FormKey)),

        // The log of a session is its record, by numbers; the place in it, a hand that is up and what was answered go.
        Holding.Goes<SessionPlace>("session-places", nameof(SessionPlace.MemberId), id => p => p.MemberId == id),
        Holding.Goes<SessionRequest>("session-requests", nameof(SessionRequest.MemberId), id => r => r.MemberId == id),
        Holding.Goes<SessionCertificate>("session-certificates", nameof(SessionCertificate.MemberId), id => c => c.MemberId == id),
        Holding.Goes<CalendarFeed>("session-calendar", nameof(CalendarFeed.MemberId), id => f => f.MemberId == id, nameof(CalendarFeed.Hash)),
        Holding.Goes<SessionCall>("", nameof(SessionCall.MemberId), id => c => c.MemberId == id),
        Holding.Goes<SessionPresence>("session-attendance", nameof(SessionPresence.MemberId), id => p => p.MemberId == id),
        Holding.Goes<RaisedHand>("", nameof(RaisedHand.MemberId), id => h => h.MemberId == id),
        // What guests answered stays counted, under a number behind which there is nobody: their rows go by the calendar and not because somebody wishes it, and a session's results are not to change by themselves.
        Holding.Goes<SessionAnswer>("session-answers", nameof(SessionAnswer.MemberId), id => a => a.MemberId == id) with
        {
            EraseAsync = (db, member, cancel) => db.SessionAnswers.Where(a => a.MemberId == member && db.Users.WithAccount().Any(u => u.Id == a.MemberId)).ExecuteDeleteAsync(cancel),
        },
        Holding.Goes<RegistrationAnswer>("registration-answers", nameof(RegistrationAnswer.MemberId), id => a => a.MemberId == id),
        // Votes for what goes go with it.
        Holding.Goes<AudienceVote>("audience-votes", nameof(AudienceVote.MemberId), id => v => v.MemberId == id),
        Holding.Goes<AudienceQuestion>("audience-questions", nameof(AudienceQuestion.ById), id => q => q.ById == id),
        Holding.Stays<SessionEvent>([nameof(SessionEvent.ById), nameof(SessionEvent.MemberId)], "session-events", id => e => e.ById == id, nameof(SessionEvent.MemberId)),
        // What was said by others, as somebody typed it.
        Holding.Stays<SessionCaption>([nameof(SessionCaption.ById)], "session-captions", id => c => c.ById == id, nameof(SessionCaption.Folded), nameof(SessionCaption.Key)),
        // What several wrote together is the session's.
        Holding.Stays<SessionText>([nameof(SessionText.ById)], "session-texts", id => t => t.ById == id),
        Holding.Stays<SessionMinutes>([nameof(SessionMinutes.MadeById), nameof(SessionMinutes.SentById)]),
        // Who is asked no more neither approves nor is in the way.
        Holding.Goes<MinutesAnswer>("minutes-answers", nameof(MinutesAnswer.MemberId), id => a => a.MemberId == id),
        Holding.Stays<LiveSession>([nameof(LiveSession.LeadId), nameof(LiveSession.FloorId)]),

        // A translation under somebody's message is the room's as a message is: see OwnWords. What nobody accepted goes.
        Holding.Goes<BridgePair>("translated-languages", nameof(BridgePair.MemberId), id => p => p.MemberId == id),
        Holding.Goes<MachineConsent>("machine-consent", nameof(MachineConsent.MemberId), id => c => c.MemberId == id),
        Holding.Goes<BridgeAsk>("translations-asked-for", nameof(BridgeAsk.MemberId), id => a => a.MemberId == id),
        Holding.Goes<BridgeSuggestion>("machine-suggestions", nameof(BridgeSuggestion.MemberId), id => s => s.MemberId == id),
        Holding.Emptied<Translation>([nameof(Translation.ById), nameof(Translation.AcceptedById)],
            (db, member, cancel) => db.Translations.Where(t => t.ById == member && t.IsAccepted == 0).ExecuteDeleteAsync(cancel),
            "translations", id => t => t.ById == id, nameof(Translation.AcceptedById)),
        Holding.Stays<GlossaryChange>([nameof(GlossaryChange.ById)], "glossary", id => c => c.ById == id),

        // Moderation keeps its words for as long as the law lets them be answered: see Records.
        new(typeof(Restriction), Leaving.Goes, [nameof(Restriction.MemberId)], (db, member, cancel) => db.Restrictions.Where(r => r.MemberId == member).ExecuteDeleteAsync(cancel),
            (db, member) => db.Restrictions.AsNoTracking().Where(r => r.MemberId == member), "restrictions", []),
        Holding.Emptied<Report>([nameof(Report.ReporterId), nameof(Report.ReportedId)], erase: null, "reports", id => r => r.ReporterId == id, nameof(Report.ReportedId), nameof(Report.Quote)),
        Holding.Emptied<Decision>([nameof(Decision.MemberId), nameof(Decision.ById)], erase: null, "decisions-about-me", id => d => d.MemberId == id, nameof(Decision.ById)),
        new(typeof(Appeal), Leaving.IsEmptied, [nameof(Appeal.DecidedById)], null,
            (db, member) => db.Appeals.AsNoTracking().Where(a => db.Decisions.Any(d => d.Id == a.DecisionId && d.MemberId == member)), "appeals", [nameof(Appeal.DecidedById)]),
        Holding.Emptied<Suspension>([nameof(Suspension.MemberId), nameof(Suspension.ById)], erase: null, "suspensions", id => s => s.MemberId == id, nameof(Suspension.ById)),
    ];

    /// <summary>Tables that belong to nobody: rooms' and networks' own. What is a member's in them hangs on a row that is named above.</summary>
    public static readonly IReadOnlyList<Type> Nobodys =
    [
        typeof(Organisation), typeof(Topic), typeof(TopicSlug), typeof(MessageRevision), typeof(NoticedConversation), typeof(RoomHours), typeof(OpeningSpan), typeof(WebhookDelivery),
        typeof(BridgeRequest), typeof(GlossaryTerm), typeof(RevisionSection), typeof(SectionTalk), typeof(CollectedPractice), typeof(Edition), typeof(Shelf), typeof(SessionQuestion), typeof(SessionSeries), typeof(RegistrationText), typeof(RegistrationQuestion),
        // Numbers without anybody.
        typeof(SpentQuestion), typeof(ReadDay),
        // By address and name: see MailErasing.
        typeof(Mailing.QueuedMail),
    ];

    static System.Linq.Expressions.Expression<Func<AuditEntry, bool>> AboutOrBy(int member)
    {
        var subject = SubjectOf(member);
        return entry => entry.ActorId == member || entry.Subject == subject;
    }

    internal static string SubjectOf(int member) => FormattableString.Invariant($"member:{member}");

    // Links that are on their way would let somebody in on the word of nobody.
    static async Task InvitationsAsync(CommunityDb db, int member, CancellationToken cancel)
    {
        var now = db.Clock.GetUtcNow();
        await db.Invitations.Where(i => i.ById == member && i.UsedAt == null).ExecuteUpdateAsync(set => set.SetProperty(i => i.UsedAt, now), cancel);
        await db.Invitations.Where(i => i.UsedById == member).ExecuteUpdateAsync(set => set.SetProperty(i => i.Email, (string?)null), cancel);
    }

    // The deed stays, by number; what it says of the person goes, and with it the claim on former handles.
    static async Task AuditAsync(CommunityDb db, int member, CancellationToken cancel)
    {
        var subject = SubjectOf(member);
        var lines = await db.Audit.Where(a => (a.ActorId == member && a.Subject.StartsWith("handle:")) || (a.Subject == subject && a.What == "token.created" && a.Detail != "")).ToListAsync(cancel);
        foreach (var line in lines)
        {
            (line.Subject, line.Detail) = (subject, "");
            AuditChain.Seal(db.AuditKey, line);
        }
        await db.SaveChangesAsync(cancel);
    }

    // Nobody can be asked any more: the name goes, and what was never allowed stays so.
    static async Task QuotesAsync(CommunityDb db, int member, CancellationToken cancel)
    {
        await db.Quotes.Where(q => q.AuthorId == member && q.Answer == QuoteAnswer.Agreed).ExecuteUpdateAsync(set => set.SetProperty(q => q.Answer, QuoteAnswer.WithoutName), cancel);
        await db.Quotes.Where(q => q.AuthorId == member && q.Answer == QuoteAnswer.Waiting).ExecuteUpdateAsync(set => set.SetProperty(q => q.Answer, QuoteAnswer.Refused), cancel);
    }
}
