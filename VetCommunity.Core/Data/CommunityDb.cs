using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Microsoft.Extensions.DependencyInjection;
using VetCommunity.Core.Auditing;
using VetCommunity.Core.Bridging;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Documents;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Core.Live;
using VetCommunity.Core.Mailing;
using VetCommunity.Core.Members;
using VetCommunity.Core.Moderation;
using VetCommunity.Core.Noticing;
using VetCommunity.Core.OfficeHours;
using VetCommunity.Core.Privacy;
using VetCommunity.Core.Webhooks;

namespace VetCommunity.Core.Data;

/// <summary>What the community remembers. One subclass a database, each with its own migrations.</summary>
public abstract class CommunityDb(DbContextOptions options) : AuditedDb(options)
{
    // A list is one value of a statement. With a value for each of its members, as EF has it otherwise, EF writes the statement anew each time, and the database plans it anew for each length.
    internal const ParameterTranslationMode Lists = ParameterTranslationMode.Parameter;

    /// <summary>Pictures of members.</summary>
    public DbSet<Picture> Pictures => Set<Picture>();
    /// <summary>Suspensions, past and present.</summary>
    public DbSet<Suspension> Suspensions => Set<Suspension>();
    /// <summary>Organisations.</summary>
    public DbSet<Organisation> Organisations => Set<Organisation>();
    /// <summary>Invitations to the network.</summary>
    public DbSet<Invitation> Invitations => Set<Invitation>();
    /// <summary>Links in mails to members.</summary>
    public DbSet<AccountLink> AccountLinks => Set<AccountLink>();
    /// <summary>Mails that wait to be sent.</summary>
    public DbSet<QueuedMail> Mails => Set<QueuedMail>();
    /// <summary>Personal access tokens.</summary>
    public DbSet<AccessToken> AccessTokens => Set<AccessToken>();
    /// <summary>Browsers in which members are logged in.</summary>
    public DbSet<Session> Sessions => Set<Session>();
    /// <summary>Keys of authenticator apps.</summary>
    public DbSet<SecondFactor> SecondFactors => Set<SecondFactor>();
    /// <summary>Codes for who has lost the app.</summary>
    public DbSet<RecoveryCode> RecoveryCodes => Set<RecoveryCode>();
    /// <summary>The audit log.</summary>
    public DbSet<AuditEntry> Audit => Set<AuditEntry>();
    /// <summary>Conversations of every kind.</summary>
    public DbSet<Conversation> Conversations => Set<Conversation>();
    /// <summary>Who is in which conversation.</summary>
    public DbSet<Membership> Memberships => Set<Membership>();
    /// <summary>Topics.</summary>
    public DbSet<Topic> Topics => Set<Topic>();
    /// <summary>All address parts of topics.</summary>
    public DbSet<TopicSlug> TopicSlugs => Set<TopicSlug>();
    /// <summary>How topics ended.</summary>
    public DbSet<Resolution> Resolutions => Set<Resolution>();
    /// <summary>Who follows or mutes which topic.</summary>
    public DbSet<Involvement> Involvements => Set<Involvement>();
    /// <summary>Messages. Written by the message log alone.</summary>
    public DbSet<Message> Messages => Set<Message>();
    /// <summary>Former texts.</summary>
    public DbSet<MessageRevision> MessageRevisions => Set<MessageRevision>();
    /// <summary>Reactions.</summary>
    public DbSet<Reaction> Reactions => Set<Reaction>();
    /// <summary>Mentions.</summary>
    public DbSet<Mention> Mentions => Set<Mention>();
    /// <summary>The changes of each conversation.</summary>
    public DbSet<ConversationEvent> ConversationEvents => Set<ConversationEvent>();
    /// <summary>Files of messages, and such as wait to be posted.</summary>
    public DbSet<Attachment> Attachments => Set<Attachment>();
    /// <summary>What members told the moderators of.</summary>
    public DbSet<Report> Reports => Set<Report>();
    /// <summary>What moderators decided.</summary>
    public DbSet<Decision> Decisions => Set<Decision>();
    /// <summary>What authors answered.</summary>
    public DbSet<Appeal> Appeals => Set<Appeal>();
    /// <summary>Mutes and bans that stand.</summary>
    public DbSet<Restriction> Restrictions => Set<Restriction>();
    /// <summary>Messages at the top of their rooms.</summary>
    public DbSet<Pin> Pins => Set<Pin>();
    /// <summary>Addresses by which programs post into rooms.</summary>
    public DbSet<IncomingWebhook> IncomingWebhooks => Set<IncomingWebhook>();
    /// <summary>Programs that hear what happens in rooms.</summary>
    public DbSet<OutgoingWebhook> OutgoingWebhooks => Set<OutgoingWebhook>();
    /// <summary>What they are to hear, and what they heard last.</summary>
    public DbSet<WebhookDelivery> WebhookDeliveries => Set<WebhookDelivery>();
    /// <summary>Polls of messages. Written by the message log alone.</summary>
    public DbSet<Poll> Polls => Set<Poll>();
    /// <summary>Votes in polls. Written by the message log alone.</summary>
    public DbSet<Vote> Votes => Set<Vote>();
    /// <summary>Messages that are to be sent later.</summary>
    public DbSet<ScheduledMessage> ScheduledMessages => Set<ScheduledMessage>();
    /// <summary>Unsent texts.</summary>
    public DbSet<Draft> Drafts => Set<Draft>();
    /// <summary>What called members.</summary>
    public DbSet<Notice> Notices => Set<Notice>();
    /// <summary>How far each conversation has called its members.</summary>
    public DbSet<NoticedConversation> NoticedConversations => Set<NoticedConversation>();
    /// <summary>How members want to hear of things.</summary>
    public DbSet<NoticeSettings> NoticeSettings => Set<NoticeSettings>();
    /// <summary>Of what in single rooms they want to hear.</summary>
    public DbSet<RoomWish> RoomWishes => Set<RoomWish>();
    /// <summary>Rooms with opening hours.</summary>
    public DbSet<RoomHours> RoomHours => Set<RoomHours>();
    /// <summary>Their spans.</summary>
    public DbSet<OpeningSpan> OpeningSpans => Set<OpeningSpan>();
    /// <summary>Their hosts.</summary>
    public DbSet<RoomHost> RoomHosts => Set<RoomHost>();
    /// <summary>Places in their queues.</summary>
    public DbSet<QueuePlace> QueuePlaces => Set<QueuePlace>();
    /// <summary>Messages that are to be answered later. Begun by the message log alone.</summary>
    public DbSet<Enquiry> Enquiries => Set<Enquiry>();

