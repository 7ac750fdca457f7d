using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Bridging;

/// <summary>A machine's translation of one section of a document, for one who goes on with it. It is stored nowhere.</summary>
/// <param name="Text">The section as markdown; empty of a front matter.</param>
/// <param name="Title">Of a front matter: its title.</param>
/// <param name="Summary">Of a front matter: its summary.</param>
/// <param name="Machine">The machine's name.</param>
public sealed record SectionSuggestion(string Text, string Title, string Summary, string Machine);

/// <summary>
/// Asks the machine, where there is one, for a section of a document: for those who translate it, and only of what everybody can read, so that nothing leaves the community that is not public.
/// </summary>
public sealed class SectionSuggestions(CommunityDbFactory db, DocumentKinds kinds, ISuggestTranslations machine)
{
    /// <summary>Characters of a section that is sent.</summary>
    public const int Most = Limits.Text;

    /// <summary>The machine's name; null where there is none for these languages.</summary>
    public string? MachineFor(string from, string to) =>
        from != to && Languages.All.Contains(from, StringComparer.Ordinal) && Languages.All.Contains(to, StringComparer.Ordinal) ? machine.Name : null;

    /// <summary>Asks for one section.</summary>
    /// <param name="actor">Who translates.</param>
    /// <param name="address">The translated language version.</param>
    /// <param name="sourceNumber">The revision of the source that they have beside it: one that was published.</param>
    /// <param name="key">The section of the source.</param>
    /// <param name="cancel">Stops the waiting.</param>
    /// <exception cref="NotFoundException">Absent, not the actor's to write in, no translation, not published, no such section, or no machine.</exception>
    /// <exception cref="RefusedException">Too long, without words, or the machine does not answer well.</exception>
    public async Task<SectionSuggestion> AskAsync(Actor actor, VersionAddress address, int sourceNumber, string key, CancellationToken cancel = default)
    {
        Section section;
        string from, name;
        await using (var context = db.CreateDbContext())
        {
            var version = await DocumentAccess.FindAsync(context, kinds, actor, address, toWrite: true, cancel);
            var source = await context.LanguageVersions.AsNoTracking().SingleOrDefaultAsync(v => v.Id == version.SourceId, cancel) ?? throw new NotFoundException("source");
            (from, name) = (source.Language, MachineFor(source.Language, address.Language) ?? throw new NotFoundException("machine"));
            if (!await IsPublicAsync(context, source.Id, sourceNumber, cancel))
                throw new NotFoundException("revision");
            var revision = await DocumentAccess.RevisionAsync(context, source.Id, sourceNumber, cancel) ?? throw new NotFoundException("revision");
            section = Sections.Of(revision.Markdown).FirstOrDefault(one => one.Key == key && one.SaysSomething) ?? throw new NotFoundException("section");
        }
        // Nothing is held open meanwhile: whether the original still says this is seen when the translation is stored.
        if (key != Sections.FrontMatterKey)
            return new(await TranslatedAsync(section.Text, from, address.Language, cancel), "", "", name);
        var said = DocumentTitle.Of(section.Text);
        var lines = (await TranslatedAsync($"{PlainText.Line(said.Title)}\n\n{PlainText.Line(said.Summary)}", from, address.Language, cancel)).Split('\n');
        return new("", lines[0], lines.Length > 2 ? lines[2] : "", name);
    }

    // What was published once and whose language still is.
    static async Task<bool> IsPublicAsync(CommunityDb context, int version, int number, CancellationToken cancel)
    {
        var all = context.Publications.Where(p => p.VersionId == version);
        return await all.AnyAsync(p => p.Number == number, cancel) && await all.AnyAsync(p => p.EndedAt == null, cancel);
    }

    async Task<string> TranslatedAsync(string markdown, string from, string to, CancellationToken cancel)
    {
        if (markdown.Length > Most)
            throw new RefusedException(Refusal.TextTooLong, markdown.Length, Most);
        var text = MachineText.Of(markdown.TrimStart('\uFEFF').ReplaceLineEndings("\n").TrimEnd());
        if (text.Sent.Length == 0)
            throw new RefusedException(Refusal.NothingToTranslate);
        var answer = text.Restored(await machine.TranslateAsync(text.Sent, from, to, cancel));
        return answer is { Length: > 0 and <= Most * 3 } ? DocumentAccess.Checked(answer) : throw new RefusedException(Refusal.MachineUnavailable);
    }
}
