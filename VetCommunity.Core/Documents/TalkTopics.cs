using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Markdown;
using VetCommunity.Core.Members;

namespace VetCommunity.Core.Documents;

/// <summary>The topics of the talk of a document: what they are called, and how each follows its section through the revisions.</summary>
static class TalkTopics
{
    /// <summary>In the caller's transaction: the topics of a language version go on with their sections in its new revision. Where one is gone, its topic takes no more messages until it comes back.</summary>
    public static async Task FollowAsync(CommunityDb context, Revision revision, CancellationToken cancel)
    {
        var talks = await context.SectionTalks.AsNoTracking().Where(talk => talk.VersionId == revision.VersionId).ToListAsync(cancel);
        if (talks.Count == 0)
            return;
        var living = talks.Where(talk => talk.EndedAt is null).ToList();
        var present = FollowedSections.Of(await TextAsync(context, revision.VersionId, revision.Number - 1, cancel), revision.Markdown, living.Select(talk => talk.Key).ToHashSet(StringComparer.Ordinal));
        // All leave their keys before one takes another's.
        var leaving = living.Where(talk => present.GetValueOrDefault(talk.Key) != talk.Key).ToList();
        foreach (var talk in leaving)
            await EndAsync(talk, talk.Key, revision.At);
        foreach (var talk in leaving)
        {
            if (present.GetValueOrDefault(talk.Key) is { } key)
                await EndAsync(talk, key, null);
        }
        var (held, there) = (present.Values.ToHashSet(StringComparer.Ordinal), Sections.Of(revision.Markdown).Where(section => section.SaysSomething).Select(section => section.Key).ToHashSet(StringComparer.Ordinal));
        foreach (var talk in talks.Where(talk => talk.EndedAt is not null && there.Contains(talk.Key)).OrderByDescending(talk => talk.EndedAt))
        {
            if (held.Add(talk.Key))
                await EndAsync(talk, talk.Key, null);
        }

        async Task EndAsync(SectionTalk talk, string key, DateTimeOffset? at)
        {
            await context.SectionTalks.Where(one => one.TopicId == talk.TopicId).ExecuteUpdateAsync(set => set.SetProperty(one => one.Key, key).SetProperty(one => one.EndedAt, at), cancel);
            await context.Topics.Where(topic => topic.Id == talk.TopicId).ExecuteUpdateAsync(set => set.SetProperty(topic => topic.EndedAt, at), cancel);
        }
    }

    /// <summary>The topic of a section that nobody talked about before. One of that name that is no section's was begun by somebody who was faster, and is it.</summary>
    public static async Task<Topic> BeginAsync(CommunityDb context, int room, string heading, string language, DateTimeOffset now, CancellationToken cancel)
    {
        foreach (var name in NamesOf(heading, language))
        {
            var folded = Folding.Fold(name);
            var same = await context.Topics.Where(t => t.ConversationId == room && t.Folded == folded)
                .Select(t => new { t.Id, IsFree = !context.SectionTalks.Any(talk => talk.TopicId == t.Id) && !context.Conversations.Any(c => c.DefaultTopicId == t.Id) }).SingleOrDefaultAsync(cancel);
            if (same is { IsFree: true })
                return await context.Topics.SingleAsync(t => t.Id == same.Id, cancel);
            if (same is not null)
                continue;
            var topic = new Topic { ConversationId = room, Name = name, Folded = folded, Slug = await FreeSlugAsync(context, room, Folding.Slug(name), cancel), CreatedAt = now };
            context.Add(topic);
            await context.SaveChangesAsync(cancel);
            context.Add(new TopicSlug { ConversationId = room, Slug = topic.Slug, TopicId = topic.Id });
            return topic;
        }
        throw new InvalidOperationException("There is always one more name.");
    }

    static async Task<string> FreeSlugAsync(CommunityDb context, int room, string wanted, CancellationToken cancel)
    {
        for (var number = 1; ; number++)
        {
            var slug = number == 1 ? wanted : string.Create(CultureInfo.InvariantCulture, $"{wanted}-{number}");
            if (!LogStatements.IsTaken(slug) && !await context.TopicSlugs.AnyAsync(s => s.ConversationId == room && s.Slug == slug, cancel))
                return slug;
        }
    }

    /// <summary>The name that a topic should have and has not; null where it has it, or others have it.</summary>
    public static async Task<string?> OtherNameAsync(CommunityDb context, int room, int topic, string name, string heading, string language, CancellationToken cancel)
    {
        foreach (var wanted in NamesOf(heading, language).Take(2))
        {
            var folded = Folding.Fold(wanted);
            if (folded == Folding.Fold(name))
                return null;
            if (!await context.Topics.AnyAsync(t => t.ConversationId == room && t.Folded == folded && t.Id != topic, cancel))
                return wanted;
        }
        return null;
    }

    // As the heading is read; where two languages or two sections are called the same, with what tells them apart.
    static IEnumerable<string> NamesOf(string heading, string language)
    {
        var name = PlainText.Line(PersonsMarkdown.Plain(heading));
        if (Folding.Slug(name).Length == 0)
            name = Beginning(language);
        yield return PlainText.Beginning(name, Limits.TopicName);
        var start = PlainText.Beginning(name, Limits.TopicName - 10);
        yield return $"{start} ({language})";
        for (var number = 2; ; number++)
            yield return string.Create(CultureInfo.InvariantCulture, $"{start} ({language} {number})");
    }

    /// <summary>Whoever sits in the talk hears of its topics.</summary>
    public static Involvement Following(int member, int room, int topic, DateTimeOffset at) => new() { MemberId = member, ConversationId = room, TopicId = topic, Kind = InvolvementKind.Followed, At = at };

    /// <summary>What a revision says; empty before the first.</summary>
    public static async Task<string> TextAsync(CommunityDb context, int version, int number, CancellationToken cancel) => (await DocumentAccess.RevisionAsync(context, version, number, cancel))?.Markdown ?? "";

    static string Beginning(string language) => language switch
    {
        "it" => "Inizio",
        "de" => "Anfang",
        "es" => "Comienzo",
        "ca" => "Començament",
        "el" => "Αρχή",
        _ => "Beginning",
    };
}
