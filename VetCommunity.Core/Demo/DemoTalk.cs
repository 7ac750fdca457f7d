using System.Xml;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Data;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Markdown;
using VetCommunity.Core.Members;
using VetCommunity.Core.Noticing;

namespace VetCommunity.Core.Demo;

/// <summary>
/// One room of the demo world, stored as if people had talked in it: what they did is put in the order of time, and each act
/// gets the next version and leaves the rows that the message log would have left.
/// </summary>
sealed class DemoTalk(CommunityDb context, DemoRoom file, Dictionary<string, Member> people, DateTimeOffset begin, DateTimeOffset now)
{
    readonly Conversation _room = new()
    {
        Kind = ConversationKind.Room,
        Slug = file.Slug,
        Title = file.Title,
        Purpose = file.Purpose ?? "",
        Language = Languages.OrEnglish(file.Language),
        IsOpen = file.Closed ? 0 : 1,
        CreatedAt = begin,
    };
    readonly Dictionary<string, Topic> _topics = new(StringComparer.Ordinal);
    readonly Dictionary<string, Message> _messages = new(StringComparer.Ordinal);

    string DefaultTopic => file.DefaultTopic ?? "General";

    public async Task StoreAsync(int index, CancellationToken cancel)
    {
        List<Member> members = [.. file.Handles?.Select(Person) ?? people.Values];
        _room.CreatedById = (members.Find(IsKeeper) ?? members.FirstOrDefault())?.Id;
        context.Conversations.Add(_room);
        await context.SaveChangesAsync(cancel);
        await StoreTopicsAsync(cancel);
        foreach (var act in Acts().OrderBy(act => act.At).ToList())
            Apply(act, members);
        foreach (var (number, member) in members.Index())
            context.Memberships.Add(Place(member, number + index));
        _room.DefaultTopicId = _topics[Folding.Fold(DefaultTopic)].Id;
        context.Involvements.AddRange(_messages.Values.GroupBy(message => (message.AuthorId, message.TopicId)).Select(written => new Involvement
        {
            MemberId = written.Key.AuthorId!.Value,
            ConversationId = _room.Id,
            TopicId = written.Key.TopicId,
            Kind = InvolvementKind.Followed,
            At = written.First().SentAt,
        }));
        List<Resolution> resolutions = [.. (file.Resolutions ?? []).Select(Resolution)];
        context.Resolutions.AddRange(resolutions);
        if (file.Decision is { } decision)
            await decision.StoreAsync(context, _messages[decision.Message], Person, cancel);
        if (file.Hours is { } hours)
            await hours.StoreAsync(context, _room, key => _messages[key], Person, now, cancel);
        if (file.Draft is { } draft)
            await draft.StoreAsync(context, file.Purpose ?? "", _messages, Person, cancel);
        foreach (var translation in file.Translations ?? [])
            translation.Store(context, _messages[translation.Message], _room.Language, Person);
        context.NoticedConversations.Add(new() { ConversationId = _room.Id, Version = _room.Version, SettledVersion = _room.Version });
        context.ChangeTracker.DetectChanges();
        await context.SaveChangesAsync(cancel);
        context.Notices.AddRange(Notices(resolutions).Where(notice => members.Exists(member => member.Id == notice.MemberId)).OrderBy(notice => notice.At));
        await context.SaveChangesAsync(cancel);
    }

    /// <summary>Brings the files of the messages, as an upload would.</summary>
    public async Task AttachAsync(string folder, FileIntake intake, CancellationToken cancel)
    {
        foreach (var said in file.Messages)
        {
            foreach (var (position, one) in (said.Attachments ?? []).Index())
            {
                await using var content = File.OpenRead(Path.Combine(folder, one.File));
                var attachment = await intake.TakeAsync(content, one.File, one.Alt ?? "", cancel);
                var message = _messages[said.Key];
                (attachment.UploaderId, attachment.UploadedAt) = (message.AuthorId!.Value, message.SentAt);
                (attachment.ConversationId, attachment.Seq, attachment.Position) = (_room.Id, message.Seq, position + 1);
                context.Attachments.Add(attachment);
            }
        }
        await context.SaveChangesAsync(cancel);
    }

    async Task StoreTopicsAsync(CancellationToken cancel)
    {
        HashSet<string> slugs = new(StringComparer.Ordinal);
        foreach (var (name, at) in file.Messages.Select(message => (message.Topic ?? DefaultTopic, now - message.Age)).Prepend((DefaultTopic, begin)))
        {
            if (_topics.ContainsKey(Folding.Fold(name)))
                continue;
            var wanted = Folding.Slug(name);
            var slug = wanted;
            for (var number = 2; !slugs.Add(slug); number++)
                slug = $"{wanted}-{number}";
            _topics[Folding.Fold(name)] = new() { ConversationId = _room.Id, Name = name, Folded = Folding.Fold(name), Slug = slug, CreatedAt = at };
        }
        context.Topics.AddRange(_topics.Values);
        await context.SaveChangesAsync(cancel);
        context.TopicSlugs.AddRange(_topics.Values.Select(topic => new TopicSlug { ConversationId = _room.Id, Slug = topic.Slug, TopicId = topic.Id }));
    }

