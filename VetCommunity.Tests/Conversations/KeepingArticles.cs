using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using VetCommunity.App.Conversations;
using VetCommunity.Core.Conversations;
using VetCommunity.Core.Discussion;
using VetCommunity.Core.Files;
using Xunit;

namespace VetCommunity.Tests.Conversations;

public sealed class KeepingArticles
{
    static readonly Author Anna = new("anna", "Anna Rossi", null);

    static PostedMessage Said { get; } = new(
        1, "welding", 7, 9, "key", "Gas", "gas", Anna, "Hello", "<p>Hello</p>", DateTimeOffset.UnixEpoch, EditedAt: null, DeletedAt: null, 3, new ReplyExcerpt(3, "Bruno Weiß", "Before"),
        [new("👍", 2, ["bruno", "carla"])], [new("a", "plan.pdf", FileKind.Pdf, "application/pdf", 10, null, null, "A plan")], Language: "it", RoomLanguage: "en",
        Translations: [new(1, "de", Anna, "Hallo", "<p>Hallo</p>", DateTimeOffset.UnixEpoch, IsOutdated: false, Machine: null)]);

    static PostedMessage Again => Said with
    {
        Reactions = [new("👍", 2, ["bruno", "carla"])],
        Attachments = [.. Said.Attachments.Select(file => file with { })],
        Translations = [.. Said.Translations!.Select(one => one with { })],
        ReplyTo = Said.ReplyTo! with { },
        Author = Anna with { },
    };

    public static TheoryData<string> Changes { get; } = new(Variants.Keys);

    static Dictionary<string, PostedMessage> Variants => new(StringComparer.Ordinal)
    {
        ["version"] = Again with { Version = 10 },
        ["topic"] = Again with { Topic = "Masks" },
        ["name"] = Again with { Author = Anna with { Name = "Anna Bianchi" } },
        ["picture"] = Again with { Author = Anna with { PictureVersion = "2" } },
        ["text"] = Again with { Html = "<p>Hi</p>" },
        ["edited"] = Again with { EditedAt = DateTimeOffset.UnixEpoch },
        ["deleted"] = Again with { DeletedAt = DateTimeOffset.UnixEpoch },
        ["hidden"] = Again with { HiddenAt = DateTimeOffset.UnixEpoch },
        ["answered"] = Again with { ReplyTo = Said.ReplyTo! with { Text = "Otherwise" } },
        ["language"] = Again with { Language = "es" },
        ["room's language"] = Again with { RoomLanguage = "ca" },
        ["reaction"] = Again with { Reactions = [new("👍", 2, ["bruno", "olga"])] },
        ["reactions"] = Again with { Reactions = [new("👍", 2, ["bruno", "carla"]), new("🎉", 1, ["olga"])] },
        ["no reaction"] = Again with { Reactions = [] },
        ["file"] = Again with { Attachments = [Said.Attachments[0] with { Description = "Another" }] },
        ["no file"] = Again with { Attachments = [] },
        ["translation"] = Again with { Translations = [Said.Translations![0] with { IsOutdated = true }] },
        ["no translation"] = Again with { Translations = null },
        ["poll"] = Again with { Poll = PollReadingOf("Yes", "No") },
    };

    static PostedPoll PollReadingOf(params string[] options) => new(Several: false, Secret: false, PollResults.AtOnce, EndsAt: null, EndedAt: null, Voters: 0,
        [.. options.Select((text, i) => new PollOption(i + 1, text, 0, []))]);

    [Fact]
    public void What_is_the_same_again_is_found_for_its_language_and_its_reader_only()
    {
        using var ready = new ReadyArticles();
        ready.Keep(Said, "en", isMine: false, "html");

        Assert.Equal("html", ready.Find(Again, "en", isMine: false));
        Assert.Null(ready.Find(Again, "el", isMine: false));
        Assert.Null(ready.Find(Again, "en", isMine: true));
        Assert.Null(ready.Find(Again with { Seq = 8 }, "en", isMine: false));
        Assert.Null(ready.Find(Again with { ConversationId = 2 }, "en", isMine: false));
    }

