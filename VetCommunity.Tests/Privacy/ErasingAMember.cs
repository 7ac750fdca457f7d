using System.Globalization;
using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.GoodPractice;
using VetCommunity.Core.Members;
using VetCommunity.Core.Moderation;
using VetCommunity.Core.Noticing;
using VetCommunity.Core.Privacy;
using Xunit;

namespace VetCommunity.Tests.Privacy;

public class ErasingAMember
{
    static readonly string[] Legal = ["Reports", "Decisions", "Appeals", "Suspensions"];

    [Promise("PR2")]
    [Theory, OnBothDatabases]
    public async Task Nothing_of_her_is_left_in_any_table_or_file_and_the_rooms_stay_readable(Database database)
    {
        await using var world = await LeavingWorld.OpenAsync(database);
        await SeedAsync(world);
        var before = (await world.FindAsync()).Select(one => one.Split(':')[0]).ToHashSet();
        // Else this test would see nothing because there is nothing to see.
        Assert.Superset(new HashSet<string>(
        [
            "Members", "Pictures", "MemberClaims", "MemberLogins", "MemberTokens", "AccountLinks", "AccessTokens", "Invitations", "Mails", "Audit", "Messages", "MessageRevisions", "Attachments",
            "Drafts", "ScheduledMessages", "QueuePlaces", "Quotes", "PracticeDrafts", "SavedSearches", "Reports", "Decisions", "Appeals", "Suspensions", "IndexedWords", "MessageIndex" + (database == Database.Sqlite ? "_data" : ""),
        ]), before);

        await world.LeaveAsync(texts: false);

        Assert.Equal([], (await world.FindAsync()).Where(one => !Legal.Contains(one.Split(':')[0])));
        var room = await world.World.Conversations.OpenAsync(world.World.Bruno, "welding");
        Assert.Contains(room.Messages, message => message is { Markdown: "Kept for the others", Author: { Handle: "", Name: "Former member", PictureVersion: null } });
        Assert.Contains(room.Messages, message => message.Markdown == "Ask former member or former member, see [her](/people)." && message.Author.Handle == "bruno");
        Assert.Equal([QuoteAnswer.Agreed, QuoteAnswer.WithoutName], await world.World.InDbAsync(db => db.Quotes.OrderBy(q => q.AuthorId).Select(q => q.Answer).ToListAsync()));
        Assert.DoesNotContain(room.Messages, message => message.Reactions.Count > 0 || message.Attachments.Count > 0);
        Assert.True((await world.World.InDbAsync(db => db.Erasures.AsNoTracking().SingleAsync())) is { DoneAt: not null, Name: "", Handles: "", Email: "" });

        world.World.Clock.Advance(TimeSpan.FromDays(190));
        await world.Erasing.GoOnAsync(Actor.Operator);

        Assert.Equal([], await world.FindAsync());
        if (database == Database.Sqlite)
        {
            // What edits left behind long before lies in the file's gaps; nothing is in what the file is made of.
            await world.World.InDbAsync(db => db.Database.ExecuteSqlRawAsync("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)"));
            Assert.False(await world.IsInTheFileAsync());
        }
    }

    [Theory, OnBothDatabases]
    public async Task Who_wants_the_texts_to_go_takes_them_along_and_leaves_gaps(Database database)
    {
        await using var world = await LeavingWorld.OpenAsync(database);
        var seq = (await world.World.SayAsync(world.Quenza, "qzxroomtext for all")).Seq;
        var answer = (await world.World.SayAsync(world.World.Bruno, "I agree", replyTo: seq)).Seq;
        await world.World.Log.IndexedAsync(default);

        await world.LeaveAsync(texts: true);

        Assert.Equal([], await world.FindAsync());
        var messages = (await world.World.Conversations.OpenAsync(world.World.Bruno, "welding")).Messages;
        Assert.NotNull(messages.Single(message => message.Seq == seq).DeletedAt);
        Assert.Equal("I agree", messages.Single(message => message.Seq == answer).Markdown);
    }