    /// <summary>Live sessions.</summary>
    public DbSet<LiveSession> LiveSessions => Set<LiveSession>();
    /// <summary>Who is in them.</summary>
    public DbSet<SessionPlace> SessionPlaces => Set<SessionPlace>();
    /// <summary>Who registered for one and has no place.</summary>
    public DbSet<SessionRequest> SessionRequests => Set<SessionRequest>();
    /// <summary>Certificates of attendance.</summary>
    public DbSet<SessionCertificate> SessionCertificates => Set<SessionCertificate>();
    /// <summary>Addresses with which calendars follow members' sessions.</summary>
    public DbSet<CalendarFeed> CalendarFeeds => Set<CalendarFeed>();
    /// <summary>Mails about sessions that are still to be written.</summary>
    public DbSet<SessionCall> SessionCalls => Set<SessionCall>();
    /// <summary>What happened in them.</summary>
    public DbSet<SessionEvent> SessionEvents => Set<SessionEvent>();
    /// <summary>Captions of live sessions.</summary>
    public DbSet<SessionCaption> SessionCaptions => Set<SessionCaption>();
    /// <summary>What is written together in sessions.</summary>
    public DbSet<SessionText> SessionTexts => Set<SessionText>();
    /// <summary>Minutes of sessions.</summary>
    public DbSet<SessionMinutes> SessionMinutes => Set<SessionMinutes>();
    /// <summary>What those who took part say about them.</summary>
    public DbSet<MinutesAnswer> MinutesAnswers => Set<MinutesAnswer>();
    /// <summary>From when to when members were in them.</summary>
    public DbSet<SessionPresence> SessionPresences => Set<SessionPresence>();
    /// <summary>Hands that are up in them.</summary>
    public DbSet<RaisedHand> RaisedHands => Set<RaisedHand>();
    /// <summary>Questions that were opened in them.</summary>
    public DbSet<SessionQuestion> SessionQuestions => Set<SessionQuestion>();
    /// <summary>What members answered.</summary>
    public DbSet<SessionAnswer> SessionAnswers => Set<SessionAnswer>();
    /// <summary>Sessions that come again.</summary>
    public DbSet<SessionSeries> SessionSeries => Set<SessionSeries>();
    /// <summary>What trainers wrote to be asked at registration.</summary>
    public DbSet<RegistrationText> RegistrationTexts => Set<RegistrationText>();
    /// <summary>The questions in it.</summary>
    public DbSet<RegistrationQuestion> RegistrationQuestions => Set<RegistrationQuestion>();
    /// <summary>What members answered at registration.</summary>
    public DbSet<RegistrationAnswer> RegistrationAnswers => Set<RegistrationAnswer>();
    /// <summary>Questions from the audiences of sessions.</summary>
    public DbSet<AudienceQuestion> AudienceQuestions => Set<AudienceQuestion>();
    /// <summary>Votes for them.</summary>
    public DbSet<AudienceVote> AudienceVotes => Set<AudienceVote>();

