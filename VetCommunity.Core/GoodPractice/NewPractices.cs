using System.Security.Cryptography;
using System.Text;
using VetCommunity.Core.Data;
using VetCommunity.Core.Documents;

namespace VetCommunity.Core.GoodPractice;

/// <summary>Practices of an import of which nothing was here: all of a batch are stored and shown in one transaction, with a handful of statements, or none of them is.</summary>
static class NewPractices
{
    /// <summary>A file of them.</summary>
    /// <param name="Text">What it says.</param>
    /// <param name="Edition">What readers get; null where it is not shown with it.</param>
    /// <param name="NotShown">Why it cannot be shown; null where it can.</param>
    public sealed record Made(ImportedText Text, Edition? Edition, RefusedException? NotShown);

    /// <summary>Renders what is shown, so that no transaction waits for it.</summary>
    public static Made MadeOf(ImportedText text, DateTimeOffset at)
    {
        try
        {
            var edition = Edition.Of(text.Front, at);
            // Whether it may stand in another one's place is asked when all of them are there.
            return new(text, text.Record.Supersedes.Count == 0 ? edition : null, null);
        }
        catch (RefusedException refused)
        {
            return new(text, null, refused);
        }
    }

    /// <summary>Stores them: the first one of an address is the original, and the others of it are its translations.</summary>
    public static async Task StoreAsync(CommunityDb context, Actor actor, IReadOnlyList<Made> all, DateTimeOffset at, CancellationToken cancel)
    {
        var me = DocumentAccess.NumberOf(actor);
        await using var transaction = await context.Database.BeginTransactionAsync(cancel);
        List<(Document Document, List<Made> Made)> documents = [.. all.GroupBy(one => one.Text.File.Slug, StringComparer.Ordinal).Select(one => (
            new Document { Kind = DocumentKind.Practice, Slug = one.Key, CreatedById = me, CreatedAt = at, FormKey = DocumentAccess.KeyOf(actor, FormKeyOf(one.Key)) }, one.ToList()))];
        context.AddRange(documents.Select(one => one.Document));
        await context.SaveChangesAsync(cancel);

        List<(Made Made, LanguageVersion Version, int Original)> versions = [];
        foreach (var (document, made) in documents)
        {
            var original = versions.Count;
            versions.AddRange(made.Select(one => (one, new LanguageVersion { DocumentId = document.Id, Language = one.Text.File.Language, LastNumber = 1, CreatedById = me, CreatedAt = at }, original)));
        }
        context.AddRange(versions.Where((one, index) => one.Original == index).Select(one => one.Version));
        await context.SaveChangesAsync(cancel);
        foreach (var (_, version, original) in versions.Where((one, index) => one.Original != index))
        {
            version.SourceId = versions[original].Version.Id;
            context.Add(version);
        }
        await context.SaveChangesAsync(cancel);

        List<Revision> revisions = [];
        foreach (var (made, version, _) in versions)
        {
            revisions.Add(new() { VersionId = version.Id, Number = 1, AuthorId = me, At = at, Markdown = made.Text.Text, FormKey = DocumentAccess.KeyOf(actor, made.Text.FormKey) });
            if (made.Edition is not { } edition)
                continue;
            edition.VersionId = version.Id;
            context.Add(edition);
            context.Add(new Publication { VersionId = version.Id, Number = 1, ById = me, At = at });
        }
        context.AddRange(revisions);
        await context.SaveChangesAsync(cancel);

        List<List<RevisionSection>> sections = [.. revisions.Zip(versions, (revision, one) => Storing.SectionsOf(revision, one.Made.Text.Sections).ToList())];
        context.AddRange(sections.SelectMany(one => one));
        foreach (var (index, (_, version, original)) in versions.Index().Where(one => one.Item.Original != one.Index))
        {
            context.AddRange(SectionStates.Pairs(Known(sections[original]), Known(sections[index])).Select(pair => new SectionTranslation
            {
                VersionId = version.Id,
                SourceKey = pair.Source.Key,
                SourceHash = pair.Source.Hash,
                Key = pair.Own.Key,
                ById = me,
                At = at,
            }));
        }
        await context.SaveChangesAsync(cancel);
        await context.ChangeShelfAsync(DocumentKind.Practice, cancel);
        await transaction.CommitAsync(cancel);
    }

    static List<KnownSection> Known(List<RevisionSection> sections) => sections.ConvertAll(section => new KnownSection(section.Key, section.Heading, section.Hash));

    // Two long addresses that begin alike are two forms.
    static string FormKeyOf(string slug) => "import-" + (slug.Length <= 50 ? slug : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(slug)))[..40]);
}
