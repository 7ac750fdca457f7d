using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Documents;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Data;

/// <summary>Documents, their languages, revisions, drafts and publications, what reviewers say of them and who adopted them.</summary>
static class DocumentTables
{
    public static void Add(ModelBuilder builder)
    {
        builder.Entity<Document>(document =>
        {
            document.HasIndex(d => new { d.Kind, d.Slug }).IsUnique();
            document.HasIndex(d => d.FormKey).IsUnique();
            document.HasIndex(d => d.OrganisationId);
            document.HasIndex(d => d.AnnouncedAt);
            document.Property(d => d.Slug).HasMaxLength(60);
            document.Property(d => d.FormKey).HasMaxLength(80);
            document.HasOne<Member>().WithMany().HasForeignKey(d => d.CreatedById).OnDelete(DeleteBehavior.Restrict);
            document.HasOne<Organisation>().WithMany().HasForeignKey(d => d.OrganisationId).OnDelete(DeleteBehavior.SetNull);
            document.HasOne<Conversation>().WithOne().HasForeignKey<Document>(d => d.TalkId);
        });
        builder.Entity<SectionTalk>(talk =>
        {
            talk.HasKey(t => t.TopicId);
            talk.Property(t => t.TopicId).ValueGeneratedNever();
            // Of two who open the same one at once the second one sees it here.
            talk.HasIndex(t => new { t.VersionId, t.Key }).IsUnique().HasFilter("\"EndedAt\" IS NULL");
            talk.Property(t => t.Key).HasMaxLength(80);
            talk.HasOne<Topic>().WithOne().HasForeignKey<SectionTalk>(t => t.TopicId);
            talk.HasOne<LanguageVersion>().WithMany().HasForeignKey(t => t.VersionId);
        });
        builder.Entity<LanguageVersion>(version =>
        {
            version.HasIndex(v => new { v.DocumentId, v.Language }).IsUnique();
            version.Property(v => v.Language).HasMaxLength(3);
            version.HasOne<Document>().WithMany().HasForeignKey(v => v.DocumentId);
            version.HasOne<LanguageVersion>().WithMany().HasForeignKey(v => v.SourceId).OnDelete(DeleteBehavior.Restrict);
        });
        builder.Entity<SectionTranslation>(section =>
        {
            section.HasKey(s => new { s.VersionId, s.SourceKey });
            section.Property(s => s.SourceKey).HasMaxLength(80);
            section.Property(s => s.SourceHash).HasMaxLength(32);
            section.Property(s => s.Key).HasMaxLength(80);
            section.HasOne<LanguageVersion>().WithMany().HasForeignKey(s => s.VersionId);
        });
        builder.Entity<Revision>(revision =>
        {
            // Of two who store at once the second one sees it here.
            revision.HasIndex(r => new { r.VersionId, r.Number }).IsUnique();
            revision.HasIndex(r => new { r.VersionId, r.FormKey }).IsUnique();
            revision.HasIndex(r => r.AuthorId);
            revision.Property(r => r.Note).HasMaxLength(300);
            revision.Property(r => r.FormKey).HasMaxLength(80);
            revision.HasOne<LanguageVersion>().WithMany().HasForeignKey(r => r.VersionId);
            revision.HasOne<Member>().WithMany().HasForeignKey(r => r.AuthorId).OnDelete(DeleteBehavior.Restrict);
        });
        builder.Entity<RevisionSection>(section =>
        {
            section.HasKey(s => new { s.RevisionId, s.Position });
            section.HasIndex(s => new { s.RevisionId, s.Key }).IsUnique();
            section.Property(s => s.Key).HasMaxLength(80);
            section.Property(s => s.Heading).HasMaxLength(200);
            section.Property(s => s.Hash).HasMaxLength(32);
            section.HasOne<Revision>().WithMany().HasForeignKey(s => s.RevisionId);
        });
        builder.Entity<DocumentDraft>(draft =>
        {
            draft.HasIndex(d => new { d.VersionId, d.MemberId }).IsUnique();
            draft.HasIndex(d => d.MemberId);
            draft.HasOne<LanguageVersion>().WithMany().HasForeignKey(d => d.VersionId);
            draft.HasOne<Member>().WithMany().HasForeignKey(d => d.MemberId);
        });
        builder.Entity<Publication>(publication =>
        {
            publication.HasIndex(p => p.VersionId).IsUnique().HasFilter("\"EndedAt\" IS NULL");
            publication.HasOne<LanguageVersion>().WithMany().HasForeignKey(p => p.VersionId);
        });
        builder.Entity<Submission>(submission =>
        {
            submission.HasIndex(s => s.VersionId).IsUnique().HasFilter("\"EndedAt\" IS NULL");
            submission.HasIndex(s => new { s.VersionId, s.Id });
            submission.Property(s => s.Note).HasMaxLength(Submissions.Note);
            submission.HasOne<LanguageVersion>().WithMany().HasForeignKey(s => s.VersionId);
        });
        builder.Entity<Comment>(comment =>
        {
            comment.HasIndex(c => new { c.VersionId, c.FormKey }).IsUnique();
            comment.HasIndex(c => new { c.VersionId, c.EndedAt });
            comment.HasIndex(c => c.ParentId);
            comment.HasIndex(c => c.AuthorId);
            comment.Property(c => c.Key).HasMaxLength(80);
            comment.Property(c => c.Quote).HasMaxLength(Comments.LongestPassage);
            comment.Property(c => c.Text).HasMaxLength(Comments.Longest);
            comment.Property(c => c.Suggestion).HasMaxLength(Comments.LongestPassage);
            comment.Property(c => c.FormKey).HasMaxLength(80);
            comment.HasOne<LanguageVersion>().WithMany().HasForeignKey(c => c.VersionId);
            comment.HasOne<Comment>().WithMany().HasForeignKey(c => c.ParentId);
            comment.HasOne<Member>().WithMany().HasForeignKey(c => c.AuthorId).OnDelete(DeleteBehavior.Restrict);
        });
        builder.Entity<Approval>(approval =>
        {
            approval.HasKey(a => new { a.VersionId, a.Number, a.MemberId });
            approval.HasIndex(a => a.MemberId);
            approval.HasOne<LanguageVersion>().WithMany().HasForeignKey(a => a.VersionId);
            approval.HasOne<Member>().WithMany().HasForeignKey(a => a.MemberId).OnDelete(DeleteBehavior.Restrict);
            approval.HasOne<Organisation>().WithMany().HasForeignKey(a => a.OrganisationId).OnDelete(DeleteBehavior.SetNull);
        });
        builder.Entity<Adoption>(adoption =>
        {
            adoption.HasIndex(a => new { a.DocumentId, a.MemberId }).IsUnique();
            adoption.HasIndex(a => a.MemberId);
            adoption.Property(a => a.Country).HasMaxLength(2);
            adoption.Property(a => a.Place).HasMaxLength(Adoptions.LongestPlace);
            adoption.Property(a => a.Changed).HasMaxLength(Adoptions.Longest);
            adoption.Property(a => a.CameOut).HasMaxLength(Adoptions.Longest);
            adoption.HasOne<Document>().WithMany().HasForeignKey(a => a.DocumentId);
            adoption.HasOne<Member>().WithMany().HasForeignKey(a => a.MemberId).OnDelete(DeleteBehavior.Restrict);
            adoption.HasOne<Organisation>().WithMany().HasForeignKey(a => a.OrganisationId).OnDelete(DeleteBehavior.SetNull);
        });
        builder.Entity<Edition>(edition =>
        {
            edition.HasKey(e => e.VersionId);
            edition.Property(e => e.VersionId).ValueGeneratedNever();
            edition.HasOne<LanguageVersion>().WithMany().HasForeignKey(e => e.VersionId);
        });
        builder.Entity<Shelf>(shelf =>
        {
            shelf.HasKey(s => s.Kind);
            shelf.Property(s => s.Kind).ValueGeneratedNever();
            shelf.HasData(Enum.GetValues<DocumentKind>().Select(kind => new Shelf { Kind = kind }));
        });
    }
}
