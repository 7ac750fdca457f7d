using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Moderation;
using VetCommunity.Core.Search;
using VetCommunity.Tests.Files;
using Xunit;

namespace VetCommunity.Tests.Moderation;

public sealed class DecidingAboutAMessage
{
    [Theory, OnBothDatabases]
    public async Task A_hidden_message_is_a_gap_for_everybody_and_comes_back_as_it_was(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var picture = await world.Attachments.UploadAsync(world.Bruno, new MemoryStream(MadeFiles.Pdf()), "plan.pdf");
        var said = await world.Conversations.PostAsync(world.Bruno, new("welding", "k", null, "Zinc fever, @anna", Attachments: [picture.Id]));
        var answer = await world.SayAsync(world.Anna, "No", replyTo: said.Seq);
        await world.Conversations.ReactAsync(world.Anna, "welding", said.Seq, "👍", on: true);
        await new Pins(world.Db, world.Feed).PinAsync(world.Anna, "welding", said.Seq);
        var search = new MessageSearch(world.Db, world.Log);
        Assert.Single((await search.FindAsync(world.Olga, "zinc")).Messages);
        var unread = new ReadMarkers(world.Db, world.Feed);
        Assert.Equal(1, (await unread.UnreadAsync(world.Anna)).Single(u => u.Conversation == "welding").Mentions);

        var id = await world.Decisions.DecideAsync(world.Carla, "welding", said.Seq, Rulings.Hide);

        foreach (var reader in (Actor[])[world.Olga, world.Bruno, world.Carla])
        {
            var opened = (await world.Conversations.OpenAsync(reader, "welding")).Messages;
            Assert.Equal(("", "", true, 0, 0, id), (opened[0].Markdown, opened[0].Html, opened[0].IsGone, opened[0].Reactions.Count, opened[0].Attachments.Count, opened[0].HiddenBy));
            Assert.Equal("", opened[1].ReplyTo!.Text);
        }
        Assert.Empty((await search.FindAsync(world.Olga, "zinc")).Messages);
        Assert.Empty((await search.FindAsync(world.Bruno, "zinc")).Messages);
        Assert.Equal(0, (await unread.UnreadAsync(world.Anna)).SingleOrDefault(u => u.Conversation == "welding")?.Mentions ?? 0);
        Assert.Empty(await new Pins(world.Db, world.Feed).ListAsync(world.Olga, "welding"));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Conversations.HistoryAsync(world.Olga, "welding", said.Seq));
        await Assert.ThrowsAsync<NotFoundException>(() => world.Attachments.OpenAsync(world.Olga, picture.Id));
        (await world.Attachments.OpenAsync(world.Bruno, picture.Id)).Content.Dispose();
        (await world.Attachments.OpenAsync(world.Carla, picture.Id)).Content.Dispose();
        Assert.Contains("Zinc", (await world.Decisions.FindAsync(world.Anna, "welding", said.Seq)).Html, StringComparison.Ordinal);
        Assert.Contains("Zinc", (await world.Statements.FindAsync(world.Bruno, id)).Quote, StringComparison.Ordinal);
        Assert.Equal(Refusal.MessageHidden, await World.RefusalOfAsync(() => world.Conversations.EditAsync(world.Bruno, "welding", said.Seq, "Other")));
        Assert.Equal(Refusal.MessageHidden, await World.RefusalOfAsync(() => world.Conversations.ReactAsync(world.Anna, "welding", said.Seq, "🎉", on: true)));
        Assert.Equal(Refusal.MessageHidden, await World.RefusalOfAsync(() => world.Reports.ReportAsync(world.Olga, "welding", said.Seq, Ground.Other, "Too late")));
        Assert.Equal("", (await world.Conversations.PostAsync(world.Anna, new("welding", "again", null, "Quoting", said.Seq)) is { } quoting
            ? (await world.Conversations.OpenAsync(world.Anna, "welding")).Messages.Single(m => m.Seq == quoting.Seq).ReplyTo!.Text : null));

        await world.Decisions.DecideAsync(world.Carla, "welding", said.Seq, Rulings.Of(await world.Decisions.FindAsync(world.Carla, "welding", said.Seq), MessageMeasure.Left));

