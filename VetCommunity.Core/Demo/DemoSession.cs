using System.Globalization;
using VetCommunity.Core.Data;
using VetCommunity.Core.Documents;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Core.Live;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Demo;

/// <summary>A live session of the demo world that can be started, or one that was held (<see cref="DemoHeld"/>), with its slides: <c>slug.md</c>, and <c>slug.it.md</c> beside it.</summary>
sealed record DemoSession(string Slug, string Markdown, IReadOnlyList<(string Language, string Markdown)> Translations)
{
    public static DemoSession[] In(string folder)
    {
        if (!Directory.Exists(folder))
            return [];
        var texts = Directory.GetFiles(folder, "*.md").ToDictionary(path => Path.GetFileName(path), File.ReadAllText, StringComparer.Ordinal);
        return [.. PracticeFile.In(texts.Select(file => (file.Key, FrontMatter.Of(file.Value)["language"]?.AsText))).GroupBy(file => file.Slug, StringComparer.Ordinal)
            .Select(one => new DemoSession(one.Key, texts[one.First().Path], [.. one.Skip(1).Select(file => (file.Language, texts[file.Path]))]))];
    }

    public async Task StoreAsync(CommunityDb context, IReadOnlyDictionary<string, Member> members, DateTimeOffset now, CancellationToken cancel)
    {
        var front = FrontMatter.Of(Markdown);
        if (front.Fault is { } fault)
            throw new InvalidDataException($"{Slug}: the front matter cannot be read in line {fault.Line}");
        var language = front["language"]?.AsText ?? "en";
        var trainer = Person(front["trainer"]?.AsText ?? "");
        List<(Member Member, SessionRole Role)> people =
            [(trainer, SessionRole.Trainer), .. Names("cotrainers").Select(one => (Person(one), SessionRole.CoTrainer)), .. Names("participants").Select(one => (Person(one), SessionRole.Participant))];
        // One that was held was planned a week before; its deck is as old.
        var daysAgo = Number("days-ago");
        var planned = now.AddDays(-(daysAgo + 7) ?? 0);
        var document = new Document { Kind = DocumentKind.Deck, Slug = Slug, OrganisationId = trainer.OrganisationId, CreatedById = trainer.Id, CreatedAt = planned, FormKey = $"demo-{Slug}" };
        context.Add(document);
        await context.SaveChangesAsync(cancel);
        var original = await AddAsync(language, Markdown, null);
        foreach (var (other, markdown) in Translations)
            await AddAsync(other, markdown, original);
        // At ten in the morning where its trainer is.
        var zone = TimeZones.Of(trainer.TimeZone);
        var begin = TimeZones.InstantOf(DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, zone).DateTime).AddDays(-daysAgo ?? Number("in-days") ?? 2).ToDateTime(new TimeOnly(10, 0)), trainer.TimeZone);
        await LiveSessions.AddAsync(context, LiveSessions.Identity.Of(document), new(front["title"]?.AsText ?? Slug, front["description"]?.AsText?.Trim() ?? "", language, begin, begin.AddMinutes(Number("minutes") ?? 60), Number("capacity"), Agenda: Agenda.Checked(front["agenda"]?.AsText, TimeSpan.FromMinutes(Number("minutes") ?? 60))),
            [.. people.Select(one => (one.Member.Id, one.Role))], planned, cancel);
        if (daysAgo is not null)
            await new DemoHeld(context, Person, trainer).StoreAsync(document.Id, begin, [.. Names("log")], cancel);

        Member Person(string handle) => members.GetValueOrDefault(handle) ?? throw new InvalidDataException($"{Slug}: nobody is called {handle}");

        IEnumerable<string> Names(string field) => front[field]?.AsTexts ?? [];

        int? Number(string field) => int.TryParse(front[field]?.AsText, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

        async Task<LanguageVersion> AddAsync(string of, string markdown, LanguageVersion? source)
        {
            var version = new LanguageVersion { DocumentId = document.Id, Language = of, SourceId = source?.Id, LastNumber = 1, CreatedById = trainer.Id, CreatedAt = planned };
            context.Add(version);
            await context.SaveChangesAsync(cancel);
            var revision = new Revision { VersionId = version.Id, Number = 1, AuthorId = trainer.Id, At = planned, Markdown = markdown, SourceNumber = source is null ? null : 1, FormKey = $"demo-{of}" };
            context.Add(revision);
            await context.SaveChangesAsync(cancel);
            context.AddRange(Storing.SectionsOf(revision));
            await context.SaveChangesAsync(cancel);
            return version;
        }
    }
}