    [Theory, MemberData(nameof(Changes))]
    public void What_changed_in_anything_is_made_anew(string change)
    {
        using var ready = new ReadyArticles();
        ready.Keep(Said, "en", isMine: false, "html");

        Assert.Null(ready.Find(Variants[change], "en", isMine: false));
    }

    [Fact]
    public void A_poll_is_never_found()
    {
        using var ready = new ReadyArticles();
        ready.Keep(Variants["poll"], "en", isMine: false, "html");

        Assert.Null(ready.Find(Variants["poll"], "en", isMine: false));
    }

    [Fact]
    public void What_was_pushed_is_let_go_when_much_more_was_pushed()
    {
        using var ready = new ReadyArticles();
        ready.Keep(Said, "en", isMine: false, "html");
        ready.Keep(Said, "en", isMine: true, "html");
        ready.Keep(Said, "el", isMine: false, "html");
        ready.Keep(Again with { ConversationId = 2 }, "en", isMine: false, "html");
        ready.Pushed(Again with { Seq = 70 }, "en");
        Assert.NotNull(ready.Find(Again, "en", isMine: false));

        ready.Pushed(Again with { Seq = 71 }, "en");

        Assert.Null(ready.Find(Again, "en", isMine: false));
        Assert.NotNull(ready.Find(Again, "en", isMine: true));
        Assert.NotNull(ready.Find(Again, "el", isMine: false));
        Assert.NotNull(ready.Find(Again with { ConversationId = 2 }, "en", isMine: false));
    }

    [Fact]
    public void A_page_of_many_unread_messages_keeps_all_of_them()
    {
        using var ready = new ReadyArticles();
        PostedMessage[] page = [.. Enumerable.Range(1, 250).Select(seq => Said with { Seq = seq })];
        foreach (var message in page)
            ready.Keep(message, "en", isMine: false, "html");

        Assert.All(page, message => Assert.NotNull(ready.Find(message, "en", isMine: false)));
    }

    [Theory, OnBothDatabases]
    public async Task A_page_shows_each_reader_the_words_and_the_marks_of_the_moment(Database database)
    {
        await using var world = await World.OpenAsync(database);
        await using var services = new ServiceCollection().AddLogging().AddLocalization().BuildServiceProvider();
        using var ready = new ReadyArticles();
        var renderer = new MessageRenderer(services.GetRequiredService<IServiceScopeFactory>(), services.GetRequiredService<ILoggerFactory>(), ready);
        await world.SayAsync(world.Anna, "First");
        var second = await world.SayAsync(world.Bruno, "Second");
        // What was pushed is what a page takes.
        await renderer.FragmentsAsync((await world.Conversations.ChangesAsync(world.Bruno, "welding", 0)).Changes, "en");

        var seen = await PageAsync("en", "anna");
        Assert.Contains("data-mine", seen[0], StringComparison.Ordinal);
        Assert.DoesNotContain("data-mine", seen[1], StringComparison.Ordinal);
        var olgas = (await PageAsync("en", "olga"))[0];
        Assert.DoesNotContain("data-mine", olgas, StringComparison.Ordinal);
        Assert.NotEqual(olgas, (await PageAsync("el", "olga"))[0]);
        await world.Conversations.EditAsync(world.Bruno, "welding", second.Seq, "Better");
        await world.InDbAsync(async db =>
        {
            (await db.Users.FindAsync([world.Anna.MemberId], TestContext.Current.CancellationToken))!.DisplayName = "Anna Bianchi";
            return await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        });
        seen = await PageAsync("en", "anna");
        Assert.Contains("Anna Bianchi", seen[0], StringComparison.Ordinal);
        Assert.Contains("Better", seen[1], StringComparison.Ordinal);
        Assert.DoesNotContain("Second", seen[1], StringComparison.Ordinal);

        async Task<IReadOnlyList<string>> PageAsync(string language, string me) =>
            await renderer.HtmlAsync((await world.Conversations.OpenAsync(world.Olga, "welding")).Messages, language, me);
    }
}