        var back = (await world.Conversations.OpenAsync(world.Olga, "welding")).Messages[0];
        Assert.Equal(("Zinc fever, @anna", false, 1, 1), (back.Markdown, back.IsGone, back.Reactions.Count, back.Attachments.Count));
        Assert.Single((await search.FindAsync(world.Olga, "zinc")).Messages);
        Assert.Equal(1, await world.InDbAsync(db => db.Mentions.CountAsync()));
        Assert.Equal(answer.Seq, (await world.Conversations.OpenAsync(world.Olga, "welding")).Messages[1].Seq);
    }

    [Theory, OnBothDatabases]
    public async Task Of_two_moderators_who_decide_at_once_one_does_and_the_other_reads_the_name(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var said = await world.SayAsync(world.Bruno, "Enough to talk about");
        await world.Reports.ReportAsync(world.Olga, "welding", said.Seq, Ground.Other, "Look");
        var seen = await world.Decisions.FindAsync(world.Carla, "welding", said.Seq);

        var both = await Task.WhenAll(new[] { world.Carla, world.Anna }.Select(async who =>
        {
            try
            {
                await world.Decisions.DecideAsync(who, "welding", said.Seq, Rulings.Of(seen, MessageMeasure.Hidden));
                return null;
            }
            catch (RefusedException refused)
            {
                return refused;
            }
        }));

        var refusal = Assert.Single(both.OfType<RefusedException>());
        Assert.Equal(Refusal.AlreadyDecided, refusal.Refusal);
        var after = await world.Decisions.FindAsync(world.Anna, "welding", said.Seq);
        Assert.Equal(Assert.Single(after.Decisions).By, refusal.Arguments[0]);
        Assert.Single((await world.Conversations.ChangesAsync(world.Olga, "welding", 0)).Changes, change => change.Kind == ChangeKind.Hidden);
        Assert.Empty((await world.Queue.ListAsync(world.Carla, decided: false, 1)).Records);
        Assert.Single((await world.Queue.ListAsync(world.Carla, decided: true, 1)).Records);
    }

    [Theory, OnBothDatabases]
    public async Task A_report_that_came_while_the_moderator_read_still_waits(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var said = await world.SayAsync(world.Bruno, "One thing");
        await world.Reports.ReportAsync(world.Olga, "welding", said.Seq, Ground.Other, "First");
        var seen = await world.Decisions.FindAsync(world.Carla, "welding", said.Seq);
        await world.Reports.ReportAsync(world.Ada, "welding", said.Seq, Ground.Unlawful, "Second");
        await world.Decisions.DecideAsync(world.Carla, "welding", said.Seq, Rulings.Of(seen, MessageMeasure.Left));

        var waiting = Assert.Single(Assert.Single((await world.Queue.ListAsync(world.Carla, decided: false, 1)).Records).Messages);
        Assert.Equal([("First", true), ("Second", false)], waiting.Reports.Select(r => (r.Sentence, r.IsDecided)));
        Assert.NotNull(waiting.Decision);
    }

    [Theory, OnBothDatabases]
    public async Task A_removed_message_takes_its_files_along_and_the_statement_stays(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var file = await world.Attachments.UploadAsync(world.Bruno, new MemoryStream(MadeFiles.Pdf()), "prices.pdf");
        var said = await world.Conversations.PostAsync(world.Bruno, new("welding", "k", null, "", Attachments: [file.Id]));
        var id = await world.Decisions.DecideAsync(world.Anna, "welding", said.Seq, Rulings.Hide with { Message = MessageMeasure.Removed });

        Assert.NotNull((await world.Conversations.OpenAsync(world.Olga, "welding")).Messages.Single().DeletedAt);
        Assert.Empty(Directory.EnumerateFiles(world.UploadPath, "*", SearchOption.AllDirectories));
        Assert.Equal("[prices.pdf]", (await world.Statements.FindAsync(world.Bruno, id)).Quote);
    }

    [Theory, OnBothDatabases]
    public async Task About_a_message_that_its_author_deleted_meanwhile_the_decision_leaves_it_so(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var said = await world.SayAsync(world.Bruno, "Gone soon");
        await world.Reports.ReportAsync(world.Olga, "welding", said.Seq, Ground.Other, "Look");
        await world.Conversations.DeleteAsync(world.Bruno, "welding", said.Seq);
        var id = await world.Decisions.DecideAsync(world.Anna, "welding", said.Seq, Rulings.Hide);

        var statement = await world.Statements.FindAsync(world.Bruno, id);
        Assert.Equal((MessageMeasure.Left, "Gone soon"), (statement.Decision.Message, statement.Quote));
        Assert.Null((await world.Conversations.OpenAsync(world.Olga, "welding")).Messages.Single().HiddenBy);
    }

    [Theory, OnBothDatabases]
    public async Task A_forged_decision_finds_nothing_and_one_does_not_decide_about_oneself(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await world.AddAsync(new() { Kind = ConversationKind.Room, Slug = "joinery", Title = "Joinery", IsOpen = 1 }, [world.Olga], [world.Bruno]);
        var said = await world.SayAsync(world.Bruno, "In welding");
        var closed = await world.SayAsync(world.Ada, "On the board", room: "board");
        await world.Reports.ReportAsync(world.Anna, "welding", said.Seq, Ground.Other, "Look");
        var before = await world.InDbAsync(db => db.Audit.CountAsync());

        // A moderator of another room, a member, a visitor, and the network's moderator where nothing was reported.
        foreach (var (who, room, seq) in ((Actor, string, long)[])
            [(world.Olga, "welding", said.Seq), (world.Bruno, "welding", said.Seq), (Actor.Visitor, "welding", said.Seq), (world.Carla, "board", closed.Seq)])
        {
            await Assert.ThrowsAsync<NotFoundException>(() => world.Decisions.DecideAsync(who, room, seq, Rulings.Hide));
            await Assert.ThrowsAsync<NotFoundException>(() => world.Decisions.FindAsync(who, room, seq));
        }
        await Assert.ThrowsAsync<NotFoundException>(() => world.Queue.ListAsync(world.Bruno, decided: false, 1));
        Assert.Empty((await world.Queue.ListAsync(world.Olga, decided: false, 1)).Records);
        var own = await world.SayAsync(world.Anna, "Of a moderator");
        await world.Reports.ReportAsync(world.Olga, "welding", own.Seq, Ground.Other, "Even she");
        Assert.Equal(Refusal.OwnCase, await World.RefusalOfAsync(() => world.Decisions.DecideAsync(world.Anna, "welding", own.Seq, Rulings.Hide)));
        Assert.Empty((await world.Decisions.FindAsync(world.Anna, "welding", own.Seq)).Reports);
        Assert.DoesNotContain((await world.Queue.ListAsync(world.Anna, decided: false, 1)).Records, record => record.Member!.Handle == "anna");
        Assert.Equal(Refusal.ModeratesHere, await World.RefusalOfAsync(() => world.Decisions.DecideAsync(world.Carla, "welding", own.Seq,
            Rulings.Hide with { Member = MemberMeasure.Muted, Days = 1 })));
        Assert.Equal(Refusal.ReasonMissing, await World.RefusalOfAsync(() => world.Decisions.DecideAsync(world.Carla, "welding", said.Seq, Rulings.Hide with { Reason = " " })));
        Assert.Equal(0, await world.InDbAsync(db => db.Decisions.CountAsync()));
        Assert.Equal(before + 1, await world.InDbAsync(db => db.Audit.CountAsync()));
    }

    [Theory, OnBothDatabases]
    public async Task Every_act_is_in_the_audit_log_without_what_was_said(Database database)
    {
        await using var world = await World.OpenAsync(database);
        var said = await world.SayAsync(world.Bruno, "Secretword one");
        var other = await world.SayAsync(world.Bruno, "Secretword two");
        await world.Reports.ReportAsync(world.Olga, "welding", said.Seq, Ground.Other, "Secretword report");
        var id = await world.Decisions.DecideAsync(world.Carla, "welding", said.Seq, Rulings.Hide with { Reason = "Secretword reason" });
        await world.Decisions.AppealAsync(world.Bruno, id, "Secretword appeal");
        await world.Decisions.AnswerAsync(world.Anna, id, AppealOutcome.Upheld, "Secretword answer");
        await world.InDbAsync(db => db.Messages.Where(m => m.Seq == other.Seq).ExecuteUpdateAsync(set => set.SetProperty(m => m.AuthorId, (int?)null).SetProperty(m => m.ImportedAuthor, "A program")));
        await world.Conversations.DeleteAsync(world.Anna, "welding", other.Seq);

        var lines = await world.InDbAsync(db => db.Audit.OrderBy(a => a.Id).Select(a => new { a.What, a.Subject, a.Detail, a.ActorId }).ToListAsync());
        Assert.Equal([("message.reported", 4), ("message.decided", 3), ("appeal.made", 2), ("appeal.decided", 1), ("message.deleted", 1)], lines.Select(l => (l.What, l.ActorId!.Value)));
        Assert.All(lines, line => Assert.DoesNotContain("Secretword", line.Detail + line.Subject, StringComparison.OrdinalIgnoreCase));
        Assert.Equal(("member:2", "welding 1 Hidden None"), (lines[1].Subject, lines[1].Detail));
    }
}