    /// <summary>What people did, each some minutes after what it refers to.</summary>
    IEnumerable<DemoAct> Acts()
    {
        foreach (var message in file.Messages)
        {
            var at = now - message.Age;
            yield return new(at, ChangeKind.Posted, message, message.Author);
            if (message.Deleted)
            {
                yield return new(Later(at, 9), ChangeKind.Deleted, message, message.Author);
                continue;
            }
            if (message.Edited is not null)
                yield return new(Later(at, 3), ChangeKind.Edited, message, message.Author);
            if (file.Decision is { } decision && decision.Message == message.Key)
            {
                yield return new(at + DemoDecision.HiddenAfter, ChangeKind.Hidden, message, decision.By);
                yield return new(at + DemoDecision.LiftedAfter, ChangeKind.Unhidden, message, decision.Judge);
            }
            var minutes = 5;
            foreach (var reaction in message.Reactions ?? [])
            {
                foreach (var handle in reaction.By.Distinct(StringComparer.Ordinal))
                    yield return new(Later(at, minutes += 7), ChangeKind.Reacted, message, handle, reaction.Emoji);
            }
            foreach (var translation in Translations(message).Where(translation => translation.AcceptedBy is not null))
                yield return new(at + DemoTranslation.AcceptedAfter, ChangeKind.Translated, message, translation.AcceptedBy!);
            foreach (var vote in message.Poll?.Votes ?? [])
                yield return new(Later(at, minutes += 4), ChangeKind.PollChanged, message, vote.By, Choices: vote.Choices);
        }
    }

    IEnumerable<DemoTranslation> Translations(DemoMessage message) => (file.Translations ?? []).Where(translation => translation.Message == message.Key);

    DateTimeOffset Later(DateTimeOffset at, int minutes) => at.AddMinutes(minutes) < now ? at.AddMinutes(minutes) : now;

    void Apply(DemoAct act, List<Member> members)
    {
        var version = ++_room.Version;
        var actor = Person(act.Handle);
        if (act.Kind == ChangeKind.Posted)
            Post(act, actor);
        var message = _messages[act.File.Key];
        switch (act.Kind)
        {
            case ChangeKind.Edited:
                context.MessageRevisions.Add(new() { ConversationId = _room.Id, Seq = message.Seq, Version = version, Markdown = message.Markdown, ReplacedAt = act.At });
                message.Markdown = act.File.Text;
                var edited = PersonsMarkdown.Read(message.Markdown);
                (message.Html, message.Language) = (edited.Html, edited.Language);
                message.EditedAt = act.At;
                break;
            case ChangeKind.Deleted:
                (message.Markdown, message.Html, message.Language) = ("", "", null);
                message.DeletedAt = act.At;
                break;
            case ChangeKind.Reacted:
                context.Reactions.Add(new() { ConversationId = _room.Id, Seq = message.Seq, MemberId = actor.Id, Emoji = act.Emoji!, At = act.At });
                break;
            case ChangeKind.PollChanged:
                context.Votes.Add(new() { ConversationId = _room.Id, Seq = message.Seq, MemberId = actor.Id, Choices = PollRules.Bits(act.Choices), At = act.At });
                break;
            case ChangeKind.Posted when !act.File.Deleted:
                context.Mentions.AddRange(PersonsMarkdown.Mentions(message.Markdown).Select(handle => people.GetValueOrDefault(handle))
                    .OfType<Member>().Where(named => _room.IsOpen == 1 || members.Contains(named)).Distinct()
                    .Select(named => new Mention { ConversationId = _room.Id, Seq = message.Seq, MemberId = named.Id }));
                break;
        }
        message.Version = version;
        context.ConversationEvents.Add(new() { ConversationId = _room.Id, Version = version, Kind = act.Kind, Seq = message.Seq, ActorId = actor.Id, At = act.At });
    }

    void Post(DemoAct act, Member author)
    {
        var said = act.File;
        if (said.ReplyTo is not null && !_messages.ContainsKey(said.ReplyTo))
            throw new InvalidDataException($"Room {_room.Slug}, message {said.Key}: it answers {said.ReplyTo}, which does not come before it");
        var topic = _topics[Folding.Fold(said.Topic ?? DefaultTopic)];
        var message = Message(_room, topic, author, $"demo-{said.Key}", said.Edited ?? said.Text, act.At, said.ReplyTo is null ? null : _messages[said.ReplyTo].Seq);
        if (!_messages.TryAdd(said.Key, message))
            throw new InvalidDataException($"Room {_room.Slug}: two messages have the key {said.Key}");
        context.Messages.Add(message);
        if (said.Poll is { } poll)
            context.Polls.Add(new() { ConversationId = _room.Id, Seq = message.Seq, Options = string.Join('\n', poll.Options), Several = poll.Several ? 1 : 0, Secret = poll.Secret ? 1 : 0, Results = PollResults.AtOnce });
    }

