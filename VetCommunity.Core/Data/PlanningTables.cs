using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Live;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Data;

/// <summary>The tables of how live sessions are planned: what is asked at registration.</summary>
static class PlanningTables
{
    public static void Add(ModelBuilder builder)
    {
        builder.Entity<SessionSeries>(series => series.Property(s => s.TimeZone).HasMaxLength(64));
        builder.Entity<LiveSession>(session =>
        {
            session.HasIndex(s => new { s.SeriesId, s.StartsAt });
            session.HasOne<SessionSeries>().WithMany().HasForeignKey(s => s.SeriesId);
        });
        builder.Entity<RegistrationText>(text =>
        {
            text.HasIndex(t => new { t.SessionId, t.Language }).IsUnique();
            text.Property(t => t.Language).HasMaxLength(3);
            text.Property(t => t.Markdown).HasMaxLength(RegistrationForms.Text);
            text.HasOne<LiveSession>().WithMany().HasForeignKey(t => t.SessionId);
        });
        builder.Entity<RegistrationQuestion>(question =>
        {
            question.HasIndex(q => new { q.SessionId, q.Place });
            question.HasOne<LiveSession>().WithMany().HasForeignKey(q => q.SessionId);
        });
        builder.Entity<RegistrationAnswer>(answer =>
        {
            answer.HasKey(a => new { a.QuestionId, a.MemberId });
            answer.HasIndex(a => a.MemberId);
            answer.Property(a => a.Answer).HasMaxLength(Learning.Question.AnswerLength);
            answer.HasOne<RegistrationQuestion>().WithMany().HasForeignKey(a => a.QuestionId);
            answer.HasOne<Member>().WithMany().HasForeignKey(a => a.MemberId);
        });
    }
}
