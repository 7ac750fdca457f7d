using Microsoft.EntityFrameworkCore;
using VetCommunity.Core;
using VetCommunity.Core.Documents;
using VetCommunity.Core.Members;
using VetCommunity.Core.Noticing;
using Xunit;
using static VetCommunity.Tests.Documents.DocumentsWorld;

namespace VetCommunity.Tests.Documents;

public class HearingOfReviews
{
    [Theory, OnBothDatabases]
    public async Task Those_who_review_hear_of_what_waits_once_and_its_author_of_what_became_of_it(Database database)
    {
        await using var world = await OpenAsync(database);
        await SubmitAsync(world, "One\n");
        await SubmitAsync(world, "Two\n");

        foreach (var editor in (Actor[])[world.Eva, world.Erik, world.Nina])
            Assert.Equal([NoticeKind.ReviewAsked], await BellAsync(world, editor));
        Assert.Empty(await BellAsync(world, world.Bruno));
        Assert.Empty(await BellAsync(world, world.Olga));

        await world.Submissions.ReturnAsync(world.Eva, English, 2, "More, please");
        Assert.Equal([NoticeKind.Reviewed], await BellAsync(world, world.Bruno));
        Assert.Equal(world.Eva.Name, (await world.Notices.ListAsync(world.Bruno)).Rows.Single().By.Name);
        // What does not wait any more calls nobody.
        Assert.Empty(await BellAsync(world, world.Erik));
        await world.Notices.ReviewSeenAsync(world.Bruno, Italian);
        Assert.Equal([NoticeKind.Reviewed], await BellAsync(world, world.Bruno));
        await world.Notices.ReviewSeenAsync(world.Bruno, English);
        Assert.Empty(await BellAsync(world, world.Bruno));
    }

    [Theory, OnBothDatabases]
    public async Task An_approval_and_a_publication_are_told_and_who_publishes_their_own_is_told_nothing(Database database)
    {
        await using var world = await OpenAsync(database);
        var greta = await world.AddEditorElsewhereAsync(21, "greta", "GR");
        await SubmitAsync(world, "One\n");
        await world.Approvals.ApproveAsync(greta, English, 1);
        Assert.Equal([NoticeKind.Reviewed], await BellAsync(world, world.Bruno));
        Assert.Equal([NoticeKind.ReviewAsked], await BellAsync(world, world.Nina));
        await world.Notices.ReviewSeenAsync(world.Bruno, English);

        await world.Publications.PublishAsync(world.Nina, English, 1);
        Assert.Equal([NoticeKind.Reviewed], await BellAsync(world, world.Bruno));
        Assert.Empty(await BellAsync(world, greta));
        await world.All.CreateAsync(world.Eva, new(DocumentKind.Practice, "Hers", "en", "hers"));
        var hers = English with { Slug = "hers" };
        await world.WriteAsync(world.Eva, "One\n", where: hers);
        await world.Publications.PublishAsync(world.Eva, hers, 1);
        Assert.Empty(await BellAsync(world, world.Eva));
    }

    [Theory, OnBothDatabases]
    public async Task A_remark_is_told_to_who_writes_and_an_answer_to_all_who_talk(Database database)
    {
        await using var world = await OpenAsync(database);
        await world.WriteAsync(world.Bruno, "## Context\n\nSaid.\n");
        var remark = await world.Comments.AddAsync(world.Eva, English, new(1, "context", "Said", "By whom?", null, "a"));
        Assert.Equal(remark, await world.Comments.AddAsync(world.Eva, English, new(1, "context", "Said", "By whom?", null, "a")));
        Assert.Equal([NoticeKind.Remarked], await BellAsync(world, world.Bruno));
        Assert.Empty(await BellAsync(world, world.Erik));
        await world.Notices.ReviewSeenAsync(world.Bruno, English);

        await world.Comments.AnswerAsync(world.Erik, English, remark, "I wonder too", "b");
        await world.Comments.AnswerAsync(world.Bruno, English, remark, "By me", "c");
        Assert.Equal([NoticeKind.Remarked], await BellAsync(world, world.Eva));
        Assert.Equal([NoticeKind.Remarked], await BellAsync(world, world.Erik));
        Assert.Equal([NoticeKind.Remarked], await BellAsync(world, world.Bruno));
        Assert.Equal(world.Erik.Name, (await world.Notices.ListAsync(world.Bruno)).Rows.Single(row => row.IsUnread).By.Name);
    }

    [Theory, OnBothDatabases]
    public async Task Whoever_has_a_page_open_hears_of_it_at_once(Database database)
    {
        await using var world = await OpenAsync(database);
        var greta = await world.AddEditorElsewhereAsync(21, "greta", "GR");
        var heard = System.Threading.Channels.Channel.CreateUnbounded<WrittenNotice>();
        using var listening = world.World.Feed.Subscribe<MembersNoticed>(async fact =>
        {
            foreach (var notice in fact.Notices)
                await heard.Writer.WriteAsync(notice);
        });

        await SubmitAsync(world, "## Context\n\nSaid.\n");
        await HearsAsync(NoticeKind.ReviewAsked, world.Eva, world.Erik, world.Nina, greta);
        await world.Approvals.ApproveAsync(greta, English, 1);
        await HearsAsync(NoticeKind.Reviewed, world.Bruno);
        await world.Comments.AddAsync(world.Eva, English, new(1, "context", "Said", "By whom?", null, "a"));
        await HearsAsync(NoticeKind.Remarked, world.Bruno);
        await world.Publications.PublishAsync(world.Nina, English, 1);
        await HearsAsync(NoticeKind.Reviewed, world.Bruno);

        async Task HearsAsync(NoticeKind kind, params Actor[] who)
        {
            List<WrittenNotice> notices = [];
            while (notices.Count < who.Length)
                notices.Add(await heard.Reader.ReadAsync(TestContext.Current.CancellationToken));
            Assert.All(notices, notice => Assert.Equal(kind, notice.Kind));
            Assert.Equal(who.Select(one => one.MemberId).Order(), notices.Select(notice => notice.MemberId));
        }
    }

