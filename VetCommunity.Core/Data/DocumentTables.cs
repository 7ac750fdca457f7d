using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Data;

/// <summary>Documents, their languages, revisions, drafts and publications.</summary>
static class DocumentTables
{
    public static void Add(ModelBuilder builder)
    {
        builder.Entity<Document>(document =>
        {
            document.HasIndex(d => new { d.Kind, d.Slug }).IsUnique();
            document.HasIndex(d => d.FormKey).IsUnique();
            document.HasIndex(d => d.OrganisationId);
            document.Property(d => d.Slug).HasMaxLength(60);
            document.Property(d => d.FormKey).HasMaxLength(80);
            document.HasOne<Member>().WithMany().HasForeignKey(d => d.CreatedById).OnDelete(DeleteBehavior.Restrict);
            document.HasOne<Organisation>().WithMany().HasForeignKey(d => d.OrganisationId).OnDelete(DeleteBehavior.SetNull);
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