    [Theory, OnBothDatabases]
    public async Task What_she_wrote_to_one_person_goes_and_their_own_words_stay_with_them(Database database)
    {
        await using var world = await LeavingWorld.OpenAsync(database);
        var direct = (await world.WithBrunoAsync()).Id.ToString(CultureInfo.InvariantCulture);
        await world.World.SayAsync(world.Quenza, "qzxsecret", room: direct);
        await world.World.SayAsync(world.World.Bruno, "My own words", room: direct);

        await world.LeaveAsync(texts: false);

        Assert.Equal([], await world.FindAsync());
        var opened = await world.World.Conversations.OpenAsync(world.World.Bruno, direct);
        Assert.Equal("Former member", opened.Title);
        Assert.Equal(["", "My own words"], opened.Messages.Select(message => message.Markdown));
        Assert.False(opened.Standing.MayPost);
        Assert.Equal("My own words", Assert.Single((await new Rooms(world.World.Db, world.World.Feed, world.World.Clock).DirectsAsync(world.World.Bruno, 1)).Directs).LastText);
    }

    [Theory, OnBothDatabases]
    public async Task Nobody_finds_her_any_more_and_nobody_comes_in_as_her(Database database)
    {
        await using var world = await LeavingWorld.OpenAsync(database);
        await world.World.SayAsync(world.Quenza, "Something");
        var token = await new AccessTokens(world.World.Db, world.World.Clock).CreateAsync(world.Quenza, "qzx@mail.example", "script");
        List<AccessEnded> ended = [];
        using var heard = world.World.Feed.Subscribe<AccessEnded>(one =>
        {
            ended.Add(one);
            return ValueTask.CompletedTask;
        });

        await world.LeaveAsync(texts: false);

        Assert.Null(await world.Accounts.SignedInAsync(world.Quenza.MemberId));
        Assert.Null(await new AccessTokens(world.World.Db, world.World.Clock).OwnerAsync(token));
        Assert.Contains(ended, one => one.MemberId == world.Quenza.MemberId && one.ConversationId is null);
        await Assert.ThrowsAsync<NotFoundException>(() => world.People.ProfileAsync(world.World.Bruno, "qzxhandle"));
        Assert.DoesNotContain((await world.People.FindAsync(world.World.Bruno, "", 1)).Lines, line => line.Name.StartsWith("Former", StringComparison.Ordinal));
        Assert.Equal(Refusal.UnknownMember, await World.RefusalOfAsync(() => world.Search.FindAsync(world.World.Bruno, "from:qzxhandle something")));
        Assert.Equal(Refusal.Suspended, await World.RefusalOfAsync(() => world.World.SayAsync(world.Quenza, "Once more")));
        var members = await new Core.Members.Administration(world.World.Db, world.World.Clock).MembersAsync(world.World.Ada, new(), 1);
        Assert.Equal(5, members.Count);
        Assert.Equal(Refusal.UnknownMember, await World.RefusalOfAsync(() => world.Accounts.LiftAsync(world.World.Ada, "qzxhandle")));
        // The name is free again, and no old text comes to mean whoever takes it.
        Assert.False(await world.World.InDbAsync(db => Profiles.IsTakenAsync(db, "qzxhandle", 1, default)));
    }