    [Theory, OnBothDatabases]
    public async Task What_was_deleted_calls_nobody_any_more_and_the_command_line_has_no_name(Database database)
    {
        await using var world = await OpenAsync(database);
        await SubmitAsync(world, "One\n");
        await world.All.DeleteAsync(world.Bruno, DocumentKind.Practice, English.Slug);
        Assert.Empty(await BellAsync(world, world.Eva));

        await world.All.RestoreAsync(world.Bruno, DocumentKind.Practice, English.Slug);
        await world.Publications.PublishAsync(Actor.Operator, English, 1);
        Assert.Empty(await BellAsync(world, world.Bruno));
    }

    [Theory, OnBothDatabases]
    public async Task A_notice_leads_to_the_review_only_who_may_read_it(Database database)
    {
        await using var world = await OpenAsync(database);
        await SubmitAsync(world, "One\n");
        var address = (await world.Notices.ListAsync(world.Eva)).Rows.Single().Address!;
        Assert.StartsWith("/practice-reviews/", address, StringComparison.Ordinal);
        var number = int.Parse(address["/practice-reviews/".Length..], System.Globalization.CultureInfo.InvariantCulture);

        Assert.Equal(English, await world.All.AddressOfAsync(world.Eva, DocumentKind.Practice, number));
        Assert.Equal(English, await world.All.AddressOfAsync(world.Bruno, DocumentKind.Practice, number));
        foreach (var one in (Actor[])[world.Olga, Actor.Visitor])
            await Assert.ThrowsAsync<NotFoundException>(() => world.All.AddressOfAsync(one, DocumentKind.Practice, number));
        await world.All.DeleteAsync(world.Bruno, DocumentKind.Practice, English.Slug);
        await Assert.ThrowsAsync<NotFoundException>(() => world.All.AddressOfAsync(world.Eva, DocumentKind.Practice, number));
    }

    [Theory, OnBothDatabases]
    public async Task It_says_which_practice_to_those_who_may_read_it_by_now(Database database)
    {
        await using var world = await OpenAsync(database);
        List<WrittenNotice> told = [];
        using var listening = world.World.Feed.Subscribe<MembersNoticed>(fact =>
        {
            lock (told)
                told.AddRange(fact.Notices);
            return ValueTask.CompletedTask;
        });
        await SubmitAsync(world, "---\ntitle: A <b>mask</b> for \"two\"\n---\n\n## Context\n\nOne.\n");
        var row = (await world.Notices.ListAsync(world.Nina)).Rows.Single();
        Assert.Equal(("A <b>mask</b> for \"two\"", "en"), (row.Text, row.Language));
        // Who reviews no more learns nothing of what nobody published.
        await RolesOfNinaAsync(Roles.Member);
        Assert.Equal("", (await world.Notices.ListAsync(world.Nina)).Rows.Single().Text);
        await RolesOfNinaAsync(Roles.Member | Roles.Editor);
        await world.WriteAsync(world.Bruno, "---\ntitle: Another name\n---\n\n## Context\n\nOne.\n");
        Assert.Equal("Another name", (await world.Notices.ListAsync(world.Nina)).Rows.Single().Text);
        await world.Submissions.ReturnAsync(world.Eva, English, 1, "More, please");
        Assert.Equal("Another name", (await world.Notices.ListAsync(world.Bruno)).Rows.Single().Text);
        await world.All.DeleteAsync(world.Bruno, DocumentKind.Practice, English.Slug);
        Assert.Equal("", (await world.Notices.ListAsync(world.Bruno)).Rows.Single().Text);
        while (told.Count < 4)
            await Task.Yield();
        Assert.Equal(["A <b>mask</b> for \"two\"", "A <b>mask</b> for \"two\"", "A <b>mask</b> for \"two\"", "Another name"], told.Select(notice => notice.Title));

        Task<int> RolesOfNinaAsync(Roles roles) => world.World.InDbAsync(db => db.Users.Where(u => u.Id == world.Nina.MemberId).ExecuteUpdateAsync(set => set.SetProperty(u => u.Roles, roles)));
    }

    static async Task SubmitAsync(DocumentsWorld world, string text) =>
        await world.Submissions.SubmitAsync(world.Bruno, English, (await world.WriteAsync(world.Bruno, text)).Number!.Value);

    static async Task<IEnumerable<NoticeKind>> BellAsync(DocumentsWorld world, Actor who) => [.. (await world.Notices.ListAsync(who)).Rows.Where(row => row.IsUnread).Select(row => row.Kind)];
}
