using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using VetCommunity.Tests.Browser;
using VetCommunity.Tests.Running;
using Xunit;

namespace VetCommunity.Tests.Discussion;

public sealed partial class WritingOnABadDay(RunningCommunity community) : IClassFixture<RunningCommunity>
{
    [Fact]
    public async Task A_message_that_is_stored_is_not_answered_with_an_error_because_its_draft_stays()
    {
        using var http = await community.LogInAsync("member3@demo.example");
        Execute("""
            INSERT INTO "Drafts" ("MemberId", "ConversationId", "Markdown", "Topic", "SavedAt")
            SELECT m."Id", c."Id", 'Half', '', 0 FROM "Members" m, "Conversations" c WHERE m."Email" = 'member3@demo.example' AND c."Slug" = 'welcome';
            CREATE TRIGGER "KeepDrafts" BEFORE DELETE ON "Drafts" BEGIN SELECT RAISE(ABORT, 'database is locked'); END
            """);
        var page = await http.GetStringAsync("/rooms/welcome");

        using var answer = await SendAsync(http, page, "post", ("markdown", "Stored all the same"), ("key", "stored-once"), ("topic", ""));

        Execute("""DROP TRIGGER "KeepDrafts" """);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("/rooms/welcome", answer.RequestMessage!.RequestUri!.AbsolutePath);
        Assert.Equal(1L, Execute("""SELECT COUNT(*) FROM "Messages" WHERE "Markdown" = 'Stored all the same'"""));
    }

    [Fact]
    public async Task What_the_database_cannot_store_gets_a_sentence_and_the_typed_text_stays()
    {
        using var http = await community.LogInAsync("member4@demo.example");
        Execute("""CREATE TRIGGER "KeepPlaces" BEFORE DELETE ON "Memberships" BEGIN SELECT RAISE(ABORT, 'database is locked'); END""");
        var page = await http.GetStringAsync("/rooms/welcome");

        using var answer = await SendAsync(http, page, "acts", ("leave", "yes"), ("markdown", "Half a sentence"));

        Execute("""DROP TRIGGER "KeepPlaces" """);
        var again = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Contains("This could not be stored.", again, StringComparison.Ordinal);
        Assert.Contains("Half a sentence", again, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_sent_beside_an_open_menu_is_taken_though_its_message_stands_on_an_earlier_page_by_now()
    {
        using var http = await community.LogInAsync("member5@demo.example");
        await using var hub = await community.ConnectAsync("member5@demo.example");
        for (var number = 0; number < 50; number++)
            await hub.PostAsync("welcome", $"Number {number}");
        var first = SeqPattern().Match(await http.GetStringAsync("/rooms/welcome")).Groups["seq"].Value;
        var page = await http.GetStringAsync($"/rooms/welcome?menu={first}");
        await hub.PostAsync("welcome", "One more");

        using var posted = await SendAsync(http, page, "post", $"/rooms/welcome?menu={first}", ("markdown", "Not lost"), ("key", "not-lost"), ("topic", ""));
        using var reacted = await SendAsync(http, page, "acts", $"/rooms/welcome?menu={first}", ("react", $"{first} 🦉"));

        Assert.Equal(1L, Execute("""SELECT COUNT(*) FROM "Messages" WHERE "Markdown" = 'Not lost'"""));
        Assert.Equal(1L, Execute("""SELECT COUNT(*) FROM "Reactions" WHERE "Emoji" = '🦉'"""));
    }

    static Task<HttpResponseMessage> SendAsync(HttpClient http, string page, string form, params (string, string)[] fields) =>
        SendAsync(http, page, form, "/rooms/welcome", fields);

    static async Task<HttpResponseMessage> SendAsync(HttpClient http, string page, string form, string address, params (string, string)[] fields)
    {
        using var content = new FormUrlEncodedContent(
        [
            new("__RequestVerificationToken", LoggingIn.FormToken(page)),
            new("_handler", form),
            .. fields.Select(field => new KeyValuePair<string, string>(field.Item1, field.Item2)),
        ]);
        return await http.PostAsync(address, content);
    }

    object? Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={community.DatabaseFile};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    [GeneratedRegex("<article [^>]*data-seq=\"(?<seq>[0-9]+)\"", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex SeqPattern();
}