    /// <summary>Drafts of good practices.</summary>
    public DbSet<PracticeDraft> PracticeDrafts => Set<PracticeDraft>();
    /// <summary>What they quote.</summary>
    public DbSet<Quote> Quotes => Set<Quote>();
    /// <summary>Searches of practices that members keep.</summary>
    public DbSet<SavedSearch> SavedSearches => Set<SavedSearch>();
    /// <summary>Collections of practices.</summary>
    public DbSet<PracticeCollection> PracticeCollections => Set<PracticeCollection>();
    /// <summary>What is in them.</summary>
    public DbSet<CollectedPractice> CollectedPractices => Set<CollectedPractice>();
    /// <summary>Who looked at a practice again.</summary>
    public DbSet<Recheck> Rechecks => Set<Recheck>();
    /// <summary>Templates of practices that administrators wrote.</summary>
    public DbSet<PracticeTemplate> PracticeTemplates => Set<PracticeTemplate>();
    /// <summary>How often practices are read.</summary>
    public DbSet<ReadDay> ReadDays => Set<ReadDay>();
    /// <summary>Documents of every kind.</summary>
    public DbSet<Document> Documents => Set<Document>();
    /// <summary>Their languages.</summary>
    public DbSet<LanguageVersion> LanguageVersions => Set<LanguageVersion>();
    /// <summary>Which topics their sections are talked about in.</summary>
    public DbSet<SectionTalk> SectionTalks => Set<SectionTalk>();
    /// <summary>Which sections of these were translated, and from what.</summary>
    public DbSet<SectionTranslation> SectionTranslations => Set<SectionTranslation>();
    /// <summary>Their stored states.</summary>
    public DbSet<Revision> Revisions => Set<Revision>();
    /// <summary>What stands under the headings of these.</summary>
    public DbSet<RevisionSection> RevisionSections => Set<RevisionSection>();
    /// <summary>What members write in documents.</summary>
    public DbSet<DocumentDraft> DocumentDrafts => Set<DocumentDraft>();
    /// <summary>Which revisions everybody reads or read.</summary>
    public DbSet<Publication> Publications => Set<Publication>();
    /// <summary>Which revisions are or were to be reviewed.</summary>
    public DbSet<Submission> Submissions => Set<Submission>();
    /// <summary>What is remarked on their passages.</summary>
    public DbSet<Comment> Comments => Set<Comment>();
    /// <summary>Which of them reviewers approved.</summary>
    public DbSet<Approval> Approvals => Set<Approval>();
    /// <summary>Who did elsewhere what a practice describes.</summary>
    public DbSet<Adoption> Adoptions => Set<Adoption>();
    /// <summary>What readers get of those that they read now.</summary>
    public DbSet<Edition> Editions => Set<Edition>();
    /// <summary>How often what readers see of each kind of document changed.</summary>
    public DbSet<Shelf> Shelves => Set<Shelf>();

    /// <summary>Members who leave or left for good.</summary>
    public DbSet<Erasure> Erasures => Set<Erasure>();
    /// <summary>Exports of what is a member's own.</summary>
    public DbSet<DataExport> DataExports => Set<DataExport>();
    /// <summary>What members know of their passkeys.</summary>
    public DbSet<Passkey> Passkeys => Set<Passkey>();
    /// <summary>Questions to passkeys that were answered a short while ago.</summary>
    public DbSet<SpentQuestion> SpentQuestions => Set<SpentQuestion>();
    /// <summary>To what members said yes.</summary>
    public DbSet<Acceptance> Acceptances => Set<Acceptance>();