    [Promise("FT17")]
    [Theory, OnBothDatabases]
    public async Task A_server_that_was_killed_goes_on_where_it_stopped(Database database)
    {
        await using var world = await LeavingWorld.OpenAsync(database);
        for (var i = 0; i < 60; i++)
            await world.World.SayAsync(world.Quenza, $"qzxmany {i}");
        await world.Erasures.AskAsync(world.Quenza, await world.ProofAsync(world.Quenza), deletesTexts: true);
        world.World.Clock.Advance(TimeSpan.FromDays(15));
        using var killed = new CancellationTokenSource();
        using var heard = world.World.Feed.Subscribe<ConversationChanged>(_ =>
        {
            killed.Cancel();
            return ValueTask.CompletedTask;
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => world.Erasing.GoOnAsync(Actor.Operator, killed.Token));
        var left = await world.World.InDbAsync(db => db.Messages.CountAsync(m => m.Markdown != ""));
        Assert.InRange(left, 1, 59);

        Assert.True(await world.Erasing.GoOnAsync(Actor.Operator));
        Assert.Equal(0, await world.World.InDbAsync(db => db.Messages.CountAsync(m => m.Markdown != "")));
        world.World.Clock.Advance(Erasing.Settling);
        await world.Erasing.GoOnAsync(Actor.Operator);

        Assert.Equal([], await world.FindAsync());
    }

    [Theory, OnBothDatabases]
    public async Task What_a_request_stores_that_was_under_way_goes_with_the_second_pass(Database database)
    {
        await using var world = await LeavingWorld.OpenAsync(database);
        await world.Erasures.AskAsync(world.Quenza, await world.ProofAsync(world.Quenza), deletesTexts: false);
        world.World.Clock.Advance(TimeSpan.FromDays(15));
        Assert.True(await world.Erasing.GoOnAsync(Actor.Operator));

        // These requests knew her before.
        await new Drafts(world.World.Db, world.World.Clock).SaveAsync(world.Quenza, "welding", "qzxlate", null, null);
        await world.World.Attachments.UploadAsync(world.Quenza, LeavingWorld.Text("qzxlate file"), "qzxlate.txt");
        world.World.Clock.Advance(Erasing.Settling);
        Assert.False(await world.Erasing.GoOnAsync(Actor.Operator));

        Assert.Equal([], await world.FindAsync());
    }

    [Theory, OnBothDatabases]
    public async Task A_moderator_decides_about_her_while_she_leaves_and_both_are_done(Database database)
    {
        await using var world = await LeavingWorld.OpenAsync(database);
        var seq = (await world.World.SayAsync(world.Quenza, "qzxrude")).Seq;
        await world.Erasures.AskAsync(world.Quenza, await world.ProofAsync(world.Quenza), deletesTexts: true);
        world.World.Clock.Advance(TimeSpan.FromDays(15));

        await Task.WhenAll(
            world.Erasing.GoOnAsync(Actor.Operator),
            world.World.Decisions.DecideAsync(world.World.Anna, "welding", seq, new(MessageMeasure.Removed, MemberMeasure.Banned, 7, Ground.Harassment, "Not here.", 0, 0)));
        world.World.Clock.Advance(Erasing.Settling);
        await world.Erasing.GoOnAsync(Actor.Operator);

        Assert.Equal([], (await world.FindAsync()).Where(one => !Legal.Contains(one.Split(':')[0])));
        Assert.Equal(1, await world.World.InDbAsync(db => db.Decisions.CountAsync(d => d.MemberId == world.Quenza.MemberId)));
        Assert.Equal(0, await world.World.InDbAsync(db => db.Notices.CountAsync(n => n.MemberId == world.Quenza.MemberId)));
    }

    internal static async Task SeedAsync(LeavingWorld world)
    {
        var (quenza, bruno, id) = (world.Quenza, world.World.Bruno, world.Quenza.MemberId);
        var direct = await world.WithBrunoAsync();
        var now = world.World.Clock.GetUtcNow();
        await world.World.InDbAsync(async db =>
        {
            var welding = await db.Conversations.SingleAsync(c => c.Slug == "welding");
            // She was called otherwise before.
            db.Audit.Add(new() { At = now, ActorId = id, What = "handle.changed", Subject = "handle:qzxformer", Detail = "qzxhandle" });
            db.Audit.Add(new() { At = now, ActorId = 1, What = "speaker.named", Subject = "room:welding", Detail = "@qzxhandle" });
            db.Pictures.Add(new() { MemberId = id, Jpeg = "qzxpicture"u8.ToArray() });
            db.UserClaims.Add(new() { UserId = id, ClaimType = "qzxclaim", ClaimValue = "1" });
            db.UserLogins.Add(new() { UserId = id, LoginProvider = "elsewhere", ProviderKey = "qzxkey" });
            db.UserPasskeys.Add(new() { UserId = id, CredentialId = "qzxcredential"u8.ToArray(), Data = new() { PublicKey = [1], Name = "qzxdevice", AttestationObject = [], ClientDataJson = [] } });
            db.Passkeys.Add(new() { CredentialId = "qzxcredential"u8.ToArray(), MemberId = id, Name = "qzxpasskey", At = now });
            db.UserTokens.Add(new() { UserId = id, LoginProvider = "here", Name = "code", Value = "qzxcode" });
            db.AccountLinks.Add(new() { MemberId = id, Purpose = LinkPurpose.Confirm, CodeHash = [1], At = now, ExpiresAt = now, DisplayName = "Qzxenza" });
            db.Invitations.Add(new() { CodeHash = [2], Email = "qzx@mail.example", ById = 5, At = now, ExpiresAt = now, UsedAt = now, UsedById = id });
            db.ScheduledMessages.Add(new() { MemberId = id, ConversationId = welding.Id, FormKey = "k", Markdown = "qzxscheduled", DueAt = now.AddYears(1), MadeAt = now });
            db.Drafts.Add(new() { MemberId = id, ConversationId = welding.Id, Markdown = "qzxdraft", SavedAt = now });
            db.Drafts.Add(new() { MemberId = 2, ConversationId = welding.Id, Markdown = "To @qzxhandle later", SavedAt = now });
            db.NoticeSettings.Add(new() { MemberId = id, DigestedAt = now });
            db.RoomWishes.Add(new() { MemberId = id, ConversationId = welding.Id, Calls = RoomCalls.Nothing });
            db.RoomHosts.Add(new() { MemberId = id, ConversationId = welding.Id, Since = now });
            db.QueuePlaces.Add(new() { MemberId = id, ConversationId = welding.Id, Line = "qzxline", JoinedAt = now });
            db.SavedSearches.Add(new() { MemberId = id, Words = "qzxsearched", Facets = "{}", Key = "k", At = now });
            db.PracticeDrafts.Add(new() { ConversationId = welding.Id, Title = "qzxpractice", Body = "", ById = id, At = now, ChangedById = id, ChangedAt = now, FormKey = "f" });
            db.PracticeDrafts.Add(new() { ConversationId = welding.Id, Title = "Visors", Body = "As @qzxhandle says", ById = 1, At = now, ChangedById = 1, ChangedAt = now, FormKey = "g" });
            db.Suspensions.Add(new() { MemberId = id, ById = 3, Reason = "qzxreason", At = now, LiftedAt = now });
            db.Reports.Add(new() { ConversationId = welding.Id, Seq = 77, ReporterId = id, ReportedId = 2, Sentence = "qzxreport", Quote = "His words", At = now, DecisionId = 1 });
            db.Mails.Add(new() { Address = "bruno@example.org", Language = "de", Subject = "Qzxenza Ferri wrote", Text = "Qzxenza Ferri (@qzxhandle)", Html = "<p>Qzxenza Ferri</p>", At = now, DueAt = now.AddYears(1), ExpiresAt = now.AddYears(2) });
            db.Acceptances.Add(new() { MemberId = id, Purpose = ConsentPurpose.Privacy, Version = 1, At = now });
            return await db.SaveChangesAsync();
        });
        await new AccessTokens(world.World.Db, world.World.Clock).CreateAsync(quenza, "qzx@mail.example", "qzxtoken");
        var file = await world.World.Attachments.UploadAsync(quenza, LeavingWorld.Text("qzxfile"), "qzxfile.txt");
        var kept = (await world.World.Conversations.PostAsync(quenza, new("welding", "a", null, "It was qzxbefore", Attachments: [file.Id]))).Seq;
        await world.World.Conversations.EditAsync(quenza, "welding", kept, "Kept for the others");
        var alone = await world.World.Attachments.UploadAsync(quenza, LeavingWorld.Text("qzxalone"), "qzxalone.txt");
        await world.World.Conversations.PostAsync(quenza, new("welding", "b", null, "", Attachments: [alone.Id]));
        await world.World.Attachments.UploadAsync(quenza, LeavingWorld.Text("qzxunposted"), "qzxunposted.txt");
        await world.World.SayAsync(quenza, "qzxprivate", room: direct.Id.ToString(CultureInfo.InvariantCulture));
        var his = (await world.World.SayAsync(bruno, "Is @qzxhandle here?")).Seq;
        await world.World.Conversations.EditAsync(bruno, "welding", his, "Ask @qzxhandle or @qzxformer, see [her](/people/qzxhandle).");
        await world.World.Conversations.ReactAsync(quenza, "welding", his, "👍", on: true);
        var poll = await world.World.AskAsync(bruno, ["Yes", "No"]);
        await world.World.Polls.VoteAsync(quenza, "welding", poll, [1]);
        var rude = (await world.World.SayAsync(quenza, "qzxhidden words")).Seq;
        await world.World.Reports.ReportAsync(bruno, "welding", rude, Ground.Harassment, "Look at that");
        await world.World.Decisions.DecideAsync(world.World.Anna, "welding", rude, new(MessageMeasure.Removed, MemberMeasure.None, 0, Ground.Harassment, "qzx is no word", 0, int.MaxValue));
        await world.World.Decisions.AppealAsync(quenza, await world.World.InDbAsync(db => db.Decisions.Select(d => d.Id).SingleAsync()), "qzxappeal");
        await world.World.Decisions.AnswerAsync(world.World.Carla, await world.World.InDbAsync(db => db.Decisions.Select(d => d.Id).SingleAsync()), AppealOutcome.Upheld, "qzx answer");
        await world.World.InDbAsync(async db =>
        {
            db.Quotes.Add(new()
            {
                DraftId = await db.PracticeDrafts.Where(d => d.ById == 1).Select(d => d.Id).SingleAsync(),
                ConversationId = await db.Conversations.Where(c => c.Slug == "welding").Select(c => c.Id).SingleAsync(),
                Seq = kept,
                AuthorId = id,
                Text = "Kept for the others",
                Answer = QuoteAnswer.Agreed,
                AskedAt = now,
            });
            db.Quotes.Add(new()
            {
                DraftId = await db.PracticeDrafts.Where(d => d.ById == 1).Select(d => d.Id).SingleAsync(),
                ConversationId = await db.Conversations.Where(c => c.Slug == "welding").Select(c => c.Id).SingleAsync(),
                Seq = his,
                AuthorId = 2,
                Text = "Ask @qzxhandle",
                Answer = QuoteAnswer.Agreed,
                AskedAt = now,
            });
            return await db.SaveChangesAsync();
        });
        await world.Outbox.SendAsync(MailOf("qzx@mail.example", "For her", "Words"), new() { Id = 1, Address = "", Language = "en", Subject = "", Text = "", Html = "", At = now }, default);
        await world.Outbox.SendAsync(MailOf("bruno@example.org", "Qzxenza Ferri wrote", "From @qzxhandle"), new() { Id = 2, Address = "", Language = "en", Subject = "", Text = "", Html = "", At = now }, default);
        await world.World.Log.IndexedAsync(default);
    }

    static MimeKit.MimeMessage MailOf(string to, string subject, string text)
    {
        var mail = new MimeKit.MimeMessage { Subject = subject, Body = new MimeKit.TextPart("plain") { Text = text } };
        mail.To.Add(MimeKit.MailboxAddress.Parse(to));
        return mail;
    }
}