    /// <summary>The next message of a room, which counts in it and in its topic. Its version is that of its event.</summary>
    internal static Message Message(Conversation room, Topic topic, Member author, string key, string markdown, DateTimeOffset at, long? replyToSeq = null)
    {
        var text = PersonsMarkdown.Read(markdown);
        var message = new Message
        {
            ConversationId = room.Id,
            Seq = ++room.LastSeq,
            AuthorId = author.Id,
            ClientKey = key,
            TopicId = topic.Id,
            Markdown = markdown,
            Html = text.Html,
            Language = text.Language,
            SentAt = at,
            ReplyToSeq = replyToSeq,
        };
        room.LastAt = at;
        topic.LastSeq = message.Seq;
        topic.Messages++;
        return message;
    }

    // What people have heard of while they talked: who was named or answered, and how followed topics ended.
    IEnumerable<Notice> Notices(List<Resolution> resolutions)
    {
        var bySeq = _messages.Values.ToDictionary(message => message.Seq);
        foreach (var said in _messages.Values.Where(message => message.DeletedAt is null))
        {
            HashSet<int> told = [said.AuthorId!.Value];
            foreach (var named in PersonsMarkdown.Mentions(said.Markdown).Select(handle => people.GetValueOrDefault(handle)).OfType<Member>().Where(named => told.Add(named.Id)))
                yield return Notice(named.Id, NoticeKind.Mention, said.Seq, said.AuthorId, said.SentAt);
            if (said.ReplyToSeq is { } seq && bySeq[seq].AuthorId is { } answered && told.Add(answered))
                yield return Notice(answered, NoticeKind.Reply, said.Seq, said.AuthorId, said.SentAt);
        }
        foreach (var notice in (file.Translations ?? []).SelectMany(translation => translation.Notices(context, _messages[translation.Message], _room.Language, Person)))
            yield return notice;
        foreach (var end in resolutions)
        {
            foreach (var follower in bySeq.Values.Where(message => message.TopicId == end.TopicId && message.AuthorId != end.ById).Select(message => message.AuthorId!.Value).Distinct())
                yield return Notice(follower, NoticeKind.Outcome, end.Id, end.ById, end.At);
        }
    }

    Notice Notice(int member, NoticeKind kind, long number, int? by, DateTimeOffset at) =>
        new() { MemberId = member, Kind = kind, ConversationId = _room.Id, Seq = number, ById = by, At = at };

    Membership Place(Member member, int number)
    {
        var ownLast = _messages.Values.Where(message => message.AuthorId == member.Id).Select(message => message.Seq).DefaultIfEmpty().Max();
        // Every third has some of the newest still to read.
        var unread = number % 3 == 1 ? 2 + number % 4 : 0;
        return new()
        {
            ConversationId = _room.Id,
            MemberId = member.Id,
            Role = member.Id == _room.CreatedById || IsKeeper(member) ? MembershipRole.Moderator : MembershipRole.Participant,
            JoinedAt = begin,
            LastReadSeq = Math.Max(ownLast, _room.LastSeq - unread),
        };
    }

    Resolution Resolution(DemoResolution end)
    {
        var at = now - XmlConvert.ToTimeSpan(end.Ago);
        return new()
        {
            ConversationId = _room.Id,
            TopicId = _topics.TryGetValue(Folding.Fold(end.Topic), out var topic) ? topic.Id : throw new InvalidDataException($"Room {_room.Slug} has no topic {end.Topic}"),
            Outcome = Enum.TryParse<Outcome>(end.Outcome, out var outcome) ? outcome : throw new InvalidDataException($"Room {_room.Slug}: unknown outcome {end.Outcome}"),
            Sentence = end.Sentence,
            ById = Person(end.By).Id,
            At = at,
            LastSeq = _messages.Values.Where(message => message.SentAt <= at).Select(message => message.Seq).DefaultIfEmpty().Max(),
        };
    }

    static bool IsKeeper(Member member) => (member.Roles & (Roles.Moderator | Roles.Administrator)) != Roles.None;

    Member Person(string handle) => people.TryGetValue(handle, out var member) ? member : throw new InvalidDataException($"Room {file.Slug}: nobody has the handle {handle}");

    sealed record DemoAct(DateTimeOffset At, ChangeKind Kind, DemoMessage File, string Handle, string? Emoji = null, int[]? Choices = null);
}
