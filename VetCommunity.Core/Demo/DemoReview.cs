using Microsoft.EntityFrameworkCore;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Members;
using VetCommunity.Core.Noticing;

namespace VetCommunity.Core.Demo;

/// <summary>What somebody says about the section.</summary>
sealed record DemoReviewWord(string By, int HoursAgo, string Text);

/// <summary>
/// That the author of a published practice submitted another revision, which waits, and what is said about one of its sections. It leaves the rows that doing so would have left.
/// </summary>
/// <param name="Practice">The practice's address part.</param>
/// <param name="DaysAgo">When it was submitted.</param>
/// <param name="Note">What was changed.</param>
/// <param name="Instead">What stood there.</param>
/// <param name="Now">What stands there now.</param>
/// <param name="Section">The key of the section that is talked about.</param>
/// <param name="Talk">What is said, in order.</param>
sealed record DemoReview(string Practice, int DaysAgo, string Note, string Instead, string Now, string Section, DemoReviewWord[] Talk)
{
    public async Task StoreAsync(CommunityDb context, int document, IReadOnlyDictionary<string, Member> members, DateTimeOffset now, CancellationToken cancel)
    {
        var at = now.AddDays(-DaysAgo);
        var found = await context.Documents.SingleAsync(d => d.Id == document, cancel);
        var version = await context.LanguageVersions.SingleAsync(v => v.DocumentId == document && v.SourceId == null, cancel);
        var before = await context.Revisions.AsNoTracking().SingleAsync(r => r.VersionId == version.Id && r.Number == version.LastNumber, cancel);
        var markdown = before.Markdown.Replace(Instead, Now, StringComparison.Ordinal);
        var section = Sections.Of(markdown).FirstOrDefault(one => one.Key == Section);
        if (markdown == before.Markdown || section is null)
            throw new InvalidDataException($"{Practice}: there is no such passage or section to review");
        version.LastNumber++;
        var revision = new Revision
        {
            VersionId = version.Id,
            Number = version.LastNumber,
            AuthorId = found.CreatedById,
            Note = Note,
            At = at,
            Markdown = markdown,
            BaseNumber = before.Number,
            FormKey = "demo-review",
        };
        context.Add(revision);
        context.Add(new Submission { VersionId = version.Id, Number = revision.Number, ById = found.CreatedById, At = at });
        context.ChangeTracker.DetectChanges();
        await context.SaveChangesAsync(cancel);
        context.AddRange(Storing.SectionsOf(revision));
        await TalkAsync(context, found, version, section, markdown, members, now, cancel);
    }

    async Task TalkAsync(CommunityDb context, Document document, LanguageVersion version, Section section, string markdown, IReadOnlyDictionary<string, Member> members, DateTimeOffset now, CancellationToken cancel)
    {
        List<(Member By, DateTimeOffset At, string Text)> said = [.. Talk.Select(word => (members.GetValueOrDefault(word.By) ?? throw new InvalidDataException($"{Practice}: nobody is called {word.By}"), now.AddHours(-word.HoursAgo), word.Text))];
        var people = said.Select(word => word.By).DistinctBy(member => member.Id).ToList();
        var room = SectionTalks.RoomOf(document, version, markdown, said[0].At);
        await Discussion.Rooms.AddAsync(context, room, [.. people.Select(member => (member.Id, TalkSeats.RoleOf(document, member.Id)))], Discussion.Rooms.FirstTopic(room.Language), said[0].At, cancel);
        document.TalkId = room.Id;
        var topic = await TalkTopics.BeginAsync(context, room.Id, section.Heading, version.Language, said[0].At, cancel);
        context.Add(new SectionTalk { TopicId = topic.Id, VersionId = version.Id, Key = section.Key });
        foreach (var (by, at, text) in said)
        {
            var message = DemoTalk.Message(room, topic, by, FormattableString.Invariant($"demo-{room.LastSeq + 1}"), text, at);
            message.Version = ++room.Version;
            context.Add(message);
            context.Add(new ConversationEvent { ConversationId = room.Id, Version = room.Version, Kind = ChangeKind.Posted, Seq = message.Seq, ActorId = by.Id, At = at });
        }
        context.AddRange(people.Select(member => TalkTopics.Following(member.Id, room.Id, topic.Id, said[0].At)));
        context.Add(new NoticedConversation { ConversationId = room.Id, Version = room.Version, SettledVersion = room.Version });
        context.ChangeTracker.DetectChanges();
        await context.SaveChangesAsync(cancel);
        await context.Memberships.Where(m => m.ConversationId == room.Id).ExecuteUpdateAsync(set => set.SetProperty(m => m.LastReadSeq, room.LastSeq), cancel);
    }
}
