using VetCommunity.Core.Data;
using VetCommunity.Core.Documents;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Demo;

/// <summary>A practice of the demo world with its translations: <c>slug.md</c>, and <c>slug.it.md</c> beside it.</summary>
sealed record DemoPractice(string Slug, string Markdown, IReadOnlyList<(string Language, string Markdown)> Translations)
{
    public static DemoPractice[] In(string folder)
    {
        if (!Directory.Exists(folder))
            return [];
        var texts = Directory.GetFiles(folder, "*.md").ToDictionary(path => Path.GetFileName(path), File.ReadAllText, StringComparer.Ordinal);
        return [.. PracticeFile.In(texts.Select(file => (file.Key, FrontMatter.Of(file.Value)["language"]?.AsText))).GroupBy(file => file.Slug, StringComparer.Ordinal)
            .Select(one => new DemoPractice(one.Key, texts[one.First().Path], [.. one.Skip(1).Select(file => (file.Language, texts[file.Path]))]))];
    }

    /// <summary>Stores it as its author's, reviewed by the editors of other organisations and published by one of them. Answers with the document's number.</summary>
    public async Task<int> StoreAsync(CommunityDb context, IReadOnlyDictionary<string, Member> members, DateTimeOffset at, CancellationToken cancel)
    {
        var front = FrontMatter.Of(Markdown);
        if (front.Fault is { } fault)
            throw new InvalidDataException($"{Slug}: the front matter cannot be read in line {fault.Line}");
        var author = members.GetValueOrDefault(front["author"]?.AsText ?? "") ?? throw new InvalidDataException($"{Slug}: no author");
        var editors = members.Values.Where(member => member.Roles.HasFlag(Roles.Editor) && member.OrganisationId != author.OrganisationId).ToList();
        if (editors.Count == 0)
            throw new InvalidDataException($"{Slug}: nobody to review it");
        var document = new Document { Kind = DocumentKind.Practice, Slug = Slug, OrganisationId = author.OrganisationId, CreatedById = author.Id, CreatedAt = at, FormKey = $"demo-{Slug}" };
        context.Add(document);
        await context.SaveChangesAsync(cancel);
        var original = await PublishAsync(context, document, front["language"]?.AsText ?? "en", Markdown, null, author, editors, cancel);
        foreach (var (language, markdown) in Translations)
        {
            var translation = await PublishAsync(context, document, language, markdown, original, author, editors, cancel);
            context.AddRange(SectionStates.Pairs(Known(original), Known(translation)).Select(pair => new SectionTranslation
            {
                VersionId = translation.VersionId,
                SourceKey = pair.Source.Key,
                SourceHash = pair.Source.Hash,
                Key = pair.Own.Key,
                ById = author.Id,
                At = at,
            }));
        }
        await context.SaveChangesAsync(cancel);
        await context.ChangeShelfAsync(DocumentKind.Practice, cancel);
        return document.Id;
    }

    static async Task<Revision> PublishAsync(CommunityDb context, Document document, string language, string markdown, Revision? source, Member author, List<Member> editors, CancellationToken cancel)
    {
        var version = new LanguageVersion
        {
            DocumentId = document.Id,
            Language = language,
            SourceId = source?.VersionId,
            LastNumber = 1,
            CreatedById = author.Id,
            CreatedAt = document.CreatedAt,
        };
        context.Add(version);
        await context.SaveChangesAsync(cancel);
        var revision = new Revision
        {
            VersionId = version.Id,
            Number = 1,
            AuthorId = author.Id,
            At = document.CreatedAt,
            Markdown = markdown,
            SourceNumber = source?.Number,
            FormKey = $"demo-{language}",
        };
        context.Add(revision);
        await context.SaveChangesAsync(cancel);
        context.AddRange(Storing.SectionsOf(revision));
        context.Add(new Publication { VersionId = version.Id, Number = 1, ById = editors[0].Id, At = document.CreatedAt });
        context.AddRange(editors.Select(editor => new Approval { VersionId = version.Id, Number = 1, MemberId = editor.Id, OrganisationId = editor.OrganisationId, At = document.CreatedAt }));
        context.Add(Edition.Of(revision, document.CreatedAt));
        await context.SaveChangesAsync(cancel);
        return revision;
    }

    static IReadOnlyList<KnownSection> Known(Revision revision) => [.. Storing.SectionsOf(revision).Select(section => new KnownSection(section.Key, section.Heading, section.Hash))];
}
