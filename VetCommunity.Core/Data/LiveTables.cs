using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Live;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Data;

/// <summary>The tables of live sessions.</summary>
static class LiveTables
{
    public static void Add(ModelBuilder builder)
    {
        builder.Entity<LiveSession>(session =>
        {
            session.HasIndex(s => s.Slug).IsUnique();
            session.HasIndex(s => s.JoinCode).IsUnique();
            session.HasIndex(s => s.DocumentId);
            session.HasIndex(s => s.RehearsalOfId);
            session.HasIndex(s => s.ConversationId).IsUnique();
            session.HasIndex(s => s.StartsAt);
            session.Property(s => s.Slug).HasMaxLength(64);
            session.Property(s => s.Title).HasMaxLength(100);
            session.Property(s => s.Description).HasMaxLength(LiveSessions.Text);
            session.Property(s => s.Agenda).HasMaxLength(Agenda.Text).HasDefaultValue("");
            session.Property(s => s.AllowsGuests).HasDefaultValue(false);
            session.Ignore(s => s.CertificateRule);
            session.Property(s => s.Language).HasMaxLength(3);
            session.Property(s => s.JoinCode).HasMaxLength(10);
            session.Property(s => s.MediaAddress).HasMaxLength(SoundAndPicture.AddressLength);
            session.HasOne<Document>().WithMany().HasForeignKey(s => s.DocumentId);
            session.HasOne<Document>().WithMany().HasForeignKey(s => s.LessonId);
            session.HasOne<LiveSession>().WithMany().HasForeignKey(s => s.RehearsalOfId);
            session.HasOne<Conversation>().WithOne().HasForeignKey<LiveSession>(s => s.ConversationId);
            session.HasOne<Conversation>().WithOne().HasForeignKey<LiveSession>(s => s.TrainersRoomId);
            session.HasOne<Member>().WithMany().HasForeignKey(s => s.LeadId);
        });
        builder.Entity<SessionPlace>(place =>
        {
            place.HasKey(p => new { p.SessionId, p.MemberId });
            place.HasIndex(p => p.MemberId);
            place.HasOne<LiveSession>().WithMany().HasForeignKey(p => p.SessionId);
            place.HasOne<Member>().WithMany().HasForeignKey(p => p.MemberId);
        });
        builder.Entity<SessionRequest>(request =>
        {
            request.HasIndex(r => new { r.SessionId, r.MemberId }).IsUnique();
            request.HasIndex(r => r.MemberId);
            request.HasOne<LiveSession>().WithMany().HasForeignKey(r => r.SessionId);
            request.HasOne<Member>().WithMany().HasForeignKey(r => r.MemberId);
        });
        builder.Entity<CalendarFeed>(feed =>
        {
            feed.HasKey(f => f.MemberId);
            feed.Property(f => f.MemberId).ValueGeneratedNever();
            feed.HasIndex(f => f.Hash).IsUnique();
            feed.HasOne<Member>().WithOne().HasForeignKey<CalendarFeed>(f => f.MemberId);
        });
        builder.Entity<SessionCertificate>(certificate =>
        {
            certificate.HasIndex(c => new { c.SessionId, c.MemberId }).IsUnique();
            certificate.HasIndex(c => c.Code).IsUnique();
            certificate.HasIndex(c => c.MemberId);
            certificate.Property(c => c.Code).HasMaxLength(Certificates.CodeLength);
            certificate.Property(c => c.Name).HasMaxLength(200);
            certificate.HasOne<LiveSession>().WithMany().HasForeignKey(c => c.SessionId);
            certificate.HasOne<Member>().WithMany().HasForeignKey(c => c.MemberId);
        });
        builder.Entity<SessionCall>(call =>
        {
            call.HasIndex(c => new { c.SessionId, c.MemberId });
            call.HasIndex(c => c.MemberId);
            call.HasOne<LiveSession>().WithMany().HasForeignKey(c => c.SessionId);
            call.HasOne<Member>().WithMany().HasForeignKey(c => c.MemberId);
        });
        builder.Entity<SessionEvent>(happened =>
        {
            happened.HasKey(e => new { e.SessionId, e.Version });
            // How a moment of a replay and the slides that were shown are found without reading the log.
            happened.HasIndex(e => new { e.SessionId, e.Kind, e.At });
            happened.HasIndex(e => new { e.SessionId, e.Slide, e.Version });
            happened.HasOne<LiveSession>().WithMany().HasForeignKey(e => e.SessionId);
            happened.HasOne<Member>().WithMany().HasForeignKey(e => e.ById);
            happened.HasOne<Member>().WithMany().HasForeignKey(e => e.MemberId);
            happened.HasOne<SessionQuestion>().WithMany().HasForeignKey(e => e.QuestionId);
            // The log stays when a question goes with the account of whoever asked.
            happened.HasOne<AudienceQuestion>().WithMany().HasForeignKey(e => e.AudienceQuestionId).OnDelete(DeleteBehavior.SetNull);
        });
        builder.Entity<SessionCaption>(caption =>
        {
            caption.HasIndex(c => new { c.SessionId, c.Language, c.At });
            caption.HasIndex(c => new { c.SessionId, c.At });
            caption.HasIndex(c => new { c.SessionId, c.ById, c.Key }).IsUnique();
            caption.Property(c => c.Key).HasMaxLength(Captions.KeyLength);
            caption.Property(c => c.Language).HasMaxLength(3);
            caption.Property(c => c.Text).HasMaxLength(Captions.Length);
            caption.HasOne<LiveSession>().WithMany().HasForeignKey(c => c.SessionId);
            caption.HasOne<Member>().WithMany().HasForeignKey(c => c.ById);
        });
        builder.Entity<SessionText>(text =>
        {
            // Of two who save at once one is second.
            text.HasKey(t => new { t.SessionId, t.Kind, t.Number });
            text.HasIndex(t => t.ById);
            text.HasOne<LiveSession>().WithMany().HasForeignKey(t => t.SessionId);
            text.HasOne<Member>().WithMany().HasForeignKey(t => t.ById);
        });
        builder.Entity<SessionMinutes>(minutes =>
        {
            minutes.HasKey(m => m.SessionId);
            minutes.Property(m => m.SessionId).ValueGeneratedNever();
            minutes.HasOne<LiveSession>().WithOne().HasForeignKey<SessionMinutes>(m => m.SessionId);
            minutes.HasOne<Member>().WithMany().HasForeignKey(m => m.MadeById);
            minutes.HasOne<Member>().WithMany().HasForeignKey(m => m.SentById);
        });
        builder.Entity<MinutesAnswer>(answer =>
        {
            answer.HasKey(a => new { a.SessionId, a.MemberId });
            answer.HasIndex(a => a.MemberId);
            answer.Property(a => a.Objection).HasMaxLength(Minutes.ObjectionLength);
            answer.HasOne<SessionMinutes>().WithMany().HasForeignKey(a => a.SessionId);
            answer.HasOne<Member>().WithMany().HasForeignKey(a => a.MemberId);
        });
        builder.Entity<SessionQuestion>(question =>
        {
            question.HasIndex(q => new { q.SessionId, q.Key }).IsUnique();
            question.Property(q => q.Key).HasMaxLength(80);
            question.Property(q => q.TakenIdeas).HasMaxLength(StageQuestions.MostTaken * (Learning.IdeasQuestion.KeyLength + 1));
            question.HasOne<LiveSession>().WithMany().HasForeignKey(q => q.SessionId);
        });
        builder.Entity<SessionAnswer>(answer =>
        {
            // Once only, however often somebody presses.
            answer.HasKey(a => new { a.QuestionId, a.MemberId });
            answer.HasIndex(a => a.MemberId);
            answer.Property(a => a.Answer).HasMaxLength(Learning.Question.AnswerLength);
            answer.HasOne<SessionQuestion>().WithMany().HasForeignKey(a => a.QuestionId);
            answer.HasOne<Member>().WithMany().HasForeignKey(a => a.MemberId);
        });
        builder.Entity<AudienceQuestion>(question =>
        {
            question.HasIndex(q => new { q.SessionId, q.State });
            question.HasIndex(q => new { q.ById, q.SessionId });
            question.Property(q => q.Text).HasMaxLength(AudienceQuestions.Text);
            question.HasOne<LiveSession>().WithMany().HasForeignKey(q => q.SessionId);
            question.HasOne<Member>().WithMany().HasForeignKey(q => q.ById);
        });
        builder.Entity<AudienceVote>(vote =>
        {
            // Once only, however often somebody presses.
            vote.HasKey(v => new { v.QuestionId, v.MemberId });
            vote.HasIndex(v => v.MemberId);
            vote.HasOne<AudienceQuestion>().WithMany().HasForeignKey(v => v.QuestionId).OnDelete(DeleteBehavior.Cascade);
            vote.HasOne<Member>().WithMany().HasForeignKey(v => v.MemberId);
        });
        builder.Entity<SessionPresence>(presence =>
        {
            presence.HasIndex(p => new { p.SessionId, p.MemberId, p.Until });
            presence.HasIndex(p => p.MemberId);
            presence.HasOne<LiveSession>().WithMany().HasForeignKey(p => p.SessionId);
            presence.HasOne<Member>().WithMany().HasForeignKey(p => p.MemberId);
        });
        builder.Entity<RaisedHand>(hand =>
        {
            hand.HasKey(h => new { h.SessionId, h.MemberId });
            hand.HasIndex(h => new { h.SessionId, h.Version });
            hand.HasIndex(h => h.MemberId);
            hand.HasOne<LiveSession>().WithMany().HasForeignKey(h => h.SessionId);
            hand.HasOne<Member>().WithMany().HasForeignKey(h => h.MemberId);
        });
    }
}