    /// <summary>Who translates what.</summary>
    public DbSet<BridgePair> BridgePairs => Set<BridgePair>();
    /// <summary>Who lets machines suggest translations of their messages.</summary>
    public DbSet<MachineConsent> MachineConsents => Set<MachineConsent>();
    /// <summary>What is to be translated. Written by the message log alone.</summary>
    public DbSet<BridgeRequest> BridgeRequests => Set<BridgeRequest>();
    /// <summary>Who asked for it. Written by the message log alone.</summary>
    public DbSet<BridgeAsk> BridgeAsks => Set<BridgeAsk>();
    /// <summary>Translations of messages. Written by the message log alone.</summary>
    public DbSet<Translation> Translations => Set<Translation>();
    /// <summary>What machines suggested. Written by the message log alone.</summary>
    public DbSet<BridgeSuggestion> BridgeSuggestions => Set<BridgeSuggestion>();
    /// <summary>Words of the field in two languages.</summary>
    public DbSet<GlossaryTerm> GlossaryTerms => Set<GlossaryTerm>();
    /// <summary>What was done to them.</summary>
    public DbSet<GlossaryChange> GlossaryChanges => Set<GlossaryChange>();

    /// <summary>The clock by which what has an end is judged.</summary>
    internal TimeProvider Clock { get; set; } = TimeProvider.System;

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        // Instants are stored as UTC milliseconds since 1970: sortable and comparable in both databases.
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMilliseconds>();

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.Entity<Member>(member =>
        {
            member.ToTable("Members");
            member.Property(m => m.Handle).HasMaxLength(30);
            member.Property(m => m.DisplayName).HasMaxLength(80);
            member.HasIndex(m => m.Handle).IsUnique();
            member.HasIndex(m => m.NormalizedEmail).IsUnique();
            member.HasIndex(m => m.GuestOf);
            member.HasOne(m => m.Organisation).WithMany().HasForeignKey(m => m.OrganisationId).OnDelete(DeleteBehavior.SetNull);
        });
        builder.Entity<IdentityUserClaim<int>>().ToTable("MemberClaims");
        builder.Entity<IdentityUserLogin<int>>().ToTable("MemberLogins");
        builder.Entity<IdentityUserToken<int>>().ToTable("MemberTokens");
        builder.Entity<Picture>().HasKey(p => p.MemberId);
        builder.Entity<Picture>().HasOne<Member>().WithOne().HasForeignKey<Picture>(p => p.MemberId);
        builder.Entity<Suspension>().HasIndex(s => s.MemberId);
        builder.Entity<Organisation>().HasIndex(o => o.Slug).IsUnique();
        builder.Entity<Invitation>().HasIndex(i => i.CodeHash).IsUnique();
        builder.Entity<Invitation>().HasIndex(i => i.ById);
        builder.Entity<AccountLink>().HasIndex(l => l.CodeHash).IsUnique();
        builder.Entity<AccountLink>().HasIndex(l => l.MemberId);
        builder.Entity<QueuedMail>().HasIndex(m => m.DueAt);
        builder.Entity<AccessToken>().HasIndex(t => t.Hash).IsUnique();
        builder.Entity<AccessToken>().HasIndex(t => t.MemberId);
        builder.Entity<Session>().HasIndex(s => s.MemberId);
        builder.Entity<Session>().HasOne<Member>().WithMany().HasForeignKey(s => s.MemberId);
        builder.Entity<SecondFactor>().HasKey(f => f.MemberId);
        builder.Entity<SecondFactor>().HasOne<Member>().WithOne().HasForeignKey<SecondFactor>(f => f.MemberId);
        builder.Entity<RecoveryCode>().HasIndex(c => new { c.MemberId, c.Hash }).IsUnique();
        builder.Entity<RecoveryCode>().HasOne<Member>().WithMany().HasForeignKey(c => c.MemberId);
        builder.Entity<AuditEntry>().HasIndex(a => a.Subject);
        builder.Entity<AuditEntry>().HasIndex(a => a.Number).IsUnique();
        ConversationTables.Add(builder);
        ModerationTables.Add(builder);
        WebhookTables.Add(builder);
        NoticingTables.Add(builder);
        OfficeHoursTables.Add(builder);
        PracticeTables.Add(builder);
        LiveTables.Add(builder);
        PlanningTables.Add(builder);
        DocumentTables.Add(builder);
        BridgingTables.Add(builder);
        PrivacyTables.Add(builder);
        PasskeyTables.Add(builder);
    }

    /// <summary>The identity options that both the app and the design-time tools must share, else migrations lack the passkeys.</summary>
    public static IServiceProvider IdentityServices { get; } = new ServiceCollection()
        .Configure<IdentityOptions>(options => options.Stores.SchemaVersion = IdentitySchemaVersions.Version3)
        .BuildServiceProvider();

    internal sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
        at => at.ToUnixTimeMilliseconds(),
        ms => DateTimeOffset.FromUnixTimeMilliseconds(ms));
}
